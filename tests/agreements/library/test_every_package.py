"""What is asked of every shipped package alike, whatever it is about."""

from __future__ import annotations

import pytest

from agreements.fields import validate
from agreements.languages import CHINESE, ENGLISH, FINNISH, GERMAN, LANGUAGES
from agreements.templates import LIBRARY, Template, library
from agreements.variables import Variable
from agreements.versions import compose
from tests.agreements.cases import TODAY
from tests.agreements.wording import (
    assert_set_as_chinese,
    assert_set_as_english,
    assert_set_as_finnish,
    assert_set_as_german,
    texts,
)

NO_ADVICE = {
    "zh-Hans": "不构成法律意见",
    "en": "not legal advice",
    "de": "keine Rechtsberatung",
    "fi": "ei oikeudellista",
}
ASSERT_SET = {
    CHINESE: assert_set_as_chinese,
    ENGLISH: assert_set_as_english,
    GERMAN: assert_set_as_german,
    FINNISH: assert_set_as_finnish,
}
FILES = sorted(LIBRARY.glob("*/samples/*.yaml"))
SAMPLES = pytest.mark.parametrize(
    ("template", "sample"),
    [pytest.param(file.parents[1].name, file.stem, id=f"{file.parents[1].name}-{file.stem}") for file in FILES],
    indirect=["template"],
)
PACKAGES = pytest.mark.parametrize("template", sorted({file.parents[1].name for file in FILES}), indirect=True)


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template:
    """The package of that name; read here and not while tests are collected."""
    return library()[request.param]


@PACKAGES
def test_labels_and_help_are_in_its_languages(template: Template) -> None:
    for one in (*template.variables, *template.computed):
        said_in(one, template.languages)


def said_in(one: Variable, languages: tuple[str, ...]) -> None:
    """What is asked about a party is shared by all packages and said in every language of a reader."""
    assert set(one.label) >= set(languages), one.name
    assert not one.help or set(one.help) >= set(languages), one.name
    inside = LANGUAGES if one.type in ("party", "person", "address") else languages
    for part in one.fields:
        said_in(part, inside)
    if one.item:
        said_in(one.item, languages)


@PACKAGES
def test_legal_approves_before_one_of_two_of_the_management(template: Template) -> None:
    legal, management = template.approval_route
    assert (legal.role, legal.mode, legal.forbid) == ("legal", "all", ("author", "last_editor"))
    assert (management.role, management.mode, management.k, management.of) == ("management", "k_of_n", 1, 2)
    assert management.forbid == ("author", "last_editor", "signatory")


@PACKAGES
def test_it_says_that_it_is_a_starting_point(template: Template) -> None:
    assert all(NO_ADVICE[lang] in template.notice[lang] for lang in template.languages)


@SAMPLES
def test_composing_needs_the_normalised_values_only(template: Template, sample: str) -> None:
    values = validate(template, template.samples[sample], TODAY)
    assert compose(template, validate(template, values, TODAY)) == compose(template, values)


@SAMPLES
def test_it_is_set_with_the_marks_of_each_language(template: Template, sample: str) -> None:
    found = compose(template, validate(template, template.samples[sample], TODAY))
    for lang in found.languages:
        for text in texts(found, lang):
            ASSERT_SET[lang](text)
