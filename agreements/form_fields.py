"""Nested values as the fields of a form, the way back of `drafts.parse_form`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def form_fields(values: Any, path: str = "") -> dict[str, str]:
    """The values as a form sends them: {"legal_name": {"en": "X"}} at "parties.0" is parties.0.legal_name.en = X."""
    if isinstance(values, Mapping):
        pairs = [(str(key), value) for key, value in values.items()]
    elif isinstance(values, list | tuple):
        pairs = [(str(index), value) for index, value in enumerate(values)]
    else:
        return {path: _typed(values)}
    found: dict[str, str] = {}
    for key, value in pairs:
        found |= form_fields(value, f"{path}.{key}" if path else key)
    return found


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
