"""Changing the clauses of a draft: whatever is done in whatever order, the draft composes or the change is refused."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements import clause_changes as rules
from agreements.clause_choices import MAX_CHOICES, ClauseChoice, deviations
from agreements.clause_errors import ClauseLocked, ClauseNeeded, ClauseRefused, ClauseUnknown, TooManyClauses
from agreements.clause_library import Approved, offers, variant
from agreements.errors import AgreementError
from agreements.fields import validate
from agreements.languages import CHINESE, ENGLISH
from agreements.outlines import outline
from agreements.redlines import change_of
from agreements.shipped_clauses import shipped
from agreements.templates import Template
from agreements.translations import follow, places, stale, texts_of, wordings_before
from agreements.usable_values import usable
from agreements.versions import Version, compose
from tests.agreements.cases import TODAY, filled_in, in_two

LIBRARY = [Approved(one, 1) for one in shipped().values()]


def strategic() -> Template:
    """As an agreement without reference texts uses it."""
    return in_two("strategic_cooperation")


def own(clause_id: str, zh: str, en: str, **more: Any) -> ClauseChoice:
    return ClauseChoice(clause_id, "custom", {CHINESE: f"# {zh}\n\n{zh}。", ENGLISH: f"# {en}\n\n{en}."}, **more)


AUDIT = own("audit", "检查", "Audit", after="costs")
SPEAKING = ClauseChoice(
    "added",
    "custom",
    {CHINESE: "# 补充\n\n见{{clause.audit}}。", ENGLISH: "# More\n\nSee {{clause.audit}}."},
    after="audit",
)


def values() -> dict[str, Any]:
    return dict(validate(strategic(), filled_in(strategic())[0], TODAY))


def test_who_may_change_what_follows_the_lock() -> None:
    assert rules.require_change(strategic(), (), "costs", rules.PARTNER).id == "costs"
    assert rules.require_change(strategic(), (), "disputes", rules.LEGAL).id == "disputes"
    for clause_id, who in (("disputes", rules.PARTNER), ("nature", rules.LEGAL), ("nature", rules.PARTNER)):
        with pytest.raises(ClauseLocked):
            rules.require_change(strategic(), (), clause_id, who)
    with pytest.raises(ClauseUnknown):
        rules.require_change(strategic(), (), "milestones", rules.LEGAL)  # a clause of another template


def test_a_clause_that_another_one_speaks_of_stays() -> None:
    choices = rules.put(strategic(), rules.put(strategic(), (), AUDIT), SPEAKING)
    with pytest.raises(ClauseNeeded, match="added"):
        rules.take_back(strategic(), choices, "audit")
    left = rules.take_back(strategic(), choices, "added")
    assert rules.take_back(strategic(), left, "audit") == ()


def test_what_was_added_after_a_clause_that_goes_takes_its_place() -> None:
    second = own("more", "补充", "More", after="audit")
    choices = rules.put(strategic(), rules.put(strategic(), (), AUDIT), second)
    left = rules.take_back(strategic(), choices, "audit")
    assert [(one.clause_id, one.after) for one in left] == [("more", "costs")]


def test_there_is_an_end_to_what_departs() -> None:
    many: tuple[ClauseChoice, ...] = ()
    for number in range(MAX_CHOICES):
        many = (*many, own(f"added_{number}", "补充", "More", after="general"))
    with pytest.raises(TooManyClauses):
        rules.put(strategic(), many, AUDIT)
    assert rules.put(strategic(), many, many[0]) == many  # one that is there already may still change


def test_a_free_name_is_found() -> None:
    assert rules.free_id(strategic(), (), "costs") == "costs_2"
    assert rules.free_id(strategic(), (own("added", "一", "One", after=""),)) == "added_2"
    assert len(rules.free_id(strategic(), (AUDIT,), "a" * 40)) <= 40


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x07", "\u2028"])
def test_what_nobody_sees_is_refused(hidden: str) -> None:
    choice = ClauseChoice("costs", "custom", {CHINESE: "# 费用\n\n无。", ENGLISH: f"# Costs\n\nNo{hidden}ne."})
    with pytest.raises(ClauseRefused) as refused:
        rules.put(strategic(), (), choice)
    assert [(one.line, one.file) for one in refused.value.problems] == [(3, "clauses/costs.en.md")]


def test_deviations_are_counted_and_the_ones_outside_the_playbook_named() -> None:
    approved = next(one for one in LIBRARY if one.clause.id == "disputes_hkiac")
    chosen = (variant(approved, strategic(), "disputes"), own("costs", "费用", "Costs"), AUDIT)
    version = compose(strategic(), values(), chosen)
    found = rules.tally(version.deviations, len(version.clauses))
    assert (found.variants, found.own_words, found.added, found.deviating) == (1, 1, 1, 3)
    assert found.clauses == len(version.clauses)
    assert rules.outside_playbook(version.deviations) == ("costs", "audit")
    assert rules.tally((), 20).deviating == 0


def test_an_unfinished_draft_reads_with_the_labels_of_what_is_missing() -> None:
    found = outline(strategic(), {}, (own("costs", "费用", "Costs"),))
    parties = found.find("parties")
    assert parties is not None
    assert parties.text is not None
    assert "No. [Agreement number]" in parties.text.paragraphs[0]["en"]
    assert "［协议编号］" in parties.text.paragraphs[0]["zh-Hans"]
    hidden = found.find("exclusivity")
    assert hidden is not None
    assert not hidden.standing


def test_a_finished_draft_reads_as_its_version() -> None:
    found = outline(strategic(), values(), (AUDIT,))
    version = compose(strategic(), values(), (AUDIT,))
    assert tuple(one.text for one in found.clauses if one.standing) == version.clauses


def test_a_condition_that_cannot_be_decided_is_told_at_its_clause() -> None:
    text = "# Costs\n\n[when term > 3]\nNone.\n[end]\n\nSome."
    choice = ClauseChoice("costs", "custom", {CHINESE: text.replace("None.", "无。"), ENGLISH: text})
    found = outline(strategic(), values(), (choice,)).find("costs")
    assert found is not None
    assert found.text is None
    assert found.problem is not None
    with pytest.raises(AgreementError):
        compose(strategic(), values(), (choice,))


def test_the_values_one_may_use_with_what_they_say_now() -> None:
    groups = usable(strategic(), outline(strategic(), values()).scope, "en", "Articles")
    known = {one.path: one for group in groups for one in group.values}
    assert known["term"].now == "36 months"
    assert known["clause.costs"].now == "Article 11"
    assert known["effective.date"].now == ""
    assert "name" in known["areas"].parts
    assert groups[-1].title == "Articles"
    empty = usable(strategic(), outline(strategic(), {}).scope, "zh-Hans", "条款")
    assert {one.path for group in empty for one in group.values} == set(known)


def test_a_first_edit_of_one_language_alone_leaves_the_other_behind() -> None:
    """Own words begin as the standard ones: who changes only the Chinese of a clause has not translated it."""
    standard = dict(rules.standard_sources(strategic(), "costs"))
    edited = ClauseChoice("costs", "custom", {**standard, CHINESE: standard[CHINESE].replace("翻译", "口译")})
    before = texts_of(strategic(), {}, wordings_before(strategic(), (), (edited,)))
    after = texts_of(strategic(), {}, (edited,))
    pairs = follow({}, before, after, same_edit=False)
    assert [(one.path, one.lang, one.lead) for one in stale(pairs, after)] == [("clauses.costs", "en", CHINESE)]
    assert wordings_before(strategic(), (AUDIT,), ()) == (AUDIT,)


def test_a_text_is_read_in_the_clauses_that_speak_of_it() -> None:
    assert places(strategic(), "clauses.costs") == ("costs",)
    assert places(strategic(), "areas.0.name") == ("areas",)
    assert places(strategic(), "background") == ("background",)


def test_one_wording_against_another() -> None:
    now = outline(strategic(), values(), (own("costs", "费用", "Costs"),)).find("costs")
    assert now is not None
    assert change_of(None, now.text, ("en",), "costs").kind == "added"
    assert not change_of(now.text, now.text, ("en",), "costs").text_changed


# --- whatever is done in whatever order

TEMPLATES = ("strategic_cooperation", "mutual_nda")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("choose", "edit", "speak", "restore", "add", "write")),
        st.integers(0, 40),
        st.integers(0, 12),
    ),
    max_size=10,
)


def done(template: Template, choices: tuple[ClauseChoice, ...], step: tuple[str, int, int]) -> tuple[ClauseChoice, ...]:
    """The choices after one step of a person; raises what the person would be told."""
    what, first, second = step
    ids = [one.id for one in template.clauses] + [one.clause_id for one in choices]
    clause_id = ids[first % len(ids)]
    if what == "restore":
        return rules.take_back(template, choices, clause_id)
    if what == "add":
        fitting = offers(LIBRARY, template, None)
        one = fitting[second % len(fitting)].approved
        return rules.put(
            template,
            choices,
            variant(one, template, rules.free_id(template, choices, one.clause.topics[0]), after=clause_id),
        )
    if what == "write":
        return rules.put(template, choices, own(rules.free_id(template, choices), "补充", "More", after=clause_id))
    rules.require_change(template, choices, clause_id, rules.LEGAL)
    before = next((one for one in choices if one.clause_id == clause_id), None)
    after = before.after if before else None
    if what == "choose":
        fitting = offers(LIBRARY, template, clause_id)
        if not fitting:
            raise ClauseUnknown(clause=clause_id)
        return rules.put(template, choices, variant(fitting[second % len(fitting)].approved, template, clause_id))
    other = ids[second % len(ids)] if what == "speak" else "parties"
    sources = {CHINESE: f"# 新\n\n见{{{{clause.{other}}}}}。", ENGLISH: f"# New\n\nSee {{{{clause.{other}}}}}."}
    return rules.put(template, choices, ClauseChoice(clause_id, "custom", sources, after=after))


def composed(template: Template, checked: Any, choices: tuple[ClauseChoice, ...]) -> Version | AgreementError:
    """The version, or why there is none."""
    try:
        return compose(template, checked, choices)
    except AgreementError as refused:
        return refused


@settings(max_examples=12)
@given(st.sampled_from(TEMPLATES), STEPS)
def test_any_sequence_composes_or_is_refused_and_going_back_gives_the_standard(
    template_id: str, steps: list[tuple[str, int, int]]
) -> None:
    template = in_two(template_id)
    checked = validate(template, filled_in(template)[0], TODAY)
    standard = compose(template, checked)
    choices: tuple[ClauseChoice, ...] = ()
    for step in steps:
        with suppress(AgreementError):
            choices = done(template, choices, step)
    version = composed(template, checked, choices)
    if isinstance(version, AgreementError):
        assert any(one.clause_id in str(version) for one in choices)  # it says which clause needs what
    else:
        standing = {one.id for one in version.clauses}
        assert version.deviations == deviations(choices, [one.id for one in version.clauses])
        assert {one.clause_id for one in choices if one.added} <= standing
    while choices:
        for choice in reversed(choices):
            try:
                choices = rules.take_back(template, choices, choice.clause_id)
            except ClauseNeeded:
                continue
            break
        else:
            # two clauses in own words speak of each other: change one of them first
            added = next(one for one in choices if one.added)
            choices = rules.put(template, choices, own(added.clause_id, "新", "New", after=added.after))
    assert compose(template, checked, choices).sha256 == standard.sha256
