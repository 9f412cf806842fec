"""A version beside what its template says for the same values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.clause_choices import CUSTOM, ClauseChoice
from agreements.errors import StandardUnavailable
from agreements.fields import validate
from agreements.redlines import compare
from agreements.standard_wording import standard_wording
from agreements.templates import Template, library
from agreements.versions import compose, from_canonical
from tests.agreements.cases import TODAY, strategic, version

SAMPLES = [(template, name) for template in library().values() for name in template.samples]


@pytest.mark.parametrize(("template", "name"), SAMPLES, ids=[f"{one.id}-{name}" for one, name in SAMPLES])
def test_a_stored_version_is_its_templates_standard_wording(template: Template, name: str) -> None:
    saved = compose(template, validate(template, template.samples[name], TODAY))
    stored = from_canonical(saved.canonical)
    assert standard_wording(template, stored).sha256 == saved.sha256
    assert compare(standard_wording(template, stored), stored).nothing_differs


def test_a_clause_chosen_otherwise_shows_as_changed_against_the_template() -> None:
    costs = next(one for one in strategic().clauses if one.id == "costs")
    sources = {lang: f"# {title}\n\nEach Party bears its own costs.\n" for lang, title in costs.title().items()}
    chosen = ClauseChoice("costs", CUSTOM, sources)
    departing = compose(strategic(), version().values, (chosen,))
    found = compare(standard_wording(strategic(), departing), departing)
    assert [one.clause_id for one in found.clauses if one.kind != "unchanged"] == ["costs"]
    assert not found.values


def test_a_template_that_asks_for_more_by_now_is_said_so() -> None:
    older = replace(version(), template_sha256="00" * 32, values={"agreement_no": "SCA-2026-017"})
    with pytest.raises(StandardUnavailable):
        standard_wording(strategic(), older)


def test_values_of_another_template_version_are_used_as_far_as_they_fit() -> None:
    older = replace(version(), template_sha256="00" * 32)
    assert standard_wording(strategic(), older).clauses == version().clauses
