"""Deny by default: every address names an action, every action has a rule, and looking changes nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from signing_service.app import create_app
from signing_service.door import ACTION
from signing_service.permissions import ANONYMOUS, RULES, Action, Actor, anyone
from tests.architecture.source import Module, calls, decorators, find, modules, reached
from tests.factories.installation import services_in

#: Files that Flask and Bootstrap-Flask serve by themselves, readable by everybody.
FILES = {"static", "bootstrap.static"}

#: Everything a stranger reaches. A new address in this list is a decision, not an accident.
OPEN = {
    Action.PUBLIC,
    Action.SIGN_IN,
    Action.SIGN_OUT,
    Action.INVITATION_OPEN,
    Action.VERIFY,
}

#: Operations that record something although they are asked with GET, each with its reason.
RECORDED_LOOKS = {
    "signing_service.operations.documents.download": "handing out the document is an act that the log keeps",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, ready_keys: Path) -> Iterator[Flask]:
    services = services_in(tmp_path_factory.mktemp("routes"), ready_keys, None)
    yield create_app(services.settings, services)
    services.db.close()


def test_every_address_names_an_action(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in FILES:
            view = app.view_functions[rule.endpoint]
            assert isinstance(getattr(view, ACTION, None), Action), f"{rule.rule} is not registered through a door"


def test_every_action_has_a_rule_and_is_used() -> None:
    assert set(RULES) == set(Action)
    named = {
        node.attr
        for module in modules().values()
        if module.name != "signing_service.permissions"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Action"
    }
    assert {action.name for action in Action} - named == set()


def test_strangers_reach_what_was_decided(app: Flask) -> None:
    assert {action for action, rules in RULES.items() if anyone in rules} == OPEN
    for action in set(Action) - OPEN:
        assert not any(predicate(ANONYMOUS) for predicate in RULES[action]), action


@pytest.mark.parametrize("kind", ["staff", "signatory", "stage", "anonymous", "visitor"])
def test_without_a_role_nobody_does_anything_of_importance(kind: str) -> None:
    """A staff account without roles looks; a signatory without a seat and an unknown kind do nothing at all."""
    nobody = Actor(id="x", kind=kind)
    may = {action for action, rules in RULES.items() if any(predicate(nobody) for predicate in rules)}
    looks = {
        "staff": {Action.AGREEMENT_READ, Action.DOCUMENT_READ, Action.CEREMONY_WATCH, Action.ORGANISATION_READ},
        "stage": {Action.CEREMONY_WATCH},
    }
    assert may - OPEN == looks.get(kind, set())


def test_an_action_without_a_rule_is_refused_to_everybody(app: Flask) -> None:
    assert not any(predicate for predicate in RULES.get("made.up", ()))  # type: ignore[call-overload]


def views() -> Iterator[tuple[Module, ast.FunctionDef, set[str]]]:
    """(module, view, methods) of every view of ours."""
    for module in modules().values():
        if not module.name.startswith(("signing_service.api.", "signing_service.pages.", "signing_service.live.")):
            continue
        for function in module.functions.values():
            opened = decorators(function).get("door")
            if not isinstance(opened, ast.Call):
                continue
            given = next((keyword.value for keyword in opened.keywords if keyword.arg == "methods"), None)
            methods = set(ast.literal_eval(given)) if given is not None else {"GET"}
            yield module, function, methods


def test_there_are_views() -> None:
    assert len(list(views())) > 50


def test_looking_changes_nothing() -> None:
    """No view that answers GET reaches a command, except those named above."""
    found = set()
    for module, view, methods in views():
        if "GET" not in methods:
            continue
        for name, _call in helpers_and_calls(module, view):
            if name.startswith("signing_service.operations."):
                commands = {one for one in reached(name) if is_command(one)} - set(RECORDED_LOOKS)
                found |= {f"GET {module.where} {view.name} → {one}" for one in commands}
    assert found == set()


def helpers_and_calls(module: Module, view: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    """What a view calls, with what the helpers of its own module call for it."""
    for name, call in calls(module, view):
        yield name, call
        own, _, last = name.rpartition(".")
        if own == module.name and last in module.functions:
            yield from calls(module, module.functions[last])


def is_command(dotted: str) -> bool:
    _module, function = find(dotted)
    return function is not None and "command" in decorators(function)


def test_what_changes_something_is_asked_with_post() -> None:
    """Addresses that are verbs take POST only, so that a prefetch or a link in a mail changes nothing."""
    for module, view, methods in views():
        if methods - {"GET", "HEAD", "OPTIONS"}:
            assert methods == {"POST"}, f"{module.where} {view.name} mixes looking and changing: {methods}"
