"""A stamp drawn once for a signatory and their box, and put into each revision with the time of that moment.

Drawing breaks lines and cuts fonts, a hundred times the work of everything else in a signature. It depends on nothing
that is new at the press but the time, so it is done before and kept in this process; only object numbers and the digits
of the time are filled in later. What a stamp looks like is decided in `appearance`.
"""

import re
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from agreements.rendering.pdf_file import PdfFile
from keys.clock import in_utc
from signing_service.pades.appearance import Texts, draw
from signing_service.pades.drawing import Drawing
from signing_service.pades.increment import Increment
from signing_service.pades.skeleton import EmptyField
from signing_service.pades.stamp_lines import HOLES

KEPT = 512
"""Stamps kept in a process, about 20 kB each."""

_REFERENCE = re.compile(rb"(\d+)(?= 0 R)")
_HOLE = re.compile(rb"\{(\d\d)\}")


@dataclass(frozen=True, slots=True)
class Part:
    """One object. `template`: its bytes with %b at each hole; `holes`: what fills them, the numbers of objects of the
    stamp counted from 1, 0 for the document's QR code, or, in the form, the places of digits in YYYYMMDDHHMMSS counted
    down from -1."""

    template: bytes
    holes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """Objects with holes; the last one is the form XObject. `digits`: the code of each digit in its font."""

    parts: tuple[Part, ...]
    digits: tuple[bytes, ...]

    def put(self, increment: Increment, at: datetime, code: int | None) -> int:
        """Add the stamp with this time to a revision; returns the number of the form XObject. `code`: where the
        document keeps the QR code that all its stamps share."""
        moment = in_utc(at).strftime("%Y%m%d%H%M%S")
        first = increment.next
        own = [b"%d" % (first + place) for place in range(len(self.parts))]
        fills = (
            b"%d" % (code or 0),
            *own,
            *(self.digits[int(digit)] for digit in reversed(moment)),
        )  # so that -1 is the first digit
        for part in self.parts:
            increment.add(part.template % tuple([fills[hole] for hole in part.holes]))
        return increment.next - 1


def kept(texts: Texts, field: EmptyField, drawing_sha256: str | None = None) -> Stamp | None:
    """The stamp, if this process has drawn it."""
    return _KEPT.get(_key(texts, field, drawing_sha256))


def drawn(texts: Texts, field: EmptyField, drawing: Drawing | None = None) -> Stamp:
    """The stamp of these texts and that drawing in an empty field, drawn now unless it was before.

    Raises `UnknownGlyph`, `StampDoesNotFit` or `FontsNotFound`.
    """
    key = _key(texts, field, drawing.sha256 if drawing is not None else None)
    found = _KEPT.get(key)
    if found is not None:
        return found
    recorder = _Recorder()
    code = _CODE if field.code is not None else None
    codes = draw(texts, field.width, field.height, recorder, time=HOLES, code=code, drawing=drawing).digits
    stamp = Stamp(tuple(recorder.parts), tuple(digit.encode("ascii") for digit in codes))
    with _LOCK:
        _KEPT[key] = stamp
        while len(_KEPT) > KEPT:
            _KEPT.popitem(last=False)
    return stamp


_CODE = 0
"""Stands for the number of the shared QR code: no object has this one."""

_Key = tuple[Texts, float, float, bool, str | None]


def _key(texts: Texts, field: EmptyField, drawing_sha256: str | None) -> _Key:
    return texts, field.width, field.height, field.code is not None, drawing_sha256


_KEPT: OrderedDict[_Key, Stamp] = OrderedDict()
_LOCK = Lock()


class _Recorder(PdfFile):
    """Takes objects in their order and keeps them as parts. Streams are compressed, but for the form with its holes."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []

    def add(self, body: str | bytes) -> int:
        """Keep a dictionary."""
        return self._keep(*_references(body.encode("ascii") if isinstance(body, str) else body))

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Keep a stream."""
        form = "/Font" in entries  # the stamp itself, with the holes of its time; a drawing has neither
        if not form:
            data, entries = zlib.compress(data, 6), f"{entries} /Filter /FlateDecode"
        head, own = _references(f"<<{entries} /Length {len(data)}>>\nstream\n".encode("ascii"))
        content, digits = _digits(data) if form else (data.replace(b"%", b"%%"), ())
        return self._keep(head + content + b"\nendstream", (*own, *digits))

    def _keep(self, template: bytes, holes: tuple[int, ...]) -> int:
        self.parts.append(Part(template, holes))
        return len(self.parts)


def _references(dictionary: bytes) -> tuple[bytes, tuple[int, ...]]:
    template = _REFERENCE.sub(b"%b", dictionary.replace(b"%", b"%%"))
    return template, tuple(int(own[1]) for own in _REFERENCE.finditer(dictionary))


def _digits(content: bytes) -> tuple[bytes, tuple[int, ...]]:
    template = _HOLE.sub(b"%b", content.replace(b"%", b"%%"))
    return template, tuple(-1 - int(hole[1]) for hole in _HOLE.finditer(content))
