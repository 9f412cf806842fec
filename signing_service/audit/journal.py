"""The only writer of the log: `record` adds one entry inside the transaction of the act that it records.

Call it as the last statements of the transaction, after the business rows: it takes the lock that all writers share and
holds it until the commit. It never opens, commits or rolls back; if it raises, the act must not happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from signing_service.audit import disclosures, merkle, statements
from signing_service.audit.actions import Action
from signing_service.audit.catalogue import CATALOGUE
from signing_service.audit.details.form import Details, data_of, words_of
from signing_service.audit.disclosures import Disclosure
from signing_service.audit.entries import Entry, format_time, hash_of, new_nonce
from signing_service.audit.errors import EntryNotRecordable, LogNotInstalled, NodesMissing
from signing_service.db.statements import execute, first_row


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the actor is given: where the act stands in the log. The proof follows with the next checkpoint."""

    index: int
    action: Action
    at: datetime
    agreement: str | None
    seq: int | None
    entry: bytes
    leaf_hash: bytes
    disclosures: tuple[Disclosure, ...]


def record(
    session: Session | Connection,
    *,
    action: Action,
    actor: str,
    details: Details,
    at: datetime,
    agreement: str | None = None,
    personal: Mapping[str, str] | None = None,
) -> Receipt:
    """Add one entry and return its receipt; several calls in one transaction are several entries.

    `session` must be inside a write transaction (SQLite: BEGIN IMMEDIATE); it is flushed first, or is the connection of
    one where nothing waits to be written. `personal` (name, mail, IP, browser, words
    a person typed) goes into salted disclosures beside the entry. Raises `EntryNotRecordable` when action and details
    do not belong together or hold what an entry must not, `LogNotInstalled` without a head.
    """
    if type(details) is not CATALOGUE[action].details:
        raise EntryNotRecordable(reason=f"{action} takes {CATALOGUE[action].details.__name__}")
    disclosed = _disclosures(details, personal or {})
    data = data_of(details)
    connection = session if isinstance(session, Connection) else _flushed(session)
    index = _lock_head(connection)
    seq, prev = _place_in_agreement(connection, agreement)
    entry = Entry(
        type=action.value,
        at=at,
        actor=actor,
        nonce=new_nonce(),
        data=data,
        agreement=agreement,
        seq=seq,
        prev=prev,
        sd=tuple(sorted(disclosure.digest for disclosure in disclosed)),
    )
    encoded = entry.to_bytes()
    leaf = hash_of(encoded)
    _insert(connection, index, entry, encoded, leaf, disclosed)
    return Receipt(index, action, at, agreement, seq, encoded, leaf, disclosed)


def _flushed(session: Session) -> Connection:
    session.flush()
    return session.connection()


def _disclosures(details: Details, personal: Mapping[str, str]) -> tuple[Disclosure, ...]:
    words = words_of(details)
    both = sorted(set(words) & set(personal))
    if both:
        raise EntryNotRecordable(reason=f"{both[0]!r} is given twice")
    return tuple(disclosures.disclose(name, value) for name, value in sorted({**words, **personal}.items()) if value)


def _lock_head(connection: Connection) -> int:
    """Wait for the other writers and return the index of the next entry."""
    head = first_row(connection, statements.LOCK_HEAD)
    if head is None:
        raise LogNotInstalled
    return int(head[0])


def _place_in_agreement(connection: Connection, agreement: str | None) -> tuple[int | None, bytes | None]:
    """Return seq and prev of the agreement's next entry. The head must be locked."""
    if agreement is None:
        return None, None
    last = first_row(connection, statements.LAST_OF_AGREEMENT, agreement)
    return (0, None) if last is None else (last[0] + 1, last[1])


def _insert(
    connection: Connection,
    index: int,
    entry: Entry,
    encoded: bytes,
    leaf: bytes,
    disclosed: tuple[Disclosure, ...],
) -> None:
    wanted = merkle.left_siblings(index)
    left = statements.nodes(connection, wanted)
    if len(left) != len(wanted):
        raise NodesMissing(count=len(wanted) - len(left))
    row = (
        index,
        entry.agreement,
        entry.seq,
        entry.ceremony,
        entry.type,
        entry.actor,
        format_time(entry.at),
        encoded,
        leaf,
    )
    execute(connection, statements.INSERT_ENTRY, row)
    complete = merkle.appended_nodes(index, leaf, left)
    execute(connection, statements.INSERT_NODE, *((*node, digest) for node, digest in complete))
    if disclosed:
        rows = [(index, disclosure.digest, disclosure.text) for disclosure in disclosed]
        execute(connection, statements.INSERT_DISCLOSURE, *rows)
    execute(connection, statements.SET_HEAD, (index + 1,))
