"""How changes are counted and grouped for the page."""

from __future__ import annotations

from agreements.redlines import ClauseChange, Run
from signing_service.pages.redlines import count_changes, languages_of, stretches


def clause(number: int, kind: str = "unchanged", *paragraphs: dict[str, tuple[Run, ...]]) -> ClauseChange:
    title = {"zh-Hans": "期限", "en": "Term"}
    runs = {lang: (Run("same", text),) for lang, text in title.items()}
    return ClauseChange(f"c{number}", kind, number, number, title, runs, paragraphs)


def test_one_edit_in_two_languages_counts_once() -> None:
    paragraph = {
        "zh-Hans": (Run("same", "有效期"), Run("deleted", "二十四"), Run("inserted", "三十六"), Run("same", "个月")),
        "en": (Run("deleted", "twenty-four"), Run("inserted", "thirty-six"), Run("same", " months")),
    }
    assert count_changes(clause(1, "changed", paragraph)) == 1


def test_the_language_with_more_places_counts() -> None:
    paragraph = {
        "zh-Hans": (Run("inserted", "甲"), Run("same", "乙")),
        "en": (Run("inserted", "A"), Run("same", " and "), Run("deleted", "B")),
    }
    assert count_changes(clause(1, "changed", paragraph)) == 2


def test_an_unchanged_clause_has_none() -> None:
    assert count_changes(clause(1)) == 0


def test_neighbours_of_one_sort_stand_together() -> None:
    found = list(stretches((clause(1), clause(2), clause(3, "changed"), clause(4, "added"), clause(5))))
    assert [(one.changed, len(one.clauses)) for one in found] == [(False, 2), (True, 2), (False, 1)]


def test_languages_are_those_of_the_texts() -> None:
    assert languages_of((clause(1),)) == ("zh-Hans", "en")
