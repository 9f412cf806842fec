"""Until when it can be signed: set, put off, over; the worker lets expire what is due, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from agreements.course_errors import DeadlineInvalid, NotPermittedInState
from agreements.deadlines import Deadline
from signing_service.cli import demo_case
from signing_service.db.models.agreements import Agreement
from signing_service.errors import ChangedMeanwhile, InvalidInput, LinkEnded, SigningTimeOver
from signing_service.operations import (
    agreements,
    ceremonies,
    deadlines,
    documents,
    drafts,
    endings,
    invitations,
    mails,
    versions,
)
from signing_service.permissions import ANONYMOUS
from signing_service.worker import run_once
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories.case import Case
from tests.factories.installation import StoppedClock

REFUSED = ("access.refused",)


@pytest.fixture
def server() -> None:
    """SQLite only: what races is in test_ending_at_once.py, on both databases."""


def on(now: datetime, **later: int) -> Deadline:
    return Deadline((now + timedelta(**later)).date(), "Asia/Shanghai")


def view(case: Case) -> agreements.AgreementView:
    return agreements.read(case.services, case.staff["legal"], case.agreement_id)


def set_deadline(case: Case, deadline: Deadline | None, who: str = "legal") -> None:
    deadlines.change(case.services, case.staff[who], case.agreement_id, deadline, view(case).row_version)


def test_a_day_is_set_put_off_and_taken_away(frozen: Case, clock: StoppedClock) -> None:
    size = len(log_types(frozen.services))
    first = on(clock.now, days=3)
    set_deadline(frozen, first)
    found = view(frozen).deadline
    assert found is not None
    assert (found.day, found.zone, found.ends_at) == (first.day, "Asia/Shanghai", first.ends_at)
    set_deadline(frozen, on(clock.now, days=9), "host")
    set_deadline(frozen, None)
    assert view(frozen).deadline is None
    assert log_types(frozen.services, size) == ("agreement.deadline_set",) * 3
    clock.forward(days=400)
    assert endings.expire_due(frozen.services) == 0


def test_what_cannot_be_a_deadline_is_refused_by_name(frozen: Case, clock: StoppedClock) -> None:
    for deadline in (on(clock.now, days=-2), Deadline(date(9999, 12, 31), "UTC")):
        with nothing_changes(frozen.services, REFUSED), pytest.raises(DeadlineInvalid):
            set_deadline(frozen, deadline)
    with nothing_changes(frozen.services, REFUSED), pytest.raises(ChangedMeanwhile):
        deadlines.change(frozen.services, frozen.staff["legal"], frozen.agreement_id, None, 1)


def test_a_draft_has_no_deadline(staffed: Case, clock: StoppedClock) -> None:
    staffed.agreement_id = drafts.start(staffed.services, staffed.staff["legal"], demo_case.TEMPLATE)
    with nothing_changes(staffed.services, REFUSED), pytest.raises(NotPermittedInState):
        set_deadline(staffed, on(clock.now, days=3))


def test_the_ceremony_lies_before_the_deadline(frozen: Case, clock: StoppedClock) -> None:
    def plan(starts_at: datetime, deadline: Deadline | None) -> None:
        title = demo_case.CONFERENCE
        ceremonies.plan(
            frozen.services,
            frozen.staff["host"],
            frozen.agreement_id,
            title=title,
            starts_at=starts_at,
            zone="UTC",
            deadline=deadline,
        )

    with nothing_changes(frozen.services, REFUSED), pytest.raises(DeadlineInvalid, match="ceremony"):
        plan(clock.now + timedelta(days=9), on(clock.now, days=3))
    set_deadline(frozen, on(clock.now, days=3))
    with nothing_changes(frozen.services, REFUSED), pytest.raises(InvalidInput, match="over before"):
        plan(clock.now + timedelta(days=9), None)
    plan(clock.now + timedelta(days=9), on(clock.now, days=12))
    with nothing_changes(frozen.services, REFUSED), pytest.raises(DeadlineInvalid, match="ceremony"):
        set_deadline(frozen, on(clock.now, days=5))


def test_after_the_last_day_nothing_is_signed_and_the_worker_lets_it_expire(
    round_open: Case, clock: StoppedClock
) -> None:
    services, (lin, zhou) = round_open.services, round_open.seats
    set_deadline(round_open, on(clock.now, days=1))
    lin.sign()
    clock.forward(days=3)
    with pytest.raises(SigningTimeOver, match="Asia/Shanghai"):
        zhou.prepare()  # before any worker came by
    assert view(round_open).row.state == "signing"
    size = len(log_types(services))
    assert endings.expire_due(services) == 1
    assert log_types(services, size)[:2] == ("agreement.expired", "ceremony.aborted")
    assert view(round_open).row.state == "expired"
    written = [
        m for m in mails.outbox(services, round_open.staff["outbox"], round_open.agreement_id) if m.kind == "expired"
    ]
    assert len(written) == 2
    with pytest.raises(LinkEnded, match="time for signing"):
        invitations.landing(services, ANONYMOUS, zhou.token)
    size = len(log_types(services))
    assert endings.expire_due(services) == 0
    run_once(services)
    assert not {"agreement.expired", "agreement.completed"} & set(log_types(services, size))


def test_who_signed_in_time_has_signed_although_the_worker_was_late(round_open: Case, clock: StoppedClock) -> None:
    set_deadline(round_open, on(clock.now, days=1))
    for number, seat in enumerate(round_open.seats):
        seat.sign(f"command-key-{number}")
    clock.forward(days=30)
    assert endings.expire_due(round_open.services) == 0
    run_once(round_open.services)
    assert view(round_open).row.state == "completed"


def test_an_approval_expires_and_a_new_version_begins_without_a_deadline(staffed: Case, clock: StoppedClock) -> None:
    services, who = staffed.services, staffed.staff
    staffed.agreement_id, _sha256 = approved(staffed)
    set_deadline(staffed, on(clock.now, days=3))
    raw = demo_case.flat(demo_case.sample()) | {"copies": "3"}
    row_version = drafts.save(services, who["legal"], staffed.agreement_id, raw, 2)
    versions.save(services, who["legal"], staffed.agreement_id, row_version)
    assert (view(staffed).row.state, view(staffed).deadline) == ("draft", None)
    clock.forward(days=30)
    assert endings.expire_due(services) == 0


def test_freezing_sets_it_and_an_approval_that_is_too_old_cannot_be_frozen(staffed: Case, clock: StoppedClock) -> None:
    services, who = staffed.services, staffed.staff
    staffed.agreement_id, sha256 = approved(staffed)
    with pytest.raises(DeadlineInvalid):
        documents.freeze(services, who["host"], staffed.agreement_id, sha256, on(clock.now, days=-2))
    assert view(staffed).row.state == "approved"
    set_deadline(staffed, on(clock.now, days=3))
    clock.forward(days=5)
    run_once(services)
    assert view(staffed).row.state == "expired"
    with pytest.raises(NotPermittedInState):
        documents.freeze(services, who["host"], staffed.agreement_id, sha256)
    with services.db.read() as session:
        assert session.get_one(Agreement, staffed.agreement_id).frozen_version is None


def approved(case: Case) -> tuple[str, str]:
    """An agreement that both stages approved; its id and the hash of its version."""
    return demo_case.approved(case.services, case.staff, demo_case.sample())
