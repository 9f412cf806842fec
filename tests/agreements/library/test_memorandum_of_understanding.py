"""The shipped memorandum of understanding: short, agreed in two languages and translated into two more."""

from __future__ import annotations

import copy
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from agreements.errors import InvalidFields
from agreements.fields import validate, warnings
from agreements.numerals import article
from agreements.problems import FieldProblem
from agreements.templates import LIBRARY, Template, load
from agreements.versions import Version, compose
from tests.agreements.cases import TODAY
from tests.agreements.pairs import in_pairs
from tests.agreements.rendering.tools import rendered
from tests.agreements.wording import clause, figures, texts

TWO = "chengdu_hamburg"
THREE = "three_parties"
LANGUAGES = ("zh-Hans", "en", "de", "fi")
ARTICLES = [
    *("parties", "purpose", "activities", "funding", "contacts", "confidentiality", "intellectual_property"),
    *("publicity", "term", "nature", "settlement", "signature"),
]
NON_BINDING = {"purpose", "activities"}


@cache
def template() -> Template:
    return load(LIBRARY / "memorandum_of_understanding")


def raw(name: str = TWO, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(dict(template().samples[name])) | changes


def version(name: str = TWO, **changes: Any) -> Version:
    return compose(template(), validate(template(), raw(name, **changes), TODAY))


def in_all(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


ARBITRATION = {
    "mode": "arbitration",
    "institution": "cietac",
    "seat_city": {"zh-Hans": "成都", "en": "Chengdu", "de": "Chengdu", "fi": "Chengdu"},
    "seat_country": "CN",
    "language": "zh_en",
    "arbitrators": "three",
}


@pytest.mark.parametrize("name", [TWO, THREE])
def test_the_articles_stand_in_order_in_four_languages(name: str) -> None:
    found = version(name)
    assert found.languages == LANGUAGES
    assert [one.id for one in found.clauses] == ARTICLES
    assert [one.number for one in found.clauses] == list(range(1, 13))


@pytest.mark.parametrize("name", [TWO, THREE])
def test_only_purpose_and_activities_do_not_bind(name: str) -> None:
    assert {one.id for one in version(name).clauses if not one.binding} == NON_BINDING


def test_the_nature_clause_lists_exactly_the_binding_clauses() -> None:
    found = version()
    for lang in LANGUAGES:
        first, second, _ = next(one for one in found.clauses if one.id == "nature").paragraphs
        for one in found.clauses:
            number = article(one.number, lang)
            name = f"{number}（{one.title[lang]}）" if lang == "zh-Hans" else f"{number} ({one.title[lang]})"
            assert (name in first[lang], name in second[lang]) == (one.binding, not one.binding)


def test_no_partnership_and_no_agency_come_about() -> None:
    nature = {lang: clause(version(), "nature", lang) for lang in LANGUAGES}
    for lang, words in {
        "zh-Hans": "不设立合伙",
        "en": "no partnership",
        "de": "keine Gesellschaft",
        "fi": "ei synny yhtiötä",
    }.items():
        assert words in nature[lang]


def test_two_parties_with_the_usual_choices_need_four_pages_at_most() -> None:
    """Cover first, signature page after the text; the translations follow and do not count."""
    assert rendered(version()).fields[0].page - 1 <= 4


@pytest.mark.parametrize(
    ("funding", "zh", "en"),
    [
        ("none", "本备忘录不提供经费", "provides no funding"),
        ("own", "自行承担其参与活动的费用", "bears the costs of its own part"),
    ],
)
def test_each_way_of_funding_leaves_no_duty_to_pay(funding: str, zh: str, en: str) -> None:
    found = version(funding=funding)
    assert zh in clause(found, "funding", "zh-Hans")
    assert en in clause(found, "funding", "en")
    assert "不产生任何付款义务" in clause(found, "funding", "zh-Hans")
    assert "creates no obligation to pay" in clause(found, "funding", "en")


def test_without_a_choice_differences_are_settled_amicably_and_not_by_arbitration() -> None:
    changed = raw()
    del changed["dispute"]
    found = compose(template(), validate(template(), changed, TODAY))
    assert "未约定仲裁" in clause(found, "settlement", "zh-Hans")
    assert "No arbitration and no court has been agreed" in clause(found, "settlement", "en")


def test_arbitration_names_institution_seat_language_and_number() -> None:
    found = version(dispute=ARBITRATION, governing_law="cn")
    for lang, words in {
        "zh-Hans": ("（CIETAC）", "成都（中国）", "三名仲裁员", "中文和英文", "六十（60）日"),
        "en": ("(CIETAC)", "Chengdu (China)", "three arbitrators", "Chinese and English", "sixty (60) days"),
        "de": ("(CIETAC)", "Chengdu (China)", "drei Schiedsrichtern", "Chinesisch und Englisch", "60\u00a0Tage"),
        "fi": ("(CIETAC)", "Chengdu (Kiina)", "välimiehiä on kolme", "kiina ja englanti", "60\u00a0päivää"),
    }.items():
        for word in words:
            assert word in clause(found, "settlement", lang)


def test_dates_durations_and_counts_say_the_same_in_every_language() -> None:
    found = version(THREE)
    for lang, (activities, term) in {
        "zh-Hans": ("目标日期：2027年6月30日", "有效期为一（1）年，至2028年1月30日届满"),
        "en": ("target date: 30 June 2027", "one (1) year and ends at the close of 30 January 2028"),
        "de": ("Zieltermin: 30. Juni 2027", "1\u00a0Jahr und endet mit Ablauf des 30. Januar 2028"),
        "fi": ("tavoitepäivä: 30. kesäkuuta 2027", "viimeinen voimassaolopäivä on 30. tammikuuta 2028"),
    }.items():
        assert activities in clause(found, "activities", lang)
        assert term in clause(found, "term", lang)
    assert "每年至少会商一次" in clause(found, "activities", "zh-Hans")
    assert "at least once a year" in clause(found, "activities", "en")


@pytest.mark.parametrize("name", [TWO, THREE])
def test_figures_are_the_same_in_every_language(name: str) -> None:
    """How many consultations and copies there are is said in words in Chinese and English, in figures elsewhere."""
    found = version(name)
    for one in found.clauses:
        if one.id == "parties":  # the Chinese name writes figures where they stand in addresses
            continue
        for paragraph in one.paragraphs:
            expected = figures(paragraph["zh-Hans"], "zh-Hans")
            assert figures(paragraph["en"], "en") == expected, paragraph["en"]
            for lang in ("de", "fi"):
                more, fewer = Counter(figures(paragraph[lang], lang)), Counter(expected)
                assert set(more - fewer) <= {str(found.values["consultations"]), str(found.values["copies"])}, (
                    paragraph[lang]
                )
                assert not fewer - more, paragraph[lang]


@pytest.mark.parametrize("name", [TWO, THREE])
def test_chinese_is_set_with_full_width_marks(name: str) -> None:
    found = version(name, dispute=ARBITRATION, governing_law="cn", prevailing="equal", copies=2)
    for text in [*texts(found, "zh-Hans"), *(one.text["zh-Hans"] for one in found.shown if one.path != "background")]:
        assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]|\.\.\.|[\u4e00-\u9fff]\.", text), text
        assert '"' not in text
        assert text == text.strip()


@pytest.mark.parametrize("name", [TWO, THREE])
@pytest.mark.parametrize("lang", ["en", "de", "fi"])
def test_latin_texts_are_set_with_their_own_marks(name: str, lang: str) -> None:
    for text in texts(version(name), lang):
        assert not re.search(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]", text), text
        assert not re.search(r"  |\bone \(1\) \w+s\b|'|\"| ,|\.\.", text), text
        foreign = {"en": "„", "de": "”", "fi": "“„"}[lang]
        assert not set(text) & set(foreign), text


def test_chinese_laws_are_named_in_book_title_marks() -> None:
    chinese = "".join(texts(version(), "zh-Hans"))
    assert "《中华人民共和国电子签名法》" in chinese
    assert not re.search(r"(?<!《)中华人民共和国\w{2,8}法》", chinese)


@pytest.mark.parametrize(("lang", "marks"), [("zh-Hans", "。；："), ("en", ".;:"), ("de", ".;:“"), ("fi", ".;:”")])
def test_every_paragraph_ends_as_it_should(lang: str, marks: str) -> None:
    for one in version().clauses:
        for paragraph, label in zip(one.paragraphs, one.labels, strict=True):
            if one.id != "parties" and not label[lang].startswith(("(", "（")):  # items end as the drafter wrote them
                assert paragraph[lang][-1] in marks, paragraph[lang]


@pytest.mark.parametrize(
    ("choice", "zh", "en", "de", "fi"),
    [
        (
            "zh-Hans",
            "以中文文本为准",
            "the Chinese text prevails",
            "chinesische Fassung maß",
            "kiinankielinen teksti rat",
        ),
        ("en", "以英文文本为准", "the English text prevails", "englische Fassung maß", "englanninkielinen teksti rat"),
        ("equal", "具有同等效力；", "have equal force", "gleichermaßen verbindlich", "yhtä todistusvoimaiset"),
    ],
)
def test_the_prevailing_language_is_stated_in_each_text(choice: str, zh: str, en: str, de: str, fi: str) -> None:
    found = version(prevailing=choice)
    for lang, words in zip(LANGUAGES, (zh, en, de, fi), strict=True):
        assert words in clause(found, "signature", lang)


def test_the_translations_never_decide() -> None:
    found = version()
    assert "德文和芬兰文文本为译文，仅供参考" in clause(found, "signature", "zh-Hans")
    assert "translations for reference only" in clause(found, "signature", "en")
    prevailing = next(one for one in template().variables if one.name == "prevailing")
    assert [one.value for one in prevailing.choices] == ["zh-Hans", "en", "equal"]


CHOICES: dict[str, list[Any]] = {
    "governing_law": ["cn", "hk", "de", "fi", "other", "silent"],
    "prevailing": ["zh-Hans", "en", "equal"],
    "dispute": [{"mode": "amicable"}, ARBITRATION],
    "effective": [{"mode": "last_signature"}, {"mode": "fixed_date", "date": "2026-12-01", "zone": "Europe/Berlin"}],
    "funding": ["none", "own"],
    "confidentiality": ["light", "none"],
    "signing_public": [True, False],
    "renewal": ["none", "written"],
    "signature_level": ["advanced", "qualified"],
    "copies": [0, 2],
}


def test_every_combination_of_choices_composes_in_pairs() -> None:
    """No text ever lacks a value; all four languages always stand together, and nothing is left of the markup."""
    for changes in in_pairs(CHOICES):
        for part in version(governing_law_other=in_all("X"), **changes).clauses:
            for row in part.paragraphs:
                assert tuple(row) == LANGUAGES
                assert all(row.values())
                assert not any(mark in text for text in row.values() for mark in "{}[]")


@pytest.mark.parametrize("name", [TWO, THREE])
def test_each_institution_and_zone_can_be_named(name: str) -> None:
    dispute = next(one for one in template().variables if one.name == "dispute")
    effective = next(one for one in template().variables if one.name == "effective")
    institutions = next(one for one in dispute.fields if one.name == "institution").choices
    zones = next(one for one in effective.fields if one.name == "zone").choices
    for institution in institutions:
        found = version(name, dispute=ARBITRATION | {"institution": institution.value})
        assert all(institution.text[lang] in clause(found, "settlement", lang) for lang in LANGUAGES)
    for zone in zones:
        found = version(name, effective={"mode": "last_signature", "zone": zone.value})
        assert all(zone.text[lang] in clause(found, "term", lang) for lang in LANGUAGES)


def test_hidden_values_do_not_get_into_the_memorandum() -> None:
    found = version(governing_law="silent", governing_law_other=in_all("hidden law"))
    assert b"hidden law" not in found.canonical


def test_a_text_in_two_languages_only_is_refused_for_the_others() -> None:
    with pytest.raises(InvalidFields) as refused:
        validate(template(), raw(purpose={"zh-Hans": "交流", "en": "to exchange views"}), TODAY)
    assert [(one.path, one.code) for one in refused.value.problems] == [
        ("purpose.de", "field.required"),
        ("purpose.fi", "field.required"),
    ]


def activity(lead: str) -> dict[str, Any]:
    return {"name": in_all("A"), "description": in_all("B"), "lead": lead}


ERRORS: list[tuple[dict[str, Any], str, str]] = [
    ({"activities": [activity("c")]}, "lead_is_a_party", "The lead has to be a party"),
    ({"activities": [activity("joint"), activity("d")]}, "lead_is_a_party", "The lead has to be a party"),
    (
        {"term": {"count": 1, "unit": "months"}, "withdrawal_notice": {"count": 30, "unit": "days"}},
        "withdrawal_notice_within_term",
        "shorter than the term",
    ),
]


@pytest.mark.parametrize(("changes", "rule", "words"), ERRORS)
def test_what_cannot_be_is_refused(changes: dict[str, Any], rule: str, words: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        validate(template(), raw(**changes), TODAY)
    (problem,) = refused.value.problems
    assert problem.code == f"rule.{rule}"
    assert_in_all_languages(problem)
    assert words in problem.words("en")


def domestic() -> list[dict[str, Any]]:
    """Two parties of mainland China."""
    return [raw()["parties"][0], raw(THREE)["parties"][0]]


WARNINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"term": {"count": 6, "unit": "years"}}, "term_is_short", "no more than five years"),
    (
        {"effective": {"mode": "fixed_date", "date": "2026-10-01"}},
        "effective_date_long_past",
        "more than thirty days ago",
    ),
    ({"dispute": ARBITRATION}, "arbitration_has_a_law", "choose the law"),
    (
        {"parties": domestic(), "dispute": ARBITRATION | {"seat_country": "SG"}, "governing_law": "cn"},
        "domestic_parties_foreign_seat",
        "a seat abroad",
    ),
    (
        {"parties": domestic(), "signature_level": "qualified"},
        "qualified_needs_a_european_party",
        "nobody has to sign with a qualified signature",
    ),
    ({"prevailing": "equal"}, "one_language_prevails", "hard to foresee"),
]


@pytest.mark.parametrize(("changes", "rule", "words"), WARNINGS)
def test_what_deserves_a_second_look_is_told(changes: dict[str, Any], rule: str, words: str) -> None:
    values = validate(template(), raw(**changes), TODAY)
    (problem,) = warnings(template(), values, TODAY)
    assert problem.code == f"rule.{rule}"
    assert_in_all_languages(problem)
    assert words in problem.words("en")


def assert_in_all_languages(problem: FieldProblem) -> None:
    assert len({problem.words(lang) for lang in LANGUAGES}) == 4


def test_every_rule_is_tried_here() -> None:
    assert {one.id for one in template().rules} == {rule for _, rule, _ in (*ERRORS, *WARNINGS)}


def test_the_first_sample_needs_no_second_look() -> None:
    assert warnings(template(), validate(template(), raw(), TODAY), TODAY) == ()
