"""A seat whose key is held elsewhere: looked at, confirmed, bound; then signed by its holder on the person's word.

Looking asks the token or the provider and stores nothing. Binding is being ready, as with an own certificate. Signing
goes the one path; what the person types for it is in memory only. No transaction is open while a holder is asked.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from keys import own_certificates
from keys.csc_answers import Credential
from keys.custody import CustodyKind
from keys.holder_errors import CredentialUnknown, ProviderUnknown
from keys.own_certificate_errors import OwnCertificateNotConfirmed
from keys.own_certificates import OwnCertificate
from signing_service.db.models.ceremonies import Seat
from signing_service.db.models.provider_credentials import ProviderCredential
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, CertificateRefused, InvalidInput
from signing_service.operations import own_certificates as seats_certificates
from signing_service.operations import rows, seats, signatures, ways
from signing_service.operations.boards import SeatBoard
from signing_service.operations.operation import Act, command, query
from signing_service.operations.signatures import Outcome, Ready, Waiting
from signing_service.permissions import Action, Actor
from signing_service.services import Services

ACCOUNT_MAX = 120
TYPED_MAX = 64
PATIENCE_SECONDS, PAUSE_SECONDS = 5.0, 0.15


@dataclass(frozen=True, slots=True)
class Found:
    """A certificate that would be bound, beside the seat; `credential` is None for a seal."""

    certificate: OwnCertificate
    holder: str
    same_name: bool
    same_organisation: bool
    credential: Credential | None = None


@dataclass(frozen=True, slots=True)
class SeatKey:
    """What the seat's page needs to know: the way, the party's names, and what was chosen before."""

    custody: CustodyKind
    outside: str
    provider: str
    credential: str
    wants: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReady(seats.Acceptance):
    """What was confirmed: the certificate's SHA-256; of a provider also which one and which credential."""

    confirmed_sha256: str
    provider: str = ""
    credential: str = ""


@query(Action.SEAT_TAKE)
def seat_key(act: Act) -> SeatKey:
    """How the asking signatory signs, and with which credential, if one was chosen."""
    signatory = rows.signatory(act, act.actor.signatory_id)
    way = ways.of(signatory)
    row = act.session.get(ProviderCredential, signatory.id)
    if row is None:
        return SeatKey(way.kind, way.outside, "", "", ())
    return SeatKey(way.kind, way.outside, row.provider, row.credential, tuple(row.wants))


def credentials(services: Services, actor: Actor, provider: str, account: str) -> tuple[str, ...]:
    """The credentials of an account at a provider. Raises from `ProviderError`, or `InvalidInput`."""
    _require(seat_key(services, actor), CustodyKind.REMOTE_PROVIDER)
    name = account.strip()
    if not 0 < len(name) <= ACCOUNT_MAX or not name.isprintable():
        raise InvalidInput(field="account", problem=N_("between 1 and 120 characters"))
    return services.held.provider(provider).credentials(name)


def look(services: Services, actor: Actor, provider: str = "", credential: str = "") -> Found:
    """The certificate that would be bound: of the credential, or of the organisation's seal.

    Raises from `HardwareError` or `ProviderError`, or `OwnCertificateRefused` in its kinds.
    """
    way = seat_key(services, actor)
    if way.custody is CustodyKind.PKCS11:
        seal = services.held.seal_of(_party_names(services, actor))
        accepted = _accepted(services, seal.custodian.certificate_der, seal.custodian.chain_der)
        beside = seats_certificates.beside(services, actor, accepted)
        return Found(accepted, seal.title, beside.same_name, beside.same_organisation)
    _require(way, CustodyKind.REMOTE_PROVIDER)
    if not 0 < len(credential) <= 200:
        raise InvalidInput(field="credential", problem=N_("choose one"))
    holder = services.held.provider(provider)
    found = holder.credential(credential)
    accepted = _accepted(services, found.certificate_der, found.chain_der)
    beside = seats_certificates.beside(services, actor, accepted)
    return Found(accepted, holder.name, beside.same_name, beside.same_organisation, found)


def ready(services: Services, actor: Actor, request: HeldReady) -> SeatBoard:
    """Bind what was confirmed and be ready. Raises as `look` and `seats.ready`, or `OwnCertificateNotConfirmed`."""
    found = look(services, actor, request.provider, request.credential)
    if found.certificate.sha256 != request.confirmed_sha256:
        raise OwnCertificateNotConfirmed
    return _store(services, actor, request, found)


@command(Action.SEAT_TAKE)
def _store(act: Act, request: HeldReady, found: Found) -> SeatBoard:
    kept = seats.bound_certificate(act, act.actor.invitation_id)

    def bind(seat: Seat, signatory: Signatory) -> None:
        if kept is None or kept.der != found.certificate.der:
            seats_certificates.bind(act, found.certificate, seat, signatory)
        if found.credential is not None:
            row = act.session.get(ProviderCredential, signatory.id) or ProviderCredential(signatory_id=signatory.id)
            row.provider, row.credential = request.provider, found.credential.id
            row.certificate_sha256, row.wants = found.certificate.sha256, list(found.credential.wants)
            act.session.add(row)

    return seats.arm(act, request, bind)


def send_otp(services: Services, actor: Actor) -> None:
    """Have the provider send its one-time password to the person. Raises from `ProviderError`."""
    chosen = seat_key(services, actor)
    _require(chosen, CustodyKind.REMOTE_PROVIDER)
    if not chosen.provider:
        raise CredentialUnknown(provider="")
    services.held.provider(chosen.provider).send_otp(chosen.credential)


def sign(
    services: Services, actor: Actor, document_sha256: str, command_key: str, pin: str = "", otp: str = ""
) -> Outcome:
    """Sign with the key held elsewhere, on the one path: a place in the queue, or the stored signature.

    When the holder refuses or is down, its named error is raised, the turn is given back and the seat is ready again.
    """
    way = seat_key(services, actor)
    if way.outside not in ("token", "provider"):
        raise CertificateRefused(reason=N_("the key of this seat is not held by a module or a provider"))
    if len(pin) > TYPED_MAX or len(otp) > TYPED_MAX:
        raise InvalidInput(field="pin", problem=N_("at most 64 characters"))
    found = _turn(services, actor, document_sha256, command_key)
    if not isinstance(found, Ready):
        return found
    answer = json.dumps({"pin": pin, "otp": otp}).encode()
    return signatures.complete(services, actor, found.attempt_id, answer)


def _turn(services: Services, actor: Actor, document_sha256: str, command_key: str) -> Outcome:
    """Wait a little for those before; what was typed need not be typed again then.

    A plain form has no script that could ask again, and PIN and code may not be kept: so the request itself waits.
    """
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = signatures.prepare(services, actor, document_sha256, command_key)
        if not isinstance(found, Waiting) or time.monotonic() > patience:
            return found
        time.sleep(PAUSE_SECONDS)


@query(Action.SEAT_TAKE)
def _party_names(act: Act) -> tuple[str, ...]:
    return tuple(rows.signatory(act, act.actor.signatory_id).party.values())


def _accepted(services: Services, der: bytes, chain: tuple[bytes, ...]) -> OwnCertificate:
    return own_certificates.accept_again(der, chain, services.authorities, services.clock())


def _require(chosen: SeatKey, kind: CustodyKind) -> None:
    if chosen.custody is not kind:
        raise CertificateRefused(reason=N_("the key of this seat is not held by a module or a provider"))
    if kind is CustodyKind.REMOTE_PROVIDER and chosen.outside != "provider":
        raise ProviderUnknown
