"""Passkeys at a seat: setting one up after the identity check, and what it must confirm before a signature is stored.

A passkey belongs to one invitation, as a certificate does: with a new link a new one is set up. The rules are in
`keys.passkeys`; here stands who may, when, and what is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from keys import passkeys as rules
from keys.custody import CustodyKind
from keys.passkey_errors import (
    PasskeyNotOffered,
    PasskeyNotSetUp,
    PasskeyRegistrationRefused,
)
from keys.passkey_registration import Registered, accept_registration, creation_options
from keys.passkeys import Site
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.passkeys import PasskeyRegistered
from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.db.models.ceremonies import Seat
from signing_service.db.models.passkeys import Passkey, PasskeyChallenge
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_
from signing_service.ids import new_id
from signing_service.operations import invitations, rows
from signing_service.operations.operation import Act, command, query
from signing_service.operations.passkey_answers import live
from signing_service.permissions import Action, Actor
from signing_service.services import Services

CHALLENGE_BYTES = 32
ANSWER_WITHIN = timedelta(minutes=5)
UNSIGNED = (Step.JOINED, Step.IDENTIFIED, Step.READY)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser sends after `navigator.credentials.create()`, as it came."""

    credential_id: bytes
    attestation_object: bytes
    client_data_json: bytes


@dataclass(frozen=True, slots=True)
class SeatPasskey:
    """What a seat's page must know: whether passkeys exist here, whether one is needed, which one confirms."""

    offered: bool
    required: bool
    rp_id: str | None
    credential_id: str | None


def seat_passkey(act: Act, signatory: Signatory, invitation_id: str | None) -> SeatPasskey:
    """The passkey side of one seat."""
    site, row = _site(act.services), live(act, signatory.id, invitation_id)
    return SeatPasskey(
        offered=site is not None,
        required=is_wanted(signatory),
        rp_id=site.rp_id if site is not None else None,
        credential_id=row.credential_id if row is not None else None,
    )


def is_wanted(signatory: Signatory) -> bool:
    """Whether this signature needs a passkey: the host asked for it, or the signatory set one up."""
    return signatory.custody == CustodyKind.BROWSER_HELD_PASSKEY


def require_set_up(act: Act, signatory: Signatory) -> None:
    """Raise `PasskeyNotSetUp` when one is needed and missing: asked long before the press."""
    if is_wanted(signatory) and live(act, signatory.id, act.actor.invitation_id) is None:
        raise PasskeyNotSetUp


@command(Action.SEAT_TAKE, recorded=False)
def offer(act: Act) -> dict[str, Any]:
    """Options for `navigator.credentials.create()` with a fresh challenge; raises `PasskeyNotOffered`, `SeatState`."""
    site = _required_site(act.services)
    signatory = rows.signatory(act, act.actor.signatory_id)
    _require_time(act, rows.seat_locked(act, signatory.id), signatory)
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    row = act.session.get(PasskeyChallenge, signatory.id)
    if row is None:
        row = PasskeyChallenge(signatory_id=signatory.id)
        act.session.add(row)
    row.challenge, row.expires_at = challenge, act.now + ANSWER_WITHIN
    return creation_options(
        site,
        challenge=challenge,
        user_id=signatory.id.encode(),
        name=signatory.email,
        display_name=signatory.name,
    )


def register(services: Services, actor: Actor, made: NewPasskey) -> None:
    """Set up the passkey that the browser made; from then on it has to confirm this signatory's signature.

    Raises the `PasskeyRefused` family or `SeatState`. An older one of the same seat is withdrawn.
    """
    challenge = _answered(services, actor)
    accepted = accept_registration(
        made.credential_id,
        made.attestation_object,
        made.client_data_json,
        challenge=challenge,
        site=_required_site(services),
    )
    _store(services, actor, made, accepted, challenge)


@query(Action.SEAT_TAKE)
def _answered(act: Act) -> bytes:
    row = act.session.get(PasskeyChallenge, act.actor.signatory_id)
    if row is None or row.expires_at <= act.now:
        raise PasskeyRegistrationRefused(reason="it took too long; begin again")
    return row.challenge


@command(Action.SEAT_TAKE)
def _store(act: Act, made: NewPasskey, accepted: Registered, challenge: bytes) -> None:
    signatory = rows.signatory(act, act.actor.signatory_id)
    invitations.require_going_on(rows.agreement_locked(act, signatory.agreement_id))
    seat = rows.seat_locked(act, signatory.id)
    _require_time(act, seat, signatory)
    offered = act.session.get(PasskeyChallenge, signatory.id)
    if offered is None or offered.challenge != challenge:
        raise PasskeyRegistrationRefused(reason="another one was begun meanwhile")
    act.session.delete(offered)
    digest = hashlib.sha256(accepted.credential_id).hexdigest()
    if act.session.scalar(select(Passkey.id).where(Passkey.credential_sha256 == digest)) is not None:
        raise PasskeyRegistrationRefused(reason="it is set up already")
    site, before = _required_site(act.services), live(act, signatory.id, act.actor.invitation_id)
    if before is not None:
        before.withdrawn_at = act.now
        act.session.flush()
    row = Passkey(
        id=new_id("pky"),
        signatory_id=signatory.id,
        invitation_id=act.actor.invitation_id,
        credential_id=rules.to_base64url(accepted.credential_id),
        credential_sha256=digest,
        public_key_der=accepted.public_key_der,
        algorithm=accepted.algorithm,
        rp_id=site.rp_id,
        origin=site.origin,
        aaguid=accepted.aaguid,
        attestation_format=accepted.attestation_format,
        attestation_object=made.attestation_object,
        client_data_json=made.client_data_json,
        backed_up=accepted.backed_up,
        sign_count=accepted.sign_count,
        registered_at=act.now,
    )
    act.session.add(row)
    signatory.custody = CustodyKind.BROWSER_HELD_PASSKEY.value
    act.record(Recorded.PASSKEY_REGISTERED, _registered(row, seat), agreement=signatory.agreement_id)


def _registered(row: Passkey, seat: Seat) -> PasskeyRegistered:
    return PasskeyRegistered(
        signatory=row.signatory_id,
        passkey=row.id,
        credential_sha256=row.credential_sha256,
        spki_sha256=hashlib.sha256(row.public_key_der).hexdigest(),
        rp_id=row.rp_id,
        authentication=invitations.AUTHENTICATION,
        aaguid=row.aaguid,
        attestation=row.attestation_format,
        attestation_sha256=hashlib.sha256(row.attestation_object).hexdigest(),
        backed_up=row.backed_up,
        invitation=row.invitation_id,
        ceremony=seat.ceremony_id,
        seat=seat.id,
    )


def _require_time(act: Act, seat: Seat, signatory: Signatory) -> None:
    """Before the press only, and while the agreement goes on."""
    invitations.require_going_on(rows.agreement(act, signatory.agreement_id))
    conduct.require_seat(seat.state, UNSIGNED, N_("set up a passkey"))


def _site(services: Services) -> Site | None:
    return rules.site_of(services.settings.base_url)


def _required_site(services: Services) -> Site:
    site = _site(services)
    if site is None:
        raise PasskeyNotOffered
    return site
