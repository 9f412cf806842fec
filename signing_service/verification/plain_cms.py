"""A CMS signature of the commonest form, read from its bytes: one signer, DER, named by issuer and serial number.

`meets_the_format` says whether everything holds that a general validator asks of a CMS before it looks at trust
(RFC 5652, RFC 5035, RFC 6211, ETSI EN 319 122-1). It never says that something is wrong: what is not exactly of the
form here is left to the general way.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha1, sha256
from typing import TypeVar

from asn1crypto import cms

from keys.encoded import encoded
from signing_service.verification.once import once, once_each
from signing_service.verification.plain_algorithms import DIGESTS, MECHANISMS
from signing_service.verification.plain_certificates import plain_certificate
from signing_service.verification.plain_der import (
    CONTEXT_0,
    CONTEXT_1,
    IDENTIFIER,
    INTEGER,
    NULL,
    OCTETS,
    SEQUENCE,
    SET,
    NotPlain,
    Value,
    if_plain,
    members,
    moment,
    one,
    plainly,
)

DATA, TST_INFO = bytes.fromhex("2a864886f70d010701"), bytes.fromhex("2a864886f70d0109100104")
CONTENT_TYPE, MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
SIGNING_CERTIFICATE = bytes.fromhex("2a864886f70d010910020c")
SIGNING_CERTIFICATE_V2 = bytes.fromhex("2a864886f70d010910022f")
ALGORITHM_PROTECTION = bytes.fromhex("2a864886f70d010934")
STAMP, SIGNED_DATA = bytes.fromhex("2a864886f70d010910020e"), bytes.fromhex("2a864886f70d010702")
SIGNING_TIME, COMMITMENT = bytes.fromhex("2a864886f70d010905"), bytes.fromhex("2a864886f70d0109100210")
HARMLESS = {SIGNING_TIME, COMMITMENT}  # signed attributes that bind nothing
T = TypeVar("T")


@dataclass(frozen=True)
class PlainCms:
    """The parts of one SignedData; `content` is None for a detached signature."""

    content_type: bytes
    content: bytes | None
    certificates: tuple[bytes, ...]
    issuer: bytes
    serial: bytes
    digest: str
    mechanism: tuple[str, str]
    digest_algorithm: bytes
    signature_algorithm: bytes
    signed: bytes
    """The signed attributes as a SET, as they were signed."""
    attributes: dict[bytes, Value]
    value: bytes
    unsigned: Value | None = None

    @cached_property
    def signer(self) -> bytes:
        """The one certificate that the signer names; raises NotPlain when it is not here exactly once."""
        named = [der for der in self.certificates if _names(der) == (self.issuer, self.serial)]
        if len(named) != 1:
            raise NotPlain("signer's certificate")
        return named[0]


@once(id)
def plain_cms(signed_data: cms.SignedData) -> PlainCms:
    """Raises NotPlain unless it is of the form that is read here."""
    return read_cms(encoded(signed_data))


@once_each
@plainly
def read_cms(data: bytes) -> PlainCms:
    """The same, from the bytes of a SignedData."""
    parts = one(data, 0, len(data)).of(SEQUENCE).values()
    if len(parts) != 5 or [part.tag for part in parts] != [INTEGER, SET, SEQUENCE, CONTEXT_0, SET]:
        raise NotPlain("other parts")
    content_type, content = _content(parts[2])
    certificates = tuple(part.of(SEQUENCE).whole for part in parts[3].values())
    signers = parts[4].values()
    if len(signers) != 1:
        raise NotPlain("signers")
    return _signer(signers[0].of(SEQUENCE), content_type, content, certificates)


def _content(value: Value) -> tuple[bytes, bytes | None]:
    parts = value.values()
    kind = parts[0].of(IDENTIFIER).content
    if len(parts) == 1:
        return kind, None
    (inner,) = members(parts[1].of(CONTEXT_0), OCTETS)
    return kind, inner.content


def _signer(value: Value, content_type: bytes, content: bytes | None, certificates: tuple[bytes, ...]) -> PlainCms:
    parts = value.values()
    tags = [part.tag for part in parts]
    if tags not in (
        [INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTETS],
        [INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0, SEQUENCE, OCTETS, CONTEXT_1],
    ):
        raise NotPlain("signer")
    issuer, serial = members(parts[1], SEQUENCE, INTEGER)
    digest = _algorithm(parts[2], DIGESTS)[0]
    mechanism = _algorithm(parts[4], MECHANISMS)
    attributes: dict[bytes, Value] = {}
    order: list[bytes] = []
    for attribute in parts[3].values():
        kind, held = members(attribute.of(SEQUENCE), IDENTIFIER, SET)
        values = held.values()
        if kind.content in attributes or len(values) != 1:
            raise NotPlain("attribute more than once")
        attributes[kind.content] = values[0]
        order.append(attribute.whole)
    if order != sorted(order):
        raise NotPlain("attributes out of order")
    return PlainCms(
        content_type,
        content,
        certificates,
        issuer.whole,
        serial.content,
        digest,
        mechanism,
        parts[2].whole,
        parts[4].whole,
        bytes((SET,)) + parts[3].data[parts[3].start + 1 : parts[3].end],
        attributes,
        parts[5].content,
        parts[6] if len(parts) == 7 else None,
    )


@plainly
def signed_data_in(contents: bytes) -> cms.SignedData:
    """The SignedData of a ContentInfo that zeros may follow; raises NotPlain unless `plain_cms` reads it."""
    whole = one(contents, 0, len(contents)).of(SEQUENCE)
    kind, held = members(whole, IDENTIFIER, CONTEXT_0)
    (inner,) = members(held, SEQUENCE)
    if kind.content != SIGNED_DATA:
        raise NotPlain("no signed data")
    read_cms(inner.whole)
    return cms.SignedData.load(inner.whole)


@dataclass(frozen=True, slots=True)
class PlainToken:
    """What a time stamp token says: the digest that it stamps, by which algorithm, and when (RFC 3161)."""

    digest: str
    imprint: bytes
    time: datetime


@once(id)
@plainly
def plain_token(signed: PlainCms) -> PlainToken:
    """Raises NotPlain for anything but a time stamp token."""
    if signed.content is None or signed.content_type != TST_INFO:
        raise NotPlain("no token")
    whole = one(signed.content, 0, len(signed.content)).of(SEQUENCE)
    parts = whole.values()
    algorithm, imprint = members(parts[2].of(SEQUENCE), SEQUENCE, OCTETS)
    if whole.end != len(signed.content) or parts[0].of(INTEGER).content != b"\x01":
        raise NotPlain("token")
    return PlainToken(_algorithm(algorithm, DIGESTS)[0], imprint.content, moment(parts[4]))


@plainly
def tokens_in(signed: PlainCms) -> tuple[bytes, ...]:
    """The SignedData of each time stamp on the value; raises NotPlain when there is any other unsigned attribute."""
    found: list[bytes] = []
    for attribute in signed.unsigned.values() if signed.unsigned is not None else ():
        kind, values = members(attribute.of(SEQUENCE), IDENTIFIER, SET)
        if kind.content != STAMP:
            raise NotPlain("unsigned attribute")
        for value in values.values():
            named, held = members(value.of(SEQUENCE), IDENTIFIER, CONTEXT_0)
            (token,) = members(held, SEQUENCE)
            if named.content != SIGNED_DATA:
                raise NotPlain("no token")
            found.append(token.whole)
    return tuple(found)


def _algorithm(value: Value, known: dict[bytes, T]) -> T:
    """What `known` says of an algorithm, whose parameters are absent or null (RFC 5754 clause 2, RFC 5758)."""
    found = known.get(_identified(value.whole))
    if found is None:
        raise NotPlain("algorithm")
    return found


@lru_cache(maxsize=256)
def _identified(whole: bytes) -> bytes:
    """The identifier of an algorithm without parameters, or with a null in their place; empty for any other."""
    parts = one(whole, 0, len(whole)).of(SEQUENCE).values()
    if len(parts) not in (1, 2) or any(part.of(NULL).content for part in parts[1:]):
        return b""
    return parts[0].of(IDENTIFIER).content


@once_each
def _names(der: bytes) -> tuple[bytes, bytes]:
    """Issuer and serial number of a certificate, also of one that is not plain."""
    with if_plain:
        plain = plain_certificate(der)
        return plain.issuer, plain.serial
    body = one(der, 0, len(der)).values()[0].values()
    start = 1 if body[0].tag == CONTEXT_0 else 0
    return body[start + 2].of(SEQUENCE).whole, body[start].of(INTEGER).content


NAMES = {
    CONTENT_TYPE: "content_type",
    MESSAGE_DIGEST: "message_digest",
    SIGNING_CERTIFICATE: "signing_certificate",
    SIGNING_CERTIFICATE_V2: "signing_certificate_v2",
    SIGNING_TIME: "signing_time",
}


def attribute_names(signed: PlainCms) -> frozenset[str]:
    """The names of the signed attributes that a baseline profile asks about; of others the identifier."""
    return frozenset(NAMES.get(kind, kind.hex()) for kind in signed.attributes)


@once(lambda signed, digest: (id(signed), digest))
def meets_the_format(signed: PlainCms, digest: bytes | None) -> bool:
    """Whether the attributes are those that bind content and signer, each once; `digest` is of the detached content.

    That the signature value holds is the caller's knowledge.
    """
    try:
        return _meets(signed, digest)
    except (NotPlain, ValueError, IndexError):
        return False


def _meets(signed: PlainCms, digest: bytes | None) -> bool:
    attributes = dict(signed.attributes)
    kind, stated = attributes.pop(CONTENT_TYPE, None), attributes.pop(MESSAGE_DIGEST, None)
    if kind is None or stated is None or kind.of(IDENTIFIER).content != signed.content_type:
        return False
    if (digest is None) == (signed.content is None):
        return False
    names = dict(DIGESTS.values())
    expected = digest if digest is not None else names[signed.digest](signed.content or b"").digest()
    if stated.of(OCTETS).content != expected or signed.mechanism[1] not in ("", signed.digest):
        return False
    if signed.mechanism[0] == "ecdsa" and len(members(one(signed.value, 0, len(signed.value)), INTEGER, INTEGER)) != 2:
        return False
    protection = attributes.pop(ALGORITHM_PROTECTION, None)
    if protection is not None and not _protects(protection, signed):
        return False
    older, newer = attributes.pop(SIGNING_CERTIFICATE, None), attributes.pop(SIGNING_CERTIFICATE_V2, None)
    for named, version in ((older, 1), (newer, 2)):
        if named is not None and not _refers(named, signed, version):
            return False
    return set(attributes) <= HARMLESS


def _protects(value: Value, signed: PlainCms) -> bool:
    """RFC 6211: the algorithms in the attribute are those beside the value, byte for byte."""
    digest, mechanism = members(value, SEQUENCE, CONTEXT_1)
    stated = bytes((SEQUENCE,)) + mechanism.whole[1:]
    return digest.whole == signed.digest_algorithm and stated == signed.signature_algorithm


def _refers(value: Value, signed: PlainCms, version: int) -> bool:
    """RFC 5035 clauses 3 and 4: the first reference is to the signer's certificate."""
    references = value.of(SEQUENCE).values()[0].of(SEQUENCE).values()
    parts = references[0].of(SEQUENCE).values()
    function = sha1 if version == 1 else sha256
    if version == 2 and parts[0].tag == SEQUENCE:
        function = _algorithm(parts[0], DIGESTS)[1]
        parts = parts[1:]
    if parts[0].of(OCTETS).content != function(signed.signer).digest() or len(parts) > 2:
        return False
    if len(parts) == 1:
        return True
    names, serial = members(parts[1], SEQUENCE, INTEGER)
    (name,) = names.values()
    return (name.of(0xA4).content, serial.content) == (signed.issuer, signed.serial)
