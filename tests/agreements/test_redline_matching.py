"""However texts repeat themselves, a comparison ends; nothing is lost, and the paragraphs after it stay exact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.clauses import ResolvedClause
from agreements.redline_matching import Work
from agreements.redlines import DELETED, INSERTED, compare, runs
from agreements.versions import Version
from tests.agreements.cases import version

LONGEST = 10_000  # characters of a paragraph
PERIODIC = ("双方应当妥善履行本协议。" * 1000)[:LONGEST]
REPETITIVE = [
    (("1 " * LONGEST)[:LONGEST], ("1 2 " * LONGEST)[:LONGEST]),  # without a bound: a quarter of an hour
    (PERIODIC, PERIODIC.replace("妥善", "及时")),
    ("甲乙" * (LONGEST // 2), "甲丙" * (LONGEST // 2)),
    ("，" * LONGEST, "，。" * (LONGEST // 2)),
]


@pytest.mark.parametrize(("old", "new"), REPETITIVE)
def test_repetitive_paragraphs_are_compared_within_the_bound_and_nothing_is_lost(old: str, new: str) -> None:
    work = Work()
    found = runs(old, new, work)
    assert work.left >= 0
    assert "".join(run.text for run in found if run.kind != INSERTED) == old
    assert "".join(run.text for run in found if run.kind != DELETED) == new


def test_what_is_too_long_to_compare_shows_as_replaced_between_what_both_begin_and_end_with() -> None:
    found = runs("甲方" + "丁，" * 500 + "。", "甲方" + "丙，" * 500 + "。", Work(steps=1000))
    assert [run.kind for run in found] == ["same", "deleted", "inserted", "same"]
    assert (found[0].text, found[-1].text) == ("甲方", "，。")


def test_a_monster_does_not_starve_the_paragraph_after_it() -> None:
    work = Work()
    for old, new in REPETITIVE:
        runs(old, new, work)
    found = runs(
        "有效期二十四个月，期满续展。" * 20, "有效期三十六个月，期满续展。" + "有效期二十四个月，期满续展。" * 19, work
    )
    assert [(run.kind, run.text) for run in found[1:3]] == [("deleted", "二十四"), ("inserted", "三十六")]
    assert len(found) == 4


def test_many_repetitive_paragraphs_share_one_bound() -> None:
    """Very many small ones that all look alike: neither pairing them nor comparing them goes on for ever."""
    old, new = ([{"zh-Hans": text[:20], "en": text[:20]}] * 400 for text in REPETITIVE[0])
    found = compare(of(old), of(new))
    assert [one.kind for one in found.clauses] == ["changed"]
    assert len(found.clauses[0].paragraphs) == 400


def of(paragraphs: list[dict[str, str]]) -> Version:
    title = {"zh-Hans": "标题", "en": "Title"}
    return replace(version(), clauses=(ResolvedClause("one", 1, True, title, tuple(paragraphs), ()),))
