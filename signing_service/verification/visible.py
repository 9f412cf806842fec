"""What a reader sees: pages of two revisions drawn and compared, and what lies hidden or over something else.

Drawn by PDFium, in the limited process only (`exhibits`). A picture proves nothing by itself: the same picture may come
of other content, and a difference may be harmless. So it is shown, never judged. Scripts are never run: this PDFium has
no engine for them.
"""

import ctypes
from collections.abc import Iterator, Sequence
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageFilter

from signing_service.verification.forgiving import forgiving
from signing_service.verification.looks import (
    COVERED_TEXT,
    HIDDEN,
    INVISIBLE,
    OVERLAPPING,
    Box,
    Look,
    Mark,
    PageChange,
)

COMPARED_DPI, MAX_PAGES, MAX_SIDE = 60, 300, 2400
VISIBLE_FROM = 40  # of 255: less is the shade of a letter's edge
CELL, MAX_BOXES = 10, 12  # pixels of the grid in which differences are gathered; boxes on one page
COMPRESSION = 2
HIDDEN_FLAGS = 0x02 | 0x20  # ISO 32000-2 table 167: Hidden, NoView
INVISIBLE_TEXT = 3  # ISO 32000-2 table 104
COVERED = 0.9  # of a text's box under a picture or area that was painted later
MAX_OBJECTS, MAX_MARKS = 4000, 200
Points = tuple[float, float, float, float]  # left, bottom, right, top


def compare(before: bytes, after: bytes, numbers: tuple[int, int]) -> Look:
    """Draw the pages of both revisions and say which differ; `numbers` are the revisions' numbers for people."""
    old, new = _open(before), _open(after)
    shared = min(len(old), len(new), MAX_PAGES)
    changes = [change for page in range(shared) if (change := _page(old, new, page)) is not None]
    everything = (Box(0.0, 0.0, 1.0, 1.0),)
    changes += [
        PageChange(page + 1, everything, only_before=True) for page in range(len(new), min(len(old), MAX_PAGES))
    ]
    changes += [PageChange(page + 1, everything, only_after=True) for page in range(len(old), min(len(new), MAX_PAGES))]
    return Look(*numbers, len(old), len(new), shared, tuple(changes))


def drawn(pdf: bytes, pages: Sequence[int], dpi: int) -> dict[int, bytes]:
    """Pages (from 1) as grey PNG; pages that the file does not have are left out."""
    document = _open(pdf)
    return {page: _png(_picture(document, page - 1, dpi)) for page in pages if 1 <= page <= len(document)}


def marks(pdf: bytes) -> tuple[Mark, ...]:
    """Hidden and overlapping annotations, invisible and covered text, page by page, at most two hundred."""
    document = _open(pdf)
    found: list[Mark] = []
    for number in range(min(len(document), MAX_PAGES)):
        with forgiving:  # one broken page must not hide the others
            page = document[number]
            found += [*_annotations(page, number + 1), *_texts(page, number + 1)]
            page.close()
        if len(found) >= MAX_MARKS:
            break
    return tuple(found[:MAX_MARKS])


def _open(pdf: bytes) -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument(pdf)
    with forgiving:  # so that fields are drawn; a broken form is drawn without them
        if document.get_formtype():
            document.init_forms()
    return document


def _picture(document: pypdfium2.PdfDocument, number: int, dpi: int) -> Image.Image:
    page = document[number]
    try:
        width, height = page.get_size()
        scale = min(dpi / 72, MAX_SIDE / max(width, height, 1.0))
        bitmap = page.render(scale=scale, grayscale=True)
        image: Image.Image = bitmap.to_pil().convert("L").copy()
        bitmap.close()
        return image
    finally:
        page.close()


def _png(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "PNG", compress_level=COMPRESSION)
    return stream.getvalue()


def _page(old: pypdfium2.PdfDocument, new: pypdfium2.PdfDocument, number: int) -> PageChange | None:
    before, after = _picture(old, number, COMPARED_DPI), _picture(new, number, COMPARED_DPI)
    if before.size != after.size:
        return PageChange(number + 1, (Box(0.0, 0.0, 1.0, 1.0),))
    different = ImageChops.difference(before, after).point([0] * VISIBLE_FROM + [255] * (256 - VISIBLE_FROM))
    if different.getbbox() is None:
        return None
    return PageChange(number + 1, tuple(_boxes(different)))


def _boxes(different: Image.Image) -> list[Box]:
    """The different pixels gathered into boxes: cells of a grid that touch belong together."""
    width, height = different.size
    grid = different.filter(ImageFilter.MaxFilter(3)).reduce(CELL).point([0] + [255] * 255)
    columns = grid.size[0]
    marked = {(place % columns, place // columns) for place, value in enumerate(grid.tobytes()) if value}
    boxes: list[tuple[int, int, int, int]] = []
    while marked:
        group, edge = [], [marked.pop()]
        while edge:
            x, y = edge.pop()
            group.append((x, y))
            near = {(x + dx, y + dy) for dx in (-2, -1, 0, 1, 2) for dy in (-1, 0, 1)} & marked
            marked -= near
            edge += near
        xs, ys = [x for x, _ in group], [y for _, y in group]
        boxes.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1))
    if len(boxes) > MAX_BOXES:
        boxes = [
            (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        ]
    return [
        Box(
            round(x0 * CELL / width, 4),
            round(y0 * CELL / height, 4),
            round(min(1.0, x1 * CELL / width), 4),
            round(min(1.0, y1 * CELL / height), 4),
        )
        for x0, y0, x1, y1 in sorted(boxes, key=lambda box: (box[1], box[0]))
    ]


def _annotations(page: pypdfium2.PdfPage, number: int) -> Iterator[Mark]:
    size = page.get_size()
    seen: list[tuple[Points, str]] = []
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_OBJECTS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        rect = pdfium.FS_RECTF()
        placed = pdfium.FPDFAnnot_GetRect(annotation, rect)
        flags = pdfium.FPDFAnnot_GetFlags(annotation)
        name = _name(annotation)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        left, right, bottom, top = *sorted((rect.left, rect.right)), *sorted((rect.bottom, rect.top))
        points = (left, bottom, right, top)
        if not placed or _area(points) <= 0 or kind in (pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_LINK):
            continue  # an invisible signature has no area: that is common and no secret
        if flags & HIDDEN_FLAGS:
            yield Mark(number, HIDDEN, _fractions(points, size), name)
            continue
        for other, other_name in seen:
            if _area(_shared(points, other)) > 0.2 * min(_area(points), _area(other)):
                yield Mark(number, OVERLAPPING, _fractions(points, size), f"{name} / {other_name}")
        if len(seen) < MAX_MARKS:
            seen.append((points, name))


def _name(annotation: "ctypes._Pointer[pdfium.fpdf_annotation_t__]") -> str:
    """The field name of an annotation (/T), as the file says it."""
    length = pdfium.FPDFAnnot_GetStringValue(annotation, b"T", None, 0)
    if not 2 < length <= 400:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAnnot_GetStringValue(annotation, b"T", ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _texts(page: pypdfium2.PdfPage, number: int) -> Iterator[Mark]:
    size = page.get_size()
    below: list[Points] = []
    for thing in _objects(page):
        points = _bounds(thing)
        if points is None:
            continue
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if pdfium.FPDFTextObj_GetTextRenderMode(thing) == INVISIBLE_TEXT:
                yield Mark(number, INVISIBLE, _fractions(points, size))
            elif len(below) < MAX_OBJECTS:
                below.append(points)
        elif below and (kind == pdfium.FPDF_PAGEOBJ_IMAGE or _is_filled(thing)):
            covered = [one for one in below if _area(_shared(one, points)) >= COVERED * _area(one) > 0]
            below = [one for one in below if one not in covered]
            if covered:
                yield Mark(number, COVERED_TEXT, _fractions(points, size))


def _objects(page: pypdfium2.PdfPage) -> Iterator["ctypes._Pointer[pdfium.fpdf_pageobject_t__]"]:
    for index in range(min(pdfium.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        yield pdfium.FPDFPage_GetObject(page, index)


def _bounds(thing: "ctypes._Pointer[pdfium.fpdf_pageobject_t__]") -> Points | None:
    values = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *values):
        return None
    left, bottom, right, top = (value.value for value in values)
    return (left, bottom, right, top) if right > left and top > bottom else None


def _is_filled(thing: "ctypes._Pointer[pdfium.fpdf_pageobject_t__]") -> bool:
    """Whether a path is an opaque area."""
    if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_PATH:
        return False
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(thing, mode, stroke) or mode.value == pdfium.FPDF_FILLMODE_NONE:
        return False
    colour = [ctypes.c_uint() for _ in range(4)]
    return bool(pdfium.FPDFPageObj_GetFillColor(thing, *colour)) and colour[3].value == 255


def _shared(first: Points, second: Points) -> Points:
    return (max(first[0], second[0]), max(first[1], second[1]), min(first[2], second[2]), min(first[3], second[3]))


def _area(points: Points) -> float:
    return max(0.0, points[2] - points[0]) * max(0.0, points[3] - points[1])


def _fractions(points: Points, size: tuple[float, float]) -> Box:
    width, height = max(size[0], 1.0), max(size[1], 1.0)
    values = (points[0] / width, 1 - points[3] / height, points[2] / width, 1 - points[1] / height)
    return Box(*(round(min(max(value, 0.0), 1.0), 4) for value in values))
