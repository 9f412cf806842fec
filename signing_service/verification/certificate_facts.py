"""Single facts of certificates, each asked once per report: read plainly where that goes, else by the library."""

from datetime import datetime

from asn1crypto import x509

from keys.encoded import encoded
from signing_service.verification.once import once
from signing_service.verification.plain_certificates import NO_CHECK, PlainCertificate, der_of, plain_certificate
from signing_service.verification.plain_der import if_plain
from signing_service.verification.plain_names import reads_like

SHORT_TERM, SHORT_TERM_ENCODED = "0.4.0.194121.2.1", bytes.fromhex("04008bec490201")  # EN 319 412-1 clause 5.2.2


@once(id)
def plainly_read(certificate: x509.Certificate) -> PlainCertificate:
    """Raises NotPlain."""
    return plain_certificate(der_of(certificate))


@once(id)
def serial_of(certificate: x509.Certificate) -> bytes:
    """The serial number as it is encoded."""
    with if_plain:
        return plainly_read(certificate).serial
    return bytes(certificate["tbs_certificate"]["serial_number"].contents)


def serial_number(certificate: x509.Certificate) -> int:
    """The serial number."""
    return int.from_bytes(serial_of(certificate), "big", signed=True)


def begins(certificate: x509.Certificate) -> datetime:
    """From when it is valid."""
    with if_plain:
        return plainly_read(certificate).begins
    moment: datetime = certificate.not_valid_before
    return moment


def ends(certificate: x509.Certificate) -> datetime:
    """Until when it is valid."""
    with if_plain:
        return plainly_read(certificate).ends
    moment: datetime = certificate.not_valid_after
    return moment


@once(id)
def issuer_of(certificate: x509.Certificate) -> bytes:
    """The issuer's name as it is encoded."""
    with if_plain:
        return plainly_read(certificate).issuer
    return encoded(certificate.issuer)


@once(id)
def is_self_issued(certificate: x509.Certificate) -> bool:
    """Whether subject and issuer are the same name."""
    with if_plain:
        plain = plainly_read(certificate)
        if plain.subject == plain.issuer:
            return True
        if reads_like(plain.subject) != reads_like(plain.issuer):
            return False
    return bool(certificate.self_issued)


@once(id)
def is_never_checked(certificate: x509.Certificate) -> bool:
    """Whether it says that its revocation is not to be asked for (RFC 6960 clause 4.2.2.2.1)."""
    with if_plain:
        return NO_CHECK in plainly_read(certificate).extensions
    return certificate.ocsp_no_check_value is not None


@once(id)
def is_short_term(certificate: x509.Certificate) -> bool:
    """Whether the certificate says that its short validity replaces revocation (EN 319 412-1)."""
    with if_plain:
        return SHORT_TERM_ENCODED in plainly_read(certificate).extensions
    return any(
        extension["extn_id"].dotted == SHORT_TERM for extension in certificate["tbs_certificate"]["extensions"] or ()
    )


@once(id)
def key_facts(certificate: x509.Certificate) -> tuple[str, int]:
    """Kind of the key and its size in bits; 0 where the kind says it all."""
    with if_plain:
        return _key_on_curve(plainly_read(certificate).curve, certificate)
    return _key_facts(certificate)


@once(lambda curve, certificate: ("curve", curve))
def _key_on_curve(curve: bytes, certificate: x509.Certificate) -> tuple[str, int]:
    return _key_facts(certificate)


def _key_facts(certificate: x509.Certificate) -> tuple[str, int]:
    key = certificate.public_key
    kind = str(key.algorithm)
    return kind, int(key.bit_size) if kind in ("rsa", "rsassa_pss", "dsa", "ec") else 0
