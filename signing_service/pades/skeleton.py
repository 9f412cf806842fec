"""What signing needs to know of a document whose fields were all made at freezing: a few numbers and the empty fields.

Read once, by the strict reader, then carried from revision to revision: a signature adds one small section whose end
is checked here, so no revision is ever parsed again and the cost does not grow with the signatures before. Plain data
throughout. ISO 32000-2, 7.5.6.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agreements.rendering.signature_fields import CODE
from signing_service.pades import rehearsal_lock
from signing_service.pades.document import Document, Field
from signing_service.pades.errors import FieldAlreadySigned, UnknownField, UnreadableDocument
from signing_service.pades.syntax import Ref, Value, written

_APPEND_ONLY = 3  # /SigFlags: signatures exist, and the file may only grow (ISO 32000-2, table 225)
_END = re.compile(
    rb"trailer\n<<(?:/(?:Root|Info) \d+ 0 R )+/Size (\d+) /Prev (\d+)(?: /ID \[<([0-9a-f]*)> <([0-9a-f]*)>\])?>>\n"
    rb"startxref\n(\d+)\n%%EOF\n\Z"
)
_LONGEST_END = 400


@dataclass(frozen=True, slots=True)
class EmptyField:
    """A field without a value. `body`: its dictionary up to, not including, its appearance, its value and `>>`;
    `code`: the object number of the QR code that the document keeps for its stamps."""

    ref: Ref
    body: bytes
    appearance: bytes
    width: float
    height: float
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What no signature changes: the roots in the trailer as written, and the fields that were empty at the reading.

    `sha256` is that of its bytes (`layout_bytes`), under which it is kept. `rehearsal`: the catalogue has the mark.
    """

    roots: bytes
    fields: Mapping[str, EmptyField]
    sha256: str
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Skeleton:
    """One revision. `startxref`: where its newest table begins; `next_object`: the first free number; `line_ended`:
    its last byte ends a line; `identifiers`: the pair of /ID or nothing; `signed`: the fields filled by now."""

    length: int
    startxref: int
    next_object: int
    line_ended: bool
    identifiers: tuple[bytes, ...]
    signed: frozenset[str]
    layout: Layout

    def empty_field(self, name: str) -> EmptyField:
        """The field of this name. Raises `UnknownField` or `FieldAlreadySigned`."""
        if name in self.signed:
            raise FieldAlreadySigned(field=name)
        try:
            return self.layout.fields[name]
        except KeyError as error:
            raise UnknownField(field=name) from error

    def grown(self, tail: bytes, field: str) -> Skeleton:
        """The revision after this one: `tail` was appended and fills `field`.

        Raises `UnreadableDocument` when the tail does not end as a section over this very revision.
        """
        end = _END.search(tail, max(0, len(tail) - _LONGEST_END))
        if end is None or int(end[2]) != self.startxref or not self.length < int(end[5]) < self.length + len(tail):
            raise UnreadableDocument(reason="a revision does not end as signing ends it")
        pair = tuple(bytes.fromhex(part.decode("ascii")) for part in (end[3], end[4]) if part is not None)
        if pair[:1] != self.identifiers[:1] or int(end[1]) < self.next_object:
            raise UnreadableDocument(reason="a revision does not continue the one before")
        return replace(
            self,
            length=self.length + len(tail),
            startxref=int(end[5]),
            next_object=int(end[1]),
            line_ended=True,
            identifiers=pair,
            signed=self.signed | {field},
        )


def layout_bytes(layout: Layout) -> bytes:
    """A layout as bytes to keep: the same layout always gives the same."""
    return _bytes(layout.roots, layout.fields, layout.rehearsal)


def _bytes(roots: bytes, empty: Mapping[str, EmptyField], rehearsal: bool) -> bytes:
    fields = {
        name: [*field.ref, field.body.decode("ascii"), field.appearance.decode("ascii"), field.width, field.height]
        + ([] if field.code is None else [field.code])
        for name, field in empty.items()
    }
    mark = {"rehearsal": True} if rehearsal else {}
    return json.dumps({"roots": roots.decode("ascii"), "fields": fields, **mark}, sort_keys=True).encode("ascii")


def layout_of(data: bytes) -> Layout:
    """The layout back."""
    kept = json.loads(data)
    fields = {
        name: EmptyField(Ref(number, generation), body.encode("ascii"), appearance.encode("ascii"), *more)
        for name, (number, generation, body, appearance, *more) in kept["fields"].items()
    }
    return _layout(kept["roots"].encode("ascii"), fields, kept.get("rehearsal", False))


def _layout(roots: bytes, fields: Mapping[str, EmptyField], rehearsal: bool) -> Layout:
    return Layout(roots, fields, hashlib.sha256(_bytes(roots, fields, rehearsal)).hexdigest(), rehearsal)


def plain(skeleton: Skeleton) -> dict[str, Any]:
    """All of a skeleton but its layout, as plain data."""
    return {
        "length": skeleton.length,
        "startxref": skeleton.startxref,
        "next_object": skeleton.next_object,
        "line_ended": skeleton.line_ended,
        "identifiers": [one.hex() for one in skeleton.identifiers],
        "signed": sorted(skeleton.signed),
    }


def of_plain(kept: Mapping[str, Any], layout: Layout) -> Skeleton:
    """The skeleton back, with its layout."""
    return Skeleton(
        length=kept["length"],
        startxref=kept["startxref"],
        next_object=kept["next_object"],
        line_ended=kept["line_ended"],
        identifiers=tuple(bytes.fromhex(one) for one in kept["identifiers"]),
        signed=frozenset(kept["signed"]),
        layout=layout,
    )


def read(document: Document, named: str | None = None) -> Skeleton:
    """The skeleton of a document; with `named`, only the field of that name is looked at.

    Raises `UnreadableDocument`: two fields of one name, or a form that is not append-only.
    """
    empty: dict[str, EmptyField] = {}
    signed: set[str] = set()
    for field in document.signature_fields(named):
        if field.name in empty or field.name in signed:
            raise UnreadableDocument(reason="two signature fields have one name")
        if document.get(field.value) is None:
            empty[field.name] = _empty(document, field)
        else:
            signed.add(field.name)
    if (empty or signed) and document.get(document.form.get("SigFlags")) != _APPEND_ONLY:
        raise UnreadableDocument(reason="its form is not marked as append-only")
    roots = [b"/%b %b" % (key.encode("ascii"), written(document.trailer[key])) for key in _roots(document)]
    return Skeleton(
        length=len(document.data),
        startxref=document.start,
        next_object=document.size,
        line_ended=document.data.endswith((b"\n", b"\r")),
        identifiers=_identifiers(document),
        signed=frozenset(signed),
        layout=_layout(b" ".join(roots), empty, rehearsal_lock.marked(document)),
    )


def _roots(document: Document) -> list[str]:
    return [key for key in document.trailer if key in ("Root", "Info")]


def _identifiers(document: Document) -> tuple[bytes, ...]:
    pair = document.get(document.trailer.get("ID"))
    if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, bytes) for one in pair):
        return tuple(one for one in pair if isinstance(one, bytes))
    return ()


def _empty(document: Document, field: Field) -> EmptyField:
    entries: dict[str, Value] = {key: value for key, value in field.entries.items() if key not in ("V", "AP")}
    appearance = b" /AP " + written(field.entries["AP"]) if "AP" in field.entries else b""
    body, (width, height) = written(entries).removesuffix(b">>"), field.box
    return EmptyField(field.ref, body, appearance, width, height, _code(document, field))


def _code(document: Document, field: Field) -> int | None:
    """The QR code among the resources of the empty appearance, as `agreements.rendering.signature_fields` puts it."""
    found: Value = field.entries.get("AP")
    for key in ("N", "Resources", "XObject", CODE):
        entries = document.get(found)
        found = entries.get(key) if isinstance(entries, dict) else None
    return found.number if isinstance(found, Ref) and found.generation == 0 else None
