"""The shape of every operation: permission → begin → body → audit entry → commit → wake the worker.

`command` wraps what changes something, `query` what only looks. A command whose body recorded nothing is a mistake
in the program and is rolled back: what cannot be recorded did not happen. A refusal is recorded after the rollback in
a small transaction of its own. No body makes a network call or uses a private key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from agreements.errors import AgreementError
from keys.errors import KeysError
from signing_service.audit import journal
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.form import Details
from signing_service.audit.details.people import AccessRefused
from signing_service.db.session import Transaction
from signing_service.errors import ServiceError, SignInNeeded
from signing_service.pades.errors import PadesError
from signing_service.permissions import Action, Actor, require
from signing_service.services import Services

P = ParamSpec("P")
R = TypeVar("R")

Refusal = ServiceError | AgreementError | KeysError | PadesError
REFUSALS = (ServiceError, AgreementError, KeysError, PadesError)


class NothingRecorded(RuntimeError):
    """A command ended without an audit entry: a defect of the program, never of the input."""


class MoveNotRecorded(RuntimeError):
    """An agreement moved without the one entry that says so, or with two: a defect of the program as well."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One audit entry to be written when the body has ended."""

    action: Recorded
    details: Details
    agreement: str | None
    personal: Mapping[str, str]
    then: Callable[[journal.Receipt], None] | None


@dataclass
class Act:
    """What a body works with: the transaction, the actor, the one `now`, and the entries it records.

    `moves` are the agreements that moved, each with the action whose entry tells of it (see `rows.move`).
    """

    services: Services
    actor: Actor
    transaction: Transaction
    now: datetime
    entries: list[Entry] = field(default_factory=list)
    moves: list[tuple[str | None, Recorded]] = field(default_factory=list)

    @property
    def session(self) -> Session:
        """The transaction's objects."""
        return self.transaction.session

    @property
    def connection(self) -> Connection:
        """The transaction's connection, for plain statements (`db.statements`)."""
        return self.transaction.connection

    def record(
        self,
        action: Recorded,
        details: Details,
        *,
        agreement: str | None = None,
        personal: Mapping[str, str] | None = None,
        then: Callable[[journal.Receipt], None] | None = None,
    ) -> None:
        """Queue one entry; it is written last in the transaction, so that the log's head is locked only briefly.

        `personal` goes beside the entry as salted disclosures. `then` is called with the receipt before the commit.
        """
        self.entries.append(Entry(action, details, agreement, personal or {}, then))

    def write_entries(self) -> None:
        """Hand the queued entries to the journal, in order. Raises MoveNotRecorded."""
        told = Counter((entry.agreement, entry.action) for entry in self.entries)
        for move, times in Counter(self.moves).items():
            if told[move] != times:
                raise MoveNotRecorded(f"{move}: {times} moves, {told[move]} entries")
        self.transaction.flush()
        for entry in self.entries:
            receipt = journal.record(
                self.connection,
                action=entry.action,
                agreement=entry.agreement,
                actor=self.actor.id,
                details=entry.details,
                personal=entry.personal,
                at=self.now,
            )
            if entry.then is not None:
                entry.then(receipt)


def command(
    action: Action, *, recorded: bool = True
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[Services, Actor, P], R]]:
    """Make a body a command needing `action`. `recorded=False` is for heartbeats, places in a queue and drawings."""

    def wrap(body: Callable[Concatenate[Act, P], R]) -> Callable[Concatenate[Services, Actor, P], R]:
        @wraps(body)
        def run(services: Services, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            try:
                require(actor, action)
                with services.db.writing() as transaction:
                    act = Act(services, actor, transaction, services.clock())
                    result = body(act, *args, **kwargs)
                    if recorded and not act.entries:
                        raise NothingRecorded(body.__qualname__)
                    act.write_entries()
            except REFUSALS as refusal:
                record_refusal(services, actor, action, refusal)
                raise
            services.wake.set()
            return result

        return run

    return wrap


def query(
    action: Action,
) -> Callable[[Callable[Concatenate[Act, P], R]], Callable[Concatenate[Services, Actor, P], R]]:
    """Make a body a query needing `action`: it sees one consistent state and changes nothing."""

    def wrap(body: Callable[Concatenate[Act, P], R]) -> Callable[Concatenate[Services, Actor, P], R]:
        @wraps(body)
        def run(services: Services, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            require(actor, action)
            with services.db.reading() as transaction:
                return body(Act(services, actor, transaction, services.clock()), *args, **kwargs)

        return run

    return wrap


def record_refusal(services: Services, actor: Actor, action: Action, refusal: Refusal) -> None:
    """Keep a trace of what was refused to a known actor; a missing sign-in is noise, not an event."""
    if isinstance(refusal, SignInNeeded) or actor.kind == "anonymous":
        return
    with services.db.writing() as transaction:
        act = Act(services, actor, transaction, services.clock())
        act.record(Recorded.ACCESS_REFUSED, AccessRefused(operation=action.value, reason=refusal.code))
        act.write_entries()
