"""Certificates of the commonest form read from their bytes: RFC 5280 with the extensions that every reader knows.

What is not exactly of this form raises NotPlain. Nothing is judged here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from asn1crypto import x509

from keys.encoded import encoded
from signing_service.verification.once import lasting, once, once_each
from signing_service.verification.plain_algorithms import MECHANISMS
from signing_service.verification.plain_der import (
    CONTEXT_0,
    IDENTIFIER,
    INTEGER,
    NULL,
    OCTETS,
    SEQUENCE,
    NotPlain,
    Value,
    members,
    moment,
    one,
    plainly,
)

BITS, BOOLEAN = 0x03, 0x01
CONTEXT_3, EXCLUDED = 0xA3, 0xA1
MAIL_NAME, HOST_NAME, ADDRESS_NAME = 0x81, 0x82, 0x87


def _id(text: str) -> bytes:
    return bytes.fromhex(text)


KEY_ID, KEY_USAGE, OTHER_NAMES, CONSTRAINTS = _id("551d0e"), _id("551d0f"), _id("551d11"), _id("551d13")
NAME_CONSTRAINTS, LISTS, POLICIES = _id("551d1e"), _id("551d1f"), _id("551d20")
ISSUER_KEY_ID, PURPOSES = _id("551d23"), _id("551d25")
NO_CHECK = _id("2b0601050507300105")
KNOWN = {KEY_ID, KEY_USAGE, OTHER_NAMES, CONSTRAINTS, NAME_CONSTRAINTS, LISTS, POLICIES, ISSUER_KEY_ID, PURPOSES}
KNOWN |= {_id("2b06010505070101"), NO_CHECK, _id("2b06010505070103")}  # access to information, no check, QC statements
UNCRITICAL = {_id("04008bec490201")}  # short-term, EN 319 412-1: not known to every reader, so never critical
TIME_STAMPING, OCSP_SIGNING = _id("2b06010505070308"), _id("2b06010505070309")
SIGNS, COMMITS, ISSUES, LISTS_REVOKED = 0, 1, 5, 6


@dataclass(frozen=True)
class PlainCertificate:
    """Facts of one certificate; names and keys as they are encoded."""

    der: bytes
    body: bytes
    issuer: bytes
    subject: bytes
    serial: bytes
    begins: datetime
    ends: datetime
    key: bytes
    mechanism: tuple[str, str]
    value: bytes
    extensions: dict[bytes, Value] = field(default_factory=dict)

    @cached_property
    def usage(self) -> frozenset[int]:
        """Numbers of the key usage bits; none when the extension is absent."""
        value = self.extensions.get(KEY_USAGE)
        if value is None:
            return frozenset()
        bits = value.of(BITS).content
        return frozenset(n for n in range(8 * (len(bits) - 1)) if bits[1 + n // 8] & (0x80 >> n % 8))

    @cached_property
    def purposes(self) -> list[bytes]:
        value = self.extensions.get(PURPOSES)
        return [] if value is None else [item.of(IDENTIFIER).content for item in value.of(SEQUENCE).values()]

    @cached_property
    def path_length(self) -> int | None:
        """How many authorities may stand below; None: any number. Raises NotPlain for what is no authority."""
        parts = self.extensions[CONSTRAINTS].of(SEQUENCE).values() if CONSTRAINTS in self.extensions else []
        if not parts or parts[0].tag != BOOLEAN or parts[0].content != b"\xff":
            raise NotPlain("no authority")
        return int.from_bytes(parts[1].of(INTEGER).content, "big") if len(parts) == 2 else None

    @cached_property
    def own_key_id(self) -> bytes | None:
        return self.extensions[KEY_ID].of(OCTETS).content if KEY_ID in self.extensions else None

    @cached_property
    def issuers_key_id(self) -> bytes | None:
        """Raises NotPlain when the issuer's key is named in another way than by its identifier."""
        if ISSUER_KEY_ID not in self.extensions:
            return None
        return members(self.extensions[ISSUER_KEY_ID].of(SEQUENCE), 0x80)[0].content

    @cached_property
    def curve(self) -> bytes:
        """The algorithm of a key on a curve, which says its size too; raises NotPlain for other keys."""
        algorithm = one(self.key, 0, len(self.key)).values()[0].of(SEQUENCE)
        if [part.tag for part in algorithm.values()] != [IDENTIFIER, IDENTIFIER]:
            raise NotPlain("no curve")
        return algorithm.whole

    @cached_property
    def alternative_names(self) -> list[Value]:
        value = self.extensions.get(OTHER_NAMES)
        return [] if value is None else value.of(SEQUENCE).values()

    @cached_property
    def excludes_machines_only(self) -> bool:
        """Whether there are no name constraints, or none but excluded hosts and addresses."""
        value = self.extensions.get(NAME_CONSTRAINTS)
        if value is None:
            return True
        (excluded,) = members(value.of(SEQUENCE), EXCLUDED)
        return all(
            len(item.values()) == 1 and item.values()[0].tag in (HOST_NAME, ADDRESS_NAME) for item in excluded.values()
        )


@once(id)
def der_of(certificate: x509.Certificate) -> bytes:
    """Its bytes as they came; a certificate that was looked into is slow to give them."""
    return encoded(certificate)


@once_each
def parsed(der: bytes) -> x509.Certificate:
    """For those who describe certificates of any kind: parsed once, not to be changed."""
    return x509.Certificate.load(der)


@once_each
@lasting
@plainly
def plain_certificate(der: bytes) -> PlainCertificate:
    """Raises NotPlain."""
    whole, body, mechanism, value = signed_object(der)
    parts = body.values()
    if len(parts) != 8 or members(parts[0].of(CONTEXT_0), INTEGER)[0].content != b"\x02":
        raise NotPlain("version")
    _, serial, _, issuer, validity, subject, key, extensions = parts
    begins, ends = (moment(item) for item in validity.of(SEQUENCE).values())
    (listed,) = members(extensions.of(CONTEXT_3), SEQUENCE)
    each = _extensions(listed)
    found = dict(each)
    if len(found) != len(each) or not _plain_lists(found):
        raise NotPlain("extensions")
    return PlainCertificate(
        whole,
        body.whole,
        issuer.of(SEQUENCE).whole,
        subject.of(SEQUENCE).whole,
        serial.of(INTEGER).content,
        begins,
        ends,
        key.of(SEQUENCE).whole,
        mechanism,
        value,
        found,
    )


@plainly
def signed_object(der: bytes) -> tuple[bytes, Value, tuple[str, str], bytes]:
    """The whole, its body, the algorithm and the value of a certificate or list (RFC 5280 clauses 4.1.1, 5.1.1)."""
    whole = one(der, 0, len(der)).of(SEQUENCE)
    if whole.end != len(der):
        raise NotPlain("more than one value")
    body, algorithm, value = members(whole, SEQUENCE, SEQUENCE, BITS)
    parts = algorithm.values()
    mechanism = MECHANISMS.get(parts[0].of(IDENTIFIER).content)
    if mechanism is None or not mechanism[1] or len(parts) > 2 or (len(parts) == 2 and parts[1].tag != NULL):
        raise NotPlain("algorithm")
    if value.content[:1] != b"\x00" or algorithm.whole not in body.content:
        raise NotPlain("value")
    return whole.whole, body, mechanism, value.content[1:]


def _extensions(listed: Value) -> list[tuple[bytes, Value]]:
    return [_extension(item.of(SEQUENCE).whole) for item in listed.values()]


@once_each
def _extension(whole: bytes) -> tuple[bytes, Value]:
    """Its name and value; most of those in a certificate are in its neighbours, too."""
    parts = one(whole, 0, len(whole)).values()
    name = parts[0].of(IDENTIFIER).content
    critical = len(parts) == 3 and parts[1].of(BOOLEAN).content == b"\xff"
    if len(parts) not in (2, 3) or not (name in KNOWN or (name in UNCRITICAL and not critical)):
        raise NotPlain("extension")
    held = parts[-1].of(OCTETS)
    inner = one(held.data, held.inside, held.end)
    if inner.end != held.end:
        raise NotPlain("extension")
    return name, inner


def _plain_lists(extensions: dict[bytes, Value]) -> bool:
    """Places of revocation lists name no other issuer and no reasons."""
    value = extensions.get(LISTS)
    if value is None:
        return True
    return all([part.tag for part in place.values()] == [CONTEXT_0] for place in value.of(SEQUENCE).values())
