"""What is left to do in a draft, counted and named, each thing leading to its field."""

from __future__ import annotations

from typing import Any

from agreements.clause_choices import ClauseChoice
from agreements.completeness import Completeness, completeness
from agreements.drafts import flat, parse_form
from agreements.templates import library
from agreements.translations import Pair, follow, texts_of
from tests.agreements.cases import TODAY

TEMPLATE = library()["strategic_cooperation"]


def sample(**changes: Any) -> dict[str, Any]:
    return parse_form(TEMPLATE, flat(TEMPLATE.samples["chengdu_2020"])) | changes


def left(raw: dict[str, Any], *choices: ClauseChoice, pairs: dict[str, Pair] | None = None) -> Completeness:
    return completeness(TEMPLATE, raw, choices, pairs or {}, today=TODAY, lang="en")


def test_nothing_is_left_of_a_complete_draft() -> None:
    assert left(sample()).left == ()


def test_missing_and_wrong_fields_are_told_apart_and_named_in_the_order_of_the_form() -> None:
    raw = sample(agreement_no="two words")
    raw["parties"][1]["legal_name"]["en"] = ""
    del raw["prevailing"]
    found = left(raw)
    assert [(one.kind, one.path, one.label) for one in found.left] == [
        ("wrong", "agreement_no", "Agreement number"),
        ("missing", "parties.1.legal_name.en", "Party 2 · Legal name · English"),
        ("missing", "prevailing", "Prevailing language"),
    ]
    assert (found.count("missing"), found.count("wrong"), found.count("missing", group="parties")) == (2, 1, 1)


def test_a_translation_that_fell_behind_is_left_too_with_its_language() -> None:
    before = sample()
    pairs = follow({}, {}, texts_of(TEMPLATE, before), same_edit=False)
    after = sample(place={**before["place"], "zh-Hans": "赫尔辛基"})
    pairs = follow(pairs, texts_of(TEMPLATE, before), texts_of(TEMPLATE, after), same_edit=False)
    stale = [(one.path, one.label, one.group) for one in left(after, pairs=pairs).left if one.kind == "stale"]
    assert ("place", "Place of signing · English", "document") in stale


def test_a_stale_clause_is_called_by_its_title() -> None:
    sources = {lang: f"# Costs\n\nEach bears its own ({lang})." for lang in TEMPLATE.languages}
    own = ClauseChoice("costs", "custom", sources)
    pairs = follow({}, {}, texts_of(TEMPLATE, sample(), (own,)), same_edit=False)
    later = ClauseChoice("costs", "custom", {**sources, "en": "# Costs\n\nShared."})
    texts = [texts_of(TEMPLATE, sample(), (one,)) for one in (own, later)]
    pairs = follow(pairs, *texts, same_edit=False)
    found = [one for one in left(sample(), later, pairs=pairs).left if one.kind == "stale"]
    assert found[0].path == "clauses.costs"
    assert found[0].label == "Costs · 中文"
