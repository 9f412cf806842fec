"""Attack: a stranger's file and its report. Nobody else reads it, nothing of it runs or does harm, it does not stay."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
import structlog
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from sqlalchemy import select
from sqlalchemy.orm import undefer

from signing_service import isolation
from signing_service.accounts import envelopes
from signing_service.accounts.tokens import new_token
from signing_service.db.models.judged_files import JudgedFile
from signing_service.logs import without_link_tokens
from signing_service.operations import judged_files
from signing_service.permissions import ANONYMOUS
from signing_service.security import limiter
from signing_service.verification.exhibits import exhibits, page_pictures, remembered
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Visitor, Web, page, problem
from tests.factories.databases import Postgres
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.mutations import add_script, replace_page, update
from tests.signing_service.verification.worlds import agreement, basic, judge, pki, stamped

name = generic.pdf_name


@pytest.fixture
def server() -> Postgres | None:
    """What is kept is the same bytes in any database: SQLite is enough here."""
    return None


@pytest.fixture
def visitor(web_round: Web) -> Visitor:
    return web_round.stranger()


def upload(visitor: Visitor, data: bytes, called: str = "agreement.pdf") -> str:
    """The address of the report."""
    answer = visitor.send("/verify", {"file": (io.BytesIO(data), called)}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_an_address_cannot_be_guessed_and_one_does_not_open_another(web_round: Web, visitor: Visitor) -> None:
    mine, theirs = upload(visitor, agreement()), upload(visitor, stamped())
    assert len(mine.rpartition("/")[2]) == 43
    page(visitor.open(f"/verification/{new_token()}"), 410, "verification.result_gone")
    page(visitor.open(mine[:-1]), 410)
    page(visitor.open(mine.swapcase()), 404)
    material = [part for part in visitor.open(mine).text.split('"') if "/materials/" in part][-1]  # a signature
    assert visitor.http.get(material).status_code == 200
    page(visitor.open(material.replace(mine, theirs)), 404)


def test_the_database_and_its_backup_cannot_be_read(web_round: Web, visitor: Visitor) -> None:
    """Neither the file nor the report nor the address stands in a row; a changed row opens nothing."""
    data = agreement()
    address = upload(visitor, data, "secret-merger.pdf")
    token = address.rpartition("/")[2]
    services = web_round.case.services
    with services.db.read() as session:
        row = session.scalars(select(JudgedFile).options(undefer(JudgedFile.sealed_pdf))).one()
        sealed_pdf = row.sealed_pdf
        kept = sealed_pdf + row.sealed_report + row.token_sha256.encode()
    for plain in (b"%PDF-", b"ByteRange", b"secret-merger", b"Signatory", token.encode(), data[:64]):
        assert plain not in kept
    assert envelopes.open_(token, "pdf", sealed_pdf) == data
    for purpose, envelope, used in (
        ("report", sealed_pdf, token),
        ("pdf", sealed_pdf, new_token()),
        ("pdf", sealed_pdf[:-1] + bytes([sealed_pdf[-1] ^ 1]), token),
        ("pdf", b"", token),
    ):
        with pytest.raises(envelopes.EnvelopeBroken):
            envelopes.open_(used, purpose, envelope)


def test_the_operators_log_shortens_the_address() -> None:
    event = {"path": "/verification/abcdefghijklmnopqrstuvwxyz/pages/1/2.png"}
    assert without_link_tokens(structlog.get_logger(), "info", event)["path"] == "/verification/…/pages/1/2.png"


def test_a_look_changes_nothing_and_the_audit_log_never_hears_of_it(web_round: Web, visitor: Visitor) -> None:
    services = web_round.case.services
    with nothing_changes(services, but=("judged_file",)):
        address = upload(visitor, replace_page(agreement()))
    with nothing_changes(services):
        for path in ("", "/report.pdf", "/report.json", "/changes/9", "/pages/9/1.png", "/at?at=2027-01-01T00:00"):
            assert visitor.open(address + path).status_code == 200, path
    with nothing_changes(services):
        visitor.csrf = "none"
        page(visitor.send(f"{address}/forget"), 400, "request.csrf")


def test_nothing_of_the_file_runs_and_the_file_itself_is_never_handed_out(web_round: Web, visitor: Visitor) -> None:
    """Scripts, and names that are markup: in every page and download they are text, or not there."""
    markup = "<img src=x onerror=alert(1)>"
    signed = sign(base_pdf(), pki(), Signing(pki().signatory(markup), field="Sig<b>"))
    address = upload(visitor, add_script(signed), f"{markup}.pdf")
    answers = {path: visitor.open(address + path) for path in ("", "/changes/3", "/report.html", "/report.xml")}
    for path, answer in answers.items():
        assert answer.status_code == 200, path
        assert b"<img src=x" not in answer.data, path
        assert b"app.alert" not in answer.data, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert b"<script" not in answers["/report.html"].data
    report = visitor.open(f"{address}/report.pdf").data
    assert b"/JavaScript" not in report
    assert b"/OpenAction" not in report
    for path in ("/file.pdf", "/document.pdf", "/pages/1/1.pdf"):
        assert visitor.open(address + path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/pages/0/1.png",
        "/pages/99/1.png",
        "/pages/1/0.png",
        "/pages/1/999999999.png",
        "/pages/1/-1.png",
        f"/materials/{'0' * 64}",
        "/materials/../../x",
        "/changes/0",
        "/report.php",
    ],
)
def test_what_is_not_there_is_not_found(web_round: Web, visitor: Visitor, path: str) -> None:
    page(visitor.open(upload(visitor, basic()) + path), 404)


@pytest.mark.parametrize("moment", ["x", "2027-13-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59:59-14:00", "1e9"])
def test_a_time_that_is_none_is_refused(web_round: Web, visitor: Visitor, moment: str) -> None:
    address = upload(visitor, b"%PDF-1.7\nnothing")
    page(visitor.http.get(f"{address}/at", query_string={"at": moment}), 422, "service.invalid_input")
    problem(
        visitor.http.post("/api/v1/verification", query_string={"at": "x"}, data=basic()), 422, "service.invalid_input"
    )


def test_a_policy_that_is_none_is_refused(web_round: Web, visitor: Visitor) -> None:
    """Names of policies are names of files: only those of the list are looked for."""
    for name_of in ("../report", "suites", "", "strict.json", "x" * 5000):
        answer = visitor.http.post("/api/v1/verification", query_string={"policy": name_of}, data=basic())
        problem(answer, 422, "service.invalid_input")


def huge(pdf: bytes) -> bytes:
    """A page as large as a number can say."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        node = writer.root["/Pages"]["/Kids"][0]
        node[name("/MediaBox")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 2_000_000, 2_000_000)))
        writer.update_container(node)

    return update(pdf, change)


def test_a_page_of_seven_hundred_metres_is_drawn_small(web_round: Web) -> None:
    pdf = huge(stamped())
    report = judge(pdf)
    found = exhibits(pdf, report)
    assert [change.page for look in found.looks for change in look.changes] == [1]
    png = page_pictures(pdf, [1])[1]
    assert int.from_bytes(png[16:20], "big") <= 2400


def test_a_file_that_breaks_the_drawing_still_has_its_report(web_round: Web, visitor: Visitor) -> None:
    """The pictures come from a process of their own; when it ends, the report stands without them."""
    starved = isolation.Limits(64 * isolation.MIB, 5, 10.0, isolation.MIB)
    assert exhibits(agreement(), judge(agreement()), starved).problem == "NoAnswer"
    assert page_pictures(b"%PDF-1.7 nothing at all", [1, 2]) == {}
    assert exhibits(b"%PDF-1.7 nothing at all", judge(b"%PDF-1.7 nothing at all")).materials == ()


def test_nobody_fills_the_disk(web_round: Web, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judged_files, "MOST_BYTES", 200_000)
    services = web_round.case.services
    upload(visitor, agreement())
    with nothing_changes(services):
        answer = visitor.send(
            "/verify", {"file": (io.BytesIO(agreement()), "b.pdf")}, content_type="multipart/form-data"
        )
        assert "Nothing was kept" in page(answer, 503, "verification.too_many")


def test_megabytes_are_counted_per_address(web_round: Web, visitor: Visitor) -> None:
    """Thirty megabytes again and again: after two thousand in an hour the address waits."""
    with web_round.app.app_context():
        limiter.reset()
    heavy = b"x" * 30_000_000

    def send(address: str) -> int:
        return visitor.http.post("/api/v1/verification", data=heavy, environ_base={"REMOTE_ADDR": address}).status_code

    assert [send("192.0.2.1") for _ in range(65)] == [422] * 64 + [429]
    assert send("192.0.2.2") == 422
    with web_round.app.app_context():
        limiter.reset()


def test_the_interface_keeps_nothing_and_reads_no_cookie(web_round: Web, visitor: Visitor) -> None:
    with nothing_changes(web_round.case.services):
        answer: Any = visitor.http.post("/api/v1/verification?name=../../x.pdf", data=agreement())
        assert answer.status_code == 200
        assert answer.get_json()["file"]["name"] == "x.pdf"
        form = {"file": (io.BytesIO(agreement()), "a.pdf")}
        etsi = visitor.http.post("/api/v1/verification?format=etsi", data=form, content_type="multipart/form-data")
        assert etsi.mimetype == "application/xml"
        problem(visitor.http.post("/api/v1/verification", data=b"no pdf"), 422, "upload.not_pdf")
        problem(visitor.http.post("/api/v1/verification"), 422, "upload.not_pdf")
        assert visitor.http.get("/api/v1/verification").status_code == 405
    assert json.loads(answer.data)["schema"].startswith("signing-service/report/")


def test_forgetting_takes_the_pictures_along(web_round: Web, visitor: Visitor) -> None:
    address = upload(visitor, replace_page(agreement()))
    assert visitor.open(f"{address}/pages/9/1.png").status_code == 200
    kept = {key[0] for key in remembered._pictures}
    judged_files.forget(web_round.case.services, ANONYMOUS, address.rpartition("/")[2])
    assert {key[0] for key in remembered._pictures} < kept
    page(visitor.open(f"{address}/pages/9/1.png"), 410)
