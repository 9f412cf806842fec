"""Salted disclosures (RFC 9901 section 4.2): personal data beside the log, bound to it by a digest only.

The entry carries digests; name and value live in a text with 128 random bits of salt. Dropping the text makes the
digest unopenable and leaves every proof intact. Who may see or erase one is decided elsewhere.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from unicodedata import normalize

from signing_service.audit.errors import EntryNotRecordable, MalformedDisclosure

ALGORITHM: Final = "sha-256"
"""Value of `_sd_alg`, the hash of the digests (IANA Named Information Hash Algorithm Registry)."""

SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One salted name and value; `text` is what is kept and handed on, `digest` is what the entry carries."""

    salt: str
    name: str
    value: str

    @property
    def text(self) -> str:
        """base64url of the JSON array [salt, name, value], without padding."""
        array = json.dumps([self.salt, self.name, self.value], ensure_ascii=False)
        return urlsafe_b64encode(array.encode()).decode().rstrip("=")

    @property
    def digest(self) -> str:
        """base64url of SHA-256 over the ASCII bytes of `text`, without padding."""
        return digest_of(self.text)


def disclose(name: str, value: str) -> Disclosure:
    """Return a fresh disclosure with its own salt. Raises `EntryNotRecordable` for reserved or empty names."""
    if not name or name in ("_sd", "_sd_alg", "..."):
        raise EntryNotRecordable(reason=f"{name!r} cannot name a disclosure")
    if not is_text(name + value):
        raise EntryNotRecordable(reason="what goes into a disclosure is not text")
    salt = urlsafe_b64encode(secrets.token_bytes(SALT_BYTES)).decode().rstrip("=")
    return Disclosure(salt, name, normalize("NFC", value))


def is_text(value: str) -> bool:
    """Return whether a Python string is Unicode text: half of a surrogate pair is not."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def digest_of(text: str) -> str:
    """Return the digest of a disclosure text as it stands, whoever encoded it."""
    return urlsafe_b64encode(sha256(text.encode("ascii", "replace")).digest()).decode().rstrip("=")


def parse(text: str) -> Disclosure:
    """Open a disclosure text. Raises `MalformedDisclosure`.

    The digest must be taken from `text` by `digest_of`: another encoder may have spaced the JSON differently.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        array = json.loads(urlsafe_b64decode(padded.encode("ascii")).decode())
    except (ValueError, RecursionError) as error:
        raise MalformedDisclosure(reason="it is not base64url of JSON") from error
    if not (isinstance(array, list) and len(array) == 3 and all(isinstance(part, str) for part in array)):
        raise MalformedDisclosure(reason="it is not an array of salt, name and text")
    if not is_text("".join(array)):
        raise MalformedDisclosure(reason="it is not Unicode text")
    return Disclosure(*array)
