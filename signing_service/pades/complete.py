"""Second half of a signature: the key holder's value is verified, stamped, embedded, and the new revision checked.

Takes plain data and returns the bytes of the signed document, or only what is appended to it. It compares nothing
with any store: whether the document has moved on meanwhile is for the caller to see from the base's SHA-256.
"""

from keys.timestamping.sources import TimestampSource
from signing_service.pades import certificates, cms, revision, tokens
from signing_service.pades.errors import PreparedChanged, ReserveTooSmall
from signing_service.pades.prepared import Prepared, PreparedTail
from signing_service.pades.running import Running, over


def complete(prepared: Prepared, value: bytes, timestamp: TimestampSource | None) -> bytes:
    """The signed revision: B-T with a time stamp source, B-B without.

    `value`: over `prepared.signed_attributes`, DER of r and s (RFC 3279, 2.2.3) or an RSA value (PKCS #1 v1.5).

    Raises `BaseChanged`, `PreparedChanged`, `WrongValue`, `WrongTimestamp`, `ReserveTooSmall`, `RevisionInvalid`, or
    the source's own error when no token can be had; the prepared signature stays usable then.
    """
    base = prepared.pdf[: prepared.base_length]
    return base + complete_tail(prepared.without_base(), over(base), value, timestamp)


def complete_tail(prepared: PreparedTail, running: Running, value: bytes, timestamp: TimestampSource | None) -> bytes:
    """The same without the base, whose SHA-256 so far is `running`: what is to be appended to it. Raises likewise."""
    revision.check_prepared(prepared, running)
    signer = certificates.signer(prepared.certificate_der)
    _check_attributes(prepared)
    certificates.check_value(signer.public_key, value, prepared.signed_attributes)
    token = tokens.over(value, timestamp) if timestamp is not None else None
    signature = cms.signature(prepared.signed_attributes, value, prepared.certificate_der, prepared.chain_der, token)
    if len(signature) > prepared.reserved:
        raise ReserveTooSmall(needed=len(signature), reserved=prepared.reserved)
    length = prepared.base_length
    signed = revision.filled(prepared.tail, prepared.reserved_start - length, prepared.reserved_end - length, signature)
    revision.check_signed(prepared, signed, value, token)
    return signed


def _check_attributes(prepared: PreparedTail) -> None:
    """Exactly what `prepare` builds for this digest and certificate: no attribute more, none less."""
    approval = b"/TransformMethod /DocMDP" not in prepared.tail  # only the seal restricts changes, and does not approve
    expected = cms.signed_attributes(prepared.document_digest, prepared.certificate_der, approval=approval)
    if prepared.signed_attributes != expected:
        raise PreparedChanged(reason="the signed attributes do not fit the document and the certificate")
