"""What a wording of the clause library may be: checked like a clause of every template it names, and never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.clause_errors import ClauseRefused, LibraryClauseUnfit
from agreements.clause_library import (
    MAX_FALLBACKS,
    Approved,
    LibraryClause,
    check,
    fits,
    from_canonical,
    lacking,
    offers,
    origin_of,
    tidy_clause,
    variant,
)
from agreements.languages import CHINESE, ENGLISH
from agreements.shipped_clauses import shipped
from agreements.templates import Template, library
from tests.agreements.cases import in_two

COSTS = LibraryClause(
    id="costs_shared",
    topics=("costs",),
    templates=("strategic_cooperation",),
    binding="yes",
    title={CHINESE: "费用（分担）", ENGLISH: "Costs, shared"},
    sources={CHINESE: "# 费用\n\n费用由各方平均分担。", ENGLISH: "# Costs\n\nThe Parties share the costs equally."},
    note={ENGLISH: "Only where every Party spends alike."},
)


def strategic() -> Template:
    """As an agreement without reference texts uses it."""
    return in_two("strategic_cooperation")


def refused(clause: LibraryClause) -> list[str]:
    with pytest.raises(ClauseRefused) as error:
        check(clause, library(), shipped())
    return [one.text for one in error.value.problems]


def test_a_right_wording_is_accepted_and_read_back_from_its_bytes() -> None:
    check(COSTS, library(), shipped())
    assert from_canonical(COSTS.canonical) == COSTS
    assert from_canonical(COSTS.canonical).sha256 == COSTS.sha256
    assert replace(COSTS, note={ENGLISH: "Another."}).sha256 != COSTS.sha256


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Costs-1"}, "clause, id"),
        ({"topics": ()}, "at least one clause"),
        ({"topics": ("Costs",)}, "clause, topics"),
        ({"templates": ("nowhere",)}, "“nowhere” is not known"),
        ({"sources": {ENGLISH: COSTS.sources[ENGLISH]}}, "a language is missing"),
        ({"topics": ("nature",)}, "the clause is fixed"),
        ({"binding": "perhaps"}, "“perhaps” is not known"),
        ({"fallbacks": ("nothing",)}, "not another clause"),
        ({"fallbacks": ("costs_shared",)}, "not another clause"),
        ({"fallbacks": ("audit_right",) * (MAX_FALLBACKS + 1)}, "at most 5 fallbacks"),
        ({"title": {CHINESE: "费用"}}, "title.en: Give it a name"),
        ({"title": {CHINESE: "费用", ENGLISH: "x" * 121}}, "Use at most 120"),
        ({"note": {}}, "when to use it"),
        ({"note": {ENGLISH: "one\u202etwo"}}, "U+202E"),
        ({"sources": {}}, "text of the clause is missing"),
    ],
)
def test_a_wrong_fact_is_named_at_its_field(change: dict, words: str) -> None:
    found = refused(replace(COSTS, **change))
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("# Costs\n\n<script>alert(1)</script>", "line 3: “<”"),
        ("# Costs\n\nA *bold* word.", "“*” is not used"),
        ("# Costs\n\n[when __import__('os')]\nNone.\n[end]", "cannot be understood"),
        ("# Costs\n\nOne.\n\nTwo.", "parts stand here"),
        ("# Costs\n\nHid\u200bden.", "U+200B"),
        ("# Costs\n\n" + "x" * 20_001, "Use at most 20000"),
        ("# Costs\n\nSee {{clause.nowhere}}.", "not a value that is known here"),
    ],
)
def test_a_wrong_text_is_named_by_language_and_line(english: str, words: str) -> None:
    chinese = "# 费用\n\n见{{clause.nowhere}}。" if "nowhere" in english else COSTS.sources[CHINESE]
    found = refused(replace(COSTS, sources={CHINESE: chinese, ENGLISH: english}))
    assert any(words in one for one in found), found
    assert all(one.startswith("clauses/costs_shared.") for one in found)


def test_it_is_stored_without_stray_blanks_and_empty_languages() -> None:
    sources = {lang: f"{text}\r\n\r\n" for lang, text in COSTS.sources.items()} | {"de": "  "}
    loose = replace(COSTS, sources=sources, title={**COSTS.title, "fi": ""})
    assert tidy_clause(loose) == COSTS


def test_it_stands_for_its_topic_and_is_added_only_where_there_is_none() -> None:
    assert fits(COSTS, strategic(), "costs")
    assert not fits(COSTS, strategic(), None)
    assert not fits(COSTS, strategic(), "disputes")
    with pytest.raises(LibraryClauseUnfit):
        variant(Approved(COSTS, 1), strategic(), "disputes")
    with pytest.raises(LibraryClauseUnfit):
        variant(Approved(COSTS, 1), strategic(), "costs_2", after="costs")


def test_a_wording_without_a_reference_language_of_the_agreement_is_told_and_not_offered() -> None:
    four = library()["strategic_cooperation"]
    assert not fits(COSTS, four, "costs")
    assert lacking(COSTS, four, "costs") == ("de", "fi")
    assert lacking(COSTS, in_two("strategic_cooperation"), "costs") == ()
    assert lacking(COSTS, four, "disputes") == ()


def test_fallbacks_in_a_ring_are_offered_once_each() -> None:
    one = replace(COSTS, id="one", fallbacks=("two",))
    two = replace(COSTS, id="two", fallbacks=("one",))
    found = offers([Approved(one, 1), Approved(two, 1)], strategic(), "costs")
    assert sorted(offer.approved.clause.id for offer in found) == ["one", "two"]


def test_an_origin_is_read_back() -> None:
    assert origin_of(Approved(COSTS, 3).origin) == ("costs_shared", 3)
    for nonsense in ("", "costs", "costs/", "costs/x"):
        assert origin_of(nonsense) == ("", 0)
