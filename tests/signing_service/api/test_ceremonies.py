"""The host's commands and the boards of host and stage, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from signing_service.operations import ceremonies
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Visitor, Web, page, problem
from tests.factories.case import Case

REFUSED = ("access.refused",)


class Host:
    """The host at the console of a case."""

    def __init__(self, case: Case) -> None:
        self.web = Web(case)
        self.person: Visitor = self.web.staff("host")
        self.api = f"/api/v1/ceremonies/{case.ceremony_id}"
        self.person.open(f"/ceremonies/{case.ceremony_id}")

    def board(self) -> dict[str, Any]:
        return dict(self.person.open(f"{self.api}/board").get_json())

    def command(self, command: str, version: int | None = None, **more: Any) -> Any:
        body = {"command": command, "command_key": "command-key-1", **more}
        body["expected_version"] = self.board()["ceremony"]["version"] if version is None else version
        return self.person.call(f"{self.api}/commands", body)


@pytest.fixture
def at(at_stage: Callable[[str], Case]) -> Callable[[str], Host]:
    return lambda stage: Host(at_stage(stage))


def test_the_show_from_the_doors_to_the_open_round(at: Callable[[str], Host]) -> None:
    host = at("doors_open")
    assert host.board()["ceremony"]["allowed"] == ["go_live", "abort"]
    assert host.command("go_live").json["ceremony"]["state"] == "live"
    board = host.command("open_round").json
    assert (board["ceremony"]["state"], board["ceremony"]["round_state"]) == ("live", "open")
    assert board["agreement"]["state"] == "signing"
    assert board["ceremony"]["allowed"] == ["pause", "abort"]


def test_a_command_from_an_old_screen_is_refused(at: Callable[[str], Host]) -> None:
    """Two consoles: the second presses on what it saw before the first one pressed."""
    host = at("doors_open")
    version = host.board()["ceremony"]["version"]
    host.command("go_live", version)
    with nothing_changes(host.web.case.services, REFUSED):
        said = problem(host.command("open_round", version), 409, "service.changed_meanwhile")
    assert said.startswith("The ceremony was changed meanwhile by somebody else")


@pytest.mark.parametrize("command", ["explode", "", "OPEN_ROUND", "x" * 41, "open_round\n"])
def test_an_unknown_command(at: Callable[[str], Host], command: str) -> None:
    host = at("doors_open")
    before = host.board()["ceremony"]
    answer = host.command(command)
    assert answer.status_code in (409, 422)
    assert host.board()["ceremony"] == before


def test_concluding_before_everybody_signed(at: Callable[[str], Host]) -> None:
    host = at("round_open")
    with nothing_changes(host.web.case.services, REFUSED):
        said = problem(host.command("conclude"), 409, "ceremony.wrong_state")
    assert said == "The ceremony is “live”; it cannot “conclude” now."


@pytest.mark.parametrize("reason", ["", "   "])
def test_breaking_off_needs_a_reason(at: Callable[[str], Host], reason: str) -> None:
    host = at("round_open")
    with nothing_changes(host.web.case.services, REFUSED):
        said = problem(host.command("abort", reason=reason), 422, "service.invalid_input")
    assert said == "reason: say in a sentence why"


def test_one_person_does_not_break_off_what_somebody_signed(at: Callable[[str], Host]) -> None:
    host = at("round_open")
    host.web.case.seats[0].sign()
    assert "abort" not in host.board()["ceremony"]["allowed"]
    with nothing_changes(host.web.case.services, REFUSED):
        problem(host.command("abort", reason="We change our mind."), 409, "ceremony.wrong_state")


def test_opening_the_round_twice(at: Callable[[str], Host]) -> None:
    host = at("round_open")
    with nothing_changes(host.web.case.services, REFUSED):
        problem(host.command("open_round"), 409, "ceremony.wrong_state")


def test_going_live_before_the_doors_are_open(at: Callable[[str], Host]) -> None:
    host = at("invited")
    with nothing_changes(host.web.case.services, REFUSED):
        problem(host.command("go_live"), 409, "ceremony.wrong_state")


@pytest.mark.parametrize("version", ["2", None, 2.5, True])
def test_the_version_is_a_number(at: Callable[[str], Host], version: Any) -> None:
    host = at("doors_open")
    body = {"command": "go_live", "expected_version": version, "command_key": "command-key-1"}
    with nothing_changes(host.web.case.services):
        answer = host.person.call(f"{host.api}/commands", body)
        assert problem(answer, 422, "service.invalid_input").startswith("expected_version: ")


def test_a_ceremony_there_is_not(at: Callable[[str], Host]) -> None:
    host = at("doors_open")
    for path in ("/api/v1/ceremonies/cer_0/board", "/live/ceremonies/cer_0/events"):
        problem(host.person.open(path), 404, "service.not_found")
    page(host.person.open("/ceremonies/cer_0"), 404, "service.not_found")
    body = {"command": "go_live", "expected_version": 1, "command_key": "command-key-1"}
    with nothing_changes(host.web.case.services, REFUSED):
        problem(host.person.call("/api/v1/ceremonies/cer_0/commands", body), 404, "service.not_found")


def test_the_whole_show_to_its_end(at: Callable[[str], Host]) -> None:
    host = at("round_open")
    for number, seat in enumerate(host.web.case.seats):
        seat.sign(f"command-key-{number}")
    board = host.board()
    assert (board["ceremony"]["round_state"], board["signed"], board["of"]) == ("signed", 2, 2)
    assert board["ceremony"]["allowed"] == ["pause", "conclude"]
    assert host.command("conclude").json["ceremony"]["state"] == "concluded"
    assert host.board()["ceremony"]["allowed"] == []


def test_after_an_abort_a_second_ceremony_signs(at: Callable[[str], Host]) -> None:
    """The first is broken off before anybody signed; the agreement is frozen again, a second one is planned."""
    host = at("doors_open")
    case = host.web.case
    assert host.command("abort", reason="The line to Helsinki is down.").json["agreement"]["state"] == "frozen"
    second = ceremonies.plan(
        case.services,
        case.staff["host"],
        case.agreement_id,
        title={"en": "Second try"},
        starts_at=case.services.clock(),
        zone="UTC",
    )
    board = host.person.open(f"/api/v1/ceremonies/{second}/board").get_json()
    assert board["agreement"]["state"] == "scheduled"
    assert [seat.board().board.ceremony.id for seat in case.seats] == [second, second]


def test_the_stage_has_no_mail_address_and_no_challenge(at: Callable[[str], Host]) -> None:
    host = at("doors_open")
    answer = host.web.stranger().open(f"/api/v1/stage/{host.web.stage_path()}/board")
    assert answer.status_code == 200
    for seat in host.web.case.seats:
        own = seat.board()
        assert own.me.name in answer.get_data(as_text=True) or own.me.name in str(answer.get_json())
        for secret in (own.email, own.challenge, own.invitation_id, seat.token):
            assert secret not in answer.text
    assert set(answer.get_json()["seats"][0]) == {
        "signatory_id", "party", "name", "title", "state", "present", "signed_at", "custody_words",
    }  # fmt: skip
