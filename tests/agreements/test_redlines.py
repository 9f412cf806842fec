"""Comparing versions: the exact tokens a lawyer should see, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.clauses import ResolvedClause
from agreements.errors import NothingToCompare
from agreements.redlines import ClauseChange, Redline, compare, runs, tokens
from agreements.versions import Version, from_canonical
from tests.agreements.cases import CHENGDU, THREE, raw, version


def marked(old: str, new: str) -> str:
    """The comparison written as text: [-gone-]{+come+}."""
    shapes = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
    return "".join(shapes[run.kind].format(run.text) for run in runs(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Chinese dates: only the numbers, each whole
        (
            "首次会议不晚于2026年11月22日召开。",
            "首次会议不晚于2026年12月1日召开。",
            "首次会议不晚于2026年[-11-]{+12+}月[-22-]{+1+}日召开。",
        ),
        # amounts stay whole, with their separators
        ("人民币100,000元", "人民币200,000元", "人民币[-100,000-]{+200,000+}元"),
        ("共¥1,000.50。", "共¥1,000.60。", "共¥[-1,000.50-]{+1,000.60+}。"),
        # a number at the end of a sentence does not take the stop with it
        ("in 2026.", "in 2027.", "in [-2026-]{+2027+}."),
        # Chinese numerals are one number
        ("有效期二十四个月", "有效期三十六个月", "有效期[-二十四-]{+三十六+}个月"),
        ("人民币壹拾万元整", "人民币贰拾万元整", "人民币[-壹拾万-]{+贰拾万+}元整"),
        ("每年至少召开会议一次", "每年至少召开会议两次", "每年至少召开会议[-一-]{+两+}次"),
        # single Chinese characters
        ("各方应当保密", "双方应当保密", "[-各-]{+双+}方应当保密"),
        # full-width punctuation
        ("由项目协议约定。", "由项目协议约定，未约定的归完成方所有。", "由项目协议约定{+，未约定的归完成方所有+}。"),
        ("（1）保密；", "（2）保密。", "（[-1-]{+2+}）保密[-；-]{+。+}"),
        ("《甲法》", "《乙法》", "《[-甲-]{+乙+}法》"),
        ("第１２条", "第１３条", "第[-１２-]{+１３+}条"),
        # Latin words, with hyphen and apostrophe, and the blank between two changed words
        ("runs for twenty-four months", "runs for thirty-six months", "runs for [-twenty-four-]{+thirty-six+} months"),
        (
            "not later than 22 November 2026",
            "not later than 1 December 2026",
            "not later than [-22 November-]{+1 December+} 2026",
        ),
        ("the Party’s name", "the Parties’ name", "the [-Party’s-]{+Parties’+} name"),
        ("Übergang gemäß Vertrag", "Übergabe gemäß Vertrag", "[-Übergang-]{+Übergabe+} gemäß Vertrag"),
        ("meets once a year", "meets twice a year", "meets [-once-]{+twice+} a year"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("same", "same", "same"),
    ],
)
def test_exact_tokens(old: str, new: str, expected: str) -> None:
    assert marked(old, new) == expected


def test_tokens_are_what_a_lawyer_reads_as_one() -> None:
    assert tokens("自2026年11月起，支付¥100,000.00（壹拾万）for SME-zone") == [
        *("自", "2026", "年", "11", "月", "起", "，", "支", "付", "¥", "100,000.00", "（", "壹拾万", "）", "for", " "),
        "SME-zone",
    ]


MIXED = st.text(alphabet="甲乙一二十，。（12,. abé-’\n\U00020000", max_size=40)
WORDS = (
    "2026年 11月 22.11.2026 2026-11-22 100,000.00 1.000.000,00 12,5 1 1.2亿 10:30 RMB 二十四 壹拾万元 一 甲方 应当 的 "
    "， 。 （ 、 % € - – / ’ . HRB42243 § Übergabe-Termin a\u0308 of the Party +8"
)
PIECES = st.sampled_from([*re.findall(r"\S+", WORDS), " ", " 000", "\n", "\u00a0"])
EDITS = st.lists(st.one_of(PIECES.map(lambda one: (one, one)), st.tuples(PIECES | st.just(""), PIECES | st.just(""))))
NUMBER = re.compile(r"\d+(?:[.,]\d+)*[万亿]?|[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]+")


@given(MIXED, MIXED)
def test_nothing_is_lost_or_made_up(old: str, new: str) -> None:
    found = runs(old, new)
    assert "".join(run.text for run in found if run.kind != "inserted") == old
    assert "".join(run.text for run in found if run.kind != "deleted") == new
    assert all(run.text for run in found)


@given(EDITS)
def test_no_run_begins_or_ends_inside_a_number(edits: list[tuple[str, str]]) -> None:
    old, new = "".join(one for one, _ in edits), "".join(one for _, one in edits)
    found = runs(old, new)
    for text, other in ((old, "inserted"), (new, "deleted")):
        mine = [run.text for run in found if run.kind != other]
        assert "".join(mine) == text
        borders = set(accumulate(map(len, mine)))
        for number in NUMBER.finditer(text):
            assert borders.isdisjoint(range(number.start() + 1, number.end())), (number[0], found)


@given(MIXED)
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def changes(found: Redline) -> dict[str, ClauseChange]:
    return {one.clause_id: one for one in found.clauses if one.kind != "unchanged"}


def term(months: int, meetings: int) -> Version:
    group = raw()["joint_group"] | {"meetings": meetings, "first_meeting": "2021-04-01"}
    return version(term={"count": months, "unit": "months"}, joint_group=group)


def two(found: Version) -> Version:
    """The same version agreed in Chinese and English only."""
    return replace(found, languages=("zh-Hans", "en"))


def test_changed_values_come_first_in_words() -> None:
    found = compare(two(version()), two(term(24, 1)))
    assert [(one.path, one.label["en"], one.old, one.new) for one in found.values] == [
        (
            "joint_group.meetings",
            "Joint working group · Meetings a year",
            {"zh-Hans": "2", "en": "2"},
            {"zh-Hans": "1", "en": "1"},
        ),
        (
            "joint_group.first_meeting",
            "Joint working group · First meeting not later than",
            {"zh-Hans": "2021年3月31日", "en": "31 March 2021"},
            {"zh-Hans": "2021年4月1日", "en": "1 April 2021"},
        ),
        ("term", "Term", {"zh-Hans": "36个月", "en": "36 months"}, {"zh-Hans": "24个月", "en": "24 months"}),
    ]


def test_only_the_clauses_that_changed_are_marked() -> None:
    found = compare(version(), term(24, 1))
    assert {key: one.kind for key, one in changes(found).items()} == {"mechanism": "changed", "term": "changed"}
    second = changes(found)["mechanism"].paragraphs[1]
    assert [(run.kind, run.text) for run in second["zh-Hans"]] == [
        ("same", "工作组每年至少召开会议"),
        ("deleted", "两"),
        ("inserted", "一"),
        ("same", "次，会议可以线上或者线下举行，由各方轮流主持。"),
    ]
    assert [(run.kind, run.text) for run in second["en"]][:3] == [
        ("same", "The Working Group meets at least "),
        ("deleted", "twice"),
        ("inserted", "once"),
    ]


def test_an_added_clause_moves_the_numbers_but_not_the_others() -> None:
    scope = {"zh-Hans": "成都市内", "en": "in Chengdu", "de": "in Chengdu", "fi": "Chengdussa"}
    found = compare(version(), version(exclusivity=True, exclusivity_scope=scope))
    by_id = {one.clause_id: one for one in found.clauses}
    assert (by_id["exclusivity"].kind, by_id["exclusivity"].old_number, by_id["exclusivity"].new_number) == (
        "added",
        None,
        8,
    )
    assert (by_id["costs"].kind, by_id["costs"].old_number, by_id["costs"].new_number) == ("unchanged", 11, 12)
    assert by_id["nature"].kind == "changed"  # the list of binding clauses grew
    assert all(run.kind == "inserted" for row in by_id["exclusivity"].paragraphs for run in row["en"])
    assert [one.path for one in found.values if one.old is None] == ["exclusivity_scope"]


def test_a_removed_clause_stands_where_it_stood() -> None:
    scope = {"zh-Hans": "成都市内", "en": "in Chengdu", "de": "in Chengdu", "fi": "Chengdussa"}
    found = compare(version(exclusivity=True, exclusivity_scope=scope), version())
    ids = [one.clause_id for one in found.clauses]
    assert ids[ids.index("projects") + 1] == "exclusivity"
    gone = found.clauses[ids.index("exclusivity")]
    assert (gone.kind, gone.old_number, gone.new_number) == ("removed", 8, None)
    assert [one.path for one in found.values if one.new is None] == ["exclusivity_scope"]


def reordered(base: Version, clause_id: str, position: int) -> Version:
    clauses = [one for one in base.clauses if one.id != clause_id]
    clauses.insert(position, next(one for one in base.clauses if one.id == clause_id))
    return replace(base, clauses=tuple(replace(one, number=n) for n, one in enumerate(clauses, start=1)))


def test_one_moved_clause_is_one_move() -> None:
    found = compare(version(), reordered(version(), "publicity", 2))
    moved = [one for one in found.clauses if one.kind == "moved"]
    assert [(one.clause_id, one.old_number, one.new_number, one.text_changed) for one in moved] == [
        ("publicity", 12, 3, False)
    ]


def with_paragraphs(base: Version, clause_id: str, *texts: dict[str, str]) -> Version:
    def put(one: ResolvedClause) -> ResolvedClause:
        return replace(one, paragraphs=texts, labels=()) if one.id == clause_id else one

    return replace(base, clauses=tuple(put(one) for one in base.clauses))


def test_an_inserted_paragraph_leaves_its_neighbours_alone() -> None:
    base = version()
    costs = [dict(one) for one in base.clauses[10].paragraphs]
    new = dict.fromkeys(base.languages, "Party A bears the costs of translation.")
    found = changes(compare(base, with_paragraphs(base, "costs", costs[0], new, *costs[1:])))["costs"]
    kinds = [{run.kind for run in row["en"]} for row in found.paragraphs]
    assert kinds == [{"same"}, {"inserted"}, {"same"}, {"same"}]


def test_a_paragraph_keeps_its_label_and_a_removed_one_its_old_label() -> None:
    base = version()
    labelled = next(one for one in base.clauses if len(one.labels) > 2 and all(label["en"] for label in one.labels))
    shorter = replace(labelled, paragraphs=labelled.paragraphs[1:], labels=labelled.labels[:-1])
    new = replace(base, clauses=tuple(shorter if one.id == labelled.id else one for one in base.clauses))
    found = changes(compare(base, new))[labelled.id]
    assert found.labels == (labelled.labels[0], *labelled.labels[:-1])


def test_nothing_differs_between_a_version_and_itself() -> None:
    assert compare(version(), version()).nothing_differs
    assert not compare(version(), term(24, 1)).nothing_differs


def test_a_reworded_paragraph_is_compared_with_its_own_old_text() -> None:
    base = version()
    costs = [dict(one) for one in base.clauses[10].paragraphs]
    longer = {
        lang: text.replace("。", "；另有约定的除外。").replace(".", ", unless agreed otherwise.")
        for lang, text in costs[1].items()
    }
    found = changes(compare(base, with_paragraphs(base, "costs", costs[0], longer, costs[2])))["costs"]
    assert [(run.kind, run.text) for run in found.paragraphs[1]["en"]][-2:] == [
        ("inserted", ", unless agreed otherwise"),
        ("same", "."),
    ]


def test_the_same_version_has_no_changes() -> None:
    found = compare(version(), version())
    assert (found.values, changes(found)) == ((), {})


def test_quite_another_agreement_can_still_be_compared() -> None:
    found = compare(version(CHENGDU), version(THREE))
    assert {one.kind for one in found.clauses} <= {"unchanged", "changed", "added", "removed", "moved"}
    for one in found.clauses:
        for row in one.paragraphs:
            assert tuple(row) == found.languages == ("zh-Hans", "en", "de", "fi")


def test_versions_without_a_common_language_are_refused() -> None:
    base: Any = version()
    with pytest.raises(NothingToCompare):
        compare(base, replace(base, languages=("sv",)))


def test_versions_that_share_some_languages_are_compared_in_these_only() -> None:
    """A template may come to be translated between two versions; that is no change of what was said before."""
    base = version()
    older = replace(
        base,
        languages=("zh-Hans", "en"),
        shown=tuple(replace(one, text={lang: one.text[lang] for lang in ("zh-Hans", "en")}) for one in base.shown),
        clauses=tuple(
            replace(one, paragraphs=tuple({lang: row[lang] for lang in ("zh-Hans", "en")} for row in one.paragraphs))
            for one in base.clauses
        ),
    )
    for found in (compare(older, base), compare(base, older)):
        assert found.languages == ("zh-Hans", "en")
        assert (found.values, changes(found)) == ((), {})


def test_languages_keep_the_order_of_the_agreement_when_versions_are_read_back() -> None:
    """The canonical form sorts its keys; the order of the columns must not come from there."""
    found = compare(from_canonical(version().canonical), from_canonical(term(24, 1).canonical))
    assert found.languages == ("zh-Hans", "en", "de", "fi")
