"""Our own source read as data: modules, what they import, what their functions call. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("agreements", "keys", "signing_service")
SINGLE = ("config.py", "wsgi.py")


@dataclass(frozen=True)
class Module:
    """One source file of ours."""

    name: str
    path: Path

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def imports(self) -> Iterator[tuple[str, int]]:
        """(dotted name, line) of everything imported, also inside functions; `from a import b` gives `a.b`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.where}:{node.lineno} imports relatively"
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    @cached_property
    def names(self) -> dict[str, str]:
        """Local name → dotted name of what was imported under it."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions at the top of the module."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}


@cache
def modules() -> dict[str, Module]:
    """Every module of the product, without the generated migrations."""
    files = [ROOT / name for name in SINGLE]
    for package in PACKAGES:
        files += sorted((ROOT / package).rglob("*.py"))
    found = {}
    for file in files:
        if file.parent.name == "versions" and file.parent.parent.name == "migrations":
            continue
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, file)
    return found


def decorators(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """Name → decorator as written, `command` for `@command(…)`."""
    found: dict[str, ast.expr] = {}
    for node in function.decorator_list:
        called = node.func if isinstance(node, ast.Call) else node
        found[ast.unparse(called).rpartition(".")[2]] = node
    return found


def calls(module: Module, function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name as far as it can be told, call) of every call in a function."""
    names = module.names
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            written = ast.unparse(node.func)
            first, dot, rest = written.partition(".")
            if first in names:
                yield names[first] + dot + rest, node
            elif first in module.functions and not dot:
                yield f"{module.name}.{written}", node
            else:
                yield written, node


@cache
def reached(dotted: str) -> frozenset[str]:
    """Every function of `signing_service.operations` that the one named calls, itself included."""
    todo, seen = [dotted], {dotted}
    while todo:
        module, function = find(todo.pop())
        if module is None or function is None:
            continue
        for name, _call in calls(module, function):
            if name.startswith("signing_service.operations.") and name not in seen:
                seen.add(name)
                todo.append(name)
    return frozenset(seen)


def find(dotted: str) -> tuple[Module | None, ast.FunctionDef | None]:
    """The function of that dotted name."""
    owner, _, name = dotted.rpartition(".")
    module = modules().get(owner)
    return (module, module.functions.get(name)) if module is not None else (None, None)
