"""The shipped strategic cooperation agreement: complete in both languages, and drafted as lawyers expect it."""

from __future__ import annotations

import re
from itertools import product
from typing import Any

import pytest

from agreements.fields import validate, warnings
from agreements.numerals import article
from tests.agreements.cases import CHENGDU, THREE, TODAY, raw, strategic, version
from tests.agreements.wording import clause, texts

ARTICLES = [
    *("parties", "background", "purpose", "areas", "mechanism", "responsibilities", "projects"),
    *("intellectual_property", "confidentiality", "compliance", "costs", "publicity", "term", "nature"),
    *("law", "disputes", "language", "signature", "notices", "general"),
]
NON_BINDING = {"background", "purpose", "areas", "mechanism", "responsibilities", "projects"}


def test_the_case_of_chengdu_has_its_twenty_articles() -> None:
    found = version()
    assert [one.id for one in found.clauses] == ARTICLES
    assert [one.number for one in found.clauses] == list(range(1, 21))
    assert found.agreement_no == "SCA-2020-017"
    assert [party.legal_name["zh-Hans"] for party in found.parties] == ["中欧新经济产业创新中心", "四川省循环经济协会"]
    assert [block.person_title["zh-Hans"] for block in found.signature_blocks] == ["主任", "会长"]


def test_binding_clauses_are_the_ones_that_should_bind() -> None:
    assert {one.id for one in version().clauses if not one.binding} == NON_BINDING


def test_the_nature_clause_lists_exactly_the_binding_clauses() -> None:
    found = version()
    for lang in ("zh-Hans", "en"):
        first, second, _ = next(one for one in found.clauses if one.id == "nature").paragraphs
        for one in found.clauses:
            number = article(one.number, lang)
            name = f"{number}（{one.title[lang]}）" if lang == "zh-Hans" else f"{number} ({one.title[lang]})"
            assert (name in first[lang], name in second[lang]) == (one.binding, not one.binding)


def test_an_agreement_to_arbitrate_always_binds() -> None:
    for name in (CHENGDU, THREE):
        assert next(one for one in version(name).clauses if one.id == "disputes").binding


def test_exclusivity_is_a_clause_of_its_own_and_moves_the_numbers() -> None:
    found = version(THREE)
    numbers = {one.id: one.number for one in found.clauses}
    assert (numbers["exclusivity"], numbers["intellectual_property"], numbers["general"]) == (8, 9, 21)
    assert "Article 21" in clause(found, "mechanism", "en")
    assert "第二十一条" in clause(found, "mechanism", "zh-Hans")


def test_dates_durations_and_counts_say_the_same_in_both_languages() -> None:
    found = version()
    assert "首次会议不晚于2021年3月31日召开。" in clause(found, "mechanism", "zh-Hans")
    assert "not later than 31 March 2021." in clause(found, "mechanism", "en")
    assert "每年至少召开会议两次" in clause(found, "mechanism", "zh-Hans")
    assert "meets at least twice a year" in clause(found, "mechanism", "en")
    assert "有效期为三十六（36）个月" in clause(found, "term", "zh-Hans")
    assert "thirty-six (36) months" in clause(found, "term", "en")


def test_the_end_date_is_counted_for_a_fixed_date() -> None:
    found = version(THREE)
    assert "有效期至2028年2月28日届满" in clause(found, "term", "zh-Hans")
    assert "ends at the close of 28 February 2028" in clause(found, "term", "en")


@pytest.mark.parametrize(
    ("choice", "zh", "en"),
    [
        ("zh-Hans", "以中文文本为准", "the Chinese text prevails"),
        ("en", "以英文文本为准", "the English text prevails"),
        ("equal", "两种文本具有同等效力", "Both texts have equal force"),
    ],
)
def test_the_prevailing_language_is_stated_in_each_text(choice: str, zh: str, en: str) -> None:
    found = version(prevailing=choice)
    assert zh in clause(found, "language", "zh-Hans")
    assert en in clause(found, "language", "en")


def test_the_effective_date_names_its_zone() -> None:
    for mode in ({"mode": "last_signature"}, {"mode": "fixed_date", "date": "2026-12-01"}):
        found = version(effective={**mode, "zone": "Europe/Berlin"})
        assert "柏林当地时间" in clause(found, "term", "zh-Hans")
        assert "local time in Berlin" in clause(found, "term", "en")


def test_arbitration_names_institution_seat_language_and_number() -> None:
    english = clause(version(), "disputes", "en")
    for words in ("(CIETAC)", "Chengdu (China)", "three arbitrators", "proceedings is Chinese", "thirty (30) days"):
        assert words in english


@pytest.mark.parametrize("name", [CHENGDU, THREE])
def test_chinese_is_set_with_full_width_marks(name: str) -> None:
    found = version(name)
    for text in [*texts(found, "zh-Hans"), *(one.text["zh-Hans"] for one in found.shown if one.path != "background")]:
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]|\.\.\.|[\u4e00-\u9fff]\.", text), text
        assert '"' not in text
        assert text == text.strip()


@pytest.mark.parametrize("name", [CHENGDU, THREE])
def test_english_is_english(name: str) -> None:
    for text in texts(version(name), "en"):
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text), text
        assert not re.search(r"  |\bone \(1\) \w+s\b|'|\"| ,|\.\.", text), text


def test_laws_are_named_in_book_title_marks() -> None:
    chinese = "".join(texts(version(), "zh-Hans"))
    assert "《中华人民共和国个人信息保护法》" in chinese
    assert "《中华人民共和国电子签名法》" in chinese
    assert not re.search(r"(?<!《)中华人民共和国\w{2,8}法》", chinese)


@pytest.mark.parametrize(("lang", "marks"), [("zh-Hans", "。；："), ("en", ".;:")])
def test_every_paragraph_ends_as_it_should(lang: str, marks: str) -> None:
    from_values = ("parties", "areas", "responsibilities", "notices")  # items there end as the drafter wrote them
    for one in version().clauses:
        for paragraph in one.paragraphs if one.id not in from_values else ():
            assert paragraph[lang][-1] in marks, paragraph[lang]


CHOICES: dict[str, list[Any]] = {
    "governing_law": ["cn", "hk", "de", "fi", "se", "silent"],
    "renewal": ["none", "written", "auto"],
    "annual_plan": [True, False],
    "exclusivity": [True, False],
    "personal_data": [True, False],
    "ceremony_publicity": [True, False],
    "signature_level": ["advanced", "qualified"],
    "copies": [0, 2],
}
WITH_CHOICE: dict[str, Any] = {
    "renewal_term": {"count": 1, "unit": "years"},
    "exclusivity_scope": {"zh-Hans": "成都市内的试点", "en": "pilots in Chengdu"},
}


def test_every_combination_of_choices_composes_in_pairs() -> None:
    """Two choices at a time, over all values: no text ever lacks a value, both languages always stand together."""
    keys = list(CHOICES)
    for index, first in enumerate(keys):
        for second in keys[index + 1 :]:
            for one, other in product(CHOICES[first], CHOICES[second]):
                found = version(**{first: one, second: other, **WITH_CHOICE})
                for part in found.clauses:
                    assert all(set(row) == {"zh-Hans", "en"} and all(row.values()) for row in part.paragraphs)


def test_hidden_values_do_not_get_into_the_agreement() -> None:
    found = version(exclusivity=False, exclusivity_scope={"zh-Hans": "隐藏", "en": "hidden scope"})
    assert b"hidden scope" not in found.canonical


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"prevailing": "equal"}, "rule.one_language_prevails"),
        ({"governing_law": "silent"}, "rule.law_is_agreed"),
        ({"effective": {"mode": "fixed_date", "date": "2020-12-22"}}, "rule.effective_date_long_past"),
    ],
)
def test_what_deserves_a_second_look_is_told(changes: dict[str, Any], code: str) -> None:
    values = validate(strategic(), raw() | changes, TODAY)
    assert code in [one.code for one in warnings(strategic(), values, TODAY)]


def test_a_seat_abroad_between_parties_of_one_country_is_told() -> None:
    changed = raw()
    changed["dispute"]["seat_country"] = "SG"
    values = validate(strategic(), changed, TODAY)
    found = warnings(strategic(), values, TODAY)
    assert [one.code for one in found] == ["rule.domestic_parties_foreign_seat"]
    assert "仲裁地在境外" in found[0].words("zh-Hans")


def test_the_sample_itself_needs_no_second_look() -> None:
    assert warnings(strategic(), validate(strategic(), raw(), TODAY), TODAY) == ()
