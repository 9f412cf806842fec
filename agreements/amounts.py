"""Amounts of money: figures and words per language, e.g. 人民币壹拾万元整（¥100,000.00）.

No conversion between currencies, no rounding: an amount has at most the decimals of its currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from agreements.errors import FormatUnavailable
from agreements.languages import CHINESE, ENGLISH, FINNISH, GERMAN, Lang
from agreements.numerals import english, han_financial


@dataclass(frozen=True, slots=True)
class Currency:
    """How a currency is written. `zh` is the unit after the numerals, `zh_part` its hundredth."""

    code: str
    symbol: str
    decimals: int
    zh: str
    zh_part: str
    en: tuple[str, str]
    en_part: tuple[str, str]


CURRENCIES: Mapping[str, Currency] = {
    one.code: one
    for one in (
        Currency("CNY", "¥", 2, "元", "分", ("yuan", "yuan"), ("fen", "fen")),
        Currency("EUR", "€", 2, "欧元", "欧分", ("euro", "euros"), ("cent", "cents")),
        Currency("USD", "US$", 2, "美元", "美分", ("US dollar", "US dollars"), ("cent", "cents")),
        Currency("GBP", "£", 2, "英镑", "便士", ("pound sterling", "pounds sterling"), ("penny", "pence")),
        Currency("HKD", "HK$", 2, "港元", "港仙", ("Hong Kong dollar", "Hong Kong dollars"), ("cent", "cents")),
        Currency("CHF", "CHF ", 2, "瑞士法郎", "生丁", ("Swiss franc", "Swiss francs"), ("centime", "centimes")),
        Currency("SEK", "SEK ", 2, "瑞典克朗", "欧尔", ("Swedish krona", "Swedish kronor"), ("öre", "öre")),
        Currency("JPY", "JP¥", 0, "日元", "", ("yen", "yen"), ("", "")),
    )
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, not negative, with exactly the decimals of its currency."""

    amount: Decimal
    currency: str

    def parts(self) -> tuple[int, int]:
        """Whole units and hundredths."""
        whole = int(self.amount)
        return whole, int((self.amount - whole) * 100)


def figures(money: Money, lang: Lang) -> str:
    """100,000.00 with the currency: zh 人民币100,000.00元, en CNY 100,000.00, de 100.000,00 CNY, fi 100 000,00 CNY."""
    currency = CURRENCIES[money.currency]
    number = f"{money.amount:,.{currency.decimals}f}"
    if lang == CHINESE:
        return f"人民币{number}元" if money.currency == "CNY" else f"{number}{currency.zh}"
    if lang == GERMAN:
        return number.translate(str.maketrans(",.", ".,")) + f"\u00a0{money.currency}"
    if lang == FINNISH:
        return number.translate(str.maketrans(",.", "\u00a0,")) + f"\u00a0{money.currency}"
    return f"{money.currency} {number}"


def words(money: Money, lang: Lang) -> str:
    """The amount in words: zh 人民币壹拾万元整, en one hundred thousand yuan. Raises FormatUnavailable in de and fi."""
    if lang == CHINESE:
        return _chinese_words(money)
    if lang == ENGLISH:
        return _english_words(money)
    raise FormatUnavailable(format="words", type="money", language=lang)


def full(money: Money, lang: Lang) -> str:
    """Words and figures, one guarding the other.

    zh 人民币壹拾万元整（¥100,000.00）, en CNY 100,000.00 (one hundred thousand yuan); figures alone in de and fi.
    """
    currency = CURRENCIES[money.currency]
    if lang == CHINESE:
        return f"{words(money, lang)}（{currency.symbol.strip()}{money.amount:,.{currency.decimals}f}）"
    if lang == ENGLISH:
        return f"{figures(money, lang)} ({words(money, lang)})"
    return figures(money, lang)


def _chinese_words(money: Money) -> str:
    currency = CURRENCIES[money.currency]
    whole, part = money.parts()
    prefix = "人民币" if money.currency == "CNY" else ""
    text = f"{han_financial(whole)}{currency.zh}" if whole or not part else ""
    if not part:
        return f"{prefix}{text}整"
    if money.currency != "CNY":
        return f"{text}{han_financial(part)}{currency.zh_part}"
    return prefix + text + _jiao_and_fen(part, after_whole=bool(whole))


def _jiao_and_fen(part: int, *, after_whole: bool) -> str:
    """角 and 分 as cheques write them: 叁角整, 叁角肆分, 零肆分 after a whole amount."""
    jiao, fen = divmod(part, 10)
    if not jiao:
        return ("零" if after_whole else "") + f"{han_financial(fen)}分"
    return f"{han_financial(jiao)}角" + (f"{han_financial(fen)}分" if fen else "整")


def _english_words(money: Money) -> str:
    currency = CURRENCIES[money.currency]
    whole, part = money.parts()
    pieces = []
    if whole or not part:
        pieces.append(f"{english(whole)} {currency.en[0 if whole == 1 else 1]}")
    if part:
        pieces.append(f"{english(part)} {currency.en_part[0 if part == 1 else 1]}")
    return " and ".join(pieces)
