"""Reads what signing needs of a PDF file: its cross-reference tables, its form, its signature fields.

Strict on purpose: files that this service composed and continued have classic cross-reference tables, no encryption
and one flat form. Everything else is refused; foreign files are the business of `verification`. ISO 32000-2, 7.5.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from signing_service.pades.errors import TrailingBytes, UnreadableDocument
from signing_service.pades.syntax import Name, Ref, Value, parse, text_of, text_string, written

_LAST_LINES = re.compile(rb"startxref[\r\n]+(\d+)[\r\n]+%%EOF(?:\r\n|\r|\n)?\Z")
_SECTION = re.compile(rb"(\d+) (\d+) ?(?:\r\n|\r|\n)")
_TABLE = re.compile(rb"xref ?(?:\r\n|\r|\n)")
_TRAILER = re.compile(rb"trailer\s*")
# As `increment` writes it. Of older trailers only /Prev is of interest, and there is one for every signature.
_OWN_TRAILER = re.compile(
    rb"trailer\n<<(?:/(?:Root|Info) \d+ 0 R )+/Size \d+ /Prev (\d+)(?: /ID \[<[0-9a-f]+> <[0-9a-f]+>\])?>>\n"
)
_OBJECT = re.compile(rb"\s*(\d+)\s+(\d+)\s+obj\b")
_STREAM = re.compile(rb"\s*stream(?:\r\n|\n)")
_ENTRY = 20
_ENTRIES = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \n| \r|\r\n)")
_MOST_REVISIONS = 10_000
_LARGEST_STREAM = 32 << 20


@dataclass(frozen=True, slots=True)
class Field:
    """A signature field merged with its widget. `box`: width and height in points; `value` is None while empty."""

    name: str
    ref: Ref
    entries: Mapping[str, Value]
    value: Value
    box: tuple[float, float]


class Document:
    """The newest state of a file. Raises `UnreadableDocument` or `TrailingBytes`; nothing is repaired."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._offsets: dict[int, tuple[int, int] | None] = {}
        self.start = _last_table(data)
        try:
            self.trailer = self._read_tables(self.start)
            self.size = _whole(self.trailer["Size"])
            self.root_ref = _reference(self.trailer["Root"])
            self.root = self.dictionary(self.root_ref)
        except (ValueError, KeyError) as error:
            raise UnreadableDocument(reason="its tables cannot be read") from error
        if "Encrypt" in self.trailer:
            raise UnreadableDocument(reason="it is encrypted")

    def _read_tables(self, start: int) -> dict[str, Value]:
        """All tables from the newest to the oldest; the newest entry of each object counts."""
        newest: dict[str, Value] | None = None
        seen: set[int] = set()
        while start not in seen and len(seen) < _MOST_REVISIONS:
            seen.add(start)
            trailer = self._read_table(start, newest)
            newest = newest or trailer
            if "XRefStm" in trailer:
                raise ValueError("hybrid file")
            if "Prev" not in trailer:
                return newest
            start = _whole(trailer["Prev"])
        raise ValueError("the tables go in a circle")

    def _read_table(self, start: int, newest: dict[str, Value] | None) -> dict[str, Value]:
        head = _TABLE.match(self.data, start)
        if head is None:
            raise ValueError(f"no table at {start}")
        position = head.end()
        while (section := _SECTION.match(self.data, position)) is not None:
            first, count = int(section[1]), int(section[2])
            position = section.end()
            entries = _ENTRIES.findall(self.data, position, position + count * _ENTRY)
            if len(entries) != count:
                raise ValueError("a table is cut short or malformed")
            for number, (offset, generation, kind) in enumerate(entries, first):
                if number not in self._offsets:
                    self._offsets[number] = (int(offset), int(generation)) if kind == b"n" else None
            position += count * _ENTRY
        own = _OWN_TRAILER.match(self.data, position)
        if own is not None and newest is not None:
            return {"Prev": int(own[1])}
        mark = _TRAILER.match(self.data, position)
        trailer = parse(self.data, mark.end())[0] if mark else None
        if not isinstance(trailer, dict):
            raise ValueError("no trailer")
        return trailer

    @property
    def places(self) -> Mapping[int, tuple[int, int] | None]:
        """Object number → where its newest form begins, and its generation; None for one that was taken away."""
        return self._offsets

    def get(self, value: Value) -> Value:
        """The object itself, where `value` may be a reference to it."""
        for _ in range(8):
            if not isinstance(value, Ref):
                return value
            value = self._at(value)[0]
        raise UnreadableDocument(reason="references go in a circle")

    def dictionary(self, value: Value) -> dict[str, Value]:
        found = self.get(value)
        if not isinstance(found, dict):
            raise UnreadableDocument(reason="a dictionary is missing")
        return found

    def array(self, value: Value) -> list[Value]:
        found = self.get(value)
        if not isinstance(found, list):
            raise UnreadableDocument(reason="an array is missing")
        return found

    def stream(self, reference: Value) -> bytes:
        """The content of a stream, plain or deflated."""
        entries, position = self._at(_reference(reference))
        head = _STREAM.match(self.data, position)
        if not isinstance(entries, dict) or head is None:
            raise UnreadableDocument(reason="a stream is missing")
        length = _whole(self.get(entries["Length"]))
        content = self.data[head.end() : head.end() + length]
        kind = self.get(entries.get("Filter"))
        if kind in (None, []):
            return content
        if kind not in (Name("FlateDecode"), [Name("FlateDecode")]) or "DecodeParms" in entries:
            raise UnreadableDocument(reason="a stream is packed in an unknown way")
        try:
            return zlib.decompressobj().decompress(content, _LARGEST_STREAM)
        except zlib.error as error:
            raise UnreadableDocument(reason="a stream cannot be unpacked") from error

    def _at(self, reference: Ref) -> tuple[Value, int]:
        entry = self._offsets.get(reference.number)
        if entry is None or entry[1] != reference.generation:
            raise UnreadableDocument(reason=f"object {reference.number} is missing")
        head = _OBJECT.match(self.data, entry[0])
        if head is None or (int(head[1]), int(head[2])) != reference:
            raise UnreadableDocument(reason=f"object {reference.number} is not where it should be")
        try:
            return parse(self.data, head.end())
        except (ValueError, RecursionError) as error:
            raise UnreadableDocument(reason=f"object {reference.number} cannot be read") from error

    @property
    def form(self) -> dict[str, Value]:
        """The interactive form; empty when there is none."""
        return self.dictionary(self.root["AcroForm"]) if "AcroForm" in self.root else {}

    def signature_fields(self, named: str | None = None) -> Iterator[Field]:
        """Every signature field of the flat form, in its order; with `named`, only those of this name."""
        for reference in self.array(self.form.get("Fields", [])):
            if named is not None and not self._mentions(_reference(reference), named):
                continue
            entries = self.dictionary(reference)
            if self.get(entries.get("FT")) != Name("Sig"):
                continue
            field = self._field(_reference(reference), entries)
            if named in (None, field.name):
                yield field

    def _mentions(self, reference: Ref, name: str) -> bool:
        """Whether the source of the object holds the name in one of its two usual forms; spares reading all others."""
        entry = self._offsets.get(reference.number)
        if entry is None:
            return True  # reading it will name what is wrong
        end = self.data.find(b"endobj", entry[0])
        forms = (b"(%b)" % name.encode("latin-1", "replace"), written(text_string(name)), written(_utf16(name)))
        source = self.data[entry[0] : end].lower()
        return any(form.lower() in source for form in forms)

    def _field(self, reference: Ref, entries: dict[str, Value]) -> Field:
        if "Kids" in entries or "Parent" in entries:
            raise UnreadableDocument(reason="a signature field has parts")
        try:
            name = text_of(self.get(entries.get("T")))
            x0, y0, x1, y1 = (_measure(self.get(one)) for one in self.array(entries.get("Rect", [])))
        except ValueError as error:
            raise UnreadableDocument(reason="a signature field is incomplete") from error
        return Field(name, reference, entries, entries.get("V"), (abs(x1 - x0), abs(y1 - y0)))


def _last_table(data: bytes) -> int:
    """Where the newest table begins. The file has to end with its end-of-file mark and at most one line end."""
    if not data.startswith(b"%PDF-"):
        raise UnreadableDocument(reason="it does not begin like a PDF")
    found = _LAST_LINES.search(data, max(0, len(data) - 64))
    if found is None:
        raise TrailingBytes()
    return int(found[1])


def _utf16(text: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be")


def _reference(value: Value) -> Ref:
    if not isinstance(value, Ref):
        raise UnreadableDocument(reason="a reference is missing")
    return value


def _whole(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UnreadableDocument(reason="a number is missing")
    return value


def _measure(value: Value) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("not a measure")
    return float(value)
