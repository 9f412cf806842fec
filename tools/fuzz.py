"""`python -m tools.fuzz [--count 50000] [--seconds 3600]`: mutated PDFs through the verification, in limited children.

A child is forked, limits itself as the service's parsing process does, and judges one file after another until it
ends; then the next one is forked. A file that ends a child, or that raises out of `verify`, is kept in `var/fuzz` and
the run fails. The order of files depends on the seed only, so a number is enough to have a file again.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import re
import resource
import select
import signal
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from keys.trust.anchors import TrustAnchors
from signing_service.verification.verify import verify

FOLDER = Path("var") / "fuzz"
MEMORY = 1536 * 1024 * 1024
SECONDS_PER_FILE = 60.0  # of processor time, as the service allows; a timer ends the child
SILENCE = 600.0  # of wall time without a word from a child, for a busy machine
FILES_PER_CHILD = 500
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOKENS: tuple[bytes, ...] = (
    b"null",
    b"<<>>",
    b"[]",
    b"()",
    b"<>",
    b"true",
    b"-1",
    b"0",
    b"99999999999",
    b"1 0 R",
    b"stream\n",
    b"endobj\n",
)
TOKENS += (b"/Kids[1 0 R 1 0 R]", b"/Parent 1 0 R", b"/Prev 9", b"/Length 9999999", b"%%EOF", b"[" * 2000, b"<<" * 2000)
KEYS = (
    b"/Kids",
    b"/Parent",
    b"/Prev",
    b"/Root",
    b"/V",
    b"/Fields",
    b"/Annots",
    b"/Contents",
    b"/ByteRange",
    b"/Length",
)
NUMBER = re.compile(rb"(?<![0-9A-Fa-f])\d{1,10}(?![0-9A-Fa-f])")
Mutation = Callable[[bytes, random.Random], bytes]


def flip(pdf: bytes, rng: random.Random) -> bytes:
    """One byte is another one."""
    place = rng.randrange(len(pdf))
    return pdf[:place] + bytes((rng.randrange(256),)) + pdf[place + 1 :]


def token(pdf: bytes, rng: random.Random) -> bytes:
    """A word of the format put in or over what stands there."""
    place, word = rng.randrange(len(pdf)), rng.choice(TOKENS)
    return pdf[:place] + word + pdf[place + rng.choice((0, len(word))) :]


def number(pdf: bytes, rng: random.Random) -> bytes:
    """A number outside streams is another one: offsets, lengths, references, byte ranges."""
    found = list(NUMBER.finditer(pdf[:200_000]))
    if not found:
        return pdf
    match = rng.choice(found)
    value = rng.choice((0, 1, 2, 3, int(match.group()) + 1, 65535, 2**31, 10**12, rng.randrange(len(pdf))))
    return pdf[: match.start()] + b"%d" % value + pdf[match.end() :]


def cycle(pdf: bytes, rng: random.Random) -> bytes:
    """A reference leads to another object: trees get cycles."""
    found = list(re.finditer(rb"(\d+) 0 R", pdf))
    if len(found) < 2:
        return pdf
    one, other = rng.choice(found), rng.choice(found)
    return pdf[: one.start(1)] + other.group(1) + pdf[one.end(1) :]


def key(pdf: bytes, rng: random.Random) -> bytes:
    """A key of a dictionary is another one."""
    word = rng.choice(KEYS)
    places = [match.start() for match in re.finditer(re.escape(word), pdf)]
    if not places:
        return pdf
    place = rng.choice(places)
    return pdf[:place] + rng.choice(KEYS) + pdf[place + len(word) :]


def cut(pdf: bytes, rng: random.Random) -> bytes:
    """A part is missing, or stands twice."""
    start = rng.randrange(len(pdf))
    end = min(len(pdf), start + rng.choice((1, 10, 100, 2000, len(pdf))))
    return pdf[:start] + pdf[start:end] * rng.choice((0, 2)) + pdf[end:]


def bomb(pdf: bytes, rng: random.Random) -> bytes:
    """A compressed stream that grows: as an object stream or as the cross-reference."""
    data = zlib.compress(bytes(rng.choice((1, 8, 80)) * 1024 * 1024))
    kind = rng.choice((b"/XRef/W[1 4 1]/Size 9/Root 1 0 R", b"/ObjStm/N 99999/First 9"))
    head = b"999 0 obj\n<</Type%s/Filter/FlateDecode/Length %d>>stream\n" % (kind, len(data))
    return pdf + head + data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(pdf)


def nested(pdf: bytes, rng: random.Random) -> bytes:
    """Brackets in brackets, as an object of their own."""
    depth = rng.choice((50, 500, 5000, 100_000))
    place = pdf.rfind(b"\nxref") if b"\nxref" in pdf else len(pdf)
    return pdf[:place] + b"\n1 0 obj\n" + b"[" * depth + b"]" * depth + b"\nendobj" + pdf[place:]


MUTATIONS: tuple[Mutation, ...] = (flip, flip, token, token, number, number, number, cycle, cycle, key, cut, nested)


def mutated(seeds: list[bytes], place: int) -> bytes:
    """File number `place`."""
    rng = random.Random(place)  # noqa: S311  the same number must give the same file again
    pdf = rng.choice(seeds)
    if place % 200 == 0:
        return bomb(pdf, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        if pdf:
            pdf = rng.choice(MUTATIONS)(pdf, rng)
    return pdf


def judge(pdf: bytes) -> str:
    """The verdict, or the kind of error that came out of `verify`, which must not happen."""
    try:
        report = verify(pdf, name="fuzz.pdf", anchors=TrustAnchors((), ()), at=NOW)
        json.dumps(report.to_json())
        return report.document.indication
    except MemoryError:
        return "out of memory"
    except Exception as cause:  # that is what is looked for
        return f"RAISED {type(cause).__name__}"


def _child(seeds: list[bytes], first: int, last: int, wire: int) -> None:
    """Judge files one after another; one line for each."""
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for place in range(first, last):
        signal.setitimer(signal.ITIMER_PROF, SECONDS_PER_FILE)
        os.write(wire, f"{place} {judge(mutated(seeds, place))}\n".encode())
    os._exit(0)


def run(seeds: list[bytes], count: int, seconds: float, start: int = 0) -> tuple[Counter[str], list[int]]:
    """All files or as many as the time allows; the count of each answer and the numbers of the bad ones."""
    answers: Counter[str] = Counter()
    bad: list[int] = []
    place, end, begun = start, start + count, time.monotonic()
    while place < end and time.monotonic() - begun < seconds:
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _child(seeds, place, min(end, place + FILES_PER_CHILD), writing)
        os.close(writing)
        finished = _collect(reading, answers, bad, begun + seconds)
        os.close(reading)
        if finished.overran:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        place += finished.lines
        if finished.stopped:
            break
        if finished.overran or status != 0:
            answers["child ended"] += 1
            bad.append(place)
            place += 1
        print(f"{place - start} of {count} files, {time.monotonic() - begun:.0f} s, {dict(answers)}", flush=True)
    return answers, bad


class _Collected:
    """What one child said."""

    lines = 0
    overran = False
    stopped = False


def _collect(wire: int, answers: Counter[str], bad: list[int], until: float) -> _Collected:
    got, rest = _Collected(), b""
    while True:
        ready, _, _ = select.select([wire], [], [], SILENCE)
        if not ready:
            got.overran = True
            return got
        data = os.read(wire, 65536)
        if not data:
            return got
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            number_text, _, answer = line.decode().partition(" ")
            got.lines += 1
            answers[answer] += 1
            if answer.startswith("RAISED"):
                bad.append(int(number_text))
        if time.monotonic() > until:
            got.stopped = got.overran = True
            return got


def main() -> int:
    """Run, keep what was bad, say how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", nargs="+", type=Path, help="signed PDFs to start from")
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--start", type=int, default=0)
    chosen = parser.parse_args()
    seeds = [path.read_bytes() for path in chosen.seeds]
    answers, bad = run(seeds, chosen.count, chosen.seconds, chosen.start)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for place in bad:
        (FOLDER / f"{place}.pdf").write_bytes(mutated(seeds, place))
    print(f"{sum(answers.values())} files: {dict(answers)}; bad: {bad or 'none'}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
