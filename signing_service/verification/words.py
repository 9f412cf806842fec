"""The report's sentences per language, by key, complete in English, Chinese, German and Finnish.

Only lookup is here; the sentences are data, one file per language in `texts/`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

Lang = str
Text = Mapping[Lang, str]

FOLDER = Path(__file__).parent / "texts"
TEXTS: Mapping[Lang, Mapping[str, str]] = {
    lang: json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8")) for lang in ("en", "zh-Hans", "de", "fi")
}
LANGUAGES: tuple[Lang, ...] = tuple(TEXTS)


def say(key: str, /, **params: object) -> Text:
    """One sentence in every language, not to be changed; raises KeyError for a key without English text."""
    if not params:
        return _sentences(key)
    if any(isinstance(value, dict) for value in params.values()):
        return {lang: _fill(sentence, params, lang) for lang, sentence in _sentences(key).items()}
    return {lang: sentence.format(**params) for lang, sentence in _sentences(key).items()}


@cache
def _sentences(key: str) -> Text:
    """The sentence in every language, as it is written."""
    return {lang: TEXTS[lang].get(key) or TEXTS["en"][key] for lang in LANGUAGES}


def label(key: str, /, lang: Lang, **params: object) -> str:
    """One sentence in one language."""
    return pick(say(key, **params), lang)


def pick(text: Text, lang: Lang) -> str:
    """The text in a language, else in English, else empty."""
    return text.get(lang) or text.get("en") or ""


def join(texts: Iterable[Text]) -> Text:
    """Several sentences as one list in every language."""
    several = list(texts)
    return {lang: label("list.separator", lang).join(pick(text, lang) for text in several) for lang in LANGUAGES}


def _fill(template: str, params: Mapping[str, object], lang: Lang) -> str:
    """A parameter that is itself a text in several languages is put in in this one."""
    return template.format(
        **{key: pick(value, lang) if isinstance(value, dict) else value for key, value in params.items()}
    )
