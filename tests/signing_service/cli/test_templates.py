"""`templates check`: right packages are listed, every mistake is named, the exit code says which it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from agreements.templates import LIBRARY, library, library_folders
from signing_service.cli.main import main
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE, SMALL_ZH, parties, write_small
from tests.factories import packages

STRATEGIC = LIBRARY / "strategic_cooperation"
PARTIES = parties()
VALUES = {"agreement_no": "X-1", "parties": PARTIES, "fee": {"amount": "5.00", "currency": "CNY"}}


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["templates", "check", *map(str, arguments)])


def small(folder: Path, values: dict[str, Any] | None = None, **files: str | None) -> Path:
    """The small package with one sample."""
    package = write_small(folder, **files)
    (package / "samples").mkdir()
    text = yaml.safe_dump(VALUES | (values or {}), allow_unicode=True)
    (package / "samples" / "one.yaml").write_text(text, "utf-8")
    return package


def test_the_shipped_library_is_right() -> None:
    answer = check()
    assert answer.exit_code == 0, answer.output
    assert answer.output.count("right: ") == len(library_folders())
    assert answer.output.endswith(f"{len(library_folders())} right, 0 wrong\n")


def test_a_right_package_is_listed_with_what_it_holds(tmp_path: Path) -> None:
    answer = check(STRATEGIC, small(tmp_path))
    assert answer.exit_code == 0, answer.output
    assert answer.output.splitlines() == [
        "right: strategic_cooperation 1.1.0 (zh-Hans, en, de, fi; 21 clauses; 29 variables; 2 samples rendered)",
        "right: small 1.0.0 (zh-Hans, en; 1 clause; 5 variables; 1 sample rendered)",
        "2 right, 0 wrong",
    ]


def test_a_package_without_samples_may_be_right(tmp_path: Path) -> None:
    answer = check(write_small(tmp_path))
    assert (answer.exit_code, "0 samples rendered" in answer.output) == (0, True)


def test_one_wrong_package_decides(tmp_path: Path) -> None:
    package = small(tmp_path, template=SMALL_TEMPLATE.replace("type: money", "type: price"), en=None)
    answer = check(STRATEGIC, package)
    assert answer.exit_code == 1
    assert "right: strategic_cooperation" in answer.output
    assert f"wrong: {package}, " in answer.output
    assert "  template.yaml, line 20, variables[2].type: “price” is not one of: text, " in answer.output
    assert "  clauses/fee.en.md: The text of the clause in this language is missing." in answer.output
    assert answer.output.endswith("1 right, 1 wrong\n")


def test_json(tmp_path: Path) -> None:
    package = small(tmp_path, {"fee": {"amount": "much", "currency": "CNY"}})
    answer = check(STRATEGIC, package, "--format", "json")
    told = json.loads(answer.output)
    right, wrong = told["packages"]
    assert (answer.exit_code, told["right"], right["right"], wrong["right"]) == (1, False, True, False)
    assert (right["id"], right["version"]) == ("strategic_cooperation", "1.1.0")
    assert right["languages"] == ["zh-Hans", "en", "de", "fi"]
    assert (right["clauses"], right["variables"], right["samples_rendered"], right["mistakes"]) == (21, 29, 2, [])
    assert (wrong["folder"], wrong["samples_rendered"]) == (str(package), 0)
    (mistake,) = wrong["mistakes"]
    assert (mistake["file"], mistake["line"], mistake["place"]) == ("samples/one.yaml", 3, "fee.amount")
    assert mistake["message"].startswith("Fee · Amount: Write a number in digits")


def with_value(changes: dict[str, Any]) -> dict[str, Any]:
    return {"values": changes}


SECOND = PARTIES[1]
WRONG: list[tuple[dict[str, Any], str]] = [
    (with_value({"paid": "perhaps"}), "samples/one.yaml, line 5, paid: Paid: Answer yes or no."),
    (with_value({"paid": True}), "samples/one.yaml, paid_on: Paid on: This is needed."),
    (with_value({"colour": "red"}), "samples/one.yaml, line 2, colour: colour: The template does not ask for this."),
    (
        with_value({"parties": [PARTIES[0], {**SECOND, "legal_name": {**SECOND["legal_name"], "fi": "Yhdistys"}}]}),
        "parties[1].legal_name.fi: Party 2 · Legal name · suomi: The agreement has these languages only: zh-Hans, en.",
    ),
    (
        with_value({"parties": [PARTIES[0], {**SECOND, "legal_name": {"zh-Hans": "协会", "en": "An 😀"}}]}),
        "parties[1].legal_name.en: The type faces cannot draw the character “😀” (U+1F600, GRINNING FACE)",
    ),
    (
        {"en": SMALL_EN.replace("was paid", "was 😀 paid")},
        "clauses/fee.en.md, line 6: The type faces cannot draw the character “😀” (U+1F600, GRINNING FACE) in clause",
    ),
    (
        {"template": SMALL_TEMPLATE.replace("en: Small agreement", "en: Small 😀")},
        "template.yaml, line 4, title.en: The type faces cannot draw the character “😀”",
    ),
    (
        {"zh": SMALL_ZH.replace("{{fee|full}}", "{{paid_on}}"), "en": SMALL_EN.replace("{{fee|full}}", "{{paid_on}}")},
        "line 3: With the sample “one”: Clause “fee” needs “paid_on”, which has no value.",
    ),
    (
        {
            "template": SMALL_TEMPLATE.replace(
                "clauses:\n",
                "rules:\n  - {id: r, require: fee + 1 == 2, field: fee, message: {zh-Hans: 甲, en: A}}\nclauses:\n",
            )
        },
        "template.yaml, line 24, rules[0].require: With the sample “one”: “fee + 1 == 2” cannot be understood",
    ),
    (
        {
            "template": SMALL_TEMPLATE.replace(
                "clauses:\n",
                "computed:\n  - {name: c, type: date, label: {zh-Hans: 甲, en: A}, value: count(parties)}\nclauses:\n",
            )
        },
        "template.yaml, line 24, computed[0].value: With the sample “one”: “count(parties)” cannot be understood",
    ),
]


@pytest.mark.parametrize(("package", "expected"), WRONG, ids=[expected[-50:] for _, expected in WRONG])
def test_a_mistake_that_a_sample_shows_is_named(tmp_path: Path, package: dict[str, Any], expected: str) -> None:
    answer = check(small(tmp_path, **package))
    assert answer.exit_code == 1, answer.output
    assert expected in answer.output


def test_a_zip_file_is_checked_like_a_folder(tmp_path: Path) -> None:
    right, wrong = tmp_path / "right.zip", tmp_path / "wrong.ZIP"
    right.write_bytes(packages.zipped(packages.small(), "small/"))
    wrong.write_bytes(packages.zipped({**packages.small_reworded("1.1.0"), "../x.md": "x"}))
    answer = check(right, wrong)
    assert answer.exit_code == 1
    assert answer.output.splitlines() == [
        "right: small 1.0.0 (zh-Hans, en; 1 clause; 5 variables; 1 sample rendered)",
        f"wrong: {wrong}, 1 mistake",
        "  ../x.md: The name of a file in a package is a path inside it.",
        "1 right, 1 wrong",
    ]


def test_an_exported_package_is_right_and_the_same_every_time(tmp_path: Path) -> None:
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    for target in (one, two):
        answer = CliRunner().invoke(main, ["templates", "export", "mutual_nda", "--out", str(target)])
        assert answer.exit_code == 0, answer.output
        assert library()["mutual_nda"].sha256 in answer.output
    assert one.read_bytes() == two.read_bytes()
    assert check(one).output.endswith("1 right, 0 wrong\n")
    again = CliRunner().invoke(main, ["templates", "export", "mutual_nda", "--out", str(one)])
    assert (again.exit_code, "File exists" in again.output) == (2, True)
    unknown = CliRunner().invoke(main, ["templates", "export", "treaty"])
    assert (unknown.exit_code, "mutual_nda" in unknown.output) == (2, True)


def test_the_help_says_what_it_does() -> None:
    said = " ".join(check("--help").output.split())
    assert "Says what is wrong in which line of a package, and lists the packages that are right." in said
    assert "1 when one is wrong" in said


def test_two_packages_with_one_id(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    answer = check(small(tmp_path), small(tmp_path / "other"))
    assert answer.exit_code == 1
    assert "template.yaml, id: Another package has the id “small” already." in answer.output


@pytest.mark.parametrize(
    "arguments", [["nowhere"], [str(STRATEGIC / "template.yaml")], ["--format", "xml"], ["--unknown"]], ids=str
)
def test_a_wrong_invocation(arguments: list[str]) -> None:
    assert check(*arguments).exit_code == 2


def test_missing_type_faces_are_no_mistake_of_a_package(tmp_path: Path) -> None:
    answer = check(STRATEGIC, "--fonts", tmp_path)
    assert answer.exit_code == 2
    assert "make setup" in answer.output


def test_a_name_of_a_file_cannot_write_on_the_screen(tmp_path: Path) -> None:
    package = small(tmp_path)
    (package / "\x1b[2J\nright: small.md").touch()
    answer = check(package)
    assert "\x1b" not in answer.output
    assert "  \\u001b[2J\\u000aright: small.md: A package holds template.yaml" in answer.output
