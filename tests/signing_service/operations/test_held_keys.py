"""Seats that sign with a key held elsewhere: the organisation's seal in a token, a credential at a provider."""

from __future__ import annotations

from pathlib import Path

import pkcs11
import pytest
from sqlalchemy import text

from keys.custody import CustodyKind, words
from keys.holder_errors import NotTheirSeal, ProviderRefused, ProviderUnavailable, TokenPinWrong
from keys.pkcs11_ceremony import KeyKind
from signing_service.errors import CertificateRefused
from signing_service.operations import documents, held_keys, verification
from signing_service.permissions import ANONYMOUS
from signing_service.worker import run_once
from tests.factories import held_keys as held
from tests.factories.case import Case, Seat
from tests.factories.providers import RunningProvider
from tests.factories.tokens import SoftHsm
from tests.peers.csc_people import PEOPLE
from tests.signing_service.pades import judges

MATTI, ANNA = PEOPLE
pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


@pytest.fixture
def provider(csc: RunningProvider) -> RunningProvider:
    csc.behave()
    return csc


def newest(seat: Seat) -> bytes:
    return documents.download(seat.services, seat.actor, seat.board().board.agreement.id)[0]


def judged(seat: Seat, root_pem: bytes, folder: Path) -> None:
    """Programs that we did not write, and our own report, about the newest revision."""
    file = folder / "signed.pdf"
    file.write_bytes(newest(seat))
    judges.pdfsig_accepts(file, 2)
    judges.qpdf_accepts(file)
    judges.openssl_accepts_cms(judges.extract(file.read_bytes())[-1], root_pem, folder)
    report = verification.upload(seat.services, ANONYMOUS, file.read_bytes(), "signed.pdf", "en")
    mine = next(one for one in report.signatures if one.field == seat.board().field_name)
    assert (mine.integrity, mine.changes, mine.level) == ("intact", "none", "B-T")
    assert mine.custody == seat_custody(seat)


def seat_custody(seat: Seat) -> str:
    return held_keys.seat_key(seat.services, seat.actor).custody.value


def party_of(case: Case) -> str:
    return case.seats[0].board().me.party["en"]


@pytest.mark.parametrize("kind", [KeyKind.P256, KeyKind.RSA3072])
def test_the_seal_of_an_organisation(doors_open: Case, soft_hsm: SoftHsm, tmp_path: Path, kind: KeyKind) -> None:
    holders, authority = held.seal_in(soft_hsm, f"seal {kind}", party_of(doors_open), tmp_path, kind)
    seat = held.choose(doors_open, CustodyKind.PKCS11, holders)
    found = held.be_ready(seat)
    assert found.same_organisation
    assert seat.board().me.custody_words["en"] == words(CustodyKind.PKCS11, "en")
    held.open_round(doors_open)
    held.sign(seat)
    judged(seat, authority.root_pem, tmp_path)
    doors_open.seats[1].sign("command-key-2")
    run_once(doors_open.services)
    assert seat.board().board.agreement.state == "completed"


def test_nobody_signs_with_the_seal_of_another_organisation(
    doors_open: Case, soft_hsm: SoftHsm, tmp_path: Path
) -> None:
    holders, _ = held.seal_in(soft_hsm, "another's seal", "Another Organisation Ltd", tmp_path)
    seat = held.choose(doors_open, CustodyKind.PKCS11, holders)
    with pytest.raises(NotTheirSeal, match="There is no seal of"):
        held.be_ready(seat)


def test_a_token_that_refuses_gives_the_turn_back(doors_open: Case, soft_hsm: SoftHsm, tmp_path: Path) -> None:
    holders, _ = held.seal_in(soft_hsm, "refusing", party_of(doors_open), tmp_path)
    seat = held.choose(doors_open, CustodyKind.PKCS11, holders)
    held.be_ready(seat)
    held.open_round(doors_open)
    pin = (tmp_path / "pin").read_text()
    (tmp_path / "pin").write_text("0000\n")
    pkcs11.lib(str(soft_hsm.module)).reinitialize()
    with pytest.raises(TokenPinWrong):
        held.sign(seat)
    assert seat.board().me.state == "ready"
    doors_open.seats[1].sign("command-key-2")  # nobody waits for it
    (tmp_path / "pin").write_text(pin)
    assert held.sign(seat, key="held-command-2").revision == 4


@pytest.mark.parametrize(("version", "credential"), [(1, "matti-ec"), (2, "matti-rsa")])
def test_a_signature_through_a_provider(
    doors_open: Case, provider: RunningProvider, tmp_path: Path, version: int, credential: str
) -> None:
    seat = held.choose(doors_open, CustodyKind.REMOTE_PROVIDER, held.provider_at(provider, version))
    assert credential in held_keys.credentials(seat.services, seat.actor, "test", MATTI.account)
    found = held.be_ready(seat, "test", credential)
    assert (found.certificate.name, found.same_name) == (MATTI.name, False)
    held.open_round(doors_open)
    held.sign(seat, MATTI.pin)
    judged(seat, provider.root_pem, tmp_path)


def test_a_one_time_password(doors_open: Case, provider: RunningProvider) -> None:
    seat = held.choose(doors_open, CustodyKind.REMOTE_PROVIDER, held.provider_at(provider))
    held.be_ready(seat, "test", "anna-ec")
    held.open_round(doors_open)
    assert held_keys.seat_key(seat.services, seat.actor).wants == ("PIN", "OTP")
    held_keys.send_otp(seat.services, seat.actor)
    assert held.sign(seat, ANNA.pin, ANNA.otp).revision == 3


def test_a_provider_that_is_down_gives_the_turn_back_and_nothing_is_lost(
    doors_open: Case, provider: RunningProvider
) -> None:
    seat = held.choose(doors_open, CustodyKind.REMOTE_PROVIDER, held.provider_at(provider))
    held.be_ready(seat, "test", "matti-ec")
    held.open_round(doors_open)
    provider.behave("down")
    with pytest.raises(ProviderUnavailable, match="Nothing was signed"):
        held.sign(seat, MATTI.pin)
    assert seat.board().me.state == "ready"
    doors_open.seats[1].sign("command-key-2")
    provider.behave()
    assert held.sign(seat, MATTI.pin, key="held-command-2").revision == 4


def test_a_wrong_pin_is_refused_and_nothing_typed_is_kept(doors_open: Case, provider: RunningProvider) -> None:
    seat = held.choose(doors_open, CustodyKind.REMOTE_PROVIDER, held.provider_at(provider))
    held.be_ready(seat, "test", "matti-ec")
    held.open_round(doors_open)
    with pytest.raises(ProviderRefused, match="wrong PIN"):
        held.sign(seat, "31415926")
    held.sign(seat, MATTI.pin, key="held-command-2")
    with doors_open.services.db.read() as session:
        tables = session.scalars(text("select name from sqlite_master where type = 'table'")).all()
        everything = "".join(
            repr(tuple(row)) for table in tables for row in session.execute(text(f'select * from "{table}"'))
        )
    for secret in ("31415926", MATTI.pin):
        assert secret not in everything
    assert "keys.provider_refused" in everything


def test_the_way_was_chosen_by_the_host_not_by_the_signatory(doors_open: Case, provider: RunningProvider) -> None:
    seat = doors_open.seats[0]
    with pytest.raises(CertificateRefused):
        held_keys.credentials(seat.services, seat.actor, "test", MATTI.account)
    with pytest.raises(CertificateRefused):
        held_keys.sign(seat.services, seat.actor, seat.document_sha256, "held-command-1")
