"""The restricted Markdown of clauses: what it can say, what it refuses, and that values stay plain text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.clause_texts import Scope, parse_clause, written
from agreements.clauses import labels
from agreements.errors import ClauseTextInvalid, ValueMissing
from agreements.variables import Variable

AREA = Variable("item", "record", {}, fields=(Variable("name", "text", {}),))
VARIABLES = (
    Variable("name", "text", {}),
    Variable("members", "number", {}),
    Variable("note", "paragraph", {}),
    Variable("exclusive", "yes_no", {}),
    Variable("areas", "list", {}, item=AREA),
)


def lines(source: str, lang: str = "en", **values: Any) -> list[tuple[str, bool]]:
    return [(one.text, one.item) for one in written(parse_clause(source), Scope(values, VARIABLES), lang, "test")]


def test_title_paragraphs_and_items() -> None:
    clause = parse_clause("# Areas of cooperation\n\nFirst.\n\n- one;\n- two.\n")
    assert clause.title == "Areas of cooperation"
    assert [(one.text, one.item) for one in written(clause, Scope({}, ()), "en", "areas")] == [
        ("First.", False),
        ("one;", True),
        ("two.", True),
    ]


def test_wrapped_lines_are_joined_as_the_script_wants_it() -> None:
    assert lines("# T\n\nThe Parties\ncooperate.") == [("The Parties cooperate.", False)]
    assert lines("# 题\n\n各方开展\n合作。", "zh-Hans") == [("各方开展合作。", False)]


def test_references_with_and_without_a_format() -> None:
    assert lines("# T\n\n{{name}} has {{ members | words }} members.", name="X", members=3) == [
        ("X has three members.", False)
    ]


def test_blocks_stand_by_their_condition_and_repeat_by_their_list() -> None:
    source = "# T\n\n[when exclusive]\nOnly us.\n\n[each area in areas]\n- {{area.name}}\n[end]\n[end]\n\nEnd."
    areas = [{"name": "ports"}, {"name": "parks"}]
    assert lines(source, exclusive=True, areas=areas) == [
        ("Only us.", False),
        ("ports", True),
        ("parks", True),
        ("End.", False),
    ]
    assert lines(source, exclusive=False, areas=areas) == [("End.", False)]


@pytest.mark.parametrize(
    "hostile", ["{{members}}", "[end]", "# Title", "- item", "**bold**", "<script>", "{name}", "[when true]"]
)
def test_a_value_is_only_ever_text(hostile: str) -> None:
    assert lines("# T\n\nBefore {{name}} after.", name=hostile, members=3) == [(f"Before {hostile} after.", False)]


def test_line_breaks_of_a_value_close_up() -> None:
    assert lines("# T\n\n{{note}}", note="one\ntwo") == [("one two", False)]
    assert lines("# T\n\n{{note}}", "zh-Hans", note="一\n二") == [("一二", False)]


@pytest.mark.parametrize("values", [{}, {"areas": []}])
def test_a_missing_value_stops_and_is_never_a_blank(values: dict[str, Any]) -> None:
    with pytest.raises(ValueMissing) as missing:
        lines("# T\n\nThe areas are {{areas.name}}.", **values)
    assert missing.value.params == {"clause": "test", "path": "areas.name"}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("No title", 1),
        ("# ", 1),
        ("# T\n\n", 3),
        ("# T\n\n[when true]\nx", 3),
        ("# T\n\nx\n\n[end]", 5),
        ("# T\n\n[when true", 3),
        ("# T\n\n[if true]\nx\n[end]", 3),
        ("# T\n\n[each areas]\nx\n[end]", 3),
        ("# T\n\n[when a =]\nx\n[end]", 3),
        ("# T\n\nSome **bold** text.", 3),
        ("# T\n\nx\n\n## Sub", 5),
        ("# T\n\n1. typed number", 3),
        ("# T\n\n<b>x</b>", 3),
        ("# T\n\n{{name", 3),
        ("# T\n\n{{Name}}", 3),
        ("# T\n\n{{name|words|more}}", 3),
        ("# T\n\n{{name.__class__}}", 3),
        ("# T\n\n[when true]\n[when true]\n[when true]\n[when true]\nx\n[end]\n[end]\n[end]\n[end]", 6),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_line(source: str, line: int) -> None:
    with pytest.raises(ClauseTextInvalid) as refused:
        parse_clause(source)
    assert refused.value.line == line


@given(st.text(alphabet='# \n-[]{}|whenachdi.="甲，', max_size=120))
def test_any_text_is_either_read_or_refused(source: str) -> None:
    line = 1
    try:
        parse_clause(source)
    except ClauseTextInvalid as refused:
        line = refused.line
    assert 1 <= line <= source.count("\n") + 2


def test_labels_number_paragraphs_and_items() -> None:
    source = "# T\n\nOne.\n\n- a\n- b\n\nTwo.\n\n- c"
    found = written(parse_clause(source), Scope({}, ()), "en", "t")
    assert [one["en"] for one in labels(found, 5, ("zh-Hans", "en"), numbered=True)] == [
        "5.1",
        "(1)",
        "(2)",
        "5.2",
        "(1)",
    ]
    assert [one["zh-Hans"] for one in labels(found, 5, ("zh-Hans", "en"), numbered=True)][1:3] == ["（1）", "（2）"]
    assert {one["en"] for one in labels(found, 5, ("en",), numbered=False)} == {""}


def test_a_single_paragraph_needs_no_number() -> None:
    found = written(parse_clause("# T\n\nOnly one.\n\n- a"), Scope({}, ()), "en", "t")
    assert [one["en"] for one in labels(found, 15, ("en",), numbered=True)] == ["", "(1)"]
