"""Attack: another site's page sends requests with a person's cookies; and what every answer tells the browser."""

from __future__ import annotations

import re

import pytest
from werkzeug.test import TestResponse

from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Visitor, Web, page, problem
from tests.factories.case import Case
from tests.factories.databases import Postgres

#: For machines: no cookie is read there, and nothing is changed.
WITHOUT_A_TOKEN = {"/tsa", "/pki/ocsp", "/api/v1/verification"}


@pytest.fixture
def server() -> Postgres | None:
    """What the browser is told is not a matter of the database: SQLite is enough here."""
    return None


def paths(web: Web, method: str) -> list[str]:
    """Every address that takes `method`, filled with ids of the case."""
    seat = web.case.seats[0].actor.signatory_id or ""
    filled = {
        "<agreement_id>": web.case.agreement_id,
        "<ceremony_id>": web.case.ceremony_id,
        "<signatory_id>": seat,
        "<token>": web.case.seats[0].token,
        "<delegation_id>": "dlg_0000000000000000",
        "<organisation_id>": "org_0000000000000000",
        "<evidence_id>": "evd_0000000000000000",
        "<attempt_id>": "att_0000000000000000",
        "<command_key>": "command-key-1",
        "<sha256>": "0" * 64,
        "<sample>": "one",
        "<serial>": "0123456789abcdef",
        "<seal_id>": "ext_0000000000000000",
        "<name>": "issuing",
        "<path:encoded>": "MA==",
        "<part>": "prepared.pdf",
        "<shape>": "json",
        "<int:revision>": "1",
        "<relation>": "amends",
        "<reviewer_id>": "rvw_0000000000000000",
        "<comment_id>": "com_0000000000000000",
        "<proposal_id>": "prp_0000000000000000",
        "<clause_id>": "costs",
        "<int:number>": "1",
        "<int:page>": "1",
        "<int:index>": "0",
        "<path:number>": "SCA-2020-017",
        "<path:path>": "0/000",
    }
    found = []
    for rule in web.app.url_map.iter_rules():
        if method in (rule.methods or ()) and not rule.endpoint.endswith("static"):
            path = rule.rule
            for name, value in filled.items():
                path = path.replace(name, value)
            path = path.replace(f"stage/{web.case.ceremony_id}/{web.case.seats[0].token}", f"stage/{web.stage_path()}")
            assert "<" not in path, path
            found.append(path)
    return sorted(found)


def test_every_change_needs_the_token_of_our_own_page(web_doors: Web) -> None:
    """With all cookies a person can have, and no token: refused, nothing changed, nothing recorded."""
    people = [web_doors.staff("legal"), web_doors.staff("host"), web_doors.at_seat(web_doors.case.seats[0])]
    changing = paths(web_doors, "POST")
    assert len(changing) > 20
    for person in people:
        with nothing_changes(web_doors.case.services):
            for path in changing:
                if path not in WITHOUT_A_TOKEN:
                    check_refused(person.http.post(path, data={"x": "1"}), path)
                    check_refused(person.http.post(path, json={}), path)
                    check_refused(person.http.post(path, json={}, headers={"X-CSRFToken": "guessed"}), path)


def check_refused(answer: TestResponse, path: str) -> None:
    machine = path.startswith(("/api/", "/live/", "/tsa", "/pki/", "/log/"))
    said = (problem if machine else page)(answer, 400, "request.csrf")
    assert "came from another page" in said, path


def test_a_token_of_another_browser_is_worth_nothing(web_doors: Web) -> None:
    victim, attacker = web_doors.staff("legal"), web_doors.stranger()
    with nothing_changes(web_doors.case.services):
        stolen = {"template_id": "strategic_cooperation", "csrf_token": attacker.csrf}
        page(victim.http.post("/agreements/new", data=stolen), 400, "request.csrf")


def test_a_method_that_is_not_allowed_names_those_that_are(web_doors: Web) -> None:
    host = web_doors.staff("host")
    with nothing_changes(web_doors.case.services):
        for method in ("PUT", "DELETE", "PATCH"):
            answer = host.http.open("/verify", method=method, headers={"X-CSRFToken": host.csrf})
            page(answer, 405)
            assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
        board = f"/api/v1/ceremonies/{web_doors.case.ceremony_id}/board"
        problem(host.call(board, {}), 405, "http.405")
        problem(host.open(board.replace("board", "commands")), 405, "http.405")


def test_looking_at_every_page_changes_nothing(web_doors: Web) -> None:
    """Every address is asked with GET by several kinds of people; only handing out the document is recorded."""
    legal, host, auditor = (web_doors.staff(key) for key in ("legal", "host", "auditor"))
    seated = web_doors.at_seat(web_doors.case.seats[0])
    skipped = {"document.pdf", "events"}
    looks = [path for path in paths(web_doors, "GET") if path.rpartition("/")[2] not in skipped]
    for number, person in enumerate((legal, host, auditor, seated)):
        with nothing_changes(web_doors.case.services):
            for path in looks:
                if number == 0 or not path.startswith("/verify/"):  # judging the PDF takes a second
                    answer = person.open(path)
                    assert answer.status_code < 500, f"{path}: {answer.text[:300]}"
    with nothing_changes(web_doors.case.services, recorded=("document.downloaded",)):
        assert legal.open(f"/agreements/{web_doors.case.agreement_id}/document.pdf").status_code == 200


def test_who_it_is_is_known_before_anything_is_counted_or_refused(web_doors: Web) -> None:
    """Limits count per person and seat; so the session is read before the limiter and the CSRF check look."""
    order = [function.__name__ for function in web_doors.app.before_request_funcs[None]]
    assert order[0] == "resolve", order


def test_strangers_are_sent_away_from_everything_that_is_not_theirs(web_doors: Web) -> None:
    """Every address without an open door answers 401 to a stranger, before it says whether the thing exists."""
    open_doors = re.compile(
        r"^/($|sign-in|enter/|s/|r/|verify|language|act-as|sign-out|fonts/|log/(checkpoint|vkey|tile)|pki/"
        r"|tsa|qr/|verification/|api/v1/verification$|audit/log.vkey|stage/|api/v1/stage/|live/stage/)"
    )
    stranger = web_doors.stranger()
    closed = [
        (method, path) for method in ("GET", "POST") for path in paths(web_doors, method) if not open_doors.match(path)
    ]
    assert len(closed) > 30
    with nothing_changes(web_doors.case.services):
        for method, path in closed:
            headers = {"X-CSRFToken": stranger.csrf, "Accept-Language": "en"}
            answer = stranger.http.open(path, method=method, headers=headers)
            assert answer.status_code == 401, f"{method} {path}: {answer.status_code}"


def test_every_answer_is_held_by_the_same_rules(web_doors: Web) -> None:
    for path in ("/", "/verify", "/nowhere", "/api/v1/nowhere", "/log/vkey", f"/stage/{web_doors.stage_path()}"):
        headers = web_doors.stranger().open(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "form-action 'self'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_no_page_needs_what_the_policy_forbids(web_doors: Web) -> None:
    """No inline script, no inline style, no handler attribute: in the markup as it leaves the house."""
    legal, seated = web_doors.staff("legal"), web_doors.at_seat(web_doors.case.seats[0])
    pages = [
        legal.open("/"),
        legal.open(f"/agreements/{web_doors.case.agreement_id}"),
        legal.open("/agreements/new"),
        seated.open(f"/seat/{seated.signatory_id}"),
        seated.open(f"/stage/{web_doors.stage_path()}"),
        seated.open("/verify"),
    ]
    for answer in pages:
        assert answer.status_code == 200
        assert not re.search(r"\sstyle=", answer.text)
        assert not re.search(r"\son[a-z]+=", answer.text)
        assert "<style" not in answer.text
        for script in re.findall(r"<script([^>]*)>", answer.text):
            assert "src=" in script or 'type="application/json"' in script, script


def test_cookies_are_kept_from_scripts_and_other_sites(staffed: Case) -> None:
    web = Web(staffed)
    visitor = Visitor(web.app)
    header = visitor.open("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:alert(1)",
        "/a\r\nX: 1",
        "http:evil",
    ],
)
def test_nobody_is_sent_to_a_foreign_host(web_doors: Web, target: str) -> None:
    visitor = web_doors.stranger()
    answer = visitor.send("/language", {"lang": "fi", "next": target})
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_referrer_of_another_host_is_no_way_back(web_doors: Web) -> None:
    answer = web_doors.stranger().http.get("/nowhere", headers={"Referer": "https://evil.example/x"})
    assert answer.status_code == 404
    assert "evil.example" not in answer.text
