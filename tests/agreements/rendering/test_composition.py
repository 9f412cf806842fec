from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.rendering import paper
from agreements.rendering.composition import CLOSING, OPENING, Line, TextStyle, compose
from tests.agreements.rendering.tools import FONTS

FACES = FONTS.load()
CHINESE = paper.BODY[True]
LATIN = paper.BODY[False]


def lines(text: str, lang: str = "zh-Hans", width: float = 209.0, style: TextStyle | None = None) -> tuple[Line, ...]:
    return compose(FACES, text, lang, style or (CHINESE if lang == "zh-Hans" else LATIN), width)


PIECES = st.lists(
    st.sampled_from(
        [*"合作协议签署甲乙双方，。；：、（）《》“”？！", "2026", "SME", "Sino-European", " ", "——", "12%", "……"]
    ),
    min_size=1,
    max_size=120,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES, st.sampled_from([120.0, 171.0, 190.0, 209.0]))
def test_nothing_is_lost_and_no_line_is_wider_than_its_column(text: str, width: float) -> None:
    found = lines(text, width=width)
    assert "".join("".join(line.text.split()) for line in found) == "".join(text.split())
    for line in found:
        allowed = width + CHINESE.size * _trailing(line.text)
        assert line.width <= allowed + 0.1


def _trailing(text: str) -> int:
    """Punctuation that may not begin a line stays at its end even in a crowd of it, as in “！！！！”."""
    return max(0, len(text) - len(text.rstrip(CLOSING + OPENING + "…— ")) - 2)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="合作协议签署甲乙双方天地人", min_size=3, max_size=6), st.data())
def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(word: str, data: st.DataObject) -> None:
    joint = st.sampled_from(["，", "。", "；", "、", "：", "（", "）", "《", "》", "“", "”", "），", "》（", "。”", ""])
    text = "".join(word + data.draw(joint) for _ in range(30))
    found = lines(text)
    for line in found[1:]:
        assert line.text[0] not in CLOSING
    for line in found[:-1]:
        assert line.text[-1] not in OPENING


def test_full_lines_of_chinese_are_flush_on_both_sides() -> None:
    found = lines("双方应当遵守适用的法律法规，并各自承担履行本协议所发生的费用；未经对方书面同意，不得对外披露。" * 3)
    for line in found[:-1]:
        assert abs(line.width - 209.0) < 0.6


def test_paragraph_does_not_end_with_a_single_character() -> None:
    for length in range(40, 90):
        last = lines("甲乙丙丁戊己庚辛壬癸" * 9 and ("协" * length + "。"))[-1]
        assert len(last.text) >= 3, length


def test_number_stays_with_its_unit() -> None:
    for length in range(12, 24):
        for line in lines("合" * length + "自2026年11月22日起生效"):
            assert line.text[0] not in "年月日"


def test_latin_words_break_at_blanks_and_hyphens_only() -> None:
    text = "The Sino-European New Economy Industry Innovation Center and the Sichuan Association of Circular Economy"
    found = lines(text, "en", 130.0)
    assert " ".join(line.text for line in found).replace("Sino- European", "Sino-European") == text


def test_a_no_break_blank_keeps_number_and_unit_on_one_line() -> None:
    for width in range(60, 200, 5):
        for line in lines("Die Laufzeit beträgt vom Tag des Inkrafttretens an 36\u00a0Monate.", "de", width):
            assert ("36" in line.text) == ("Monate" in line.text)
    assert len(lines("ein\u00a0" * 60, "de", 150.0)) > 2, "what is held together but wider than the column is broken"


def test_word_wider_than_the_column_is_broken_rather_than_drawn_over_the_edge() -> None:
    found = lines("https://sign.example.org/verify/" + "3f9ac2d1" * 12, "en", 150.0)
    assert len(found) > 2
    assert all(line.width <= 150.5 for line in found)


def test_quotation_marks_take_the_face_of_their_language() -> None:
    chinese, english = lines("“合作”")[0], lines("“cooperation”", "en")[0]
    assert {face for face, _ in chinese.runs} == {2}
    assert {face for face, _ in english.runs} == {0}


def test_line_breaks_of_the_text_are_kept() -> None:
    assert [line.text for line in lines("甲方\n乙方")] == ["甲方", "乙方"]


def test_kerning_brings_letters_together() -> None:
    assert lines("AVAVAV", "en")[0].width < 0.97 * sum(lines(letter, "en")[0].width for letter in "AVAVAV")
