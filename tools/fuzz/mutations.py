"""What is done to the bytes of a PDF: one function for each kind, bytes and a source of chance in, bytes out."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

from tools.fuzz.updates import appended, inside_stream, taken_over

Mutation = Callable[[bytes, random.Random], bytes]
TOKENS: tuple[bytes, ...] = (
    *(
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
        b"0.5",
        b"/Sig",
        b"/a#00b",
    ),
    *(b"stream\n", b"endstream\n", b"endobj\n", b"1 0 obj\n", b"trailer\n<<", b"startxref\n0\n%%EOF\n", b"xref\n0 1\n"),
    *(b"/Kids[1 0 R 1 0 R]", b"/Parent 1 0 R", b"/Prev 9", b"/Length 9999999", b"%%EOF", b"/Filter[/FlateDecode]"),
    *(b"(\xfe\xff\xd8\x00)", b"<FEFFD800>", b"(\xef\xbb\xbf\xff)", b"(\x00\x0c\x1b)", b"/FT/Sig", b"/Type/ObjStm"),
    *(b"[" * 2000, b"<<" * 2000, b"(" * 2000, b"\r" * 500),
)
KEYS: tuple[bytes, ...] = (
    *(b"/Kids", b"/Parent", b"/Prev", b"/Root", b"/V", b"/Fields", b"/Annots", b"/Contents", b"/ByteRange", b"/Length"),
    *(b"/Type", b"/T", b"/FT", b"/SubFilter", b"/Reference", b"/Filter", b"/W", b"/Index", b"/Size", b"/N", b"/First"),
    *(b"/Certs", b"/CRLs", b"/DSS", b"/Names", b"/P", b"/Rect", b"/AcroForm", b"/Pages", b"/M", b"/Count", b"/Extends"),
)
NUMBER = re.compile(rb"(?<![0-9A-Fa-f.])\d{1,10}(?![0-9A-Fa-f])")
REFERENCE = re.compile(rb"(?<!\d)(\d{1,7}) 0 R")
CONTENTS = re.compile(rb"<([0-9A-Fa-f]{400,})>")


def anywhere(pdf: bytes, rng: random.Random) -> int:
    """A place in the file, outside of the zeros that fill up what was reserved for a signature."""
    for _ in range(4):
        place = rng.randrange(len(pdf))
        if pdf[place : place + 32] != b"0" * 32:
            return place
    return place


def flip(pdf: bytes, rng: random.Random) -> bytes:
    """One byte is another one."""
    place = anywhere(pdf, rng)
    return pdf[:place] + bytes((rng.randrange(256),)) + pdf[place + 1 :]


def token(pdf: bytes, rng: random.Random) -> bytes:
    """A word of the format put in or over what stands there."""
    place, word = anywhere(pdf, rng), rng.choice(TOKENS)
    return pdf[:place] + word + pdf[place + rng.choice((0, len(word))) :]


def number(pdf: bytes, rng: random.Random) -> bytes:
    """A number is another one: offsets, lengths, references, byte ranges."""
    found = list(NUMBER.finditer(pdf))
    if not found:
        return pdf
    match = rng.choice(found)
    value = rng.choice((0, 1, 2, 3, int(match.group()) + 1, 65535, 2**31, 10**12, rng.randrange(len(pdf))))
    return pdf[: match.start()] + b"%d" % value + pdf[match.end() :]


def cycle(pdf: bytes, rng: random.Random) -> bytes:
    """A reference leads to another object: trees get cycles."""
    found = list(REFERENCE.finditer(pdf))
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
    start = anywhere(pdf, rng)
    end = min(len(pdf), start + rng.choice((1, 10, 100, 2000, len(pdf))))
    return pdf[:start] + pdf[start:end] * rng.choice((0, 2)) + pdf[end:]


def revisions(pdf: bytes, rng: random.Random) -> bytes:
    """Whole revisions are missing, stand twice or in another order."""
    parts = re.split(rb"(?<=%%EOF\n)", pdf)
    if len(parts) < 2:
        return pdf
    one, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    parts[one] = rng.choice((b"", parts[one] * 2, parts[other]))
    return b"".join(parts)


def many(pdf: bytes, rng: random.Random) -> bytes:
    """A short piece stands very often: what is done once for each of them must stay cheap."""
    place = anywhere(pdf, rng)
    piece = rng.choice((*TOKENS, pdf[place : place + 40], b"1 0 obj<</Type/ObjStm/N 9/First 9>>stream\n"))
    return pdf[:place] + piece * max(1, rng.choice((20_000, 60_000)) // max(1, len(piece))) + pdf[place:]


def nested(pdf: bytes, rng: random.Random) -> bytes:
    """Brackets in brackets, as an object of their own."""
    depth = rng.choice((50, 500, 5000, 20_000))
    opening, closing = rng.choice(((b"[", b"]"), (b"<</A", b">>"), (b"(", b")")))
    place = pdf.rfind(b"\nxref") if b"\nxref" in pdf else len(pdf)
    return pdf[:place] + b"\n1 0 obj\n" + opening * depth + closing * depth + b"\nendobj" + pdf[place:]


def cms(pdf: bytes, rng: random.Random) -> bytes:
    """The DER of a signature is changed inside the space that it has: tags, lengths, values, missing parts."""
    found = list(CONTENTS.finditer(pdf))
    if not found:
        return pdf
    match = rng.choice(found)
    digits = match.group(1).rstrip(b"0") or b"0"
    digits += b"0" * (len(digits) % 2)
    der = bytearray.fromhex(digits.decode("ascii"))
    for _ in range(rng.choice((1, 1, 2, 5))):
        place = rng.randrange(len(der))
        length = rng.choice((1, 2, 8, 100))
        choices = (bytes((rng.randrange(256),)), b"\x80", b"\x84\xff\xff\xff\xff", b"\x30\x80", b"\x00\x00", b"")
        der[place : place + length] = rng.choice((*choices, der[place : place + length] * 2))
    size = match.end() - match.start() - 2
    return pdf[: match.start() + 1] + der.hex().encode()[:size].ljust(size, b"0") + pdf[match.end() - 1 :]


def bomb(pdf: bytes, rng: random.Random) -> bytes:
    """A compressed stream that grows: as an object stream or as the cross-reference."""
    data = zlib.compress(bytes(rng.choice((1, 8, 80)) * 1024 * 1024), 1)
    for _ in range(rng.choice((0, 0, 1))):
        data = zlib.compress(data)
    kind = rng.choice(
        (b"/XRef/W[1 4 1]/Size 9/Root 1 0 R", b"/ObjStm/N 99999/First 9", b"/XRef/W[0 0 0]/Size 99999999")
    )
    kind += rng.choice((b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]"))
    head = b"999 0 obj\n<</Type%s/Length %d>>stream\n" % (kind, len(data))
    return pdf + head + data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(pdf)


TEXTUAL: tuple[Mutation, ...] = (flip, token, token, number, number, cycle, key)
"""What may be done to the text of a single object too."""


def textual(text: bytes, rng: random.Random) -> bytes:
    """One to three of `TEXTUAL`."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        if text:
            text = rng.choice(TEXTUAL)(text, rng)
    return text


def updated(pdf: bytes, rng: random.Random) -> bytes:
    """An incremental update with a true cross-reference that holds changed objects of the file."""
    return appended(pdf, rng, textual)


def within(pdf: bytes, rng: random.Random) -> bytes:
    """The data of a compressed stream is changed: object streams, cross-references, pages."""
    return inside_stream(pdf, rng, textual)


MUTATIONS: tuple[Mutation, ...] = (
    *(flip, flip, token, token, number, number, number, cycle, cycle, key, key, cut, revisions, many, nested),
    *(cms, cms, cms, updated, updated, updated, updated, within, within),
)
FEW = (1, 1, 1, 1, 2, 3, 8)
BOMB_EACH = 400
COMMON_SIZE = 25_000  # larger seeds take longer, and are chosen less often


def mutated(pdfs: list[bytes], place: int) -> tuple[int, bytes]:
    """File number `place`: which of the PDFs it came of, and its bytes."""
    rng = random.Random(place)  # noqa: S311  the same number must give the same file again
    origin = rng.choices(range(len(pdfs)), [min(1.0, COMMON_SIZE / len(pdf)) for pdf in pdfs])[0]
    pdf = pdfs[origin]
    if place % BOMB_EACH == 0:
        return origin, bomb(pdf, rng)
    if rng.randrange(30) == 0:
        pdf = taken_over(pdf, rng.choice(pdfs), rng)
    for _ in range(rng.choice(FEW)):
        if pdf:
            pdf = rng.choice(MUTATIONS)(pdf, rng)
    return origin, pdf
