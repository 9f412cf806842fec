"""How changes are counted and grouped for the page."""

from __future__ import annotations

from agreements.redlines import ClauseChange, Run, ValueChange
from signing_service.pages.redlines import beside, count_changes, said, stretches


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


def test_a_paragraph_that_changed_only_in_a_translation_is_drawn_in_it() -> None:
    same, changed = (Run("same", "x"),), (Run("deleted", "x"), Run("inserted", "y"))
    shown = ("zh-Hans", "en")
    assert beside({"zh-Hans": same, "en": same, "de": changed, "fi": same}, shown) == ("de",)
    assert beside({"zh-Hans": same, "en": changed, "de": changed, "fi": changed}, shown) == ()
    assert beside({"zh-Hans": same, "en": same}, shown) == ()


def test_a_value_is_said_in_the_readers_language_or_where_it_changed() -> None:
    both = ValueChange("term", {}, {"zh-Hans": "36个月", "en": "36 months"}, {"zh-Hans": "48个月", "en": "48 months"})
    assert said(both, "zh-Hans") == ("36个月", "48个月")
    assert said(both, "fi") == ("36 months", "48 months")
    translated = ValueChange("place", {}, {"en": "Chengdu", "de": "Tschengdu"}, {"en": "Chengdu", "de": "Chengdu"})
    assert said(translated, "en") == ("Tschengdu", "Chengdu")
    assert said(ValueChange("place", {}, None, {"en": "Chengdu"}), "en") == (None, "Chengdu")
