"""What changed from one template to another: word by word in the articles, key by key everywhere else."""

from __future__ import annotations

import yaml

from agreements.redlines import DELETED, INSERTED
from agreements.template_changes import PartChange, as_written, compare
from agreements.templates import library
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE, SMALL_ZH
from tests.factories import packages


def parts(template: str, **more: str) -> list[tuple[str, str | None, str | None]]:
    found = compare(packages.read(packages.small()), packages.read(packages.small(template=template, **more)))
    return [(one.place, one.old, one.new) for one in found.parts]


def in_template(old: str, new: str) -> str:
    assert old in SMALL_TEMPLATE
    return SMALL_TEMPLATE.replace(old, new)


def test_nothing_differs_from_itself() -> None:
    for template in library().values():
        found = compare(template, template)
        assert found.parts == ()
        assert {clause.kind for clause in found.clauses} == {"unchanged"}


def test_an_article_is_compared_word_by_word_in_each_language() -> None:
    reworded = packages.small(
        "1.1.0", en=SMALL_EN.replace("The fee is", "The whole fee is"), zh=SMALL_ZH.replace("费用为", "全部费用为")
    )
    found = compare(packages.read(packages.small()), packages.read(reworded))
    (clause,) = found.clauses
    changed = {
        lang: [(run.kind, run.text) for run in runs if run.kind in (INSERTED, DELETED)]
        for lang, runs in clause.paragraphs[0].items()
    }
    assert changed == {"zh-Hans": [(INSERTED, "全部")], "en": [(INSERTED, "whole ")]}
    assert found.parts == (), "that the version is another one is no change of its own"


def test_a_condition_of_a_text_is_part_of_the_text() -> None:
    texts = {"zh": SMALL_ZH, "en": SMALL_EN}
    changed = {key: text.replace("[when paid]", "[when not paid]") for key, text in texts.items()}
    changed = {key: text.replace("{{paid_on}}", "{{fee|full}}") for key, text in changed.items()}
    files = packages.small(zh=changed["zh"], en=changed["en"])
    (clause,) = compare(packages.read(packages.small()), packages.read(files)).clauses
    assert "".join(run.text for run in clause.paragraphs[1]["en"] if run.kind != DELETED) == "[when not paid]"


def test_every_kind_of_change_in_the_template_is_told() -> None:
    assert parts(in_template("required: no, ", "") if "required: no, " in SMALL_TEMPLATE else SMALL_TEMPLATE) == []
    assert parts(in_template("binding: yes}", "binding: no, lock: fixed}")) == [
        ("clauses[fee].binding", "yes", "no"),
        ("clauses[fee].lock", None, "fixed"),
    ]
    assert parts(in_template("role: legal", "role: management")) == [
        ("approval_route[legal].role", "legal", "management")
    ]
    assert parts(in_template("[CNY, EUR]", "[CNY]")) == [("variables[fee].currencies", "CNY, EUR", "CNY")]
    assert parts(in_template("en: For tests.", "en: Legal advice.")) == [("notice.en", "For tests.", "Legal advice.")]
    assert parts(in_template("signature_blocks: [name, date]", "signature_blocks: [name]")) == [
        ("signature_blocks", "name, date", "name")
    ]


def test_an_order_and_a_sample_are_told() -> None:
    first, second = SMALL_TEMPLATE.split("\n")[19:21]
    assert parts(in_template(f"{first}\n{second}\n", f"{second}\n{first}\n")) == [
        (
            "variables",
            "agreement_no, parties, fee, paid, paid_on",
            "agreement_no, parties, paid, fee, paid_on",
        )
    ]
    files = {
        **packages.small(),
        "samples/one.yaml": yaml.safe_dump({**packages.VALUES, "paid": False}, allow_unicode=True),
    }
    found = compare(packages.read(packages.small()), packages.read(files))
    assert found.parts == (PartChange("samples/one.yaml", "paid", None, "no"),)


def test_a_language_that_came_counts_as_put_in() -> None:
    old, new = library()["mutual_nda"], library()["memorandum_of_understanding"]
    found = compare(old, new)
    came = next(clause for clause in found.clauses if clause.kind == "added")
    assert {run.kind for run in came.title_runs["fi"]} == {INSERTED}
    gone = next(clause for clause in found.clauses if clause.kind == "removed")
    assert gone.title_runs["fi"] == ()


def test_a_text_is_read_as_it_was_written() -> None:
    (clause,) = as_written(packages.read(packages.small()))
    assert [row["en"] for row in clause.paragraphs] == [
        "The fee is {{fee|full}}.",
        "[when paid]",
        "It was paid on {{paid_on}}.",
        "[end]",
    ]
