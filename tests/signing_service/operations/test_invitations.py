"""A signatory's way in over time: new links, a second ceremony, what stays and what ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agreements.languages import LANGUAGES
from signing_service.audit import events
from signing_service.audit.actions import Action
from signing_service.errors import InvalidInput, LinkRevoked, SeatState
from signing_service.operations import audit_log, boards, ceremonies, invitations, people
from signing_service.permissions import ANONYMOUS, SYSTEM
from tests.attacks.unchanged import log_types, nothing_changes
from tests.attacks.visitor import Visitor, Web, words
from tests.factories import case as cases
from tests.factories.case import Case
from tests.factories.installation import StoppedClock


def second_ceremony(case: Case) -> str:
    """Break the first one off and plan another."""
    case.command("abort", "The line to Helsinki is down.")
    case.ceremony_id = ceremonies.plan(
        case.services,
        case.staff["host"],
        case.agreement_id,
        title={"en": "Second try"},
        starts_at=case.services.clock() + timedelta(hours=1),
        zone="Europe/Helsinki",
    )
    return case.ceremony_id


def test_a_second_ceremony_ends_the_links_of_the_first(doors_open: Case, clock: StoppedClock) -> None:
    """One live link per person: who kept the old mail is sent to the newest one, and no old key signs."""
    clock.forward(minutes=1)
    doors_open.seats[0].be_ready()
    old = [seat.token for seat in doors_open.seats]
    second_ceremony(doors_open)
    for token in old:
        with pytest.raises(LinkRevoked, match="Use the newest mail"):
            invitations.landing(doors_open.services, ANONYMOUS, token)
    assert boards.seat(doors_open.services, doors_open.seats[0].actor).certificate_serial is None
    assert log_types(doors_open.services).count("certificate.revoked") == 1
    for token in cases.invitation_links(doors_open):
        assert invitations.landing(doors_open.services, ANONYMOUS, token).code_sent is False


def test_what_happens_at_a_link_belongs_to_the_ceremony_planned_last(doors_open: Case, clock: StoppedClock) -> None:
    clock.forward(minutes=1)
    second = second_ceremony(doors_open)
    size = len(log_types(doors_open.services))
    seat = cases.identified(doors_open, cases.invitation_links(doors_open)[0])
    with doors_open.services.db.read() as session:
        told = [events.event(session, index).entry for index in range(size, len(log_types(doors_open.services)))]
    kinds = {Action.INVITATION_OPENED, Action.CODE_SENT, Action.CODE_ACCEPTED, Action.SEAT_IDENTIFIED}
    assert {entry.type for entry in told} == {kind.value for kind in kinds}
    assert {entry.ceremony for entry in told} == {second}
    assert seat.board().board.ceremony.id == second


def test_the_second_ceremony_is_signed_to_its_end(doors_open: Case, clock: StoppedClock) -> None:
    clock.forward(minutes=1)
    second_ceremony(doors_open)
    doors_open.command("open_doors")
    doors_open.seats = [cases.identified(doors_open, token) for token in cases.invitation_links(doors_open)]
    for seat in doors_open.seats:
        seat.be_ready()
    doors_open.command("go_live")
    doors_open.command("open_round")
    for number, seat in enumerate(doors_open.seats):
        assert seat.sign(f"command-key-{number}").revision == 3 + number


def test_who_signed_gets_no_new_link(round_open: Case) -> None:
    seat = round_open.seats[0]
    seat.sign()
    with nothing_changes(round_open.services, ("access.refused",)), pytest.raises(SeatState, match="“signed”"):
        invitations.reissue(round_open.services, round_open.staff["host"], seat.actor.signatory_id or "")


def test_a_new_link_means_to_read_and_be_ready_again(doors_open: Case, clock: StoppedClock) -> None:
    clock.forward(minutes=1)
    seat = doors_open.seats[0]
    seat.be_ready()
    first = seat.board()
    invitations.reissue(doors_open.services, doors_open.staff["host"], seat.actor.signatory_id or "")
    again = cases.identified(doors_open, cases.invitation_links(doors_open)[0])
    board = again.board()
    assert (board.me.state, board.pages_read, board.certificate_serial) == ("identified", (), None)
    again.be_ready()
    assert again.board().certificate_serial != first.certificate_serial
    assert len(again.board().certificate_serial or "") > 8


def test_a_refusal_is_told_in_the_readers_language(doors_open: Case) -> None:
    """Message and its parts: no English word of ours stands in a Chinese sentence."""
    web = Web(doors_open)
    said = {}
    for language in LANGUAGES:
        visitor = Visitor(web.app)
        visitor.http.set_cookie("lang", language)
        said[language] = words(visitor.open("/verify/SCA-1999-001"))
    assert "sealed agreement with this number" in said["en"]
    for language in set(LANGUAGES) - {"en"}:
        assert "sealed agreement with this number" not in said[language], said[language]


def test_the_log_names_who_came_and_never_the_address(doors_open: Case) -> None:
    entries = audit_log.export_lines(doors_open.services, SYSTEM)
    addresses = [seat.board().email.encode() for seat in doors_open.seats]
    assert not [line for line in entries for address in addresses if address in line]
    page = audit_log.entries(doors_open.services, doors_open.staff["auditor"], doors_open.agreement_id)
    sent = next(row for row in page.entries if row.type == "invitation.sent")
    assert sent.personal["email"] in {seat.board().email for seat in doors_open.seats}


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"roles": ("king",)}, "roles: unknown role"), ({"email": "Shen.Yue@CHENGDU.example"}, "email: this address")],
)
def test_adding_somebody_in_the_wrong_form(staffed: Case, changes: dict[str, Any], said: str) -> None:
    person = {"name": "X", "email": "x@y.example", "roles": ("legal",), "language": "en"} | changes
    with nothing_changes(staffed.services, ("access.refused",)), pytest.raises(InvalidInput, match=f"^{said}"):
        people.add(staffed.services, SYSTEM, **person)
