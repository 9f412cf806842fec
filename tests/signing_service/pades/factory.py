"""Small documents and the people, keys and authorities that sign them in the tests of this folder."""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from agreements.rendering import qr_code
from agreements.rendering.pdf_file import PdfFile, number
from keys.issuing.profiles import SIGNATORY
from keys.issuing.subjects import SubjectFacts
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts
from signing_service.pades.appearance import Appearance, draw
from signing_service.pades.complete import complete
from signing_service.pades.prepare import Prepared, prepare
from signing_service.pades.seal import seal

NOW = datetime(2026, 11, 22, 10, 2, 31, tzinfo=UTC)
FONTS = Path(__file__).parents[3] / "fonts" / "pdf"
VERIFY_URL = "https://sign.conference.example.org/verify/SCA-2026-017"
FIELD_A, FIELD_B = "Signatory_party_a_1", "Signatory_party_b_1"


@dataclass(frozen=True)
class Holder:
    """A signatory: a private key that stays with them, their certificate and its issuers."""

    key: ec.EllipticCurvePrivateKey
    certificate_der: bytes
    chain_der: tuple[bytes, ...]

    def sign(self, signed_attributes: bytes) -> bytes:
        return self.key.sign(signed_attributes, ec.ECDSA(hashes.SHA256()))

    @property
    def serial(self) -> int:
        return x509.load_der_x509_certificate(self.certificate_der).serial_number


@cache
def keyring() -> Keyring:
    """The service's keys; their clock stands a minute after NOW."""
    facts = KeyringFacts("Test Conference", "FI", "seal@example.org", "https://sign.example.org", demo=True)
    folder = Path(tempfile.mkdtemp()) / "keys"
    clock = lambda: NOW + timedelta(minutes=1)  # noqa: E731
    return Keyring.create(folder, bytes(range(32)), facts, NOW - timedelta(days=1), clock=clock)


def signatory(name: str = "王小明 Wang Xiaoming") -> Holder:
    """A person with a new key and a certificate of our issuing authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    facts = SubjectFacts(name, "中欧新经济产业创新中心", "wang@example.org", "SIG-0001", "CN")
    issued = keyring().issuing.issue_for_key(key.public_key(), facts, SIGNATORY, invitation_id="inv_1", now=NOW)
    return Holder(key, issued.der, (keyring().issuing_der,))


def good_answer(certificate_der: bytes, at: datetime) -> bytes:
    """An OCSP answer of our issuing authority: this certificate is not revoked."""
    authority = keyring().issuing
    certificate = x509.load_der_x509_certificate(certificate_der)
    good = ocsp.OCSPCertStatus.GOOD
    answer = ocsp.OCSPResponseBuilder().add_response(
        certificate, authority.certificate, hashes.SHA256(), good, at, at + timedelta(days=1), None, None
    )
    answer = answer.responder_id(ocsp.OCSPResponderEncoding.HASH, authority.certificate)
    return answer.sign(authority._key, hashes.SHA256()).public_bytes(Encoding.DER)


def stranger(
    key: CertificateIssuerPrivateKeyTypes,
    *,
    begins: datetime = NOW - timedelta(days=1),
    days: int = 30,
    may_sign: bool = True,
) -> bytes:
    """A self-signed certificate in DER, for keys and lives that our authority would not issue for."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A stranger")])
    usage = x509.KeyUsage(may_sign, may_sign, not may_sign, False, False, False, False, False, False)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(begins).not_valid_after(begins + timedelta(days=days))
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def appearance(name: str = "王小明 Wang Xiaoming", **changes: object) -> Appearance:
    texts: dict[str, object] = {
        "name": name,
        "party": {
            "zh-Hans": "中欧新经济产业创新中心",
            "en": "Sino-European New Economy Industry Innovation Center",
        },
        "title": {"zh-Hans": "主任", "en": "Director"},
        "custody": {"zh-Hans": "密钥由签署人本人持有", "en": "Key held by the signatory"},
        "at": NOW,
        "fonts": FONTS,
    }
    return Appearance(**(texts | changes))  # type: ignore[arg-type]  # the mapping is typed by its keys


def one_page(texts: Appearance, width: float, height: float, code: str = "") -> bytes:
    """The stamp alone, as a document of one page; with a QR code of that text."""
    pdf = PdfFile()
    shared = qr_code.write_form(pdf, code) if code else None
    drawn = draw(texts.texts, width, height, pdf, time=texts.time, code=shared, drawing=texts.drawing)
    stamp = drawn.number
    pages = pdf.reserve()
    content = pdf.add_stream(b"/S Do")
    page = pdf.add(
        f"<</Type /Page /Parent {pages} 0 R /MediaBox [0 0 {number(width)} {number(height)}]"
        f" /Resources <</XObject <</S {stamp} 0 R>>>> /Contents {content} 0 R>>"
    )
    pdf.put(pages, f"<</Type /Pages /Kids [{page} 0 R] /Count 1>>")
    root = pdf.add(f"<</Type /Catalog /Pages {pages} 0 R>>")
    return pdf.finish(root=root, info=pdf.add("<<>>"), identifier=bytes(16))


def sealed(fields: tuple[str, ...] = (FIELD_A, FIELD_B)) -> bytes:
    """A document that the service has certified."""
    return seal(document(fields), keyring().seal, keyring().timestamp_source, at=NOW)


def prepared(base: bytes, holder: Holder, field: str = FIELD_A, **changes: object) -> Prepared:
    arguments: dict[str, object] = {"field_name": field, "appearance": appearance(), "at": NOW}
    arguments |= {"certificate_der": holder.certificate_der, "chain_der": holder.chain_der}
    return prepare(base, **(arguments | changes))  # type: ignore[arg-type]  # the mapping is typed by its keys


def signed(base: bytes, holder: Holder, field: str = FIELD_A, *, stamped: bool = True, **changes: object) -> bytes:
    attempt = prepared(base, holder, field, **changes)
    source = keyring().timestamp_source if stamped else None
    return complete(attempt, holder.sign(attempt.signed_attributes), source)


def document(fields: tuple[str, ...] = (FIELD_A, FIELD_B)) -> bytes:
    """A one-page PDF with an invisible signature field Seal and a visible one for each of `fields`."""
    first = 5
    refs = " ".join(f"{first + n} 0 R" for n in range(len(fields) + 1))
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{refs}] /SigFlags 3 >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R /Annots [{refs}] >>",
        "<< /Length 33 >>\nstream\n0.8 g 60 60 475 722 re 1 w S     \nendstream",
    ]
    boxes = {"Seal": (0, 0, 0, 0)}
    boxes |= {name: (60, 60 + 90 * (n % 8), 320, 140 + 90 * (n % 8)) for n, name in enumerate(fields)}
    bodies += [
        f"<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /Rect [{x0} {y0} {x1} {y1}] /F 132 /P 3 0 R >>"
        for name, (x0, y0, x1, y1) in boxes.items()
    ]
    return _file(bodies)


def _file(bodies: list[str]) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for place, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{place} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    identity = hashlib.sha256(out).hexdigest()[:32]
    trailer = f"<< /Size {len(bodies) + 1} /Root 1 0 R /ID [<{identity}> <{identity}>] >>"
    return bytes(out) + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
