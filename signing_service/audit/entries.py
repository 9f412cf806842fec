"""Entries of the log: the exact bytes that are hashed (RFC 8785 canonical JSON), written and read.

An entry is {v, type, at, agreement, seq, prev, actor, nonce, data} and, where personal data lies beside it, {_sd,
_sd_alg}. `seq` and `prev` chain the entries of one agreement, so that its slice can be shown complete. Which actions
exist is `actions`' affair, where entries are kept `journal`'s.
"""

from __future__ import annotations

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NoReturn
from unicodedata import normalize

from signing_service.audit.disclosures import ALGORITHM
from signing_service.audit.errors import EntryNotRecordable, MalformedEntry, MalformedNote
from signing_service.audit.merkle import HASH_SIZE, leaf_hash
from signing_service.audit.note import decode_base64

VERSION: Final = 1
MAX_ENTRY_BYTES: Final = 65_535
"""Bundles of entries carry a 16-bit length (C2SP tlog-tiles)."""
MAX_NUMBER: Final = 2**53
"""Whole numbers stay below it; larger ones are written as texts (RFC 8785 section 3.2.2.3)."""
NONCE_BYTES: Final = 16
"""Random bytes per entry, so that public leaf hashes tell nothing about guessable contents."""

_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}", re.ASCII)
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", re.ASCII)
_DIGEST = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_FIELDS = frozenset({"v", "type", "at", "agreement", "seq", "prev", "actor", "nonce", "data", "_sd", "_sd_alg"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded act. `agreement` and `seq` are both None for acts that concern no single agreement.

    `prev` is the leaf hash of the entry before it of the same agreement, None for the first. `actor` is an opaque id,
    never a name or an address. `sd` are digests of disclosures, sorted.
    """

    type: str
    at: datetime
    actor: str
    nonce: bytes
    data: Mapping[str, Any]
    agreement: str | None = None
    seq: int | None = None
    prev: bytes | None = None
    sd: tuple[str, ...] = ()

    @property
    def ceremony(self) -> str | None:
        """The ceremony that the act belongs to, if any: the `ceremony` of its details."""
        ceremony = self.data.get("ceremony")
        return ceremony if isinstance(ceremony, str) else None

    def to_bytes(self) -> bytes:
        """Return the canonical bytes. Raises `EntryNotRecordable` when the entry breaks a rule."""
        problem = _broken_rule(self)
        if problem:
            raise EntryNotRecordable(reason=problem)
        encoded = canonical(self._as_json())
        if len(encoded) > MAX_ENTRY_BYTES:
            raise EntryNotRecordable(reason=f"it has {len(encoded)} bytes, more than {MAX_ENTRY_BYTES}")
        return encoded

    def _as_json(self) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "v": VERSION,
            "type": self.type,
            "at": format_time(self.at),
            "actor": self.actor,
            "nonce": b64encode(self.nonce).decode(),
            "data": plain(self.data),
        }
        if self.agreement is not None:
            fields |= {"agreement": self.agreement, "seq": self.seq}
        if self.prev is not None:
            fields["prev"] = b64encode(self.prev).decode()
        if self.sd:
            fields |= {"_sd": list(self.sd), "_sd_alg": ALGORITHM}
        return fields


def canonical(fields: Mapping[str, Any]) -> bytes:
    """Return the RFC 8785 bytes of what `plain` allows.

    With ASCII names, no fractions and whole numbers below 2^53, sorting by code point and Python's own escapes are
    exactly what RFC 8785 asks; the tests hold it against the `rfc8785` library, which takes ten times as long.
    """
    try:
        text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise EntryNotRecordable(reason="its details are not plain JSON") from error


def new_nonce() -> bytes:
    """Return a fresh nonce for one entry."""
    return secrets.token_bytes(NONCE_BYTES)


def parse(encoded: bytes) -> Entry:
    """Read an entry's bytes. Raises `MalformedEntry` unless they are exactly what `Entry.to_bytes` would write."""
    try:
        fields = json.loads(encoded, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MalformedEntry(reason="it is not JSON") from error
    if not isinstance(fields, dict):
        raise MalformedEntry(reason="it is not a JSON object")
    entry = _from_json(fields)
    try:
        again = entry.to_bytes()
    except EntryNotRecordable as error:
        raise MalformedEntry(reason=str(error.params["reason"])) from error
    if again != encoded:
        raise MalformedEntry(reason="it is not canonical JSON")
    return entry


def hash_of(encoded: bytes) -> bytes:
    """Return the leaf hash of an entry's bytes."""
    return leaf_hash(encoded)


def format_time(at: datetime) -> str:
    """Return a time as entries carry it: UTC, milliseconds, cut off and not rounded."""
    moment = at.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def parse_time(text: str) -> datetime:
    """Read a time of an entry. Raises `MalformedEntry`."""
    if _TIME.fullmatch(text) is None:
        raise MalformedEntry(reason="its time is not UTC with milliseconds")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedEntry(reason="its time does not exist") from error


def plain(value: Any) -> Any:
    """Return a JSON value with every text in Unicode normal form C, which RFC 8785 itself leaves alone.

    Raises `EntryNotRecordable` for anything that JSON or our rules do not know (binary fractions among them).
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, int):
        if abs(value) >= MAX_NUMBER:
            raise EntryNotRecordable(reason="a number is too large; it is written as a text")
        return int(value)
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    raise EntryNotRecordable(reason=f"details cannot hold a {type(value).__name__}")


def _key(key: object) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise EntryNotRecordable(reason="names of details are ASCII texts")
    return key


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"entries hold no number {number}")


def _broken_rule(entry: Entry) -> str | None:
    """Return in words which rule of an entry's form is broken, or None."""
    rules = (
        (_TYPE.fullmatch(entry.type), "its type does not read subject.verb"),
        (entry.at.tzinfo is not None, "its time has no zone"),
        (_IDENTIFIER.fullmatch(entry.actor), "its actor is not an opaque id"),
        (len(entry.nonce) == NONCE_BYTES, "its nonce is not 16 bytes"),
        (
            entry.agreement is None or _IDENTIFIER.fullmatch(entry.agreement),
            "its agreement is not an opaque id",
        ),
        ((entry.agreement is None) == (entry.seq is None), "agreement and seq go together"),
        (entry.seq is None or entry.seq >= 0, "its seq is negative"),
        ((entry.prev is not None) == bool(entry.seq), "prev stands in every entry of an agreement but the first"),
        (entry.prev is None or len(entry.prev) == HASH_SIZE, "its prev is not a leaf hash"),
        (entry.sd == tuple(sorted(set(entry.sd))), "its disclosure digests are not sorted and different"),
        (all(_DIGEST.fullmatch(digest) for digest in entry.sd), "a disclosure digest is not one"),
    )
    return next((words for holds, words in rules if not holds), None)


def _from_json(fields: dict[str, Any]) -> Entry:
    unknown = sorted(set(fields) - _FIELDS)
    if unknown:
        raise MalformedEntry(reason=f"it has an unknown field {unknown[0][:40]!r}")
    if fields.get("v") != VERSION:
        raise MalformedEntry(reason="it is of an unknown version")
    if ("_sd" in fields) != ("_sd_alg" in fields) or fields.get("_sd_alg", ALGORITHM) != ALGORITHM:
        raise MalformedEntry(reason="its disclosures use an unknown hash")
    return Entry(
        type=_typed(fields, "type", str),
        at=parse_time(_typed(fields, "at", str)),
        actor=_typed(fields, "actor", str),
        nonce=_bytes(fields, "nonce"),
        data=_typed(fields, "data", dict),
        agreement=_typed(fields, "agreement", str) if "agreement" in fields else None,
        seq=_typed(fields, "seq", int) if "seq" in fields else None,
        prev=_bytes(fields, "prev") if "prev" in fields else None,
        sd=_digests(fields),
    )


def _typed(fields: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = fields.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise MalformedEntry(reason=f"its field {name!r} is missing or of the wrong kind")
    return value


def _bytes(fields: dict[str, Any], name: str) -> bytes:
    try:
        return decode_base64(_typed(fields, name, str))
    except MalformedNote as error:
        raise MalformedEntry(reason=f"its field {name!r} is not canonical base64") from error


def _digests(fields: dict[str, Any]) -> tuple[str, ...]:
    digests = fields.get("_sd", [])
    if not isinstance(digests, list) or not all(isinstance(digest, str) for digest in digests):
        raise MalformedEntry(reason="its field '_sd' is not a list of digests")
    return tuple(digests)
