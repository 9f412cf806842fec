"""Attack: a signature without the passkey that has to confirm it, or with a confirmation of something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from keys import passkey_errors as refused
from keys.passkey_evidence import PasskeyEvidence
from keys.passkeys import Assertion, Site, from_base64url
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.passkeys import PasskeyAssertion
from signing_service.operations import boards, passkey_answers, passkey_evidence, passkeys, seats, signatures
from tests.factories.authenticator import PRESENT, VERIFIED, Authenticator, set_up
from tests.factories.case import Case, Seat

SITE = Site("localhost", "http://localhost:8000")
Stage = Callable[[str], Case]


@pytest.fixture
def doors(at_stage: Stage) -> Case:
    """Doors open on an installation whose address is a name; the first signatory has a passkey."""
    case = at_stage("doors_open")
    settings = replace(case.services.settings, base_url=SITE.origin)
    services = replace(case.services, settings=settings)
    return replace(case, services=services, seats=[replace(seat, services=services) for seat in case.seats])


@pytest.fixture
def opened(doors: Case) -> tuple[Case, Authenticator]:
    """The round is open, the first signatory ready with a passkey."""
    device = set_up(doors.seats[0], SITE)
    for seat in doors.seats:
        seat.be_ready()
    doors.command("go_live")
    doors.command("open_round")
    return doors, device


def prepared(seat: Seat, key: str = "command-key-1") -> signatures.Ready:
    found = seat.prepare(key)
    assert isinstance(found, signatures.Ready)
    return found


def complete(seat: Seat, attempt: signatures.Ready, answer: Assertion | None) -> signatures.Signed:
    value = seat.value(attempt)
    both = passkey_answers.answer_of(value, answer) if answer is not None else value
    return signatures.complete(seat.services, seat.actor, attempt.attempt_id, both)


def test_a_confirmed_signature_is_stored_with_its_evidence(opened: tuple[Case, Authenticator]) -> None:
    case, device = opened
    seat, attempt = case.seats[0], prepared(case.seats[0])
    complete(seat, attempt, device.confirm(attempt.signed_attributes))
    files = passkey_evidence.of_agreement(case.services, case.staff["host"], case.agreement_id)
    evidence = PasskeyEvidence.from_json(next(data for name, data in files.items() if name.endswith(".passkey.json")))
    assert evidence.check(attempt.signed_attributes) == 4
    assert passkey_evidence.mine(seat.services, seat.actor) == files
    with case.services.db.read() as session:
        types = list(session.scalars(select(LogEntry.type).order_by(LogEntry.idx)))
    wanted = [t for t in types if t in ("passkey.registered", "signature.prepared", "passkey.confirmed")]
    assert wanted == ["passkey.registered", "signature.prepared", "passkey.confirmed"]


def test_the_value_alone_is_not_enough(opened: tuple[Case, Authenticator]) -> None:
    case, _device = opened
    with pytest.raises(refused.PasskeyConfirmationMissing):
        complete(case.seats[0], prepared(case.seats[0]), None)
    nothing_was_signed(case)


LIES: dict[str, tuple[dict[str, object], type[refused.PasskeyRefused]]] = {
    "wrong origin": ({"origin": "http://localhost:9000"}, refused.PasskeyOtherOrigin),
    "wrong rpId": ({"rp_id": "example.org"}, refused.PasskeyOtherSite),
    "no user verification": ({"flags": PRESENT}, refused.PasskeyUserUnverified),
    "nobody present": ({"flags": VERIFIED}, refused.PasskeyUserAbsent),
    "counter going back": ({"count": 2}, refused.PasskeyCounterBack),
}


def test_each_lie_is_refused_by_name_and_the_turn_is_free(opened: tuple[Case, Authenticator]) -> None:
    case, device = opened
    for number, (facts, kind) in enumerate(LIES.values()):
        attempt = prepared(case.seats[0], f"command-key-{number}")
        with pytest.raises(kind):
            complete(case.seats[0], attempt, device.confirm(attempt.signed_attributes, **facts))
        nothing_was_signed(case)
    assert isinstance(case.seats[1].prepare("command-key-z"), signatures.Ready)


def test_another_persons_passkey_is_refused(opened: tuple[Case, Authenticator]) -> None:
    case, _device = opened
    attempt = prepared(case.seats[0])
    with pytest.raises(refused.PasskeyOfAnother):
        complete(case.seats[0], attempt, Authenticator(SITE).confirm(attempt.signed_attributes))
    nothing_was_signed(case)


def test_an_answer_given_before_is_refused_for_the_next_attempt(opened: tuple[Case, Authenticator]) -> None:
    case, device = opened
    lin, zhou = case.seats
    first = prepared(lin)
    answer = device.confirm(first.signed_attributes)
    signatures.fail(lin.services, lin.actor, first.attempt_id, "test.given-up")
    zhou.sign("command-key-z")  # the document has moved on: the next attempt has other attributes
    with pytest.raises(refused.PasskeyOtherContent):
        complete(lin, prepared(lin, "command-key-2"), answer)


def test_nobody_is_ready_without_the_passkey_that_is_needed(doors: Case) -> None:
    seat = doors.seats[0]
    set_up(seat, SITE)
    with doors.services.db.write() as session:  # as after a new link: the old passkey belongs to the old invitation
        session.execute(passkeys.Passkey.__table__.update().values(withdrawn_at=doors.services.clock()))
    seat.read()
    with pytest.raises(refused.PasskeyNotSetUp):
        seats.ready(seat.services, seat.actor, seat.ready_request())


def test_a_passkey_answers_its_own_challenge_once(doors: Case) -> None:
    lin, zhou = doors.seats
    device = Authenticator(SITE)
    challenge = from_base64url(passkeys.offer(lin.services, lin.actor)["challenge"])
    attestation, client = device.register(challenge)
    made = passkeys.NewPasskey(device.credential_id, attestation, client)
    passkeys.offer(zhou.services, zhou.actor)
    with pytest.raises(refused.PasskeyOtherContent):
        passkeys.register(zhou.services, zhou.actor, made)
    passkeys.register(lin.services, lin.actor, made)
    with pytest.raises(refused.PasskeyRegistrationRefused):
        passkeys.register(lin.services, lin.actor, made)
    with pytest.raises(refused.PasskeyRegistrationRefused):
        set_up(zhou, SITE, device)


def test_an_address_of_numbers_offers_no_passkeys(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    assert not seat.board().passkey.offered
    with pytest.raises(refused.PasskeyNotOffered):
        passkeys.offer(seat.services, seat.actor)


def nothing_was_signed(case: Case) -> None:
    assert boards.host(case.services, case.staff["host"], case.ceremony_id).signed == 0
    with case.services.db.read() as session:
        assert session.scalars(select(PasskeyAssertion)).all() == []
