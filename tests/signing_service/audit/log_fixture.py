"""A log in a database for tests: made, filled, published, and (as an attacker would) written to behind its back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from signing_service.audit import journal, publish
from signing_service.audit.actions import Action
from signing_service.audit.details.ceremonies import CeremonyPaused, SeatMoved
from signing_service.audit.details.signatures import SignatureApplied
from signing_service.audit.high_water import HighWaterMark
from signing_service.audit.journal import Receipt
from signing_service.audit.problems import Problem
from signing_service.audit.verify import verify_log
from signing_service.db.base import Base
from signing_service.db.models import audit as tables
from signing_service.db.session import Database
from tests.signing_service.audit import worked_example as example

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
KNOWN = [example.LOG_KEY.verifier, example.WITNESS.verifier]


class TestLog:
    """One log with its database, its high-water mark and the key of the worked example."""

    __test__ = False

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.mark = HighWaterMark(folder / "marks", example.ORIGIN)
        self.now = START

    @classmethod
    def create(cls, url: str, folder: Path) -> TestLog:
        """Create the tables of the log, guarded, and nothing else."""
        database = Database(url)
        names = [tables.LogHead, tables.LogEntry, tables.LogNode, tables.LogCheckpoint]
        names += [tables.LogTimestamp, tables.LogCosignature, tables.LogDisclosure]
        with database.write() as session:
            connection = session.connection()
            Base.metadata.drop_all(connection, [each.__table__ for each in names])
            Base.metadata.create_all(connection, [each.__table__ for each in names])
            tables.install_log(connection)
        return cls(database, folder)

    def append(self, count: int = 1, *, agreement: str | None = "agr_1", seat: str = "sea_1") -> list[Receipt]:
        """Record `count` acts, each in its own transaction."""
        return [self.append_one(agreement=agreement, seat=seat) for _ in range(count)]

    def append_one(self, *, agreement: str | None = "agr_1", seat: str = "sea_1") -> Receipt:
        """Record that somebody took a seat, with a personal detail beside it."""
        self.now += timedelta(seconds=1)
        with self.database.write() as session:
            return self.record_into(session, agreement=agreement, seat=seat)

    def record_into(self, session: Session, *, agreement: str | None = "agr_1", seat: str = "sea_1") -> Receipt:
        """Record the same inside a transaction of the caller's."""
        return journal.record(
            session,
            action=Action.SEAT_JOINED,
            actor=seat,
            agreement=agreement,
            details=SeatMoved(ceremony="cer_1", seat=seat, signatory="sig_1"),
            personal={"ip": "192.0.2.7"},
            at=self.now,
        )

    def apply_signature(self) -> Receipt:
        """Record a signature."""
        digest = example.DOCUMENT
        details = SignatureApplied(
            signatory="sig_1",
            attempt="att_1",
            field="Signatory_party_a_1",
            custody="browser_held",
            level="B-T",
            revision=1,
            base_sha256=digest,
            pdf_sha256=digest,
            certificate_sha256=digest,
            version_sha256=digest,
        )
        with self.database.write() as session:
            return journal.record(
                session,
                action=Action.SIGNATURE_APPLIED,
                actor="sig_1",
                agreement="agr_1",
                details=details,
                at=self.now,
            )

    def pause(self, words: str) -> Receipt:
        """Record a pause with words that a person typed."""
        with self.database.write() as session:
            return journal.record(
                session,
                action=Action.CEREMONY_PAUSED,
                actor="per_host",
                details=CeremonyPaused("cer_1", "host", words),
                at=self.now,
            )

    def publish(self) -> bool:
        """Publish as the worker does: read, sign outside, store."""
        mark = self.mark.read(KNOWN)
        with self.database.read() as session:
            state = publish.read_state(session, origin=example.ORIGIN, known=KNOWN, mark=mark)
        signed = publish.sign_state(state, example.LOG_KEY, self.mark)
        if signed is None:
            return False
        with self.database.write() as session:
            return publish.store(session, signed, self.now)

    def problems(self) -> list[Problem]:
        """Check the whole log."""
        with self.database.read() as session:
            return verify_log(session, KNOWN, mark=self.mark.read(KNOWN))

    def findings(self) -> list[str]:
        """Check the whole log and return kind and place of each finding, as text."""
        return [f"{problem.kind}: {problem.where}" for problem in self.problems()]

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """Take the guards off, as somebody with the database password can."""
        with self.database.write() as session:
            tables.drop_append_only_triggers(session.connection())
        yield
        with self.database.write() as session:
            tables.install_append_only_triggers(session.connection())

    def tamper(self, statement: str, **values: object) -> None:
        """Run a statement behind the log's back, without guards and foreign keys."""
        with self.unguarded(), self.database.write() as session:
            changed = session.execute(text(statement), values)
            assert changed.rowcount == 1, statement  # type: ignore[attr-defined]  # every result of DML has it
