"""The tables of the audit log. Rows are only ever added; what they mean is in `signing_service.audit`.

Every table but the head is append-only and guarded by triggers (`install_append_only_triggers`), which stop accidents;
malice is shown by the signed checkpoints. `Base.metadata.create_all` installs head row and triggers by itself; a
migration calls `install_log(connection)` after it created the tables.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from signing_service.db.base import Base
from signing_service.db.types import StoredBytes


class LogEntry(Base):
    """One entry of the log, exactly as hashed; every other column repeats something out of `encoded`."""

    __tablename__ = "log_entry"
    __table_args__ = (
        UniqueConstraint("agreement", "seq"),
        CheckConstraint("(agreement IS NULL) = (seq IS NULL)", name="agreement_with_seq"),
        CheckConstraint("idx >= 0", name="idx_not_negative"),
        Index(None, "ceremony", "idx"),
        Index(None, "type", "idx"),
        Index(None, "actor", "idx"),
    )

    #: Place in the log, from 0 without gaps; given out under the lock of the head, never by a sequence.
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: Opaque id of the agreement concerned; NULL for acts that concern no single one.
    agreement: Mapped[str | None] = mapped_column(String(128))
    #: Place among the entries of that agreement, from 0 without gaps.
    seq: Mapped[int | None] = mapped_column(BigInteger)
    #: Opaque id of the ceremony concerned, repeated out of the details so that a live view can follow it.
    ceremony: Mapped[str | None] = mapped_column(String(128))
    #: The action, "subject.verb" (`signing_service.audit.actions.Action`).
    type: Mapped[str] = mapped_column(String(64))
    #: Opaque id of who acted; never a name or an address.
    actor: Mapped[str] = mapped_column(String(128))
    #: When, as the entry says it: UTC, YYYY-MM-DDTHH:MM:SS.mmmZ.
    at: Mapped[str] = mapped_column(String(24))
    #: The entry: RFC 8785 canonical JSON in UTF-8, below 65 536 bytes.
    encoded: Mapped[bytes] = mapped_column(StoredBytes)
    #: SHA-256(0x00 ‖ encoded), RFC 6962.
    leaf_hash: Mapped[bytes] = mapped_column(StoredBytes(32), unique=True)


class LogNode(Base):
    """The hash of one perfect subtree: leaves [idx·2^level, (idx+1)·2^level)."""

    __tablename__ = "log_node"

    #: Height of the subtree; 0 is a leaf.
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: Place among the subtrees of that height.
    idx: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: SHA-256 by RFC 6962: 32 bytes.
    hash: Mapped[bytes] = mapped_column(StoredBytes(32))


class LogHead(Base):
    """One row whose lock puts all writers in line."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("one = 1", name="one_row"),)

    #: Always 1.
    one: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    #: Number of entries; the index of the next one.
    size: Mapped[int] = mapped_column(BigInteger)


class LogCheckpoint(Base):
    """A checkpoint that was signed and may have been shown to anybody."""

    __tablename__ = "log_checkpoint"

    #: Number of entries that it covers.
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    #: Origin line of the log that signed it; changes only when a log had to be continued under another name.
    origin: Mapped[str] = mapped_column(String(255))
    #: The signed note with the log's own signature (C2SP tlog-checkpoint).
    note: Mapped[str] = mapped_column(Text)
    #: When it was stored, in the form of `LogEntry.at`; for people only, nothing is proved by it.
    at: Mapped[str] = mapped_column(String(24))


class LogTimestamp(Base):
    """An RFC 3161 token over a checkpoint's own part (text, blank line, own signature line)."""

    __tablename__ = "log_timestamp"

    #: The checkpoint.
    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True, autoincrement=False)
    #: Name of the time stamp authority as configured; a checkpoint may carry the stamps of several.
    authority: Mapped[str] = mapped_column(String(255), primary_key=True)
    #: The raw token, DER of CMS ContentInfo, kept as received.
    token: Mapped[bytes] = mapped_column(LargeBinary)


class LogCosignature(Base):
    """A witness's signature line for a checkpoint (C2SP tlog-cosignature)."""

    __tablename__ = "log_cosignature"

    #: The checkpoint.
    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoint.size"), primary_key=True, autoincrement=False)
    #: Name of the witness.
    name: Mapped[str] = mapped_column(String(255), primary_key=True)
    #: The line as received, newline included.
    line: Mapped[str] = mapped_column(Text)


class LogDisclosure(Base):
    """Personal data beside an entry (RFC 9901). Erasing one deletes its row, after the erasure was recorded."""

    __tablename__ = "log_disclosure"

    #: The entry whose `_sd` holds the digest.
    idx: Mapped[int] = mapped_column(ForeignKey("log_entry.idx"), primary_key=True, autoincrement=False)
    #: base64url(SHA-256(text)), 43 characters.
    digest: Mapped[str] = mapped_column(String(43), primary_key=True)
    #: base64url of JSON [salt, name, value]: personal data.
    text: Mapped[str] = mapped_column(Text)


HEAD: Final = 1
"""The key of the one row of `LogHead`."""

APPEND_ONLY: Final[dict[str, tuple[str, ...]]] = {
    "log_entry": ("idx",),
    "log_node": ("level", "idx"),
    "log_checkpoint": ("size",),
    "log_timestamp": ("size", "authority"),
    "log_cosignature": ("size", "name"),
}
"""Tables whose rows never change nor go, with their keys."""

_KEYS: Final = {**APPEND_ONLY, "log_head": ("one",), "log_disclosure": ("idx", "digest")}


def install_log(connection: Connection) -> None:
    """Make fresh log tables ready for use: the row of the head and the triggers. May be repeated."""
    if connection.scalar(select(LogHead.size)) is None:
        connection.execute(insert(LogHead).values(one=HEAD, size=0))
    install_append_only_triggers(connection)


def install_append_only_triggers(connection: Connection) -> None:
    """Create the guards on SQLite or PostgreSQL (14 or newer). May be repeated."""
    for statement in append_only_ddl(connection.dialect.name):
        connection.execute(text(statement))


def drop_append_only_triggers(connection: Connection) -> None:
    """Remove the guards: for a migration that goes back, and for tests that play the attacker."""
    if connection.dialect.name == "postgresql":
        for table in _KEYS:
            for name in ("guard", "truncate"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}"))
            connection.execute(text(f"DROP FUNCTION IF EXISTS {table}_guard()"))
        connection.execute(text("DROP FUNCTION IF EXISTS log_refuse_truncate()"))
        return
    for table in _KEYS:
        for name in ("update", "delete", "replace"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_{name}"))


def append_only_ddl(dialect: str) -> list[str]:
    """Return the statements that create the guards, for a migration to run or show."""
    if dialect == "postgresql":
        return _postgresql_ddl()
    if dialect == "sqlite":
        return _sqlite_ddl()
    raise ValueError(f"the log is not guarded on {dialect}")


def _sqlite_ddl() -> list[str]:
    statements = []
    for table, keys in _KEYS.items():
        allowed = {
            "update": "NEW.size > OLD.size" if table == "log_head" else "0",
            "delete": _ERASURE_RECORDED_SQLITE if table == "log_disclosure" else "0",
        }
        for verb, condition in allowed.items():
            statements.append(
                f"CREATE TRIGGER IF NOT EXISTS {table}_{verb} BEFORE {verb.upper()} ON {table} "
                f"WHEN NOT ({condition}) BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        # INSERT OR REPLACE deletes without firing DELETE triggers (recursive_triggers is off by default).
        same = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names of our own tables only
        statements.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_replace BEFORE INSERT ON {table} WHEN {exists} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    return statements


def _postgresql_ddl() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION log_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    ]
    for table in _KEYS:
        exception = ""
        if table == "log_head":
            exception = "IF TG_OP = 'UPDATE' AND NEW.size > OLD.size THEN RETURN NEW; END IF; "
        if table == "log_disclosure":
            exception = f"IF TG_OP = 'DELETE' AND {_ERASURE_RECORDED_POSTGRESQL} THEN RETURN OLD; END IF; "
        statements += [
            f"CREATE OR REPLACE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {exception}RAISE EXCEPTION '{table} is append-only'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
            f"CREATE OR REPLACE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_truncate()",
        ]
    return statements


# A disclosure may go once an entry "disclosure.erased" holds its digest.
_ERASURE_RECORDED_SQLITE: Final = (
    "EXISTS (SELECT 1 FROM log_entry WHERE type = 'disclosure.erased' AND instr(encoded, CAST(OLD.digest AS BLOB)) > 0)"
)
_ERASURE_RECORDED_POSTGRESQL: Final = (
    "EXISTS (SELECT 1 FROM log_entry WHERE type = 'disclosure.erased' "
    "AND position(convert_to(OLD.digest, 'UTF8') IN encoded) > 0)"
)


def _install_after_create(target: Any, connection: Connection, **_: Any) -> None:
    if set(_KEYS) <= {table.name for table in target.sorted_tables}:
        install_log(connection)


event.listen(Base.metadata, "after_create", _install_after_create)
