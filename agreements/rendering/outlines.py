"""The outline (bookmarks) of the PDF: one entry per article, in the order of the pages. ISO 32000-1 §12.3.3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.rendering import paper
from agreements.rendering.pdf_file import PdfFile, number, text_string


@dataclass(frozen=True, slots=True)
class Mark:
    """A place worth jumping to. `page` counts from 0; `height` is the top of what is shown, in points."""

    title: str
    page: int
    height: float


def write_outline(pdf: PdfFile, marks: Sequence[Mark], pages: Sequence[int]) -> int:
    """Write a flat outline and return its object number."""
    root = pdf.reserve()
    items = [pdf.reserve() for _ in marks]
    for position, (mark, item) in enumerate(zip(marks, items, strict=True)):
        before = f" /Prev {items[position - 1]} 0 R" if position else ""
        after = f" /Next {items[position + 1]} 0 R" if position + 1 < len(items) else ""
        top = number(min(mark.height + 12, paper.HEIGHT))
        pdf.put(
            item,
            f"<</Title {text_string(mark.title)} /Parent {root} 0 R{before}{after}"
            f" /Dest [{pages[mark.page]} 0 R /XYZ null {top} null]>>",
        )
    pdf.put(root, f"<</Type /Outlines /First {items[0]} 0 R /Last {items[-1]} 0 R /Count {len(items)}>>")
    return root
