"""The rules of ISO 19005-3 (PDF/A-3, level U) that can be read off a file's objects, for files that we wrote.

No validator: `make pdfa` asks veraPDF, which knows all the rules. This finds at once what a change of ours would break.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

_PDFAID = "http://www.aiim.org/pdfa/ns/id/"
_FORBIDDEN_ACTIONS = {"/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/Rendition"}
_TRANSPARENT = {"/SMask", "/CA", "/ca", "/BM"}
_RELATIONS = {"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"}
_SUBTYPES = {"/Widget", "/Link"}


def broken_rules(pdf: bytes) -> list[str]:
    """Each rule that the newest revision breaks, named by its clause; none when it is sound."""
    reader = PdfFileReader(BytesIO(pdf))
    broken = [*_file(pdf, reader), *_catalog(reader.root)]
    for one in _dictionaries(reader):
        broken += _dictionary(one)
    return broken


def _dictionaries(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    """Every dictionary and stream that can be reached from the trailer."""
    seen: set[Any] = set()
    open_ends: list[Any] = [reader.root, reader.trailer["/Info"]]
    while open_ends:
        one = open_ends.pop()
        if isinstance(one, generic.IndirectObject):
            if one.reference in seen:
                continue
            seen.add(one.reference)
            one = one.get_object()
        if isinstance(one, generic.DictionaryObject):
            yield one
            open_ends += [one.raw_get(key) for key in one]
        elif isinstance(one, generic.ArrayObject):
            open_ends += [one.raw_get(place) for place in range(len(one))]


def _of(one: Any, key: str, otherwise: Any = None) -> Any:
    """An entry, wherever it stands: `get` of pyHanko's dictionaries does not follow references."""
    try:
        return one[key]
    except KeyError:
        return otherwise


def _file(pdf: bytes, reader: PdfFileReader) -> Iterator[str]:
    first, second = pdf.split(b"\n", 2)[:2]
    if not first.startswith(b"%PDF-1.") or len([byte for byte in second[1:5] if byte > 127]) < 4:
        yield "6.1.2: the header"
    if "/ID" not in reader.trailer or "/Encrypt" in reader.trailer:
        yield "6.1.3: the trailer"


def _catalog(root: Any) -> Iterator[str]:
    metadata = root["/Metadata"]
    packet = etree.fromstring(metadata.data)
    if [_simple(packet, name) for name in ("part", "conformance")] != ["3", "U"]:
        yield "6.6.4: the metadata do not say which part and level"
    if "/Filter" in metadata:
        yield "6.6.2.1: the metadata are filtered"
    intents = root["/OutputIntents"]
    if len(intents) != 1 or intents[0]["/S"] != "/GTS_PDFA1" or intents[0]["/DestOutputProfile"].data[36:40] != b"acsp":
        yield "6.2.3: the output intent"
    if not _of(root["/MarkInfo"], "/Marked") or "/StructTreeRoot" not in root or "/Lang" not in root:
        yield "6.7: the structure"
    if "/OpenAction" in root or "/AA" in root or "/OCProperties" in root:
        yield "6.5: something happens by itself, or is hidden"
    form = _of(root, "/AcroForm", {})
    if _of(form, "/NeedAppearances") or "/XFA" in form:
        yield "6.4.1: the form"
    names = _of(root, "/Names", {})
    if "/JavaScript" in names:
        yield "6.5.1: a script"
    attached = list(_of(_of(names, "/EmbeddedFiles", {}), "/Names", []))[1::2]
    if len(attached) != len(_of(root, "/AF", [])):
        yield "6.8: a file is attached that the document does not name as associated"


def _simple(packet: Any, name: str) -> str | None:
    """A simple property of the identification, which XMP writes as an element or as an attribute."""
    found = packet.xpath(f"//p:{name}/text() | //@p:{name}", namespaces={"p": _PDFAID})
    return str(found[0]) if len(found) == 1 else None


def _dictionary(one: generic.DictionaryObject) -> Iterator[str]:
    kind = _of(one, "/Type")
    if _TRANSPARENT & set(one) and kind == "/ExtGState":
        yield "6.2.10: transparency"
    if kind == "/Group" or _of(one, "/S") == "/Transparency":
        yield "6.2.10: a transparency group"
    if _of(one, "/S") in _FORBIDDEN_ACTIONS or "/JS" in one:
        yield f"6.5.1: the action {one.get('/S')}"
    if kind == "/Filespec" and not (
        _of(one, "/AFRelationship") in _RELATIONS
        and {"/F", "/UF", "/EF"} <= set(one)
        and _of(one["/EF"]["/F"], "/Subtype")
    ):
        yield "6.8: the file specification of an attachment"
    if kind == "/Annot":
        yield from _annotation(one)
    if kind == "/Font":
        yield from _font(one)
    if isinstance(one, generic.StreamObject) and {"/F", "/FFilter"} & set(one):
        yield "6.1.7.1: a stream outside the file"
    if _of(one, "/Filter") in ("/LZWDecode", "/Crypt"):
        yield f"6.1.7.2: the filter {one['/Filter']}"


def _annotation(one: generic.DictionaryObject) -> Iterator[str]:
    hidden, printed = 0b100011, 0b100  # Invisible, Hidden and NoView; Print
    flags = int(_of(one, "/F", 0))
    if one["/Subtype"] not in _SUBTYPES or flags & hidden or not flags & printed:
        yield f"6.3.2: the annotation {one.get('/T')}"
    x0, y0, x1, y1 = one["/Rect"]
    if (x0 != x1 or y0 != y1) and set(_of(one, "/AP", {})) != {"/N"}:
        yield f"6.3.3: the appearance of {one.get('/T')}"
    if "/A" in one or "/AA" in one:
        yield f"6.4.1: the action of {one.get('/T')}"


def _font(one: generic.DictionaryObject) -> Iterator[str]:
    name = one["/BaseFont"]
    if one["/Subtype"] == "/Type0":
        if "/ToUnicode" not in one:
            yield f"6.2.11.7: {name} has no Unicode"
    elif "/FontFile2" not in _of(one, "/FontDescriptor", {}):
        yield f"6.2.11.4: {name} is not embedded"
    elif "/CIDToGIDMap" not in one:
        yield f"6.2.11.3.2: {name} does not say which glyph is which"
