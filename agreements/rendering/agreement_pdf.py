"""A version of an agreement becomes a PDF: cover, text in two columns, signature pages, reference translations.

The same version gives the same bytes in every process and on every machine.
Nothing is signed here and nothing is stored; what the text says was settled in `agreements.versions`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agreements.rendering import paper
from agreements.rendering.body import Flow, columns_for, set_articles, set_closing
from agreements.rendering.composition import Line, compose
from agreements.rendering.cover import draw_cover
from agreements.rendering.document import HEAD_MEASURE, Attachment, Document
from agreements.rendering.fonts import Faces, FontFolder, check
from agreements.rendering.metadata import Facts
from agreements.rendering.outlines import Mark
from agreements.rendering.reference_translation import set_reference_translation
from agreements.rendering.rehearsal import Rehearsal
from agreements.rendering.signature_fields import SEAL_FIELD, SignatureField
from agreements.rendering.signature_pages import draw_signature_pages
from agreements.rendering.words import word
from agreements.versions import Version


@dataclass(frozen=True)
class RenderedAgreement:
    """The PDF before any signature. `fields` are in the order of the signature blocks, the seal's field last."""

    pdf: bytes
    sha256: str
    pages: int
    fields: tuple[SignatureField, ...]


def render(
    version: Version, *, number: int, verify_url: str, fonts: FontFolder, rehearsal: Rehearsal | None = None
) -> RenderedAgreement:
    """Set a version as a PDF with unsigned signature fields.

    `number` is the version's number for people (it is not part of the version's identity); `verify_url` stands in the
    QR code. `rehearsal`: make a copy to practise with, marked on every page and in the file, without data and
    without a block that says what signatures bind.
    Raises UnknownGlyph when a character cannot be drawn, FontsMissing when a face is absent.
    """
    faces = fonts.load()
    for texts, place in _texts(version, verify_url):
        check(faces, texts, place)
    return _Agreement(version, number, verify_url, faces, rehearsal).finish()


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


class _Agreement:
    """The agreement while it is being set."""

    def __init__(
        self, version: Version, number: int, verify_url: str, faces: Faces, rehearsal: Rehearsal | None
    ) -> None:
        self._version = version
        self._number = number
        self._verify_url = verify_url
        self._faces = faces
        self._rehearsal = rehearsal
        self._document = Document(faces, rehearsal)

    def finish(self) -> RenderedAgreement:
        """Set everything and write the file."""
        version, faces, new_page = self._version, self._faces, self._document.new_page
        root = self._document.root
        draw_cover(new_page(), faces, version, _place(version), self._number, root)
        marks = [Mark(self._title, 0, paper.HEIGHT), *self._set_text()]
        verify_url = self._verify_url if self._rehearsal is None else None
        fields, page = draw_signature_pages(new_page, faces, version, self._number, verify_url, root)
        marks.append(Mark(word("signature_page", version.languages[0]), page.index, paper.HEIGHT))
        for lang in version.languages[2:]:
            marks.append(set_reference_translation(new_page, faces, version, lang, root))
        self._draw_running_heads()
        fields.append(SignatureField(SEAL_FIELD, 0, (0.0, 0.0, 0.0, 0.0), "", "Seal of the signing service"))
        data = None
        if self._rehearsal is None:
            data = Attachment(version.canonical, f"Canonical JSON of version {self._number}, SHA-256 {version.sha256}")
        identifier = bytes.fromhex(version.sha256)[:16]
        if self._rehearsal is not None:
            identifier = hashlib.sha256(identifier + self._rehearsal.id.encode()).digest()[:16]
        pdf = self._document.write(self._facts(), marks, identifier, fields, data, verify_url or "")
        return RenderedAgreement(pdf, hashlib.sha256(pdf).hexdigest(), len(self._document.pages), tuple(fields))

    @property
    def _title(self) -> str:
        return self._version.title[self._version.languages[0]]

    def _set_text(self) -> list[Mark]:
        columns = columns_for(self._version.languages[:2])
        flow = Flow(columns, self._document.new_page)
        marks = set_articles(self._faces, self._version.clauses, flow, columns, self._document.root)
        set_closing(self._faces, flow, columns, self._document.root)
        return marks

    def _draw_running_heads(self) -> None:
        """Title, number, version and short hash above, page of pages below; not on the cover."""
        version, first = self._version, self._version.languages[0]
        right = f"{version.agreement_no} · {word('version', first)} {self._number} · {version.sha256[:8]}"
        right_lines = compose(self._faces, right, first, paper.RUNNING, HEAD_MEASURE)[-1:]
        left_lines = self._running_title(HEAD_MEASURE - right_lines[0].width - 20.0)
        self._document.draw_running_heads(left_lines, right_lines, first, first=1)

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

    def _facts(self) -> Facts:
        version = self._version
        first = version.languages[0]
        return Facts(
            titles={lang: self._named(version.title[lang], lang) for lang in version.languages},
            authors=tuple(party.legal_name[first] for party in version.parties),
            subject=f"{version.agreement_no} · {word('version', first)} {self._number}",
            languages=version.languages,
            identifier=f"sha-256:{version.sha256}" if self._rehearsal is None else f"rehearsal:{self._rehearsal.id}",
        )

    def _named(self, title: str, lang: str) -> str:
        return title if self._rehearsal is None else self._rehearsal.titled(title, lang)
