"""Attack: a template package made to run code, to read what is outside it, to fill the machine, or to lie on a page.

Each is refused by name and place, within seconds, with nothing executed and nothing outside the folder read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from agreements.errors import ExpressionInvalid, InvalidFields, TemplateInvalid
from agreements.expressions import parse
from agreements.fields import validate
from agreements.package_check import check_package
from agreements.rendering import FontFolder, render
from agreements.templates import load
from agreements.versions import compose
from config import ROOT
from signing_service.operations import templates
from tests.agreements.cases import SMALL_EN, SMALL_TEMPLATE, SMALL_ZH, TODAY, parties, write_small
from tests.attacks.visitor import Web
from tests.factories.case import Case

FONTS = FontFolder(ROOT / "fonts" / "pdf")
SECONDS = 5.0
PARTIES = parties()
VALUES = {"agreement_no": "X-1", "parties": PARTIES, "fee": {"amount": "5.00", "currency": "CNY"}}
ROWS = (
    "  - {name: rows, type: list, group: all, required: no, most: 40,"
    " label: {zh-Hans: 行, en: Row}, item: {type: text}}\n"
)


@contextmanager
def quickly(seconds: float = SECONDS) -> Iterator[None]:
    """Whatever the package, the answer is there soon. Counted is the work, not what else the machine does meanwhile."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < seconds


def told(package: Path) -> list[str]:
    """What `templates check` says of the package."""
    FONTS.load()
    with quickly():
        return [problem.text for problem in check_package(package, FONTS, TODAY).problems]


def refused(package: Path, expected: str) -> None:
    """The package is not loaded, and the mistake is named."""
    with quickly(), pytest.raises(TemplateInvalid):
        load(package)
    found = told(package)
    assert any(expected in text for text in found), found[:5]


def in_template(old: str, new: str) -> str:
    assert old in SMALL_TEMPLATE
    return SMALL_TEMPLATE.replace(old, new)


def both(body: str) -> dict[str, str]:
    """The same text as the clause in each language."""
    return {"zh": f"# 费用\n\n{body}\n", "en": f"# Fee\n\n{body}\n"}


def sample(package: Path, values: dict[str, Any]) -> Path:
    (package / "samples").mkdir(exist_ok=True)
    text = yaml.dump(VALUES | values, Dumper=_WithoutAliases, allow_unicode=True)
    (package / "samples" / "one.yaml").write_text(text, "utf-8")
    return package


class _WithoutAliases(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


# --- expressions ----------------------------------------------------------------------------------------------------

INJECTED = [
    "__import__('os').system('touch owned')",
    "paid.__class__.__mro__",
    "().__class__.__bases__",
    "paid.real.numerator",
    "open('/etc/passwd')",
    "eval('1')",
    "(lambda: 1)()",
    "lambda x: x",
    "[x for x in paid]",
    "paid if paid else paid",
    "paid := true",
    "9**9**9**9",
    "9 * 9",
    "1 << 999999999",
    "'%s' % paid",
    "f'{paid}'",
    "paid[0]",
    "paid; import os",
    "{{paid}}",
    "paid\\x00",
    "count(count)(1)",
    "date('2026-01-01').max",
    "9" * 400,
]


@pytest.mark.parametrize("expression", INJECTED)
def test_an_expression_is_never_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expression: str) -> None:
    monkeypatch.chdir(tmp_path)
    quoted = '"' + expression.replace("\\", "\\\\").replace('"', '\\"') + '"'
    refused(
        write_small(tmp_path, template=in_template("when: paid,", f"when: {quoted},")),
        "template.yaml, line 22, variables[4].when: “",
    )
    refused(
        write_small(tmp_path / "rule", template=in_template("binding: yes}", f"binding: yes, when: {quoted}}}")),
        "template.yaml, line 24, clauses[0].when: “",
    )
    clause = {
        key: text.replace("[when paid]", f"[when {expression}]") for key, text in (("zh", SMALL_ZH), ("en", SMALL_EN))
    }
    refused(write_small(tmp_path / "clause", **clause), "clauses/fee.en.md, line 5: “")
    assert not (tmp_path / "owned").exists()


DEEP = ["(", "[", "[[", "not ", "count(", "([", "not (", "count([", "given(not ("]


@pytest.mark.parametrize("opening", DEEP)
@pytest.mark.parametrize("length", [499, 100_000])
def test_nesting_ends_before_the_stack_does(tmp_path: Path, opening: str, length: int) -> None:
    expression = (opening * length)[:length]
    with quickly(), pytest.raises(ExpressionInvalid):
        parse(expression)
    refused(
        write_small(tmp_path, template=in_template("when: paid,", f'when: "{expression}",')),
        "template.yaml, line 22, variables[4].when: “",
    )


@pytest.mark.parametrize("operator", [" + ", " - ", " or ", " and ", " == ", " in ", "."])
def test_thousands_of_operators(tmp_path: Path, operator: str) -> None:
    expression = operator.join(["paid"] * 5000)
    refused(
        write_small(tmp_path, template=in_template("when: paid,", f'when: "{expression}",')),
        "template.yaml, line 22, variables[4].when: “",
    )


def test_the_longest_expression_that_is_permitted_is_worked_out_at_once(tmp_path: Path) -> None:
    rules = "".join(
        f"  - {{id: r{n}, require: '{' and '.join(['count(distinct(rows)) >= 0'] * 16)}', field: fee,"
        " message: {zh-Hans: 甲, en: A}}\n"
        for n in range(150)
    )
    template = in_template("clauses:\n", f"{ROWS}rules:\n{rules}clauses:\n")
    package = sample(write_small(tmp_path, template=template), {"rows": [f"row {n}" for n in range(40)]})
    assert told(package) == []


def test_values_that_refer_to_each_other_in_a_circle(tmp_path: Path) -> None:
    computed = (
        "computed:\n"
        "  - {name: one, type: number, label: {zh-Hans: 甲, en: A}, value: two + 1}\n"
        "  - {name: two, type: number, label: {zh-Hans: 乙, en: B}, value: one + 1}\n"
        "  - {name: own, type: number, label: {zh-Hans: 丙, en: C}, value: own + 1}\n"
    )
    package = write_small(tmp_path, template=in_template("clauses:\n", f"{computed}clauses:\n"))
    refused(package, "template.yaml, line 24, computed[0].value: “two” is not a value that is known here.")
    refused(package, "template.yaml, line 26, computed[2].value: “own” is not a value that is known here.")
    circle = in_template("default: no, label", "when: given(paid_on), default: no, label")
    refused(
        write_small(tmp_path / "when", template=circle), "variables[3].when: “paid_on” is not a value that is known"
    )


def test_a_value_that_looks_like_a_reference_stays_text(tmp_path: Path) -> None:
    """A value is put in once; what it says is never read as a text of the template."""
    template = in_template("clauses:\n", ROWS + "clauses:\n")
    package = sample(
        write_small(tmp_path, template=template, **both("[each row in rows]\n{{row}}\n[end]")),
        {"rows": ["{{rows}}", "{{row}}", "[each row in rows]", "[when paid]"]},
    )
    loaded = load(package)
    version = compose(loaded, validate(loaded, loaded.samples["one"], TODAY))
    assert [one["en"] for one in version.clauses[0].paragraphs] == VALUES_AS_TEXT


VALUES_AS_TEXT = ["{{rows}}", "{{row}}", "[each row in rows]", "[when paid]"]

# --- files ----------------------------------------------------------------------------------------------------------


def linked_clause(package: Path, outside: Path) -> None:
    (package / "clauses" / "fee.en.md").unlink()
    (package / "clauses" / "fee.en.md").symlink_to(outside / "secret.md")


def linked_folder(package: Path, outside: Path) -> None:
    for file in (package / "clauses").iterdir():
        file.unlink()
    (package / "clauses").rmdir()
    (package / "clauses").symlink_to(outside)


def linked_template(package: Path, outside: Path) -> None:
    (package / "template.yaml").unlink()
    (package / "template.yaml").symlink_to(outside / "template.yaml")


def device(package: Path, outside: Path) -> None:
    (package / "clauses" / "fee.en.md").unlink()
    (package / "clauses" / "fee.en.md").symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("attack", "place"),
    [
        (linked_clause, "clauses/fee.en.md"),
        (linked_folder, "clauses"),
        (linked_template, "template.yaml"),
        (device, "clauses/fee.en.md"),
    ],
)
def test_a_link_out_of_the_package(tmp_path: Path, attack: Callable[[Path, Path], None], place: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text(SMALL_EN, "utf-8")
    (outside / "fee.en.md").write_text(SMALL_EN, "utf-8")
    (outside / "fee.zh-Hans.md").write_text(SMALL_ZH, "utf-8")
    (outside / "template.yaml").write_text(SMALL_TEMPLATE, "utf-8")
    package = write_small(tmp_path)
    attack(package, outside)
    refused(package, f"{place}: Links and special files are refused.")


def test_a_link_that_takes_the_place_of_a_file_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between listing and opening: what is opened is what was listed, or nothing."""
    package = write_small(tmp_path)
    secret = tmp_path / "secret.md"
    secret.write_text(SMALL_EN, "utf-8")
    real = os.open

    def swapped(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if str(path).endswith("fee.en.md"):
            Path(path).unlink(missing_ok=True)
            Path(path).symlink_to(secret)
        return real(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(TemplateInvalid) as told_once:
        load(package)
    assert [problem.text for problem in told_once.value.problems] == [
        "clauses/fee.en.md: The file cannot be read: Too many levels of symbolic links."
    ]


@pytest.mark.parametrize("name", ["../fee", "/etc/passwd", "..", "fee/../../x", "fee\\\\..\\\\x", "file:///etc/passwd"])
def test_the_id_of_a_clause_is_no_path(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "fee.en.md"
    outside.write_text(SMALL_EN, "utf-8")
    package = write_small(tmp_path, template=in_template("{id: fee, binding", f'{{id: "{name}", binding'))
    refused(package, "template.yaml, line 24, clauses[0].id: An id is small letters, digits and _.")


def test_the_language_of_a_clause_is_no_path(tmp_path: Path) -> None:
    package = write_small(tmp_path, template=in_template("languages: [zh-Hans, en]", "languages: [zh-Hans, ../../en]"))
    refused(package, "template.yaml, line 3, languages[1]: “../../en” is not known here.")


@pytest.mark.parametrize(
    "name",
    [
        b".hidden",
        b"clauses/.fee.en.md",
        b"clauses/FEE.en.md",
        b"clauses/fee.en.md~",
        b"samples/one.yml",
        b"\xff\x1b[31m",
    ],
)
def test_other_files_are_not_read(tmp_path: Path, name: bytes) -> None:
    package = write_small(tmp_path)
    (package / "samples").mkdir()
    file = os.fsencode(package) + b"/" + name
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY), "wb") as opened:
        opened.write(b"not YAML: [")
    refused(package, ": A package holds template.yaml, clauses/<id>.<language>.md and samples/*.yaml only.")
    assert all(character.isprintable() for text in told(package) for character in text)


def test_folders_in_folders(tmp_path: Path) -> None:
    """Thousands of levels, deeper than a path may be long."""
    package = write_small(tmp_path)
    inside = os.open(package / "clauses", os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("in", dir_fd=inside)  # a path this long has no other way
        deeper = os.open("in", os.O_RDONLY, dir_fd=inside)
        os.close(inside)
        inside = deeper
    os.close(inside)
    try:
        refused(package, "clauses/in: A package holds template.yaml")
    finally:
        _remove_levels(package / "clauses")


def _remove_levels(folder: Path) -> None:
    """Take the levels away again, so that clearing the temporary folder does not exhaust the stack."""
    while (folder / "in").exists():
        top = folder / "in"
        rest = folder / "rest"
        if (top / "in").exists():
            (top / "in").rename(rest)
            top.rmdir()
            rest.rename(top)
        else:
            top.rmdir()


@pytest.mark.parametrize("kind", ["files", "folders", "links"])
def test_a_hundred_thousand_small_files(tmp_path: Path, kind: str) -> None:
    package = write_small(tmp_path)
    (package / "samples").mkdir()
    folder = os.open(package / "samples", os.O_RDONLY)
    count = 100_000 if kind == "files" else 5_000
    for n in range(count):
        if kind == "files":
            os.close(os.open(f"s{n}.yaml", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
        elif kind == "folders":
            os.mkdir(f"s{n}.yaml", dir_fd=folder)
        else:
            os.symlink("/etc/passwd", f"s{n}.yaml", dir_fd=folder)
    os.close(folder)
    with quickly(0.5):
        refused(package, "The package has more than 400 files.")
    assert len(told(package)) == 1


def test_a_text_of_ten_megabytes(tmp_path: Path) -> None:
    refused(write_small(tmp_path, en=SMALL_EN + "word " * 2_000_000), "clauses/fee.en.md: The file is larger than")
    package = write_small(tmp_path / "template", template=SMALL_TEMPLATE + "# " + "x" * 10_000_000)
    refused(package, "template.yaml: The file is larger than")


def test_many_texts_that_are_each_small_enough(tmp_path: Path) -> None:
    package = write_small(tmp_path)
    for n in range(100):
        (package / "clauses" / f"c{n}.en.md").write_text("# A\n\n" + "word " * 50_000, "utf-8")
    refused(package, "The package is larger than 1048576 bytes.")


# --- YAML -----------------------------------------------------------------------------------------------------------

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
BOMBS = {
    "aliases": (LAUGHS, "line 27: Anchors and aliases are refused."),
    "an alias of itself": ("a: &a [*a]\n", "line 27: Anchors and aliases are refused."),
    "a merged key": ("<<: {id: other}\n", "line 27: This key is not known here."),
    "a merged alias": ("a: &a {id: b}\n<<: *a\n", "line 27: Anchors and aliases are refused."),
    "lists in lists": ("x: " + "[" * 100_000 + "\n", "line 27: The file is too deep, too long"),
    "mappings in mappings": ("x: " + "{a: " * 50_000 + "\n", "line 27: The file is too deep, too long"),
    "keys of keys": ("? " * 50_000 + "a\n", "line 27: The file is too deep, too long"),
    "many small values": ("x: [" + "1," * 100_000 + "]\n", "line 27: The file is too deep, too long"),
    "a huge value": ("x: " + "a " * 100_000 + "\n", "line 27, x: This key is not known here."),
    "a huge key": ("? " + "k" * 100_000 + "\n: {" + "a: 1, " * 500 + "}\n", "line 27: This key is not known here."),
    "a list as a key": ("? [a, b]\n: 1\n", "line 27: This key is not known here."),
    "a key twice": ("id: other\n", "line 27, id: The key is there twice."),
    "a key twice inside": ("x: {a: 1, a: 2}\n", "line 27, x.a: The key is there twice."),
    "a number in base sixty": ("x: 1" + ":1" * 100_000 + "\n", "line 27, x: The YAML cannot be read: the number is"),
    "a fraction in base sixty": ("x: 1" + ":1" * 500 + ".5\n", "line 27, x: The YAML cannot be read: the number is"),
    "a number in base sixteen": ("x: 0x" + "f" * 100_000 + "\n", "line 27, x: The YAML cannot be read: the number is"),
    "a long number": ("x: " + "9" * 100_000 + "\n", "line 27, x: The YAML cannot be read: the number is too long."),
    "a day that is none": ("x: 2026-99-99\n", "line 27, x: The YAML cannot be read: month must be in 1..12."),
    "an object": ("x: !!python/object:os.system {}\n", "line 27: Tags are refused."),
    "a call": ("x: !!python/object/apply:os.system ['touch owned']\n", "line 27: Tags are refused."),
    "a call by its long name": ("x: !<tag:yaml.org,2002:python/name:os.system> a\n", "line 27: Tags are refused."),
    "binary": ("x: !!binary aGVsbG8=\n", "line 27: Tags are refused."),
    "a second document": ("---\nid: other\n", "too deep, too long or has several documents."),
    "an unknown tag": ("x: !foo bar\n", "line 27: Tags are refused."),
    "an open quotation": ('x: "\n' + "a\n" * 50_000, "The YAML cannot be read: "),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_yaml_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bomb: str) -> None:
    monkeypatch.chdir(tmp_path)
    text, expected = BOMBS[bomb]
    refused(write_small(tmp_path, template=SMALL_TEMPLATE + text), expected)
    package = write_small(tmp_path / "sample")
    (package / "samples").mkdir()
    (package / "samples" / "one.yaml").write_text(text, "utf-8")
    assert told(package) != []
    assert not (tmp_path / "owned").exists()


def test_a_tag_declared_under_another_name(tmp_path: Path) -> None:
    text = "%TAG ! tag:yaml.org,2002:python/\n---\n" + SMALL_TEMPLATE + "x: !name:os.system a\n"
    refused(write_small(tmp_path, template=text), "template.yaml, line 29: Tags are refused.")


def test_many_samples_that_are_each_small_enough(tmp_path: Path) -> None:
    package = write_small(tmp_path)
    (package / "samples").mkdir()
    for n in range(100):
        (package / "samples" / f"s{n}.yaml").write_text("a: [" + "1, " * 1500 + "1]\n", "utf-8")
    refused(package, "The file is too deep, too long or has several documents.")


# --- what a template says -------------------------------------------------------------------------------------------

SAID = [
    (in_template("type: money", "type: python"), "line 20, variables[2].type: “python” is not one of: text, "),
    (in_template("type: money", "type: [money]"), "line 20, variables[2].type: “['money']” is not one of: text, "),
    (in_template("en: Small agreement}", "}"), "line 4, title.en: This key is required."),
    (in_template("languages: [zh-Hans, en]", "languages: []"), "line 3, languages: Name each language once"),
    (in_template("languages: [zh-Hans, en]", "languages: [en, en]"), "line 3, languages: Name each language once"),
    (in_template("en: Small agreement}", "en: Small agreement, fi: Pieni}"), "line 4, title.fi: This key is not known"),
    (
        in_template("type: money, group: all, currencies: [CNY, EUR]", "type: number, group: all, decimals: 99999999"),
        "line 20, variables[2].decimals: The most is 6.",
    ),
    (
        in_template("type: money, group: all, currencies: [CNY, EUR]", "type: number, group: all, decimals: -1"),
        "line 20, variables[2].decimals: The least is 0.",
    ),
    (
        in_template("mode: all}", "mode: all, due_after_hours: 999999999999}"),
        "approval_route[0].due_after_hours: The most",
    ),
    (in_template("mode: all}", "mode: k_of_n, k: 1, of: 999999999}"), "approval_route[0].of: The most is 40."),
    (
        in_template("en: Small agreement", "en: " + "a " * 5000),
        "line 4, title.en: Use at most 200 characters; there are",
    ),
    (
        SMALL_TEMPLATE.replace("  - {id: fee, binding: yes}\n", "  - {id: fee, binding: yes}\n" * 300),
        "line 23, clauses: Give at most 200 entries; there are 300.",
    ),
    (in_template("name: fee, type", "name: __class__, type"), "line 20, variables[2].name: A name is small letters"),
]


@pytest.mark.parametrize(("template", "expected"), SAID, ids=[expected[-50:] for _, expected in SAID])
def test_what_a_template_may_not_say(tmp_path: Path, template: str, expected: str) -> None:
    refused(write_small(tmp_path, template=template), expected)


def test_a_language_without_its_text_and_a_text_without_its_language(tmp_path: Path) -> None:
    refused(
        write_small(tmp_path, zh=None), "clauses/fee.zh-Hans.md: The text of the clause in this language is missing."
    )
    package = write_small(tmp_path / "more")
    (package / "clauses" / "fee.fi.md").write_text("# Maksu\n\nMaksu on {{fee|full}}.\n", "utf-8")
    refused(package, "clauses/fee.fi.md: No clause of template.yaml uses this file.")


INVISIBLE = {"NUL": 0, "escape": 0x1B, "return": 0x0D, "override": 0x202E, "isolate": 0x2066, "mark": 0x200F} | {
    "zero width": 0x200B,
    "joiner": 0x200D,
    "byte order mark": 0xFEFF,
    "line separator": 0x2028,
    "soft hyphen": 0xAD,
    "private": 0xE000,
    "no character": 0xFFFE,
    "tag": 0xE0041,
}


@pytest.mark.parametrize("name", INVISIBLE)
def test_characters_that_make_a_text_read_otherwise(tmp_path: Path, name: str) -> None:
    code = INVISIBLE[name]
    expected = f"The invisible character U+{code:04X} is refused."
    package = write_small(tmp_path)
    for file, line, old in (("clauses/fee.en.md", 6, "paid on"), ("template.yaml", 4, "Small agreement")):
        text = (package / file).read_text("utf-8")
        (package / file).write_bytes(text.replace(old, f"{old[:3]}{chr(code)}{old[3:]}").encode("utf-8"))
        refused(package, f"{file}, line {line}: {expected}")
        (package / file).write_text(text, "utf-8")
    escaped = in_template("en: Small agreement", f'en: "Sma\\U{code:08x}ll agreement"')
    refused(write_small(tmp_path / "escaped", template=escaped), f"template.yaml, line 4, title.en: {expected}")


def test_half_a_character_by_escape(tmp_path: Path) -> None:
    escaped = in_template("en: Small agreement", 'en: "Sma\\ud800ll agreement"')
    refused(write_small(tmp_path, template=escaped), "line 4: The YAML cannot be read: found invalid Unicode character")


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", "费用".encode("gb18030"), b"\x80"], ids=repr
)
def test_bytes_that_are_not_utf_8(tmp_path: Path, data: bytes) -> None:
    package = write_small(tmp_path)
    for file in ("clauses/fee.en.md", "template.yaml"):
        whole = (package / file).read_bytes()
        (package / file).write_bytes(whole + data)
        line = whole.count(b"\n") + 1
        refused(package, f"{file}, line {line}: The file is not UTF-8 text.")
        (package / file).write_bytes(whole)


# --- values ---------------------------------------------------------------------------------------------------------

TYPED: list[tuple[dict[str, Any], str]] = [
    ({"agreement_no": ["X"]}, "agreement_no: Number: Write a text here."),
    ({"fee": "5 CNY"}, "line 2, fee: Fee: Fill in the parts of this entry."),
    ({"fee": {"amount": 1.5, "currency": "CNY"}}, "line 3, fee.amount: Fee · Amount: Write a number in digits"),
    (
        {"fee": {"amount": float("nan"), "currency": "CNY"}},
        "line 3, fee.amount: Fee · Amount: Write a number in digits",
    ),
    ({"fee": {"amount": "5", "currency": {"a": 1}}}, "fee.currency: Fee · Currency: Choose one of these currencies"),
    ({"paid": 1}, "paid: Paid: Answer yes or no."),
    ({"paid": True, "paid_on": "today"}, "paid_on: Paid on: Write the date as year-month-day"),
    ({"parties": {"0": 1}}, "parties: Party: Give a list of entries."),
    ({"parties": [1, "x"]}, "parties[0]: Party 1: Fill in the parts of this entry."),
    ({"parties": PARTIES * 50}, "parties: Party: Give at most 2 entries; there are 100."),
    ({"rows": [[[[[[[[[[[[[["deep"]]]]]]]]]]]]]]}, "rows[0]: Row 1: Write a text here."),
    ({"__class__": "x"}, "line 1, __class__: __class__: The template does not ask for this."),
    ({1: "x"}, "1: 1: The template does not ask for this."),
    ({f"unknown_{n}": "x" for n in range(3000)}, "unknown_2999: unknown_2999: The template does not ask for this."),
]


@pytest.mark.parametrize(("values", "expected"), TYPED, ids=[expected[-50:] for _, expected in TYPED])
def test_a_sample_with_a_value_of_the_wrong_type(tmp_path: Path, values: dict[Any, Any], expected: str) -> None:
    template = in_template("clauses:\n", ROWS + "clauses:\n")
    package = sample(write_small(tmp_path, template=template), values)
    found = [text for text in told(package) if text.startswith("samples/one.yaml")]
    named = any(expected in text for text in found) or len(found) == 999  # of very many the first are told
    assert named, found[:5]


GROWING = {
    "lists in lists": "[each a in rows]\n[each b in rows]\n[each c in rows]\n"
    + "word " * 1000
    + "\n[end]\n[end]\n[end]",
    "nothing, often": "[each a in rows]\n[each b in rows]\n" + "[when paid]\nx\n[end]\n" * 2000 + "[end]\n[end]\nx",
    "one value, often": "{{agreement_no}} {{fee|full}}\n\n" * 7000,
    "one long paragraph": "w" * 20_000,
}


@pytest.mark.parametrize("growing", GROWING)
def test_a_small_package_cannot_become_a_huge_text(tmp_path: Path, growing: str) -> None:
    template = in_template("clauses:\n", ROWS + "clauses:\n")
    package = sample(write_small(tmp_path, template=template, **both(GROWING[growing])), {"rows": ["x" * 290] * 40})
    assert told(package) == [
        "samples/one.yaml: With the sample “one”: A text of the agreement becomes longer than "
        f"{10_000 if growing == 'one long paragraph' else 100_000} characters; shorten texts or lists."
    ]


FORMS = ("email", "phone", "zone", "country", "agreement_number")
BACKTRACKING = ["a" * 200_000, "a." * 100_000, "a@" + "a-" * 100_000, "a@" + "a." * 100_000 + "!", "+" + "1 " * 100_000]
BACKTRACKING += ["1," + "111," * 50_000, "/a" * 100_000, "(" * 200_000, "ﷺ" * 20_000]


@pytest.mark.parametrize("form", FORMS)
def test_no_pattern_runs_for_ever(tmp_path: Path, form: str) -> None:
    """A template chooses among forms; it cannot bring a pattern, and none of ours backtracks without end."""
    long = in_template(
        "name: agreement_no, type: text,", f"name: agreement_no, type: text, form: {form}, most: 1000000,"
    )
    loaded = load(write_small(tmp_path, template=long))
    for text in BACKTRACKING:
        with quickly(), pytest.raises(InvalidFields):
            validate(loaded, VALUES | {"agreement_no": text, "fee": {"amount": text, "currency": "CNY"}}, TODAY)
    pattern = in_template("name: agreement_no, type: text,", 'name: agreement_no, type: text, form: "(a+)+$",')
    refused(write_small(tmp_path / "own", template=pattern), "variables[0].form: “(a+)+$” is not one of: free, email")


@pytest.mark.parametrize("text", ["{{fee" + " " * 200_000, "{{a." * 60_000, "{{fee|" + "a" * 200_000, "{" * 200_000])
def test_no_reference_is_looked_for_without_end(tmp_path: Path, text: str) -> None:
    refused(
        write_small(tmp_path, en=f"# Fee\n\n{text}\n"), "clauses/fee.en.md, line 3: “{” is not used in clause texts"
    )


# --- markup ---------------------------------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>"
MARKUP = [SCRIPT, "<img src=x onerror=alert(1)>", "[a](javascript:alert)", "![a](http://x.example/a.png)", "**a**"]
MARKUP += ["`a`", "{% raw %}", "\\href", "<!-- a -->"]


@pytest.mark.parametrize("markup", MARKUP)
def test_a_clause_has_no_markup(tmp_path: Path, markup: str) -> None:
    text = SMALL_EN.replace("The fee is", f"The {markup} fee is")
    refused(write_small(tmp_path, en=text), "clauses/fee.en.md, line 3: “")
    refused(
        write_small(tmp_path / "title", en=SMALL_EN.replace("# Fee", f"# Fee {markup}")), "clauses/fee.en.md, line 1: “"
    )


TITLE = "Small </title>" + SCRIPT + ") /OpenAction <</S /JavaScript /JS (app.alert(1))>> (\\"
HOSTILE = in_template("zh-Hans: 小协议, en: Small agreement", f"zh-Hans: '{TITLE}', en: '{TITLE}'").replace(
    "en: Fee}", f"en: 'Fee {SCRIPT} {{{{1+1}}}}'}}"
)


def test_words_of_a_template_do_nothing_in_a_pdf(tmp_path: Path) -> None:
    """No object of the file is theirs: the same objects are there as with harmless words."""
    files = []
    for number, template in enumerate((HOSTILE, SMALL_TEMPLATE)):
        package = sample(write_small(tmp_path / str(number), template=template), {})
        assert told(package) == []
        loaded = load(package)
        version = compose(loaded, validate(loaded, loaded.samples["one"], TODAY))
        files.append(render(version, number=1, verify_url="https://sign.example.org/v", fonts=FONTS).pdf)
    hostile, harmless = files
    for name in (b"/OpenAction", b"/JavaScript", b"/JS", b"/AA", b"/URI", b"/Launch", b"/SubmitForm"):
        unescaped = hostile.replace(rb"\(", b"").replace(rb"\)", b"")
        assert name not in harmless
        assert _outside_strings(unescaped).count(name) == 0
    assert rb"\) /OpenAction <</S /JavaScript /JS \(app.alert\(1\)\)>> \(\\" in hostile


def _outside_strings(pdf: bytes) -> bytes:
    """The file without literal strings and streams; escaped brackets were taken out before."""
    kept = bytearray()
    for piece in pdf.split(b"endstream"):
        depth = 0
        for byte in piece.split(b"stream\n")[0]:
            depth += (byte == 0x28) - (byte == 0x29)
            if not depth:
                kept.append(byte)
    return bytes(kept)


def test_words_of_a_template_do_nothing_on_a_page(staffed: Case, tmp_path: Path) -> None:
    """Uploaded by one person and published by another, and then on the screen of everybody who drafts."""
    hostile = load(sample(write_small(tmp_path, template=HOSTILE), {}))
    katja, shen = staffed.staff["legal_review"], staffed.staff["legal"]
    templates.add(staffed.services, katja, hostile, 1)
    templates.publish(staffed.services, shen, hostile.sha256, hostile.sha256, "")
    legal = Web(staffed).staff("legal")
    choosing = legal.open("/agreements/new")
    path = legal.send("/agreements/new", {"template_id": "small"}).location
    for answer in (choosing, legal.open(path), legal.open("/"), legal.open(f"/templates/{hostile.sha256}")):
        assert answer.status_code == 200
        assert SCRIPT not in answer.text
        assert "</title>" + SCRIPT[:8] not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in choosing.text
    assert "{{1+1}}" in legal.open(path).text
