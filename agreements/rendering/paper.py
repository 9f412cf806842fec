"""The sheet: its size, margins, columns, inks and type styles. Numbers only; points unless said otherwise.

Both columns share one line height, so that Chinese and Latin lines stand on the same baselines.
"""

from __future__ import annotations

from agreements.rendering.composition import TextStyle

WIDTH, HEIGHT = 595.276, 841.89  # A4
LEFT, RIGHT = 62.0, 533.276
TOP, BOTTOM = 762.0, 74.0  # first baseline region and last line of the text area
COLUMN_GAP = 24.0
FIRST_COLUMN = 209.0  # 22 Chinese characters
SECOND_COLUMN = RIGHT - LEFT - FIRST_COLUMN - COLUMN_GAP
SINGLE_COLUMN = 372.0
SECOND_LEFT = LEFT + FIRST_COLUMN + COLUMN_GAP

INK = "0.11 0.137 0.2"
SECOND_INK = "0.357 0.384 0.451"
HAIRLINE = "0.82 0.788 0.729"

LEADING = 14.4
HEADING_GAP = 3.0
PARAGRAPH_GAP = 5.0
ARTICLE_GAP = 12.0

BODY = {
    True: TextStyle(9.5, LEADING),
    False: TextStyle(9.7, LEADING, justify=False),
}
ARTICLE = {
    True: TextStyle(10.2, LEADING, bold=True, justify=False),
    False: TextStyle(10.2, LEADING, bold=True, justify=False),
}
RUNNING = TextStyle(7.2, 10.0, colour=SECOND_INK, justify=False)
NOTE = TextStyle(8.0, 11.4, colour=SECOND_INK, justify=False)
DATE_RULE = TextStyle(8.4, 12.4, colour=SECOND_INK, justify=False)
LABEL = TextStyle(7.4, 10.0, colour=SECOND_INK, justify=False)


def is_chinese(lang: str) -> bool:
    """True for the languages set on the Chinese square."""
    return lang.split("-")[0] == "zh"
