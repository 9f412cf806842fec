"""A certificate authority that is not ours: a root, an issuing authority, certificates for people and organisations."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class ForeignAuthority:
    """Makes its own keys at once; everything it issues is valid for most of a year."""

    def __init__(self, name: str) -> None:
        self.begins = datetime.now(UTC).replace(microsecond=0) - timedelta(days=60)
        self._root_key = ec.generate_private_key(ec.SECP256R1())
        self._key = ec.generate_private_key(ec.SECP256R1())
        root, issuing = _name(f"{name} Root", name), _name(f"{name} CA", name)
        self.root = self._make(root, self._root_key.public_key(), root, self._root_key, ca=True)
        self.issuing = self._make(issuing, self._key.public_key(), root, self._root_key, ca=True)

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        """The issuing authority's certificate."""
        return (self.issuing.public_bytes(Encoding.DER),)

    @property
    def root_pem(self) -> bytes:
        """What who trusts it trusts."""
        return self.root.public_bytes(Encoding.PEM)

    def issue(
        self, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, common_name: str, organisation: str
    ) -> x509.Certificate:
        """A certificate for signing documents."""
        return self._make(_name(common_name, organisation), key, self.issuing.subject, self._key, ca=False)

    @property
    def issuing_pem(self) -> bytes:
        """The issuing authority's certificate and the root's, as PEM: what is taken over with its key."""
        return self.issuing.public_bytes(Encoding.PEM) + self.root_pem

    @property
    def issuing_key_pem(self) -> bytes:
        """The issuing authority's private key."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def lists_der(self, *revoked: int) -> tuple[bytes, ...]:
        """The lists of the root and of the issuing authority, made now; with these serial numbers on the latter."""
        issuing = self._list(self.issuing.subject, self._key, revoked)
        return (self._list(self.root.subject, self._root_key, ()), issuing)

    @staticmethod
    def _list(issuer: x509.Name, key: ec.EllipticCurvePrivateKey, revoked: tuple[int, ...]) -> bytes:
        now = datetime.now(UTC).replace(microsecond=0)
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer)
        builder = builder.last_update(now).next_update(now + timedelta(days=30))
        builder = builder.add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
        builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False)
        for serial in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _make(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
        issuer: x509.Name,
        issuer_key: ec.EllipticCurvePrivateKey,
        *,
        ca: bool,
    ) -> x509.Certificate:
        usage = x509.KeyUsage(False, not ca, False, False, False, ca, ca, False, False)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(secrets.randbits(120) | 1 << 119)
            .not_valid_before(self.begins)
            .not_valid_after(self.begins + timedelta(days=365))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        )
        return builder.sign(issuer_key, hashes.SHA256())


def _name(common_name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FI"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
