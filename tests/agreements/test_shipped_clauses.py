"""Every shipped clause, in every template it names, with every sample: it composes, and both languages say the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agreements.clause_choices import check_choice
from agreements.clause_library import Approved, fits, offers, variant
from agreements.fields import validate
from agreements.languages import CHINESE, ENGLISH
from agreements.shipped_clauses import FOLDER, shipped
from agreements.templates import library
from agreements.versions import compose
from tests.agreements.cases import TODAY, filled_in, in_two
from tests.agreements.wording import assert_set_as_chinese, assert_set_as_english, clause, figures

#: What was approved once never changes under the same id. A new folder gets a new line.
WORDINGS = {
    "audit_right": "1a1260fce59999aa958988cded20662b0a2c068e085006295e1165a10d670de7",
    "confidentiality_marked": "86be9ca29cde39aaaace2d8e451c1cc7f5a0c3ca4970ffcff4544c8ef9ebdb2b",
    "confidentiality_strict": "2e8d85babd0ab62886514ddbf41b5875b004a70ec38dae9d354a6158312f643f",
    "confidentiality_two_years": "e398749e1f32f5cbd92fa9d4c61f03d80c3d974d4d93bc59ff67c6ef931129e7",
    "data_protection_pipl_gdpr": "52367ce39e44693bfc444f61dad72688a5b3da27692284b44111bdbc7311c902",
    "disputes_cietac": "91f6eb12831878cf9fde33de651ff2c97c0bde73b69d636aee34578c754ccc39",
    "disputes_hkiac": "36da757c92169ef57dedbf60a9b6b197c1b58e1b9545420f46a357934683d27f",
    "disputes_scc": "05c693c11af5f0176d24a1a0a9d58c667d5522e3411e7cf6204990a2976a80f6",
    "force_majeure": "595e728a6b25c16cb39c3d08a3719555df64e17d9fc147a749c5a44131967e3a",
    "ip_joint_ownership": "ef44d3ff1511d3ca5189503ee2ec4bb9c0650f6e97258b7b0de8c6d1052f00f4",
    "liability_limited": "6d855b4e0be2f6a8d5b76c07c845d7f871f2e220921c5432e4e889a564b7589b",
    "non_solicitation": "cf4181316894b8e264044ef52e0f33b0e45fffa96e889853a57a0b10c24bfc63",
    "publicity_prior_approval": "a828d31c7ff0360c10b5893838262e8e7e06a8a7e7eb91148f4c8cf584440164",
    "sanctions_export_control": "4ada074f6871d7f573fe4b4a93665254ef7df89f8ad21a3b2c62e71cb9865373",
}


def every_place() -> Iterator[tuple[str, str]]:
    for folder in sorted(FOLDER.iterdir()):
        for template in library().values():
            if template.id in shipped()[folder.name].templates:
                yield folder.name, template.id


def test_they_say_when_to_use_them_and_what_to_keep() -> None:
    assert len(shipped()) >= 10
    for one in shipped().values():
        assert one.templates, one.id
        for lang in (CHINESE, ENGLISH):
            assert one.title[lang], one.id
            assert len(one.note[lang]) > 40, one.id
        assert_set_as_chinese(one.note[CHINESE])
        assert_set_as_english(one.note[ENGLISH])


def test_an_approved_wording_never_changes() -> None:
    assert {one.id: one.sha256 for one in shipped().values()} == WORDINGS


@pytest.mark.parametrize(("name", "template_id"), list(every_place()))
def test_it_composes_with_every_sample(name: str, template_id: str) -> None:
    template, approved = in_two(template_id), Approved(shipped()[name], 1)
    own = [one.id for one in template.clauses]
    place = next((topic for topic in approved.clause.topics if topic in own), None)
    after = None if place else own[own.index("signature") - 1]
    choice = variant(approved, template, place or approved.clause.topics[0], after=after)
    check_choice(template, choice)
    for raw in filled_in(template):
        found = compose(template, validate(template, raw, TODAY), (choice,))
        assert [one.origin for one in found.deviations] == [f"{name}/1"]
        chinese, english = (clause(found, choice.clause_id, lang) for lang in (CHINESE, ENGLISH))
        assert figures(chinese, CHINESE) == figures(english, ENGLISH)
        for line in chinese.split("\n"):
            assert_set_as_chinese(line)
        for line in english.split("\n"):
            assert_set_as_english(line)


def test_fallbacks_follow_their_position_in_order() -> None:
    everything = [Approved(one, 1) for one in shipped().values()]
    found = offers(everything, in_two("strategic_cooperation"), "confidentiality")
    assert [(one.approved.clause.id, one.rank, one.last) for one in found] == [
        ("confidentiality_strict", 0, False),
        ("confidentiality_marked", 1, False),
        ("confidentiality_two_years", 2, True),
    ]
    added = {one.approved.clause.id for one in offers(everything, in_two("strategic_cooperation"), None)}
    assert {"force_majeure", "audit_right", "non_solicitation", "liability_limited"} <= added
    assert not any(one.topics == ("confidentiality",) for one in (shipped()[name] for name in added))


def test_a_wording_fits_where_it_has_every_language_and_nothing_is_fixed() -> None:
    memorandum = library()["memorandum_of_understanding"]
    assert not any(fits(one, memorandum, clause.id) for one in shipped().values() for clause in memorandum.clauses)
    laboratory = library()["joint_laboratory"]
    assert not any(fits(one, laboratory, "export_control") for one in shipped().values())
