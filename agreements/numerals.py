"""Numbers in words: Chinese numerals (everyday and financial), English words, and the numbering of articles.

Whole numbers only, 0 to 10^16 - 1. German and Finnish words are not offered; figures are used in those languages.
"""

from __future__ import annotations

from agreements.languages import CHINESE, FINNISH, GERMAN, Lang, Texts

LIMIT = 10**16

_PLAIN = ("零一二三四五六七八九", "十百千")
_FINANCIAL = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")
_SECTIONS = ("", "万", "亿", "万亿")

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GROUPS = ("", " thousand", " million", " billion", " trillion", " quadrillion")

_STEMS = "甲乙丙丁戊己庚辛壬癸"


def _checked(number: int) -> int:
    if not 0 <= number < LIMIT:
        raise ValueError(f"{number} is outside 0 … 10^16 - 1")
    return number


def _section(number: int, digits: str, units: str) -> str:
    """Numerals of 1 … 9999 without a leading zero; inner zeros collapse to one 零."""
    parts: list[str] = []
    zero = False
    for position in (3, 2, 1, 0):
        digit = number // 10**position % 10
        if digit:
            parts.append((digits[0] if zero and parts else "") + digits[digit])
            parts.append(units[position - 1] if position else "")
            zero = False
        else:
            zero = True
    return "".join(parts)


def _chinese(number: int, digits: str, units: str) -> str:
    if number == 0:
        return digits[0]
    text = ""
    zero = False
    for index in range(3, -1, -1):
        section = number // 10 ** (4 * index) % 10**4
        if section == 0:
            zero = bool(text)
            continue
        if text and (zero or section < 1000):
            text += digits[0]
        # 万亿 followed by a section of 亿 is said once: 一万二千亿, not 一万亿二千亿
        name = _SECTIONS[index]
        if index == 3 and number // 10**8 % 10**4:
            name = "万"
        text += _section(section, digits, units) + name
        zero = False
    return text


def han(number: int) -> str:
    """Everyday Chinese numerals: 10 → 十, 36 → 三十六, 105 → 一百零五.

    >>> han(36), han(10010)
    ('三十六', '一万零一十')
    """
    text = _chinese(_checked(number), *_PLAIN)
    return text[1:] if text.startswith("一十") else text


def han_count(number: int) -> str:
    """As `han`, but 两 for a bare two, as one counts things: 两次, 两个月."""
    return "两" if number == 2 else han(number)


def han_financial(number: int) -> str:
    """Financial numerals that cannot be altered by a stroke: 100000 → 壹拾万."""
    return _chinese(_checked(number), *_FINANCIAL)


def english(number: int) -> str:
    """English words in British usage: 36 → thirty-six, 100000 → one hundred thousand, 105 → one hundred and five."""
    if _checked(number) == 0:
        return _ONES[0]
    groups: list[str] = []
    for index in range(len(_GROUPS) - 1, -1, -1):
        group = number // 1000**index % 1000
        if group:
            joined = "and " if index == 0 and group < 100 and groups else ""
            groups.append(joined + _english_group(group) + _GROUPS[index])
    return " ".join(groups)


def _english_group(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = f"{_ONES[hundreds]} hundred" if hundreds else ""
    if not rest:
        return words
    tens, ones = divmod(rest, 10)
    above_twenty = _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    small = _ONES[rest] if rest < 20 else above_twenty
    return f"{words} and {small}" if words else small


def article(number: int, lang: Lang) -> str:
    """The number of an article as it stands before its title: 第一条, Article 1, Artikel 1, 1 artikla."""
    if lang == CHINESE:
        return f"第{han(number)}条"
    if lang == GERMAN:
        return f"Artikel {number}"
    if lang == FINNISH:
        return f"{number} artikla"
    return f"Article {number}"


def party_role(index: int) -> Texts:
    """How the texts call the party at `index` (from 0): 甲方 / Party A, 乙方 / Party B … up to ten."""
    letter = "ABCDEFGHIJ"[index]
    return {
        "zh-Hans": f"{_STEMS[index]}方",
        "en": f"Party {letter}",
        "de": f"Partei {letter}",
        "fi": f"Osapuoli {letter}",
    }
