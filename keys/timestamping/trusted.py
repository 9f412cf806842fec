"""A source whose tokens are taken only when their authority stands under an anchor the operator chose for time stamps.

The path is followed through the certificates in the token and the anchors' own file; revocation is judged at the close,
with material of that day.
"""

from datetime import datetime

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from keys.clock import Clock, system_clock
from keys.encoded import each, encoded
from keys.errors import TimestampUntrusted
from keys.timestamping.sources import TimestampSource

LONGEST_PATH = 6


class TrustedSource:
    """Asks another source and refuses what no anchor stands above. Thread-safe when the other source is."""

    def __init__(self, source: TimestampSource, anchors_der: tuple[bytes, ...], *, clock: Clock = system_clock) -> None:
        self._source = source
        self._anchors = tuple(x509.load_der_x509_certificate(anchor) for anchor in anchors_der)
        self._clock = clock
        self.name = source.name

    def token(self, sha256_imprint: bytes) -> bytes:
        """A token of the source; raises `TimestampUntrusted`, or what the source raises."""
        token = self._source.token(sha256_imprint)
        if not self._trusts(token):
            raise TimestampUntrusted(authority=self.name)
        return token

    def _trusts(self, token: bytes) -> bool:
        try:
            signed = cms.ContentInfo.load(token)["content"]
            carried = [x509.load_der_x509_certificate(der) for der in each(signed["certificates"].contents)]
            signer = _signer(signed, carried)
        except (ValueError, TypeError, KeyError):
            return False
        return signer is not None and self._reaches(signer, carried, self._clock())

    def _reaches(self, certificate: x509.Certificate, carried: list[x509.Certificate], now: datetime) -> bool:
        for _ in range(LONGEST_PATH):
            if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
                return False
            if certificate in self._anchors or any(_issued(anchor, certificate) for anchor in self._anchors):
                return True
            above = next((one for one in carried if one != certificate and _issued(one, certificate)), None)
            if above is None or not _is_authority(above):
                return False
            certificate = above
        return False


def _signer(signed: cms.SignedData, carried: list[x509.Certificate]) -> x509.Certificate | None:
    """The certificate named by the signer; `HttpAuthority` has verified the signature with the one ESS names."""
    sid = signed["signer_infos"][0]["sid"]
    for certificate in carried:
        if sid.name == "issuer_and_serial_number":
            same = certificate.issuer.public_bytes() == encoded(sid.chosen["issuer"])
            if same and certificate.serial_number == sid.chosen["serial_number"].native:
                return certificate
        elif _key_identifier(certificate) == sid.chosen.native:
            return certificate
    return None


def _key_identifier(certificate: x509.Certificate) -> bytes | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        return None


def _issued(above: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False
