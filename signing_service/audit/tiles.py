"""Tiles (C2SP tlog-tiles): the tree as static files of 256 hashes, and bundles of entries for authorised readers.

Reads tile paths and returns tile bytes for a published size of the log. Hash tiles are public, because entries carry a
nonce; who may fetch an entry bundle is decided by the door that serves it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from signing_service.audit.errors import NodesMissing, TileNotFound
from signing_service.db.models.audit import LogEntry, LogNode

HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
MAX_LEVEL: Final = 63

_PATH = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: level (None for a bundle of entries), number within the level, and width (256 when full)."""

    level: int | None
    number: int
    width: int = WIDTH

    def path(self) -> str:
        """Return the path below `tile/`, such as `0/x001/x234/067` or `entries/000.p/17`."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[start : start + 3] for start in range(0, len(digits), 3)]
        number = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level is None else str(self.level)
        return f"{level}/{number}" + (f".p/{self.width}" if self.width < WIDTH else "")

    def exists_at(self, size: int) -> bool:
        """Return whether a log of `size` entries has this tile; a full tile has its partial forerunners too."""
        shift = HEIGHT * (self.level or 0)
        return self.number * WIDTH + self.width <= size >> shift


def parse_path(path: str) -> Tile:
    """Read a path below `tile/`. Raises `TileNotFound` for any other spelling than the one `Tile.path` writes."""
    match = _PATH.fullmatch(path)
    if match is None or len(path) > 100:
        raise TileNotFound(path=path[:100])
    level = None if match["level"] == "entries" else int(match["level"])
    tile = Tile(level, int(match["number"].replace("/", "").replace("x", "")), int(match["width"] or WIDTH))
    if tile.path() != path or (level or 0) > MAX_LEVEL:
        raise TileNotFound(path=path)
    return tile


def tiles_of(size: int) -> list[Tile]:
    """Return every hash tile of a log of `size` entries, full ones and the partial one at the right of each level."""
    tiles: list[Tile] = []
    level, count = 0, size
    while count:
        tiles += [Tile(level, number) for number in range(count // WIDTH)]
        if count % WIDTH:
            tiles.append(Tile(level, count // WIDTH, count % WIDTH))
        level, count = level + 1, count // WIDTH
    return tiles


def read_tile(session: Session, tile: Tile, size: int) -> bytes:
    """Return the bytes of a tile as of a published checkpoint of `size` entries.

    A hash tile is 32 bytes per hash; an entry bundle is each entry after its length as two bytes, big-endian. Raises
    `TileNotFound` when the log of that size has no such tile, `NodesMissing` when rows are gone.
    """
    if not tile.exists_at(size):
        raise TileNotFound(path=tile.path())
    first = tile.number * WIDTH
    if tile.level is None:
        entries = session.scalars(
            select(LogEntry.encoded)
            .where(LogEntry.idx >= first, LogEntry.idx < first + tile.width)
            .order_by(LogEntry.idx)
        ).all()
        parts = [len(entry).to_bytes(2, "big") + entry for entry in entries]
    else:
        parts = list(
            session.scalars(
                select(LogNode.hash)
                .where(
                    LogNode.level == tile.level * HEIGHT,
                    LogNode.idx >= first,
                    LogNode.idx < first + tile.width,
                )
                .order_by(LogNode.idx)
            )
        )
    if len(parts) != tile.width:
        raise NodesMissing(count=tile.width - len(parts))
    return b"".join(parts)
