"""A signatory's side of a ceremony up to the press: joining, reading, being ready, declining.

Being ready is the *arm* of two-phase signing: the document was displayed whole, the exact sentence was accepted, the
key exists in the signatory's browser and its certificate is issued.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from keys.algorithms import spki_of, verify_value
from keys.browser_held import accept_request, raw_to_der
from keys.errors import KeysError
from keys.issuing.authority import IssuedCertificate
from keys.issuing.subjects import SubjectFacts
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details import ceremonies as details
from signing_service.audit.details.signatures import CertificateIssued, ConsentGiven
from signing_service.ceremonies import conduct
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.ceremonies.consent import ConsentText
from signing_service.db.models.ceremonies import Ceremony, Seat
from signing_service.db.models.signatories import Certificate, Consent, Signatory
from signing_service.db.models.signatures import SignatureAttempt
from signing_service.errors import (
    N_,
    CeremonyState,
    CertificateRefused,
    ConsentMissing,
    InvalidInput,
    OtherDocument,
    PagesUnread,
    SecondCertificate,
)
from signing_service.ids import new_id
from signing_service.operations import (
    bases,
    boards,
    invitations,
    passkeys,
    rehearsals,
    rows,
    ways,
)
from signing_service.operations.boards import SeatBoard
from signing_service.operations.invitations import AUTHENTICATION
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import Action, Actor
from signing_service.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """The sentence that was accepted, named by language and SHA-256, over the document that was shown."""

    consent_text_id: str
    consent_language: str
    consent_sha256: str
    document_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRequest(Acceptance):
    """What a browser sends to be ready: a PKCS#10 request (DER), the challenge signed with the same key (raw r‖s)."""

    csr_der: bytes
    challenge_signature: bytes


@dataclass(frozen=True, slots=True)
class _Facts:
    subject: SubjectFacts
    invitation_id: str
    challenge: bytes
    kept_key_sha256: str | None


@command(Action.SEAT_TAKE, recorded=False)
def join(act: Act) -> None:
    """The seat page is open; the first time is recorded, later times are a heartbeat."""
    seat = _mine(act)
    before, seat.last_seen_at = seat.last_seen_at, act.now
    if before is not None:
        return
    moved = details.SeatMoved(seat.ceremony_id, seat.id, seat.signatory_id)
    act.record(Recorded.SEAT_JOINED, moved, agreement=rows.ceremony(act, seat.ceremony_id).agreement_id)


def heartbeat(services: Services, actor: Actor) -> None:
    """Still here: information for the host, never a condition of a signature. After a restart of the service it has
    everything at hand again for whoever is ready."""
    _seen(services, actor)
    bases.warm_ahead(services, actor)


@command(Action.SEAT_TAKE, recorded=False)
def _seen(act: Act) -> None:
    _mine(act).last_seen_at = act.now


@command(Action.SEAT_TAKE, recorded=False)
def pages_read(act: Act, pages: Sequence[int], document_sha256: str) -> None:
    """These pages (from 1) of that document were on the screen; complete reading is recorded once."""
    seat = _mine(act)
    facts = boards.board(act, rows.ceremony(act, seat.ceremony_id)).agreement
    require_document(document_sha256, facts.document_sha256)
    if any(not 1 <= page <= facts.pages for page in pages):
        raise InvalidInput(field="pages", problem=N_("there is no such page"))
    before = set(seat.pages_read)
    seat.pages_read = sorted(before | set(pages))
    seat.last_seen_at = act.now
    if len(before) < facts.pages == len(seat.pages_read):
        read = details.SeatDocumentRead(seat.ceremony_id, seat.id, seat.signatory_id, document_sha256, facts.pages)
        act.record(Recorded.SEAT_DOCUMENT_READ, read, agreement=facts.id)


def ready(services: Services, actor: Actor, request: ReadyRequest) -> SeatBoard:
    """Be ready to sign; returns the seat's board with the certificate's serial number.

    The same key asking twice gets the same certificate. Raises `SeatState`, `PagesUnread`, `OtherDocument`,
    `ConsentMissing`, `CertificateRefused`, `SecondCertificate`, `RehearsalKeyReused` or the errors of `keys` about the
    request.
    """
    facts = _ready_facts(services, actor, request)
    spki_sha256 = proved_key(request, facts.challenge)
    rehearsals.require_new_key(services, actor, spki_sha256)
    issued = None
    if facts.kept_key_sha256 is None:
        issued = services.keyring.issuing.issue(
            request.csr_der, facts.subject, invitation_id=facts.invitation_id, now=services.clock()
        )
    elif facts.kept_key_sha256 != spki_sha256:
        raise SecondCertificate()
    board = _store_ready(services, actor, request, issued)
    bases.warm_ahead(services, actor)
    return board


def proved_key(request: ReadyRequest, challenge: bytes) -> str:
    """SHA-256 (hex) of the public key in the request, whose owner has signed the request and the challenge.

    Raises `CertificateRefused` or the errors of `keys` about the request.
    """
    key = accept_request(request.csr_der, None)
    try:
        verify_value(key, raw_to_der(request.challenge_signature), challenge)
    except KeysError as error:
        raise CertificateRefused(reason=N_("the test signature is not by the key in the request")) from error
    return hashlib.sha256(spki_of(key)).hexdigest()


@query(Action.SEAT_TAKE)
def _ready_facts(act: Act, request: ReadyRequest) -> _Facts:
    signatory = rows.signatory(act, act.actor.signatory_id)
    if not ways.of(signatory).issued_here:
        raise CertificateRefused(reason=N_("this seat does not sign with a key of the browser"))
    seat = rows.seat(act, signatory.id)
    require_readable(act, seat, request)
    kept = bound_certificate(act, act.actor.invitation_id)
    kept_key = kept.spki_sha256 if kept is not None else None
    return _Facts(_subject(signatory), act.actor.invitation_id or "", _challenge(seat), kept_key)


@command(Action.SEAT_TAKE)
def _store_ready(act: Act, request: ReadyRequest, issued: IssuedCertificate | None) -> SeatBoard:
    return arm(act, request, None if issued is None else partial(_store_certificate, act, issued))


def arm(act: Act, request: Acceptance, bind: Callable[[Seat, Signatory], None] | None) -> SeatBoard:
    """Inside a command: keep the consent, bind the certificate (None: it is bound), and be ready."""
    signatory = rows.signatory(act, act.actor.signatory_id)
    invitations.require_going_on(rows.agreement_locked(act, signatory.agreement_id))  # no certificate after an end
    seat = _mine(act)
    consent = require_readable(act, seat, request)
    board = boards.board(act, rows.ceremony(act, seat.ceremony_id))
    row = Consent(
        id=new_id("con"),
        signatory_id=signatory.id,
        text_id=consent.text_id,
        language=consent.language,
        text=consent.text,
        text_sha256=consent.sha256,
        version_sha256=board.agreement.version_sha256,
        document_sha256=board.agreement.document_sha256,
        authentication=AUTHENTICATION,
        given_at=act.now,
    )
    act.session.add(row)
    if bind is not None:
        bind(seat, signatory)
    _record_consent(act, seat, signatory, row)
    seat.state = Step.READY.value
    seat.last_seen_at = act.now
    moved = details.SeatMoved(seat.ceremony_id, seat.id, signatory.id)
    act.record(Recorded.SEAT_READY, moved, agreement=signatory.agreement_id)
    act.session.flush()
    return boards.seat_board(act, consent.language)


def _store_certificate(act: Act, issued: IssuedCertificate, seat: Seat, signatory: Signatory) -> None:
    if bound_certificate(act, issued.invitation_id) is not None:
        raise SecondCertificate()
    serial = f"{issued.serial:x}"
    act.session.add(
        Certificate(
            serial=serial,
            signatory_id=signatory.id,
            invitation_id=issued.invitation_id,
            der=issued.der,
            spki_sha256=issued.spki_sha256,
            not_before=issued.not_before,
            not_after=issued.not_after,
        )
    )
    tested = details.SeatTested(seat.ceremony_id, seat.id, signatory.id, "ecdsa-p256-sha256", issued.spki_sha256)
    act.record(Recorded.SEAT_TESTED, tested, agreement=signatory.agreement_id)
    certificate = CertificateIssued(
        signatory=signatory.id,
        serial=serial,
        certificate_sha256=issued.sha256,
        spki_sha256=issued.spki_sha256,
        custody=signatory.custody,
        not_after=issued.not_after,
        invitation=issued.invitation_id,
        ceremony=seat.ceremony_id,
        seat=seat.id,
    )
    act.record(
        Recorded.CERTIFICATE_ISSUED,
        certificate,
        agreement=signatory.agreement_id,
        personal={"name": signatory.name, "email": signatory.email},
    )


def _record_consent(act: Act, seat: Seat, signatory: Signatory, consent: Consent) -> None:
    given = ConsentGiven(
        signatory=signatory.id,
        consent=consent.text_id,
        language=consent.language,
        text_sha256=consent.text_sha256,
        document_sha256=consent.document_sha256,
        version_sha256=consent.version_sha256,
        authentication=consent.authentication,
        ceremony=seat.ceremony_id,
        seat=seat.id,
    )
    act.record(Recorded.CONSENT_GIVEN, given, agreement=signatory.agreement_id)


def bound_certificate(act: Act, invitation_id: str | None) -> Certificate | None:
    """The certificate of an invitation that is not revoked."""
    return act.session.scalar(
        select(Certificate).where(Certificate.invitation_id == invitation_id, Certificate.revoked_at.is_(None))
    )


def _mine(act: Act) -> Seat:
    return rows.seat_locked(act, act.actor.signatory_id or "")


def require_readable(act: Act, seat: Seat, request: Acceptance) -> ConsentText:
    """The guards of being ready, each by name; returns the sentence as we would show it now."""
    ceremony = rows.ceremony(act, seat.ceremony_id)
    _require_doors(ceremony)
    conduct.require_seat(seat.state, (Step.IDENTIFIED, Step.READY), N_("be ready"))
    board = boards.board(act, ceremony)
    require_document(request.document_sha256, board.agreement.document_sha256)
    unread = [str(n) for n in range(1, board.agreement.pages + 1) if n not in seat.pages_read]
    if unread:
        raise PagesUnread(pages=", ".join(unread))
    passkeys.require_set_up(act, rows.signatory(act, seat.signatory_id))
    me = next(tile for tile in board.seats if tile.signatory_id == seat.signatory_id)
    consent = boards.consent_for(board.agreement, me, request.consent_language)
    if (request.consent_text_id, request.consent_sha256) != (consent.text_id, consent.sha256):
        raise ConsentMissing()
    return consent


def _require_doors(ceremony: Ceremony) -> None:
    if ceremony.state not in (conduct.Ceremony.DOORS_OPEN, conduct.Ceremony.LIVE):
        raise CeremonyState(state=ceremony.state, command=N_("be ready"))


def require_document(given: str, expected: str) -> None:
    """Raise `OtherDocument` unless what was shown is what is meant."""
    if given != expected:
        raise OtherDocument(given=given[:12], expected=expected[:12])


def _subject(signatory: Signatory) -> SubjectFacts:
    return SubjectFacts(
        display_name=signatory.name,
        organisation=boards.pick(signatory.party, "en"),
        email=signatory.email,
        serial_number=signatory.id,
        country=signatory.country,
    )


def _challenge(seat: Seat) -> bytes:
    try:
        return base64.b64decode(seat.challenge, validate=True)
    except binascii.Error as error:
        raise CertificateRefused(reason=N_("the seat has no challenge")) from error


@query(Action.SEAT_TAKE)
def my_agreement(act: Act) -> str:
    """The agreement of the signatory who asks."""
    return rows.signatory(act, act.actor.signatory_id).agreement_id


@query(Action.SEAT_TAKE)
def my_log_index(act: Act) -> int | None:
    """The log entry of the asking signatory's signature."""
    return act.session.scalar(
        select(SignatureAttempt.log_index).where(
            SignatureAttempt.signatory_id == act.actor.signatory_id, SignatureAttempt.state == "completed"
        )
    )
