"""Attack: ending an agreement that is not yours to end, alone where two are needed, too late, twice, or in disguise."""

from __future__ import annotations

from itertools import product

import pytest

from signing_service.operations import agreements
from signing_service.worker import run_once
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import SeatVisitor, Visitor, Web, page, problem, words
from tests.factories.case import Case

REFUSED = ("access.refused",)
REASON = "The board asks for other terms."


@pytest.fixture
def server() -> None:
    """SQLite only: what races is tested at the operations, on both databases."""


@pytest.fixture
def web_completed(completed: Case) -> Web:
    return Web(completed)


def version(web: Web) -> str:
    case = web.case
    return str(agreements.read(case.services, case.staff["legal"], case.agreement_id).row_version)


def at(web: Web, rest: str) -> str:
    return f"/agreements/{web.case.agreement_id}/{rest}"


def send(web: Web, who: Visitor, rest: str, **form: str) -> tuple[int, str]:
    answer = who.send(at(web, rest), {"reason": REASON, "row_version": version(web), **form})
    return answer.status_code, words(answer) if answer.mimetype == "text/html" else ""


def asked(web: Web) -> str:
    """The id that the second person's form carries."""
    found = agreements.read(web.case.services, web.case.staff["legal"], web.case.agreement_id).ending
    assert found is not None
    return found.id


def test_others_of_the_staff_withdraw_nothing(web_doors: Web) -> None:
    for who in ("management", "auditor", "outbox"):
        person = web_doors.staff(who)
        with nothing_changes(web_doors.case.services, REFUSED):
            status, said = send(web_doors, person, "withdraw")
        assert status == 403
        assert "service.not_permitted" in said
        with nothing_changes(web_doors.case.services):
            page(person.open(at(web_doors, "withdraw")), 403)


def test_a_signatory_and_a_stranger_withdraw_nothing(web_doors: Web) -> None:
    """A seat opens a seat; the same browser is nobody at the pages of the staff."""
    seated: SeatVisitor = web_doors.at_seat(web_doors.case.seats[0])
    for who in (seated, web_doors.stranger()):
        for rest in ("withdraw", "void", "void/confirm", "void/drop", "deadline", "successors/amends"):
            with nothing_changes(web_doors.case.services):
                assert send(web_doors, who, rest, ending="end_1", number="X-1")[0] == 401


def test_an_agreement_that_is_not_there(web_doors: Web) -> None:
    legal = web_doors.staff("legal")
    for rest in ("withdraw", "void", "deadline"):
        with nothing_changes(web_doors.case.services, REFUSED):
            page(legal.send(f"/agreements/agr_0/{rest}", {"reason": "x", "row_version": "1"}), 404, "service.not_found")


def test_nothing_ends_what_is_concluded(web_completed: Web) -> None:
    legal = web_completed.staff("legal")
    for rest in ("withdraw", "void"):
        with nothing_changes(web_completed.case.services, REFUSED):
            status, said = send(web_completed, legal, rest)
        assert status == 409
        assert "not possible while the agreement is “completed”" in said
    with nothing_changes(web_completed.case.services, REFUSED):
        status, _said = send(web_completed, legal, "deadline", until_day="2030-01-01", until_zone="UTC")
    assert status == 409


def test_one_person_alone_declares_nothing_void(web_round: Web) -> None:
    """Not by withdrawing instead, not by confirming oneself, not in a second browser of the same person."""
    web_round.case.seats[0].sign()
    legal = web_round.staff("legal")
    with nothing_changes(web_round.case.services, REFUSED):
        status, said = send(web_round, legal, "withdraw")
    assert status == 409
    assert "Somebody has signed" in said
    assert REASON in said  # what was typed is still there
    assert send(web_round, legal, "void")[0] == 303
    for again in (legal, web_round.staff("legal")):
        with nothing_changes(web_round.case.services, REFUSED):
            status, said = send(web_round, again, "void/confirm", ending=asked(web_round))
        assert status == 403
        assert "somebody else" in said
    assert send(web_round, web_round.staff("management"), "void/confirm", ending=asked(web_round))[0] == 303


def test_the_question_of_another_agreement_confirms_nothing(web_round: Web) -> None:
    web_round.case.seats[0].sign()
    management = web_round.staff("management")
    assert send(web_round, web_round.staff("legal"), "void")[0] == 303
    for path in (at(web_round, "void/confirm"), "/agreements/agr_0/void/confirm"):
        for ending in ("", "end_0", "%00", "x" * 5000):
            with nothing_changes(web_round.case.services, REFUSED):
                assert management.send(path, {"ending": ending}).status_code == 404
    with nothing_changes(web_round.case.services, REFUSED):
        assert management.send("/agreements/agr_0/void/confirm", {"ending": asked(web_round)}).status_code == 404


def test_a_form_sent_again_does_nothing(web_round: Web) -> None:
    """Withdrawing, asking, confirming and dropping, each replayed as it was sent the first time."""
    web_round.case.seats[0].sign()
    services, legal, management = web_round.case.services, web_round.staff("legal"), web_round.staff("management")
    form = {"reason": REASON, "row_version": version(web_round)}
    assert legal.send(at(web_round, "void"), form).status_code == 303
    first = asked(web_round)
    with nothing_changes(services, REFUSED):
        assert legal.send(at(web_round, "void"), form).status_code == 409
    assert legal.send(at(web_round, "void/drop"), {"ending": first}).status_code == 303
    for rest in ("void/drop", "void/confirm"):
        with nothing_changes(services, REFUSED):
            assert management.send(at(web_round, rest), {"ending": first}).status_code == 409
    assert send(web_round, legal, "void")[0] == 303
    second = asked(web_round)
    assert management.send(at(web_round, "void/confirm"), {"ending": second}).status_code == 303
    for rest in ("void/drop", "void/confirm"):
        with nothing_changes(services, REFUSED):
            assert management.send(at(web_round, rest), {"ending": second}).status_code == 409


def test_a_withdrawal_sent_again_says_that_it_is_done(web_invited: Web) -> None:
    legal, form = web_invited.staff("legal"), {"reason": REASON, "row_version": version(web_invited)}
    assert legal.send(at(web_invited, "withdraw"), form).status_code == 303
    with nothing_changes(web_invited.case.services, REFUSED):
        answer = legal.send(at(web_invited, "withdraw"), form)
    assert answer.status_code == 409
    assert "not possible while the agreement is “withdrawn”" in words(answer)


def test_a_version_that_no_page_showed(web_invited: Web) -> None:
    legal, never = web_invited.staff("legal"), ("", "-1", "0", "1e3", "9" * 18, "１", "3; DROP TABLE agreement")
    for rest, row_version in product(("withdraw", "deadline"), never):
        with nothing_changes(web_invited.case.services, REFUSED):
            form = {"reason": REASON, "row_version": row_version, "until_day": "2030-01-01", "until_zone": "UTC"}
            assert legal.send(at(web_invited, rest), form).status_code == 409


def test_a_day_that_is_none_is_told_at_the_field(web_invited: Web) -> None:
    legal = web_invited.staff("legal")
    for day in ("2030-02-30", "tomorrow", "0000-00-00", "9999-12-31", "2001-01-01", "2030-01-01T00:00"):
        form = {"until_day": day, "until_zone": "UTC", "row_version": version(web_invited)}
        answer = legal.send(at(web_invited, "deadline"), form)
        assert answer.status_code == 422, day
        assert 'id="until_day-error"' in answer.text


def test_a_zone_that_is_none(web_invited: Web) -> None:
    legal = web_invited.staff("legal")
    for zone in ("Mars/Base", "../../etc/passwd", "x" * 5000):
        form = {"until_day": "2030-01-01", "until_zone": zone, "row_version": version(web_invited)}
        with nothing_changes(web_invited.case.services):
            assert legal.send(at(web_invited, "deadline"), form).status_code == 422


def test_a_seat_that_was_open_when_it_ended(web_round: Web) -> None:
    """The browser of somebody who has not signed: every door of the seat is closed, and each says so."""
    lin, zhou = (web_round.at_seat(seat) for seat in web_round.case.seats)
    assert send(web_round, web_round.staff("legal"), "withdraw")[0] == 303
    for seated in (lin, zhou):
        for call in ("join", "heartbeat", "decline"):
            body = {"reason": "x", "command_key": "command-key-1"} if call == "decline" else {}
            with nothing_changes(web_round.case.services):
                problem(seated.call(f"{seated.api}/{call}", body), 401, "service.sign_in_needed")
        said = page(seated.open(f"/seat/{seated.signatory_id}"), 401)
        assert "withdrawn before anybody signed it" in said
        page(seated.open(f"/s/{seated.seat.token}"), 410, "link.agreement_ended")
    said = page(web_round.stranger().open(f"/seat/{lin.signatory_id}"), 401)
    assert "withdrawn" not in said  # a stranger who knows the address learns nothing


def test_who_signed_keeps_the_way_to_the_evidence_and_nobody_calls_it_concluded(web_round: Web) -> None:
    lin, zhou = (web_round.at_seat(seat) for seat in web_round.case.seats)
    lin.seat.sign()
    assert send(web_round, web_round.staff("legal"), "void")[0] == 303
    assert send(web_round, web_round.staff("management"), "void/confirm", ending=asked(web_round))[0] == 303
    run_once(web_round.case.services)
    assert lin.open(f"{lin.api}/document.pdf").data.startswith(b"%PDF")
    assert lin.open(f"{lin.api}/receipt").status_code == 200
    board = lin.open(lin.api).get_json()
    assert (board["agreement"]["state"], board["final"]) == ("void", None)
    problem(zhou.open(f"{zhou.api}/document.pdf"), 401, "service.sign_in_needed")
    said = words(web_round.stranger().open("/verify/SCA-2020-017"))
    assert "declared void before everybody had signed it. It was never concluded" in said
