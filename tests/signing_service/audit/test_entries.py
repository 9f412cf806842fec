"""Entries: the bytes are canonical JSON, and nothing else is read as an entry."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from signing_service.audit.entries import MAX_NUMBER, Entry, canonical, format_time, parse, parse_time, plain
from signing_service.audit.errors import EntryNotRecordable, MalformedEntry
from tests.signing_service.audit import worked_example as example

ENTRY = Entry(
    type="seat.joined",
    at=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
    actor="sea_1",
    nonce=bytes(16),
    data={"ceremony": "cer_1", "seat": "sea_1"},
)

texts = st.text(st.characters(codec="utf-8"))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_NUMBER + 1, MAX_NUMBER - 1) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii")), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("text", example.ENTRIES)
def test_worked_example_is_read_and_written_byte_for_byte(text: str) -> None:
    assert parse(text.encode()).to_bytes() == text.encode()


def test_worked_example_lengths_and_chain() -> None:
    assert [len(text.encode()) for text in example.ENTRIES] == [221, 298, 423]
    first, second, third = (parse(text.encode()) for text in example.ENTRIES)
    assert (first.prev, second.prev, third.prev) == (None, example.LEAVES[0], example.LEAVES[1])
    assert third.sd == tuple(sorted((example.DISCLOSED_ACTOR[1], example.DISCLOSED_IP[1])))
    assert third.at == datetime(2026, 11, 22, 8, 30, 15, 123_000, tzinfo=UTC)


@settings(max_examples=60)
@given(st.dictionaries(st.text(st.characters(codec="ascii")), values, max_size=4))
def test_bytes_are_those_of_rfc_8785(fields: dict[str, Any]) -> None:
    tidy = plain(fields)
    assert canonical(tidy) == rfc8785.dumps(tidy)


@settings(max_examples=40)
@given(st.dictionaries(st.text(st.characters(codec="ascii")), values, max_size=4))
def test_details_come_back_as_written(data: dict[str, Any]) -> None:
    entry = replace(ENTRY, data=plain(data))
    assert parse(entry.to_bytes()) == entry


def test_texts_are_written_in_normal_form_c() -> None:
    decomposed = replace(ENTRY, data={"zone": "A\u030a"})
    assert "Å".encode() in decomposed.to_bytes()


def test_times_are_utc_and_cut_to_milliseconds() -> None:
    chengdu = datetime(2026, 11, 22, 16, 30, 0, 999_999, tzinfo=timezone(timedelta(hours=8)))
    assert format_time(chengdu) == "2026-11-22T08:30:00.999Z"
    assert parse_time("2026-11-22T08:30:00.999Z") == chengdu.replace(microsecond=999_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "joined"},
        {"type": "seat.Joined"},
        {"actor": ""},
        {"actor": "Aino Virtanen"},
        {"actor": "aino@aalto.example"},
        {"nonce": bytes(15)},
        {"at": datetime(2026, 11, 22)},
        {"agreement": "agr_1"},
        {"seq": 0},
        {"agreement": "agr 1", "seq": 0},
        {"agreement": "agr_1", "seq": -1},
        {"agreement": "agr_1", "seq": 1},
        {"agreement": "agr_1", "seq": 0, "prev": bytes(32)},
        {"agreement": "agr_1", "seq": 1, "prev": bytes(31)},
        {"sd": ("short",)},
        {"sd": (example.DISCLOSED_ACTOR[1], example.DISCLOSED_IP[1])},
        {"sd": (example.DISCLOSED_IP[1], example.DISCLOSED_IP[1])},
        {"data": {"amount": 0.1}},
        {"data": {"amount": MAX_NUMBER}},
        {"data": {"amount": float("nan")}},
        {"data": {"amount": object()}},
        {"data": {"金额": 1}},
        {"data": {1: 1}},
        {"data": {"text": "\ud800"}},
        {"data": {"text": "x" * 66_000}},
    ],
)
def test_what_an_entry_cannot_be(changes: dict[str, Any]) -> None:
    with pytest.raises(EntryNotRecordable):
        replace(ENTRY, **changes).to_bytes()


def test_the_longest_entry_fits_a_bundle() -> None:
    spare = 65_535 - len(replace(ENTRY, data={"text": ""}).to_bytes())
    assert len(replace(ENTRY, data={"text": "x" * spare}).to_bytes()) == 65_535
    with pytest.raises(EntryNotRecordable, match="bytes"):
        replace(ENTRY, data={"text": "x" * (spare + 1)}).to_bytes()


def reshaped(**changes: Any) -> bytes:
    fields = json.loads(example.ENTRIES[2]) | changes
    kept = {name: value for name, value in fields.items() if value is not ...}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        example.ENTRIES[0].encode() + b"\n",
        b" " + example.ENTRIES[0].encode(),
        example.ENTRIES[0].replace('":"', '": "', 1).encode(),
        example.ENTRIES[0].replace("战", "\\u6218").encode(),
        example.ENTRIES[0].replace('"seq":0', '"seq":0.0').encode(),
        example.ENTRIES[0].replace('"seq":0', '"seq":-0').encode(),
        example.ENTRIES[0].replace('"seq":0', '"seq":00').encode(),
        example.ENTRIES[0].replace('"seq":0', '"seq":0,"seq":0').encode(),
        example.ENTRIES[0].replace('"seq":0', '"seq":false').encode(),
        example.ENTRIES[0].replace('"seq":0', '"seq":NaN').encode(),
        example.ENTRIES[0].replace('"v":1}', '"v":1,"w":1}').encode(),
        reshaped(v=2),
        reshaped(v="1"),
        reshaped(type=...),
        reshaped(actor=7),
        reshaped(at="2026-11-22T08:30:15Z"),
        reshaped(at="2026-11-22T08:30:15.123456Z"),
        reshaped(at="2026-11-22T08:30:15.123+00:00"),
        reshaped(at="2026-13-22T08:30:15.123Z"),
        reshaped(at="2026-02-30T08:30:15.123Z"),
        reshaped(nonce="AgICAgICAgICAgICAgICAh=="),
        reshaped(nonce="AgIC"),
        reshaped(prev="BJaPu4ll12nnaFM41M3L4XY95NaWfPDSsE4RisJTTDx="),
        reshaped(prev=...),
        reshaped(agreement=...),
        reshaped(_sd=...),
        reshaped(_sd="x"),
        reshaped(_sd=[1]),
        reshaped(_sd=[]),
        reshaped(_sd_alg="sha-512"),
        reshaped(data=[]),
        reshaped(extra=1),
    ],
)
def test_anything_else_is_not_an_entry(encoded: bytes) -> None:
    with pytest.raises(MalformedEntry):
        parse(encoded)


@given(st.binary(max_size=300))
def test_random_bytes_never_break_the_reader(encoded: bytes) -> None:
    with pytest.raises(MalformedEntry):
        parse(encoded)


@given(st.sampled_from(example.ENTRIES), st.data())
def test_a_changed_byte_gives_another_hash_or_no_entry(text: str, data: st.DataObject) -> None:
    raw = text.encode()
    place = data.draw(st.integers(0, len(raw) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != raw[place]))
    changed = raw[:place] + bytes([byte]) + raw[place + 1 :]
    with suppress(MalformedEntry):
        assert parse(changed).to_bytes() == changed != raw
