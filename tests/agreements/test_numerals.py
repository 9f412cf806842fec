"""Numbers in words, in both languages."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.numerals import LIMIT, article, english, han, han_count, han_financial, party_role


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"),
        (2, "二"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (36, "三十六"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (10_000, "一万"),
        (10_010, "一万零一十"),
        (100_000, "十万"),
        (1_000_000_000_000, "一万亿"),
        (1_200_000_000_000, "一万二千亿"),
        (100_000_001, "一亿零一"),
    ],
)
def test_everyday_chinese(number: int, words: str) -> None:
    assert han(number) == words


def test_two_is_counted_with_its_own_word() -> None:
    assert (han_count(2), han_count(12), han_count(3)) == ("两", "十二", "三")


@given(st.integers(0, 10**12 - 1))
def test_financial_numerals_agree_with_another_library(number: int) -> None:
    assert cn2an.cn2an(han_financial(number), "strict") == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (36, "thirty-six"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (1_001, "one thousand and one"),
        (100_000, "one hundred thousand"),
        (1_234_567, "one million two hundred and thirty-four thousand five hundred and sixty-seven"),
    ],
)
def test_english(number: int, words: str) -> None:
    assert english(number) == words


@pytest.mark.parametrize("number", [-1, LIMIT])
def test_outside_the_range_nothing_is_guessed(number: int) -> None:
    for write in (han, han_financial, english):
        with pytest.raises(ValueError):
            write(number)


def test_articles_and_parties_in_four_languages() -> None:
    assert [article(11, lang) for lang in ("zh-Hans", "en", "de", "fi")] == [
        "第十一条",
        "Article 11",
        "Artikel 11",
        "11 artikla",
    ]
    assert party_role(1) == {"zh-Hans": "乙方", "en": "Party B", "de": "Partei B", "fi": "Osapuoli B"}
