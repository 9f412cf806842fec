"""Numbers that forms of ours carry back; anything else that arrives is no number of ours."""

from __future__ import annotations

from collections.abc import Mapping


def whole_number(text: str) -> int:
    """The number, or -1 for what no form of ours sends."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def row_version(form: Mapping[str, str]) -> int:
    """The row version the form was drawn with; -1, which no row has, when it is none."""
    return whole_number(form.get("row_version", ""))
