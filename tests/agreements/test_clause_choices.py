"""Clauses of one agreement that are not standard: checked like a template's own, and part of the content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.clause_choices import ClauseChoice, check_choice, fitting, from_plain, plain, with_choices
from agreements.clause_errors import ClauseLocked, ClauseRefused, ClauseUnknown
from agreements.fields import validate
from agreements.templates import Template, library
from agreements.versions import compose, from_canonical
from tests.agreements.cases import TODAY

TEMPLATE = "mutual_nda"


def nda() -> Template:
    return library()[TEMPLATE]


def sample() -> dict:
    return validate(nda(), nda().samples["mutual_chengdu"], TODAY)


def own(clause_id: str, zh: str, en: str, **more: str) -> ClauseChoice:
    return ClauseChoice(clause_id, "custom", {"zh-Hans": zh, "en": en}, **more)


INJUNCTION = own("injunction", "# 禁令\n\n守约方可以依法申请禁令。", "# Injunction\n\nThe other party may seek one.")
PARTIES = own(
    "audit", "# 检查\n\n各方应配合检查。", "# Audit\n\nEach party supports audits.", after="breach", binding="yes"
)


def test_a_clause_in_own_words_stands_in_the_version_and_is_named_as_a_deviation() -> None:
    version = compose(nda(), sample(), (INJUNCTION,))
    clause = next(one for one in version.clauses if one.id == "injunction")
    assert clause.paragraphs[0]["en"] == "The other party may seek one."
    assert [(one.clause_id, one.kind, one.origin) for one in version.deviations] == [("injunction", "custom", "")]
    assert from_canonical(version.canonical) == version
    assert version.deviations[0].choice() == INJUNCTION


def test_without_deviations_the_bytes_are_as_they_always_were() -> None:
    version = compose(nda(), sample())
    assert b"deviations" not in version.canonical
    assert from_canonical(version.canonical) == version


def test_an_added_clause_is_numbered_and_listed_where_it_stands() -> None:
    before, after = compose(nda(), sample()), compose(nda(), sample(), (PARTIES,))
    ids = [one.id for one in after.clauses]
    assert ids.index("audit") == ids.index("breach") + 1
    assert len(ids) == len(before.clauses) + 1
    assert [one.number for one in after.clauses] == list(range(1, len(ids) + 1))


def test_a_deviation_whose_clause_does_not_stand_is_not_content() -> None:
    values = {**sample(), "injunctive": False}
    with_own = own("liquidated", "# 违约金\n\n无。", "# Damages\n\nNone.", after="nowhere")
    assert compose(nda(), values, (with_own,)).canonical == compose(nda(), values).canonical


def test_values_stay_bound_in_own_words() -> None:
    choice = own("term", "# 期限\n\n本协议编号{{agreement_no}}。", "# Term\n\nThis is {{agreement_no}}.")
    version = compose(nda(), sample(), (choice,))
    clause = next(one for one in version.clauses if one.id == "term")
    assert version.agreement_no in clause.paragraphs[0]["zh-Hans"]


@pytest.mark.parametrize(
    ("zh", "en", "words"),
    [
        ("# 期限\n\n一。\n\n二。", "# Term\n\nOne.", "parts stand here"),
        ("# 期限\n\n{{nothing}}。", "# Term\n\n{{nothing}}.", "not a value that is known"),
        ("# 期限\n\n{{agreement_no}}。", "# Term\n\nNo number.", "has a paragraph with agreement_no"),
        ("# 期限\n\n<b>。", "# Term\n\nBold.", "is not used in clause texts"),
        ("期限", "# Term\n\nOne.", "The first line is the title"),
        ("# 期限\n\n一。", "", "missing"),
        ("# 期限\n\n一。", "# Term\n\n" + "x" * 20_001, "Use at most"),
        ("# 期限\n\n[when __import__('os')]\n一。\n[end]", "# Term\n\n[when 1]\nOne.\n[end]", "cannot be understood"),
    ],
)
def test_a_wrong_wording_is_refused_with_language_and_line(zh: str, en: str, words: str) -> None:
    with pytest.raises(ClauseRefused) as refused:
        check_choice(nda(), own("term", zh, en))
    assert any(words in one.text for one in refused.value.problems), [one.text for one in refused.value.problems]
    assert all(one.file.startswith("clauses/term.") for one in refused.value.problems)


def test_a_fixed_clause_stays_as_it_is() -> None:
    clauses = tuple(replace(one, lock="fixed") if one.id == "term" else one for one in nda().clauses)
    with pytest.raises(ClauseLocked):
        check_choice(replace(nda(), clauses=clauses), own("term", "# 期\n\n一。", "# Term\n\nOne."))


@pytest.mark.parametrize(
    "choice",
    [
        own("nowhere", "# 无\n\n一。", "# None\n\nOne."),
        own("term", "# 期\n\n一。", "# Term\n\nOne.", after="law"),
        own("audit", "# 无\n\n一。", "# None\n\nOne.", after="nowhere"),
        own("Audit-1", "# 无\n\n一。", "# None\n\nOne.", after="law"),
        own("audit", "# 无\n\n一。", "# None\n\nOne.", after="law", binding="perhaps"),
        replace(INJUNCTION, kind="standard"),
    ],
)
def test_a_choice_for_no_clause_is_refused(choice: ClauseChoice) -> None:
    with pytest.raises(ClauseUnknown):
        check_choice(nda(), choice)


def test_one_added_clause_may_speak_of_another() -> None:
    second = own(
        "audit_costs",
        "# 费用\n\n见{{clause.audit}}。",
        "# Costs\n\nSee {{clause.audit}}.",
        after="audit",
        binding="yes",
    )
    assert check_choice(nda(), second, (PARTIES,)).id == "audit_costs"
    ids = [one.id for one in with_choices(nda(), from_plain(plain((second, PARTIES)))).clauses]
    assert ids.index("audit_costs") == ids.index("audit") + 1


def test_choices_are_stored_and_read_back() -> None:
    assert from_plain(plain((PARTIES, INJUNCTION))) == (PARTIES, INJUNCTION)


def test_choices_made_for_another_version_of_the_template_come_along_where_they_fit() -> None:
    """An added clause may follow an added one, in whatever order they are stored; what has no place stays behind."""
    second = replace(PARTIES, clause_id="audit_costs", after="audit")
    assert fitting(nda(), (second, PARTIES, INJUNCTION)) == (PARTIES, INJUNCTION, second)
    without = tuple(one for one in nda().clauses if one.id not in ("breach", "injunction"))
    assert fitting(replace(nda(), clauses=without), (second, PARTIES, INJUNCTION)) == ()
    three = replace(nda(), languages=(*nda().languages, "de"))
    assert fitting(three, (INJUNCTION,)) == (), "there is no text in one of the languages"
