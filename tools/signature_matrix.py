"""Every custody × level × algorithm that this service signs with, each file judged by programs that are not ours.

`python -m tools.signature_matrix` prints a table: a row per file, a column per judge (pdfsig, qpdf --check, openssl cms
-cades, openssl ts, our own verification with the level it has to reach, and the passkey's confirmation where there is
one). `--refusals` prints what is refused, by its code, for each custody. The exit status is 1 when a judge disagrees.
Keys and documents are made for the run and thrown away; nothing but this machine is asked.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.factories import case as cases
from tests.factories.every_custody import EVERY, Kind
from tests.factories.installation import StoppedClock
from tests.factories.refusals import ATTACKS, Holders, Refusal, refusals
from tools.signature_files import SEAL, World, installed, made, service, world
from tools.signature_judges import JUDGES, NOTHING, OK, Judges, require_programs


@dataclass(frozen=True)
class Row:
    """One file; `verdicts` holds ok, – (nothing to judge) or what is wrong, per judge."""

    custody: str
    algorithm: str
    level: str
    verdicts: dict[str, str]

    @property
    def good(self) -> bool:
        """Accepted by every judge."""
        return all(verdict in (OK, NOTHING) for verdict in self.verdicts.values())


def rows(folder: Path, one: World, kinds: Sequence[Kind], *, each: bool = True) -> Iterator[Row]:
    """Sign and judge every combination; `folder` takes the files, `each` is that of `made`."""
    files = list(made(one, kinds, each=each))
    judges = Judges(folder / "judged", one.trusted())
    files.sort(key=lambda file: (*kinds, SEAL).index(file.kind))
    for file in files:
        reached = file.level.removesuffix(" renewed")
        verdicts = judges.verdicts(file.pdf, file.field, reached, file.evidence)
        yield Row(file.kind.name, file.kind.algorithm, file.level, verdicts)


def table(lines: Sequence[Sequence[str]]) -> str:
    """Lines, the head first, in columns."""
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def matrix_table(found: Sequence[Row]) -> str:
    """The rows as people read them."""
    head = ("custody", "algorithm", "level", *JUDGES)
    return table([head, *((r.custody, r.algorithm, r.level, *(r.verdicts[j] for j in JUDGES)) for r in found)])


def refusals_table(found: Sequence[Refusal]) -> str:
    """What was refused, as people read it."""
    lines = [(one.attack, one.custody, one.code or f"{NOTHING} {one.reason}") for one in found]
    return table([("attack", "custody", "refused with"), *lines])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a judge disagrees."""
    parser = argparse.ArgumentParser("python -m tools.signature_matrix", description="Every way of signing, judged.")
    parser.add_argument("--refusals", action="store_true", help="what is refused, with the code of each refusal")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    asked = parser.parse_args(arguments)
    require_programs("softhsm2-util")
    logging.disable(logging.WARNING)  # the tables are the output
    with tempfile.TemporaryDirectory() as name, world(Path(name)) as holders:
        run = _refused if asked.refusals else _judged
        return run(Path(name), holders, asked.format)


def _judged(folder: Path, holders: Holders, how: str) -> int:
    with installed(folder, *holders, EVERY) as one:
        found = list(rows(folder, one, EVERY))
    bad = sum(not row.good for row in found)
    plain = [{"custody": r.custody, "algorithm": r.algorithm, "level": r.level, **r.verdicts} for r in found]
    _print(how, plain, f"{matrix_table(found)}\n\n{len(found)} signatures, {bad} not accepted by every judge")
    return 1 if bad else 0


def _refused(folder: Path, holders: Holders, how: str) -> int:
    """Whatever is not refused ends in an error of its own."""
    (folder / "outside").mkdir()
    clock = StoppedClock()
    with service(folder, clock) as services:
        staff = cases.staffed(services).staff
        found = list(refusals(services, staff, folder / "outside", holders, clock))
    found.sort(key=lambda one: ATTACKS.index(one.attack))
    _print(how, [asdict(one) for one in found], refusals_table(found))
    return 0


def _print(how: str, plain: object, text: str) -> None:
    print(json.dumps(plain, indent=1, ensure_ascii=False) if how == "json" else text)


if __name__ == "__main__":
    sys.exit(main())
