"""Several people at the same moment: nobody meets a failure, nothing is lost, whatever order it comes in."""

from __future__ import annotations

import threading
from collections.abc import Callable

from signing_service.audit.verify import verify_log
from signing_service.db.models.ceremonies import Ceremony
from signing_service.errors import (
    AttemptExpired,
    CeremonyState,
    ChangedMeanwhile,
    CodeExpired,
    CodeWrong,
    SecondCertificate,
    SigningOutOfTurn,
    StaleBase,
)
from signing_service.operations import audit_log, boards, invitations, refusals, seats, signatures
from signing_service.permissions import ANONYMOUS
from tests.attacks.unchanged import log_types
from tests.factories.case import Case, Seat, invitation_links, newest_code

AGAIN = (StaleBase, AttemptExpired, SigningOutOfTurn)


def together(*people: Callable[[], None]) -> None:
    """Let everybody begin at the same instant; raises what any of them met."""
    begin, problems = threading.Barrier(len(people)), []

    def run(person: Callable[[], None]) -> None:
        begin.wait()
        try:
            person()
        except BaseException as problem:  # raised again below, in the thread of the test
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]


def press_until_signed(seat: Seat, number: int) -> None:
    """What a browser does: ask, sign, and prepare again when it is told so."""
    for _ in range(400):
        try:
            found = seat.prepare(f"command-key-{number}")
            if isinstance(found, signatures.Signed):
                return
            if isinstance(found, signatures.Ready):
                signatures.complete(seat.services, seat.actor, found.attempt_id, seat.value(found))
                return
        except AGAIN:
            continue
        threading.Event().wait(0.02)
    raise AssertionError("the turn never came")


def test_the_host_presses_while_signatories_sign(round_open: Case) -> None:
    """Pausing and resuming lock the same rows as signing does: no deadlock, no signature lost or made twice."""

    def pause_and_resume() -> None:
        for _ in range(8):
            for command, reason in (("pause", "a look around"), ("resume", "")):
                try:
                    round_open.command(command, reason)
                except (CeremonyState, ChangedMeanwhile):
                    continue
        board = boards.host(round_open.services, round_open.staff["host"], round_open.ceremony_id)
        if board.ceremony.state == "paused":
            round_open.command("resume")

    presses = [
        (lambda seat=seat, number=number: press_until_signed(seat, number))
        for number, seat in enumerate(round_open.seats)
    ]
    together(pause_and_resume, *presses)
    types = log_types(round_open.services)
    assert (types.count("signature.applied"), types.count("round.signed")) == (2, 1)
    with round_open.services.db.read() as session:
        assert session.get_one(Ceremony, round_open.ceremony_id).round_state == "signed"
        assert list(verify_log(session, [audit_log.verifier_key(round_open.services)], None)) == []


def test_one_declines_while_the_other_signs(round_open: Case) -> None:
    """Either order is right: both are in the log, the agreement is declined, and nothing is signed after it."""
    lin, zhou = round_open.seats

    together(lambda: refusals.decline(lin.services, lin.actor, "Our board has not agreed."), _once(zhou))
    types = log_types(round_open.services)
    assert types.count("agreement.declined") == 1
    if "signature.applied" in types:
        assert types.index("signature.applied") < types.index("agreement.declined")
    assert "round.signed" not in types


def _once(seat: Seat) -> Callable[[], None]:
    def press() -> None:
        try:
            seat.sign()
        except AGAIN:
            return

    return press


def test_one_code_entered_in_two_browsers_opens_one(at_stage: Callable[[str], Case]) -> None:
    case = at_stage("invited")
    token = invitation_links(case)[0]
    code = newest_code(case, token)
    opened: list[str] = []

    def enter() -> None:
        try:
            opened.append(invitations.identify(case.services, ANONYMOUS, token, code).token)
        except CodeExpired:
            return

    together(enter, enter, enter)
    assert len(opened) == 1
    assert log_types(case.services).count("code.accepted") == 1


def test_five_tries_at_once_are_five_tries(at_stage: Callable[[str], Case]) -> None:
    """Guessing in parallel wins no try: each wrong code counts."""
    case = at_stage("invited")
    token = invitation_links(case)[0]
    code = newest_code(case, token)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    refusals: list[str] = []

    def guess() -> None:
        try:
            invitations.identify(case.services, ANONYMOUS, token, wrong)
        except (CodeWrong, CodeExpired) as refused:
            refusals.append(type(refused).__name__)

    together(*[guess] * 8)
    assert sorted(refusals) == ["CodeExpired"] * 4 + ["CodeWrong"] * 4
    assert log_types(case.services).count("code.refused") == 5


def test_two_tabs_open_one_seat_once(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    together(*[lambda: seats.join(seat.services, seat.actor)] * 4)
    assert log_types(doors_open.services).count("seat.joined") == 1


def test_two_tabs_being_ready_get_one_certificate(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    seat.read()
    request = seat.ready_request()

    def ready() -> None:
        try:
            seats.ready(seat.services, seat.actor, request)
        except SecondCertificate:
            return

    together(ready, ready, ready)
    assert log_types(doors_open.services).count("certificate.issued") == 1
    assert seat.board().me.state == "ready"
