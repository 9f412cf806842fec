"""Secrets that travel in links and cookies: 256 random bits, stored only as their SHA-256.

A hash without salt is enough here because the token itself cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A fresh URL-safe token of 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_sha256(token: str) -> str:
    """What is stored instead of the token: SHA-256 in lower-case hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def stage_token(master_key: bytes, ceremony_id: str) -> str:
    """The read-only token of a ceremony's stage: derived, so that the host can be shown it again."""
    return hmac.new(master_key, b"stage:" + ceremony_id.encode(), hashlib.sha256).hexdigest()[:43]


def is_stage_token(master_key: bytes, ceremony_id: str, token: str) -> bool:
    """Compare in constant time; whatever stands in an address is compared, also what no token of ours could be."""
    return hmac.compare_digest(stage_token(master_key, ceremony_id).encode(), token.encode("utf-8", "replace"))
