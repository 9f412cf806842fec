"""Writes what is appended to a PDF file: new and changed objects, their table, the trailer. ISO 32000-2, 7.5.6.

Nothing in front is touched, and nothing is known of what the objects mean.
"""

import hashlib

from signing_service.pades.skeleton import Skeleton
from signing_service.pades.syntax import Ref


class Increment:
    """Collects the objects of one more revision of a document, and then writes it."""

    def __init__(self, base: Skeleton) -> None:
        self._base = base
        self._bodies: dict[Ref, bytes] = {}
        self.next = base.next_object

    def add(self, body: bytes) -> int:
        """Add an object and return its number."""
        self.next += 1
        self._bodies[Ref(self.next - 1, 0)] = body
        return self.next - 1

    def replace(self, reference: Ref, body: bytes) -> None:
        """Give an object of the document a new value."""
        self._bodies[reference] = body

    def appended(self, seed: bytes) -> tuple[bytes, dict[int, int]]:
        """The bytes to append, and where in the whole file the body of each object begins.

        `seed` tells this content from any other; the second identifier of the file is made from it.
        """
        base = self._base
        pieces = [b"" if base.line_ended else b"\n"]
        position = base.length + len(pieces[0])
        heads: dict[Ref, int] = {}
        bodies: dict[int, int] = {}
        for reference, body in self._bodies.items():
            head = b"%d %d obj\n" % reference
            heads[reference], bodies[reference.number] = position, position + len(head)
            pieces += [head, body, b"\nendobj\n"]
            position += len(head) + len(body) + 8
        pieces += [_table(heads), b"trailer\n", self._trailer(seed), b"\nstartxref\n%d\n%%%%EOF\n" % position]
        return b"".join(pieces), bodies

    def _trailer(self, seed: bytes) -> bytes:
        base = self._base
        entries = b"%b /Size %d /Prev %d" % (base.layout.roots, self.next, base.startxref)
        if base.identifiers:
            # the second identifier changes with every revision (ISO 32000-2, 14.4); the same content gives the same one
            second = hashlib.sha256(
                b"%b %d %d %b" % (base.identifiers[1], base.startxref, self.next, seed)
            ).hexdigest()[:32]
            entries += b" /ID [<%b> <%b>]" % (base.identifiers[0].hex().encode("ascii"), second.encode("ascii"))
        return b"<<%b>>" % entries


def _table(offsets: dict[Ref, int]) -> bytes:
    """A cross-reference table of the changed objects, in runs of consecutive numbers."""
    runs: list[tuple[int, list[bytes]]] = []
    following = None
    for (number, generation), offset in sorted(offsets.items()):
        if number != following:
            runs.append((number, []))
        runs[-1][1].append(b"%010d %05d n \n" % (offset, generation))
        following = number + 1
    return b"xref\n" + b"".join(b"%d %d\n%b" % (first, len(run), b"".join(run)) for first, run in runs)
