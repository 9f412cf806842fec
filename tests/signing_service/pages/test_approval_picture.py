"""Lines of text that fit under a mark, in scripts of different width."""

from __future__ import annotations

import pytest

from signing_service.pages.approval_picture import fitted


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Katja Brandt", ("Katja Brandt",)),
        ("on behalf of Katja Brandt", ("on behalf of", "Katja Brandt")),
        ("法务及公平竞争审查部门负责人", ("法务及公平竞争", "审查部门负责人")),
        ("", ("",)),
        ("  ", ("",)),
    ],
)
def test_lines_break_where_a_reader_would(text: str, lines: tuple[str, ...]) -> None:
    assert fitted(text, 100, 3) == lines


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    assert fitted("one two three four five six seven eight nine", 100, 2) == ("one two three", "four five six…")
    assert fitted("x" * 500, 100, 1)[0].endswith("…")


def test_every_line_is_within_its_width_whatever_the_text() -> None:
    for text in ("ä" * 300, "签" * 300, "a 签" * 100, "https://" + "y" * 200):
        lines = fitted(text, 170, 3)
        assert len(lines) <= 3
        assert all(len(line) <= 27 for line in lines)
