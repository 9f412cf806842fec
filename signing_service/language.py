"""The reader's language: chosen for each request, and the words templates use for it.

Order: `?lang=` for this one request, the cookie, the person's own language, what the browser asks for, English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_date
from flask import Flask, g, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5

from agreements.languages import LANGUAGES
from signing_service.door import actor, services
from signing_service.operations import audit_log
from signing_service.permissions import ANONYMOUS

COOKIE = "lang"
LOCALES = {"zh-Hans": "zh_Hans_CN", "en": "en", "de": "de", "fi": "fi"}
SHORT_HASH = 12


def language() -> str:
    """The language code of this request: zh-Hans, en, de or fi."""
    if "language" not in g:
        g.language = _chosen()
    return str(g.language)


def _chosen() -> str:
    own = g.get("actor", ANONYMOUS)
    for wanted in (
        request.args.get("lang"),
        request.cookies.get(COOKIE),
        own.language if own is not ANONYMOUS else None,
    ):
        if wanted in LANGUAGES:
            return str(wanted)
    asked = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "en", "de", "fi"], "en")
    return "zh-Hans" if asked.startswith("zh") else asked


def register(app: Flask) -> None:
    """Set up translation and the template words."""
    app.config.update(BABEL_TRANSLATION_DIRECTORIES="translations", BABEL_DEFAULT_LOCALE="en")
    app.config.update(BOOTSTRAP_SERVE_LOCAL=True)
    Babel(app, locale_selector=lambda: LOCALES[language()])
    Bootstrap5(app)
    app.jinja_env.globals.update(pick=pick, other=other, utc=utc, day=day, short=short, clock_time=clock_time)
    app.jinja_env.filters.update(pick=pick, other=other, utc=utc, day=day, short=short)

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"lang": language(), "current_actor": actor(), "log_head": audit_log.head(services(), actor())}


def pick(texts: Mapping[str, str] | str | None) -> str:
    """The text in the reader's language, else English, else Chinese, else any."""
    if not texts:
        return ""
    if isinstance(texts, str):
        return texts
    for lang in (language(), "en", "zh-Hans"):
        if texts.get(lang):
            return texts[lang]
    return next(iter(texts.values()))


def other(texts: Mapping[str, str] | None) -> str:
    """The second script beside `pick`: English for a Chinese reader, Chinese for everybody else; empty when none."""
    if not texts:
        return ""
    second = texts.get("en" if language() == "zh-Hans" else "zh-Hans", "")
    return "" if second == pick(texts) else second


def utc(moment: datetime | None) -> str:
    """`2026-11-22 10:02:31 UTC`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if moment else ""


def clock_time(moment: datetime | None) -> str:
    """`10:02:31 UTC`."""
    return moment.astimezone(UTC).strftime("%H:%M:%S UTC") if moment else ""


def day(moment: datetime | None) -> str:
    """The date in the reader's language: 2026年11月22日, 22 November 2026."""
    if moment is None:
        return ""
    if language() == "en":
        return f"{moment.day} {format_date(moment, 'MMMM y', locale='en')}"
    return format_date(moment, format="long", locale=LOCALES[language()])


def short(value: str | None) -> str:
    """The first twelve characters of a hash."""
    return (value or "")[:SHORT_HASH]
