"""Rows of a benchmark: interleaved rounds, medians, the ratio to what was measured beside it, a table, a file."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

FOLDER = Path("var") / "bench"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison. `ratio` is beside/ours: above 1 we are faster; `target` is the ratio to reach."""

    case: str
    ours: float
    beside: str
    beside_value: float
    unit: str
    ratio: float
    target: float
    met: bool


def row(case: str, ours: float, beside: str, value: float, target: float) -> Row:
    """A row out of two times in milliseconds."""
    ratio = value / ours
    return Row(case, round(ours, 3), beside, round(value, 3), "ms", round(ratio, 2), target, ratio >= target)


def compare(
    case: str, ours: Callable[[], object], beside: str, theirs: Callable[[], object], *, rounds: int, target: float
) -> Row:
    """Median milliseconds of both, A B A B …, after one warm-up each."""
    ours()
    theirs()
    pairs = [(_milliseconds(ours), _milliseconds(theirs)) for _ in range(rounds)]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    return row(case, mine, beside, other, target)


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def facts() -> str:
    """Versions, cores and date of a run."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("cryptography", "pyHanko", "SQLAlchemy"))
    engines = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{engines}, {packages}, {os.cpu_count()} cores, {datetime.now(UTC):%Y-%m-%d}"


def show(part: str, rows: Iterable[Row]) -> None:
    """Print the table and keep `var/bench/<part>.json`; what was measured before a row that fails is not lost."""
    found: list[Row] = []
    try:
        for row in rows:
            found.append(row)
            print(f"{row.case}: {row.ours} {row.unit}, {row.beside} {row.beside_value}", file=sys.stderr, flush=True)
    finally:
        _table(part, found)


def _table(part: str, rows: Sequence[Row]) -> None:
    table = Table("case", "ours", "beside", "theirs", "ratio", "target", "met", title=f"{part} · {facts()}")
    for row in rows:
        met = "yes" if row.met else "no"
        table.add_row(
            row.case,
            f"{row.ours} {row.unit}",
            row.beside,
            f"{row.beside_value} {row.unit}",
            f"{row.ratio}×",
            f"≥ {row.target}×",
            met,
        )
    Console(width=150).print(table)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{part}.json").write_text(json.dumps({"rows": [asdict(row) for row in rows]}, indent=1))
