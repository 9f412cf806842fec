"""One writer of the audit log: `operations/operation.py` through `audit/journal.py`, in the act's own transaction."""

from __future__ import annotations

import ast

from tests.architecture.source import modules

JOURNAL = "signing_service.audit.journal"

#: Who calls `journal.record`, each with its reason.
WRITERS = {
    "signing_service/operations/operation.py": "every act of the service goes through here",
    "signing_service/audit/erasure.py": "records an erasure before dropping the data, in an operation's transaction",
}

#: Names that add to or change the tables of the log, and the files that may say them.
STATEMENTS = {
    "INSERT_ENTRY": {"signing_service/audit/journal.py", "signing_service/audit/statements.py"},
    "INSERT_NODE": {"signing_service/audit/journal.py", "signing_service/audit/statements.py"},
    "INSERT_DISCLOSURE": {"signing_service/audit/journal.py", "signing_service/audit/statements.py"},
    "SET_HEAD": {"signing_service/audit/journal.py", "signing_service/audit/statements.py"},
}


def test_the_journal_is_called_from_the_operations() -> None:
    callers = set()
    for module in modules().values():
        names = module.names
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call):
                written = ast.unparse(node.func)
                first, dot, rest = written.partition(".")
                if f"{names.get(first, first)}{dot}{rest}" == f"{JOURNAL}.record":
                    callers.add(module.where)
    assert callers == set(WRITERS)


def test_the_statements_that_write_are_used_by_the_journal_only() -> None:
    for module in modules().values():
        for node in ast.walk(module.tree):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name in STATEMENTS:
                assert module.where in STATEMENTS[name], f"{module.where} uses {name}"


def test_log_rows_are_made_by_the_log_only() -> None:
    """Nobody makes a LogEntry, LogNode or LogDisclosure row with the ORM."""
    for module in modules().values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("LogEntry", "LogNode", "LogDisclosure"):
                raise AssertionError(f"{module.where}:{node.lineno} makes a row of the log")
