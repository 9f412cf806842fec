"""One PDF while it is set: its pages, type faces and structure, and the objects that every file of ours has.

What stands on the pages is decided by those who draw them; no words of an agreement are chosen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.rendering import paper
from agreements.rendering.composition import Line, compose
from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.fonts import Faces
from agreements.rendering.metadata import ATTACHMENT, Facts, attach, write_information, write_output_intent, write_xmp
from agreements.rendering.outlines import Mark, write_outline
from agreements.rendering.pages import RIGHT, Page
from agreements.rendering.pdf_file import PdfFile, numbers, references, text_string
from agreements.rendering.rehearsal import Rehearsal, draw_band, draw_below
from agreements.rendering.signature_fields import SignatureField, write_fields
from agreements.rendering.structure import Element, write_structure

HEAD_MEASURE = paper.RIGHT - paper.LEFT
_HEAD_BASELINE, _HEAD_RULE, _FOOT_BASELINE = 797.0, 789.0, 44.0


@dataclass(frozen=True, slots=True)
class Attachment:
    """Data that travel inside the file, and the name they are found under."""

    data: bytes
    description: str
    name: str = ATTACHMENT


class Document:
    """The pages set so far; `root` is the structure they are drawn into. With `rehearsal` it is a copy to practise."""

    def __init__(self, faces: Faces, rehearsal: Rehearsal | None = None) -> None:
        self.faces = faces
        self._rehearsal = rehearsal
        self.pages: list[Page] = []
        self.root = Element("Document")
        self._fonts = DocumentFonts(faces)

    def new_page(self) -> Page:
        """Begin the next page."""
        page = Page(len(self.pages), self._fonts)
        if self._rehearsal is not None:
            draw_below(page, self.faces, self._rehearsal)
            draw_band(page, self.faces, self._rehearsal)
        self.pages.append(page)
        return page

    def draw_running_heads(self, left: Sequence[Line], right: Sequence[Line], lang: str, *, first: int) -> None:
        """Both heads above and page of pages below, from page `first` (counted from 0) on."""
        style = paper.RUNNING
        for page in self.pages[first:]:
            with page.mark(None):
                page.lines(left, paper.LEFT, _HEAD_BASELINE, style)
                page.lines(right, paper.RIGHT, _HEAD_BASELINE, style, RIGHT)
                page.rule(paper.LEFT, _HEAD_RULE, paper.RIGHT, _HEAD_RULE, 0.5)
                count = compose(self.faces, f"{page.index + 1} / {len(self.pages)}", lang, style, 100)
                page.lines(count, paper.RIGHT, _FOOT_BASELINE, style, RIGHT)

    def write(
        self,
        facts: Facts,
        marks: Sequence[Mark],
        identifier: bytes,
        fields: Sequence[SignatureField] = (),
        attachment: Attachment | None = None,
        code: str = "",
    ) -> bytes:
        """The finished file; `marks` are its outline, `identifier` (16 bytes) its /ID, `code` the text of the QR code
        that the stamps in its fields will show."""
        pdf = PdfFile()
        tree, resources = pdf.reserve(), pdf.reserve()
        pages = [pdf.reserve() for _ in self.pages]
        form, widgets = write_fields(pdf, fields, pages, code) if fields else (None, [])
        self._write_pages(pdf, tree, resources, pages, list(zip(fields, widgets, strict=True)))
        pdf.put(resources, f"<</Font <<{self._fonts.resources(pdf)}>>>>")
        structure = write_structure(pdf, self.root, pages, [page.marked for page in self.pages])
        data = attach(pdf, attachment.data, attachment.description, attachment.name) if attachment else None
        root = pdf.add(
            f"<</Type /Catalog /Pages {tree} 0 R /Lang {text_string(facts.languages[0])} /MarkInfo <</Marked true>>"
            f" /StructTreeRoot {structure} 0 R{f' /AcroForm {form} 0 R' if form else ''}"
            f" /Outlines {write_outline(pdf, marks, pages)} 0 R"
            f" /Metadata {write_xmp(pdf, facts)} 0 R /OutputIntents [{write_output_intent(pdf)} 0 R]"
            f"{_attached(data, attachment.name) if data and attachment else ''}"
            f"{self._rehearsal.entry if self._rehearsal is not None else ''}"
            f" /ViewerPreferences <</DisplayDocTitle true>>>>"
        )
        return pdf.finish(root=root, info=write_information(pdf, facts), identifier=identifier)

    def _write_pages(
        self,
        pdf: PdfFile,
        tree: int,
        resources: int,
        pages: Sequence[int],
        widgets: Sequence[tuple[SignatureField, int]],
    ) -> None:
        box = numbers((0, 0, paper.WIDTH, paper.HEIGHT))
        for page, reference in zip(self.pages, pages, strict=True):
            own = [widget for field, widget in widgets if field.page == page.index]
            annotations = f" /Annots {references(own)} /Tabs /S" if own else ""
            pdf.put(
                reference,
                f"<</Type /Page /Parent {tree} 0 R /MediaBox [{box}] /Resources {resources} 0 R"
                f" /Contents {pdf.add_stream(page.content)} 0 R /StructParents {page.index}{annotations}>>",
            )
        pdf.put(tree, f"<</Type /Pages /Count {len(pages)} /Kids {references(pages)}>>")


def _attached(data: int, name: str) -> str:
    return f" /AF [{data} 0 R] /Names <</EmbeddedFiles <</Names [{text_string(name)} {data} 0 R]>>>>"
