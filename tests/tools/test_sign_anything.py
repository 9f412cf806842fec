"""Any PDFs signed twice and judged: those of the table of honest documents, and one that is beyond signing."""

from tests.signing_service.verification.documents import base_pdf
from tests.signing_service.verification.handmade import PAGES, written
from tools.sign_anything import OK, UNSIGNABLE, run


def test_documents_of_any_kind_are_counted_by_their_answers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    catalog = b"<</Type/Catalog/Pages 2 0 R>>"
    folder = tmp_path / "some" / "where"
    folder.mkdir(parents=True)
    (folder / "ours.pdf").write_bytes(base_pdf())
    (folder / "by hand.pdf").write_bytes(written({1: catalog, **PAGES, 3: PAGES[3].replace(b"/Annots[6 0 R]", b"")}))
    (folder / "no.pdf").write_bytes(b"%PDF-1.7\nnothing")
    assert run([tmp_path]) == {OK: 2, UNSIGNABLE: 1}
