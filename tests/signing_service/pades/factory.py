"""Small documents, a test PKI and a time stamp authority for the tests of this folder."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = datetime(2026, 11, 22, 10, 2, 31, tzinfo=UTC)
CRL_URL = "http://pki.example/issuing.crl"


@dataclass(frozen=True)
class Holder:
    """A private key and its certificate; signs like a custodian."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain_der: tuple[bytes, ...] = ()

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def sign(self, signed_attributes: bytes) -> bytes:
        return self.key.sign(signed_attributes, ec.ECDSA(hashes.SHA256()))


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "FI"), x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    )


def certify(
    common_name: str,
    issuer: Holder | None,
    *,
    ca: bool = False,
    stamping: bool = False,
    key: ec.EllipticCurvePrivateKey | None = None,
    signing_allowed: bool = True,
    begins: datetime = NOW - timedelta(days=1),
    days: int = 365,
) -> Holder:
    """A key and a certificate for it; self-signed without `issuer`."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(issuer.certificate.subject if issuer else _name(common_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(ca, signing_allowed), critical=True)
    )
    if issuer:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(CRL_URL)], None, None, None)
        builder = builder.add_extension(identifier, critical=False)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    chain = (issuer.certificate_der, *issuer.chain_der) if issuer else ()
    return Holder(key, certificate, chain)


def _usage(ca: bool, signing_allowed: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca and signing_allowed,
        content_commitment=not ca and signing_allowed,
        key_encipherment=not signing_allowed,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


@dataclass(frozen=True)
class Pki:
    """Root → issuing CA → seal, signatories, time stamp authority."""

    root: Holder
    issuing: Holder
    seal: Holder
    stamping: Holder

    @property
    def root_pem(self) -> bytes:
        return self.root.certificate.public_bytes(Encoding.PEM)

    def signatory(self, name: str = "王小明 Wang Xiaoming") -> Holder:
        return certify(name, self.issuing)

    def crls(self, revoked: tuple[int, ...] = (), at: datetime = NOW) -> tuple[bytes, ...]:
        """Fresh revocation lists of both authorities; `revoked`: serial numbers of the issuing CA's."""
        return (_crl(self.root, (), at), _crl(self.issuing, revoked, at))


def _crl(issuer: Holder, revoked: tuple[int, ...], at: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at - timedelta(minutes=1))
        .next_update(at + timedelta(days=7))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at - timedelta(hours=1))
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


@cache
def pki() -> Pki:
    root = certify("Test root", None, ca=True, days=3650)
    issuing = certify("Test issuing CA", root, ca=True, days=1800)
    return Pki(root, issuing, certify("Test signing service", issuing), certify("Test TSA", issuing, stamping=True))


def document(fields: tuple[str, ...] = ("Signatory_party_a_1", "Signatory_party_b_1")) -> bytes:
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
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    identity = hashlib.sha256(out).hexdigest()[:32]
    trailer = f"<< /Size {len(bodies) + 1} /Root 1 0 R /ID [<{identity}> <{identity}>] >>"
    return bytes(out) + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
