"""One transaction place: operations open and commit, nobody else; no network and no private key inside."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from keys.issuing.authority import CertificateAuthority
from keys.keyring import Keyring
from keys.software import SoftwareSeal
from keys.timestamping import BuiltInAuthority
from signing_service.audit.note import Ed25519Signer
from signing_service.cli import demo_case
from signing_service.db.session import Database, Transaction
from signing_service.worker import run_once
from tests.architecture.source import calls, decorators, find, modules, reached
from tests.factories.case import Case

#: How a transaction is begun or ended → who may.
OPENERS = {
    "commit": (),
    "begin": ("signing_service/db/session.py",),
    "begin_nested": (),
    "rollback": ("signing_service/db/session.py",),
    "write_connection": ("signing_service/db/schema.py",),
    "db.write": ("signing_service/operations/",),
    "db.writing": ("signing_service/operations/",),
}

#: What reaches out of the database or needs a private key; never called while a write transaction is open.
OUTSIDE = (
    "sign",
    "issue",
    "crls",
    "answer",
    "token",
    "deliver",
    "render",
    "seal",
    "verify_isolated",
    "examine",
    "signing_service.packages.isolated.compare",
    "signing_service.pades.prepare.prepare",
    "signing_service.pades.complete.complete",
    "signing_service.pades.long_term.close",
)


def test_only_operations_open_a_write_transaction() -> None:
    for module in modules().values():
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            written = ast.unparse(node.func)
            name = next((one for one in ("db.write", "db.writing") if written.endswith(one)), node.func.attr)
            if name in OPENERS:
                allowed = any(module.where.startswith(place) for place in OPENERS[name])
                assert allowed, f"{module.where}:{node.lineno} opens or ends a transaction: {written}"


def commands() -> list[str]:
    """Every function of operations that runs inside a write transaction from beginning to end."""
    return [
        f"{module.name}.{name}"
        for module in modules().values()
        if module.name.startswith("signing_service.operations.")
        for name, function in module.functions.items()
        if "command" in decorators(function)
    ]


@pytest.mark.parametrize("dotted", commands())
def test_a_command_neither_signs_nor_calls_anybody(dotted: str) -> None:
    for name in reached(dotted):
        module, function = find(name)
        if module is None or function is None:
            continue
        for called, node in calls(module, function):
            last = called.rpartition(".")[2]
            assert not {called, last} & set(OUTSIDE), f"{module.where}:{node.lineno}: {dotted} → {called}"
            assert not called.startswith(("httpx.", "smtplib.", "socket.", "subprocess.")), f"{dotted} → {called}"


class Watch:
    """Knows for each thread whether a write transaction is open, and what was done while it was."""

    def __init__(self) -> None:
        self.here = threading.local()
        self.seen: list[str] = []
        self.broken: list[str] = []

    def guard(self, monkeypatch: pytest.MonkeyPatch, owner: type, method: str) -> None:
        original: Callable[..., Any] = getattr(owner, method)

        def guarded(*args: Any, **kwargs: Any) -> Any:
            self.seen.append(f"{owner.__name__}.{method}")
            if getattr(self.here, "writing", False):
                self.broken.append(f"{owner.__name__}.{method}")
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, method, guarded)

    def database(self, monkeypatch: pytest.MonkeyPatch) -> None:
        original = Database.writing

        @contextmanager
        def writing(database: Database) -> Iterator[Transaction]:
            with original(database) as transaction:
                self.here.writing = True
                try:
                    yield transaction
                finally:
                    self.here.writing = False

        monkeypatch.setattr(Database, "writing", writing)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Every key and the writer under watch."""
    watch = Watch()
    watch.database(monkeypatch)
    watch.guard(monkeypatch, SoftwareSeal, "sign")
    watch.guard(monkeypatch, CertificateAuthority, "issue")
    watch.guard(monkeypatch, BuiltInAuthority, "answer")
    watch.guard(monkeypatch, BuiltInAuthority, "token")
    watch.guard(monkeypatch, Keyring, "crls")
    watch.guard(monkeypatch, Ed25519Signer, "sign")
    return watch


def test_no_key_is_used_while_a_transaction_is_open(doors_open: Case, watch: Watch) -> None:
    """The same told by running it: ready, sign, close, publish."""
    for seat in doors_open.seats:
        seat.be_ready()
    doors_open.command("go_live")
    doors_open.command("open_round")
    for number, seat in enumerate(doors_open.seats):
        seat.sign(f"command-key-{number}")
    run_once(doors_open.services)
    assert watch.broken == []
    assert {name.partition(".")[0] for name in watch.seen} >= {
        "CertificateAuthority",
        "BuiltInAuthority",
        "Keyring",
        "Ed25519Signer",
    }


def test_freezing_seals_before_the_transaction(staffed: Case, watch: Watch) -> None:
    demo_case.approved_and_frozen(staffed.services, staffed.staff, demo_case.sample())
    assert watch.broken == []
    assert "SoftwareSeal.sign" in watch.seen
