"""Writes what is appended to a PDF file: new and changed objects, their table, the trailer. ISO 32000-2, 7.5.6.

Nothing in front is touched, and nothing is known of what the objects mean.
"""

import hashlib
import zlib
from itertools import groupby

from agreements.rendering.pdf_file import PdfFile
from signing_service.pades.document import Document
from signing_service.pades.syntax import Ref, Value, written


class Increment(PdfFile):
    """Collects the objects of one more revision of a document, and then writes it. Streams are compressed."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._bodies: dict[Ref, bytes] = {}
        self._next = document.size

    def reserve(self) -> int:
        """Take the next free object number."""
        self._next += 1
        return self._next - 1

    def put(self, reference: int, body: str | bytes) -> None:
        """Fill a number taken before."""
        self._bodies[Ref(reference, 0)] = body.encode("ascii") if isinstance(body, str) else body

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Add a stream, deflated, with further dictionary `entries` and return its number."""
        return super().add_stream(zlib.compress(data, 6), f"{entries} /Filter /FlateDecode")

    def replace(self, reference: Ref, value: Value) -> None:
        """Give an object of the document a new value."""
        self._bodies[reference] = written(value)

    def appended(self) -> tuple[bytes, dict[int, int]]:
        """The bytes to append, and where in the whole file the body of each object begins."""
        base = self._document.data
        pieces = [b"" if base.endswith((b"\n", b"\r")) else b"\n"]
        position = len(base) + len(pieces[0])
        heads: dict[Ref, int] = {}
        bodies: dict[int, int] = {}
        for reference, body in self._bodies.items():
            head = b"%d %d obj\n" % reference
            heads[reference], bodies[reference.number] = position, position + len(head)
            pieces += [head, body, b"\nendobj\n"]
            position += len(head) + len(body) + 8
        pieces += [
            _table(heads),
            b"trailer\n",
            written(self._trailer(pieces)),
            b"\nstartxref\n%d\n%%%%EOF\n" % position,
        ]
        return b"".join(pieces), bodies

    def _trailer(self, pieces: list[bytes]) -> Value:
        trailer = {key: value for key, value in self._document.trailer.items() if key in ("Root", "Info")}
        trailer |= {"Size": self._next, "Prev": self._document.start}
        identifiers = self._document.get(self._document.trailer.get("ID"))
        if isinstance(identifiers, list) and len(identifiers) == 2:
            # the second identifier changes with every revision (ISO 32000-2, 14.4); the same content gives the same one
            seed = b"".join((written(identifiers), b"%d" % self._document.start, *pieces))
            trailer["ID"] = [identifiers[0], hashlib.sha256(seed).digest()[:16]]
        return trailer


def _table(offsets: dict[Ref, int]) -> bytes:
    """A cross-reference table of the changed objects, in runs of consecutive numbers."""
    lines = [b"xref\n"]
    ordered = sorted(offsets.items())
    for _, run in groupby(enumerate(ordered), key=lambda item: item[1][0].number - item[0]):
        entries = [entry for _, entry in run]
        lines.append(b"%d %d\n" % (entries[0][0].number, len(entries)))
        lines += [b"%010d %05d n \n" % (offset, reference.generation) for reference, offset in entries]
    return b"".join(lines)
