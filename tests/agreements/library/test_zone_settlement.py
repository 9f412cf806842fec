"""The shipped settlement agreement for an SME cooperation zone: both languages, every choice, every rule."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from agreements.fields import examine, validate, warnings
from agreements.numerals import article
from agreements.templates import LIBRARY, Template, load
from agreements.versions import Version, compose
from tests.agreements.cases import TODAY
from tests.agreements.pairs import in_pairs
from tests.agreements.wording import assert_set_as_chinese, assert_set_as_english, clause, figures, texts

LEASE = "german_supplier_2026"
PLOT = "finnish_plot_2027"
LANGUAGES = ("zh-Hans", "en")
ARTICLES = [
    *("parties", "background", "purpose", "project", "premises", "land_rights", "investment", "milestones"),
    *("targets", "services", "support", "assurances", "environment", "transfer", "breach", "clawback", "exit"),
    *("confidentiality", "compliance", "costs", "publicity", "term", "nature"),
    *("law", "disputes", "language", "signature", "notices", "general"),
]


@cache
def zone() -> Template:
    return load(LIBRARY / "zone_settlement")


def raw(name: str = LEASE, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A sample's values, with some replaced by their dotted path; None removes one."""
    values: dict[str, Any] = copy.deepcopy(dict(zone().samples[name]))
    for path, value in (changes or {}).items():
        here: Any = values
        *before, last = path.split(".")
        for part in before:
            here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
        here[int(last) if isinstance(here, list) else last] = copy.deepcopy(value)
    return values


def version(name: str = LEASE, changes: Mapping[str, Any] | None = None) -> Version:
    return compose(zone(), validate(zone(), raw(name, changes), TODAY))


def warned(name: str = LEASE, changes: Mapping[str, Any] | None = None) -> list[str]:
    return [one.code for one in warnings(zone(), validate(zone(), raw(name, changes), TODAY), TODAY)]


def money(amount: str, currency: str = "CNY") -> dict[str, str]:
    return {"amount": amount, "currency": currency}


# --- what the samples say ---


def test_the_leased_hall_has_its_twenty_nine_articles() -> None:
    found = version()
    assert [one.id for one in found.clauses] == ARTICLES
    assert [one.number for one in found.clauses] == list(range(1, 30))
    assert found.agreement_no == "ZSA-2026-011"
    assert found.title["zh-Hans"] == "中小企业合作区入驻协议"
    assert [block.person_title["zh-Hans"] for block in found.signature_blocks] == ["主任", "总经理"]


def test_without_support_there_is_nothing_to_repay_and_the_numbers_move() -> None:
    found = version(PLOT)
    assert [one.id for one in found.clauses] == [one for one in ARTICLES if one not in ("support", "clawback")]
    numbers = {one.id: one.number for one in found.clauses}
    assert (numbers["assurances"], numbers["exit"], numbers["general"]) == (11, 15, 27)
    assert "Article 15" in clause(found, "land_rights", "en")
    assert "第十五条" in clause(found, "land_rights", "zh-Hans")
    assert "Support" not in "".join(texts(found, "en"))


@pytest.mark.parametrize("name", [LEASE, PLOT])
def test_all_but_background_and_principles_bind(name: str) -> None:
    found = version(name)
    assert {one.id for one in found.clauses if not one.binding} == {"background", "purpose"}
    for lang in LANGUAGES:
        first, second, *_ = next(one for one in found.clauses if one.id == "nature").paragraphs
        for one in found.clauses:
            number = article(one.number, lang)
            named = f"{number}（{one.title[lang]}）" if lang == "zh-Hans" else f"{number} ({one.title[lang]})"
            assert (named in first[lang], named in second[lang]) == (one.binding, not one.binding)


def test_legal_texts_are_locked() -> None:
    locks = {one.id: one.lock for one in zone().clauses}
    assert {one for one in locks if locks[one] == "fixed"} == {"nature", "language", "signature"}
    assert all(locks[one] == "legal" for one in ("support", "clawback", "assurances", "exit", "disputes", "law"))


def test_project_company_investment_and_targets_are_the_same_in_both_languages() -> None:
    found = version()
    assert "不晚于2027年3月31日在合作区登记设立公司" in clause(found, "project", "zh-Hans")
    assert "has a company registered in the Zone by 31 March 2027" in clause(found, "project", "en")
    assert "投资总额为伍佰万欧元整（€5,000,000.00）" in clause(found, "investment", "zh-Hans")
    assert "EUR 5,000,000.00 (five million euros)" in clause(found, "investment", "en")
    assert "第二运营年度：产值人民币32,000,000.00元，年末用工60人" in clause(found, "targets", "zh-Hans")
    assert "Operating Year two: output CNY 32,000,000.00; jobs at the end of the year 60" in clause(
        found, "targets", "en"
    )


def test_support_names_its_policy_its_condition_and_its_cap() -> None:
    found = version()
    chinese, english = clause(found, "support", "zh-Hans"), clause(found, "support", "en")
    for words in (
        "《青溪区制造业设备更新支持办法》",
        "条件为投产日起十二个月内",
        "人民币2,400,000.00元",
        "QX-GP-2026-042",
    ):
        assert words in chinese
    for words in (
        "(Qing Fu Gui (2025) No. 6)",
        "condition: production",
        "not more than CNY 2,400,000.00",
        "16 November",
    ):
        assert words in english


def test_a_forecast_of_taxes_is_said_to_be_no_obligation() -> None:
    assert "税收预测不构成义务" in clause(version(PLOT), "targets", "zh-Hans")
    assert "Forecasts of taxes are not obligations" in clause(version(PLOT), "targets", "en")
    assert "axes" not in clause(version(), "targets", "en")


def test_the_operator_is_named_and_the_authority_answers_for_it() -> None:
    assert "丙方受甲方委托" in clause(version(PLOT), "parties", "zh-Hans")
    assert "Party A is liable" in clause(version(PLOT), "services", "en")
    assert "Party C" not in "".join(texts(version(), "en"))


def test_land_comes_by_open_bidding_and_rent_by_another_contract() -> None:
    assert "招标、拍卖或者挂牌" in clause(version(PLOT), "land_rights", "zh-Hans")
    assert "has the number QX-CR-2027-003" in clause(version(PLOT), "land_rights", "en")
    for name in (LEASE, PLOT):
        assert "This Agreement creates no lease, no right to use land" in clause(version(name), "land_rights", "en")


def test_leaving_the_zone_is_free() -> None:
    for name in (LEASE, PLOT):
        assert "迁移或者退出的自由" in clause(version(name), "exit", "zh-Hans")
        assert "nothing restricts the freedom" in clause(version(name), "exit", "en")


def test_the_end_date_is_counted_for_a_fixed_date() -> None:
    assert "有效期至2042年1月30日届满" in clause(version(PLOT), "term", "zh-Hans")
    assert "ends at the close of 30 January 2042" in clause(version(PLOT), "term", "en")


@pytest.mark.parametrize(
    ("changes", "clause_id", "zh", "en"),
    [
        (
            {"support.0.tied_to_tax": True},
            "support",
            "与缴纳的税额挂钩的支持，仅在",
            "Support tied to the amount of taxes",
        ),
        (
            {"support.0.single_enterprise": True},
            "support",
            "仅给予乙方或者项目公司的支持，仅在",
            "alone may be given only",
        ),
        ({"fair_review": {"state": "pending"}}, "support", "不给予支持", "no Support is given until"),
        ({"clawback.extent": "full"}, "clawback", "返还已经取得的全部支持", "all Support received is repaid"),
        (
            {"clawback.extent": "proportionate"},
            "clawback",
            "尚未届满的时间占稳定经营期的比例",
            "in the proportion that",
        ),
        ({"clawback.interest": True}, "clawback", "一年期贷款市场报价利率", "one-year loan prime rate"),
        ({"project_company.parent_liability": "own"}, "project", "仅对自身的义务", "its own obligations only"),
        ({"project_company.share": "51"}, "project", "不低于51.00%", "not less than 51.00%"),
        ({"investment.fdi_share": 0}, "investment", "全部由境内投资者投入", "domestic investors entirely"),
        ({"investment.fdi_share": "40.5"}, "investment", "占40.50%", "40.50% is contributed by foreign"),
        ({"environment.hazardous": True}, "environment", "危险化学品", "hazardous chemicals"),
        (
            {"environment.energy_limit": "80"},
            "environment",
            "不超过80.00千克标准煤",
            "80.00 kilograms of standard coal",
        ),
        ({"prevailing": "en"}, "language", "以英文文本为准", "the English text prevails"),
        ({"retention": {"count": 3, "unit": "years"}}, "transfer", "三（3）年为“稳定经营期”", "three (3) years from"),
    ],
)
def test_a_choice_is_said_in_both_languages(changes: dict[str, Any], clause_id: str, zh: str, en: str) -> None:
    found = version(LEASE, changes)
    assert zh in clause(found, clause_id, "zh-Hans")
    assert en in clause(found, clause_id, "en")


def test_hidden_values_do_not_get_into_the_agreement() -> None:
    found = version(LEASE, {"premises.plot": {"zh-Hans": "隐藏", "en": "hidden plot"}})
    assert b"hidden plot" not in found.canonical


# --- every choice with every other ---

SUPPORT = raw(LEASE)["support"]
THIRD = raw(PLOT)["parties"][2]
CITY = {"zh-Hans": "北京", "en": "Beijing"}
ARBITRATION = {"mode": "arbitration", "seat_city": CITY, "seat_country": "CN", "language": "zh", "arbitrators": "one"}
PREMISES: dict[str, Any] = {
    "area_m2": 900,
    "use": {"zh-Hans": "生产", "en": "production"},
    "handover": "2027-05-01",
    "building": {"zh-Hans": "A1栋", "en": "building A1"},
    "floor": {"zh-Hans": "第一层", "en": "ground floor"},
    "plot": {"zh-Hans": "QX-7号宗地", "en": "plot QX-7"},
}
CHOICES: dict[str, list[Any]] = {
    "parties": [2, 3],
    "background": [None, {"zh-Hans": "各方已有合作。", "en": "The Parties have worked together."}],
    "project_company.share": ["51", "100"],
    "project_company.parent_liability": ["joint", "own"],
    "premises": [
        {**PREMISES, "basis": "lease"},
        {**PREMISES, "basis": "lease", "lease_no": "L-1"},
        {**PREMISES, "basis": "land"},
    ],
    "investment.fdi_share": [0, 60, 100],
    "targets.0.tax": [None, money("90000")],
    "support": [
        None,
        SUPPORT,
        [{**SUPPORT[0], "tied_to_tax": True}],
        [{**SUPPORT[0], "single_enterprise": True}],
        [{**SUPPORT[0], "tied_to_tax": True, "single_enterprise": True}],
    ],
    "fair_review": [{"state": "pending"}, {"state": "done", "reference": "R-1", "date": "2026-11-01"}],
    "environment.hazardous": [True, False],
    "environment.energy_review": [True, False],
    "environment.energy_limit": [None, "80"],
    "environment.particular": [None, [{"duty": {"zh-Hans": "回用废水", "en": "recycles waste water"}}]],
    "affiliate_transfer": [True, False],
    "clawback.extent": ["proportionate", "full"],
    "clawback.interest": [True, False],
    "personal_data": [True, False],
    "ceremony_publicity": [True, False],
    "effective": [
        {"mode": "last_signature"},
        {"mode": "fixed_date", "zone": "Europe/Berlin", "date": "2026-12-01"},
        {"mode": "condition", "condition": {"zh-Hans": "主管机关批准", "en": "the authority approves it"}},
    ],
    "renewal": ["none", "written"],
    "governing_law": ["cn", "hk", "de", "fi", "se", "other", "silent"],
    "dispute": [
        {"mode": "court", "court": {"zh-Hans": "成都市中级人民法院", "en": "the courts of Chengdu"}},
        {**ARBITRATION, "institution": "cietac"},
        {**ARBITRATION, "institution": "scc", "arbitrators": "three", "language": "zh_en"},
    ],
    "prevailing": ["zh-Hans", "en", "equal"],
    "signature_level": ["advanced", "qualified"],
    "copies": [0, 2],
}


@cache
def composed() -> tuple[Version, ...]:
    found = []
    other_law = {"zh-Hans": "瑞士法律", "en": "the laws of Switzerland"}
    for row in in_pairs(CHOICES):
        changes = row | {"governing_law_other": other_law}
        parties = raw()["parties"]
        changes["parties"] = [*parties, THIRD] if changes["parties"] == 3 else parties
        found.append(version(LEASE, changes))
    return tuple(found)


def test_every_combination_of_choices_composes_in_pairs() -> None:
    assert 35 <= len(composed()) <= 300
    for found in composed():
        for part in found.clauses:
            assert all(set(row) == set(LANGUAGES) and all(row.values()) for row in part.paragraphs)


# --- typography ---


def everything() -> list[Version]:
    return [version(LEASE), version(PLOT), *composed()]


def test_every_combination_is_set_with_the_marks_of_each_language() -> None:
    for found in composed():
        for text in texts(found, "zh-Hans"):
            assert_set_as_chinese(text)
        for text in texts(found, "en"):
            assert_set_as_english(text)


def test_laws_are_named_in_book_title_marks() -> None:
    chinese = "".join(texts(version(LEASE), "zh-Hans") + texts(version(PLOT), "zh-Hans"))
    for name in (
        *("中华人民共和国外商投资法", "中华人民共和国土地管理法", "公平竞争审查条例", "优化营商环境条例"),
        *("中华人民共和国安全生产法", "中华人民共和国消防法", "中华人民共和国节约能源法"),
        *("中华人民共和国政府信息公开条例", "中华人民共和国个人信息保护法", "中华人民共和国电子签名法"),
    ):
        assert f"《{name}》" in chinese
    assert not re.search(r"(?<!《)中华人民共和国\w{2,8}法(?!律)", chinese)
    assert not re.search(r"(?<!《)公平竞争审查条例", chinese)


@pytest.mark.parametrize(("lang", "marks"), [("zh-Hans", "。；："), ("en", ".;:")])
def test_every_paragraph_ends_as_it_should(lang: str, marks: str) -> None:
    rows = {"investment", "targets", "services", "support", "environment"}  # their items end as the drafter wrote them
    for found in everything():
        for one in found.clauses:
            for paragraph, label in zip(one.paragraphs, one.labels, strict=True):
                from_values = one.id in ("parties", "notices") or (one.id in rows and label["en"].startswith("("))
                assert from_values or paragraph[lang][-1] in marks, paragraph[lang]


def test_figures_are_the_same_in_both_languages() -> None:
    for found in everything():
        for one in found.clauses:
            for paragraph in one.paragraphs if one.id != "parties" else ():
                assert figures(paragraph["zh-Hans"], "zh-Hans") == figures(paragraph["en"], "en"), paragraph


def test_both_languages_refer_to_the_same_articles() -> None:
    numbers = {article(number, "zh-Hans"): number for number in range(1, 40)}
    for found in everything():
        for one in found.clauses:
            if one.id in ("nature", "signature"):
                continue
            for paragraph in one.paragraphs:
                chinese = [numbers[name] for name in re.findall(r"第[一二三四五六七八九十]+条", paragraph["zh-Hans"])]
                english = [int(number) for number in re.findall(r"Article (\d+)", paragraph["en"])]
                assert sorted(chinese) == sorted(english), paragraph


TERMS = [
    *(("项目", "Project"), ("项目公司", "Project Company"), ("场地", "Premises"), ("场地合同", "Premises Contract")),
    *(("投产日", "Start of Operation"), ("运营年度", "Operating Year"), ("支持", "Support")),
    *(("稳定经营期", "Retention Period"), ("生效日", "Effective Date"), ("保密信息", "Confidential Information")),
]


@pytest.mark.parametrize(("zh", "en"), TERMS)
def test_a_term_is_defined_once_and_not_used_in_an_earlier_article(zh: str, en: str) -> None:
    found = version()
    for lang, term in (("zh-Hans", zh), ("en", en)):
        by_article = ["\n".join(one[lang] for one in each.paragraphs) for each in found.clauses]
        assert "\n".join(by_article).count(f"“{term}”") == 1
        defined = next(index for index, text in enumerate(by_article) if f"“{term}”" in text)
        if lang == "en":  # the Chinese words for project and support are everyday words as well
            assert not [index for index in range(1, defined) if re.search(rf"\b{term}\b", by_article[index])]


# --- rules ---

STAGE = {"zh-Hans": "设备", "en": "equipment"}


@pytest.mark.parametrize(
    ("name", "changes", "code", "words"),
    [
        (LEASE, {"milestones.registered_by": "2027-06-01"}, "milestones_in_order", "registered not later than started"),
        (LEASE, {"milestones.operate_by": "2027-05-31"}, "milestones_in_order", "started before operating"),
        (PLOT, {"milestones.operate_by": "2042-02-01"}, "operation_within_term", "before the term ends"),
        (PLOT, {"project_company.capital": money("88000001")}, "capital_within_investment", "cannot be more than"),
        (LEASE, {"investment.schedule.0.amount": money("1500000")}, "schedule_in_one_currency", "the currency of"),
        (LEASE, {"investment.schedule.2.amount": money("4", "EUR")}, "schedule_reaches_total", "the total investment"),
        (LEASE, {"investment.schedule.1.by": "2027-06-30"}, "schedule_has_distinct_dates", "a date of its own"),
        (LEASE, {"targets.1.year": 1}, "target_years_distinct", "one row of targets only"),
        (LEASE, {"services.0.provider": "c"}, "provider_is_a_party", "needs three parties"),
    ],
)
def test_what_cannot_be_is_refused(name: str, changes: dict[str, Any], code: str, words: str) -> None:
    _, problems, _ = examine(zone(), raw(name, changes), TODAY)
    assert [one.code for one in problems] == [f"rule.{code}"]
    assert words in problems[0].words("en")
    assert re.search(r"须|不得|只能", problems[0].words("zh-Hans"))


def test_support_needs_a_policy_reference() -> None:
    bare = {key: value for key, value in SUPPORT[0].items() if key != "policy_ref"}
    _, problems, _ = examine(zone(), raw(LEASE, {"support": [bare]}), TODAY)
    assert [(one.path, one.code) for one in problems] == [("support.0.policy_ref", "field.required")]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"support.0.tied_to_tax": True}, ["support_tied_to_tax"]),
        ({"support.1.single_enterprise": True}, ["support_for_one_enterprise"]),
        ({"fair_review": {"state": "pending"}}, ["review_before_support"]),
        ({"targets.0.tax": money("90000")}, ["tax_forecast_beside_support"]),
        ({"investment.fdi_share": 0}, ["foreign_enterprise_foreign_share"]),
        ({"premises.handover": "2027-06-01"}, ["handover_before_start"]),
        ({"retention": {"count": 10, "unit": "years"}}, ["retention_within_term"]),
        ({"effective": {"mode": "fixed_date", "date": "2027-04-01"}}, ["registration_after_effect"]),
        ({"effective": {"mode": "fixed_date", "date": "2026-10-01"}}, ["effective_date_long_past"]),
        ({"dispute": {**ARBITRATION, "institution": "cietac"}}, ["arbitration_with_a_public_body"]),
        ({"governing_law": "de"}, ["law_of_the_zone"]),
        ({"governing_law": "silent"}, ["law_is_agreed"]),
        ({"prevailing": "equal"}, ["one_language_prevails"]),
    ],
)
def test_what_deserves_a_second_look_is_told(changes: dict[str, Any], codes: list[str]) -> None:
    assert warned(LEASE, changes) == [f"rule.{code}" for code in codes]


def test_a_seat_abroad_between_parties_of_one_country_is_told() -> None:
    parties = [raw()["parties"][0], copy.deepcopy(THIRD)]
    seat = {**ARBITRATION, "institution": "siac", "seat_country": "SG"}
    assert warned(LEASE, {"parties": parties, "dispute": seat}) == [
        "rule.arbitration_with_a_public_body",
        "rule.domestic_parties_foreign_seat",
    ]


def test_the_warnings_on_support_name_the_regulation_and_what_to_do_instead() -> None:
    changes = {"support.0.tied_to_tax": True, "support.0.single_enterprise": True}
    found = warnings(zone(), validate(zone(), raw(LEASE, changes), TODAY), TODAY)
    assert len(found) == 2
    for one in found:
        assert "《公平竞争审查条例》（2024年8月1日起施行）" in one.words("zh-Hans")
        assert "请改为" in one.words("zh-Hans")
        assert "Fair Competition Review Regulation (in force since 1 August 2024)" in one.words("en")


def test_the_first_sample_needs_no_second_look_and_the_second_only_what_it_chose() -> None:
    assert warned(LEASE) == []
    assert warned(PLOT) == [
        "rule.arbitration_with_a_public_body",
        "rule.law_of_the_zone",
        "rule.one_language_prevails",
    ]


def test_every_rule_is_tried_here() -> None:
    tried = {
        *("milestones_in_order", "operation_within_term", "capital_within_investment", "schedule_in_one_currency"),
        *("schedule_reaches_total", "schedule_has_distinct_dates", "target_years_distinct", "provider_is_a_party"),
        *("support_tied_to_tax", "support_for_one_enterprise", "review_before_support", "tax_forecast_beside_support"),
        *("foreign_enterprise_foreign_share", "handover_before_start", "retention_within_term"),
        *("registration_after_effect", "effective_date_long_past", "arbitration_with_a_public_body"),
        *("domestic_parties_foreign_seat", "law_of_the_zone", "law_is_agreed", "one_language_prevails"),
    }
    assert {one.id for one in zone().rules} == tried
