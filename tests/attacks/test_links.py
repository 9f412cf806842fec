"""Attack: links. Expired, used, copied in part, of somebody else, withdrawn; what a link must never do by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from signing_service.accounts.tokens import new_token, stage_token
from signing_service.db.models.people import SignInLink, StaffSession
from signing_service.db.models.signatories import Invitation, SeatSession
from signing_service.logs import without_link_tokens
from signing_service.operations import invitations, mails, people
from signing_service.permissions import ANONYMOUS, SYSTEM
from tests.attacks.unchanged import log_types, nothing_changes
from tests.attacks.visitor import SeatVisitor, Visitor, Web, page, problem, words
from tests.factories.case import Case, invitation_links
from tests.factories.installation import StoppedClock


def mailed_sign_in_link(case: Case, address: str) -> str:
    people.request_link(case.services, ANONYMOUS, address)
    mail = next(m for m in mails.outbox(case.services, case.staff["outbox"]) if m.kind == "sign_in")
    return mail.links[0].removeprefix(case.services.settings.base_url)


# --- a signatory's link ---------------------------------------------------------------------------------------------


def test_opening_the_page_records_nothing_and_the_page_itself_tells_that_a_person_came(web_invited: Web) -> None:
    """Mail scanners open links: a GET, as often as they like, is no opening."""
    services, token = web_invited.case.services, invitation_links(web_invited.case)[0]
    person = web_invited.stranger()
    with nothing_changes(services):
        for _ in range(3):
            assert person.open(f"/s/{token}").status_code == 200
    size = len(log_types(services))
    assert person.call(f"/s/{token}/opened", {}).status_code == 200
    assert log_types(services, size) == ("invitation.opened",)
    with nothing_changes(services):
        assert person.call(f"/s/{token}/opened", {}).status_code == 200


def test_the_link_page_shows_nothing_personal(web_invited: Web) -> None:
    token = invitation_links(web_invited.case)[0]
    said = words(web_invited.stranger().open(f"/s/{token}"))
    for secret in ("林知远", "Lin Zhiyuan", "周慧", "SCA-2020-017", "Innovation Center", "循环经济", "lin.zhiyuan@"):
        assert secret not in said, secret
    assert "•••@" in said


@pytest.mark.parametrize("cut", [1, 10, 42])
def test_a_link_copied_in_part_is_unknown(web_invited: Web, cut: int) -> None:
    token = invitation_links(web_invited.case)[0]
    with nothing_changes(web_invited.case.services):
        said = page(web_invited.stranger().open(f"/s/{token[:-cut]}"), 404, "link.unknown")
    assert "copied in part" in said


def test_an_invented_link_is_unknown_at_every_door(web_invited: Web) -> None:
    token, visitor = new_token(), web_invited.stranger()
    with nothing_changes(web_invited.case.services):
        page(visitor.open(f"/s/{token}"), 404, "link.unknown")
        page(visitor.send(f"/s/{token}", {"code": "123456"}), 404, "link.unknown")
        page(visitor.send(f"/s/{token}/code"), 404, "link.unknown")
        page(visitor.call(f"/s/{token}/opened", {}), 404, "link.unknown")


def test_an_expired_link_says_when_it_ended_and_whom_to_ask(web_invited: Web, clock: StoppedClock) -> None:
    token = invitation_links(web_invited.case)[0]
    visitor = web_invited.stranger()
    clock.forward(days=31)
    with nothing_changes(web_invited.case.services):
        said = page(visitor.open(f"/s/{token}"), 410, "link.expired")
        page(visitor.send(f"/s/{token}/code"), 410, "link.expired")
    assert "Ask the host for a new one" in said
    assert "UTC" in said


def test_a_replaced_link_ends_and_so_does_the_browser_it_let_in(web_doors: Web) -> None:
    """The host sends a new link: the old link, the session it opened and its certificate are worth nothing."""
    case = web_doors.case
    seat = case.seats[0]
    seated = web_doors.at_seat(seat)
    assert seated.open(seated.api).status_code == 200
    host = web_doors.staff("host")
    host.open(f"/ceremonies/{case.ceremony_id}")
    answer = host.send(f"/ceremonies/{case.ceremony_id}/invitations", {"invited": seated.signatory_id})
    assert answer.status_code == 303
    page(web_doors.stranger().open(f"/s/{seat.token}"), 410, "link.revoked")
    problem(seated.open(seated.api), 401, "service.sign_in_needed")
    problem(seated.call(f"{seated.api}/join", {}), 401, "service.sign_in_needed")
    newest = invitation_links(case)[0]
    assert newest != seat.token
    assert web_doors.stranger().open(f"/s/{newest}").status_code == 200


def test_a_link_after_it_was_withdrawn_sends_no_code(web_invited: Web) -> None:
    case = web_invited.case
    before = invitation_links(case)
    with case.services.db.read() as session:
        signatory_id = session.scalars(select(Invitation.signatory_id)).first()
    invitations.reissue(case.services, case.staff["host"], signatory_id or "")
    (old,) = set(before) - set(invitation_links(case))
    visitor = web_invited.stranger()
    with nothing_changes(case.services):
        page(visitor.send(f"/s/{old}/code"), 410, "link.revoked")


def test_opening_one_link_signs_nobody_in_to_anything_else(web_doors: Web) -> None:
    """One seat's session opens one seat: not the other's, not the host's console, not the log."""
    lin, zhou = web_doors.case.seats
    seated = web_doors.at_seat(lin)
    other = f"/api/v1/seats/{zhou.actor.signatory_id}"
    with nothing_changes(web_doors.case.services):
        problem(seated.open(other), 401, "service.sign_in_needed")
        problem(seated.call(f"{other}/join", {}), 401, "service.sign_in_needed")
        problem(seated.open(f"/live/seats/{zhou.actor.signatory_id}/events"), 401, "service.sign_in_needed")
        problem(seated.open(f"/api/v1/ceremonies/{web_doors.case.ceremony_id}/board"), 401, "service.sign_in_needed")
        assert seated.open(f"/seat/{zhou.actor.signatory_id}").status_code == 401
        assert seated.open("/audit").status_code == 401
        assert seated.open(f"/agreements/{web_doors.case.agreement_id}").status_code == 401


def test_links_and_sessions_are_stored_as_hashes_only(web_doors: Web) -> None:
    """Who reads the database cannot use a link or a session out of it."""
    case = web_doors.case
    seated = web_doors.at_seat(case.seats[0])
    cookie = seated.http.get_cookie("signing")
    assert cookie is not None
    with case.services.db.read() as session:
        stored = [
            *session.scalars(select(Invitation.token_sha256)),
            *session.scalars(select(SeatSession.token_sha256)),
            *session.scalars(select(StaffSession.token_sha256)),
            *session.scalars(select(SignInLink.token_sha256)),
        ]
    assert {len(value) for value in stored} == {64}
    for value in stored:
        assert page(Visitor(web_doors.app).open(f"/s/{value}"), 404, "link.unknown")


def test_no_answer_tells_another_site_where_the_reader_was(web_invited: Web) -> None:
    token = invitation_links(web_invited.case)[0]
    visitor = web_invited.stranger()
    for path in (f"/s/{token}", f"/s/{token[:-1]}", "/verify", "/nowhere"):
        answer = visitor.open(path)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    assert token[:-1] not in words(visitor.open(f"/s/{token[:-1]}"))


# --- a staff link ---------------------------------------------------------------------------------------------------


def test_a_get_of_a_sign_in_link_signs_nobody_in(staffed: Case) -> None:
    web = Web(staffed)
    path = mailed_sign_in_link(staffed, "shen.yue@chengdu.example")
    visitor = web.stranger()
    with nothing_changes(staffed.services):
        assert visitor.open(path).status_code == 200
        assert visitor.open("/audit").status_code == 401


def test_a_sign_in_link_works_once(staffed: Case) -> None:
    web = Web(staffed)
    path = mailed_sign_in_link(staffed, "shen.yue@chengdu.example")
    first, second = web.stranger(), web.stranger()
    first.open(path)
    assert first.send(path).status_code == 303
    second.open(path)
    with nothing_changes(staffed.services):
        said = page(second.send(path), 410, "link.used")
    assert "Ask for a new one" in said
    assert "Sign in" in words(second.open("/"))


def test_a_sign_in_link_expires_after_half_an_hour(staffed: Case, clock: StoppedClock) -> None:
    web = Web(staffed)
    path = mailed_sign_in_link(staffed, "shen.yue@chengdu.example")
    visitor = web.stranger()
    visitor.open(path)
    clock.forward(minutes=31)
    with nothing_changes(staffed.services):
        page(visitor.send(path), 410, "link.expired")


def test_an_unknown_address_gets_the_same_answer_and_no_mail(staffed: Case) -> None:
    web = Web(staffed)
    known, unknown = web.stranger(), web.stranger()
    first = known.send("/sign-in", {"email": "shen.yue@chengdu.example"})
    with nothing_changes(staffed.services, recorded=("person.sign_in_refused",)):
        second = unknown.send("/sign-in", {"email": "nobody@elsewhere.example"})
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/sign-in/sent")


@pytest.mark.parametrize("address", ["", "shen.yue", "x" * 330 + "@chengdu.example"])
def test_half_an_address_is_refused_at_the_field(staffed: Case, address: str) -> None:
    visitor = Web(staffed).stranger()
    with nothing_changes(staffed.services):
        assert "Enter your whole address" in page(visitor.send("/sign-in", {"email": address}), 422)


def test_signing_out_ends_the_session_on_the_server_too(staffed: Case) -> None:
    """Somebody who copied the cookie before is out as well."""
    web = Web(staffed)
    legal = web.staff("legal")
    copied = legal.http.get_cookie("signing")
    assert copied is not None
    assert legal.send("/sign-out").status_code == 303
    thief = Visitor(web.app)
    thief.http.set_cookie("signing", copied.value)
    assert thief.open("/agreements/new").status_code == 401


def test_nobody_acts_as_somebody_who_did_not_sign_in_here(staffed: Case) -> None:
    web = Web(staffed)
    auditor = web.staff("auditor")
    host = staffed.staff["host"].id
    assert auditor.http.get("/audit", headers={"X-Acting-As": host}).status_code == 401
    assert auditor.http.get(f"/audit?acting_as={host}").status_code == 401
    auditor.send("/act-as", {"person_id": host})
    assert auditor.open("/audit").status_code == 200


def test_a_session_ends_after_its_hours(staffed: Case, clock: StoppedClock) -> None:
    legal = Web(staffed).staff("legal")
    clock.forward(hours=13)
    assert legal.open("/agreements/new").status_code == 401


# --- the stage ------------------------------------------------------------------------------------------------------


def test_a_stage_token_opens_its_own_ceremony_only(web_doors: Web) -> None:
    settings = web_doors.case.services.settings
    right, foreign = web_doors.stage_path(), stage_token(settings.master_key, "cer_0000000000000000")
    visitor = web_doors.stranger()
    ceremony = web_doors.case.ceremony_id
    assert visitor.open(f"/stage/{right}").status_code == 200
    with nothing_changes(web_doors.case.services):
        for token in (foreign, "x", right.rpartition("/")[2][:-1], "%00", "é" * 43):
            page(visitor.open(f"/stage/{ceremony}/{token}"), 404, "link.unknown")
            problem(visitor.open(f"/api/v1/stage/{ceremony}/{token}/board"), 404, "link.unknown")
            problem(visitor.open(f"/live/stage/{ceremony}/{token}/events"), 404, "link.unknown")
        page(visitor.open(f"/stage/cer_0000000000000000/{foreign}"), 404, "service.not_found")


def test_the_stage_link_lets_nobody_change_anything(web_doors: Web) -> None:
    visitor = web_doors.stranger()
    visitor.open(f"/stage/{web_doors.stage_path()}")
    body = {"command": "go_live", "expected_version": 2, "command_key": "command-key-1"}
    path = f"/api/v1/ceremonies/{web_doors.case.ceremony_id}/commands"
    with nothing_changes(web_doors.case.services):
        problem(visitor.call(path, body), 401, "service.sign_in_needed")


def test_the_seat_session_ends_with_its_invitation(web_doors: Web, clock: StoppedClock) -> None:
    seated: SeatVisitor = web_doors.at_seat(web_doors.case.seats[0])
    clock.forward(hours=13)
    problem(seated.open(seated.api), 401, "service.sign_in_needed")
    assert timedelta(hours=13) > timedelta(hours=web_doors.case.services.settings.session_hours)


def test_production_makes_and_takes_no_demo_link(staffed: Case) -> None:
    """A reusable link made in development is worth nothing after the same database went into production."""
    services = staffed.services
    token = people.demo_link(services, SYSTEM, staffed.staff["legal"].id, services.clock() + timedelta(days=1))
    people.accept_link(services, ANONYMOUS, token)
    production = replace(services, settings=replace(services.settings, environment="production"))
    with pytest.raises(Exception, match="used before"):
        people.accept_link(production, ANONYMOUS, token)
    with pytest.raises(Exception, match="demo link"):
        people.demo_link(production, SYSTEM, staffed.staff["legal"].id, services.clock() + timedelta(days=1))


def test_no_link_gets_into_the_operators_log(web_doors: Web) -> None:
    """A token in a log would be a key under the mat: every address that carries one is shortened."""
    carrying = [rule for rule in web_doors.app.url_map.iter_rules() if "token" in rule.arguments]
    assert len(carrying) >= 9
    for rule in carrying:
        path = rule.rule.replace("<token>", "SECRET").replace("<ceremony_id>", "cer_1")
        event = without_link_tokens(None, "info", {"event": "refused", "path": path})
        assert "SECRET" not in event["path"], rule.rule
        assert event["path"].startswith(path.partition("SECRET")[0])
