"""The page about the states is what the table says, and every move has its one entry."""

from __future__ import annotations

from pathlib import Path

from agreements.lifecycle import Command
from signing_service.operations.rows import ENTRY_OF
from tools import lifecycle

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_table_says() -> None:
    written = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert written == lifecycle.page(), "run: .venv/bin/python -m tools.lifecycle > docs/lifecycle.md"


def test_every_command_is_told_by_an_entry_of_its_own() -> None:
    assert set(ENTRY_OF) == set(Command)
    assert len(set(ENTRY_OF.values())) == len(Command)
