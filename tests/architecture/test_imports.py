"""Imports run one way: wsgi → doors → operations → machinery → db → agreements and keys; also inside functions."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import Module, modules

#: Part of the house → its floor. A module imports from lower floors, and from its own part; nothing above.
FLOORS = {
    # what is agreed, with what it is signed, how an installation is set up: they know nobody
    "agreements": 0,
    "keys": 0,
    "config": 0,
    # words everybody in the service shares: errors, permissions, the clock, ids, how moments are written
    "signing_service": 1,  # the package itself: a text, no code
    "signing_service.errors": 1,
    "signing_service.sealed_file_errors": 2,  # a branch of the tree
    "signing_service.clock": 1,
    "signing_service.ids": 1,
    "signing_service.moments": 1,
    "signing_service.logs": 1,
    "signing_service.fork_server": 1,  # forks the limited processes
    "signing_service.isolation": 1,  # the limited process for what comes from strangers
    "signing_service.permissions": 2,
    "signing_service.db": 3,
    "signing_service.ceremonies": 4,
    "signing_service.pades": 4,
    "signing_service.verification": 4,
    "signing_service.packages": 4,
    "signing_service.audit": 4,
    "signing_service.evidence": 4,
    "signing_service.notifications": 4,
    "signing_service.accounts": 4,
    "signing_service.services": 5,  # the parts of a running service, as operations are given them
    "signing_service.operations": 6,
    "signing_service.door": 7,  # how a view names its action; shared by all views
    "signing_service.counters": 7,  # of requests, for the limits
    "signing_service.assets": 7,  # the same for everybody: nobody is asked who they are
    "signing_service.security": 8,
    "signing_service.sessions": 8,  # who is at the other end of a request
    "signing_service.language": 8,
    "signing_service.worker": 8,
    "signing_service.http_errors": 9,  # tells every error in the reader's language
    "signing_service.api": 10,
    "signing_service.pages": 10,
    "signing_service.live": 10,
    "signing_service.cli": 10,
    "signing_service.app": 11,  # the wiring of the doors
    "signing_service.__main__": 11,
    "wsgi": 12,
}

#: Doors that use another door, each with its reason. Everything else on one floor stays apart.
BESIDE = {
    ("signing_service.pages", "signing_service.api"): "a page carries its first board, shaped as the API shapes it",
    ("signing_service.cli", "signing_service.live"): "the server's command line ends the streams when it stops",
}

WEB = ("flask", "flask_babel", "flask_wtf", "flask_limiter", "flask_bootstrap", "werkzeug", "jinja2")
DATABASE = ("sqlalchemy", "alembic", "psycopg")

#: Part → libraries and parts it must work without.
WITHOUT = {
    "agreements": (*WEB, *DATABASE, "pyhanko", "cryptography", "httpx", "keys", "signing_service", "config"),
    "keys": (*WEB, *DATABASE, "reportlab", "agreements", "signing_service", "config"),
    "config": (*WEB, *DATABASE, "agreements", "keys", "signing_service"),
    "signing_service.verification": (*WEB, *DATABASE, "signing_service.db", "config"),
    "signing_service.isolation": (*WEB, *DATABASE, "agreements", "keys", "config"),
    "signing_service.packages": (*WEB, *DATABASE, "signing_service.db", "config"),
    "signing_service.pades": (*WEB, *DATABASE, "signing_service.db", "config"),
    "signing_service.ceremonies": (*WEB, *DATABASE, "signing_service.db", "config"),
    "signing_service.accounts": (*WEB, *DATABASE, "signing_service.db", "config"),
    "signing_service.audit": WEB,
    "signing_service.notifications": WEB,
    "signing_service.db": WEB,
    "signing_service.operations": WEB,
    "signing_service.services": WEB,
    "signing_service.permissions": (*WEB, *DATABASE),
    "signing_service.api": DATABASE,
    "signing_service.pages": DATABASE,
    "signing_service.live": DATABASE,
}

#: verification/report_html draws a file without a server; Jinja2 is its template language, Flask is not in it.
EXEMPT = {("signing_service.verification", "jinja2")}


def part_of(dotted: str) -> str | None:
    """The part of the house a dotted name belongs to; None for libraries."""
    pieces = dotted.split(".")
    for length in (2, 1):
        name = ".".join(pieces[:length])
        if name in FLOORS and (length == 2 or pieces[0] != "signing_service" or len(pieces) == 1):
            return name
    return None


def test_no_step_up() -> None:
    up = [
        f"{m.where}:{line} imports {name}"
        for m in modules().values()
        for name, line in m.imports()
        if steps_up(m, name)
    ]
    assert up == []


def steps_up(module: Module, name: str) -> bool:
    """Whether `module` may not import `name`: it stands above, or beside on the same floor."""
    own, other = part_of(module.name), part_of(name)
    assert own is not None, f"{module.where} belongs to no part: give it a floor in this test"
    assert other is not None or not name.startswith("signing_service."), f"{name} belongs to no part"
    if other is None or other == own or (own, other) in BESIDE:
        return False
    return FLOORS[other] >= FLOORS[own]


@pytest.mark.parametrize("part", WITHOUT)
def test_a_part_works_without(part: str) -> None:
    refused = [name for name in WITHOUT[part] if (part, name) not in EXEMPT]
    for module in modules().values():
        if part_of(module.name) != part:
            continue
        for name, line in module.imports():
            hit = next((banned for banned in refused if name == banned or name.startswith(f"{banned}.")), None)
            assert hit is None, f"{module.where}:{line}: {part} works without {hit}"


def test_nothing_is_imported_inside_a_function() -> None:
    found = [
        f"{module.where}:{node.lineno}"
        for module in modules().values()
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert found == []


def test_wsgi_is_nothing_but_the_application() -> None:
    tree = modules()["wsgi"].tree
    assert [type(node).__name__ for node in tree.body] == ["Expr", "ImportFrom", "ImportFrom", "Assign"]
