"""The form of the code: every module says what it is for, is short enough to read, and has the name of a thing."""

from __future__ import annotations

import ast

from tests.architecture.source import ROOT, modules

LINES_OF_A_FILE = 350
LINES_OF_A_FUNCTION = 60

#: Names that say nothing about what is inside.
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "base_utils", "tools_common"}

#: Longer files, each with the reason. The generated migrations are not read by people.
LONG: dict[str, str] = {}


def test_a_module_says_what_it_is_for() -> None:
    assert [m.where for m in modules().values() if not ast.get_docstring(m.tree)] == []


def test_a_file_is_short_enough_to_read() -> None:
    lengths = {m.where: len(m.path.read_text(encoding="utf-8").splitlines()) for m in modules().values()}
    assert {where: n for where, n in lengths.items() if n > LINES_OF_A_FILE and where not in LONG} == {}


def test_a_function_is_short_enough_to_read() -> None:
    lengths = {
        f"{module.where}: {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {where: n for where, n in lengths.items() if n > LINES_OF_A_FUNCTION} == {}


def test_no_file_is_named_after_nothing() -> None:
    for folder in ("agreements", "keys", "signing_service", "tools", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.stem not in EMPTY_NAMES, path
            assert path.parent.name not in EMPTY_NAMES, path


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        f"{module.where}:{node.lineno} {node.name}"
        for module in modules().values()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and node.name != "N_"
    ]
    assert silent == []


def test_tests_are_packages() -> None:
    """Every folder of tests can be imported, so that two files may have the same name."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_operation_has_a_page_or_an_interface() -> None:
    """The nouns of the operations recur in the doors: what nobody can reach is dead."""
    reached: set[str] = set()
    for module in modules().values():
        door = module.name.startswith(("signing_service.api", "signing_service.pages", "signing_service.live"))
        inside = module.name.startswith(("signing_service.operations", "signing_service.worker", "signing_service.cli"))
        if door or inside or module.name in ("signing_service.sessions", "signing_service.language"):
            reached |= {name for name, _ in module.imports() if name.startswith("signing_service.operations.")}
    named = {".".join(name.split(".")[:3]) for name in reached}
    there = {name for name in modules() if name.startswith("signing_service.operations.")}
    assert there - named == set()


def test_paths_are_only_joined_never_taken_from_people() -> None:
    """`send_from_directory` is the one way a path of a request becomes a file."""
    for module in modules().values():
        if module.name.startswith(("signing_service.api", "signing_service.pages", "signing_service.live")):
            for node in ast.walk(module.tree):
                assert not (isinstance(node, ast.Name) and node.id in ("Path", "open")), f"{module.where}: {node.id}"


#: Where a value is made and not read.
MADE_HERE = {"keys/issuing/revocation.py", "keys/pkcs11_ceremony.py"}


def test_bytes_of_asn1_values_are_taken_as_they_came() -> None:
    """`dump()` of a value that was read may encode it anew, in exponential time; see keys/encoded.py."""
    dumped = [
        f"{module.where}:{node.lineno}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "dump"
        and not node.args
        and module.where not in MADE_HERE
    ]
    assert dumped == []
