"""The stamp on the page: both scripts, the time labelled as what it is, never a missing character."""

import re
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from keys.errors import NaiveTime
from signing_service.pades import errors
from signing_service.pades.drawing import Drawing
from tests.factories.handwriting import handwriting
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import NOW, VERIFY_URL, appearance, one_page, sealed, signatory, signed

WIDTH, HEIGHT = 220.0, 92.0


def _text(pdf: bytes, folder: Path) -> str:
    path = folder / "stamp.pdf"
    path.write_bytes(pdf)
    return " ".join(judges.run("pdftotext", "-raw", str(path), "-").split())


def _image(pdf: bytes, folder: Path) -> Image.Image:
    path = folder / "stamp.pdf"
    path.write_bytes(pdf)
    judges.run("pdftoppm", "-r", "144", "-png", "-singlefile", str(path), str(folder / "stamp"))
    return Image.open(BytesIO((folder / "stamp.png").read_bytes())).convert("RGB")


def test_it_says_who_for_whom_when_and_whose_key(tmp_path: Path) -> None:
    text = _text(one_page(appearance(), WIDTH, HEIGHT), tmp_path)
    for words in (
        "王小明 Wang Xiaoming",
        "中欧新经济产业创新中心",
        "主任 · Director",
        "密钥由签署人本人持有",
        "Key held by",
    ):
        assert words in text
    assert "Signature prepared 2026-11-22 10:02:31 UTC" in text
    assert "签名准备时间" in text


def test_the_time_is_shown_in_utc_whatever_the_zone(tmp_path: Path) -> None:
    shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    assert "2026-11-22 10:02:31 UTC" in _text(one_page(appearance(at=shanghai), WIDTH, HEIGHT), tmp_path)


def test_a_time_without_a_zone_is_not_drawn() -> None:
    with pytest.raises(NaiveTime):
        one_page(appearance(at=datetime(2026, 11, 22)), WIDTH, HEIGHT)


def test_the_frame_is_seal_red_and_the_paper_shows_through(tmp_path: Path) -> None:
    image = _image(one_page(appearance(), WIDTH, HEIGHT), tmp_path)
    colors = {color for _, color in image.getcolors(1 << 20) or []}
    assert (179, 57, 44) in colors
    assert image.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("height", [68.0, HEIGHT])
@pytest.mark.parametrize("drawing", [None, handwriting()], ids=["plain", "drawn"])
def test_nothing_is_drawn_outside_the_box(drawing: Drawing | None, height: float, tmp_path: Path) -> None:
    image = _image(one_page(appearance(drawing=drawing), WIDTH, height, VERIFY_URL), tmp_path)
    edge = [image.getpixel((x, y)) for x in range(image.width) for y in (0, image.height - 1)]
    edge += [image.getpixel((x, y)) for y in range(image.height) for x in (0, image.width - 1)]
    assert set(edge) == {(255, 255, 255)}


@pytest.mark.parametrize("drawing", [None, handwriting()], ids=["plain", "drawn"])
def test_its_code_leads_to_the_page_where_it_can_be_checked(drawing: Drawing | None, tmp_path: Path) -> None:
    path = tmp_path / "coded.pdf"
    path.write_bytes(one_page(appearance(drawing=drawing), WIDTH, 68.0, VERIFY_URL))
    assert judges.codes_on(path, 1) == [VERIFY_URL]


def test_a_drawing_is_blue_strokes_beside_the_same_facts(tmp_path: Path) -> None:
    pdf = one_page(appearance(drawing=handwriting()), WIDTH, HEIGHT, VERIFY_URL)
    colors = {color for _, color in _image(pdf, tmp_path).getcolors(1 << 20) or []}
    assert {(27, 42, 93), (179, 57, 44)} <= colors
    text = _text(pdf, tmp_path)
    for words in ("王小明 Wang Xiaoming", "中欧新经济产业创新中心", "2026-11-22 10:02:31 UTC", "Key held by"):
        assert words in text


def test_with_a_drawing_in_a_low_box_the_facts_stay_legible(tmp_path: Path) -> None:
    """Title and party give way before anything gets too small to be read; they stand in print above the box."""
    path = tmp_path / "low.pdf"
    path.write_bytes(one_page(appearance("Dr. Äijä Müller", drawing=handwriting()), WIDTH, 68.0, VERIFY_URL))
    box = re.compile(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)">(?:Key|2026-11-22|Müller)<')
    words = judges.run("pdftotext", "-bbox", str(path), "-")
    heights = [float(below) - float(above) for above, below in box.findall(words)]
    assert len(heights) == 3
    assert min(heights) > 5.5  # points, from the top of a tall letter to the foot of a deep one
    text = " ".join(judges.run("pdftotext", "-raw", str(path), "-").split())
    assert "Dr. Äijä Müller" in text
    assert "2026-11-22 10:02:31 UTC" in text
    assert "Key held by" in text


def test_every_font_is_embedded_as_a_subset(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(sealed(), signatory()))
    lines = judges.run("pdffonts", str(path)).splitlines()[2:]
    assert len(lines) == 4
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)


def test_the_same_texts_give_the_same_bytes() -> None:
    assert one_page(appearance(), WIDTH, HEIGHT) == one_page(appearance(), WIDTH, HEIGHT)


def test_a_rare_name_is_drawn_and_one_without_a_glyph_refused(tmp_path: Path) -> None:
    assert "龘䶮" in _text(one_page(appearance("王龘䶮"), WIDTH, HEIGHT), tmp_path)
    with pytest.raises(errors.UnknownGlyph, match=r"U\+1F58B"):
        one_page(appearance("王🖋"), WIDTH, HEIGHT)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x07"])
def test_invisible_characters_are_refused(hidden: str) -> None:
    with pytest.raises(errors.UnknownGlyph):
        one_page(appearance(f"Wang{hidden}Xiaoming"), WIDTH, HEIGHT)


def test_long_texts_become_smaller_and_too_long_ones_are_refused(tmp_path: Path) -> None:
    party = {"en": "Association for the Promotion of Circular Economy and Technology Transfer of the Province"}
    assert "Technology" in _text(one_page(appearance(party=party), WIDTH, HEIGHT), tmp_path)
    with pytest.raises(errors.StampDoesNotFit):
        one_page(appearance(party={"en": "Very long name " * 200}), WIDTH, HEIGHT)


def test_a_word_longer_than_the_box_is_refused_not_cut() -> None:
    with pytest.raises(errors.StampDoesNotFit):
        one_page(appearance("W" * 120), WIDTH, HEIGHT)


def test_missing_fonts_are_named(tmp_path: Path) -> None:
    with pytest.raises(errors.FontsNotFound):
        one_page(appearance(fonts=tmp_path), WIDTH, HEIGHT)


def test_a_signature_with_its_stamp_takes_less_than_fifty_kilobytes() -> None:
    base = sealed()
    assert len(signed(base, signatory())) - len(base) < 50_000
