"""The comparison, pair by pair: what exactly a lawyer sees marked, in each language.

The pairs are data in redline_pairs/: texts, the paragraphs of a clause, or whole clauses, with `[-gone-]{+come+}`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from agreements.clauses import ResolvedClause
from agreements.redlines import ClauseChange, Run, compare, runs
from agreements.versions import Version

FOLDER = Path(__file__).parent / "redline_pairs"
SHAPES = {"same": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
PAIRS = {
    f"{path.stem}/{one['lang']}/{one['about']}": one
    for path in sorted(FOLDER.glob("*.yaml"))
    for one in yaml.safe_load(path.read_text("utf-8"))
}


def of(kind: type) -> list[Any]:
    return [pytest.param(one, id=name) for name, one in PAIRS.items() if isinstance(one["old"], kind)]


def marked(found: tuple[Run, ...]) -> str:
    return "".join(SHAPES[run.kind].format(run.text) for run in found)


def read_back(expected: str, keep: str) -> str:
    """One side of a marked text. A deleted text may end in a hyphen, an inserted one begin with a plus."""
    texts = {"deleted": r"\[-(.*?)-\](?!\])", "inserted": r"\{\+(.*?)\+\}"}
    other = "inserted" if keep == "deleted" else "deleted"
    return re.sub(texts[keep], r"\1", re.sub(texts[other], "", expected))


def with_clauses(lang: str, clauses: Mapping[str, list[str]]) -> Version:
    made = (
        ResolvedClause(name, number, True, {lang: title}, tuple({lang: text} for text in paragraphs))
        for number, (name, (title, *paragraphs)) in enumerate(clauses.items(), start=1)
    )
    return Version("t", "1.0.0", "0" * 64, (lang,), {lang: "T"}, "1", {}, (), tuple(made), (), ())


def compared(pair: Mapping[str, Any], old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> list[ClauseChange]:
    return list(compare(with_clauses(pair["lang"], old), with_clauses(pair["lang"], new)).clauses)


@pytest.mark.parametrize("pair", of(str))
def test_text(pair: Mapping[str, str]) -> None:
    assert marked(runs(pair["old"], pair["new"])) == pair["expected"]


@pytest.mark.parametrize("pair", of(str))
def test_what_is_expected_reads_back_to_both_texts(pair: Mapping[str, str]) -> None:
    assert read_back(pair["expected"], "deleted") == pair["old"]
    assert read_back(pair["expected"], "inserted") == pair["new"]


@pytest.mark.parametrize("pair", of(list))
def test_paragraphs(pair: Mapping[str, Any]) -> None:
    (found,) = compared(pair, {"one": ["Title", *pair["old"]]}, {"one": ["Title", *pair["new"]]})
    assert [marked(row[pair["lang"]]) for row in found.paragraphs] == pair["expected"]


@pytest.mark.parametrize("pair", of(dict))
def test_clauses(pair: Mapping[str, Any]) -> None:
    lang = pair["lang"]
    found = [
        [
            *(one.clause_id, one.kind, one.old_number, one.new_number),
            *(marked(row[lang]) for row in (one.title_runs, *one.paragraphs)),
        ]
        for one in compared(pair, pair["old"], pair["new"])
    ]
    assert found == pair["expected"]


def test_every_language_has_its_pairs() -> None:
    per_language = Counter(one["lang"] for one in PAIRS.values())
    assert sum(per_language.values()) >= 45
    assert all(per_language[lang] >= 5 for lang in ("zh-Hans", "en", "de", "fi"))
