"""The languages an agreement can be written in, and texts that exist once per language.

Choosing the language of a page is the service's business; nothing is translated here.
"""

from __future__ import annotations

from collections.abc import Mapping

Lang = str
Texts = Mapping[str, str]

CHINESE = "zh-Hans"
ENGLISH = "en"
GERMAN = "de"
FINNISH = "fi"
LANGUAGES: tuple[Lang, ...] = (CHINESE, ENGLISH, GERMAN, FINNISH)

BABEL_NAMES: Mapping[Lang, str] = {CHINESE: "zh_Hans", ENGLISH: "en", GERMAN: "de", FINNISH: "fi"}


def choose(texts: Texts, lang: Lang) -> str:
    """The text in `lang`; when there is none, in English, then in the first language there is; "" when empty."""
    for candidate in (lang, ENGLISH):
        if candidate in texts:
            return texts[candidate]
    return next(iter(texts.values()), "")


def same(text: str, languages: tuple[Lang, ...] = LANGUAGES) -> dict[Lang, str]:
    """One text that reads the same in every language (numbers, codes, names)."""
    return dict.fromkeys(languages, text)
