"""The cover of an agreement that amends or replaces another names it, in each language, however long its title is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agreements.rendering.errors import UnknownGlyph
from agreements.succession import Predecessor
from tests.agreements.rendering.tools import page_texts, rendered, squeezed
from tests.agreements.rendering.versions import version

BEFORE = Predecessor(
    relation="amends",
    agreement_no="SCA-2020-016",
    title={"zh-Hans": "战略合作协议", "en": "Strategic Cooperation Agreement", "de": "Vertrag"},
    completed_on="2020-12-21",
    pdf_sha256="3f9ac2d177e05b12" * 4,
)


def cover(folder: Path, predecessor: Predecessor, languages: tuple[str, ...] = ("zh-Hans", "en")) -> str:
    file = folder / "agreement.pdf"
    file.write_bytes(rendered(replace(version(articles=1, languages=languages), predecessor=predecessor)).pdf)
    return squeezed(page_texts(file)[0])


@pytest.mark.parametrize(
    ("relation", "languages", "sentences"),
    [
        (
            "amends",
            ("zh-Hans", "en"),
            (
                "修订2020年12月21日签署完成的第SCA-2020-016号协议《战略合作协议》",
                "Amends agreement No. SCA-2020-016 of 21 December 2020 · Strategic Cooperation Agreement",
            ),
        ),
        (
            "supersedes",
            ("de", "en"),
            (
                "Ersetzt den Vertrag Nr. SCA-2020-016 vom 21. Dezember 2020 · Vertrag",
                "Replaces agreement No. SCA-2020-016 of 21 December 2020",
            ),
        ),
    ],
)
def test_it_names_the_agreement_before(
    tmp_path: Path, relation: str, languages: tuple[str, ...], sentences: tuple[str, ...]
) -> None:
    found = cover(tmp_path, replace(BEFORE, relation=relation), languages)
    for sentence in (*sentences, BEFORE.pdf_sha256):
        assert squeezed(sentence) in found


def test_a_title_that_has_no_room_is_left_out_and_nothing_else(tmp_path: Path) -> None:
    long = {lang: title * 12 for lang, title in BEFORE.title.items()}
    found = cover(tmp_path, replace(BEFORE, title=long))
    assert squeezed("Amends agreement No. SCA-2020-016 of 21 December 2020") in found
    assert squeezed(long["en"]) not in found
    assert BEFORE.pdf_sha256 in found


def test_a_title_that_cannot_be_drawn_stops_the_rendering(tmp_path: Path) -> None:
    with pytest.raises(UnknownGlyph, match="the agreement before"):
        cover(tmp_path, replace(BEFORE, title={"zh-Hans": "协议", "en": "Agreement 𓀀"}))
