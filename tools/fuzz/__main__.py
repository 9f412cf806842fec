"""`python -m tools.fuzz [--count 50000] [--http 300]`: mutated PDFs through the verification, in limited children.

Every file is judged as the service's parsing process judges it. A file that raises, that ends its child, that takes
longer than SLOW, or of which the report says something that must not be said, is kept in `var/fuzz` and the run fails.
With the same seeds (`var/fuzz-seeds`, kept until `--fresh`) a number gives the same file: `--start 4711 --count 1`.
"""

from __future__ import annotations

import argparse
import heapq
import os
import sys
import time
from collections import Counter
from pathlib import Path

from tools.fuzz import served
from tools.fuzz.children import Answer, work
from tools.fuzz.judging import Judging
from tools.fuzz.seeds import folder

FOLDER, SEEDS = Path("var") / "fuzz", Path("var") / "fuzz-seeds"
SLOW = 5.0  # seconds of processor time for a file of some ten kilobytes
TOLD_EACH = 1000


class Run:
    """What came of the files so far."""

    def __init__(self, count: int) -> None:
        self.count, self.begun = count, time.monotonic()
        self.answers: Counter[str] = Counter()
        self.bad: list[Answer] = []
        self.worked = 0.0
        self.slowest: list[tuple[float, int]] = []

    def note(self, answer: Answer) -> None:
        """Count one file."""
        bad = answer.words.startswith("bad:") or answer.seconds > SLOW
        self.answers["bad" if bad else answer.words] += 1
        self.worked += answer.seconds
        heapq.heappush(self.slowest, (answer.seconds, answer.number))
        self.slowest = heapq.nlargest(5, self.slowest)
        if bad:
            self.bad.append(answer)
            print(f"  {answer.number}: {answer.seconds:.1f} s, {answer.words}", flush=True)
        if self.done % TOLD_EACH == 0:
            print(self.line(), flush=True)

    @property
    def done(self) -> int:
        return self.answers.total()

    def line(self) -> str:
        """How far, how fast, and what the slowest files took."""
        passed = time.monotonic() - self.begun
        slow = ", ".join(f"{number}: {seconds:.2f} s" for seconds, number in self.slowest)
        said = ", ".join(f"{count} {words}" for words, count in self.answers.most_common())
        each = f"{1000 * self.worked / max(1, self.done):.0f} ms of processor time each"
        return f"{self.done} of {self.count} files in {passed:.0f} s ({each}): {said}; slowest {slow}"


def main() -> int:
    """Run, keep what was bad, say how it went."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=50_000, help="files through the parsing process")
    parser.add_argument("--start", type=int, default=0, help="the number of the first file")
    parser.add_argument("--seconds", type=float, default=3600.0, help="stop after this time")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1, help="children at once")
    parser.add_argument("--http", type=int, default=0, help="files through a server of its own, afterwards")
    parser.add_argument("--seeds", type=Path, default=SEEDS, help="folder of seeds; made when it is empty")
    parser.add_argument("--fresh", action="store_true", help="make new seeds, with new keys")
    chosen = parser.parse_args()
    judging = Judging(folder(chosen.seeds, fresh=chosen.fresh))
    run = Run(chosen.count)
    for answer in work(judging.numbered, range(chosen.start, chosen.start + chosen.count), chosen.lanes):
        run.note(answer)
        if time.monotonic() - run.begun > chosen.seconds:
            break
    _keep(judging, [answer.number for answer in run.bad])
    print(run.line())
    complete = run.done == chosen.count
    print(f"{'complete' if complete else 'STOPPED before the end'}; bad: {len(run.bad)}", flush=True)
    wrong = _served(judging, chosen.http, chosen.start) if chosen.http else []
    return 0 if complete and not run.bad and not wrong else 1


def _served(judging: Judging, count: int, start: int) -> list[str]:
    begun = time.monotonic()
    answers, wrong = served.run(judging, count, start)
    said = ", ".join(f"{number} {words}" for words, number in answers.most_common())
    print(f"http: {answers.total()} files in {time.monotonic() - begun:.0f} s: {said}; wrong: {len(wrong)}")
    print(*wrong, sep="\n")
    return wrong


def _keep(judging: Judging, numbers: list[int]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        seed, pdf = judging.file(number)
        (FOLDER / f"{number}-{seed.name}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    sys.exit(main())
