"""The shipped strategic cooperation agreement: drafted as lawyers expect it, in two languages and two translations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from agreements.errors import InvalidFields
from agreements.fields import validate, warnings
from agreements.languages import Texts
from agreements.numerals import article
from agreements.templates import LIBRARY
from agreements.variables import Choice, Variable, find
from agreements.versions import Version
from tests.agreements.cases import CHENGDU, THREE, TODAY, raw, strategic, version
from tests.agreements.pairs import in_pairs
from tests.agreements.wording import (
    assert_no_english,
    assert_set_as_chinese,
    assert_set_as_english,
    assert_set_as_finnish,
    assert_set_as_german,
    clause,
    figures,
    texts,
)

LANGUAGES = ("zh-Hans", "en", "de", "fi")
BOTH = pytest.mark.parametrize("name", [CHENGDU, THREE])

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
    for lang in LANGUAGES:
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
    for lang, general in {"zh-Hans": "第二十一条", "en": "Article 21", "de": "Artikel 21", "fi": "21 artikla"}.items():
        assert general in clause(found, "mechanism", lang)


@pytest.mark.parametrize(
    ("lang", "mechanism", "term"),
    [
        (
            "zh-Hans",
            ("首次会议不晚于2021年3月31日召开。", "每年至少召开会议两次", "每方委派三名成员", "每年11月底以前"),
            "有效期为三十六（36）个月",
        ),
        (
            "en",
            ("not later than 31 March 2021.", "at least twice a year", "Party is three.", "By the end of November"),
            "thirty-six (36) months",
        ),
        (
            "de",
            ("spätestens am 31. März 2021 statt.", "mindestens 2-mal im Jahr", "beträgt 3.", "Bis Ende November jedes"),
            "an 36\u00a0Monate.",
        ),
        (
            "fi",
            ("viimeistään 31. maaliskuuta 2021.", "vähintään 2;", "lukumäärä on 3.", "vuoden marraskuun loppuun"),
            "lukien 36\u00a0kuukautta.",
        ),
    ],
)
def test_dates_durations_and_counts_say_the_same(lang: str, mechanism: tuple[str, ...], term: str) -> None:
    for words in mechanism:
        assert words in clause(version(), "mechanism", lang)
    assert term in clause(version(), "term", lang)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_finnish_month_stands_in_the_genitive(month: int) -> None:
    assert re.search(r"vuoden [a-zä]+kuun loppuun mennessä", clause(version(review_month=month), "mechanism", "fi"))


def test_the_end_date_is_counted_for_a_fixed_date() -> None:
    for lang, words in {
        "zh-Hans": "有效期至2028年2月28日届满",
        "en": "ends at the close of 28 February 2028",
        "de": "mit Ablauf des 28. Februar 2028",
        "fi": "viimeinen voimassaolopäivä on 28. helmikuuta 2028",
    }.items():
        assert words in clause(version(THREE), "term", lang)


def test_the_day_of_a_late_last_signature_is_the_effective_date_in_every_language() -> None:
    for lang, words in {
        "zh-Hans": "自其签署之日起生效（本协议生效之日以下简称“生效日”）",
        "en": "on the day on which that Party signs (the “Effective Date”)",
        "de": "an dem diese Partei unterzeichnet (der „Tag des Inkrafttretens“)",
        "fi": "jona tämä Osapuoli allekirjoittaa (jäljempänä ”Voimaantulopäivä”)",
    }.items():
        assert words in clause(version(THREE), "term", lang)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (
            "zh-Hans",
            (
                "以中文文本为准",
                "the Chinese text prevails",
                "die chinesische Fassung maßgeblich",
                "kiinankielinen teksti ratkaisee",
            ),
        ),
        (
            "en",
            (
                "以英文文本为准",
                "the English text prevails",
                "die englische Fassung maßgeblich",
                "englanninkielinen teksti ratkaisee",
            ),
        ),
        (
            "equal",
            (
                "两种文本具有同等效力",
                "Both texts have equal force",
                "Beide Fassungen sind gleichermaßen verbindlich",
                "yhtä todistusvoimaiset",
            ),
        ),
    ],
)
def test_the_prevailing_language_is_stated_in_each_text(choice: str, words: tuple[str, ...]) -> None:
    found = version(prevailing=choice)
    for lang, expected in zip(LANGUAGES, words, strict=True):
        assert expected in clause(found, "language", lang)


def test_the_translations_never_decide() -> None:
    for lang, words in {
        "zh-Hans": "德文和芬兰文文本以及其他语言的译本仅供参考",
        "en": "German and Finnish texts and translations into other languages are for reference only",
        "de": "deutsche und die finnische Fassung sowie Übersetzungen in andere Sprachen dienen nur der Information",
        "fi": "Saksan- ja suomenkielinen teksti sekä käännökset muille kielille ovat vain tiedoksi",
    }.items():
        assert words in clause(version(), "language", lang)
    assert [one.value for one in choices("prevailing")] == ["zh-Hans", "en", "equal"]


def choices(*path: str) -> tuple[Choice, ...]:
    variable = find(strategic().variables, path)
    assert variable is not None
    return variable.choices


def test_each_zone_is_named_for_the_effective_date() -> None:
    for zone in choices("effective", "zone"):
        for mode in ({"mode": "last_signature"}, {"mode": "fixed_date", "date": "2026-12-01"}):
            found = version(effective={**mode, "zone": zone.value})
            assert all(zone.text[lang] in clause(found, "term", lang) for lang in LANGUAGES)


def test_arbitration_names_institution_seat_language_and_number() -> None:
    for lang, words in {
        "zh-Hans": ("（CIETAC）", "成都（中国）", "三名仲裁员", "仲裁语言为中文", "三十（30）日"),
        "en": ("(CIETAC)", "Chengdu (China)", "three arbitrators", "proceedings is Chinese", "thirty (30) days"),
        "de": ("(CIETAC)", "Chengdu (China)", "drei Schiedsrichtern", "ist Chinesisch", "30\u00a0Tage vergangen sind"),
        "fi": ("(CIETAC)", "Chengdu (Kiina)", "lukumäärä on kolme", "kieli on kiina", "on kulunut 30\u00a0päivää"),
    }.items():
        for word in words:
            assert word in clause(version(), "disputes", lang)


def test_each_institution_can_be_named() -> None:
    for institution in choices("dispute", "institution"):
        found = version(dispute=raw()["dispute"] | {"institution": institution.value})
        assert all(institution.text[lang] in clause(found, "disputes", lang) for lang in LANGUAGES)


# --- every choice, in pairs ---

SCOPE = {"zh-Hans": "成都市内的试点", "en": "pilots in Chengdu", "de": "Pilotprojekte", "fi": "pilottihankkeet"}
CONDITION = {
    "zh-Hans": "甲方主管机关批准本协议",
    "en": "the supervising authority of Party A approves this Agreement",
    "de": "die Aufsichtsbehörde der Partei A genehmigt diese Vereinbarung",
    "fi": "Osapuolen A valvontaviranomainen hyväksyy tämän Sopimuksen",
}
COURT = {
    "zh-Hans": "汉堡州法院",
    "en": "the Regional Court of Hamburg",
    "de": "das Landgericht Hamburg",
    "fi": "Hampurin alioikeus",
}
LAW = {
    "zh-Hans": "法兰西共和国法律",
    "en": "the laws of the French Republic",
    "de": "dem Recht der Französischen Republik",
    "fi": "Ranskan tasavallan lakia",
}
SEAT = {
    "mode": "arbitration",
    "seat_city": {"zh-Hans": "斯德哥尔摩", "en": "Stockholm", "de": "Stockholm", "fi": "Tukholma"},
    "seat_country": "SE",
    "institution": "scc",
    "arbitrators": "one",
}
CHOICES: dict[str, list[Any]] = {
    "of": [CHENGDU, THREE],
    "background": [None, {"zh-Hans": "各方已有合作。", "en": "A.", "de": "B.", "fi": "C."}],
    "joint_group": [
        {"members": 1, "meetings": 1, "chair": "a"},
        {"members": 2, "meetings": 2, "chair": "rotating", "first_meeting": "2027-01-01"},
        {"members": 7, "meetings": 12, "chair": "b", "first_meeting": "2027-08-15"},
    ],
    "review_month": [1, 5, 12],
    "annual_plan": [True, False],
    "duties": [[], None],
    "exclusivity": [True, False],
    "personal_data": [True, False],
    "ceremony_publicity": [True, False],
    "confidentiality_term": [{"count": 1, "unit": "years"}, {"count": 3, "unit": "years"}],
    "effective": [
        {"mode": "last_signature", "zone": "Asia/Hong_Kong"},
        {"mode": "fixed_date", "date": "2026-12-01", "zone": "Europe/Stockholm"},
        {"mode": "condition", "condition": CONDITION, "zone": "UTC"},
    ],
    "term": [{"count": 13, "unit": "months"}, {"count": 1, "unit": "years"}],
    "renewal": ["none", "written", "auto"],
    "governing_law": ["cn", "hk", "de", "fi", "se", "other", "silent"],
    "dispute": [
        {"mode": "court", "court": COURT},
        {**SEAT, "language": "en"},
        {**SEAT, "language": "zh_en", "arbitrators": "three", "institution": "icc"},
        {**SEAT, "language": "zh", "institution": "fai"},
    ],
    "prevailing": ["zh-Hans", "en", "equal"],
    "signature_level": ["advanced", "qualified"],
    "copies": [0, 1, 2],
}


@cache
def everything() -> tuple[Version, ...]:
    """The samples, and one version for each row of choices."""
    found = [version(CHENGDU), version(THREE)]
    for row in in_pairs(CHOICES):
        chosen = {key: value for key, value in row.items() if key != "of" and value is not None}
        more = {"exclusivity_scope": SCOPE, "governing_law_other": LAW, "renewal_term": {"count": 1, "unit": "years"}}
        found.append(version(row["of"], **chosen, **more))
    return tuple(found)


def test_every_combination_of_choices_composes_in_pairs() -> None:
    """No text ever lacks a value, and the four languages always stand together."""
    assert 20 <= len(everything()) <= 80
    for found in everything():
        for part in found.clauses:
            assert part.paragraphs
            assert tuple(part.title) == LANGUAGES
            assert all(tuple(row) == LANGUAGES and all(row.values()) for row in part.paragraphs)


def test_every_clause_has_its_text_in_every_language() -> None:
    files = {path.name for path in (LIBRARY / "strategic_cooperation" / "clauses").iterdir()}
    assert files == {f"{one.id}.{lang}.md" for one in strategic().clauses for lang in LANGUAGES}
    for one in strategic().clauses:
        assert len({text.title for text in one.texts.values()}) == len(LANGUAGES), one.id


def test_figures_and_numbers_of_articles_are_the_same_in_every_language() -> None:
    """How many members, meetings and copies there are is said in words in Chinese and English, in figures elsewhere."""
    for found in everything():
        group = found.values["joint_group"]
        in_words = {str(group["members"]), str(group["meetings"]), str(found.values["copies"])}
        for paragraph in (one for part in found.clauses for one in part.paragraphs):
            expected = Counter(figures(paragraph["zh-Hans"], "zh-Hans"))
            assert Counter(figures(paragraph["en"], "en")) == expected, paragraph
            for lang in ("de", "fi"):
                said = Counter(figures(paragraph[lang], lang))
                assert set(said - expected) <= in_words, paragraph
                assert not expected - said, paragraph


def test_german_and_finnish_say_how_many_where_chinese_and_english_use_words() -> None:
    found = version(joint_group={"members": 7, "meetings": 12, "chair": "b"}, copies=5)
    for lang, members, copies in (("de", "beträgt 7.", "(Anzahl: 5)"), ("fi", "on 7.", "(lukumäärä: 5)")):
        assert members in clause(found, "mechanism", lang)
        assert "12" in figures(clause(found, "mechanism", lang), lang)
        assert copies in clause(found, "signature", lang)


# --- typography ---


@pytest.mark.parametrize(
    ("lang", "assert_set"),
    [
        ("zh-Hans", assert_set_as_chinese),
        ("en", assert_set_as_english),
        ("de", assert_set_as_german),
        ("fi", assert_set_as_finnish),
    ],
)
def test_every_combination_is_set_with_the_marks_of_its_language(lang: str, assert_set: Callable[[str], None]) -> None:
    for found in everything():
        for text in texts(found, lang):
            assert_set(text)


@BOTH
def test_values_are_set_with_the_marks_of_their_language(name: str) -> None:
    for one in version(name).shown:
        if one.path != "background":  # a quotation in it may end where the text does
            assert not re.search(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]", one.text["zh-Hans"])
        if not one.path.endswith(".name"):  # a person is shown in their own script
            assert_set_as_german(one.text["de"])
            assert_set_as_finnish(one.text["fi"])


def test_no_english_is_left_in_the_translations() -> None:
    names = {institution.text[lang] for institution in choices("dispute", "institution") for lang in ("de", "fi")}
    for found in everything():
        for lang in ("de", "fi"):
            for text in texts(found, lang):
                for name in names:
                    text = text.replace(name, "")
                assert_no_english(text)


def test_labels_and_messages_are_translated() -> None:
    """Only what is a name reads the same in two languages."""
    same = {"CIETAC", "SCIA", "HKIAC", "SIAC", "SCC", "ICC", "DIS", "FAI", "China"}
    for texts_of in every_text():
        assert tuple(texts_of) == LANGUAGES
        for lang in ("de", "fi"):
            assert texts_of[lang] != texts_of["en"] or texts_of["en"] in same, texts_of
        assert_set_as_german(texts_of["de"])
        assert_set_as_finnish(texts_of["fi"])


def every_text() -> Iterator[Texts]:
    template = strategic()
    yield from (template.title, template.notice)
    yield from (one.title for one in template.groups)
    yield from (one.message for one in template.rules)
    yield from (one.name for one in template.approval_route)
    for one in every_variable((*template.variables, *template.computed)):
        yield from (texts_of for texts_of in (one.label, one.help) if texts_of)
        for choice in one.choices:
            yield from (choice.label, choice.text)


def every_variable(variables: tuple[Variable, ...]) -> Iterator[Variable]:
    for one in variables:
        yield one
        if one.type != "party":  # what is asked about a party is shared by all packages
            yield from every_variable((*one.fields, *((one.item,) if one.item else ())))


def test_laws_are_named_in_book_title_marks() -> None:
    chinese = "".join(texts(version(), "zh-Hans"))
    assert "《中华人民共和国个人信息保护法》" in chinese
    assert "《中华人民共和国电子签名法》" in chinese
    assert not re.search(r"(?<!《)中华人民共和国\w{2,8}法》", chinese)


@pytest.mark.parametrize(("lang", "marks"), [("zh-Hans", "。；："), ("en", ".;:"), ("de", ".;:"), ("fi", ".;:")])
def test_every_paragraph_ends_as_it_should(lang: str, marks: str) -> None:
    from_values = ("areas", "responsibilities", "notices")  # items there end as the drafter wrote them
    for found in everything():
        for part in found.clauses:
            for paragraph, label in zip(part.paragraphs, part.labels, strict=True):
                drafters = part.id == "parties" or (part.id in from_values and label["en"].startswith("("))
                assert drafters or paragraph[lang].rstrip("“”")[-1] in marks, paragraph[lang]


def test_hidden_values_do_not_get_into_the_agreement() -> None:
    found = version(exclusivity=False, exclusivity_scope=dict.fromkeys(LANGUAGES, "hidden scope"))
    assert b"hidden scope" not in found.canonical


def test_a_text_in_two_languages_only_is_refused_for_the_others() -> None:
    with pytest.raises(InvalidFields) as refused:
        validate(strategic(), raw() | {"place": {"zh-Hans": "成都", "en": "Chengdu"}}, TODAY)
    assert [(one.path, one.code) for one in refused.value.problems] == [
        ("place.de", "field.required"),
        ("place.fi", "field.required"),
    ]


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
