"""A cross-reference built anew by looking for objects in the bytes, for files whose own one is broken or missing.

Nothing before the end of the file is changed: the new cross-reference is put behind it, one section for every part
that ends with an end-of-file marker, so that revisions stay revisions and byte ranges stay true.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from signing_service.verification.bounded_reader import FEWEST_ENTRIES
from signing_service.verification.forgiving import forgiving

OBJECT = re.compile(rb"(?<![0-9])(\d{1,9})[\x00\t\n\x0c\r ]+(\d{1,5})[\x00\t\n\x0c\r ]+obj(?![a-z])")
END_OR_STREAM = re.compile(rb"endobj|stream\r?\n")
LENGTH = re.compile(rb"/Length\s+(\d{1,10})(?!\s+\d+\s+R)")
REFERENCE = {
    name: re.compile(rb"/" + name + rb"\s+(\d{1,9}\s+\d{1,5}\s+R|<<.{0,4000}?>>)", re.S)
    for name in (b"Root", b"Encrypt", b"Info")
}
FILE_ID = re.compile(rb"/ID\s*(\[\s*(?:<[0-9A-Fa-f\s]*>\s*|\((?:[^()\\]|\\.)*\)\s*){2}\])", re.S)
NUMBER_IN_STREAM = re.compile(rb"/(N|First)\s+(\d{1,7})")
MAX_OBJECTS = 500_000
MAX_HEAD = 64 * 1024  # a dictionary before a stream that is longer is not looked at as a whole
MAX_MEMBERS = 4 * 1024 * 1024  # bytes of one object stream
MAX_UNPACKED = 64 * 1024 * 1024  # of all object streams together


@dataclass
class _Part:
    """Objects between two end-of-file markers: number → (kind, first, second) as in a cross-reference stream."""

    end: int = 0
    entries: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    trailer: dict[bytes, bytes] = field(default_factory=dict)


@dataclass
class _Room:
    """How many members of object streams may still be noted, and how many bytes unpacked for them."""

    members: int
    unpacked: int = MAX_UNPACKED


@dataclass(frozen=True)
class Rebuilt:
    """The bytes to read, which begin with the file's own, and where each part of the file ends (exclusive)."""

    data: bytes
    ends: tuple[int, ...]


def rebuild(pdf: bytes) -> Rebuilt | None:
    """The file with a new cross-reference behind it; None when it holds no catalog."""
    parts = [part for part in _parts(pdf) if part.entries]
    if not parts:
        return None
    known: dict[bytes, bytes] = {}
    for part in parts:
        known |= part.trailer
        part.trailer = dict(known)
    if b"Root" not in known:
        return None
    for part in parts:
        part.trailer.setdefault(b"Root", known[b"Root"])
    return Rebuilt(_with_sections(pdf, parts), tuple(part.end for part in parts))


def _parts(pdf: bytes) -> list[_Part]:
    """Every part with its objects; what lies inside streams is not taken for objects."""
    parts = [_Part()]
    position = count = 0
    room = _Room(max(FEWEST_ENTRIES, len(pdf)))
    while count < MAX_OBJECTS:
        found = OBJECT.search(pdf, position)
        stop = found.start() if found else len(pdf)
        marker = pdf.find(b"%%EOF", position, stop)
        _read_trailers(pdf, position, stop, parts, marker)
        while marker != -1:
            parts[-1].end = marker + 5
            parts.append(_Part())
            marker = pdf.find(b"%%EOF", marker + 5, stop)
        if found is None:
            break
        count += 1
        position = _read_object(pdf, found, parts[-1], room)
    if parts[-1].entries:
        parts[-1].end = len(pdf)
    return parts


def _read_trailers(pdf: bytes, start: int, stop: int, parts: list[_Part], marker: int) -> None:
    place = pdf.find(b"trailer", start, stop)
    while place != -1:
        following = pdf.find(b"trailer", place + 7, min(stop, place + MAX_HEAD))
        end = min(marker if marker > place else stop, place + MAX_HEAD)
        _read_trailer(pdf[place : following if 0 < following < end else end], parts[-1])
        place = following if following != -1 else pdf.find(b"trailer", place + MAX_HEAD, stop)


def _read_trailer(text: bytes, part: _Part) -> None:
    for name, pattern in REFERENCE.items():
        if match := pattern.search(text):
            part.trailer[name] = match.group(1)
    if match := FILE_ID.search(text):
        part.trailer[b"ID"] = match.group(1)


def _read_object(pdf: bytes, found: re.Match[bytes], part: _Part, room: _Room) -> int:
    """Note one object; returns the position after it."""
    number, generation = int(found.group(1)), int(found.group(2))
    start = found.end()
    end, opening = _reach(pdf, start)
    head = pdf[start : min(opening.start() if opening else end, start + MAX_HEAD)]
    if opening is not None:
        end = _stream_end(pdf, opening.end(), head)
        if b"/ObjStm" in head:
            with forgiving:  # a stream that cannot be read holds nothing that can be found
                part.entries |= _members(number, head, pdf[opening.end() : end], room)
    if b"/XRef" in head:
        _read_trailer(head, part)
        return max(end, start)
    if b"/Catalog" in head and b"/Pages" in head:
        part.trailer.setdefault(b"Root", b"%d %d R" % (number, generation))
    if number < 2**31:
        part.entries[number] = (1, found.start(), generation)
    return max(end, start)


def _reach(pdf: bytes, start: int) -> tuple[int, re.Match[bytes] | None]:
    """Where an object ends, or where its stream begins: whichever comes first, so that no byte is looked at twice."""
    found = END_OR_STREAM.search(pdf, start)
    if found is None:
        return len(pdf), None
    return found.start(), (None if found.group() == b"endobj" else found)


def _stream_end(pdf: bytes, start: int, head: bytes) -> int:
    stated = LENGTH.search(head)
    if stated is not None:
        end = start + int(stated.group(1))
        if pdf[end : end + 12].lstrip().startswith(b"endstream"):
            return end
    end = pdf.find(b"endstream", start)
    return len(pdf) if end == -1 else end


def _members(number: int, head: bytes, data: bytes, room: _Room) -> dict[int, tuple[int, int, int]]:
    """Numbers of the objects in an object stream (ISO 32000-2, 7.5.7), as many as there is room for."""
    if b"/FlateDecode" in head and room.unpacked > 0:
        data = zlib.decompressobj().decompress(data, min(MAX_MEMBERS, room.unpacked))
        room.unpacked -= len(data)
    stated = {name: int(value) for name, value in NUMBER_IN_STREAM.findall(head)}
    count = min(stated[b"N"], room.members)
    numbers = data[: stated[b"First"]].split(maxsplit=2 * count)
    found = {int(numbers[2 * index]): (2, number, index) for index in range(min(count, len(numbers) // 2))}
    room.members -= len(found)
    return found


def _with_sections(pdf: bytes, parts: list[_Part]) -> bytes:
    whole = bytearray(pdf)
    if whole[:5] != b"%PDF-":
        whole[:9] = b"%PDF-1.7\n"
    whole += b"\n"
    following = max(max(part.entries) for part in parts) + 1
    previous = 0
    for place, part in enumerate(parts):
        start = len(whole)
        own = following + place
        entries = {0: (0, 0, 65535), **part.entries, own: (1, start, 0)}
        rows = b"".join(
            kind.to_bytes(1, "big") + first.to_bytes(6, "big") + second.to_bytes(3, "big")
            for _, (kind, first, second) in sorted(entries.items())
        )
        index = b" ".join(b"%d %d" % run for run in _runs(sorted(entries)))
        named = b"".join(b"/%s %s" % pair for pair in part.trailer.items())
        chain = b"/Prev %d" % previous if previous else b""
        whole += b"%d 0 obj\n<</Type/XRef/Size %d/W[1 6 3]/Index[%s]%s%s/Length %d>>\nstream\n" % (
            own,
            following + len(parts),
            index,
            named,
            chain,
            len(rows),
        )
        whole += rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
        previous = start
    return bytes(whole)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    first = count = -1
    for number in numbers:
        if count > 0 and number == first + count:
            count += 1
            continue
        if count > 0:
            yield first, count
        first, count = number, 1
    if count > 0:
        yield first, count
