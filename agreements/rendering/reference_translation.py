"""A further language of the agreement: the whole text once more in one column, after the signature pages."""

from __future__ import annotations

from collections.abc import Callable

from agreements.rendering import paper
from agreements.rendering.body import Flow, columns_for, set_articles
from agreements.rendering.composition import TextStyle, compose
from agreements.rendering.fonts import Faces
from agreements.rendering.outlines import Mark
from agreements.rendering.pages import Page
from agreements.rendering.structure import Element
from agreements.rendering.words import word
from agreements.versions import Version

_TITLE = TextStyle(17.0, 24.0, bold=True, justify=False)
_BELOW_TITLE = 20.0
_KIND = TextStyle(9.2, 20.0, colour=paper.SECOND_INK, justify=False)


def set_reference_translation(
    new_page: Callable[[], Page], faces: Faces, version: Version, lang: str, root: Element
) -> Mark:
    """Set the text in `lang` on new pages; return their place for the outline."""
    section = root.add("Sect", lang, title=f"reference-{lang}")
    columns = columns_for((lang,))
    pages: list[Page] = []

    def first_or_next() -> Page:
        pages.append(new_page())
        return pages[-1]

    head = [
        (compose(faces, text, lang, style, paper.SINGLE_COLUMN), style, tag)
        for text, style, tag in ((word("reference", lang), _KIND, "P"), (version.title[lang], _TITLE, "H2"))
    ]
    height = sum(style.leading * len(lines) for lines, style, _ in head)
    flow = Flow(columns, first_or_next, paper.TOP - height - _BELOW_TITLE)
    page, y = pages[0], paper.TOP
    for lines, style, tag in head:
        with page.mark(section.add(tag, lang)):
            page.lines(lines, paper.LEFT, y - style.size, style)
        y -= style.leading * len(lines)
    set_articles(faces, version.clauses, flow, columns, section)
    return Mark(f"{word('reference', lang)} ({lang})", page.index, paper.HEIGHT)
