"""What is shown beside a report: what the file carries, how its revisions look, what is hidden; page pictures.

All of it is made in the limited process (`signing_service.isolation`), because it comes from a stranger's file. The
child is `exhibits_worker`. When it ends without an answer there are no exhibits, and `problem` says so; the report
itself does not depend on them.
"""

import base64
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from signing_service import isolation
from signing_service.verification.looks import Look, Mark
from signing_service.verification.materials import Material
from signing_service.verification.plain_data import from_plain, to_plain
from signing_service.verification.report import Report, Revision

CHILD = "signing_service.verification.exhibits_worker"
LIMITS = isolation.Limits(
    memory_bytes=1024 * isolation.MIB, processor_seconds=30, wall_seconds=45.0, answer_bytes=48 * isolation.MIB
)
DRAWN_DPI = 110
SHOWN = ("annotation", "form_fill", "unexplained")
"""Classes of change that are shown as pictures: what maintenance and signing add is said in words."""
MAX_LOOKS = 6


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What could be taken out of one file and seen in it."""

    materials: tuple[Material, ...] = ()
    looks: tuple[Look, ...] = ()
    marks: tuple[Mark, ...] = ()
    problem: str = ""


def exhibits(pdf: bytes, report: Report, limits: isolation.Limits = LIMITS) -> Exhibits:
    """Everything at once; never raises because of the file."""
    return _exhibits(pdf, steps_to_show(report), limits, whole=True)


def exhibits_of_step(pdf: bytes, before: Revision, after: Revision, limits: isolation.Limits = LIMITS) -> Exhibits:
    """How two revisions look, and nothing else; never raises because of the file."""
    return _exhibits(pdf, [(before, after)], limits, whole=False)


def _exhibits(
    pdf: bytes, steps: Sequence[tuple[Revision, Revision]], limits: isolation.Limits, *, whole: bool
) -> Exhibits:
    places = [[before.n, before.end, after.n, after.end] for before, after in steps]
    try:
        answer = _ask({"task": "exhibits", "steps": places, "whole": whole}, pdf, limits)
        return from_plain(Exhibits, json.loads(answer))
    except (ValueError, isolation.NoAnswer) as cause:
        return Exhibits(problem=type(cause).__name__)


def steps_to_show(report: Report) -> list[tuple[Revision, Revision]]:
    """The pairs of revisions whose pictures are worth comparing, oldest first, at most six."""
    pairs = zip(report.revisions, report.revisions[1:], strict=False)
    return [(before, after) for before, after in pairs if after.change in SHOWN][:MAX_LOOKS]


def page_pictures(
    pdf: bytes, pages: Sequence[int], dpi: int = DRAWN_DPI, limits: isolation.Limits = LIMITS
) -> dict[int, bytes]:
    """Pages (from 1) as grey PNG, those that are remembered without drawing them again; empty when it fails."""
    digest = sha256(pdf).hexdigest()
    known = {page: png for page in pages if (png := remembered.get((digest, page, dpi))) is not None}
    missing = [page for page in pages if page not in known]
    if not missing:
        return known
    try:
        answer = json.loads(_ask({"task": "pages", "pages": missing, "dpi": dpi}, pdf, limits))
        fresh = {int(page): base64.b64decode(png) for page, png in answer.items()}
    except (ValueError, AttributeError, isolation.NoAnswer):
        return known
    for page, png in fresh.items():
        remembered.put((digest, page, dpi), png)
    return known | fresh


def _ask(question: dict[str, object], pdf: bytes, limits: isolation.Limits) -> bytes:
    question |= {"pdf": base64.b64encode(pdf).decode("ascii"), "limits": to_plain(limits)}
    return isolation.ask(CHILD, json.dumps(question).encode(), limits)


Key = tuple[str, int, int]


@dataclass
class Remembered:
    """Pictures of pages by (SHA-256 of the file, page, dpi), in memory only: so many bytes, for so many seconds.

    A file that is forgotten takes its pictures along within that time, and at once in the process that forgets it.
    """

    most_bytes: int = 48 * isolation.MIB
    seconds: float = 600.0
    clock: Callable[[], float] = time.monotonic
    _pictures: OrderedDict[Key, tuple[float, bytes]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> bytes | None:
        """The picture, if it is remembered."""
        with self._lock:
            self._drop_old()
            found = self._pictures.get(key)
            return found[1] if found else None

    def put(self, key: Key, png: bytes) -> None:
        """Remember a picture; the oldest go when there are too many bytes."""
        with self._lock:
            self._pictures[key] = (self.clock(), png)
            self._drop_old()
            while sum(len(kept) for _, kept in self._pictures.values()) > self.most_bytes:
                self._pictures.popitem(last=False)

    def forget(self, digests: set[str]) -> None:
        """Drop every picture of these files."""
        with self._lock:
            for key in [key for key in self._pictures if key[0] in digests]:
                del self._pictures[key]

    def _drop_old(self) -> None:
        oldest = self.clock() - self.seconds
        while self._pictures and next(iter(self._pictures.values()))[0] < oldest:
            self._pictures.popitem(last=False)


remembered = Remembered()
