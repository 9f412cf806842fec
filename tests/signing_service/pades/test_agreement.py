"""A composed agreement goes the whole way: sealed, signed by everybody, closed, and accepted by strangers."""

from datetime import timedelta
from pathlib import Path

from keys.custody import CustodyKind, brief
from signing_service.pades import skeleton
from signing_service.pades.document import Document
from signing_service.pades.long_term import levels
from signing_service.pades.seal import seal
from signing_service.pades.syntax import Ref
from tests.agreements.rendering.pdf_a import broken_rules
from tests.agreements.rendering.tools import VERIFY_URL, rendered
from tests.agreements.rendering.versions import version
from tests.factories.handwriting import handwriting
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import NOW, appearance, keyring, signatory, signed
from tests.signing_service.pades.test_long_term import LATER, LISTED, closed


def test_an_agreement_of_three_parties_from_frozen_to_closed(tmp_path: Path) -> None:
    agreement = rendered(version(people=(2, 1, 1)))
    current = seal(agreement.pdf, keyring().seal, keyring().timestamp_source, at=NOW)
    fields = [field.name for field in agreement.fields if field.name != "Seal"]
    for number, (name, kind) in enumerate(zip(fields, CustodyKind, strict=False)):
        custody = {lang: brief(kind, lang) for lang in ("zh-Hans", "en")}
        look = appearance(custody=custody, drawing=handwriting(number) if number % 2 else None)
        current = signed(current, signatory(f"签署人 {name[-10:]}"), name, appearance=look)
    last = closed(current)
    path = tmp_path / "agreement.pdf"
    path.write_bytes(last)
    assert last.startswith(agreement.pdf)
    assert levels(last) == dict.fromkeys(["Seal", *fields], "B-LTA")
    assert broken_rules(last) == broken_rules(agreement.pdf) == []
    judges.qpdf_accepts(path)
    judges.pdfsig_accepts(path, 5)
    pages = {field.page + 1 for field in agreement.fields if field.name != "Seal"}
    codes = [code for page in sorted(pages) for code in judges.codes_on(path, page)]
    assert codes == [VERIFY_URL] * (len(fields) + 1)  # one in each stamp, one at the foot of the last page
    assert last.count(qr_code_of(agreement.pdf)) == 1
    judges.pyhanko_accepts(last, keyring().root_der, LATER)
    judges.pyhanko_needs_nothing_else(last, keyring().root_der, LISTED + timedelta(seconds=1))


def qr_code_of(pdf: bytes) -> bytes:
    """The content of the QR code that all stamps of a document share."""
    document = Document(pdf)
    (number,) = {field.code for name, field in skeleton.read(document).layout.fields.items() if name != "Seal"}
    assert number is not None
    return document.stream(Ref(number, 0))


def test_a_signature_takes_the_place_that_was_kept_free(tmp_path: Path) -> None:
    agreement = rendered(version())
    field = agreement.fields[0]
    base = seal(agreement.pdf, keyring().seal, None, at=NOW)
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(base, signatory(), field.name))
    page = str(field.page + 1)
    text = judges.run("pdftotext", "-raw", "-f", page, "-l", page, str(path), "-")
    assert "Signature prepared 2026-11-22" in " ".join(text.split())
