"""A small PKI for tests: root, issuing authority, time stamp authority, signatories, revocation lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from keys.trust.anchors import TrustAnchors

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
DER = serialization.Encoding.DER
#: QCStatements of EN 319 412-5: qualified, key in a qualified device, for seals.
QC_STATEMENTS = {
    "compliance": bytes.fromhex("3008060604008e460101"),
    "device": bytes.fromhex("3008060604008e460104"),
    "seal": bytes.fromhex("3013060604008e4601063009060704008e46010602"),
}


@cache
def key(label: str) -> ec.EllipticCurvePrivateKey:
    """One P-256 key per label."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rsa_key(label: str) -> rsa.RSAPrivateKey:
    """One RSA key per label: the dummy time stamper of pyHanko speaks RSA only."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(DER))


def _name(common_name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@dataclass
class Pki:
    """Everything for one test world. `prefix` keeps keys and names of two worlds apart."""

    prefix: str = "test"
    now: datetime = NOW
    revoked: dict[int, datetime] = field(default_factory=dict)
    years: int = 10

    def __post_init__(self) -> None:
        self.root = self._certificate("Root", None, authority=True, days=365 * self.years)
        self.issuing = self._certificate(
            "Issuing", "Root", authority=True, days=365 * self.years // 2 + (0 if self.years == 10 else 3650)
        )
        self.tsa = self._certificate(
            "Time stamps", "Root", days=1825, purposes=[ExtendedKeyUsageOID.TIME_STAMPING], signing=rsa_key(self.prefix)
        )

    def signatory(
        self,
        name: str = "Anna Virtanen",
        *,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        policy: str | None = None,
        short_term: bool = False,
        key: rsa.RSAPrivateKey | ed448.Ed448PrivateKey | None = None,
        statements: Sequence[str] = (),
        more: x509.UnrecognizedExtension | None = None,
    ) -> x509.Certificate:
        return self._certificate(
            name,
            "Issuing",
            days=365,
            not_before=not_before,
            not_after=not_after,
            policy=policy,
            short_term=short_term,
            organisation=f"{name} GmbH",
            signing=key,
            statements=statements,
            more=more,
        )

    def _certificate(
        self,
        name: str,
        issuer: str | None,
        *,
        authority: bool = False,
        days: int,
        purposes: list[x509.ObjectIdentifier] | None = None,
        signing: rsa.RSAPrivateKey | ed448.Ed448PrivateKey | None = None,
        not_before: datetime | None = None,
        not_after: datetime | None = None,
        policy: str | None = None,
        short_term: bool = False,
        organisation: str = "Test",
        statements: Sequence[str] = (),
        more: x509.UnrecognizedExtension | None = None,
    ) -> x509.Certificate:
        public = (signing or self.key(name)).public_key()
        begin = not_before or self.now - timedelta(days=30)
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name, organisation))
            .issuer_name(_name(issuer or name, "Test"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin)
            .not_valid_after(not_after or begin + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key(issuer or name).public_key()),
                critical=False,
            )
            .add_extension(_usage(authority, bool(purposes)), critical=True)
        )
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
        if policy:
            information = x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
            builder = builder.add_extension(x509.CertificatePolicies([information]), critical=False)
        if short_term:
            oid = x509.ObjectIdentifier("0.4.0.194121.2.1")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, b"\x05\x00"), critical=False)
        if more is not None:
            builder = builder.add_extension(more, critical=False)
        if statements:
            value = b"".join(QC_STATEMENTS[name] for name in statements)
            oid = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
            builder = builder.add_extension(
                x509.UnrecognizedExtension(oid, b"\x30" + bytes([len(value)]) + value), False
            )
        return builder.sign(self.key(issuer or name), hashes.SHA256())

    def key(self, name: str) -> ec.EllipticCurvePrivateKey:
        return key(f"{self.prefix}/{name}")

    def crl(self, issuer: str = "Issuing", *, at: datetime | None = None, days: int = 7) -> bytes:
        """A CRL in DER with everything in `revoked`."""
        moment = at or self.now - timedelta(hours=1)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(_name(issuer, "Test"))
            .last_update(moment)
            .next_update(moment + timedelta(days=days))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key(issuer).public_key()), critical=False
            )
        )
        for serial, when in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key(issuer), hashes.SHA256()).public_bytes(DER)

    def crls(self, **kwargs: datetime | int | None) -> tuple[bytes, bytes]:
        return self.crl("Root", **kwargs), self.crl("Issuing", **kwargs)  # type: ignore[arg-type]

    @property
    def anchors(self) -> TrustAnchors:
        der = (self.root.public_bytes(DER),)
        return TrustAnchors(der, der)

    def signer(self, certificate: x509.Certificate, private: ed448.Ed448PrivateKey | None = None) -> SimpleSigner:
        """Signs with the key of the certificate's name, or with `private`."""
        name = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        store = SimpleCertificateStore()
        store.register(asn1(self.issuing))
        return SimpleSigner(
            signing_cert=asn1(certificate), signing_key=_private(private or self.key(str(name))), cert_registry=store
        )

    def stamper(self, at: datetime | None = None) -> DummyTimeStamper:
        store = SimpleCertificateStore()
        store.register(asn1(self.root))
        return DummyTimeStamper(
            tsa_cert=asn1(self.tsa),
            tsa_key=_private(rsa_key(self.prefix)),
            certs_to_embed=store,
            fixed_dt=at or self.now,
        )


def _private(
    private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed448.Ed448PrivateKey,
) -> asn1_keys.PrivateKeyInfo:
    der = private.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(der)


def _usage(authority: bool, stamps: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=stamps,
        content_commitment=not authority and not stamps,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
