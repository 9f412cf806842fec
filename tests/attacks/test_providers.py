"""A provider that cheats, and a person who would make the service call somebody else: nothing false is stored.

Every cheat ends in a named refusal, the seat is ready again, and the document is as it was.
"""

from __future__ import annotations

import logging

import pytest

from keys.custody import CustodyKind
from keys.holder_errors import (
    CredentialUnusable,
    ProviderError,
    ProviderNotUsable,
    ProviderRefused,
    ProviderUnknown,
    ProviderWrongSignature,
)
from keys.own_certificate_errors import OwnCertificateNotConfirmed
from signing_service.operations import documents, held_keys
from tests.factories import held_keys as held
from tests.factories.case import Case, Seat
from tests.factories.providers import RunningProvider
from tests.peers.csc_people import PEOPLE

MATTI, ANNA = PEOPLE
pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


@pytest.fixture
def seat(doors_open: Case, csc: RunningProvider) -> Seat:
    """A seat that is ready to sign through the provider, the round open."""
    csc.behave()
    seat = held.choose(doors_open, CustodyKind.REMOTE_PROVIDER, held.provider_at(csc))
    held.be_ready(seat, "test", "matti-ec")
    held.open_round(doors_open)
    return seat


def _newest(seat: Seat) -> bytes:
    return documents.download(seat.services, seat.actor, seat.board().board.agreement.id)[0]


@pytest.mark.parametrize(
    ("cheat", "refusal"),
    [
        ("other_key", ProviderWrongSignature),
        ("other_hash", ProviderWrongSignature),
        ("expired", ProviderRefused),
        ("used", ProviderRefused),
        ("huge", ProviderNotUsable),
        ("redirect", ProviderNotUsable),
        ("no_json", ProviderNotUsable),
        ("disabled", CredentialUnusable),
    ],
)
def test_what_a_cheating_provider_sends_is_not_stored(
    seat: Seat, csc: RunningProvider, cheat: str, refusal: type[ProviderError], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = _newest(seat)
    csc.behave(cheat)
    with pytest.raises(refusal) as caught:
        held.sign(seat, MATTI.pin)
    assert _newest(seat) == before
    assert seat.board().me.state == "ready"
    assert MATTI.pin not in caplog.text + str(caught.value) + repr(caught.value.params)


def test_a_signature_given_before_is_not_taken_again(seat: Seat, csc: RunningProvider) -> None:
    """The provider answers a second document with the value of a first one."""
    provider = csc.client()
    found = provider.credential("matti-ec")
    provider.sign("matti-ec", found.certificate_der, b"\x31\x00", held.typed(MATTI.pin))
    csc.behave("replay")
    with pytest.raises(ProviderWrongSignature):
        held.sign(seat, MATTI.pin)
    assert seat.board().me.state == "ready"


@pytest.mark.parametrize("name", ["http://169.254.169.254/", "https://127.0.0.1:9/csc/v1", "../test", ""])
def test_a_person_cannot_name_an_address(seat: Seat, name: str) -> None:
    with pytest.raises(ProviderUnknown):
        held_keys.look(seat.services, seat.actor, name, "matti-ec")
    with pytest.raises(ProviderUnknown):
        held_keys.credentials(seat.services, seat.actor, name, MATTI.account)


def test_a_credential_is_not_exchanged_behind_the_person(seat: Seat) -> None:
    """Confirmed was one certificate; bound is that one or none."""
    board = seat.board()
    shown = held_keys.look(seat.services, seat.actor, "test", "matti-ec").certificate
    request = held_keys.HeldReady(
        consent_text_id=board.consent.text_id,
        consent_language=board.consent.language,
        consent_sha256=board.consent.sha256,
        document_sha256=board.board.agreement.document_sha256,
        confirmed_sha256=shown.sha256,
        provider="test",
        credential="anna-ec",
    )
    with pytest.raises(OwnCertificateNotConfirmed):
        held_keys.ready(seat.services, seat.actor, request)


def test_a_pin_is_never_tried_twice(seat: Seat, csc: RunningProvider) -> None:
    before = csc.wrong_pins()
    with pytest.raises(ProviderRefused):
        held.sign(seat, "00000000")
    assert csc.wrong_pins() == before + 1
