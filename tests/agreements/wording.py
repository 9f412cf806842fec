"""What a drafter looks at in a composed agreement: its texts, one clause, its figures, the marks it is set with."""

from __future__ import annotations

import re
from functools import cache

from babel.dates import get_month_names

from agreements.languages import BABEL_NAMES, CHINESE, FINNISH
from agreements.numerals import article
from agreements.versions import Version

_ARTICLES = {article(number, CHINESE): f" {number} " for number in range(1, 1000)}
_OLD_OR_SWISS = re.compile(
    r"\b(?:daß|muß|bewußt|läßt|Beschluß|Abschluß|gemäss|gemaess|ausser|grösser|(?:aus)?schliess\w*|ausschliesslich\w*"
    r"|massgeb\w*|Mass(?:nahme|stab)\w*|regelmässig\w*|Verstoss\w*|Schliessung|Strasse\w*|fuer|ueber\w*|koennen)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(?:the|of|and|or|is|are|by|with|for|this|that|which|shall|may|other|any|each|such|under"
    r"|Agreement|Party [A-D]|Parties|Article|Clause|Working|Group|lead|term|date)\b"
)
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
    """The names as dates and headings have them; Finnish texts say "by the end of" with the genitive."""
    found: dict[str, int] = {}
    for use in ("format", "stand-alone"):
        for number, name in get_month_names("wide", use, BABEL_NAMES[lang]).items():
            found |= {name: number} | ({f"{name}n": number} if lang == FINNISH else {})
    return found


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


def assert_set_as_german(text: str) -> None:
    """„…“ and nothing else for quotations, ß and ss as the rules of spelling have them since 2006, no other script."""
    _assert_set_as_latin(text, "”")
    assert text.count("„") == text.count("“"), text
    assert not _OLD_OR_SWISS.search(text), text


def assert_set_as_finnish(text: str) -> None:
    """”…” and nothing else for quotations, no other script."""
    _assert_set_as_latin(text, "„“")
    assert text.count("”") % 2 == 0, text


def assert_no_english(text: str) -> None:
    """No word that only an English sentence has; names of institutions are to be taken out before."""
    assert not _ENGLISH.search(text), text


def _assert_set_as_latin(text: str, foreign: str) -> None:
    assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text), text
    assert not re.search(r"  |'|\"| [,.;:)]|\( |\.\.|;\.|[{}\[\]]", text), text
    assert not set(text) & set(foreign), text
    assert text == text.strip()
    assert text.count("(") == text.count(")"), text


def _assert_closed(text: str) -> None:
    assert [text.count(one) for one, _ in _PAIRS] == [text.count(other) for _, other in _PAIRS], text
