"""The page of error codes is what the classes say, no tree is left out, and no code has two meanings."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tools import error_codes

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_what_the_classes_say() -> None:
    written = (ROOT / "docs" / "error_codes.md").read_text(encoding="utf-8")
    assert written == error_codes.page(), "run: .venv/bin/python -m tools.error_codes > docs/error_codes.md"


def test_every_tree_is_on_the_page() -> None:
    packages = ("agreements", "keys", "signing_service")
    there = {path.relative_to(ROOT).as_posix() for name in packages for path in (ROOT / name).rglob("*errors.py")}
    there -= {"signing_service/http_errors.py"}  # statuses, no classes
    assert there == {f"{module.__name__.replace('.', '/')}.py" for module in error_codes.TREES.values()}


def test_codes_are_unique() -> None:
    counted = Counter(row.code for module in error_codes.TREES.values() for row in error_codes.rows(module))
    assert [code for code, times in counted.items() if times > 1] == []
