"""Certificate revocation lists (RFC 5280 §5). Which certificate is revoked, and by whose decision, is kept elsewhere.

A list covers every certificate of its issuer. Entries stay on it after their certificate has expired, because a
signature made before is judged for years; the list says so (expiredCertsOnCRL, X.509 §9.5.2.8).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.clock import in_utc

CRL_LIFE = timedelta(days=7)
"""Readers must fetch a new list after this; it also covers a weekend with the service switched off."""

ROOT_CRL_LIFE = timedelta(days=180)
"""The root's list changes almost never, and its key is meant to be offline."""

_EXPIRED_ON_CRL = x509.ObjectIdentifier("2.5.29.60")


class RevocationReason(StrEnum):
    """Why a certificate was revoked (RFC 5280 §5.3.1)."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "key_compromise"
    CA_COMPROMISE = "ca_compromise"
    AFFILIATION_CHANGED = "affiliation_changed"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessation_of_operation"
    PRIVILEGE_WITHDRAWN = "privilege_withdrawn"


_FLAGS = {
    RevocationReason.KEY_COMPROMISE: x509.ReasonFlags.key_compromise,
    RevocationReason.CA_COMPROMISE: x509.ReasonFlags.ca_compromise,
    RevocationReason.AFFILIATION_CHANGED: x509.ReasonFlags.affiliation_changed,
    RevocationReason.SUPERSEDED: x509.ReasonFlags.superseded,
    RevocationReason.CESSATION_OF_OPERATION: x509.ReasonFlags.cessation_of_operation,
    RevocationReason.PRIVILEGE_WITHDRAWN: x509.ReasonFlags.privilege_withdrawn,
}


class RevokedCertificate(NamedTuple):
    """One line of a list; a plain tuple of the same three does as well."""

    serial: int
    revoked_at: datetime
    reason: str = RevocationReason.UNSPECIFIED


def crl_number(now: datetime) -> int:
    """Microseconds since 1970: grows without a counter, also with several instances (RFC 5280 §5.2.3)."""
    return int(in_utc(now).timestamp() * 1_000_000)


def build_crl(
    issuer: x509.Certificate,
    issuer_key: ec.EllipticCurvePrivateKey,
    revoked: Sequence[tuple[int, datetime, str]],
    now: datetime,
    *,
    life: timedelta = CRL_LIFE,
) -> bytes:
    """The complete list of one issuer in DER; `revoked` holds (serial, revoked_at, reason of `RevocationReason`)."""
    start = in_utc(now).replace(microsecond=0)
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    since = core.GeneralizedTime(issuer.not_valid_before_utc.astimezone(UTC)).dump()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(start)
        .next_update(start + life)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .add_extension(x509.CRLNumber(crl_number(now)), critical=False)
        .add_extension(x509.UnrecognizedExtension(_EXPIRED_ON_CRL, since), critical=False)
    )
    for serial, revoked_at, reason in revoked:
        builder = builder.add_revoked_certificate(_entry(serial, revoked_at, _reason(reason)))
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def entries_of(crl_der: bytes) -> tuple[RevokedCertificate, ...]:
    """The lines of a list made by `build_crl`."""
    reason_of = {flag: reason for reason, flag in _FLAGS.items()}
    lines = []
    for entry in x509.load_der_x509_crl(crl_der):
        reason = RevocationReason.UNSPECIFIED
        for extension in entry.extensions:
            if isinstance(extension.value, x509.CRLReason):
                reason = reason_of[extension.value.reason]
        lines.append(RevokedCertificate(entry.serial_number, entry.revocation_date_utc, reason))
    return tuple(lines)


def continued(crl_der: bytes, revoked: Sequence[tuple[int, datetime, str]]) -> tuple[tuple[int, datetime, str], ...]:
    """The lines of the former list and the new ones: what was revoked once stays revoked, as it was first said."""
    lines: dict[int, tuple[int, datetime, str]] = {line.serial: line for line in entries_of(crl_der)}
    for line in revoked:
        lines.setdefault(line[0], line)
    return tuple(lines.values())


def flag_of(text: str | None) -> x509.ReasonFlags | None:
    """The reason as RFC 5280 names it; None for "unspecified", which is said by leaving it out."""
    return _FLAGS.get(_reason(text or ""))


def _reason(text: str) -> RevocationReason:
    """Any other text counts as unspecified: that a certificate is revoked must never depend on the words for it."""
    return RevocationReason(text) if text in set(RevocationReason) else RevocationReason.UNSPECIFIED


def _entry(serial: int, revoked_at: datetime, reason: RevocationReason) -> x509.RevokedCertificate:
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(in_utc(revoked_at).replace(microsecond=0))
    )
    if reason in _FLAGS:  # "unspecified" is said by leaving the reason out
        entry = entry.add_extension(x509.CRLReason(_FLAGS[reason]), critical=False)
    return entry.build()
