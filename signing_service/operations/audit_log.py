"""Reading, publishing and checking the audit log."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from signing_service.audit import disclosures, proofs, publish, tiles
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.checkpoint import SignedCheckpoint, parse_signed
from signing_service.audit.entries import parse_time
from signing_service.audit.high_water import HighWaterMark
from signing_service.audit.note import Ed25519Signer, VerifierKey
from signing_service.audit.problems import Problem, ProblemKind
from signing_service.audit.verify import verify_log
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.audit import LogDisclosure, LogEntry
from signing_service.db.models.people import Person
from signing_service.db.models.reviewers import Reviewer
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, NotFound
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action
from signing_service.services import Services

PAGE = 60


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as the auditor's page shows it; `personal` are the disclosures that still exist."""

    index: int
    at: datetime
    type: str
    agreement: str | None
    agreement_number: str | None
    actor_name: str
    details: dict[str, Any]
    personal: dict[str, str]
    leaf_hash: str
    text: str


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """Newest first; `older` is the index to ask for next."""

    entries: tuple[EntryRow, ...]
    older: int | None
    size: int
    root: str
    checkpoint_text: str | None
    agreements: tuple[tuple[str, str], ...]


@query(Action.AUDIT_READ)
def entries(act: Act, agreement_id: str | None = None, before: int | None = None) -> EntriesPage:
    """One page of the log, all of it or one agreement's."""
    wanted = select(LogEntry).order_by(LogEntry.idx.desc()).limit(PAGE + 1)
    if agreement_id is not None:
        wanted = wanted.where(LogEntry.agreement == agreement_id)
    if before is not None:
        wanted = wanted.where(LogEntry.idx < min(max(before, 0), proofs.log_size(act.session)))
    found = list(act.session.scalars(wanted))
    names = _names(act)
    numbers = {row.id: row.number or row.id for row in act.session.scalars(select(Agreement))}
    size = proofs.log_size(act.session)
    return EntriesPage(
        entries=tuple(_entry_row(act, row, names, numbers) for row in found[:PAGE]),
        older=found[PAGE - 1].idx if len(found) > PAGE else None,
        size=size,
        root=b64encode(proofs.root_at(act.session, size)).decode(),
        checkpoint_text=proofs.latest_checkpoint(act.session),
        agreements=tuple(sorted(numbers.items(), key=lambda pair: pair[1])),
    )


@dataclass(frozen=True, slots=True)
class LogHeadFacts:
    """Size and root of the log now; every page shows them in its footer."""

    size: int
    root: str


@query(Action.PUBLIC)
def head(act: Act) -> LogHeadFacts:
    """How long the log is and what its root is."""
    size = proofs.log_size(act.session)
    return LogHeadFacts(size, proofs.root_at(act.session, size).hex())


@query(Action.AUDIT_READ)
def proof(act: Act, index: int) -> str:
    """The `.tlog-proof` of one entry; raises `NotFound` until a checkpoint covers it."""
    return _proof_text(act, index)


@query(Action.DOCUMENT_READ)
def receipt(act: Act, index: int) -> tuple[bytes, str]:
    """Entry bytes and proof of an act, for the signatory who did it."""
    row = act.session.get(LogEntry, index)
    if row is None or (act.actor.kind == "signatory" and row.actor != act.actor.id):
        raise NotFound(what=N_("receipt"))
    return row.encoded, _proof_text(act, index)


def _proof_text(act: Act, index: int) -> str:
    if not 0 <= index < proofs.log_size(act.session):
        raise NotFound(what=N_("log entry"))
    found = proofs.tlog_proof(act.session, index)
    if found is None:
        raise NotFound(what=N_("checkpoint over this entry yet"))
    return found.serialize()


def publish_checkpoint(services: Services) -> bool:
    """Sign and store a checkpoint if the log has grown; returns whether there is a new one.

    Raises the `RefusesToSign` family when the database is behind what was signed before.
    """
    signer = _signer(services)
    mark = _mark(services)
    state = _log_state(services, SYSTEM, signer.verifier, mark)
    signed = publish.sign_state(state, signer, mark)
    if signed is None:
        return False
    with services.db.write() as session:
        return publish.store(session, signed, services.clock())


def adopt(services: Services, kept: str) -> int:
    """Put a lost high-water mark back from a checkpoint kept elsewhere; returns the size it covers.

    Raises when the checkpoint is not ours or the database does not continue it.
    """
    signed = _adoptable(services, SYSTEM, kept)
    _mark(services).advance(signed)
    return signed.size


@query(Action.OPERATE)
def _adoptable(act: Act, kept: str) -> SignedCheckpoint:
    return publish.adopt(act.session, kept, [verifier_key(act.services)])


@command(Action.OPERATE)
def continue_log(act: Act, lost: str, words: str) -> None:
    """Record that the log goes on under a new origin, because entries that `lost` (a checkpoint) covers are gone."""
    signed = parse_signed(lost, [verifier_key(act.services)])
    act.record(Recorded.LOG_CONTINUED, publish.continuation(act.session, signed, words))


@query(Action.OPERATE)
def _log_state(act: Act, verifier: VerifierKey, mark: HighWaterMark) -> publish.LogState:
    known = [verifier]
    return publish.read_state(act.session, origin=act.services.settings.log_origin, known=known, mark=mark.read(known))


@query(Action.PUBLIC)
def checkpoint(act: Act) -> str:
    """The newest checkpoint (public); raises `NotFound` before the first."""
    text = proofs.latest_checkpoint(act.session)
    if text is None:
        raise NotFound(what=N_("checkpoint yet"))
    return text


@query(Action.PUBLIC)
def tile(act: Act, path: str) -> bytes:
    """One hash tile of C2SP tlog-tiles; raises `TileNotFound`. Bundles of entries are not public."""
    wanted = tiles.parse_path(path)
    if wanted.level is None:
        raise NotFound(what=N_("public tile"))
    return tiles.read_tile(act.session, wanted, proofs.log_size(act.session))


def verifier_key(services: Services) -> VerifierKey:
    """The key that checks our checkpoints; hand it to auditors out of band."""
    return _signer(services).verifier


@query(Action.AUDIT_READ)
def check(act: Act, progress: Callable[[int, int], None] | None = None) -> Sequence[Problem]:
    """Re-hash everything and compare with the high-water mark; returns every problem, none when the log is sound."""
    own = verifier_key(act.services)
    mark = _mark(act.services).read([own])
    known = [own, *(VerifierKey(origin, own.public_key) for origin in publish.earlier_origins(act.session))]
    problems = verify_log(act.session, known, progress, mark=mark)
    signed = publish.marked_size(act.session, own.name)
    if mark is None and signed is not None:
        problems.append(Problem(ProblemKind.HIGH_WATER_MISSING, size=signed))
    return problems


@query(Action.AUDIT_READ)
def export_lines(act: Act) -> tuple[bytes, ...]:
    """Exactly the bytes of every entry, in order."""
    return tuple(act.session.scalars(select(LogEntry.encoded).order_by(LogEntry.idx)))


def _mark(services: Services) -> HighWaterMark:
    return HighWaterMark(services.settings.high_water_dir, services.settings.log_origin)


def _signer(services: Services) -> Ed25519Signer:
    return Ed25519Signer(services.settings.log_origin, services.keyring.log_key)


def _names(act: Act) -> dict[str, str]:
    names = {p.id: p.name for p in act.session.scalars(select(Person))}
    names |= {s.id: s.name for s in act.session.scalars(select(Signatory))}
    names |= {r.id: r.name for r in act.session.scalars(select(Reviewer))}
    return names


def _details(encoded: bytes) -> dict[str, Any]:
    """The details of an entry; of one that somebody damaged, a word about it, so that the page can still be read."""
    try:
        found = json.loads(encoded)["data"]
    except (ValueError, KeyError, TypeError):
        return {"unreadable": True}
    return found if isinstance(found, dict) else {"unreadable": True}


def _entry_row(act: Act, row: LogEntry, names: dict[str, str], numbers: dict[str, str]) -> EntryRow:
    told = act.session.scalars(select(LogDisclosure.text).where(LogDisclosure.idx == row.idx))
    opened = [disclosures.parse(text) for text in told]
    return EntryRow(
        index=row.idx,
        at=parse_time(row.at),
        type=row.type,
        agreement=row.agreement,
        agreement_number=numbers.get(row.agreement or ""),
        actor_name=names.get(row.actor, row.actor),
        details=_details(row.encoded),
        personal={d.name: d.value for d in opened},
        leaf_hash=row.leaf_hash.hex(),
        text=bytes(row.encoded).decode(errors="replace"),
    )
