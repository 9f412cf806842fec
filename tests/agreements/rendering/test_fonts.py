from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms

from agreements.rendering import FontFolder
from agreements.rendering.colour_profile import srgb
from agreements.rendering.embedding import DocumentFonts
from agreements.rendering.errors import FontsMissing, UnknownGlyph
from agreements.rendering.fonts import check
from agreements.rendering.pdf_file import PdfFile
from agreements.rendering.words import WORDS
from tests.agreements.rendering.tools import FONTS


def test_missing_faces_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="make setup"):
        FontFolder(tmp_path).load()


def test_faces_are_parsed_once_per_process() -> None:
    assert FONTS.load() is FontFolder(FONTS.path).load()


def test_every_fixed_word_can_be_drawn_in_its_language() -> None:
    for key, texts in WORDS.items():
        assert set(texts) == {"zh", "en", "de", "fi"}, key
        check(FONTS.load(), texts, f"word “{key}”")


@pytest.mark.parametrize(
    "text", ["Yhteistyösopimus äöåÄÖÅ", "Straße „Müller“ ÄÖÜß – § 5", "Čapek Ørsted Łódź", "€ 1.000"]
)
def test_european_letters_can_be_drawn(text: str) -> None:
    check(FONTS.load(), {"en": text, "de": text, "fi": text}, "a test")


@pytest.mark.parametrize(
    "text", ["龘䶮張偉復旦大學", "（一）①人民币壹拾万元整（¥100,000.00）", "《》〈〉【】「」——……·％"]
)
def test_rare_and_traditional_characters_can_be_drawn(text: str) -> None:
    check(FONTS.load(), {"zh-Hans": text, "en": text}, "a test")


def test_refusal_names_the_first_character_that_is_missing() -> None:
    with pytest.raises(UnknownGlyph) as caught:
        check(FONTS.load(), {"en": "fine 😀 not fine 𠮷"}, "clause “x”")
    assert caught.value.params["codepoint"] == "U+1F600"
    assert caught.value.params["place"] == "clause “x”, en"


def test_subset_is_a_font_with_the_same_shapes_and_widths() -> None:
    fonts = DocumentFonts(FONTS.load())
    for index, text in enumerate(["Agreement ÄÖ", "Article ß", "战略合作协议", "甲乙方"]):
        for character in text:
            fonts.used[index][character]
    pdf = PdfFile()
    fonts.resources(pdf)
    programs = [
        body.split(b"stream\n", 1)[1][: -len(b"\nendstream")] for body in pdf._objects if body and b"/Length1" in body
    ]
    for program, file, text in zip(
        programs,
        ["SourceSerifPro-Regular", "SourceSerifPro-Semibold", "NotoSerifSC-Regular", "NotoSerifSC-Bold"],
        ["Agreement ÄÖ", "Article ß", "战略合作协议", "甲乙方"],
        strict=True,
    ):
        subset, whole = TTFont(BytesIO(program)), TTFont(FONTS.path / f"{file}.ttf")
        names = subset.getGlyphOrder()
        cmap = whole.getBestCmap()
        for place, character in enumerate(dict.fromkeys(text), start=1):
            original = cmap[ord(character)]
            assert subset["hmtx"][names[place]] == whole["hmtx"][original]
            drawn = subset["glyf"][names[place]].getCoordinates(subset["glyf"])
            assert list(drawn[0]) == list(whole["glyf"][original].getCoordinates(whole["glyf"])[0])


def test_colour_profile_is_srgb() -> None:
    ours = ImageCms.ImageCmsProfile(BytesIO(srgb()))
    theirs = ImageCms.createProfile("sRGB")
    image = Image.new("RGB", (4, 1))
    colours = [(28, 35, 51), (179, 57, 44), (255, 255, 255), (47, 107, 79)]
    for x, colour in enumerate(colours):
        image.putpixel((x, 0), colour)
    moved = ImageCms.profileToProfile(image, ours, theirs)
    for x, colour in enumerate(colours):
        assert all(abs(a - b) <= 2 for a, b in zip(moved.getpixel((x, 0)), colour, strict=True))
