"""The quick reading of entries never accepts what the full one refuses, and says the same."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing_service.audit.entries import Entry, format_time, parse
from signing_service.audit.errors import EntryNotRecordable, MalformedEntry
from signing_service.audit.outline import outline
from tests.signing_service.audit import worked_example as example

PLAIN = Entry(
    type="signature.applied",
    at=datetime(2026, 11, 22, 8, 30, 15, 123_000, tzinfo=UTC),
    actor="sig_1",
    nonce=bytes(16),
    data={"ceremony": "cer_1", "fields": ["a", "b"], "revision": 2, "shared": True, "none": []},
    agreement="agr_1",
    seq=7,
    prev=bytes(32),
    sd=tuple(sorted((example.DISCLOSED_ACTOR[1], example.DISCLOSED_IP[1]))),
)

codes = st.text("abcXYZ019_.:/+=[]-", max_size=8)
scalars = codes | st.integers(-(10**15) + 1, 10**15 - 1) | st.booleans()
plain_data = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), scalars | st.lists(scalars))
plain_entries = st.builds(
    lambda data, seq, agreement, sd: replace(
        PLAIN,
        data=data,
        agreement=agreement,
        seq=seq if agreement else None,
        prev=bytes(range(32)) if agreement and seq else None,
        sd=PLAIN.sd if sd else (),
    ),
    plain_data,
    st.integers(0, 10**9),
    st.sampled_from(["agr_1", None]),
    st.booleans(),
)


def agree(encoded: bytes) -> bool:
    """Whether the outline, if there is one, is what the full reading says."""
    quick = outline(encoded)
    if quick is None:
        return True
    entry = parse(encoded)
    return (quick.sd, quick.actor, quick.agreement, quick.at, quick.ceremony, quick.seq, quick.type) == (
        entry.sd,
        entry.actor,
        entry.agreement,
        format_time(entry.at),
        entry.ceremony,
        entry.seq,
        entry.type,
    )


@given(plain_entries)
def test_every_plain_entry_has_an_outline(entry: Entry) -> None:
    assert outline(entry.to_bytes()) is not None
    assert agree(entry.to_bytes())


@given(plain_entries, st.data())
def test_a_changed_byte_is_never_accepted_by_the_quick_reading_alone(entry: Entry, data: st.DataObject) -> None:
    raw = entry.to_bytes()
    for _ in range(5):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw = raw[:place] + bytes([data.draw(st.sampled_from(b'aZ09",:{}[]_-+=.T\\\x00\xff'))]) + raw[place + 1 :]
        assert agree(raw)


JSON = json.loads(PLAIN.to_bytes())


@pytest.mark.parametrize(
    "fields",
    [
        JSON | {"at": "2026-02-30T08:30:15.123Z"},
        JSON | {"at": "0001-02-03T08:30:15.123Z"},
        JSON | {"at": "2026-11-22T24:30:15.123Z"},
        JSON | {"at": "2026-11-22T08:30:60.123Z"},
        JSON | {"seq": 0},
        JSON | {"nonce": "AAAAAAAAAAAAAAAAAAAAAB=="},
        JSON | {"prev": "A" * 42 + "B="},
        JSON | {"_sd": JSON["_sd"][::-1]},
        JSON | {"_sd": JSON["_sd"][:1] * 2},
        JSON | {"data": {"a": 9007199254740993}},
        JSON | {"data": {"a": {"b": 1}}},
        JSON | {"data": {"a": "words with spaces"}},
        JSON | {"data": {"a": 0.5}},
        JSON | {"data": {"A": 1}},
        {name: value for name, value in JSON.items() if name != "prev"},
        {name: value for name, value in JSON.items() if name != "agreement"},
    ],
)
def test_what_is_not_plain_or_not_an_entry_has_no_outline(fields: dict[str, Any]) -> None:
    encoded = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    assert outline(encoded) is None


def test_unsorted_and_repeated_names_have_no_outline() -> None:
    for body in (b'"b":1,"a":1', b'"a":1,"a":1', b'"a":-0', b'"a":01', b'"a":1,', b'"a":1 '):
        entry = replace(PLAIN, data={}).to_bytes().replace(b'"data":{}', b'"data":{' + body + b"}")
        assert outline(entry) is None
        with pytest.raises(MalformedEntry):
            parse(entry)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_ceremony_is_found_only_where_it_is(value: str, other: str) -> None:
    with suppress(EntryNotRecordable):
        assert agree(replace(PLAIN, data={"a": value, "ceremony": other, "z": [value, "ceremony"]}).to_bytes())
    assert agree(replace(PLAIN, data={"a": ["ceremony"], "ceremony": 3}).to_bytes())


def test_an_entry_that_is_too_long_has_no_outline() -> None:
    long = replace(PLAIN, data={"text": "x" * 60_000}).to_bytes()
    assert outline(long) is not None
    assert outline(long.replace(b"xxx", b"xxxyyy")) is None
