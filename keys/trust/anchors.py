"""Trust anchors per purpose, read from PEM or DER.

An anchor for signing says nothing about time stamps and the other way round. Nothing is bundled and nothing is fetched:
who verifies decides whom to trust.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from keys.errors import AnchorUnreadable

MAXIMUM_BYTES = 4 * 1024 * 1024

Source = bytes | Path
"""The content of a PEM or DER file, or where it is."""


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """Certificates in DER, trusted for signatures and seals (`signing`) and for time stamps (`timestamping`).

    Who answers for revocation is named by the issuer of a certificate itself (RFC 6960 §4.2.2.2), never here.
    """

    signing: tuple[bytes, ...] = ()
    timestamping: tuple[bytes, ...] = ()

    @classmethod
    def from_pem(
        cls, signing: Source | Iterable[Source] = (), timestamping: Source | Iterable[Source] | None = None
    ) -> "TrustAnchors":
        """Anchors from PEM (one or many per source) or DER. Without `timestamping` the same are trusted for both.

        Raises `AnchorUnreadable` naming the source.
        """
        signers = _read_all(signing)
        return cls(signers, signers if timestamping is None else _read_all(timestamping))

    def and_also(self, other: "TrustAnchors") -> "TrustAnchors":
        """Both sets, each certificate once."""
        return TrustAnchors(
            tuple(dict.fromkeys((*self.signing, *other.signing))),
            tuple(dict.fromkeys((*self.timestamping, *other.timestamping))),
        )

    def fingerprints(self) -> tuple[str, ...]:
        """SHA-256 of every anchor, lower-case hex, sorted: the name of this set of anchors, e.g. in a cache key."""
        every = (*self.signing, *self.timestamping)
        return tuple(sorted({sha256(der).hexdigest() for der in every}))


def _read_all(sources: Source | Iterable[Source]) -> tuple[bytes, ...]:
    many = [sources] if isinstance(sources, bytes | Path) else list(sources)
    return tuple(dict.fromkeys(der for source in many for der in certificates_in(source)))


def certificates_in(source: Source) -> tuple[bytes, ...]:
    """Every certificate of a source, in DER and in its order; raises `AnchorUnreadable`."""
    name, content = _content(source)
    if len(content) > MAXIMUM_BYTES:
        raise AnchorUnreadable(name=name, reason="it is far too long")
    if b"PRIVATE KEY-----" in content:
        raise AnchorUnreadable(name=name, reason="it holds a private key, which belongs to nobody who only verifies")
    try:
        if b"-----BEGIN" in content:
            found = x509.load_pem_x509_certificates(content)
        else:
            found = [x509.load_der_x509_certificate(content)]
        for certificate in found:
            _ = certificate.public_key(), certificate.extensions
    except (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension) as error:
        raise AnchorUnreadable(name=name, reason="it is neither PEM nor DER of a certificate") from error
    return tuple(certificate.public_bytes(serialization.Encoding.DER) for certificate in found)


def _content(source: Source) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "The text", source
    try:
        with source.open("rb") as file:
            return source.name, file.read(MAXIMUM_BYTES + 1)
    except OSError as error:
        raise AnchorUnreadable(name=source.name, reason="the file cannot be opened") from error
