"""Template packages: the shipped one loads; a bad one is refused, every mistake with file, line and place."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agreements.errors import TemplateInvalid
from agreements.templates import Template, load
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE, SMALL_ZH, copy_strategic, strategic, write_small


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(TemplateInvalid) as refused:
        load(folder)
    assert refused.value.code == "template.invalid"
    return [problem.text for problem in refused.value.problems]


def test_a_small_package_loads(tmp_path: Path) -> None:
    template = load(write_small(tmp_path))
    assert isinstance(template, Template)
    assert (template.id, template.languages) == ("small", ("zh-Hans", "en"))
    assert len(template.sha256) == 64


def test_the_hash_covers_every_file(tmp_path: Path) -> None:
    assert load(copy_strategic(tmp_path)).sha256 == strategic().sha256
    changed = tmp_path / "strategic_cooperation" / "clauses" / "law.en.md"
    changed.write_text(changed.read_text("utf-8").replace("governed by", "subject to"), "utf-8")
    assert load(tmp_path / "strategic_cooperation").sha256 != strategic().sha256


def in_template(old: str, new: str) -> dict[str, str | None]:
    assert old in SMALL_TEMPLATE
    return {"template": SMALL_TEMPLATE.replace(old, new)}


BAD: list[tuple[dict[str, str | None], str]] = [
    ({"template": None}, "template.yaml: The file is missing."),
    ({"en": None}, "clauses/fee.en.md: The text of the clause in this language is missing."),
    (in_template("id: small", "id: Small"), "template.yaml, line 1, id: An id is small letters"),
    (in_template('version: "1.0.0"', "version: 1.0"), "template.yaml, line 2, version: A text is expected"),
    (in_template('version: "1.0.0"', 'version: "1"'), "template.yaml, line 2, version: A version is three numbers"),
    (in_template("languages: [zh-Hans, en]", "languages: [zh-Hans, fr]"), "languages[1]: “fr” is not known here."),
    (
        in_template("title: {zh-Hans: 小协议, en: Small agreement}", "title: {zh-Hans: 小协议}"),
        "title.en: This key is required.",
    ),
    (in_template("binding_default: yes", "binding_default: perhaps"), "line 7, binding_default: Write yes or no."),
    (in_template("binding_default: yes", "binding_default: yes\nscript: rm"), "script: This key is not known here."),
    (in_template("type: money", "type: price"), "variables[2].type: “price” is not one of"),
    (in_template("name: fee, type", "name: Fee, type"), "variables[2].name: A name is small letters"),
    (in_template("name: fee, type", "name: clause, type"), "variables[2].name: A name is small letters"),
    (
        in_template("name: paid_on, type: date", "name: paid, type: date"),
        "variables[4].name: The name “paid” is there twice.",
    ),
    (in_template("[CNY, EUR]", "[CNY, XXX]"), "variables[2].currencies[1]: “XXX” is not known here."),
    (in_template("when: paid,", "when: paid ==,"), "variables[4].when: “paid ==” cannot be understood at character 8"),
    (
        in_template("when: paid,", "when: paid_on == none,"),
        "variables[4].when: “paid_on” is not a value that is known here.",
    ),
    (in_template("when: paid,", 'when: "__import__(1)",'), "variables[4].when: “__import__(1)” cannot be understood"),
    (in_template("least: 2\n    most: 2", "least: 1\n    most: 2"), "parties: The list of parties has at least 2"),
    (
        in_template("parties: parties", "parties: fee"),
        "line 6, parties: This names the variable that is the list of parties.",
    ),
    (in_template("name: agreement_no", "name: number"), "variables: A required text “agreement_no” is needed."),
    (in_template("{id: fee, binding: yes}", "{id: fee, binding: maybe}"), "clauses[0].binding: “maybe” is not one of"),
    (in_template("{id: fee, binding: yes}", "{id: ../fee, binding: yes}"), "clauses[0].id: An id is small letters"),
    (in_template("binding: yes}", "binding: yes, when: exclusive}"), "clauses[0].when: “exclusive” is not a value"),
    (in_template("mode: all}", "mode: k_of_n, k: 3, of: 2}"), "approval_route[0].k: More approvals are needed"),
    (in_template("mode: all}", "mode: all, forbid: [friend]}"), "approval_route[0].forbid[0]: “friend” is not known"),
    ({"template": SMALL_TEMPLATE + "id: twice\n"}, "id: The key is there twice."),
    ({"template": SMALL_TEMPLATE + "x: &a [1]\n"}, "Anchors and aliases are refused."),
    ({"template": SMALL_TEMPLATE + "x: !!python/name:os.system\n"}, "Tags are refused."),
    ({"template": SMALL_TEMPLATE + "---\na: 1\n"}, "too deep, too long or has several documents"),
    ({"template": SMALL_TEMPLATE + "x: [" * 40 + "]" * 40 + "\n"}, "too deep, too long"),
    ({"template": "a: [1"}, "template.yaml, line 1: The YAML cannot be read"),
    ({"template": "- a\n- b\n"}, "template.yaml: A mapping of keys is expected here."),
    ({"template": ""}, "template.yaml: A mapping of keys is expected here."),
    ({"en": SMALL_EN.replace("# Fee", "Fee")}, "clauses/fee.en.md, line 1: The first line is the title"),
    (
        {"en": SMALL_EN.replace("{{fee|full}}", "{{cost|full}}")},
        "clauses/fee.en.md, line 3: Here stands a paragraph with cost",
    ),
    (
        {"en": SMALL_EN.replace("fee|full", "fee|roman")},
        "clauses/fee.en.md, line 3: “roman” is not a way to write “fee”",
    ),
    (
        {"en": SMALL_EN.replace("fee|full", "parties"), "zh": SMALL_ZH.replace("fee|full", "parties.address|iso")},
        "clauses/fee.zh-Hans.md, line 3: “iso” is not a way to write “parties.address”",
    ),
    (
        {"en": SMALL_EN.replace("[when paid]", "[when not paid]")},
        "clauses/fee.en.md, line 5: Here stands [when not paid]",
    ),
    ({"en": SMALL_EN + "\nOne more.\n"}, "clauses/fee.en.md: 5 parts stand here; zh-Hans has 4."),
    ({"en": SMALL_EN.replace("The fee is", "- The fee is")}, "clauses/fee.en.md, line 3: Here stands an item with fee"),
    (
        {"en": SMALL_EN.replace("was", "w\u200bas")},
        "clauses/fee.en.md, line 6: The invisible character U+200B is refused.",
    ),
    ({"en": SMALL_EN.replace("was", "w\u202eas")}, "line 6: The invisible character U+202E is refused."),
]


@pytest.mark.parametrize(("files", "expected"), BAD, ids=[expected[-60:] for _, expected in BAD])
def test_a_bad_package_is_refused_and_the_place_named(
    tmp_path: Path, files: dict[str, str | None], expected: str
) -> None:
    found = mistakes(write_small(tmp_path, **files))
    assert any(expected in text for text in found), found


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = (
        SMALL_TEMPLATE.replace("id: small", "id: S")
        .replace("type: money", "type: price")
        .replace("mode: all", "mode: x")
    )
    found = mistakes(write_small(tmp_path, template=text, en="no title"))
    assert len(found) >= 4
    assert {one.split(",")[0].split(":")[0] for one in found} == {"template.yaml", "clauses/fee.en.md"}


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    package = write_small(tmp_path)
    (package / "setup.py").write_text("import os", "utf-8")
    (package / "clauses" / "fee.sv.md").write_text("# Avgift\n\nText.", "utf-8")
    found = mistakes(package)
    assert any("setup.py: A package holds template.yaml" in text for text in found)
    (package / "setup.py").unlink()
    assert any("clauses/fee.sv.md: No clause of template.yaml uses this file." in text for text in mistakes(package))


def test_links_are_not_followed(tmp_path: Path) -> None:
    package = write_small(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("# Secret\n\nText.", "utf-8")
    (package / "clauses" / "fee.en.md").unlink()
    (package / "clauses" / "fee.en.md").symlink_to(secret)
    assert any("clauses/fee.en.md: Links and special files are refused." in text for text in mistakes(package))


def test_a_pipe_does_not_hang_the_reader(tmp_path: Path) -> None:
    package = write_small(tmp_path)
    os.mkfifo(package / "clauses" / "wait.en.md")
    assert any("Links and special files are refused." in text for text in mistakes(package))


def test_large_files_and_other_encodings_are_refused(tmp_path: Path) -> None:
    package = write_small(tmp_path, en="# Fee\n\n" + "x" * 300_000)
    assert any("clauses/fee.en.md: The file is larger than" in text for text in mistakes(package))
    (package / "clauses" / "fee.en.md").write_bytes("# Fee\n\n费用".encode("gb18030"))
    assert any("clauses/fee.en.md, line 3: The file is not UTF-8 text." in text for text in mistakes(package))


def test_a_comma_in_an_unquoted_sample_is_found(tmp_path: Path) -> None:
    package = write_small(tmp_path)
    (package / "samples").mkdir()
    (package / "samples" / "one.yaml").write_text("place: {zh-Hans: 成都, en: 17 Road, Chengdu}\n", "utf-8")
    assert any("samples/one.yaml, line 1, place.Chengdu: There is no value here" in text for text in mistakes(package))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert mistakes(tmp_path / "nowhere") == ["template.yaml: The file is missing."]


def test_words_are_refused_where_the_language_has_none(tmp_path: Path) -> None:
    german = SMALL_TEMPLATE.replace("zh-Hans", "de")
    package = write_small(tmp_path, template=german, zh=None)
    (package / "clauses" / "fee.de.md").write_text(
        "# Gebühr\n\nDie Gebühr beträgt {{fee|words}}.\n\n[when paid]\nGezahlt am {{paid_on}}.\n[end]\n", "utf-8"
    )
    found = mistakes(package)
    assert found == ["clauses/fee.de.md, line 3: Numbers are not written in words in de."]
