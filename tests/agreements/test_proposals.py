"""Proposed wordings: read as typed, refused where they cannot be taken, made into checked clause texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.clause_choices import CUSTOM, ClauseChoice, check_choice
from agreements.clause_errors import (
    ClauseNotOpen,
    ClauseRefused,
    NothingProposed,
    ProposalUnwritable,
    TextInvisible,
    TextMissing,
    TextTooLong,
)
from agreements.clause_texts import Written
from agreements.proposals import (
    changed,
    read_wording,
    rebuilt,
    require_open,
    resolved,
    state_sha256,
    wordings,
)
from tests.agreements.test_rebinding import at, standing


def test_what_is_shown_is_read_back_the_same() -> None:
    here = at()
    for clause in here.clauses:
        for one in wordings(clause, here).values():
            assert read_wording(one.title, one.text) == one, clause.id


def test_paragraphs_items_and_wrapped_lines() -> None:
    found = read_wording(" Costs ", "One\nand more.\r\n\r\n- first\n- second\n  line\n\n双方\n承担。\n• third")
    assert found.title == "Costs"
    assert found.paragraphs == (
        Written("One and more.", False),
        Written("first", True),
        Written("second line", True),
        Written("双方承担。", False),
        Written("third", True),
    )


@pytest.mark.parametrize(
    ("title", "text", "error"),
    [
        ("", "One.", TextMissing),
        ("Costs", " \n ", TextMissing),
        ("Costs", "x" * 12_001, TextTooLong),
        ("Costs", "x\n\n" * 61, TextTooLong),
        ("x" * 201, "One.", TextTooLong),
        ("Costs", "One\u202e.", TextInvisible),
        ("Costs", "One\x00.", TextInvisible),
    ],
)
def test_what_cannot_be_read(title: str, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_wording(title, text)


def test_only_languages_that_differ_are_proposed() -> None:
    here = at()
    base = wordings(standing(here, "costs"), here)
    with pytest.raises(NothingProposed):
        changed(base, base)
    other = read_wording(base["en"].title, base["en"].text + " Nothing else.")
    assert changed(base, {**base, "en": other}) == {"en": other}
    assert changed(base, {"en": other, "xx": other}) == {"en": other}


def test_locked_clauses_are_not_open() -> None:
    here = at()
    require_open(standing(here, "costs"))
    for clause_id in ("term", "nature"):
        with pytest.raises(ClauseNotOpen):
            require_open(standing(here, clause_id))


@pytest.mark.parametrize("text", ["[end]", "{{agreement_no}}", "<script>alert(1)</script>", "# Title", "a * b", "\\n"])
def test_marks_of_clause_texts_are_refused(text: str) -> None:
    """Nothing a stranger types becomes a reference, a condition or markup."""
    here = at()
    clause = standing(here, "costs")
    for given in (read_wording("Costs", text), read_wording("Costs", f"Each Party {text}"), read_wording(text, "One.")):
        if text == "# Title" and given.title == "Costs" and given.paragraphs[0].text != text:
            continue  # only at the beginning of a paragraph is it a mark
        with pytest.raises(ProposalUnwritable) as refused:
            rebuilt(clause, here, {"en": given})
        assert refused.value.params["language"] == "en"


def test_one_language_alone_keeps_the_other_and_the_shape() -> None:
    here = at()
    clause = standing(here, "mechanism")
    base = wordings(clause, here)
    one = read_wording(base["en"].title, base["en"].text.replace("online or in person", "online"))
    found = rebuilt(clause, here, {"en": one})
    assert found.sources["zh-Hans"] == clause.texts["zh-Hans"].source
    choice = ClauseChoice("mechanism", CUSTOM, found.sources)
    assert check_choice(here.template, choice).texts["en"].title == base["en"].title


def test_another_number_of_paragraphs_in_one_language_waits_for_the_other() -> None:
    here = at()
    clause = standing(here, "costs")
    base = wordings(clause, here)
    one = read_wording(base["en"].title, base["en"].text + "\n\nOne more.")
    found = rebuilt(clause, here, {"en": one})
    with pytest.raises(ClauseRefused):
        check_choice(here.template, ClauseChoice("costs", CUSTOM, found.sources))
    both = {"en": one, "zh-Hans": read_wording(base["zh-Hans"].title, base["zh-Hans"].text + "\n\n另有一款。")}
    found = rebuilt(clause, here, both)
    check_choice(here.template, ClauseChoice("costs", CUSTOM, found.sources))


def test_a_language_changed_since_is_not_turned_back() -> None:
    here = at()
    clause = standing(here, "costs")
    base = wordings(clause, here)
    one = read_wording(base["en"].title, base["en"].text + " Nothing else.")
    now = {lang: text.source for lang, text in clause.texts.items()} | {"zh-Hans": "# 费用\n\n各自承担。"}
    assert rebuilt(clause, here, {"en": one}, now).sources["zh-Hans"] == "# 费用\n\n各自承担。"


def test_a_wording_can_be_read_as_a_clause() -> None:
    here = at()
    clause = standing(here, "mechanism")
    found = resolved(clause, 5, wordings(clause, here))
    assert found.labels[0]["en"] == "5.1"
    assert "(1)" in [one["en"] for one in found.labels]


def test_a_decision_is_bound_to_text_and_values() -> None:
    here = at()
    clause = standing(here, "mechanism")
    sources = {lang: text.source for lang, text in clause.texts.items()}
    base = wordings(clause, here)
    first = state_sha256(sources, base)
    assert first == state_sha256(dict(reversed(sources.items())), base)
    assert first != state_sha256({**sources, "en": sources["en"] + "x"}, base)
    assert first != state_sha256(sources, {**base, "en": replace(base["en"], title="Other")})
