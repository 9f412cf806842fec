from io import BytesIO

import pytest
from PIL import Image

from agreements.rendering.errors import NoSuchPage, UnreadablePdf
from agreements.rendering.page_images import page_count, page_png, page_text, page_words
from tests.agreements.rendering.tools import rendered
from tests.agreements.rendering.versions import version

PDF = rendered(version(articles=3)).pdf


@pytest.mark.parametrize("width", [390, 900, 1400])
def test_image_has_the_width_asked_for_and_the_shape_of_the_page(width: int) -> None:
    image = Image.open(BytesIO(page_png(PDF, 1, width)))
    assert abs(image.width - width) <= 1
    assert image.height / image.width == pytest.approx(841.89 / 595.276, abs=0.01)


def test_image_shows_dark_text_in_our_ink_on_white() -> None:
    image = Image.open(BytesIO(page_png(PDF, 1, 900))).convert("RGB")
    (dark_red, _), (dark_green, _), (dark_blue, _) = image.getextrema()
    assert dark_red < dark_green < dark_blue < 90
    assert image.getpixel((5, 5)) == (255, 255, 255)


def test_colour_of_a_signature_survives() -> None:
    red = PDF.replace(b"0.82 0.788 0.729 RG", b"0.70 0.224 0.173 RG")  # the corner marks, as a seal would be coloured
    image = Image.open(BytesIO(page_png(red, page_count(red) - 1, 900))).convert("RGB")
    assert any(r > 150 and b < 120 for _, (r, _, b) in image.getcolors(1 << 20) or ())


def test_same_page_gives_the_same_image() -> None:
    assert page_png(PDF, 1, 600) == page_png(PDF, 1, 600)


def test_text_of_a_page_is_there_in_both_languages() -> None:
    text = page_text(PDF, 1)
    assert "第一条" in text
    assert "Article 1" in text


def test_words_lie_inside_the_page_where_they_are_drawn() -> None:
    words = page_words(PDF, 1)
    assert all(0 <= word.x0 < word.x1 <= 1 and 0 <= word.y0 < word.y1 <= 1 for word in words)
    article = next(word for word in words if word.text == "第一条")
    english = next(word for word in words if word.text == "Article")
    assert article.x0 < 0.2
    assert english.x0 > 0.45
    assert article.y0 == pytest.approx(english.y0, abs=0.01)


def test_page_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoSuchPage, match="page 99 does not exist"):
        page_png(PDF, 98, 600)
    with pytest.raises(NoSuchPage):
        page_text(PDF, -1)


def test_bytes_that_are_not_a_pdf_are_refused() -> None:
    with pytest.raises(UnreadablePdf):
        page_count(b"not a PDF")
