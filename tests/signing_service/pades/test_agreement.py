"""A composed agreement goes the whole way: sealed, signed by everybody, closed, and accepted by strangers."""

from datetime import timedelta
from pathlib import Path

from keys.custody import CustodyKind, words
from signing_service.pades.long_term import levels
from signing_service.pades.seal import seal
from tests.agreements.rendering.pdf_a import broken_rules
from tests.agreements.rendering.tools import rendered
from tests.agreements.rendering.versions import version
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import NOW, appearance, keyring, signatory, signed
from tests.signing_service.pades.test_long_term import LATER, LISTED, closed


def test_an_agreement_of_three_parties_from_frozen_to_closed(tmp_path: Path) -> None:
    agreement = rendered(version(people=(2, 1, 1)))
    current = seal(agreement.pdf, keyring().seal, keyring().timestamp_source, at=NOW)
    fields = [field.name for field in agreement.fields if field.name != "Seal"]
    for name, kind in zip(fields, CustodyKind, strict=False):
        custody = {lang: words(kind, lang) for lang in ("zh-Hans", "en")}
        current = signed(current, signatory(f"签署人 {name[-10:]}"), name, appearance=appearance(custody=custody))
    last = closed(current)
    path = tmp_path / "agreement.pdf"
    path.write_bytes(last)
    assert last.startswith(agreement.pdf)
    assert levels(last) == dict.fromkeys(["Seal", *fields], "B-LTA")
    assert broken_rules(last) == broken_rules(agreement.pdf) == []
    judges.qpdf_accepts(path)
    judges.pdfsig_accepts(path, 5)
    judges.pyhanko_accepts(last, keyring().root_der, LATER)
    judges.pyhanko_needs_nothing_else(last, keyring().root_der, LISTED + timedelta(seconds=1))


def test_a_signature_takes_the_place_that_was_kept_free(tmp_path: Path) -> None:
    agreement = rendered(version())
    field = agreement.fields[0]
    base = seal(agreement.pdf, keyring().seal, None, at=NOW)
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(base, signatory(), field.name))
    page = str(field.page + 1)
    text = judges.run("pdftotext", "-raw", "-f", page, "-l", page, str(path), "-")
    assert "Signature prepared 2026-11-22" in " ".join(text.split())
