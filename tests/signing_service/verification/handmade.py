"""Signed PDFs written byte by byte, for what libraries would not write: odd line ends, forms, references, ranges."""

import asyncio
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from asn1crypto import cms
from pyhanko.sign.signers import Signer

from tests.signing_service.verification.worlds import pki

SPACE = 16_000  # hexadecimal digits kept for a signature
RANGE = b"[0 AAAAAAAAAA BBBBBBBBBB CCCCCCCCCC]"
PAGES: dict[int, bytes] = {
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]"
    b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
    4: b"<</Length 46>>stream\nBT /F1 14 Tf 72 720 Td (Frame contract.  ) Tj ET\nendstream",
}
CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>"
FIELD = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(Sig1)/V 5 0 R/P 3 0 R/Rect[0 0 0 0]/F 132>>"


def signature_dictionary(
    *, subfilter: bytes = b"/adbe.pkcs7.detached", more: bytes = b"", space: int = SPACE, byte_range: bytes = RANGE
) -> bytes:
    """A signature dictionary with room for its contents; the numbers of its range are put in later."""
    return (
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter" + subfilter + more + b"/M(D:20261122120000Z)"
        b"/ByteRange " + byte_range + b"/Contents <" + b"0" * space + b">>>"
    )


@dataclass(frozen=True)
class Layout:
    """How the bytes are put together."""

    header: bytes = b"%PDF-1.7"
    eol: bytes = b"\n"
    xref: str = "table"  # table, stream or hybrid
    before: bytes = b""
    counted_from: int = 0  # 0: offsets from the first byte; 1: from the header
    endobj: bytes = b"endobj"
    startxref_off: int = 0
    end: bytes = b"%%EOF\n"
    trailer: bytes = b""
    between: bytes = b""
    packed: tuple[int, ...] = ()
    """These objects go into an object stream, which has the number 90; with xref streams only."""
    again: tuple[tuple[int, bytes], ...] = ()
    """What that object stream holds behind them, under numbers that it may have already."""


PLAIN = Layout()
PACK = 90


def written(objects: Mapping[int, bytes], layout: Layout = PLAIN, previous: bytes = b"") -> bytes:
    """A whole file, or `previous` with one more revision of these objects."""
    eol = layout.eol
    out = bytearray(previous or layout.before + layout.header + eol + b"%\xe2\xe3\xcf\xd3" + eol)
    shift = len(layout.before) if layout.counted_from else 0
    places: dict[int, int] = {}
    packed = {number: objects[number] for number in layout.packed}
    if packed:
        objects = {
            **{n: body for n, body in objects.items() if n not in packed},
            PACK: _object_stream((*packed.items(), *layout.again)),
        }
    for number, body in objects.items():
        places[number] = len(out) - shift
        out += b"%d 0 obj" % number + eol + body + eol + layout.endobj + eol + layout.between
    last = re.findall(rb"startxref\s+(\d+)", previous)
    chain = b"/Prev %d" % int(last[-1]) if last else b""
    sizes = [int(size) for size in re.findall(rb"/Size (\d+)", previous)]
    size = max([*objects, *packed, *(size - 1 for size in sizes)]) + 1
    entries = b"/Size %d/Root 1 0 R%s%s" % (size, chain, layout.trailer)
    start = len(out) - shift
    if layout.xref == "stream":
        rest = b"/Root 1 0 R%s%s" % (chain, layout.trailer)
        out += _stream(size, {**places, size: start}, b"/Size %d" % (size + 1) + rest, eol, tuple(packed))
    else:
        if layout.xref == "hybrid":
            hidden = {number: place for number, place in places.items() if number > 4}
            places = {number: place for number, place in places.items() if number <= 4}
            out += _stream(size, {**hidden, size: start}, b"/Size %d/Root 1 0 R" % (size + 1), eol)
            entries = entries.replace(b"/Size %d" % size, b"/Size %d" % (size + 1)) + b"/XRefStm %d" % start
            start = len(out) - shift
        out += b"xref" + eol + (b"" if previous else b"0 1" + eol + b"0000000000 65535 f" + _pad(eol))
        for first, run in _runs(places):
            out += b"%d %d" % (first, len(run)) + eol
            out += b"".join(b"%010d 00000 n" % place + _pad(eol) for place in run)
        out += b"trailer" + eol + b"<<" + entries + b">>" + eol
    out += b"startxref" + eol + b"%d" % (start + layout.startxref_off) + eol + layout.end
    return bytes(out)


def _object_stream(objects: Sequence[tuple[int, bytes]]) -> bytes:
    """Objects in a stream (ISO 32000-2 clause 7.5.7), compressed as they are nearly always."""
    heads, bodies = b"", b""
    for number, body in objects:
        heads += b"%d %d " % (number, len(bodies))
        bodies += body + b"\n"
    held = zlib.compress(heads + bodies)
    entries = b"/N %d/First %d/Filter/FlateDecode/Length %d" % (len(objects), len(heads), len(held))
    return b"<</Type/ObjStm" + entries + b">>stream\n" + held + b"\nendstream"


def _pad(eol: bytes) -> bytes:
    """An entry of a table has twenty bytes."""
    return eol if len(eol) == 2 else b" " + eol


def _runs(places: Mapping[int, int]) -> list[tuple[int, list[int]]]:
    runs: list[tuple[int, list[int]]] = []
    for number in sorted(places):
        if runs and number == runs[-1][0] + len(runs[-1][1]):
            runs[-1][1].append(places[number])
        else:
            runs.append((number, [places[number]]))
    return runs


def _stream(number: int, places: Mapping[int, int], entries: bytes, eol: bytes, packed: tuple[int, ...] = ()) -> bytes:
    found = {key: b"\x01" + place.to_bytes(4, "big") + b"\x00" for key, place in places.items()}
    found |= {key: b"\x02" + PACK.to_bytes(4, "big") + bytes((place,)) for place, key in enumerate(packed)}
    rows = b"".join(found[key] for key in sorted(found))
    index = b" ".join(b"%d %d" % (first, len(run)) for first, run in _runs({**places, **dict.fromkeys(packed, 0)}))
    head = b"<</Type/XRef/W[1 4 1]/Index[%s]%s/Length %d>>" % (index, entries, len(rows))
    return b"%d 0 obj" % number + eol + head + b"stream\r\n" + rows + b"\r\nendstream" + eol + b"endobj" + eol


Maker = Callable[[bytes], bytes]


def cms_of(signed: bytes, *, signer: Signer | None = None, digest: str = "sha256") -> bytes:
    """A detached CMS over these bytes."""
    used = signer or pki().signer(pki().signatory())
    made: cms.ContentInfo = asyncio.run(used.async_sign_general_data(signed, digest, detached=True))
    return made.dump()


def filled(pdf: bytes, make: Maker = cms_of, *, inside: bool = False, written_as: Maker = lambda text: text) -> bytes:
    """The last placeholder filled: first its range, then its contents. `inside`: the gap leaves out the brackets."""
    mark = list(re.finditer(rb"<(0{100,})>", pdf))[-1]
    first, second = (mark.start() + 1, mark.end() - 1) if inside else (mark.start(), mark.end())
    numbers = iter((b"%-10d" % first, b"%-10d" % second, b"%-10d" % (len(pdf) - second)))
    for name in (b"AAAAAAAAAA", b"BBBBBBBBBB", b"CCCCCCCCCC"):
        place = pdf.rindex(name)
        pdf = pdf[:place] + next(numbers) + pdf[place + 10 :]
    value = written_as(make(pdf[:first] + pdf[second:]).hex().encode())
    room = mark.end() - mark.start() - 2
    assert len(value) <= room, (len(value), room)
    return pdf[: mark.start() + 1] + value.ljust(room, b"0") + pdf[mark.end() - 1 :]
