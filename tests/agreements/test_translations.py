"""Which translation fell behind: when one side is edited, while it is typed, when rows move, when somebody confirms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.clause_choices import ClauseChoice
from agreements.clause_errors import NothingStale
from agreements.templates import library
from agreements.translations import Pair, Stale, confirm, follow, from_plain, plain, settled, stale, texts_of

BACKGROUND = {"background": {"zh-Hans": "双方有意合作。", "en": "The parties wish to cooperate."}}


def saved(pairs: dict[str, Pair], before: dict, after: dict, *, same_edit: bool = True) -> dict[str, Pair]:
    return follow(pairs, before, after, same_edit=same_edit)


def with_text(texts: dict, **languages: str) -> dict:
    return {"background": {**texts["background"], **{lang.replace("_", "-"): text for lang, text in languages.items()}}}


def start() -> dict[str, Pair]:
    return settled(saved({}, {}, BACKGROUND))


def test_what_is_written_in_one_go_belongs_together() -> None:
    assert stale(start(), BACKGROUND) == ()


def test_editing_one_side_leaves_the_other_behind() -> None:
    after = with_text(BACKGROUND, zh_Hans="双方决定合作。")
    assert stale(saved(start(), BACKGROUND, after), after) == (Stale("background", "en", "zh-Hans"),)
    after = with_text(BACKGROUND, en="The parties will cooperate.")
    assert stale(saved(start(), BACKGROUND, after), after) == (Stale("background", "zh-Hans", "en"),)


def test_bringing_it_up_to_date_letter_by_letter_leaves_nothing_behind() -> None:
    texts, pairs = BACKGROUND, start()
    steps = [{"zh_Hans": "双方决"}, {"zh_Hans": "双方决定合作。"}, {"en": "The parties w"}, {"en": "The parties will."}]
    for step in steps:
        after = with_text(texts, **step)
        pairs = saved(pairs, texts, after)
        texts = after
    assert stale(pairs, texts) == ()


def test_a_later_correction_of_the_translation_alone_leaves_the_source_behind() -> None:
    first = with_text(BACKGROUND, zh_Hans="双方决定合作。")
    second = with_text(first, en="The parties will cooperate.")
    pairs = settled(saved(saved(start(), BACKGROUND, first), first, second))
    third = with_text(second, en="The parties may cooperate.")
    assert stale(saved(pairs, second, third), third) == (Stale("background", "zh-Hans", "en"),)


def test_another_person_or_a_pause_makes_it_another_edit() -> None:
    first = with_text(BACKGROUND, en="The parties shall cooperate.")
    pairs = saved(start(), BACKGROUND, first)
    pairs = confirm(pairs, first, "background", "zh-Hans")
    second = with_text(first, zh_Hans="双方应合作。")
    pairs = saved(pairs, first, second, same_edit=False)
    assert stale(pairs, second) == (Stale("background", "en", "zh-Hans"),)


def test_a_third_language_stays_behind_until_it_follows_too() -> None:
    before = {"background": {"zh-Hans": "甲", "en": "a", "de": "ä"}}
    after = {"background": {"zh-Hans": "乙", "en": "b", "de": "ä"}}
    pairs = saved(settled(saved({}, {}, before)), before, after)
    assert stale(pairs, after) == (Stale("background", "de", "zh-Hans"),)
    followed = {"background": {**after["background"], "de": "ü"}}
    assert stale(saved(pairs, after, followed), followed) == ()


def test_a_confirmation_holds_until_the_source_changes_again() -> None:
    after = with_text(BACKGROUND, zh_Hans="双方决定合作。")
    pairs = confirm(saved(start(), BACKGROUND, after), after, "background", "en")
    assert stale(pairs, after) == ()
    again = with_text(after, zh_Hans="双方决定开展合作。")
    assert stale(saved(pairs, after, again), again) == (Stale("background", "en", "zh-Hans"),)


def test_what_did_not_fall_behind_cannot_be_confirmed() -> None:
    for path, lang in (("background", "en"), ("background", "fi"), ("nothing", "en")):
        with pytest.raises(NothingStale):
            confirm(start(), BACKGROUND, path, lang)


def test_a_row_that_moves_takes_its_state_along() -> None:
    before = {f"areas.{i}.name": {"zh-Hans": zh, "en": en} for i, (zh, en) in enumerate([("一", "one"), ("二", "two")])}
    edited = {**before, "areas.1.name": {"zh-Hans": "贰", "en": "two"}}
    pairs = saved(settled(saved({}, {}, before)), before, edited)
    moved = {"areas.0.name": edited["areas.1.name"]}
    assert stale(saved(pairs, edited, moved), moved) == (Stale("areas.0.name", "en", "zh-Hans"),)


def test_an_unfinished_pair_is_missing_and_not_stale() -> None:
    template = library()["strategic_cooperation"]
    raw = {"background": {"zh-Hans": "双方有意合作。"}, "areas": [{"name": {"zh-Hans": "物流"}}, "nonsense"]}
    assert texts_of(template, raw) == {}


def test_texts_are_compared_as_they_are_kept() -> None:
    template = library()["strategic_cooperation"]
    filled = dict.fromkeys(template.languages, "Chengdu")
    loose = dict.fromkeys(template.languages, " Chengdu\r\n")
    assert texts_of(template, {"place": loose}) == texts_of(template, {"place": filled})


def test_a_clause_in_words_of_its_own_is_a_text_like_others_and_an_approved_wording_is_not() -> None:
    template = library()["strategic_cooperation"]
    sources = dict.fromkeys(template.languages, "# Costs\n\nNone.")
    choices = (ClauseChoice("costs", "custom", sources), ClauseChoice("term", "variant", sources, "term/2"))
    assert list(texts_of(template, {}, choices)) == ["clauses.costs"]


LANGS = ("zh-Hans", "en", "de")


@given(st.lists(st.tuples(st.sampled_from(LANGS), st.integers(0, 5), st.booleans()), max_size=12))
def test_nothing_changed_alone_goes_unseen(edits: list[tuple[str, int, bool]]) -> None:
    """After any edits: if one language is edited by itself, ending the edit, every other is stale."""
    texts = {"p": dict.fromkeys(LANGS, "0")}
    pairs = settled(follow({}, {}, texts, same_edit=False))
    for lang, number, same_edit in edits:
        after = {"p": {**texts["p"], lang: f"{lang}{number}"}}
        pairs = from_plain(plain(follow(pairs, texts, after, same_edit=same_edit)))
        texts = after
    behind = {one.lang for one in stale(pairs, texts)}
    assert pairs["p"].lead not in behind
    if not behind:
        for lang in LANGS:
            after = {"p": {**texts["p"], lang: "a new sentence"}}
            found = stale(follow(settled(pairs), texts, after, same_edit=False), after)
            assert {one.lang for one in found} == set(LANGS) - {lang}
