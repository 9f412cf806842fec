"""What a signatory's own program made of a prepared signature: a value, a CMS object, or the whole PDF.

Everything that comes in is checked against the one certificate bound to the seat and the one prepared revision. A time
stamp is added where the object has none and still fits. RFC 5652, RFC 5035, ETSI EN 319 142-1.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import cms as asn1_cms

from keys.encoded import each, encoded
from keys.own_certificate_errors import (
    NoCertificateReference,
    OtherDigest,
    OtherSigner,
    OwnSignatureUnreadable,
    OwnValueWrong,
    WeakDigest,
)
from keys.timestamping.der import sequence, set_of, tagged
from keys.timestamping.sources import TimestampSource
from signing_service.pades import cms, revision, signed_data, tokens
from signing_service.pades.errors import ReserveTooSmall, WrongTimestamp
from signing_service.pades.prepared import Prepared

_DIGESTS: Mapping[str, str] = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_STAMP = "signature_time_stamp_token"


@dataclass(frozen=True, slots=True)
class Read:
    """A CMS object that was found right: `stamped` has a fitting time stamp, `baseline` meets PAdES B-B."""

    der: bytes
    stamped: bool
    baseline: bool

    @property
    def level(self) -> str:
        """The level that is reached with it in the file; "none" when a claimed signing time stands in it."""
        return "none" if not self.baseline else "B-T" if self.stamped else "B-B"


def read(der: bytes, certificate_der: bytes, covered: bytes) -> Read:
    """Check a CMS object over the bytes `covered`.

    Raises `OwnSignatureUnreadable`, `OtherSigner`, `WeakDigest`, `OtherDigest`, `NoCertificateReference` or
    `OwnValueWrong`.
    """
    try:
        content = asn1_cms.ContentInfo.load(der, strict=True)
        signed = content["content"]
        (info,) = signed["signer_infos"]
        algorithm = info["digest_algorithm"]["algorithm"].native
        attributes = {one["type"].native: one["values"] for one in info["signed_attrs"]}
        signer = signed_data.signer_certificate(signed)
        attached = signed["encap_content_info"]["content"].contents
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise OwnSignatureUnreadable from error
    if encoded(signer) != certificate_der:
        raise OtherSigner
    if algorithm not in _DIGESTS:
        raise WeakDigest(algorithm=str(algorithm).upper().replace("SHA1", "SHA-1"))
    if attached:
        raise OwnSignatureUnreadable
    _require_value(signed, covered)
    _require_reference(attributes, certificate_der)
    return Read(der, _is_stamped(info), "signing_time" not in attributes)


def _require_value(signed: asn1_cms.SignedData, covered: bytes) -> None:
    try:
        (info,) = signed["signer_infos"]
        name = info["digest_algorithm"]["algorithm"].native
        stated = next(a["values"][0].native for a in info["signed_attrs"] if a["type"].native == "message_digest")
        if stated != hashlib.new(name, covered).digest():
            raise OtherDigest
        signed_data.check(signed, signed_data.sha(covered))
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise OwnSignatureUnreadable from error
    except signed_data.Unverified as error:
        raise OwnValueWrong from error


def _require_reference(attributes: Mapping[str, asn1_cms.SetOfAny], certificate_der: bytes) -> None:
    """SigningCertificateV2 whose first entry is the digest of the signer's certificate (RFC 5035 §3)."""
    try:
        named = attributes["signing_certificate_v2"][0]["certs"][0]
        algorithm = named["hash_algorithm"]["algorithm"].native
        fits = named["cert_hash"].native == hashlib.new(algorithm, certificate_der).digest()
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise NoCertificateReference from error
    if algorithm not in _DIGESTS or not fits:
        raise NoCertificateReference


def _is_stamped(info: asn1_cms.SignerInfo) -> bool:
    imprint = hashlib.sha256(info["signature"].native).digest()
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == _STAMP:
            try:
                tokens.check(encoded(attribute["values"][0]), imprint)
            except WrongTimestamp:
                return False  # of an algorithm we do not read, or unfit: it stays as it is and does not count
            return True
    return False


def with_stamp(found: Read, source: TimestampSource, room: int) -> Read:
    """The object with a time stamp of ours as an unsigned attribute; as it was when it has one or there is no room."""
    signed = asn1_cms.ContentInfo.load(found.der)["content"]
    (info,) = signed["signer_infos"]
    unsigned = info["unsigned_attrs"]
    if unsigned or found.stamped:
        return found
    stamp = cms.timestamp_attribute(tokens.over(info["signature"].native, source))
    grown = sequence(*(encoded(info[name]) for name in _SIGNER_PARTS), tagged(0xA1, stamp))
    parts = [encoded(signed[name]) for name in ("version", "digest_algorithms", "encap_content_info")]
    parts += [encoded(signed[name]) for name in ("certificates", "crls") if signed[name].native is not None]
    whole = sequence(cms.SIGNED_DATA, tagged(0xA0, sequence(*parts, set_of(grown))))
    return Read(whole, stamped=True, baseline=found.baseline) if len(whole) <= room else found


_SIGNER_PARTS = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")


def filled(prepared: Prepared, found: Read) -> bytes:
    """The prepared revision with the object in its gap. Raises `ReserveTooSmall`."""
    if len(found.der) > prepared.reserved:
        raise ReserveTooSmall(needed=len(found.der), reserved=prepared.reserved)
    return revision.filled(prepared.pdf, prepared.reserved_start, prepared.reserved_end, found.der)


def covered_bytes(prepared: Prepared) -> bytes:
    """All of the prepared revision but its gap: what a detached CMS object is made over."""
    return prepared.pdf[: prepared.reserved_start] + prepared.pdf[prepared.reserved_end :]


def contents(gap: bytes) -> bytes:
    """The object in a gap `<…>`, cut by its own length. Raises `OwnSignatureUnreadable`."""
    try:
        return next(iter(each(bytes.fromhex(gap[1:-1].decode("ascii")))))
    except (ValueError, StopIteration) as error:
        raise OwnSignatureUnreadable from error
