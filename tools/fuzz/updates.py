"""Changes that leave the structure of a PDF true: updates with a right cross-reference, changed data in streams."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

Change = Callable[[bytes, random.Random], bytes]
OBJECT = re.compile(rb"(?<!\d)(\d{1,7}) 0 obj\b")
LARGEST_STREAM = 200_000


def appended(pdf: bytes, rng: random.Random, change: Change) -> bytes:
    """One more revision with one to four objects of the file, each changed."""
    found = _objects(pdf)
    if not found:
        return pdf
    texts = dict(rng.sample(found, min(len(found), rng.choice((1, 1, 2, 4)))))
    return with_revision(pdf, {key: _changed(text, rng, change) for key, text in texts.items()})


def taken_over(pdf: bytes, other: bytes, rng: random.Random) -> bytes:
    """One more revision with objects of another file under the numbers that they had there."""
    found = _objects(other)
    if not found:
        return pdf
    return with_revision(pdf, dict(rng.sample(found, min(len(found), 3))))


def with_revision(pdf: bytes, texts: dict[int, bytes]) -> bytes:
    """The file and a revision that sets these objects, with a classic cross-reference that is right."""
    root, start = re.findall(rb"/Root\s+(\d+ \d+ R)", pdf), re.findall(rb"startxref\s+(\d+)", pdf)
    if not root or not start or b"%%EOF" not in pdf[-64:]:
        return pdf
    whole, rows = bytearray(pdf), []
    for number, text in sorted(texts.items()):
        rows.append(b"%d 1\n%010d 00000 n \n" % (number, len(whole)))
        whole += b"%d 0 obj%sendobj\n" % (number, text)
    size = max(int(number) for number in [*re.findall(rb"/Size\s+(\d{1,7})", pdf), b"1"])
    extra = b"".join(re.findall(rb"/Encrypt \d+ 0 R|/ID\s?\[[^\]]*\]", pdf)[-2:])
    table = b"xref\n%strailer\n<</Size %d/Root %s/Prev %s%s>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(whole) + table % (b"".join(rows), max(size, *texts) + 1, root[-1], start[-1], extra, len(whole))


def _objects(pdf: bytes) -> list[tuple[int, bytes]]:
    """Number and text of every object that begins and ends in plain bytes."""
    found, match = [], OBJECT.search(pdf)
    while match is not None:
        end = pdf.find(b"endobj", match.end())
        if end == -1:
            break
        found.append((int(match.group(1)), pdf[match.end() : end]))
        match = OBJECT.search(pdf, end)
    return found


def _changed(text: bytes, rng: random.Random, change: Change) -> bytes:
    """The text of an object changed: its dictionary, or the data of its stream with a length that is right again."""
    places = _streams(text)
    data = _inflated(text[slice(*places[0])]) if places else None
    if data is None or rng.random() < 0.5:
        return change(text, rng)
    start, end = places[0]
    packed = zlib.compress(change(data, rng))
    return re.sub(rb"/Length\s+\d+", b"/Length %d" % len(packed), text[:start]) + packed + text[end:]


def inside_stream(pdf: bytes, rng: random.Random, change: Change) -> bytes:
    """The data of one compressed stream changed where it stands; what becomes shorter is filled up."""
    places = _streams(pdf)
    for start, end in rng.sample(places, min(len(places), 3)):
        data = _inflated(pdf[start:end])
        if data is not None:
            packed = zlib.compress(change(data, rng), 9)
            return pdf[:start] + packed.ljust(end - start, b"\n") + pdf[end:]
    return pdf


def _streams(pdf: bytes) -> list[tuple[int, int]]:
    """Where the data of streams lies, begin and end."""
    found, place = [], pdf.find(b"stream\n")
    while place != -1:
        end = pdf.find(b"\nendstream", place)
        if end == -1:
            break
        found.append((place + 7, end))
        place = pdf.find(b"stream\n", end + 11)
    return found


def _inflated(data: bytes) -> bytes | None:
    try:
        return zlib.decompressobj().decompress(data, LARGEST_STREAM)
    except zlib.error:
        return None
