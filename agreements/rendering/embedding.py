"""Embeds the characters a document uses, one composite font per face: Type0, Identity-H, with ToUnicode.

A character's code in the page content is its place in the order of first use, so the same text gives the same bytes.
reportlab parses the TrueType file; the subset is cut here, because only the glyphs needed are read out of 15 MB.
ISO 32000-1 §9.7, §9.10.3; ISO 19005-3 §6.2.11.
"""

from __future__ import annotations

from struct import pack, unpack_from

from reportlab.pdfbase.ttfonts import TTFontFace, TTFontMaker

from agreements.rendering.fonts import Faces
from agreements.rendering.pdf_file import PdfFile, number, numbers

_SYMBOLIC = 4
_SERIF = 2
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x01, 0x08, 0x20, 0x40, 0x80  # composite glyph flags, OpenType `glyf`


class UsedGlyphs(dict[str, str]):
    """character → its code as four hexadecimal digits; grows when a new character is asked for."""

    def __missing__(self, character: str) -> str:
        code = self[character] = f"{len(self) + 1:04X}"
        return code


class DocumentFonts:
    """The faces as one document uses them."""

    def __init__(self, faces: Faces) -> None:
        self._faces = faces.faces
        self.used = tuple(UsedGlyphs() for _ in self._faces)

    def resources(self, pdf: PdfFile) -> str:
        """Embed every face that was used and return the entries of the /Font resource dictionary."""
        entries = []
        for index, (face, used) in enumerate(zip(self._faces, self.used, strict=True)):
            if used:
                entries.append(f"/F{index} {_embed(pdf, face, tuple(used), index)} 0 R")
        return " ".join(entries)


def _embed(pdf: PdfFile, face: TTFontFace, characters: tuple[str, ...], index: int) -> int:
    tag = "".join(chr(65 + (len(characters) // 26**power + index) % 26) for power in range(6))
    name = f"{tag}+{face.name.decode('ascii')}"
    codes = [ord(character) for character in characters]
    glyphs = list(dict.fromkeys([0] + [face.charToGlyph[code] for code in codes]))
    place = {glyph: position for position, glyph in enumerate(glyphs)}
    code_to_glyph = pack(f">{len(codes) + 1}H", 0, *(place[face.charToGlyph[code]] for code in codes))
    program = _subset(face, glyphs)
    descriptor = pdf.add(
        f"<</Type /FontDescriptor /FontName /{name} /Flags {_SYMBOLIC | _SERIF} /FontBBox [{numbers(face.bbox)}]"
        f" /ItalicAngle {number(face.italicAngle)} /Ascent {number(face.ascent)} /Descent {number(face.descent)}"
        f" /CapHeight {number(face.capHeight)} /StemV {number(face.stemV)}"
        f" /FontFile2 {pdf.add_stream(program, f' /Length1 {len(program)}')} 0 R>>"
    )
    widths = " ".join(number(face.charWidths[code]) for code in codes)
    descendant = pdf.add(
        f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{name}"
        " /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
        f" /FontDescriptor {descriptor} 0 R /DW {number(face.defaultWidth)} /W [1 [{widths}]]"
        f" /CIDToGIDMap {pdf.add_stream(code_to_glyph)} 0 R>>"
    )
    return pdf.add(
        f"<</Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H"
        f" /DescendantFonts [{descendant} 0 R] /ToUnicode {pdf.add_stream(_to_unicode(characters))} 0 R>>"
    )


def _to_unicode(characters: tuple[str, ...]) -> bytes:
    pairs = [f"<{code:04X}> <{c.encode('utf-16-be').hex().upper()}>" for code, c in enumerate(characters, 1)]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]  # at most 100 per block
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode("ascii")


def _subset(face: TTFontFace, glyphs: list[int]) -> bytes:
    """A TrueType program with the given glyphs in the given order, then the parts of composite ones."""
    data = _program_of(face)
    start = face.get_table_pos("glyf")[0]
    order = list(glyphs)
    place = {glyph: position for position, glyph in enumerate(order)}
    outlines: list[bytes] = []
    for glyph in order:  # grows by the components found on the way
        outline = data[start + face.glyphPos[glyph] : start + face.glyphPos[glyph + 1]]
        if len(outline) > 10 and outline[0] & 0x80:
            outline = _renumber(outline, order, place)
        outlines.append(outline + bytes(-len(outline) % 4))
    offsets, total = [0], 0
    for outline in outlines:
        total += len(outline)
        offsets.append(total)
    metrics = [value for glyph in order for value in (int(face.hmetrics[glyph][0]), int(face.hmetrics[glyph][1]))]
    maker = TTFontMaker()
    for tag in ("cvt ", "fpgm", "prep"):
        if tag in face.table:
            maker.add(tag, _table(face, tag))
    maker.add("glyf", b"".join(outlines))
    maker.add("loca", pack(f">{len(offsets)}L", *offsets))
    maker.add("hmtx", pack(f">{len(metrics)}H", *metrics))
    maker.add("hhea", _table(face, "hhea")[:34] + pack(">H", len(order)))
    maker.add("maxp", _table(face, "maxp")[:4] + pack(">H", len(order)) + _table(face, "maxp")[6:])
    maker.add("head", _table(face, "head")[:50] + pack(">H", 1) + _table(face, "head")[52:])
    program: bytes = maker.makeStream()
    return program


def _program_of(face: TTFontFace) -> bytes:
    program: bytes = face._ttf_data  # type: ignore[attr-defined]  # reportlab keeps the whole file there
    return program


def _table(face: TTFontFace, tag: str) -> bytes:
    start, length = face.get_table_pos(tag)
    return _program_of(face)[start : start + length]


def _renumber(outline: bytes, order: list[int], place: dict[int, int]) -> bytes:
    """Point a composite glyph at its parts' places in the subset, adding parts that are not there yet."""
    changed, position, flags = bytearray(outline), 10, _MORE
    while flags & _MORE:
        flags, part = unpack_from(">HH", changed, position)
        if part not in place:
            place[part] = len(order)
            order.append(part)
        changed[position + 2 : position + 4] = pack(">H", place[part])
        position += 8 if flags & _WORDS else 6
        position += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
    return bytes(changed)
