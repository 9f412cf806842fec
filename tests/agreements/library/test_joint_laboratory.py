"""The shipped joint laboratory agreement: whole in both languages under every choice, with its sums checked."""

from __future__ import annotations

import copy
import re
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

CHENGDU = "chengdu_laboratory"
HELSINKI = "helsinki_centre"
FOUR = "four"
LANGUAGES = ("zh-Hans", "en")

ARTICLES = [
    *("parties", "background", "purpose", "establishment", "board", "management", "topics", "contributions", "funds"),
    *("equipment", "staff", "background_ip", "results", "publication", "confidentiality", "data", "export_control"),
    *("ethics", "reports", "costs", "publicity", "liability", "term", "winding_up", "nature"),
    *("law", "disputes", "language", "signature", "notices", "general"),
]
NON_BINDING = {"background", "purpose"}
FIELD_ROW = {"field": {"zh-Hans": "检测方法", "en": "test methods"}, "owner": "b"}
COURT = {"mode": "court", "court": {"zh-Hans": "成都市中级人民法院", "en": "the Chengdu Intermediate People’s Court"}}
LAW = {"zh-Hans": "法兰西共和国法律", "en": "the laws of the French Republic"}
CONDITION = {"zh-Hans": "主管机关批准本协议", "en": "the supervising authority approves this Agreement"}


@cache
def laboratory() -> Template:
    return load(LIBRARY / "joint_laboratory")


def put(values: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a dotted path with row numbers."""
    *way, last = path.split(".")
    here: Any = values
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here[part]
    here[int(last) if isinstance(here, list) else last] = value


def raw(name: str = CHENGDU, changes: dict[str, Any] | None = None) -> dict[str, Any]:
    """A sample as a drafter filled it in, or one of four parties made from both; with values replaced by path."""
    samples = laboratory().samples
    values = copy.deepcopy(dict(samples[HELSINKI if name == FOUR else name]))
    if name == FOUR:
        values["parties"].append(copy.deepcopy(samples[CHENGDU]["parties"][0]))
        values["board"] |= {"size": 7, "seats_d": 1}
        values["contribution_d"] = {"cash": {"amount": "300000.50", "currency": "CNY"}}
    for path, value in (changes or {}).items():
        put(values, path, value)
    return values


def version(name: str = CHENGDU, changes: dict[str, Any] | None = None) -> Version:
    return compose(laboratory(), validate(laboratory(), raw(name, changes), TODAY))


def codes(name: str, changes: dict[str, Any]) -> set[str]:
    _, problems, warned = examine(laboratory(), raw(name, changes), TODAY)
    return {one.code for one in (*problems, *warned)}


# --- what the samples say ---


def test_the_laboratory_in_chengdu_has_its_articles() -> None:
    found = version()
    assert [one.id for one in found.clauses] == ARTICLES
    assert [one.number for one in found.clauses] == list(range(1, 32))
    assert found.agreement_no == "JLA-2026-004"
    assert [block.person_title["zh-Hans"] for block in found.signature_blocks] == ["主任", "总经理", "全权代理人"]


@pytest.mark.parametrize("name", [CHENGDU, HELSINKI, FOUR])
def test_all_but_background_and_purpose_bind_and_the_nature_clause_says_so(name: str) -> None:
    found = version(name)
    assert {one.id for one in found.clauses if not one.binding} == NON_BINDING
    for lang in LANGUAGES:
        first, second, _ = next(one for one in found.clauses if one.id == "nature").paragraphs
        for one in found.clauses:
            number = article(one.number, lang)
            named = f"{number}（{one.title[lang]}）" if lang == "zh-Hans" else f"{number} ({one.title[lang]})"
            assert (named in first[lang], named in second[lang]) == (one.binding, not one.binding)


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [(CHENGDU, "（以下简称“实验室”）", "(the “Laboratory”)"), (HELSINKI, "（以下简称“创新中心”）", "(the “Centre”)")],
)
def test_it_is_called_by_its_kind_and_has_no_legal_personality(name: str, zh: str, en: str) -> None:
    found = version(name)
    assert zh in clause(found, "establishment", "zh-Hans")
    assert en in clause(found, "establishment", "en")
    assert "不具有法人资格" in clause(found, "establishment", "zh-Hans")
    assert "It has no legal personality" in clause(found, "establishment", "en")
    other = ("创新中心", "Centre") if name == CHENGDU else ("实验室", "Laboratory")
    for lang, word in zip(LANGUAGES, other, strict=True):
        left_out = ("parties", "disputes", "notices")  # names of parties and institutions
        assert not [one.id for one in found.clauses if one.id not in left_out and word in clause(found, one.id, lang)]


def test_each_party_has_its_seats_and_its_contribution() -> None:
    found = version(FOUR)
    for lang, words in (
        ("zh-Hans", ("甲方：两（2）名", "丙方：两（2）名", "丁方：一（1）名", "由七（7）名委员")),
        ("en", ("Party A: two (2)", "Party C: two (2)", "Party D: one (1)", "has seven (7) members")),
    ):
        assert all(one in clause(found, "board", lang) for one in words)
    assert "丁方投入：\n现金：人民币叁拾万元伍角整（¥300,000.50）" in clause(found, "contributions", "zh-Hans")
    assert "Party D contributes:\ncash: CNY 300,000.50" in clause(found, "contributions", "en")
    assert "staff: 1.5 full-time equivalents each year" in clause(found, "contributions", "en")
    assert "丙方" not in clause(version(), "contributions", "zh-Hans")


def test_without_cash_there_is_no_article_on_funds() -> None:
    none = {"amount": "0", "currency": "CNY"}
    values = raw(CHENGDU, {"contribution_a.cash": none, "contribution_b.cash": none})
    del values["cash_total"]
    found = compose(laboratory(), validate(laboratory(), values, TODAY))
    assert [one.id for one in found.clauses] == [one for one in ARTICLES if one != "funds"]
    assert "Article 30" in clause(found, "board", "en")
    assert not [text for text in texts(found, "en") if "bought with the funds" in text or "instalments" in text]


def test_the_review_for_export_control_cannot_be_left_out_or_rewritten() -> None:
    stage = next(one for one in laboratory().clauses if one.id == "export_control")
    assert (stage.when, stage.binding, stage.lock) == (None, "yes", "fixed")
    for lang, words in (("zh-Hans", "必须完成出口管制审查"), ("en", "an export control review must be completed")):
        assert words in clause(version(), "export_control", lang)


@pytest.mark.parametrize(
    ("changes", "zh", "en"),
    [
        ({"results": {"ownership": "inventor"}}, "归完成该成果的一方所有", "belong to the Party that achieved them"),
        ({"results": {"ownership": "joint"}}, "归各方共有，份额均等", "belong to the Parties jointly, in equal shares"),
        ({"results": {"ownership": "joint", "shares": "creative"}}, "按份共有", "according to their creative"),
        ({"results": {"ownership": "field", "fields": [FIELD_ROW]}}, "检测方法：乙方", "test methods: Party B"),
    ],
)
def test_results_belong_to_those_chosen(changes: dict[str, Any], zh: str, en: str) -> None:
    found = version(CHENGDU, changes)
    assert zh in clause(found, "results", "zh-Hans")
    assert en in clause(found, "results", "en")


def test_the_end_date_is_counted_for_a_fixed_date() -> None:
    found = version(HELSINKI)
    assert "有效期至2031年2月27日届满" in clause(found, "term", "zh-Hans")
    assert "ends at the close of 27 February 2031" in clause(found, "term", "en")


# --- every choice, in pairs ---


CHOICES: dict[str, list[Any]] = {
    "of": [CHENGDU, HELSINKI, FOUR],
    "kind": ["laboratory", "centre"],
    "board.chair": ["rotating", "b"],
    "board.votes": ["majority", "two_thirds", "unanimous"],
    "board.casting_vote": [True, False],
    "committee": [True, False],
    "cash_payment": ["once", "annual", "budget"],
    "purchased_equipment": ["accounts", "shares"],
    "audit": [True, False],
    "equipment": [[], [{"name": {"zh-Hans": "离心机", "en": "Centrifuge"}, "provider": "a", "owner": "joint"}]],
    "exchange": [True, False],
    "stay_costs": ["sending", "receiving", "split"],
    "results": [
        {"ownership": "inventor", "licence": "research"},
        {"ownership": "joint", "shares": "equal", "licence": "business"},
        {"ownership": "joint", "shares": "creative", "licence": "research"},
        {"ownership": "field", "fields": [FIELD_ROW], "licence": "business"},
    ],
    "personal_data": [True, False],
    "human_research": [True, False],
    "animal_research": [True, False],
    "ceremony_publicity": [True, False],
    "liability_cap": [None, {"amount": "500000", "currency": "EUR"}],
    "effective": [
        {"mode": "last_signature"},
        {"mode": "fixed_date", "date": "2027-05-01", "zone": "Europe/Berlin"},
        {"mode": "condition", "condition": CONDITION},
    ],
    "renewal": ["none", "written"],
    "exit.joint_equipment": ["buy", "sell"],
    "exit.unfinished": ["complete", "stop"],
    "governing_law": ["cn", "hk", "de", "fi", "se", "other", "silent"],
    "dispute.mode": ["arbitration", "court"],
    "prevailing": ["zh-Hans", "en", "equal"],
    "signature_level": ["advanced", "qualified"],
    "copies": [0, 2],
}


@cache
def composed() -> tuple[Version, ...]:
    """The samples, and one version for each row of choices."""
    found = [version(name) for name in (CHENGDU, HELSINKI, FOUR)]
    for row in in_pairs(CHOICES):
        changes = copy.deepcopy({key: value for key, value in row.items() if key != "of"})
        found.append(version(row["of"], changes | {"governing_law_other": LAW, "dispute.court": COURT["court"]}))
    return tuple(found)


def test_every_combination_of_choices_composes_in_pairs() -> None:
    for found in composed():
        for part in found.clauses:
            assert part.paragraphs
            assert all(set(row) == set(LANGUAGES) and all(row.values()) for row in part.paragraphs)


def test_every_paragraph_ends_as_it_should() -> None:
    from_values = {"parties", "board", "topics", "contributions", "equipment", "background_ip", "results", "notices"}
    for found in composed():
        for one in found.clauses:
            for paragraph, label in zip(one.paragraphs, one.labels, strict=True):
                if one.id not in from_values or (one.id != "parties" and not label["en"].startswith("(")):
                    assert paragraph["zh-Hans"][-1] in "。；：", paragraph["zh-Hans"]
                    assert paragraph["en"][-1] in ".;:", paragraph["en"]


def test_figures_are_equal_in_both_languages() -> None:
    for found in composed():
        for one in found.clauses:
            for paragraph in one.paragraphs:
                assert figures(paragraph["zh-Hans"], "zh-Hans") == figures(paragraph["en"], "en"), paragraph


def test_every_combination_is_set_with_the_marks_of_each_language() -> None:
    for found in composed():
        for text in texts(found, "zh-Hans"):
            assert_set_as_chinese(text)
        for text in texts(found, "en"):
            assert_set_as_english(text)


def test_laws_are_named_in_book_title_marks() -> None:
    for found in composed():
        chinese = "".join(texts(found, "zh-Hans"))
        for law in ("专利法", "出口管制法", "数据安全法", "网络安全法", "个人信息保护法", "电子签名法"):
            assert f"《中华人民共和国{law}》" in chinese
        for rules in ("《中华人民共和国技术进出口管理条例》", "《科技伦理审查办法（试行）》"):
            assert rules in chinese
        assert not re.search(r"(?<!《)中华人民共和国\w{2,12}(?:法|条例)(?!律)", chinese)


# --- what is checked ---


FIELDS_OF_C = {"ownership": "field", "fields": [FIELD_ROW | {"owner": "c"}]}
TOTAL = {"amount": "1", "currency": "CNY"}
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("hosts_are_parties", CHENGDU, {"hosts": ["a", "c"]}),
    ("hosts_are_parties", HELSINKI, {"hosts": ["a", "d"]}),
    ("hosts_named_once", CHENGDU, {"hosts": ["a", "a"]}),
    ("premises_of_a_party", CHENGDU, {"premises.provider": "c"}),
    ("chair_of_a_party", HELSINKI, {"board.chair": "d"}),
    ("director_of_a_party", CHENGDU, {"management.director_by": "c"}),
    ("deputy_of_a_party", CHENGDU, {"management.deputy_by": "d"}),
    ("lead_is_a_party", CHENGDU, {"topics.0.lead": "c"}),
    ("accounts_kept_by_a_host", CHENGDU, {"accounts": "b"}),
    ("equipment_from_a_party", CHENGDU, {"equipment.0.provider": "d"}),
    ("equipment_of_a_party", CHENGDU, {"equipment.1.owner": "c"}),
    ("background_ip_of_a_party", CHENGDU, {"background_ip.2.owner": "c"}),
    ("field_of_a_party", CHENGDU, {"results": FIELDS_OF_C}),
    ("seats_of_two", CHENGDU, {"board.size": 6}),
    ("seats_of_three", HELSINKI, {"board.size": 7}),
    ("seats_of_four", FOUR, {"board.size": 8}),
    ("quorum_within_board", CHENGDU, {"board.quorum": 6}),
    ("quorum_above_half", CHENGDU, {"board.quorum": 2}),
    ("quorum_represents_parties", HELSINKI, {"board.quorum": 2}),
    ("ties_are_broken", HELSINKI, {"board.casting_vote": False}),
    ("director_and_deputy_differ", CHENGDU, {"management.deputy_by": "a"}),
    ("party_a_contributes", CHENGDU, {"contribution_a": {}}),
    ("party_b_contributes", CHENGDU, {"contribution_b": {"staff_fte": "0.0"}}),
    ("party_c_contributes", HELSINKI, {"contribution_c": {}}),
    ("party_d_contributes", FOUR, {"contribution_d": {}}),
    ("cash_total_of_two", CHENGDU, {"cash_total": TOTAL}),
    ("cash_total_of_three", HELSINKI, {"cash_total": TOTAL}),
    ("cash_total_of_four", FOUR, {"cash_total": TOTAL}),
    ("cash_of_a_in_currency_of_total", HELSINKI, {"cash_total": TOTAL}),
    ("cash_of_b_in_currency_of_total", HELSINKI, {"cash_total": {"amount": "1250000", "currency": "EUR"}}),
    ("cash_of_c_in_currency_of_total", FOUR, {"cash_total": TOTAL, "contribution_c.cash": TOTAL | {"currency": "SEK"}}),
    ("cash_of_d_in_currency_of_total", FOUR, {"cash_total": TOTAL | {"currency": "EUR"}}),
    ("review_before_delay", CHENGDU, {"publication.delay": {"count": 44, "unit": "days"}}),
    ("effective_date_long_past", CHENGDU, {"effective": {"mode": "fixed_date", "date": "2026-01-01"}}),
    ("domestic_parties_foreign_seat", CHENGDU, {"dispute.seat_country": "SG", "parties.1.address.country": "CN"}),
    ("law_is_agreed", CHENGDU, {"governing_law": "silent"}),
    ("one_language_prevails", CHENGDU, {"prevailing": "equal"}),
]


@pytest.mark.parametrize(("rule", "name", "changes"), BROKEN)
def test_a_broken_rule_is_told_in_both_languages(rule: str, name: str, changes: dict[str, Any]) -> None:
    assert f"rule.{rule}" not in codes(name, {})
    _, problems, warned = examine(laboratory(), raw(name, changes), TODAY)
    found = next(one for one in (*problems, *warned) if one.code == f"rule.{rule}")
    stated = next(one for one in laboratory().rules if one.id == rule)
    assert (found in warned) == (stated.level == "warning")
    assert {lang: found.words(lang) for lang in LANGUAGES} == stated.message


def test_no_rule_is_left_untried() -> None:
    assert {rule for rule, _, _ in BROKEN} == {one.id for one in laboratory().rules}


@pytest.mark.parametrize("name", [CHENGDU, HELSINKI, FOUR])
def test_the_samples_need_no_second_look(name: str) -> None:
    assert warnings(laboratory(), validate(laboratory(), raw(name), TODAY), TODAY) == ()


def test_a_right_total_is_accepted_for_three_and_four_parties() -> None:
    in_yuan = {"contribution_a.cash": {"amount": "250000", "currency": "CNY"}}
    for name, total in ((HELSINKI, "1250000"), (FOUR, "1550000.50")):
        changes = in_yuan | {"cash_total": {"amount": total, "currency": "CNY"}}
        assert codes(name, changes) == set()
        assert "合计人民币" in clause(version(name, changes), "contributions", "zh-Hans")


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("term", {"count": 35, "unit": "months"}, "field.too_small"),
        ("term", {"count": 61, "unit": "months"}, "field.too_large"),
        ("publication.review", {"count": 29, "unit": "days"}, "field.too_small"),
        ("publication.review", {"count": 91, "unit": "days"}, "field.too_large"),
        ("contribution_a.staff_fte", "2.25", "field.decimals"),
        ("withdrawal_notice", {"count": 89, "unit": "days"}, "field.too_small"),
        ("topics", [], "field.too_few_rows"),
        ("hosts", [], "field.too_few_rows"),
    ],
)
def test_values_outside_their_limits_are_refused(path: str, value: Any, code: str) -> None:
    assert code in codes(CHENGDU, {path: value})


def test_hidden_values_do_not_get_into_the_agreement() -> None:
    hidden = {"contribution_c": {"in_kind": {"zh-Hans": "隐藏", "en": "hidden contribution"}}}
    assert b"hidden contribution" not in version(CHENGDU, hidden).canonical
