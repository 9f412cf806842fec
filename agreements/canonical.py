"""The one byte form of data that is hashed: RFC 8785 (JCS) JSON, and SHA-256 over bytes.

It normalises nothing: text must already be NFC (fields.py does that), large numbers must already be strings.
"""

from __future__ import annotations

import hashlib

import rfc8785

from agreements.errors import NotCanonical


def canonical_bytes(obj: object) -> bytes:
    """Return the RFC 8785 bytes of JSON-able data (dict, list, tuple, str, int within ±2^53, bool, None).

    Raises NotCanonical for anything else.
    """
    try:
        return rfc8785.dumps(obj)  # type: ignore[arg-type]  # its JSON type is narrower than object; it checks itself
    except (rfc8785.CanonicalizationError, UnicodeError, TypeError, ValueError, RecursionError) as error:
        raise NotCanonical(reason=str(error) or type(error).__name__) from error


def sha256_of(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256 of the bytes."""
    return hashlib.sha256(data).hexdigest()
