"""What a drafter looks at in a composed agreement: its texts, one clause, its figures, the marks it is set with."""

from __future__ import annotations

import re
from functools import cache

from babel.dates import get_month_names

from agreements.languages import BABEL_NAMES, CHINESE
from agreements.numerals import article
from agreements.versions import Version

_ARTICLES = {article(number, CHINESE): f" {number} " for number in range(1, 1000)}
_PAIRS = ("“”", "《》", "（）", "()")


def texts(found: Version, lang: str) -> list[str]:
    """Every title and paragraph."""
    return [one[lang] for clause in found.clauses for one in (clause.title, *clause.paragraphs)]


def clause(found: Version, clause_id: str, lang: str) -> str:
    """The paragraphs of one clause, a line each."""
    return "\n".join(one[lang] for one in next(c for c in found.clauses if c.id == clause_id).paragraphs)


def figures(text: str, lang: str) -> list[str]:
    """Every number in digits, sorted; months and Chinese articles count as the numbers they are."""
    if lang == CHINESE:
        text = re.sub(r"第[一二三四五六七八九十百]+条", lambda found: _ARTICLES[found[0]], text)
    else:
        names = _months(lang)
        text = re.sub(rf"\b(?:{'|'.join(names)})\b", lambda found: str(names[found[0]]), text)
    return sorted(re.findall(r"\d+(?:[,.]\d+)*", text))


@cache
def _months(lang: str) -> dict[str, int]:
    return {name: number for number, name in get_month_names("wide", "format", BABEL_NAMES[lang]).items()}


def assert_set_as_chinese(text: str) -> None:
    """Full-width marks, none twice, brackets and quotation marks closed, no blank at an end."""
    half_width = r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]|\.\.\.|[\u4e00-\u9fff]\."
    assert not re.search(rf"{half_width}|[，。；：、]{{2}}|\"|  ", text), text
    assert text == text.strip()
    _assert_closed(text)


def assert_set_as_english(text: str) -> None:
    """No Chinese character or mark, typographic quotation marks, one blank, no plural after one, brackets closed."""
    assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text), text
    assert not re.search(r"  |\bone \(1\) \w+s\b|'|\"| ,|\.\.|;\.", text), text
    _assert_closed(text)


def _assert_closed(text: str) -> None:
    assert [text.count(one) for one, _ in _PAIRS] == [text.count(other) for _, other in _PAIRS], text
