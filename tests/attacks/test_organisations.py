"""Attack: the directory. Hostile numbers and names, files that are two things at once, other people's ids, formulas."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any

import pytest

from agreements.evidence_files import MAX_BYTES
from agreements.organisation_tables import FORMULA
from signing_service.operations import organisation_views
from tests.agreements.entries import fields
from tests.agreements.test_party_evidence import A_PDF
from tests.attacks.unchanged import REFUSED, nothing_changes
from tests.attacks.visitor import Visitor, Web, page, words
from tests.factories import directory
from tests.factories.case import Case
from tests.factories.databases import Postgres


@pytest.fixture
def server() -> Postgres | None:
    """What is tried here is refused before it reaches the database."""
    return None


@pytest.fixture
def web(staffed: Case) -> Web:
    return Web(staffed)


@pytest.fixture
def legal(web: Web) -> Visitor:
    return web.staff("legal")


HOSTILE = [
    {"legal_name__en": "x" * 10_000},
    {"legal_name__en": "Acme \u202egnp.exe"},
    {"legal_name__en": "a\u200bb"},
    {"identifiers__0__value": "9990174-8\u200f"},
    {"identifiers__0__value": "٩٩٩٠١٧٤-٨"},
    {"identifiers__0__value": "9" * 10_000},
    {"identifiers__0__scheme": "__class__"},
    {"address__country": "<b>"},
    {"representatives__0__email": "a@b.example\nBcc: c@d.example"},
]


@pytest.mark.parametrize("changes", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_values_come_back_to_the_form_and_are_not_stored(
    web: Web, legal: Visitor, changes: dict[str, str]
) -> None:
    legal.open("/organisations/new")
    with nothing_changes(web.case.services, REFUSED):
        said = page(legal.send("/organisations/new", {**fields(**changes), "do": "save"}), 422)
    assert "nothing you typed is lost" in said


def test_full_width_digits_are_the_number_and_find_the_same_entry(web: Web, legal: Visitor) -> None:
    directory.entered(web.case)
    legal.open("/organisations/new")
    answer = legal.send("/organisations/new", {**fields(identifiers__0__value="９９９０１７４－８"), "do": "save"})
    assert "is in the directory already" in page(answer, 409)


def test_markup_in_a_name_is_text(web: Web, legal: Visitor) -> None:
    organisation_id = directory.entered(web.case, legal_name__en="<script>alert(1)</script>", note="{{ 7 * 7 }}")
    for path in ("/organisations", f"/organisations/{organisation_id}", f"/organisations/{organisation_id}/edit"):
        answer = legal.open(path)
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text


@pytest.mark.parametrize("odd", ["%00", "..%2f..%2fetc%2fpasswd", "x" * 3000, "org_0", "%F0%9F%98%80"])
def test_odd_ids(web: Web, legal: Visitor, odd: str) -> None:
    organisation_id = directory.entered(web.case)
    with nothing_changes(web.case.services):
        for path in (f"/{odd}", f"/{odd}/edit", f"/{organisation_id}/evidence/{odd}", f"?q={odd}&archived=1"):
            assert legal.open(f"/organisations{path}").status_code in (200, 404, 422), path


def hand_in(web: Web, legal: Visitor, organisation_id: str, data: bytes, name: str = "a.pdf", **form: Any) -> Any:
    view = organisation_views.read(web.case.services, web.case.staff["legal"], organisation_id)
    sent = {"about": view.people[0].about, "dated": "2020-12-01", "file": (io.BytesIO(data), name), **form}
    return legal.send(f"/organisations/{organisation_id}/evidence", sent, content_type="multipart/form-data")


@pytest.mark.parametrize(
    "data",
    [
        b"<html><script>alert(1)</script></html>" + A_PDF,
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>",
        b"MZ" + b"\x00" * 500,
    ],
    ids=["page before a PDF", "vector drawing", "half a picture", "program"],
)
def test_a_file_that_is_not_wholly_a_document_is_refused(web: Web, legal: Visitor, data: bytes) -> None:
    organisation_id = directory.entered(web.case)
    with nothing_changes(web.case.services, REFUSED):
        said = page(hand_in(web, legal, organisation_id, data, "../../<b>letter.pdf"), 422, "upload.not_evidence")
    assert "“<b>letter.pdf” is no PDF, PNG or JPEG" in said


def test_a_document_that_is_also_a_page_is_never_displayed(web: Web, legal: Visitor) -> None:
    """A PDF may hold anything, markup too: it goes out as a file, of its own kind, and a browser may not guess."""
    organisation_id = directory.entered(web.case)
    both = A_PDF.replace(b"%%EOF", b"<script>alert(1)</script>\n%%EOF")
    assert hand_in(web, legal, organisation_id, both, "page.html; X-Evil=1").status_code == 303
    people = organisation_views.read(web.case.services, web.case.staff["legal"], organisation_id).people
    path = f"/organisations/{organisation_id}/evidence/{people[0].documents[0].id}"
    answer = legal.open(path)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].count(";") == 1
    other = directory.entered(web.case, identifiers__0__value="9990172-1")
    assert legal.open(path.replace(organisation_id, other)).status_code == 404, "of another entry"
    assert web.stranger().open(path).status_code == 401


def test_more_than_ten_megabytes_are_too_much(web: Web, legal: Visitor) -> None:
    organisation_id = directory.entered(web.case)
    with nothing_changes(web.case.services, REFUSED):
        said = page(hand_in(web, legal, organisation_id, A_PDF + b"\n" * MAX_BYTES), 413, "service.too_large")
    assert "larger than 10 MB" in said


def test_evidence_about_nobody_and_on_no_day(web: Web, legal: Visitor) -> None:
    organisation_id = directory.entered(web.case)
    for form, status in (
        ({"about": "somebody else"}, 404),
        ({"about": "x" * 10_000}, 404),
        ({"dated": "2999-01-01"}, 422),
        ({"dated": "٢٠٢٠-١٢-٠١"}, 422),
        ({"file": "text instead of a file"}, 422),
    ):
        with nothing_changes(web.case.services, () if "file" in form else REFUSED):
            page(hand_in(web, legal, organisation_id, A_PDF, **form), status)


def test_a_draft_button_cannot_reach_beyond_its_row(web: Web, legal: Visitor) -> None:
    organisation_id = directory.entered(web.case)
    legal.open("/agreements/new")
    path = legal.send("/agreements/new", {"template_id": "strategic_cooperation"}).location
    with nothing_changes(web.case.services):
        for at in ("", "row_version", "parties", "parties.0.legal_name", "../x", "a" * 5000, "parties.999999"):
            form = {"place.en": "Kept", "row_version": "1", f"pick:{at}": organisation_id, "do": f"party:{at}"}
            answer = legal.send(path, form)
            assert answer.status_code in (200, 422), at
            assert 'value="Kept"' in answer.text or answer.status_code == 422


def test_an_import_is_bounded_and_checked_again_when_confirmed(web: Web, legal: Visitor) -> None:
    legal.open("/organisations/import")
    wrong = b"legal_name.en,address.country\nX,CN\n"
    for table in ("", "no base64!", b64encode(wrong).decode(), b64encode(b"x" * 1_100_000).decode()):
        with nothing_changes(web.case.services, REFUSED):
            answer = legal.send("/organisations/import/confirmed", {"table": table})
            assert answer.status_code == 422, words(answer)[:200]
    with nothing_changes(web.case.services):
        file = (io.BytesIO(b"legal_name.en\n" + b"x\n" * 600_000), "big.csv")
        answer = legal.send("/organisations/import", {"file": file}, content_type="multipart/form-data")
        assert "larger than 1 MB" in page(answer, 422)


def test_no_cell_of_the_export_is_a_formula(web: Web, legal: Visitor) -> None:
    directory.entered(web.case, legal_name__en='=HYPERLINK("http://evil.example","pay")', note="@SUM(1)")
    legal.open("/organisations")
    answer = legal.send("/organisations/export")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert not [cell for cell in answer.text.lstrip("\ufeff").replace('"', "").split(",") if cell.startswith(FORMULA)]
