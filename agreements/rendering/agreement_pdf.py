"""A version of an agreement becomes a PDF: cover, text in two columns, signature pages, reference translations.

The same version gives the same bytes in every process and on every machine.
Nothing is signed here and nothing is stored; what the text says was settled in `agreements.versions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agreements.rendering import paper
from agreements.rendering.body import Flow, columns_for, set_articles, set_closing
from agreements.rendering.composition import Line, compose
from agreements.rendering.cover import draw_cover
from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.fonts import Faces, FontFolder, check
from agreements.rendering.metadata import Facts, attach, write_information, write_output_intent, write_xmp
from agreements.rendering.outlines import Mark, write_outline
from agreements.rendering.pages import RIGHT, Page
from agreements.rendering.pdf_file import PdfFile, numbers, references, text_string
from agreements.rendering.reference_translation import set_reference_translation
from agreements.rendering.signature_fields import SEAL_FIELD, SignatureField, write_fields
from agreements.rendering.signature_pages import draw_signature_pages
from agreements.rendering.structure import Element, write_structure
from agreements.rendering.words import word
from agreements.versions import Version

_HEAD_MEASURE = paper.RIGHT - paper.LEFT
_HEAD_BASELINE, _HEAD_RULE, _FOOT_BASELINE = 797.0, 789.0, 44.0


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
    for texts, place in _texts(version, verify_url):
        check(faces, texts, place)
    return _Document(version, number, verify_url, faces).finish()


def _texts(version: Version, verify_url: str) -> Iterator[tuple[Mapping[str, str], str]]:
    """Everything that will be drawn, with words for where it stands."""
    first = version.languages[0]
    yield version.title, "the title"
    yield {first: version.agreement_no}, "the agreement number"
    yield {first: verify_url}, "the verification address"
    yield _place(version), "the place"
    if version.predecessor is not None:
        yield version.predecessor.title, "the title of the agreement before"
        yield {first: version.predecessor.agreement_no}, "the number of the agreement before"
    for clause in version.clauses:
        yield clause.title, f"clause “{clause.id}”, heading"
        for position, paragraph in enumerate(clause.paragraphs, start=1):
            yield paragraph, f"clause “{clause.id}”, paragraph {position}"
    for party in version.parties:
        yield party.legal_name, f"party {party.index + 1}, legal name"
    for block in version.signature_blocks:
        place = f"signature block “{block.id}”"
        yield {first: block.person_name + (block.person_name_latin or "")}, f"{place}, name"
        yield block.person_title, f"{place}, title"
        yield block.place, f"{place}, place"


def _place(version: Version) -> Mapping[str, str]:
    """Where the agreement is made, when the template asks for it."""
    return next((value.text for value in version.shown if value.path == "place"), {})


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
        version, root = self._version, self._root
        draw_cover(self._new_page(), self._faces, version, _place(version), self._number, root)
        marks = [Mark(self._title, 0, paper.HEIGHT), *self._set_text()]
        fields, page = draw_signature_pages(self._new_page, self._faces, version, self._number, self._verify_url, root)
        marks.append(Mark(word("signature_page", version.languages[0]), page.index, paper.HEIGHT))
        for lang in version.languages[2:]:
            marks.append(set_reference_translation(self._new_page, self._faces, version, lang, root))
        self._draw_running_heads()
        fields.append(SignatureField(SEAL_FIELD, 0, (0.0, 0.0, 0.0, 0.0), "", "Seal of the signing service"))
        pdf = self._write(fields, marks)
        return RenderedAgreement(pdf, hashlib.sha256(pdf).hexdigest(), len(self._pages), tuple(fields))

    @property
    def _title(self) -> str:
        return self._version.title[self._version.languages[0]]

    def _set_text(self) -> list[Mark]:
        columns = columns_for(self._version.languages[:2])
        flow = Flow(columns, self._new_page)
        marks = set_articles(self._faces, self._version.clauses, flow, columns, self._root)
        set_closing(self._faces, flow, columns, self._root)
        return marks

    def _new_page(self) -> Page:
        page = Page(len(self._pages), self._fonts)
        self._pages.append(page)
        return page

    def _draw_running_heads(self) -> None:
        """Title, number, version and short hash above, page of pages below; not on the cover."""
        version, style, first = self._version, paper.RUNNING, self._version.languages[0]
        right = f"{version.agreement_no} · {word('version', first)} {self._number} · {version.sha256[:8]}"
        right_lines = compose(self._faces, right, first, style, _HEAD_MEASURE)[-1:]
        left_lines = self._running_title(_HEAD_MEASURE - right_lines[0].width - 20.0)
        for page in self._pages[1:]:
            with page.mark(None):
                page.lines(left_lines, paper.LEFT, _HEAD_BASELINE, style)
                page.lines(right_lines, paper.RIGHT, _HEAD_BASELINE, style, RIGHT)
                page.rule(paper.LEFT, _HEAD_RULE, paper.RIGHT, _HEAD_RULE, 0.5)
                count = compose(self._faces, f"{page.index + 1} / {len(self._pages)}", first, style, 100)
                page.lines(count, paper.RIGHT, _FOOT_BASELINE, style, RIGHT)

    def _running_title(self, measure: float) -> tuple[Line, ...]:
        """The title in both languages if that fits on a line, else in the first, else as much of it as fits."""
        version, style = self._version, paper.RUNNING
        first = version.languages[0]
        both = " · ".join(dict.fromkeys(version.title[lang] for lang in version.languages[:2]))
        for text in (both, self._title):
            lines = compose(self._faces, text, first, style, measure)
            if len(lines) == 1:
                return lines
        return compose(self._faces, f"{lines[0].text.rstrip()} …", first, style, measure + 20.0)[:1]

    def _write(self, fields: Sequence[SignatureField], marks: Sequence[Mark]) -> bytes:
        version, pdf = self._version, PdfFile()
        tree, resources = pdf.reserve(), pdf.reserve()
        pages = [pdf.reserve() for _ in self._pages]
        form, widgets = write_fields(pdf, fields, pages)
        self._write_pages(pdf, tree, resources, pages, list(zip(fields, widgets, strict=True)))
        pdf.put(resources, f"<</Font <<{self._fonts.resources(pdf)}>>>>")
        structure = write_structure(pdf, self._root, pages, [page.marked for page in self._pages])
        facts = self._facts()
        data = attach(pdf, version.canonical, f"Canonical JSON of version {self._number}, SHA-256 {version.sha256}")
        root = pdf.add(
            f"<</Type /Catalog /Pages {tree} 0 R /Lang {text_string(version.languages[0])} /MarkInfo <</Marked true>>"
            f" /StructTreeRoot {structure} 0 R /AcroForm {form} 0 R /Outlines {write_outline(pdf, marks, pages)} 0 R"
            f" /Metadata {write_xmp(pdf, facts)} 0 R /OutputIntents [{write_output_intent(pdf)} 0 R] /AF [{data} 0 R]"
            f" /Names <</EmbeddedFiles <</Names [(agreement.json) {data} 0 R]>>>>"
            " /ViewerPreferences <</DisplayDocTitle true>>>>"
        )
        identifier = bytes.fromhex(version.sha256)[:16]
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
        for page, reference in zip(self._pages, pages, strict=True):
            own = [widget for field, widget in widgets if field.page == page.index]
            annotations = f" /Annots {references(own)} /Tabs /S" if own else ""
            pdf.put(
                reference,
                f"<</Type /Page /Parent {tree} 0 R /MediaBox [{box}] /Resources {resources} 0 R"
                f" /Contents {pdf.add_stream(page.content)} 0 R /StructParents {page.index}{annotations}>>",
            )
        pdf.put(tree, f"<</Type /Pages /Count {len(pages)} /Kids {references(pages)}>>")

    def _facts(self) -> Facts:
        version = self._version
        first = version.languages[0]
        return Facts(
            titles={lang: version.title[lang] for lang in version.languages},
            authors=tuple(party.legal_name[first] for party in version.parties),
            subject=f"{version.agreement_no} · {word('version', first)} {self._number}",
            languages=version.languages,
            version_sha256=version.sha256,
        )
