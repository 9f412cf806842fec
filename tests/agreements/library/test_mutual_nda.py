"""The shipped non-disclosure agreement: complete in both languages under every choice, and everything in it binds."""

from __future__ import annotations

import copy
import re
from functools import cache
from itertools import product
from typing import Any

import pytest

from agreements.fields import examine, validate, warnings
from agreements.templates import LIBRARY, Template, load
from agreements.versions import Version, compose
from tests.agreements.cases import TODAY
from tests.agreements.pairs import in_pairs
from tests.agreements.wording import assert_set_as_chinese, assert_set_as_english, clause, figures, texts

MUTUAL = "mutual_chengdu"
ONE_WAY = "one_way_hamburg"
LANGUAGES = ("zh-Hans", "en")

ARTICLES = [
    *("parties", "purpose", "information", "exclusions", "duties", "recipients", "compelled", "return"),
    *("ownership", "compliance", "breach", "injunction", "term"),
    *("law", "disputes", "language", "signature", "notices", "general"),
]


@cache
def nda() -> Template:
    return load(LIBRARY / "mutual_nda")


def raw(name: str = MUTUAL, **changes: Any) -> dict[str, Any]:
    return copy.deepcopy(dict(nda().samples[name]) | changes)


def version(name: str = MUTUAL, **changes: Any) -> Version:
    return compose(nda(), validate(nda(), raw(name, **changes), TODAY))


# --- what the samples say ---


def test_the_mutual_sample_has_its_nineteen_articles() -> None:
    found = version()
    assert [one.id for one in found.clauses] == ARTICLES
    assert [one.number for one in found.clauses] == list(range(1, 20))
    assert found.agreement_no == "NDA-2026-042"
    assert [block.person_title["en"] for block in found.signature_blocks] == [
        "Director",
        "Vice President Business Development",
    ]


@pytest.mark.parametrize("name", [MUTUAL, ONE_WAY])
def test_everything_binds_and_says_so(name: str) -> None:
    found = version(name)
    assert all(one.binding for one in found.clauses)
    assert "全部条款对各方均具有法律约束力" in clause(found, "general", "zh-Hans")
    assert "All provisions of this Agreement are legally binding" in clause(found, "general", "en")


def test_both_optional_articles_move_the_numbers() -> None:
    found = version(residuals=True)
    ids = [one.id for one in found.clauses]
    assert ids == [*ARTICLES[:8], "residuals", *ARTICLES[8:]]
    assert "Article 14" in clause(found, "return", "en")
    assert "第十四条" in clause(found, "return", "zh-Hans")
    assert "Article 12" in clause(version(injunctive=False), "return", "en")


def test_in_a_mutual_agreement_every_party_can_disclose() -> None:
    found = version()
    assert "保密义务是相互的" in clause(found, "purpose", "zh-Hans")
    assert "are mutual" in clause(found, "purpose", "en")
    assert b"one-way" not in found.canonical


def test_a_one_way_agreement_names_the_disclosing_party() -> None:
    found = version(ONE_WAY)
    assert "仅乙方为“披露方”" in clause(found, "purpose", "zh-Hans")
    assert "Party B alone is the “Disclosing Party”" in clause(found, "purpose", "en")


def test_the_four_standard_exclusions_stand() -> None:
    paragraphs = next(one for one in version().clauses if one.id == "exclusions").paragraphs
    assert [one["en"][-1] for one in paragraphs] == [":", ";", ";", ";", ".", "."]
    english = clause(version(), "exclusions", "en")
    for words in ("becomes, public", "lawfully held before", "third party entitled", "develops independently"):
        assert words in english


def test_marking_decides_what_is_confidential() -> None:
    reasonable, required = version(), version(ONE_WAY)
    assert "a reasonable person would regard as confidential" in clause(reasonable, "information", "en")
    assert "理性人会认为属于保密" in clause(reasonable, "information", "zh-Hans")
    assert "within fourteen (14) days of the disclosure" in clause(required, "information", "en")
    assert "自披露之日起十四（14）日内" in clause(required, "information", "zh-Hans")
    assert "reasonable person" not in clause(required, "information", "en")


@pytest.mark.parametrize(("affiliates", "advisers"), list(product([True, False], repeat=2)))
def test_only_chosen_recipients_get_the_information(affiliates: bool, advisers: bool) -> None:
    found = version(recipients={"affiliates": affiliates, "advisers": advisers})
    english, chinese = clause(found, "recipients", "en"), clause(found, "recipients", "zh-Hans")
    assert ("Affiliate" in english, "lawyers" in english) == (affiliates, advisers)
    assert ("关联方" in chinese, "律师" in chinese) == (affiliates, advisers)
    assert "employees of the Receiving Party itself." in english


def test_duties_survive_for_years_and_trade_secrets_until_public() -> None:
    found = version()
    assert "for five (5) years after it ends" in clause(found, "term", "en")
    assert "until it becomes public" in clause(found, "term", "en")
    assert "终止后五（5）年内" in clause(found, "term", "zh-Hans")
    assert "直至该信息为公众所知悉之时" in clause(found, "term", "zh-Hans")
    assert "one (1) year after" in clause(version(ONE_WAY), "term", "en")


def test_the_end_date_is_counted_for_a_fixed_date() -> None:
    found = version(ONE_WAY)
    assert "有效期至2028年2月28日届满" in clause(found, "term", "zh-Hans")
    assert "ends at the close of 28 February 2028" in clause(found, "term", "en")


def test_liquidated_damages_are_in_words_and_figures() -> None:
    found = version(ONE_WAY)
    assert "违约金伍万欧元整（€50,000.00）" in clause(found, "breach", "zh-Hans")
    assert "EUR 50,000.00 (fifty thousand euros) for each breach" in clause(found, "breach", "en")
    assert b"liquidated" not in version().canonical.replace(b'"liquidated_damages"', b"")


@pytest.mark.parametrize("law", ["cn", "hk", "de", "fi", "se", "silent"])
def test_the_rule_on_adjusting_them_is_stated_under_chinese_law_only(law: str) -> None:
    found = version(liquidated_damages=True, damages_amount={"amount": "200000", "currency": "CNY"}, governing_law=law)
    chinese, english = clause(found, "breach", "zh-Hans"), clause(found, "breach", "en")
    assert ("《中华人民共和国民法典》第五百八十五条" in chinese, "Article 585" in english) == (law == "cn", law == "cn")
    assert ("关于调整违约金的强制性规定" in chinese) is (law != "cn")


def test_arbitration_names_institution_seat_language_and_number() -> None:
    english = clause(version(), "disputes", "en")
    for words in ("(CIETAC)", "Chengdu (China)", "a sole arbitrator", "proceedings is Chinese and English"):
        assert words in english


def test_more_than_two_parties_are_third_parties_to_what_they_were_not_given() -> None:
    assert "视为第三方" in clause(version(ONE_WAY), "duties", "zh-Hans")
    assert "视为第三方" not in clause(version(), "duties", "zh-Hans")


def test_hidden_values_do_not_get_into_the_agreement() -> None:
    found = version(discloser="a", damages_amount={"amount": "777", "currency": "EUR"})
    assert b"777" not in found.canonical
    assert "discloser" not in found.values


# --- the texts, under every two choices together ---

CHOICES: dict[str, list[Any]] = {
    "direction": ["mutual", "one_way"],
    "discloser": ["a", "b", "c"],
    "marking": ["reasonable", "required"],
    "prior_from": ["2026-10-12", None],
    "talks_confidential": [True, False],
    "recipients": [{"affiliates": one, "advisers": other} for one, other in product([True, False], repeat=2)],
    "residuals": [False, True],
    "personal_data": [False, True],
    "liquidated_damages": [False, True],
    "injunctive": [True, False],
    "effective": [
        {"mode": "last_signature", "zone": "UTC"},
        {"mode": "fixed_date", "zone": "Europe/Helsinki", "date": "2026-12-01"},
        {"mode": "condition", "condition": {"zh-Hans": "甲方主管机关批准", "en": "the authority of Party A approves"}},
    ],
    "renewal": ["written", "none", "auto"],
    "governing_law": ["cn", "hk", "de", "fi", "se", "other", "silent"],
    "dispute": [
        {
            "mode": "arbitration",
            "institution": "scc",
            "seat_city": {"zh-Hans": "斯德哥尔摩", "en": "Stockholm"},
            "seat_country": "SE",
            "language": "en",
            "arbitrators": "three",
        },
        {"mode": "court", "court": {"zh-Hans": "成都市中级人民法院", "en": "the Chengdu Intermediate People’s Court"}},
    ],
    "prevailing": ["zh-Hans", "en", "equal"],
    "signature_level": ["advanced", "qualified"],
    "copies": [0, 2],
    "parties": [2, 3],
}
WITH_CHOICE: dict[str, Any] = {
    "damages_amount": {"amount": "200000.50", "currency": "CNY"},
    "governing_law_other": {"zh-Hans": "法兰西共和国法律", "en": "the laws of the French Republic"},
}


@cache
def versions_in_pairs() -> tuple[Version, ...]:
    found = []
    for row in in_pairs(CHOICES):
        values = row | WITH_CHOICE
        values["parties"] = raw(ONE_WAY)["parties"][: values["parties"]]
        if len(values["parties"]) == 2 and values["discloser"] == "c":
            values["discloser"] = "b"
        found.append(version(**values))
    return tuple(found)


def test_every_two_choices_compose_together() -> None:
    assert 20 < len(versions_in_pairs()) < 300
    for found in versions_in_pairs():
        assert all(one.binding for one in found.clauses)
        for part in found.clauses:
            assert all(set(row) == set(LANGUAGES) and all(row.values()) for row in part.paragraphs)


def test_every_combination_is_set_with_the_marks_of_each_language() -> None:
    for found in versions_in_pairs():
        for text in texts(found, "zh-Hans"):
            assert_set_as_chinese(text)
        for text in texts(found, "en"):
            assert_set_as_english(text)


def test_laws_are_named_in_book_title_marks() -> None:
    for found in (version(), *versions_in_pairs()):
        chinese = "".join(texts(found, "zh-Hans"))
        for law in ("反不正当竞争法", "个人信息保护法", "数据安全法", "网络安全法", "出口管制法", "电子签名法"):
            assert f"《中华人民共和国{law}》" in chinese
        assert not re.search(r"(?<!《)中华人民共和国\w{2,8}法(?!律)", chinese)


@pytest.mark.parametrize(("lang", "marks"), [("zh-Hans", "。；："), ("en", ".;:")])
def test_every_paragraph_ends_as_it_should(lang: str, marks: str) -> None:
    from_values = ("parties", "information", "notices")  # items there end as the drafter wrote them
    for found in versions_in_pairs():
        for one in found.clauses:
            for paragraph in one.paragraphs if one.id not in from_values else ():
                assert paragraph[lang][-1] in marks, paragraph[lang]


def test_an_item_list_ends_with_a_full_stop() -> None:
    for found in versions_in_pairs():
        for one in found.clauses:
            rows = [*zip(one.paragraphs, one.labels, strict=True)]
            for (paragraph, label), after in zip(rows, [*rows[1:], None], strict=True):
                if one.id in ("information", "notices") or not label["en"].startswith("("):
                    continue
                last = after is None or not after[1]["en"].startswith("(")
                assert (paragraph["zh-Hans"][-1], paragraph["en"][-1]) == (("。", ".") if last else ("；", ";"))


def test_figures_are_the_same_in_both_languages() -> None:
    for found in (version(), version(ONE_WAY), *versions_in_pairs()):
        for one in found.clauses:
            for paragraph in one.paragraphs:
                assert figures(paragraph["zh-Hans"], "zh-Hans") == figures(paragraph["en"], "en"), paragraph


# --- rules ---

COURT = {"mode": "court", "court": {"zh-Hans": "成都市中级人民法院", "en": "the courts of Chengdu"}}
ONE_MONTH = {"count": 1, "unit": "months"}
FIXED = {"mode": "fixed_date", "date": "2026-12-01"}
DAMAGES: dict[str, Any] = {"liquidated_damages": True, "damages_amount": {"amount": "50000", "currency": "EUR"}}

BAD_VALUES: list[tuple[str, str, dict[str, Any]]] = [
    ("discloser_is_a_party", "须为协议当事方", {"direction": "one_way", "discloser": "c"}),
    ("discloser_is_a_party", "须为协议当事方", {"direction": "one_way", "discloser": "d"}),
    ("term_is_ten_years_at_most", "最长为十年", {"term": {"count": 11, "unit": "years"}}),
    ("renewal_notice_within_term", "须短于有效期", {"renewal": "auto", "renewal_term": ONE_MONTH}),
    ("termination_notice_within_term", "须短于有效期", {"term": ONE_MONTH}),
    ("prior_disclosures_before_effect", "须早于生效日期", {"effective": FIXED, "prior_from": "2026-12-01"}),
    ("prior_disclosures_in_the_past", "晚于今日", {"prior_from": "2026-11-23"}),
    ("effective_date_long_past", "三十日以上", {"effective": FIXED | {"date": "2026-10-20"}}),
    ("residuals_weaken_protection", "削弱保护", {"residuals": True}),
    ("damages_can_be_adjusted", "第五百八十五条", DAMAGES),
    ("damages_under_other_laws", "征询法律意见", {"governing_law": "de", **DAMAGES}),
    ("law_is_agreed", "未约定适用法律", {"governing_law": "silent"}),
    ("one_language_prevails", "同等效力", {"prevailing": "equal"}),
]


def told(values: dict[str, Any]) -> dict[str, Any]:
    _, problems, doubts = examine(nda(), values, TODAY)
    return {one.code: one for one in (*problems, *doubts)}


@pytest.mark.parametrize(("rule", "words", "changes"), BAD_VALUES)
def test_each_rule_tells_what_would_be_right(rule: str, words: str, changes: dict[str, Any]) -> None:
    found = told(raw(**changes))
    assert words in found[f"rule.{rule}"].words("zh-Hans")
    assert found[f"rule.{rule}"].words("en") == next(one for one in nda().rules if one.id == rule).message["en"]


def test_parties_of_mainland_china_are_told_of_a_seat_abroad_and_of_foreign_currency() -> None:
    values = raw(**DAMAGES)
    values["parties"] = [values["parties"][0], raw(ONE_WAY)["parties"][0]]
    values["dispute"]["seat_country"] = "SG"
    found = told(values)
    assert "仲裁地在境外" in found["rule.domestic_parties_foreign_seat"].words("zh-Hans")
    assert "以人民币计价" in found["rule.domestic_parties_foreign_currency"].words("zh-Hans")
    values["dispute"] = COURT
    values["damages_amount"]["currency"] = "CNY"
    assert not {"rule.domestic_parties_foreign_seat", "rule.domestic_parties_foreign_currency"} & set(told(values))


def test_every_rule_is_shown_to_speak() -> None:
    abroad = {"domestic_parties_foreign_seat", "domestic_parties_foreign_currency"}
    assert {rule for rule, _, _ in BAD_VALUES} | abroad == {one.id for one in nda().rules}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kinds": []}, "field.too_few_rows"),
        ({"direction": "one_way"}, "field.required"),
        ({"liquidated_damages": True}, "field.required"),
        ({"liquidated_damages": True, "damages_amount": {"amount": "0", "currency": "EUR"}}, "field.too_small"),
        ({"survival": {"count": 11, "unit": "years"}}, "field.too_large"),
        ({"survival": {"count": 6, "unit": "months"}}, "field.not_a_unit"),
        ({"return_period": {"count": 1, "unit": "days"}}, "field.too_small"),
    ],
)
def test_values_outside_the_limits_are_refused(changes: dict[str, Any], code: str) -> None:
    assert code in told(raw(**changes))


def test_the_mutual_sample_needs_no_second_look() -> None:
    assert warnings(nda(), validate(nda(), raw(), TODAY), TODAY) == ()
