"""A version of an agreement becomes a PDF: cover, text in two columns, signature pages.

The same version gives the same bytes in every process and on every machine.
Nothing is signed here and nothing is stored; what the text says was settled in `agreements.versions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agreements.rendering import paper
from agreements.rendering.body import Flow, columns_for, set_body
from agreements.rendering.composition import compose
from agreements.rendering.cover import draw_cover
from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.fonts import Faces, FontFolder, check
from agreements.rendering.pages import Page
from agreements.rendering.pdf_file import PdfFile, numbers, references, text_string
from agreements.rendering.signature_fields import SEAL_FIELD, SignatureField, write_fields
from agreements.rendering.signature_pages import draw_signature_pages
from agreements.rendering.structure import Element, write_structure
from agreements.rendering.words import word

if TYPE_CHECKING:
    from agreements.versions import Version


@dataclass(frozen=True)
class RenderedAgreement:
    """The PDF before any signature. `fields` are in the order of the signature blocks, the seal's field last."""

    pdf: bytes
    sha256: str
    pages: int
    fields: tuple[SignatureField, ...]


def render(version: Version, *, number: int, verify_url: str, fonts: FontFolder) -> RenderedAgreement:
    """Set a version as a PDF with unsigned signature fields.

    `number` is the version's number for people (it is not part of the version's identity); `verify_url` stands in the
    QR code. Raises UnknownGlyph when a character cannot be drawn, FontsMissing when a face is absent.
    """
    faces = fonts.load()
    _check_glyphs(version, faces, verify_url)
    return _Document(version, number, verify_url, faces).finish()


def _check_glyphs(version: Version, faces: Faces, verify_url: str) -> None:
    for texts, place in _texts(version):
        check(faces, texts, place)
    check(faces, {version.languages[0]: version.agreement_no}, "the agreement number")
    check(faces, {version.languages[0]: verify_url}, "the verification address")


def _texts(version: Version) -> Iterator[tuple[dict[str, str], str]]:
    yield dict(version.title), "the title"
    for clause in version.clauses:
        yield dict(clause.title), f"clause “{clause.id}”, heading"
        for position, paragraph in enumerate(clause.paragraphs, start=1):
            yield dict(paragraph), f"clause “{clause.id}”, paragraph {position}"
    for block in version.signature_blocks:
        place = f"signature block “{block.id}”"
        yield dict(block.party), f"{place}, party"
        yield dict.fromkeys(version.languages, block.person_name), f"{place}, name"
        yield dict(block.person_title), f"{place}, title"


class _Document:
    """The document while it is being set."""

    def __init__(self, version: Version, number: int, verify_url: str, faces: Faces) -> None:
        self._version = version
        self._number = number
        self._verify_url = verify_url
        self._faces = faces
        self._fonts = DocumentFonts(faces)
        self._pages: list[Page] = []
        self._root = Element("Document")

    def finish(self) -> RenderedAgreement:
        """Set everything and write the file."""
        version = self._version
        draw_cover(self._new_page(), self._faces, version, self._number, self._root)
        flow = Flow(self._faces, columns_for(version.languages[:2]), self._new_page)
        marks = set_body(version, flow, self._root)
        fields, forms = draw_signature_pages(
            self._new_page, self._faces, version, self._number, self._verify_url, self._root
        )
        fields.append(SignatureField(SEAL_FIELD, 0, (0.0, 0.0, 0.0, 0.0), ""))
        forms.append(self._root.add("Form"))
        self._draw_running_heads()
        pdf = self._write(fields, forms, marks)
        return RenderedAgreement(pdf, hashlib.sha256(pdf).hexdigest(), len(self._pages), tuple(fields))

    def _new_page(self) -> Page:
        page = Page(len(self._pages), self._fonts)
        self._pages.append(page)
        return page

    def _draw_running_heads(self) -> None:
        version, style = self._version, paper.RUNNING
        first = version.languages[0]
        left = " · ".join(version.title[lang] for lang in version.languages[:2])
        right = f"{version.agreement_no} · {word('version', first)} {self._number} · {version.sha256[:8]}"
        for page in self._pages[1:]:
            with page.mark(None):
                page.lines(compose(self._faces, left, first, style, 300), paper.LEFT, 796, style)
                page.flush_right(compose(self._faces, right, first, style, 200), paper.RIGHT, 796, style)
                page.rule(paper.LEFT, 788, paper.RIGHT, 788, 0.5)
                count = f"{page.index + 1} / {len(self._pages)}"
                page.flush_right(compose(self._faces, count, first, style, 200), paper.RIGHT, 44, style)

    def _write(self, fields: list[SignatureField], forms: list[Element], marks: list[tuple[str, Page, float]]) -> bytes:
        pdf = PdfFile()
        tree = pdf.reserve()
        pages = [pdf.reserve() for _ in self._pages]
        resources = pdf.reserve()
        form, widgets = write_fields(pdf, fields, pages, len(pages))
        for field, element, widget in zip(fields, forms, widgets, strict=True):
            element.annotations.append((field.page, widget))
        for page, reference in zip(self._pages, pages, strict=True):
            own = [widget for field, widget in zip(fields, widgets, strict=True) if field.page == page.index]
            annotations = f" /Annots {references(own)} /Tabs /S" if own else ""
            pdf.put(
                reference,
                f"<</Type /Page /Parent {tree} 0 R /MediaBox [{numbers((0, 0, paper.WIDTH, paper.HEIGHT))}]"
                f" /Resources {resources} 0 R /Contents {pdf.add_stream(page.content)} 0 R"
                f" /StructParents {page.index}{annotations}>>",
            )
        pdf.put(tree, f"<</Type /Pages /Count {len(pages)} /Kids {references(pages)}>>")
        pdf.put(resources, f"<</Font <<{self._fonts.resources(pdf)}>>>>")
        structure = write_structure(pdf, self._root, pages, [page.marked for page in self._pages], forms)
        title = text_string(self._version.title[self._version.languages[0]])
        info = pdf.add(f"<</Title {title}>>")
        root = pdf.add(
            f"<</Type /Catalog /Pages {tree} 0 R /AcroForm {form} 0 R /StructTreeRoot {structure} 0 R"
            f" /MarkInfo <</Marked true>> /Lang {text_string(self._version.languages[0])}"
            " /ViewerPreferences <</DisplayDocTitle true>>>>"
        )
        return pdf.finish(root=root, info=info, identifier=bytes.fromhex(self._version.sha256)[:16])
