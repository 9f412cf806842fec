"""The separate limited process: the same answer, and a named refusal instead of an overrun or nonsense."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.package_check import check_zip
from agreements.rendering import FontFolder
from agreements.template_changes import compare
from config import ROOT
from signing_service.errors import PackageUnexamined
from signing_service.packages import isolated
from signing_service.packages.kept import Kept
from signing_service.packages.plain_data import problem_from_plain, problem_to_plain
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE, TODAY
from tests.factories import packages

RULE = "rules:\n  - {id: r, require: fee + 1 == 2, field: fee, message: {zh-Hans: 甲, en: A}}\nclauses:\n"
FONTS = FontFolder(ROOT / "fonts" / "pdf")


def test_what_was_found_right_comes_back_as_it_was() -> None:
    found = isolated.examine(packages.zipped(packages.small(), "small/"), "small.zip", FONTS, TODAY)
    assert found.package is not None
    assert (found.problems, found.rendered) == ((), 1)
    assert found.package.sha256 == packages.read(packages.small()).sha256


def test_mistakes_cross_the_border_with_the_words_inside_them() -> None:
    files = packages.small(
        template=SMALL_TEMPLATE.replace("clauses:\n", RULE), en=SMALL_EN.replace("was paid", "was 😀 paid")
    )
    data = packages.zipped({**files, "samples/two.yaml": "fee: {amount: much, currency: CNY}\nparties: []\n"})
    here = check_zip(data, "small.zip", FONTS, TODAY).problems
    assert len(here) > 4
    assert [problem_from_plain(problem_to_plain(one)) for one in here] == list(here)
    told = isolated.examine(data, "small.zip", FONTS, TODAY)
    assert told.package is None
    assert [one.text for one in told.problems] == [one.text for one in here]
    field = next(one for one in told.problems if one.place == "fee.amount")
    in_chinese = field.words("zh-Hans", lambda message: message.replace("Write a number in digits", "请用数字填写"))
    assert in_chinese.startswith("费用 · 金额: 请用数字填写")


def test_a_comparison_crosses_the_border() -> None:
    old, new = packages.read(packages.small()), packages.read(packages.small_reworded("1.1.0"))
    assert isolated.compare(old.package, new.package) == compare(old, new)


@pytest.mark.parametrize("limits", [{"wall_seconds": 0.05}, {"memory_bytes": 40 * 1024 * 1024}, {"answer_bytes": 10}])
def test_an_overrun_is_a_refusal(limits: dict[str, float]) -> None:
    limited = replace(isolated.LIMITS, **limits)  # type: ignore[arg-type]
    with pytest.raises(PackageUnexamined):
        isolated.examine(packages.zipped(packages.small()), "small.zip", FONTS, TODAY, limited)


def test_a_comparison_that_takes_too_long_is_a_refusal() -> None:
    old, new = packages.read(packages.small()), packages.read(packages.small_reworded("1.2.0"))
    with pytest.raises(PackageUnexamined):
        isolated.compare(old.package, new.package, replace(isolated.COMPARING, wall_seconds=0.001))


def test_what_is_kept_is_made_once_and_the_oldest_goes() -> None:
    kept, made = Kept[str](2), list[str]()

    def make(key: str) -> str:
        made.append(key)
        return key

    for key in ("a", "b", "a", "c", "a", "b"):
        assert kept.get(key, lambda key=key: make(key)) == key  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
