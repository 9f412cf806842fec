"""Attack: values no form of ours ever sends. NUL bytes, numbers beyond any column, half characters, huge fields.

Each is answered by name or by “not found”, never by a failure of the server, on both databases.
"""

from __future__ import annotations

from typing import Any

import pytest

from signing_service.operations import mails
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Web, words
from tests.factories.case import Case, invitation_links

HUGE = 10**30
ODD = ["%00", "a%00b", "%F0%9F%98%80", "..%2f..%2fetc%2fpasswd", "%FF%FE", "x" * 4000, "'%20OR%201=1--", "%25s%25n"]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_addresses(web_doors: Web, odd: str) -> None:
    legal, host, auditor = web_doors.staff("legal"), web_doors.staff("host"), web_doors.staff("auditor")
    seated, stranger = web_doors.at_seat(web_doors.case.seats[0]), web_doors.stranger()
    looks = [
        (legal, f"/agreements/{odd}"),
        (legal, f"/agreements/{odd}/draft"),
        (legal, f"/agreements/{odd}/versions/1"),
        (legal, f"/agreements/{odd}/redline?from=1&to=2"),
        (legal, f"/agreements/{odd}/redline.pdf?from=1&to=2"),
        (legal, f"/agreements/{web_doors.case.agreement_id}/redline?from={odd}&to=1"),
        (legal, f"/agreements/{web_doors.case.agreement_id}/redline.pdf?from=template&to={odd}"),
        (host, f"/agreements/{odd}/ceremony"),
        (host, f"/agreements/{odd}/freeze"),
        (host, f"/ceremonies/{odd}"),
        (host, f"/api/v1/ceremonies/{odd}/board"),
        (host, f"/live/ceremonies/{odd}/events"),
        (auditor, f"/audit?agreement={odd}"),
        (seated, f"/seat/{odd}"),
        (seated, f"{seated.api}/documents/{odd}.pdf"),
        (seated, f"{seated.api}/commands/{odd}"),
        (seated, f"{seated.api}/signatures/{odd}/prepared"),
        (seated, f"{seated.api}?language={odd}"),
        (stranger, f"/s/{odd}"),
        (stranger, f"/enter/{odd}"),
        (stranger, f"/verify/{odd}"),
        (stranger, f"/qr/{odd}.svg"),
        (stranger, f"/fonts/{odd}"),
        (stranger, f"/log/tile/{odd}"),
        (stranger, f"/sign-in?lang={odd}"),
    ]
    with nothing_changes(web_doors.case.services):
        for person, path in looks:
            answer = person.open(path)
            assert answer.status_code < 500, f"{path}: {words(answer)[:300]}"
            answer.close()


@pytest.mark.parametrize("number", [0, 2**31, 2**63, HUGE])
def test_numbers_beyond_any_column(web_doors: Web, number: int) -> None:
    legal, auditor = web_doors.staff("legal"), web_doors.staff("auditor")
    seated = web_doors.at_seat(web_doors.case.seats[0])
    agreement, shown = f"/agreements/{web_doors.case.agreement_id}", seated.seat.document_sha256
    with nothing_changes(web_doors.case.services):
        assert legal.open(f"{agreement}/versions/{number}").status_code == 404
        assert legal.open(f"{agreement}/redline?from={number}&to=1").status_code == 404
        assert legal.open(f"{agreement}/redline?from=1&to=-{number}").status_code == 404
        assert legal.open(f"{agreement}/redline.pdf?from={number}&to=1").status_code == 404
        assert legal.open(f"{agreement}/redline.pdf?from=template&to={number}").status_code == 404
        assert auditor.open(f"/audit?before={number}").status_code == 200
        assert auditor.open(f"/audit?before=-{number}").status_code == 200
        assert auditor.open(f"/log/proof/{number or HUGE}").status_code == 404
        assert seated.open(f"{seated.api}/documents/{shown}/pages/{number}.png").status_code == 404
        assert seated.open(f"{seated.api}/documents/{shown}/pages/1.png?width={number}").status_code == 200


TYPED: list[tuple[str, str, str, dict[str, Any]]] = [
    ("a template", "legal", "/agreements/new", {"template_id": "a\x00b"}),
    ("a published package", "legal", f"/templates/{'0' * 64}/publish", {"template_sha256": "\x00"}),
    ("a reason", "legal", f"/templates/{'0' * 64}/reject", {"reason": "a\x00b"}),
    ("an address", "", "/sign-in", {"email": "a\x00b@x.example"}),
    ("a verdict", "legal_review", "{agreement}/decision", {"verdict": "reject", "version_sha256": "\x00", "text": "x"}),
    ("words", "legal_review", "{agreement}/decision", {"verdict": "approve", "version_sha256": "x", "text": "a\x00"}),
    ("a version", "legal", "{agreement}/submit", {"version_sha256": "\x00" * 64}),
    ("a frozen version", "host", "{agreement}/freeze", {"version_sha256": "\x00"}),
    ("a signatory", "host", "/ceremonies/{ceremony}/invitations", {"invited": "sig_\x00"}),
    ("a number", "", "/verify", {"number": "SCA\x00"}),
    ("a person", "legal", "/act-as", {"person_id": "\x00"}),
    ("a language", "", "/language", {"lang": "\x00", "next": "/\x00"}),
    ("a code", "", "/s/{token}", {"code": "1\x00"}),
]


@pytest.mark.parametrize(("who", "path", "form"), [row[1:] for row in TYPED], ids=[row[0] for row in TYPED])
def test_nul_bytes_in_forms(web_doors: Web, who: str, path: str, form: dict[str, Any]) -> None:
    case = web_doors.case
    person = web_doors.staff(who) if who else web_doors.stranger()
    ids = {"agreement": f"/agreements/{case.agreement_id}", "ceremony": case.ceremony_id, "token": case.seats[0].token}
    answer = person.send(path.format(**ids), form)
    assert answer.status_code < 500, words(answer)[:300]


def test_a_draft_keeps_odd_text_or_refuses_it_but_never_fails(staffed: Case) -> None:
    """A NUL byte and a million characters in a field: the form comes back or is saved; the log stays sound."""
    web = Web(staffed)
    legal = web.staff("legal")
    legal.open("/agreements/new")
    path = legal.send("/agreements/new", {"template_id": "strategic_cooperation"}).location
    for typed in (
        {"agreement_no": "a\x00b"},
        {"agreement_no": "x" * 1_000_000},
        {"parties.0.legal_name.en": "\ufffe\x01"},
    ):
        row_version = legal.open(path).text.split('name="row_version" value="', 1)[1].split('"', 1)[0]
        answer = legal.send(path, {**typed, "row_version": row_version, "do": "save"})
        assert answer.status_code < 500, words(answer)[:300]
        answer = legal.send(path, {**typed, "row_version": row_version, "do": "version"})
        assert answer.status_code < 500, words(answer)[:300]


@pytest.mark.parametrize(
    "name", ["parties.99999.x", "parties.-1", "a" * 5000, "parties.0.0.0.0.0", ".", "..", "parties..x", "\x00"]
)
def test_field_names_no_form_has(staffed: Case, name: str) -> None:
    web = Web(staffed)
    legal = web.staff("legal")
    path = legal.send("/agreements/new", {"template_id": "strategic_cooperation"}).location
    row_version = legal.open(path).text.split('name="row_version" value="', 1)[1].split('"', 1)[0]
    answer = legal.send(path, {name: "x", "row_version": row_version, "do": "save"})
    assert answer.status_code < 500, words(answer)[:300]


@pytest.mark.parametrize("row_version", ["", "-1", "0", "1e3", "١", "99999999999999999999"])
def test_a_row_version_that_is_none(staffed: Case, row_version: str) -> None:
    web = Web(staffed)
    legal = web.staff("legal")
    path = legal.send("/agreements/new", {"template_id": "strategic_cooperation"}).location
    with nothing_changes(staffed.services, ("access.refused",)):
        answer = legal.send(path, {"agreement_no": "kept", "row_version": row_version, "do": "save"})
        assert answer.status_code == 409
    assert 'value="kept"' in answer.text


def test_a_thousand_fields_too_many(staffed: Case) -> None:
    web = Web(staffed)
    legal = web.staff("legal")
    path = legal.send("/agreements/new", {"template_id": "strategic_cooperation"}).location
    answer = legal.send(path, {f"x{n}": "1" for n in range(20_000)} | {"row_version": "1", "do": "save"})
    assert answer.status_code in (303, 413, 422)


def test_hostile_headers(web_invited: Web) -> None:
    token = invitation_links(web_invited.case)[0]
    for headers in (
        {"Accept-Language": "x" * 5000},
        {"Accept-Language": "\xff;q=z"},
        {"Cookie": "signing=rubbish; lang=\x01"},
        {"Cookie": "signing=" + "A" * 3000},
        {"Last-Event-ID": "9" * 400},
        {"X-Acting-As": "\xff"},
        {"Host": "evil.example"},
        {"Content-Length": "nonsense"},
    ):
        for path in ("/", f"/s/{token}", f"/api/v1/stage/{web_invited.stage_path()}/board"):
            answer = web_invited.app.test_client().get(path, headers=headers)
            assert answer.status_code < 500, f"{headers}: {answer.status_code}"


def test_links_in_mails_never_follow_the_host_header(staffed: Case) -> None:
    """A forged Host must not put a foreign address into somebody's sign-in mail."""
    web = Web(staffed)
    visitor = web.stranger()
    visitor.http.post(
        "/sign-in",
        data={"email": "shen.yue@chengdu.example", "csrf_token": visitor.csrf},
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example"},
    )
    sent = mails.outbox(staffed.services, staffed.staff["outbox"])
    assert all("evil.example" not in mail.body for mail in sent)
    assert [mail.kind for mail in sent] == ["sign_in"]
