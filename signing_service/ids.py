"""Opaque identifiers: a prefix that says the kind, and 64 random bits."""

from __future__ import annotations

import secrets


def new_id(prefix: str) -> str:
    """A fresh identifier such as `agr_5f2c…`; `prefix` has three letters."""
    return f"{prefix}_{secrets.token_hex(8)}"
