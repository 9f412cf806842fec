"""Attack: through the drawing of a signature. Too much, not numbers, for somebody else, where none may be, too late."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from keys.custody import CustodyKind
from signing_service.db.models.ceremonies import Ceremony
from signing_service.db.models.drawings import SeatDrawing
from signing_service.operations import custodies
from signing_service.pades.drawing import POINTS_MAX, STROKES_MAX
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Web, problem
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.factories.handwriting import strokes
from tests.factories.practice import practising

REFUSED = "signature.drawing_refused"
HOSTILE = {
    "huge": json.dumps([[1, 1, 300, 200] * POINTS_MAX] * STROKES_MAX),
    "deep": "[" * 20_000 + "]" * 20_000,
    "too many strokes": json.dumps([[1, 1, 300, 200]] * (STROKES_MAX + 1)),
    "too many points": json.dumps([[1, 1, 300, 200] * POINTS_MAX]),
    "not a number": "[[NaN, 1, 300, 200]]",
    "infinite": "[[1, 1, 300, -Infinity]]",
    "negative": "[[-1, 1, 300, 200]]",
    "outside": "[[1, 1, 901, 200]]",
    "a fraction": "[[1.5, 1, 300, 200]]",
    "a number of a million digits": f"[[1, 1, {'9' * 1_000_000}, 200]]",
    "a script": '["<svg onload=alert(1)>"]',
    "operators": '[[1, 1, "300 200 l S Q /F1 9 Tf (x) Tj q", 200]]',
    "braces of the time": '[["{00}", 1, 300, 200]]',
    "a picture": '"data:image/png;base64,iVBORw0KGgo="',
    "half a point": "[[1, 1, 300]]",
    "nothing in a stroke": "[[]]",
    "nothing": "null",
    "a dot": "[[1, 1]]",
}


@pytest.fixture
def server() -> Postgres | None:
    """What is refused here never reaches a database: SQLite is enough."""
    return None


def test_what_is_not_a_drawing_is_refused_and_nothing_is_kept(web_round: Web) -> None:
    seat = web_round.at_seat(web_round.case.seats[0])
    headers = {"X-CSRFToken": seat.csrf}
    with nothing_changes(web_round.case.services):
        for name, hostile in HOSTILE.items():
            body = f'{{"strokes": {hostile}}}'
            answer = seat.http.post(f"{seat.api}/drawing", data=body, content_type="application/json", headers=headers)
            assert answer.status_code in (413, 422), (name, answer.text)
            assert answer.get_json()["code"] in (REFUSED, "service.invalid_input", "http.413"), name


def test_nobody_draws_for_another_or_sees_what_they_drew(web_doors: Web) -> None:
    lin, zhou = (web_doors.at_seat(seat) for seat in web_doors.case.seats)
    host = web_doors.staff("host")
    assert zhou.call(f"{zhou.api}/drawing", {"strokes": strokes()}).status_code == 200
    with nothing_changes(web_doors.case.services):
        problem(lin.call(f"{zhou.api}/drawing", {"strokes": strokes(1.0)}), 401, "service.sign_in_needed")
        problem(lin.call(f"{zhou.api}/drawing", {"strokes": []}), 401, "service.sign_in_needed")
        problem(lin.open(f"{zhou.api}/drawing"), 401, "service.sign_in_needed")
        problem(host.open(f"{zhou.api}/drawing"), 401, "service.sign_in_needed")
    assert lin.open(f"{lin.api}/drawing").get_json() == {"strokes": []}
    assert zhou.open(f"{zhou.api}/drawing").get_json() == {"strokes": strokes()}
    boards = (lin.open(lin.api), host.open(f"/api/v1/ceremonies/{web_doors.case.ceremony_id}/board"))
    assert not any("[[" in board.text.replace(" ", "") for board in boards)


def test_a_seal_has_no_hand(web_doors: Web) -> None:
    """Refused where an organisation's seal signs; one drawn before goes when the host chooses the seal."""
    case = web_doors.case
    lin = web_doors.at_seat(case.seats[0])
    assert lin.call(f"{lin.api}/drawing", {"strokes": strokes()}).status_code == 200
    choose_seal(web_doors, lin.signatory_id)
    assert drawings(web_doors) == 0
    with nothing_changes(case.services, recorded=("access.refused",)):
        problem(lin.call(f"{lin.api}/drawing", {"strokes": strokes()}), 409, "seat.drawing_not_offered")


def choose_seal(web: Web, signatory_id: str) -> None:
    services = web.case.services
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(services.held), "has_seals", property(lambda _held: True))
        custodies.choose(services, web.case.staff["host"], signatory_id, CustodyKind.PKCS11.value)


def drawings(web: Web) -> int:
    with web.case.services.db.read() as session:
        return session.query(SeatDrawing).count()


def test_where_the_host_wants_none_there_is_none(web_doors: Web) -> None:
    case = web_doors.case
    lin = web_doors.at_seat(case.seats[0])
    with case.services.db.write() as session:
        session.get_one(Ceremony, case.ceremony_id).drawings = False
    assert lin.open(lin.api).get_json()["drawing"] == {"offered": False, "sha256": None}
    assert 'id="drawing"' not in lin.open(f"/seat/{lin.signatory_id}").text
    with nothing_changes(case.services, recorded=("access.refused",)):
        problem(lin.call(f"{lin.api}/drawing", {"strokes": strokes()}), 409, "seat.drawing_not_offered")


def test_nothing_is_drawn_into_a_signature_that_is_under_way_or_done(web_round: Web) -> None:
    case = web_round.case
    lin = web_round.at_seat(case.seats[0])
    prepared = lin.press().get_json()
    with nothing_changes(case.services, recorded=("access.refused",) * 2):
        problem(lin.call(f"{lin.api}/drawing", {"strokes": strokes()}), 409, "seat.wrong_state")
        problem(lin.call(f"{lin.api}/drawing", {"strokes": []}), 409, "seat.wrong_state")
    again = lin.press().get_json()
    assert (again["attempt_id"], again["signed_attributes"]) == (prepared["attempt_id"], prepared["signed_attributes"])


def test_nothing_is_drawn_in_a_rehearsal(at_stage: Callable[[str], Case]) -> None:
    """What was drawn for the day does not come into a copy that binds nobody."""
    case = at_stage("rehearsing")
    lin = Web(case).at_seat(case.seats[0])
    assert lin.call(f"{lin.api}/drawing", {"strokes": strokes()}).status_code == 200
    shown = lin.open(f"/seat/{lin.signatory_id}/rehearsal")
    assert shown.status_code == 200
    assert 'id="drawing"' not in shown.text
    assert lin.open(f"{lin.api}/rehearsal").get_json()["drawing"] == {"offered": False, "sha256": None}
    practice = practising(case)[0]
    practice.whole()
    assert b"/Ink Do" not in practice.signed_copy()
