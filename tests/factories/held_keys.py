"""Seats whose key is held elsewhere, over real holders: a token of SoftHSM2, the provider in its own process."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from keys.custody import CustodyKind
from keys.held_elsewhere import HeldElsewhere
from keys.holders import KeyHolders, SealSettings, SecretPlace, TokenSettings
from keys.passphrases import Secret
from keys.pkcs11_ceremony import KeyKind, create_key, store_certificate
from keys.remote_csc import Authorisation
from signing_service.operations import custodies, held_keys, seats, signatures
from tests.factories.case import Case, Seat
from tests.factories.foreign_authority import ForeignAuthority
from tests.factories.providers import RunningProvider
from tests.factories.tokens import NewToken, SoftHsm


def token_settings(made: NewToken, folder: Path, **labels: str | None) -> TokenSettings:
    """The operator's lines for a token, with the PIN in a file."""
    pin = folder / "pin"
    pin.write_text(f"{made.pin}\n")
    return TokenSettings(made.module, made.label, SecretPlace(pin, None), labels.get("seal"), labels.get("issuing"))


def seal_in(
    soft_hsm: SoftHsm, label: str, organisation: str, folder: Path, kind: KeyKind = KeyKind.P256
) -> tuple[HeldElsewhere, ForeignAuthority]:
    """A token with one seal of that organisation, certified by a trust service."""
    made = soft_hsm.new_token(label)
    key = create_key(made.open(), "org-seal", kind)
    authority = ForeignAuthority("Seal Trust Service")
    store_certificate(key, authority.issue(key.public_key, f"Seal of {organisation}"[:64], organisation))
    chain = folder / "chain.pem"
    chain.write_bytes(authority.root_pem + authority.issuing.public_bytes(Encoding.PEM))
    settings = SealSettings("org", f"Seal of {organisation}", "org-seal", chain)
    return HeldElsewhere(KeyHolders(token_settings(made, folder), (settings,))), authority


def provider_at(running: RunningProvider, version: int = 1) -> HeldElsewhere:
    """The test provider as the operator's only one."""
    return HeldElsewhere(KeyHolders(providers=(running.settings(version),)))


def choose(case: Case, kind: CustodyKind, held: HeldElsewhere, number: int = 0) -> Seat:
    """The host lets the signatory sign that way; everybody goes on with these holders."""
    case.services = replace(case.services, held=held)
    for seat in case.seats:
        seat.services = case.services
    seat = case.seats[number]
    custodies.choose(case.services, case.staff["host"], seat.actor.signatory_id or "", kind.value)
    return seat


def be_ready(seat: Seat, provider: str = "", credential: str = "") -> held_keys.Found:
    """Read, look at the certificate, confirm it, accept the sentence."""
    seats.join(seat.services, seat.actor)
    seat.read()
    found = held_keys.look(seat.services, seat.actor, provider, credential)
    board = seat.board()
    held_keys.ready(
        seat.services,
        seat.actor,
        held_keys.HeldReady(
            consent_text_id=board.consent.text_id,
            consent_language=board.consent.language,
            consent_sha256=board.consent.sha256,
            document_sha256=board.board.agreement.document_sha256,
            confirmed_sha256=found.certificate.sha256,
            provider=provider,
            credential=credential,
        ),
    )
    return found


def open_round(case: Case) -> None:
    """The others get ready with their browsers' keys; the host opens the round."""
    for seat in case.seats:
        if seat.board().me.state == "identified" or seat.board().me.state == "joined":
            seat.be_ready()
    case.command("go_live")
    case.command("open_round")


def sign(seat: Seat, pin: str = "", otp: str = "", key: str = "held-command-1") -> signatures.Signed:
    """Press."""
    done = held_keys.sign(seat.services, seat.actor, seat.document_sha256, key, pin, otp)
    assert isinstance(done, signatures.Signed), done
    return done


def typed_answer(pin: str = "", otp: str = "") -> bytes:
    """What a person types, as the signing path is given it."""
    return json.dumps({"pin": pin, "otp": otp}).encode()


def typed(pin: str, otp: str = "") -> Authorisation:
    """What a person types."""
    return Authorisation(Secret(pin.encode()), Secret(otp.encode()))
