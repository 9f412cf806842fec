"""A certificate path that is beyond doubt, found without the general validator: it says that a path holds, or nothing.

For chains of the commonest form only: each name leads to exactly one certificate, every signature holds, every
extension is known, a current list of each issuer names nobody of the path, and no answer speaks against it. Whatever
is not so is left to the general validator, whose answer for these is the same (RFC 5280 clause 6, EN 319 102-1 clause
5.2.6). Between reports nothing is remembered but who signed what a caller brings again (`once.lasting`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm

from signing_service.verification.evidence import Evidence
from signing_service.verification.once import lasting, once, once_each
from signing_service.verification.plain_certificates import (
    COMMITS,
    ISSUES,
    LISTS_REVOKED,
    MAIL_NAME,
    NAME_CONSTRAINTS,
    SIGNS,
    TIME_STAMPING,
    PlainCertificate,
    der_of,
    parsed,
    plain_certificate,
)
from signing_service.verification.plain_der import NotPlain
from signing_service.verification.plain_names import by_name, reads_like, subject_of
from signing_service.verification.plain_revocation import PlainList, plain_list
from signing_service.verification.plain_values import verified

TOLERANCE = timedelta(minutes=1)
LONGEST = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: which path holds at `at`; `retroactive`: answers may be younger than that. `stamps` time?"""

    at: datetime
    retroactive: bool
    stamps: bool


def quick_path(
    leaf_der: bytes, anchors: tuple[x509.Certificate, ...], evidence: Evidence, asked: Asked
) -> tuple[x509.Certificate, ...] | None:
    """The path, leaf first and anchor last, if it is beyond doubt; None says nothing."""
    try:
        path = [plain_certificate(leaf_der), *_above(plain_certificate(leaf_der), _encoded(anchors), evidence)]
        if not _usable(path[0], asked) or not all(
            _holds(path, place, evidence, asked) for place in range(len(path) - 1)
        ):
            return None
    except (NotPlain, KeyError, ValueError, IndexError, UnsupportedAlgorithm):
        return None
    return tuple(parsed(item.der) for item in path)


@once(id)
def _encoded(anchors: tuple[x509.Certificate, ...]) -> frozenset[bytes]:
    return frozenset(der_of(anchor) for anchor in anchors)


def _above(leaf: PlainCertificate, anchors: frozenset[bytes], evidence: Evidence) -> tuple[PlainCertificate, ...]:
    """By names alone, which must lead to one certificate each; raises NotPlain where they do not."""
    if leaf.der in anchors:
        raise NotPlain("an anchor that signs")
    if leaf.issuer == leaf.subject:
        raise NotPlain("no plain path")
    return _issuers(leaf.issuer, anchors, evidence)


@once(lambda name, anchors, evidence: ("issuers", name, id(anchors), id(evidence)))
def _issuers(name: bytes, anchors: frozenset[bytes], evidence: Evidence) -> tuple[PlainCertificate, ...]:
    """From the issuer of this name up to an anchor."""
    path = [plain_certificate(_only_issuer(name, anchors, evidence))]
    while path[-1].der not in anchors:
        if len(path) >= LONGEST - 1 or path[-1].issuer == path[-1].subject:
            raise NotPlain("no plain path")
        path.append(plain_certificate(_only_issuer(path[-1].issuer, anchors, evidence)))
    return tuple(path)


def _only_issuer(name: bytes, anchors: frozenset[bytes], evidence: Evidence) -> bytes:
    """The one certificate whose subject reads like this name, if it is also written like it."""
    wanted = reads_like(name)
    found = _by_name(anchors).get(wanted, frozenset()) | evidence.names.get(wanted, frozenset())
    if len(found) != 1 or subject_of(next(iter(found))) != name:
        raise NotPlain("issuer")
    return next(iter(found))


@once_each
def _by_name(anchors: frozenset[bytes]) -> dict[tuple[str, ...], frozenset[bytes]]:
    return by_name(anchors)


def _usable(leaf: PlainCertificate, asked: Asked) -> bool:
    """Whether the certificate is meant for this use; a path of an authority is none here."""
    if asked.stamps:
        return SIGNS in leaf.usage and leaf.purposes == [TIME_STAMPING]
    return bool({SIGNS, COMMITS} & leaf.usage)


def _holds(path: list[PlainCertificate], place: int, evidence: Evidence, asked: Asked) -> bool:
    """Whether the member at `place` is good: signed by the next one, valid then, not revoked, within its limits."""
    issuer = path[place + 1]
    if NAME_CONSTRAINTS in issuer.extensions and any(
        item.tag != MAIL_NAME for below in path[: place + 1] for item in below.alternative_names
    ):
        return False
    link = _good if place == 0 else _known_as_good  # what is above is above many
    return link(path[place], issuer, place, evidence, asked)


def _good(one: PlainCertificate, issuer: PlainCertificate, place: int, evidence: Evidence, asked: Asked) -> bool:
    if not one.begins - TOLERANCE <= asked.at <= one.ends + TOLERANCE or not signed_by(one.der, issuer.der):
        return False
    if one.issuers_key_id is not None and one.issuers_key_id != issuer.own_key_id:
        return False
    if not {ISSUES, LISTS_REVOKED} <= issuer.usage:
        return False
    longest = issuer.path_length
    if longest is not None and longest < place:
        return False
    return issuer.excludes_machines_only and _not_revoked(one, issuer, evidence, asked)


_known_as_good = once(lambda one, issuer, place, evidence, asked: (id(one), id(issuer), place, id(evidence), asked))(
    _good
)


def _not_revoked(one: PlainCertificate, issuer: PlainCertificate, evidence: Evidence, asked: Asked) -> bool:
    """A current list of the issuer does not name it; every other list and answer agrees."""
    if any(answer.status != "good" for answer in evidence.plain_answers.get(one.serial, ())):
        return False
    lists = list(_lists_of(issuer, evidence))
    if any(item.may_name(one.serial) for item in lists):
        return False
    return any(_current(item, asked) and list_signed_by(item.der, issuer.der) for item in lists)


def _lists_of(issuer: PlainCertificate, evidence: Evidence) -> Iterator[PlainList]:
    return (item for item in evidence.plain_lists if item.issuer == issuer.subject)


def _current(item: PlainList, asked: Asked) -> bool:
    begun = asked.retroactive or item.begins <= asked.at + TOLERANCE
    return begun and asked.at - TOLERANCE <= item.ends


@once(lambda der, issuer_der: (der, issuer_der))
@lasting
def signed_by(der: bytes, issuer_der: bytes) -> bool:
    """Whether the issuer's key signed this certificate."""
    one = plain_certificate(der)
    return verified(issuer_der, one.mechanism, one.value, one.body)


@once(lambda der, issuer_der: (der, issuer_der))
@lasting
def list_signed_by(der: bytes, issuer_der: bytes) -> bool:
    """Whether the issuer's key signed this revocation list."""
    one = plain_list(der)
    return verified(issuer_der, one.mechanism, one.value, one.body)
