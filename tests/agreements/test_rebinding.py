"""Plain words back into clause texts: unchanged words give the same clause, and no value that still stands is lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.clause_texts import (
    ClauseText,
    EachBlock,
    Paragraph,
    Reference,
    TextNode,
    WhenBlock,
    Written,
    paragraphs,
    parse_clause,
    part_text,
)
from agreements.clauses import Clause
from agreements.drafts import flat, parse_form
from agreements.expression_values import holds
from agreements.fields import validate
from agreements.proposals import Rebuilt, Wording, rebuilt, wordings
from agreements.redlines import tokens
from agreements.templates import Template, library
from agreements.versions import Writing, writing
from tests.agreements.cases import TODAY, in_two

SAMPLES = [(template.id, name) for template in library().values() for name in template.samples]


def template_and_values(template_id: str, sample: str) -> tuple[Template, dict[str, Any]]:
    template = in_two(template_id)
    return template, validate(template, parse_form(template, flat(template.samples[sample])), TODAY)


def at(template_id: str = "strategic_cooperation", sample: str = "chengdu_2020", **changes: Any) -> Writing:
    template, values = template_and_values(template_id, sample)
    return writing(template, {**values, **changes})


def standing(here: Writing, clause_id: str) -> Clause:
    found = here.clause(clause_id)
    assert found is not None
    return found


def references(text: ClauseText) -> Counter[Reference]:
    return Counter(part for one in paragraphs(text.body) for part in one.parts if isinstance(part, Reference))


def with_sources(clause: Clause, found: Rebuilt) -> Clause:
    return replace(clause, texts={lang: parse_clause(source) for lang, source in found.sources.items()})


def edited(here: Writing, clause_id: str, lang: str, *changes: tuple[str, str]) -> tuple[Clause, Rebuilt]:
    """Replace words in one language, as a reviewer would; returns the clause with the new texts."""
    clause = standing(here, clause_id)
    one = wordings(clause, here)[lang]
    text = one.text
    for old, new in changes:
        assert text.count(old) == 1, (old, text)
        text = text.replace(old, new)
    found = rebuilt(clause, here, {lang: read(one.title, text)})
    return with_sources(clause, found), found


def read(title: str, text: str) -> Wording:
    blocks = [one for one in text.split("\n\n") if one]
    return Wording(title, tuple(Written(one.removeprefix("- "), one.startswith("- ")) for one in blocks))


@pytest.mark.parametrize(("template_id", "sample"), SAMPLES)
def test_unchanged_words_give_the_same_clause(template_id: str, sample: str) -> None:
    """Every clause of every shipped template, in every language: the very same nodes."""
    here = at(template_id, sample)
    for clause in here.clauses:
        found = rebuilt(clause, here, wordings(clause, here))
        assert found.unbound == (), clause.id
        for lang, text in clause.texts.items():
            again = parse_clause(found.sources[lang])
            assert (again.title, shape(again.body)) == (text.title, shape(text.body)), (clause.id, lang)


def shape(body: Any) -> Any:
    """A text without the numbers of its lines."""
    found: list[Any] = []
    for node in body:
        if isinstance(node, WhenBlock):
            found.append(("when", node.condition.text, shape(node.body)))
        elif isinstance(node, EachBlock):
            found.append(("each", node.name, node.path, shape(node.body)))
        else:
            found.append((node.parts, node.item))
    return found


def test_a_value_beside_changed_words_stays_bound() -> None:
    here = at()
    clause, found = edited(here, "mechanism", "en", ("at least", "no fewer than"), ("online or in person", "online"))
    assert found.unbound == ()
    assert "{{joint_group.meetings|times}} a year, online." in found.sources["en"]
    template, values = template_and_values("strategic_cooperation", "chengdu_2020")
    group = {**values["joint_group"], "meetings": values["joint_group"]["meetings"] + 3}
    later = writing(template, {**values, "joint_group": group})
    before, after = (wordings(clause, one)["en"].paragraphs[1].text for one in (here, later))
    assert before != after
    assert "no fewer than" in after


def test_a_rewritten_value_becomes_words_and_is_told() -> None:
    here = at()
    clause = standing(here, "mechanism")
    meets = next(one.text for one in wordings(clause, here)["en"].paragraphs if "a year, online" in one.text)
    times = re.search(r"at least (.*?) a year", meets)
    assert times is not None
    _, found = edited(here, "mechanism", "en", (f"at least {times[1]} a year", "at least seven times a year"))
    assert [(one.path, one.text, one.lang, one.gone) for one in found.unbound] == [
        ("joint_group.meetings", times[1], "en", False)
    ]
    assert "{{joint_group.chair}}" in found.sources["en"]
    assert found.unbound[0].label["en"]


def test_a_passage_that_is_taken_out_takes_its_values_along() -> None:
    here = at()
    _, found = edited(here, "mechanism", "en", (f" Its meetings are chaired by {chair(here)}.", ""))
    assert [(one.path, one.gone) for one in found.unbound] == [("joint_group.chair", True)]


def chair(here: Writing) -> str:
    text = wordings(standing(here, "mechanism"), here)["en"].text
    found = re.search(r"chaired by (.*?)\.", text)
    assert found is not None
    return found[1]


def test_a_paragraph_keeps_its_condition_and_hidden_ones_stay_where_they_are() -> None:
    here = at()
    clause, _ = edited(here, "term", "en", ("The term of this Agreement is", "This Agreement runs for"))
    conditions = [n.condition.text for n in clause.texts["en"].body if isinstance(n, WhenBlock)]
    original = [n.condition.text for n in standing(here, "term").texts["en"].body if isinstance(n, WhenBlock)]
    assert conditions == original


def test_a_changed_row_makes_the_rows_paragraphs_of_their_own() -> None:
    here = at()
    clause = standing(here, "areas")
    rows = [one.text for one in wordings(clause, here)["en"].paragraphs if one.item]
    assert len(rows) > 1
    _, found = edited(here, "areas", "en", (rows[0], f"{rows[0]} First of all."))
    assert "[each" not in found.sources["en"]
    assert {one.path for one in found.unbound} == {"area.name", "area.description", "area.lead"}
    assert {one.text for one in found.unbound if one.path == "area.name"} == {row.split(": ")[0] for row in rows}


def test_rows_changed_alike_stay_a_repetition() -> None:
    here = at()
    clause = standing(here, "areas")
    one = wordings(clause, here)["en"]
    found = rebuilt(clause, here, {"en": read(one.title, one.text.replace("(lead: ", "(led by "))})
    assert "- {{area.name}}: {{area.description}} (led by {{area.lead}})" in found.sources["en"]
    assert found.unbound == ()


def test_a_paragraph_put_in_stands_where_it_was_put() -> None:
    here = at()
    clause, found = edited(
        here, "term", "en", ("\n\nEach Party may terminate", "\n\nA new one.\n\nEach Party may terminate")
    )
    assert found.unbound == ()
    texts = [one.text for one in wordings(clause, here)["en"].paragraphs]
    assert texts[texts.index("A new one.") + 1].startswith("Each Party may terminate")


def test_a_moved_paragraph_keeps_values_and_condition() -> None:
    here = at()
    clause = standing(here, "mechanism")
    one = wordings(clause, here)["en"]
    blocks = one.text.split("\n\n")
    first = next(block for block in blocks if block.startswith("The first meeting"))
    moved = "\n\n".join([first, *(block for block in blocks if block != first)])
    found = rebuilt(clause, here, {"en": read(one.title, moved)})
    assert found.unbound == ()
    assert found.sources["en"].split("\n\n")[1].startswith("[when given(joint_group.first_meeting)]")


WORDS = ["Party", "shall", "reasonably", "各方", "应当", "及时", "but", "，", "however"]


@settings(max_examples=60)
@given(st.data())
def test_edits_beside_values_lose_none_of_them(data: st.DataObject) -> None:
    """Words are put in, taken out and replaced anywhere outside the values: every reference stays."""
    template_id, sample = data.draw(st.sampled_from(SAMPLES))
    here = at(template_id, sample)
    clause = data.draw(st.sampled_from([one for one in here.clauses if "[each" not in one.texts["en"].source]))
    lang = data.draw(st.sampled_from(sorted(clause.texts)))
    text = clause.texts[lang]
    proposed: list[Written] = []
    for node, one in zip(standing_paragraphs(text.body, here), wordings(clause, here)[lang].paragraphs, strict=True):
        proposed.append(Written(data.draw(around(node, here, lang, clause.id)), one.item))
    found = rebuilt(clause, here, {lang: Wording(text.title, tuple(proposed))})
    again = parse_clause(found.sources[lang])
    assert references(again) == references(text), (found.sources[lang], found.unbound)
    assert found.unbound == ()
    shown = wordings(with_sources(clause, found), here)[lang].paragraphs
    assert [one.text for one in shown] == [one.text for one in proposed]


def standing_paragraphs(body: tuple[TextNode, ...], here: Writing) -> Iterator[Paragraph]:
    for node in body:
        if isinstance(node, Paragraph):
            yield node
        elif isinstance(node, WhenBlock) and holds(node.condition, here.scope.values):
            yield from standing_paragraphs(node.body, here)


@st.composite
def around(draw: st.DrawFn, node: Paragraph, here: Writing, lang: str, clause: str) -> str:
    """A paragraph whose words are edited and whose values are not."""
    written: list[str] = []
    for part in node.parts:
        pieces = tokens(part_text(part, here.scope, lang, clause))
        for _ in range(0 if isinstance(part, Reference) else draw(st.integers(0, 2))):
            inner = [at for at in range(1, len(pieces) - 1) if pieces[at] == " " or lang == "zh-Hans"]
            if not inner:
                break
            place = draw(st.sampled_from(inner))
            taken = draw(st.integers(0, 2)) if place < len(pieces) - 3 else 0
            pieces[place : place + taken] = [" ", draw(st.sampled_from(WORDS)), " "]
        written.append("".join(pieces))
    return "".join(written).strip()
