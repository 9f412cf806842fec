"""The SQL statements of the log as plain text: the writer's own, and what reads tree hashes and whole logs.

Every act waits for the first. How they are run: `db.statements`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

from signing_service.audit.merkle import Node
from signing_service.db.statements import rows
from signing_service.db.types import as_bytes

LOCK_HEAD: Final = "SELECT size FROM log_head WHERE one = 1 FOR UPDATE"
LAST_OF_AGREEMENT: Final = "SELECT seq, leaf_hash FROM log_entry WHERE agreement = ? ORDER BY seq DESC LIMIT 1"
INSERT_ENTRY: Final = (
    "INSERT INTO log_entry (idx, agreement, seq, ceremony, type, actor, at, encoded, leaf_hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_NODE: Final = "INSERT INTO log_node (level, idx, hash) VALUES (?, ?, ?)"
INSERT_DISCLOSURE: Final = "INSERT INTO log_disclosure (idx, digest, text) VALUES (?, ?, ?)"
SET_HEAD: Final = "UPDATE log_head SET size = ? WHERE one = 1"
ENTRIES: Final = (
    "SELECT idx, agreement, seq, ceremony, type, actor, at, encoded, leaf_hash FROM log_entry "
    "WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT ?"
)
LEVEL: Final = "SELECT idx, hash FROM log_node WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx"
# Alternatives joined by OR go through the index; SQLite answers (level, idx) IN (VALUES …) by reading the whole table.
_NODES: Final = "SELECT level, idx, hash FROM log_node WHERE "
_NODE: Final = "(level = ? AND idx = ?)"


def nodes(connection: Connection, wanted: Sequence[Node]) -> Mapping[Node, bytes]:
    """Return those of the wanted tree hashes that are stored; at most a few hundred are asked for at once."""
    if not wanted:
        return {}
    statement = _NODES + " OR ".join([_NODE] * len(wanted))
    values = tuple(part for node in wanted for part in node)
    found = rows(connection, statement, *values)
    return {(level, position): as_bytes(digest) for level, position, digest in found}
