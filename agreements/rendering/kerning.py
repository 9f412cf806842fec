"""The space between pairs of Latin letters, read out of the face's own GPOS table.

Only plain pair adjustment is read (the `kern` feature's lookups of type 2); contextual rules and marks are not.
OpenType 1.9, GPOS lookup type 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any

from fontTools.ttLib import TTFont

_INVISIBLE = 8.0  # changes smaller than this, in 1/1000 of the size, are not worth an instruction
_PAIR, _EXTENSION = 2, 9


class Kerning(dict[tuple[str, str], float]):
    """(left, right) → change of the advance in 1/1000 of the size; 0 for most pairs. Filled on demand."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        font = TTFont(BytesIO(file.read_bytes()), lazy=True)  # from memory: a file handle would be shared after a fork
        self._lock = Lock()  # tables are decoded when first looked at
        self._glyphs: dict[int, str] = font.getBestCmap()
        self._scale = 1000.0 / font["head"].unitsPerEm
        self._tables = list(_pair_tables(font["GPOS"].table)) if "GPOS" in font else []

    def __missing__(self, pair: tuple[str, str]) -> float:
        left, right = (self._glyphs.get(ord(character), "") for character in pair)
        with self._lock:
            said = (_adjustment(table, left, right) for table in self._tables)
            value: float = self._scale * next((found for found in said if found is not None), 0)
        self[pair] = value if abs(value) >= _INVISIBLE else 0.0
        return self[pair]


def _pair_tables(table: Any) -> Iterator[Any]:
    """The pair subtables of the `kern` feature, in the order in which they are tried."""
    features = (record for record in table.FeatureList.FeatureRecord if record.FeatureTag == "kern")
    for index in sorted({index for record in features for index in record.Feature.LookupListIndex}):
        for subtable in table.LookupList.Lookup[index].SubTable:
            inner = subtable.ExtSubTable if subtable.LookupType == _EXTENSION else subtable
            if inner.LookupType == _PAIR:
                yield inner


def _adjustment(table: Any, left: str, right: str) -> int | None:
    """What one subtable says about a pair; None when it says nothing and the next one is asked."""
    if left not in table.Coverage.glyphs:
        return None
    if table.Format == 1:
        pairs = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
        value = next((record.Value1 for record in pairs if record.SecondGlyph == right), None)
        return None if value is None else int(getattr(value, "XAdvance", 0) or 0)
    first = table.ClassDef1.classDefs.get(left, 0)
    second = table.ClassDef2.classDefs.get(right, 0)
    value = table.Class1Record[first].Class2Record[second].Value1
    return int(getattr(value, "XAdvance", 0) or 0)
