"""The agreement while it is filled in: right values as a version says them, gaps that name their field, no blanks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.clause_choices import ClauseChoice
from agreements.clause_texts import Run
from agreements.drafts import flat, parse_form
from agreements.fields import validate
from agreements.preview import PreviewClause, preview, spelled_out
from agreements.templates import in_languages, library
from agreements.versions import compose
from tests.agreements.cases import TODAY

STRATEGIC = "strategic_cooperation"


def sample() -> dict[str, Any]:
    return parse_form(library()[STRATEGIC], flat(library()[STRATEGIC].samples["chengdu_2020"]))


def runs(clauses: tuple[PreviewClause, ...], lang: str = "en") -> Iterator[Run]:
    for clause in clauses:
        for paragraph in clause.paragraphs:
            yield from paragraph.runs[lang]


def gaps(raw: dict[str, Any], lang: str = "en") -> dict[str, str]:
    return {run.place: run.text for run in runs(preview(library()[STRATEGIC], raw), lang) if run.gap}


@pytest.mark.parametrize("template_id", sorted(library()))
def test_a_complete_draft_reads_exactly_like_its_version(template_id: str) -> None:
    template = library()[template_id]
    for values in template.samples.values():
        shown = preview(template, parse_form(template, flat(values)))
        version = compose(template, validate(template, values, TODAY))
        assert [(one.id, one.number, one.binding) for one in shown] == [
            (one.id, one.number, one.binding) for one in version.clauses
        ]
        for clause, frozen in zip(shown, version.clauses, strict=True):
            assert tuple(one.label for one in clause.paragraphs) == frozen.labels
            for lang in template.languages:
                texts = ["".join(run.text for run in one.runs[lang]) for one in clause.paragraphs]
                assert texts == [one[lang] for one in frozen.paragraphs]


def test_an_empty_draft_shows_gaps_with_the_labels_of_their_fields() -> None:
    found = gaps({})
    assert found["agreement_no"] == "[Agreement number]"
    assert found["parties.0.legal_name"] == "[Party A · Legal name]"
    assert found["areas.0.name"] == "[Area of cooperation 1 · Area]"
    assert gaps({}, "zh-Hans")["parties.1.legal_name"] == "［乙方 · 名称］"


def test_what_is_typed_in_one_language_shows_there_and_is_a_gap_in_the_other() -> None:
    raw = {"parties": [{"legal_name": {"zh-Hans": "四川省循环经济协会"}}]}
    chinese = [
        run for run in runs(preview(library()[STRATEGIC], raw), "zh-Hans") if run.place == "parties.0.legal_name"
    ]
    assert chinese[0].text == "四川省循环经济协会"
    assert "parties.0.legal_name" in gaps(raw, "en")


def test_a_wrong_value_is_a_gap_and_not_what_was_typed() -> None:
    raw = sample() | {"agreement_no": "two words", "term": {"count": "x", "unit": "months"}}
    assert {"agreement_no", "term"} <= set(gaps(raw))


def test_every_run_of_a_value_leads_to_its_field() -> None:
    places = {run.place for run in runs(preview(library()[STRATEGIC], sample())) if run.place}
    assert {"agreement_no", "place", "parties.1.legal_name", "areas.2.description", "term"} <= places


def test_a_clause_in_own_words_is_shown_with_its_values() -> None:
    own = ClauseChoice(
        "costs", "custom", {"zh-Hans": "# 费用\n\n在{{place}}承担。", "en": "# Costs\n\nBorne in {{place}}."}
    )
    template = in_languages(library()[STRATEGIC], ("zh-Hans", "en"))
    clause = next(one for one in preview(template, sample(), (own,)) if one.id == "costs")
    assert clause.kind == "custom"
    assert "".join(run.text for run in clause.paragraphs[0].runs["en"]) == "Borne in Chengdu."


def test_dates_and_amounts_are_spelled_out_in_both_languages() -> None:
    assert spelled_out(library()[STRATEGIC], sample())["joint_group.first_meeting"] == "2021年3月31日 · 31 March 2021"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["zh-Hans", "en", "legal_name", "name", "mode", "count", "0"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([one.name for one in library()[STRATEGIC].variables]), VALUES, max_size=6))
def test_nothing_typed_stops_the_preview_or_leaves_a_blank(raw: dict[str, Any]) -> None:
    for values in (raw, sample() | raw):
        assert all(run.text for run in runs(preview(library()[STRATEGIC], values)))
