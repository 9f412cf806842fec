"""Closing and renewing: what waits is shown and tried again, levels are kept as read, years later the proof holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from keys.errors import TimestampUnavailable
from keys.keyring import Keyring
from keys.renewal import renew_certificate
from keys.timestamping import HttpAuthority
from keys.timestamping.trusted import TrustedSource
from signing_service.db import files
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.documents import DocumentRevision
from signing_service.operations import agreements, certificates, documents, levels, renewals
from signing_service.operations.levels import TimeProof
from signing_service.pades import long_term
from signing_service.permissions import SYSTEM
from signing_service.services import Services
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from signing_service.worker import run_once
from tests.factories import case as cases
from tests.factories.case import Case
from tests.factories.installation import MASTER_KEY, StoppedClock
from tests.keys.timestamping.peer import serving, with_another_nonce
from tests.signing_service.verification.worlds import codes


class Failing:
    """An authority that can be switched off."""

    name = "failing"

    def __init__(self, services: Services) -> None:
        self.down = True
        self.asked = 0
        self._source = services.keyring.timestamp_source

    def token(self, sha256_imprint: bytes) -> bytes:
        self.asked += 1
        if self.down:
            raise TimestampUnavailable(reasons="down")
        return self._source.token(sha256_imprint)


def using(case: Case, **changes: object) -> Case:
    """The case with other parts."""
    services = replace(case.services, **changes)  # type: ignore[arg-type]
    return replace(case, services=services, seats=[replace(seat, services=services) for seat in case.seats])


def sign_all(case: Case) -> None:
    for number, seat in enumerate(case.seats):
        seat.sign(f"command-key-{number}")


def proof(case: Case) -> TimeProof:
    return levels.time_proof(case.services, case.staff["host"], case.agreement_id)


def revisions(case: Case) -> list[tuple[str, bytes]]:
    with case.services.db.read() as session:
        found = session.scalars(
            select(DocumentRevision)
            .where(DocumentRevision.agreement_id == case.agreement_id)
            .order_by(DocumentRevision.number)
        )
        return [(one.kind, files.get(session, one.sha256)) for one in found]


def recorded(case: Case, action: str) -> int:
    with case.services.db.read() as session:
        return session.scalar(select(func.count()).where(LogEntry.type == action)) or 0


def reasons(case: Case) -> list[str]:
    with case.services.db.read() as session:
        found = session.scalars(select(LogEntry.encoded).where(LogEntry.type == "signature.timestamp_pending"))
        return [json.loads(one)["data"]["reason"] for one in found]


def freeze(case: Case) -> None:
    """Freeze the approved agreement."""
    view = agreements.read(case.services, case.staff["host"], case.agreement_id)
    documents.freeze(case.services, case.staff["host"], case.agreement_id, view.versions[0].sha256)


@pytest.fixture
def approved(at_stage: Callable[[str], Case]) -> Case:
    return at_stage("approved")


def judged(case: Case, pdf: bytes) -> Report:
    """By a stranger with nothing but the root, at the case's time."""
    anchors = case.services.keyring.trust_anchors()
    return verify(pdf, name="a.pdf", anchors=anchors, at=case.services.clock())


def test_while_no_authority_answers_the_proof_is_pending_and_then_it_is_there(
    round_open: Case, clock: StoppedClock
) -> None:
    source = Failing(round_open.services)
    case = using(round_open, timestamps=source)
    sign_all(case)
    run_once(case.services)
    waiting = proof(case)
    assert waiting.waiting_since is not None
    assert waiting.waiting_for == "keys.timestamp_unavailable"
    assert waiting.level is None
    assert [kind for kind, _ in revisions(case)] == ["frozen", "sealed", "signature", "signature"]
    asked = source.asked
    run_once(case.services)
    assert source.asked == asked, "it is not asked again at once"
    source.down = False
    clock.forward(seconds=6)
    run_once(case.services)
    assert proof(case).waiting_since is None
    level = proof(case).level
    assert level is not None
    assert (level.requested, level.achieved) == ("B-LTA", "B-LTA")
    assert recorded(case, "signature.timestamp_pending") == 3
    assert recorded(case, "signature.timestamped") == 3
    report = judged(case, revisions(case)[-1][1])
    assert report.passed


def test_freezing_does_not_wait_for_an_authority_and_the_seal_is_proved_later(approved: Case) -> None:
    source = Failing(approved.services)
    case = using(approved, timestamps=source)
    freeze(case)
    assert [kind for kind, _ in revisions(case)] == ["frozen", "sealed"]
    assert long_term.levels(revisions(case)[-1][1]) == {"Seal": "B-B"}
    assert reasons(case) == ["keys.timestamp_unavailable"]
    source.down = False
    case = cases.planned(case)
    case.command("open_doors")
    case.seats = [cases.identified(case, link) for link in cases.invitation_links(case)]
    for seat in case.seats:
        seat.be_ready()
    case.command("go_live")
    case.command("open_round")
    sign_all(case)
    run_once(case.services)
    assert long_term.levels(revisions(case)[-1][1])["Seal"] == "B-LTA"
    assert recorded(case, "signature.timestamped") == 1


def test_the_log_names_why_a_stamp_was_not_used(round_open: Case) -> None:
    keyring = round_open.services.keyring
    with serving(with_another_nonce(keyring.timestamp_authority)) as peer:
        authority = TrustedSource(HttpAuthority(peer.url, clock=round_open.services.clock), (keyring.root_der,))
        case = using(round_open, timestamps=authority)
        sign_all(case)
    assert set(reasons(case)) == {"keys.timestamp_other_request"}
    assert set(long_term.levels(revisions(case)[-1][1]).values()) == {"B-B", "B-T"}  # the seal had one


def test_one_stamp_at_the_close_is_enough_when_the_operator_wants_it_so(round_open: Case) -> None:
    settings = replace(round_open.services.settings, timestamp_each_signature=False)
    case = using(round_open, settings=settings)
    sign_all(case)
    assert recorded(case, "signature.timestamp_pending") == 0
    assert not proof(case).each_signature
    run_once(case.services)
    level = proof(case).level
    assert level is not None
    assert set(level.fields.values()) == {"B-LTA"}
    assert judged(case, revisions(case)[-1][1]).passed


def test_the_levels_are_those_of_the_file_and_answers_are_embedded(completed: Case) -> None:
    run_once(completed.services)
    kind, pdf = revisions(completed)[-1]
    level = proof(completed).level
    assert kind == "closed"
    assert level is not None
    assert level.fields == dict.fromkeys(level.fields, "B-LTA")
    assert pdf.count(b"/OCSPs") == 1
    assert "Time stamp authority" in level.authority


def test_a_certificate_revoked_before_the_close_stops_it_when_no_stamp_came_first(
    round_open: Case, clock: StoppedClock
) -> None:
    settings = replace(round_open.services.settings, timestamp_each_signature=False)
    case = using(round_open, settings=settings)
    sign_all(case)
    certificates.revoke(case.services, SYSTEM, case.seats[0].board().certificate_serial or _first(case), "superseded")
    run_once(case.services)
    assert proof(case).waiting_for == "signature.certificate_revoked"


def _first(case: Case) -> str:
    return certificates.issued(case.services, case.staff["host"])[0].serial


@pytest.fixture
def years_later(completed: Case, clock: StoppedClock) -> Callable[[bool], Case]:
    """Five years on, less a month: the worker has looked, with the authority's certificate renewed or not."""

    def travel(renewed: bool) -> Case:
        clock.forward(days=5 * 365 - 30)
        settings = completed.services.settings
        if not renewed:
            return completed
        renew_certificate(settings.keys_dir, MASTER_KEY, "timestamp", clock())
        renew_certificate(settings.keys_dir, MASTER_KEY, "seal", clock())
        keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
        return using(completed, keyring=keyring, timestamps=keyring.timestamp_source)

    return travel


def test_the_worker_renews_before_the_stamps_certificate_ends_and_the_proof_outlives_it(
    years_later: Callable[[bool], Case], clock: StoppedClock
) -> None:
    case = years_later(True)
    before = revisions(case)
    assert renewals.renew_due(case.services) == 1
    assert renewals.renew_due(case.services) == 0, "once"
    after = revisions(case)
    assert len(after) == len(before) + 1
    assert after[-1][1].startswith(before[-1][1])
    assert recorded(case, "document.renewed") == 1
    clock.forward(days=300)  # the first stamp's certificate has ended, every signatory's long ago
    renewed = judged(case, after[-1][1])
    assert renewed.passed, renewed
    stamped_only = judged(case, next(pdf for kind, pdf in reversed(before) if kind == "signature"))
    assert stamped_only.document.indication == "INDETERMINATE"
    reasons = codes(stamped_only)
    assert reasons & {"certificate.expired", "signature.time_not_proved", "trust.expired", "stamp.expired"}, reasons


def test_a_renewal_that_gains_nothing_is_not_stored_and_tried_again_later(
    years_later: Callable[[bool], Case], clock: StoppedClock
) -> None:
    case = years_later(False)
    before = len(revisions(case))
    assert renewals.renew_due(case.services) == 0
    assert len(revisions(case)) == before
    assert proof(case).waiting_for == renewals.NO_GAIN
    clock.forward(hours=7)
    assert renewals.renew_due(case.services) == 0
