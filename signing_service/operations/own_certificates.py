"""A signatory's own certificate at their seat: looked at, its name confirmed, bound to the seat.

Looking stores nothing. Binding is being ready: the consent is kept in the same transaction. What is known of the issuer
is recorded with it, in the words that were on the screen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from asn1crypto import x509
from sqlalchemy import select

from keys import own_certificates
from keys.encoded import encoded
from keys.own_certificate_errors import OwnCertificateNotConfirmed, OwnCertificateRefused, OwnCertificateTaken
from keys.own_certificates import OwnCertificate
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.custodies import CertificateBound
from signing_service.db import files
from signing_service.db.models.ceremonies import Seat
from signing_service.db.models.signatories import Certificate, Signatory
from signing_service.errors import N_, CertificateRefused, NotFound, SecondCertificate
from signing_service.operations import attempts, rehearsals, rows, seats, ways
from signing_service.operations.boards import SeatBoard
from signing_service.operations.operation import Act, command, query
from signing_service.pades.own_signature import covered_bytes
from signing_service.permissions import Action, Actor
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class Looked:
    """An accepted certificate beside the seat: does the name in it look like the signatory's, and the organisation?"""

    certificate: OwnCertificate
    same_name: bool
    same_organisation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReady(seats.Acceptance):
    """The certificate file, and the SHA-256 of the certificate whose name was confirmed."""

    upload: bytes
    confirmed_sha256: str


def look(services: Services, actor: Actor, upload: bytes) -> Looked:
    """What the certificate says and what is known of its issuer; raises `OwnCertificateRefused` in its kinds."""
    found = _accepted(services, upload)
    _require_mine(services, actor)
    return beside(services, actor, found)


def ready(services: Services, actor: Actor, request: OwnReady) -> SeatBoard:
    """Bind the certificate and be ready. Raises as `look` and `seats.ready`, `OwnCertificateNotConfirmed`, or
    `OwnCertificateTaken` when it belongs to another signatory."""
    found = _accepted(services, request.upload)
    if found.sha256 != request.confirmed_sha256:
        raise OwnCertificateNotConfirmed
    return _store(services, actor, request, found)


def _accepted(services: Services, upload: bytes) -> OwnCertificate:
    found = own_certificates.accept(upload, services.authorities, services.clock())
    ours = x509.Certificate.load(services.keyring.issuing_der).subject
    if encoded(x509.Certificate.load(found.der).issuer) == encoded(ours):
        raise OwnCertificateRefused(reason="it was made by this service")
    return found


@query(Action.SEAT_TAKE)
def _require_mine(act: Act) -> None:
    _require_own_way(rows.signatory(act, act.actor.signatory_id))


@query(Action.SEAT_TAKE)
def beside(act: Act, found: OwnCertificate) -> Looked:
    """The certificate beside the seat of the signatory who asks."""
    signatory = rows.signatory(act, act.actor.signatory_id)
    names = [signatory.name]
    return Looked(found, _alike(found.name, names), _alike(found.organisation, list(signatory.party.values())))


@command(Action.SEAT_TAKE)
def _store(act: Act, request: OwnReady, found: OwnCertificate) -> SeatBoard:
    signatory = rows.signatory(act, act.actor.signatory_id)
    _require_own_way(signatory)
    kept = seats.bound_certificate(act, act.actor.invitation_id)
    if kept is not None and kept.der != found.der:
        raise SecondCertificate()
    return seats.arm(act, request, None if kept is not None else partial(bind, act, found))


def bind(act: Act, found: OwnCertificate, seat: Seat, signatory: Signatory) -> None:
    """Inside a command: bind a certificate of another authority. It names one signatory, so no other seat of the
    agreement may have it; their seat in another agreement may."""
    rehearsals.require_never_rehearsed(act, found.spki_sha256)
    serial = f"x-{hashlib.sha256(f'{found.sha256} {signatory.id}'.encode()).hexdigest()[:62]}"
    invitation_id = act.actor.invitation_id or ""
    before = act.session.get(Certificate, serial)
    elsewhere = (
        select(Certificate.serial)
        .join(Signatory, Signatory.id == Certificate.signatory_id)
        .where(Certificate.spki_sha256 == found.spki_sha256, Certificate.signatory_id != signatory.id)
        .where(Signatory.agreement_id == signatory.agreement_id)
    )
    if act.session.scalar(elsewhere.limit(1)):
        raise OwnCertificateTaken
    row = before or Certificate(serial=serial, signatory_id=signatory.id, der=found.der)
    row.invitation_id, row.spki_sha256, row.issued_here = invitation_id, found.spki_sha256, False
    row.chain, row.not_before, row.not_after = b"".join(found.chain), found.not_before, found.not_after
    row.revoked_at, row.revocation_reason = None, None  # bound again through a new link
    act.session.add(row)
    bound = CertificateBound(
        signatory=signatory.id,
        certificate_sha256=found.sha256,
        spki_sha256=found.spki_sha256,
        custody=signatory.custody,
        trust=found.trust,
        not_after=found.not_after,
        invitation=invitation_id,
        ceremony=seat.ceremony_id,
        seat=seat.id,
        subject=" · ".join(part for part in (found.name, found.organisation) if part),
        issuer=found.issuer,
    )
    act.record(Recorded.CERTIFICATE_BOUND, bound, agreement=signatory.agreement_id)


@query(Action.SIGN)
def to_sign(act: Act, attempt_id: str, part: str) -> bytes:
    """One of the forms in which a program of the signatory's own may sign the attempt; raises `NotFound`.

    `document.pdf` ends where the signature begins and is signed whole; `prepared.pdf` has the empty gap; `bytes.bin` is
    all of that but the gap, for a detached CMS object; `attributes.der` is for a bare signature value.
    """
    attempt, facts = attempts.pending(act, attempt_id)
    prepared = attempts.prepared_of(act, attempt, facts).after(files.get(act.session, attempt.base_sha256))
    forms: dict[str, Callable[[], bytes]] = {
        "document.pdf": lambda: prepared.pdf[: prepared.base_length],
        "prepared.pdf": lambda: prepared.pdf,
        "bytes.bin": lambda: covered_bytes(prepared),
        "attributes.der": lambda: prepared.signed_attributes,
    }
    if part not in forms:
        raise NotFound(what=N_("file to sign"))
    return forms[part]()


def _require_own_way(signatory: Signatory) -> None:
    if ways.of(signatory).outside != "own_program":
        raise CertificateRefused(reason=N_("this seat does not sign with a certificate of its own"))


def _alike(given: str, expected: list[str]) -> bool:
    """Whether every word of one stands in the other; a hint for people, never a rule."""
    words = set(given.casefold().split())
    return bool(words) and any(words <= (other := set(one.casefold().split())) or other <= words for one in expected)
