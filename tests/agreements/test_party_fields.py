"""What is asked about a party: in the reader's language, and in a version only in the languages it is written in."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from agreements.drafts import form
from agreements.fields import examine, validate
from agreements.languages import LANGUAGES
from agreements.party_fields import ADDRESS_FIELDS, IDENTIFIER, PARTY_FIELDS, PERSON_FIELDS, REPRESENTATIVE
from agreements.templates import Template, library
from agreements.variables import Choice, Variable
from agreements.versions import compose
from tests.agreements.cases import TODAY

ASKED = (*PARTY_FIELDS, *PERSON_FIELDS, *ADDRESS_FIELDS, IDENTIFIER, REPRESENTATIVE)
TWO_LANGUAGES = ("joint_laboratory", "mutual_nda", "zone_settlement")


def every(variables: tuple[Variable, ...]) -> Iterator[Variable]:
    for one in variables:
        yield one
        yield from every((*one.fields, *((one.item,) if one.item else ())))


def test_everything_is_said_in_each_language_and_differently() -> None:
    for one in every(ASKED):
        for texts in (one.label, one.help, *(part for choice in one.choices for part in (choice.label, choice.text))):
            assert tuple(texts) in (LANGUAGES, ()), one.name
            assert len(set(texts.values())) == len(texts), texts
            assert all(text == text.strip() for text in texts.values())


@pytest.mark.parametrize(
    ("lang", "name", "street"),
    [("de", "Name laut Register", "Straße und Hausnummer"), ("fi", "Virallinen nimi", "Katuosoite")],
)
@pytest.mark.parametrize("template_id", TWO_LANGUAGES)
def test_the_form_of_an_agreement_in_two_languages_asks_about_parties_in_the_readers(
    template_id: str, lang: str, name: str, street: str
) -> None:
    (rows,) = next(one for one in form(library()[template_id], {}, lang) if one.id == "parties").fields
    labels = {one.path: one.label for one in rows.rows[0].fields}
    address = next(one for one in rows.rows[0].fields if one.path == "parties.0.address")
    assert (labels["parties.0.legal_name"], address.fields[0].label) == (name, street)


def test_a_problem_names_its_field_as_the_form_does() -> None:
    values = copy.deepcopy(dict(library()["mutual_nda"].samples["mutual_chengdu"]))
    del values["parties"][1]["address"]["country"]
    (problem,) = examine(library()["mutual_nda"], values, TODAY)[1]
    assert {lang: problem.label[lang].split(" · ", 1)[1] for lang in LANGUAGES} == {
        "zh-Hans": "住所 · 国家或地区",
        "en": "Registered address · Country or territory",
        "de": "Eingetragene Anschrift · Land oder Gebiet",
        "fi": "Rekisteröity osoite · Maa tai alue",
    }


def only_in(one: Variable, languages: tuple[str, ...]) -> Variable:
    """The variable as if nobody had said it in another language."""

    def kept(texts: Mapping[str, str]) -> dict[str, str]:
        return {lang: text for lang, text in texts.items() if lang in languages}

    return replace(
        one,
        label=kept(one.label),
        help=kept(one.help),
        choices=tuple(Choice(c.value, kept(c.label), kept(c.text)) for c in one.choices),
        fields=tuple(only_in(part, languages) for part in one.fields),
        item=only_in(one.item, languages) if one.item else None,
    )


def samples() -> Iterator[tuple[Template, str]]:
    for template in library().values():
        for name in template.samples:
            yield template, name


def test_a_version_keeps_labels_in_its_own_languages_only() -> None:
    for template, name in samples():
        found = compose(template, validate(template, template.samples[name], TODAY))
        for one in found.shown:
            assert tuple(one.label) == tuple(one.text) == template.languages


@pytest.mark.parametrize("template_id", TWO_LANGUAGES)
def test_labels_for_other_readers_leave_the_hash_of_a_version_alone(template_id: str) -> None:
    template = library()[template_id]
    bare = replace(template, variables=tuple(only_in(one, template.languages) for one in template.variables))
    for sample in template.samples.values():
        values = validate(template, sample, TODAY)
        assert compose(bare, values).sha256 == compose(template, values).sha256
