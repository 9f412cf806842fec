from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import keys, x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from agreements.rendering import SEAL_FIELD
from tests.agreements.rendering.tools import rendered, run
from tests.agreements.rendering.versions import version


@pytest.mark.parametrize("people", [(1, 1), (2, 1), (1, 1, 1), (3, 2, 1, 1)])
def test_one_field_per_signatory_inside_its_page_and_apart_from_the_others(people: tuple[int, ...]) -> None:
    sample = version(articles=2, people=people)
    result = rendered(sample)
    assert [field.block_id for field in result.fields[:-1]] == [block.id for block in sample.signature_blocks]
    assert [field.name for field in result.fields[:-1]] == [block.field_name for block in sample.signature_blocks]
    for position, field in enumerate(result.fields[:-1]):
        x0, y0, x1, y1 = field.rect
        assert 0 < x0 < x1 < 595.276
        assert 0 < y0 < y1 < 841.89
        assert x1 - x0 > 150
        assert y1 - y0 >= 58
        for other in result.fields[position + 1 : -1]:
            a0, b0, a1, b1 = other.rect
            assert field.page != other.page or x1 <= a0 or a1 <= x0 or y1 <= b0 or b1 <= y0


@pytest.mark.parametrize("people", [(1, 1), (2, 2), (1, 1, 1, 1), (3, 3), (5, 2, 1, 1)])
def test_last_page_has_a_signature_above_what_they_bind(people: tuple[int, ...]) -> None:
    result = rendered(version(articles=2, people=people))
    lowest = [field for field in result.fields[:-1] if field.page == result.pages - 1]
    assert lowest
    assert min(field.rect[1] for field in lowest) > 74 + 120  # the closing block's upper edge


def test_four_signatories_and_what_they_bind_share_one_page() -> None:
    result = rendered(version(articles=2, people=(2, 2)))
    assert {field.page for field in result.fields[:-1]} == {result.pages - 1}


def test_what_is_returned_is_what_the_file_holds() -> None:
    result = rendered(version(articles=2))
    reader = PdfFileReader(BytesIO(result.pdf))
    form = reader.root["/AcroForm"]
    assert form["/SigFlags"] == 3
    assert len(form["/Fields"]) == len(result.fields)
    for position, field in enumerate(result.fields):
        widget = form["/Fields"][position]
        assert widget["/T"] == field.name
        assert (widget["/FT"], widget["/F"], widget["/Subtype"]) == ("/Sig", 4, "/Widget")
        assert tuple(float(value) for value in widget["/Rect"]) == pytest.approx(field.rect)
        assert "/V" not in widget
        page = reader.root["/Pages"]["/Kids"][field.page]
        assert widget.raw_get("/P").idnum == reader.root["/Pages"]["/Kids"].raw_get(field.page).idnum
        assert form["/Fields"].raw_get(position).idnum in [one.idnum for one in page["/Annots"]]


def test_the_seal_has_an_invisible_field_on_the_first_page() -> None:
    seal = rendered(version(articles=1)).fields[-1]
    assert (seal.name, seal.page, seal.rect) == (SEAL_FIELD, 0, (0.0, 0.0, 0.0, 0.0))


def _throw_away_signer() -> signers.SimpleSigner:
    key = ec.generate_private_key(ec.SECP256R1())
    name = pyca_x509.Name([pyca_x509.NameAttribute(pyca_x509.NameOID.COMMON_NAME, "Throw-away")])
    now = datetime.now(UTC)
    usage = pyca_x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        pyca_x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(usage, True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )


def test_all_fields_can_be_signed_one_after_the_other_without_harming_the_earlier_ones(tmp_path: Path) -> None:
    result = rendered(version(articles=3, people=(2, 1)))
    signer, pdf = _throw_away_signer(), result.pdf
    names = [SEAL_FIELD, *(field.name for field in result.fields[:-1])]
    for name in names:
        seal = {"certify": True, "docmdp_permissions": fields.MDPPerm.FILL_FORMS} if name == SEAL_FIELD else {}
        metadata = signers.PdfSignatureMetadata(field_name=name, subfilter=fields.SigSeedSubFilter.PADES, **seal)
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        signed = signers.PdfSigner(metadata, signer=signer).sign_pdf(writer, existing_fields_only=True)
        pdf = signed.getvalue()
    assert pdf.startswith(result.pdf)
    context = ValidationContext(trust_roots=[signer.signing_cert])
    signatures = PdfFileReader(BytesIO(pdf)).embedded_signatures
    assert [signature.field_name for signature in signatures] == names
    for signature in signatures:
        status = validate_pdf_signature(signature, context)
        assert status.bottom_line, f"{signature.field_name}: {status.modification_level}"
    file = tmp_path / "signed.pdf"
    file.write_bytes(pdf)
    assert run("pdfsig", "-nocert", str(file)).count("Signature is Valid") == len(names)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(file))
