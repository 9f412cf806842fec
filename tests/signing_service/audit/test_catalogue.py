"""The catalogue: every action is there with details that can be recorded, and no personal data fits into them."""

from __future__ import annotations

import dataclasses
import typing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from signing_service.audit.actions import Action, Audience
from signing_service.audit.catalogue import CATALOGUE, shown_to
from signing_service.audit.details.ceremonies import CeremonyPaused, SeatMoved
from signing_service.audit.details.form import data_of, words_of
from signing_service.audit.details.signatures import CertificateIssued
from signing_service.audit.entries import Entry
from signing_service.audit.errors import EntryNotRecordable

SHA = "ab" * 32
SAMPLES: dict[Any, Any] = {
    str: "code_1",
    int: 7,
    bool: True,
    datetime: datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
    date: date(2026, 11, 22),
    tuple[str, ...]: ("one", "two"),
}


def sample(details: type[Any]) -> Any:
    hints = typing.get_type_hints(details)
    values = {}
    for field in dataclasses.fields(details):
        kind = next(iter(set(typing.get_args(hints[field.name])) - {type(None)}), None)
        is_optional = type(None) in typing.get_args(hints[field.name])
        kind = kind if is_optional else hints[field.name]
        values[field.name] = SHA if field.name.endswith("sha256") else SAMPLES[kind]
    return details(**values)


def test_every_action_stands_in_the_catalogue_once() -> None:
    assert set(CATALOGUE) == set(Action)


@pytest.mark.parametrize("action", list(Action))
def test_every_kind_of_details_can_be_recorded(action: Action) -> None:
    details = sample(CATALOGUE[action].details)
    assert dataclasses.is_dataclass(details)
    data = data_of(details)
    assert "words" not in data
    entry = Entry(action.value, datetime(2026, 11, 22, tzinfo=UTC), "per_1", bytes(16), data)
    assert len(entry.to_bytes()) < 2000
    assert entry.ceremony == data.get("ceremony")


@pytest.mark.parametrize("action", [action for action, kind in CATALOGUE.items() if kind.live])
def test_whatever_is_shown_live_carries_its_ceremony(action: Action) -> None:
    assert "ceremony" in {field.name for field in dataclasses.fields(CATALOGUE[action].details)}


def test_no_details_are_made_for_personal_data() -> None:
    personal = {"name", "email", "mail_address", "address", "phone", "ip", "user_agent", "display_name", "token"}
    for kind in CATALOGUE.values():
        assert not personal & {field.name for field in dataclasses.fields(kind.details)}


def test_audiences_see_more_the_closer_they_are() -> None:
    stage, seat, host = (shown_to(audience) for audience in (Audience.STAGE, Audience.SEAT, Audience.HOST))
    assert stage < seat < host
    assert Action.SIGNATURE_APPLIED in stage
    assert Action.CODE_REFUSED not in seat
    assert Action.PERSON_SIGNED_IN not in host


@pytest.mark.parametrize("seat", ["Aino Virtanen", "aino@aalto.example", "王芳", "", "x" * 300])
def test_a_name_or_an_address_cannot_slip_into_details(seat: str) -> None:
    with pytest.raises(EntryNotRecordable, match="seat"):
        data_of(SeatMoved("cer_1", seat, "sig_1"))


@pytest.mark.parametrize("digest", ["", "ab", SHA.upper(), SHA + "00", "zz" * 32])
def test_a_hash_is_a_hash(digest: str) -> None:
    details = CertificateIssued("sig_1", "01", digest, SHA, "browser_held", datetime(2026, 11, 22, tzinfo=UTC))
    with pytest.raises(EntryNotRecordable, match="certificate_sha256"):
        data_of(details)


def test_times_are_written_in_utc_and_need_a_zone() -> None:
    issued = CertificateIssued("sig_1", "01", SHA, SHA, "browser_held", datetime(2026, 11, 22, tzinfo=UTC))
    assert data_of(issued)["not_after"] == "2026-11-22T00:00:00.000Z"
    with pytest.raises(EntryNotRecordable, match="zone"):
        data_of(dataclasses.replace(issued, not_after=datetime(2026, 11, 22)))


def test_words_are_set_apart_and_absent_values_left_out() -> None:
    paused = CeremonyPaused("cer_1", "host", "Aino has to leave")
    assert data_of(paused) == {"ceremony": "cer_1", "reason": "host"}
    assert words_of(paused) == {"words": "Aino has to leave"}
    assert words_of(CeremonyPaused("cer_1", "host")) == {}
    assert "invitation" not in data_of(
        CertificateIssued("sig_1", "01", SHA, SHA, "browser_held", datetime(2026, 11, 22, tzinfo=UTC))
    )
