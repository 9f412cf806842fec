"""Whole numbers that come back in hidden fields of forms."""

from __future__ import annotations

from collections.abc import Mapping


def row_version(form: Mapping[str, str]) -> int:
    """The row version the form was drawn with; -1, which no row has, when it is none."""
    text = form.get("row_version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
