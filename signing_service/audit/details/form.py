"""The form of details: typed, plain, and without personal data; turns a details record into what an entry carries.

Texts in details are ids, codes, hashes and times, never words: a text with spaces or an '@' is refused, so that a
name or an address cannot slip into the log. Fields marked `DISCLOSED` are typed by people and become disclosures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field, fields
from datetime import date, datetime
from typing import Any, ClassVar, Final, Protocol

from signing_service.audit.entries import format_time
from signing_service.audit.errors import EntryNotRecordable


class Details(Protocol):
    """Any frozen dataclass of `signing_service.audit.details`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


DISCLOSED: Final[Mapping[str, bool]] = {"disclosed": True}
"""Metadata of a field that a person typed: kept beside the entry as a salted disclosure, left out when empty."""

_CODE = re.compile(r"[A-Za-z0-9_.:/+=\[\]-]{1,255}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


def data_of(details: Details) -> dict[str, Any]:
    """Return the JSON object that the entry carries; absent values are left out.

    Raises `EntryNotRecordable`, naming the field, for words, malformed hashes and values of other kinds.
    """
    return {
        each.name: _checked(each.name, value)
        for each in fields(details)
        if not each.metadata.get("disclosed") and (value := getattr(details, each.name)) is not None
    }


def words_of(details: Details) -> dict[str, str]:
    """Return what people typed, by field name, without the empty ones."""
    return {
        each.name: value
        for each in fields(details)
        if each.metadata.get("disclosed") and (value := getattr(details, each.name))
    }


def _checked(name: str, value: object) -> Any:
    if isinstance(value, bool | int):
        return value
    if isinstance(value, tuple | list):
        return [_checked(name, inner) for inner in value]
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise EntryNotRecordable(reason=f"the detail {name} is a time without a zone")
        return format_time(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise EntryNotRecordable(reason=f"the detail {name} is a {type(value).__name__}")
    if name.endswith("sha256") and _SHA256.fullmatch(value) is None:
        raise EntryNotRecordable(reason=f"the detail {name} is not a SHA-256 in lower-case hex")
    if _CODE.fullmatch(value) is None:
        raise EntryNotRecordable(reason=f"the detail {name} holds words; personal data goes into disclosures")
    return value
