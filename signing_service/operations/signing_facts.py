"""What a press and a value are judged by, read in one statement each: this is the hot path of a live round.

While one signatory holds the turn everybody waits, so these facts are read as plain columns instead of through a dozen
objects. What they mean is decided in `attempts` and `ceremonies`; nothing is judged here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from keys.encoded import each
from signing_service.db import statements
from signing_service.db.types import as_bytes
from signing_service.operations.operation import Act

_LOCK = "SELECT 1 FROM agreement WHERE id = (SELECT agreement_id FROM signatory WHERE id = ?) FOR UPDATE"
_FACTS = """
SELECT s.agreement_id, s.field_name, s.name, s.party, s.title, s.custody,
       seat.id, seat.state, c.id, c.state, c.round_state, a.state, a.sign_until_at, a.sign_until_zone,
       (SELECT sha256 FROM document_revision WHERE agreement_id = a.id AND kind = 'sealed'),
       h.number, h.sha256,
       k.serial, k.der, k.invitation_id, k.issued_here, k.chain,
       (SELECT id FROM signature_attempt WHERE signatory_id = s.id AND state = 'completed' LIMIT 1),
       (SELECT sha256 FROM seat_drawing WHERE signatory_id = s.id)
FROM signatory s
JOIN agreement a ON a.id = s.agreement_id
JOIN seat ON seat.signatory_id = s.id
JOIN ceremony c ON c.id = seat.ceremony_id
LEFT JOIN document_revision h ON h.agreement_id = a.id
  AND h.number = (SELECT max(number) FROM document_revision WHERE agreement_id = a.id)
LEFT JOIN certificate k ON k.serial = (
  SELECT serial FROM certificate WHERE signatory_id = s.id AND revoked_at IS NULL AND not_after > ?
  ORDER BY not_before DESC LIMIT 1)
WHERE s.id = ? ORDER BY c.planned_at DESC LIMIT 1
"""
_FOR_UPDATE = "FOR UPDATE OF seat"
_CONSENT = """
SELECT id, version_sha256 FROM consent WHERE signatory_id = ? AND document_sha256 = ? ORDER BY given_at DESC LIMIT 1
"""
_QUEUE = (
    "SELECT id, signatory_id, asked_at, lease_until, attempt_id FROM turn_request WHERE agreement_id = ? ORDER BY id"
)
_ATTEMPT = """
SELECT t.signatory_id, t.state, t.base_sha256, t.base_length, t.tail, t.reserved_start, t.reserved_end,
       t.document_digest, t.signed_attributes, t.expires_at, t.consent_id, n.version_sha256,
       k.serial, k.der, k.revoked_at, k.issued_here, k.chain
FROM signature_attempt t
JOIN certificate k ON k.serial = t.certificate_serial
JOIN consent n ON n.id = t.consent_id
WHERE t.id = ?
"""


_ATTEMPT_NOW = """
SELECT t.state, t.expires_at, k.revoked_at
FROM signature_attempt t JOIN certificate k ON k.serial = t.certificate_serial WHERE t.id = ?
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in the queue for the turn."""

    order: int
    signatory_id: str
    asked_at: datetime
    lease_until: datetime | None
    attempt_id: str | None


@dataclass(frozen=True, slots=True)
class Held:
    """The signatory's certificate that is neither revoked nor expired. `above`: as `Attempt.certificates_above`."""

    serial: str
    der: bytes
    invitation_id: str
    above: tuple[bytes, ...] | None


@dataclass(frozen=True, slots=True)
class Facts:
    """The signatory, their seat, the show, and the newest revision as they stand in this transaction."""

    signatory_id: str
    agreement_id: str
    field_name: str
    name: str
    party: Mapping[str, str]
    title: Mapping[str, str]
    custody: str
    seat_id: str
    seat_state: str
    ceremony_id: str
    ceremony_state: str
    round_state: str
    agreement_state: str
    sign_until_at: datetime | None
    sign_until_zone: str | None
    shown_sha256: str | None
    head_number: int
    head_sha256: str
    certificate: Held | None
    completed_attempt: str | None
    drawing_sha256: str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A stored attempt with the certificate and the consent it stands on.

    `certificates_above`: those that came with another authority's certificate, nearest first; None for our own.
    """

    id: str
    signatory_id: str
    state: str
    base_sha256: str
    base_length: int
    tail: bytes
    reserved_start: int
    reserved_end: int
    document_digest: bytes
    signed_attributes: bytes
    expires_at: datetime
    consent_id: str
    version_sha256: str
    certificate_serial: str
    certificate_der: bytes
    revoked: bool
    certificates_above: tuple[bytes, ...] | None


def lock(act: Act, signatory_id: str) -> None:
    """Take the signatory's agreement for writing, before anything of it is read."""
    if act.services.db.is_sqlite:
        return  # a transaction that writes is the only one
    statements.first_row(act.connection, _LOCK, signatory_id)


def facts(act: Act, signatory_id: str | None, *, for_update: bool = False) -> Facts | None:
    """The facts of a signatory who has a seat; None when there is none or nothing was frozen."""
    statement = f"{_FACTS} {_FOR_UPDATE}" if for_update else _FACTS
    row = statements.first_row(act.connection, statement, stored(act, act.now), signatory_id)
    if row is None or row[16] is None:
        return None
    held = Held(row[17], as_bytes(row[18]), row[19], _above(row[20], row[21])) if row[17] is not None else None
    moment, names = _moment(row[12]), (_plain(row[3]), _plain(row[4]))
    values: list[Any] = [signatory_id, *row[:3], *names, *row[5:12], moment, *row[13:17], held, *row[22:]]
    return Facts(*values)


def consent(act: Act, signatory_id: str, document_sha256: str) -> str | None:
    """The id of the newest consent over this document."""
    row = statements.first_row(act.connection, _CONSENT, signatory_id, document_sha256)
    return None if row is None else str(row[0])


def queue(act: Act, agreement_id: str) -> list[Place]:
    """Who waits for the turn or holds it, in arrival order."""
    return [
        Place(order, who, _at(asked), _moment(lease), attempt)
        for order, who, asked, lease, attempt in statements.rows(act.connection, _QUEUE, agreement_id)
    ]


def attempt(act: Act, attempt_id: str) -> Attempt | None:
    """One attempt; None when there is none."""
    row = statements.first_row(act.connection, _ATTEMPT, attempt_id)
    if row is None:
        return None
    tail, digest, attributes, der = (as_bytes(row[place]) for place in (4, 7, 8, 13))
    values: list[Any] = [attempt_id, *row[:4], tail, *row[5:7], digest, attributes, _at(row[9]), *row[10:13], der]
    values += [row[14] is not None, _above(row[15], row[16])]
    return Attempt(*values)


def attempt_now(act: Act, known: Attempt) -> Attempt | None:
    """The same attempt in this transaction: what may have changed of it is read again, its bytes never change."""
    row = statements.first_row(act.connection, _ATTEMPT_NOW, known.id)
    if row is None:
        return None
    return replace(known, state=row[0], expires_at=_at(row[1]), revoked=row[2] is not None)


def _above(issued_here: object, chain: Any) -> tuple[bytes, ...] | None:
    return None if issued_here else tuple(each(as_bytes(chain) if chain is not None else b""))


def stored(act: Act, moment: datetime) -> object:
    """A moment as `UtcDateTime` keeps it: SQLite knows no such type."""
    if act.connection.dialect.name == "postgresql":
        return moment
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _at(value: object) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        raise TypeError("not a moment")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _moment(value: object) -> datetime | None:
    return None if value is None else _at(value)


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
