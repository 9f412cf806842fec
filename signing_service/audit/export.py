"""The log as files, and their check on a machine without the service: JSON Lines, a checkpoint, a key text.

One line per entry: {"index": n, "entry": base64 of its exact bytes, "disclosures": [texts the receiver may see]}; or,
for the whole log without disclosures, just the entry's exact bytes (they hold no line break), in order. The key must
come to the verifier by another way than the files; a key out of the same folder proves nothing.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from signing_service.audit import disclosures
from signing_service.audit.checkpoint import SignedCheckpoint, parse_signed
from signing_service.audit.entries import hash_of, parse
from signing_service.audit.errors import AuditError, MalformedEntry, MalformedNote
from signing_service.audit.note import VerifierKey, decode_base64
from signing_service.audit.problems import Problem, ProblemKind
from signing_service.audit.replay import Erasures, Place, Replay, erasures_of
from signing_service.db.models.audit import LogDisclosure, LogEntry

CHUNK = 1000


def export_lines(session: Session, size: int, *, with_disclosures: bool) -> Iterator[bytes]:
    """Yield the first `size` entries (those of a published checkpoint), one line each with its newline."""
    for start in range(0, size, CHUNK):
        end = min(start + CHUNK, size)
        beside: dict[int, list[str]] = {}
        if with_disclosures:
            texts = select(LogDisclosure.idx, LogDisclosure.text).where(
                LogDisclosure.idx >= start, LogDisclosure.idx < end
            )
            for each in session.execute(texts.order_by(LogDisclosure.idx, LogDisclosure.digest)):
                beside.setdefault(each.idx, []).append(each.text)
        rows = session.execute(
            select(LogEntry.idx, LogEntry.encoded)
            .where(LogEntry.idx >= start, LogEntry.idx < end)
            .order_by(LogEntry.idx)
        )
        for row in rows:
            yield export_line(row.idx, row.encoded, beside.get(row.idx, []))


def export_line(index: int, encoded: bytes, texts: Iterable[str] = ()) -> bytes:
    """Return one line of an export."""
    line = {"index": index, "entry": b64encode(encoded).decode(), "disclosures": list(texts)}
    return json.dumps(line).encode() + b"\n"


def verify_export(log_jsonl: Iterable[bytes], checkpoint_text: str, vkey_text: str) -> list[Problem]:
    """Return everything that is wrong with an exported log; an empty list means that all of it holds.

    `log_jsonl` are the lines, `checkpoint_text` is the signed note, `vkey_text` the log's key from elsewhere.
    """
    signed, problems = _read_checkpoint(checkpoint_text, vkey_text)
    rows: list[tuple[int, bytes, dict[str, str]]] = []
    for number, line in enumerate(log_jsonl, 1):
        if line.strip():
            try:
                rows.append(_read_line(line, len(rows)))
            except (MalformedEntry, MalformedNote) as error:
                detail = f"line {number}: {error.params['reason']}"
                problems.append(Problem(ProblemKind.UNREADABLE, detail))
    size = signed.size if signed else 0
    replay = Replay(frozenset({size}), _recorded_erasures(rows), disclosures_complete=False)
    for index, encoded, beside in rows:
        if index < replay.next_index:
            replay.problems.append(Place(index).problem(ProblemKind.ENTRY_OUT_OF_ORDER))
            continue
        if index > replay.next_index:
            replay.grow(replay.missing_until(index))
        leaf = hash_of(encoded)
        entry = replay.check(index, encoded, leaf, beside)
        replay.grow([leaf])
        if signed is not None and index >= size:
            place = Place(index, entry.agreement, entry.seq, entry.type) if entry else Place(index)
            replay.problems.append(place.problem(ProblemKind.NOT_COVERED))
    if signed is not None and replay.next_index < size:
        replay.grow(replay.missing_until(size))
    problems += replay.problems
    if signed is not None and replay.roots.get(size) != signed.root:
        problems.append(Problem(ProblemKind.CHECKPOINT_ROOT, size=size))
    return problems


def _read_checkpoint(text: str, vkey: str) -> tuple[SignedCheckpoint | None, list[Problem]]:
    try:
        key = VerifierKey.parse(vkey.strip())
    except MalformedNote as error:
        return None, [Problem(ProblemKind.UNREADABLE, f"the key: {error.params['reason']}")]
    try:
        return parse_signed(text, [key]), []
    except AuditError as error:
        return None, [Problem(ProblemKind.CHECKPOINT_UNTRUSTED, str(error.params["reason"]))]


def _read_line(line: bytes, position: int) -> tuple[int, bytes, dict[str, str]]:
    """Return index, bytes and disclosures (digest → text) of a line; `position` is the index of a bare entry."""
    try:
        fields: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MalformedEntry(reason="it is not JSON") from error
    if not isinstance(fields, dict):
        raise MalformedEntry(reason="it is not a JSON object")
    if "nonce" in fields:  # only an entry itself has one
        return position, line.removesuffix(b"\n"), {}
    index, entry, texts = fields.get("index"), fields.get("entry"), fields.get("disclosures", [])
    if not isinstance(index, int) or isinstance(index, bool) or index < 0 or not isinstance(entry, str):
        raise MalformedEntry(reason="it has no index or no entry")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise MalformedEntry(reason="its disclosures are not texts")
    return index, decode_base64(entry), {disclosures.digest_of(text): text for text in texts}


def _recorded_erasures(rows: Iterable[tuple[int, bytes, object]]) -> Erasures:
    erased: set[tuple[int, str]] = set()
    for _, encoded, _ in rows:
        if b'"disclosure.erased"' in encoded:
            try:
                erased |= erasures_of(parse(encoded))
            except MalformedEntry:
                continue  # named when its turn comes
    return frozenset(erased)
