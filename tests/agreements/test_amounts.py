"""Amounts in figures and in words."""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.amounts import CURRENCIES, Money, figures, full, words
from agreements.errors import FormatUnavailable


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("100000.00", "人民币壹拾万元整", "one hundred thousand yuan"),
        ("0.00", "人民币零元整", "zero yuan"),
        ("12.30", "人民币壹拾贰元叁角整", "twelve yuan and thirty fen"),
        ("12.34", "人民币壹拾贰元叁角肆分", "twelve yuan and thirty-four fen"),
        ("12.04", "人民币壹拾贰元零肆分", "twelve yuan and four fen"),
        ("0.05", "人民币伍分", "five fen"),
        ("0.50", "人民币伍角整", "fifty fen"),
        ("1001000.00", "人民币壹佰万壹仟元整", "one million one thousand yuan"),
    ],
)
def test_yuan_in_words(amount: str, zh: str, en: str) -> None:
    money = Money(Decimal(amount), "CNY")
    assert (words(money, "zh-Hans"), words(money, "en")) == (zh, en)


def test_words_and_figures_guard_each_other() -> None:
    money = Money(Decimal("100000.00"), "CNY")
    assert full(money, "zh-Hans") == "人民币壹拾万元整（¥100,000.00）"
    assert full(money, "en") == "CNY 100,000.00 (one hundred thousand yuan)"


def test_figures_follow_the_language() -> None:
    money = Money(Decimal("1234567.50"), "EUR")
    assert figures(money, "zh-Hans") == "1,234,567.50欧元"
    assert figures(money, "en") == "EUR 1,234,567.50"
    assert figures(money, "de") == "1.234.567,50\u00a0EUR"
    assert figures(money, "fi") == "1\u00a0234\u00a0567,50\u00a0EUR"


def test_other_currencies_in_words() -> None:
    assert words(Money(Decimal("1.01"), "EUR"), "en") == "one euro and one cent"
    assert words(Money(Decimal("200000.00"), "EUR"), "zh-Hans") == "贰拾万欧元整"
    assert words(Money(Decimal("3.20"), "GBP"), "zh-Hans") == "叁英镑贰拾便士"
    assert words(Money(Decimal("5000"), "JPY"), "en") == "five thousand yen"


def test_no_words_where_none_are_kept() -> None:
    for lang in ("de", "fi"):
        with pytest.raises(FormatUnavailable):
            words(Money(Decimal(1), "EUR"), lang)


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_yuan_words_agree_with_another_library(amount: Decimal) -> None:
    ours = words(Money(amount, "CNY"), "zh-Hans").removeprefix("人民币").removesuffix("整").replace("零", "")
    theirs = cn2an.an2cn(str(amount), "rmb").removesuffix("整").replace("零", "")
    assert ours == theirs or amount == 0


def test_every_currency_has_both_units() -> None:
    for currency in CURRENCIES.values():
        assert currency.zh
        assert all(currency.en)
        assert bool(currency.zh_part) is (currency.decimals == 2)
