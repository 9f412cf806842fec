"""Revocation lists and OCSP answers of the commonest form read from their bytes (RFC 5280 clause 5, RFC 6960).

What is not exactly of this form raises NotPlain. Nothing is judged here.
"""

from dataclasses import dataclass
from datetime import datetime

from signing_service.verification.once import lasting, once_each
from signing_service.verification.plain_certificates import BITS, BOOLEAN, signed_object
from signing_service.verification.plain_der import (
    CONTEXT_0,
    GENERAL_TIME,
    IDENTIFIER,
    INTEGER,
    OCTETS,
    SEQUENCE,
    UTC_TIME,
    NotPlain,
    members,
    moment,
    one,
    plainly,
)

BASIC = bytes.fromhex("2b0601050507300101")
NUMBER, ISSUER_KEY_ID, KEEPS_EXPIRED = bytes.fromhex("551d14"), bytes.fromhex("551d23"), bytes.fromhex("551d3c")
ENUMERATED = 0x0A
STATUS = {0x80: "good", 0xA1: "revoked", 0x82: "unknown"}


@dataclass(frozen=True, slots=True)
class PlainList:
    """A complete list of one issuer about its own certificates."""

    der: bytes
    body: bytes
    issuer: bytes
    begins: datetime
    ends: datetime
    revoked: bytes
    keeps_expired: bool
    mechanism: tuple[str, str]
    value: bytes

    def may_name(self, serial: bytes) -> bool:
        """False only if the list does not name this number: it is looked for as bytes, anywhere among the entries."""
        return serial in self.revoked


@dataclass(frozen=True, slots=True)
class PlainAnswer:
    """An OCSP answer about one certificate; its signature is not looked at."""

    serial: bytes
    status: str
    issued: datetime
    ends: datetime


@once_each
@lasting
@plainly
def plain_list(der: bytes) -> PlainList:
    """Raises NotPlain, also for lists of a part, of changes, or about others' certificates."""
    whole, body, mechanism, value = signed_object(der)
    parts = body.values()
    if parts[0].of(INTEGER).content != b"\x01" or len(parts) < 6 or parts[4].tag not in (UTC_TIME, GENERAL_TIME):
        raise NotPlain("list")
    revoked = parts[5].content if parts[5].tag == SEQUENCE else b""
    rest = parts[6:] if parts[5].tag == SEQUENCE else parts[5:]
    if len(rest) != 1:
        raise NotPlain("list")
    (listed,) = members(rest[0].of(CONTEXT_0), SEQUENCE)
    names = []
    for extension in listed.values():
        held = extension.of(SEQUENCE).values()
        if any(part.tag == BOOLEAN for part in held):
            raise NotPlain("critical extension")
        names.append(held[0].of(IDENTIFIER).content)
    if len(set(names)) != len(names) or not set(names) <= {NUMBER, ISSUER_KEY_ID, KEEPS_EXPIRED}:
        raise NotPlain("extension")
    begins, ends = moment(parts[3]), moment(parts[4])
    issuer = parts[2].of(SEQUENCE).whole
    return PlainList(whole, body.whole, issuer, begins, ends, revoked, KEEPS_EXPIRED in names, mechanism, value)


@once_each
@lasting
@plainly
def plain_answer(der: bytes) -> PlainAnswer:
    """Raises NotPlain unless it is a basic answer about one certificate without extensions."""
    outer = one(der, 0, len(der)).of(SEQUENCE)
    status, held = members(outer, ENUMERATED, CONTEXT_0)
    kind, octets = members(members(held, SEQUENCE)[0], IDENTIFIER, OCTETS)
    if outer.end != len(der) or status.content != b"\x00" or kind.content != BASIC:
        raise NotPlain("answer")
    basic = one(octets.data, octets.inside, octets.end).of(SEQUENCE)
    parts = basic.values()
    if basic.end != octets.end or [part.tag for part in parts[:3]] != [SEQUENCE, SEQUENCE, BITS] or len(parts) > 4:
        raise NotPlain("answer")
    body = parts[0].values()
    if [part.tag for part in body[1:]] != [GENERAL_TIME, SEQUENCE] or body[0].tag not in (0xA1, 0xA2):
        raise NotPlain("answer")
    (single,) = members(body[2], SEQUENCE)
    found = single.values()
    if [part.tag for part in (found[0], *found[2:])] != [SEQUENCE, GENERAL_TIME, CONTEXT_0]:
        raise NotPlain("answer")
    (ends,) = members(found[3], GENERAL_TIME)
    named = members(found[0], SEQUENCE, OCTETS, OCTETS, INTEGER)
    if found[1].tag not in STATUS:
        raise NotPlain("status")
    return PlainAnswer(named[3].content, STATUS[found[1].tag], moment(found[2]), moment(ends))
