"""Attacks on the seats of one room, each in the form that its custody allows. What they got is for `refusals`."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from keys.custody import CustodyKind
from keys.held_elsewhere import HeldElsewhere
from keys.own_certificates import Authorities
from keys.timestamping import HttpAuthority
from keys.timestamping.trusted import TrustedSource
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.signatories import Certificate
from signing_service.operations import certificates, held_keys, passkey_answers, seats, signatures, ways
from signing_service.permissions import SYSTEM
from signing_service.services import Services
from tests.factories import own_programs
from tests.factories.authenticator import Authenticator
from tests.factories.case import raw_signature
from tests.factories.every_custody import CREDENTIALS, SITE, Chair, Room
from tests.factories.held_keys import typed
from tests.factories.installation import StoppedClock
from tests.factories.own_programs import OwnProgram, own_program, taken
from tests.keys.timestamping.peer import serving, with_another_nonce

BROWSER, PASSKEY = CustodyKind.BROWSER_HELD, CustodyKind.BROWSER_HELD_PASSKEY
OWN, PROVIDER, TOKEN = CustodyKind.OWN_CERTIFICATE, CustodyKind.REMOTE_PROVIDER, CustodyKind.PKCS11


class Attacks:
    """The attacks, in one room; its last two chairs are spare: they sign, or take the turn, in between."""

    def __init__(self, room: Room, clock: StoppedClock) -> None:
        *self.chairs, self.spare, self.waiting = room.chairs
        self._room, self._clock, self._commands = room, clock, 0

    def prepared(self, chair: Chair) -> signatures.Ready:
        """A new attempt; whoever had the turn has lost it."""
        self._clock.forward(seconds=ways.PASSKEY_TIME.total_seconds() + 1)
        self._commands += 1
        return chair.prepared(f"refused-command-{self._commands}")

    def answered(self, chair: Chair) -> tuple[signatures.Ready, bytes]:
        """A new attempt with the right answer to it."""
        attempt = self.prepared(chair)
        return attempt, chair.answer(attempt)

    # -- the attacks -------------------------------------------------------------------------------------------------

    def another_certificate(self, chair: Chair) -> object:
        """Getting ready with, or in the name of, somebody else's."""
        seat, other = chair.seat, self.waiting.seat
        seats.join(seat.services, seat.actor)
        seat.read()
        match chair.kind.custody:
            case CustodyKind.OWN_CERTIFICATE:
                mine, stranger = chair.outside.program(chair.kind), own_program(name="Somebody Else")
                own_programs.be_ready(seat, mine, upload=stranger.certificate)
                return None
            case CustodyKind.REMOTE_PROVIDER:
                shown = held_keys.look(seat.services, seat.actor, chair.provider, "matti-ec").certificate
                return held_keys.ready(seat.services, seat.actor, self._held(chair, shown.sha256, "anna-ec"))
            case CustodyKind.PKCS11:
                bare = replace(seat.services, held=HeldElsewhere(chair.outside.holders_of_others()))
                return held_keys.look(bare, seat.actor)
            case _:
                seats.join(other.services, other.actor)
                theirs = other.ready_request()
                facts = {"csr_der": theirs.csr_der, "challenge_signature": theirs.challenge_signature}
                return seats.ready(seat.services, seat.actor, seat.ready_request(**facts))

    def _held(self, chair: Chair, confirmed: str, credential: str) -> held_keys.HeldReady:
        board = chair.seat.board()
        return held_keys.HeldReady(
            consent_text_id=board.consent.text_id,
            consent_language=board.consent.language,
            consent_sha256=board.consent.sha256,
            document_sha256=board.board.agreement.document_sha256,
            confirmed_sha256=confirmed,
            provider=chair.provider,
            credential=credential,
        )

    def another_signer(self, chair: Chair) -> object:
        """Signed with somebody else's certificate, or confirmed by somebody else's authenticator."""
        attempt = self.prepared(chair)
        if chair.kind.custody is OWN:
            return chair.complete(attempt, chair.own_answer(attempt, own_program(name="Somebody Else")))
        stranger = Authenticator(SITE).confirm(attempt.signed_attributes)
        return chair.complete(attempt, passkey_answers.answer_of(chair.seat.value(attempt), stranger))

    def wrong_key(self, chair: Chair) -> object:
        """A key that is not the one in the certificate."""
        attempt, seat = self.prepared(chair), chair.seat
        if chair.kind.custody is OWN:
            program = _with_another_key(chair.outside.program(chair.kind))
            return chair.complete(attempt, chair.own_answer(attempt, program))
        if chair.kind.custody is PROVIDER:
            with _misbehaving(chair, "other_key"):
                return chair.complete(attempt, chair.answer(attempt))
        if chair.kind.custody is TOKEN:
            with chair.outside.exchanged_key("seal-p-256"):
                seat.services.held.token().close()
                return chair.complete(attempt, chair.answer(attempt))
        value = raw_signature(ec.generate_private_key(ec.SECP256R1()), attempt.signed_attributes)
        if chair.passkey is None:
            return signatures.complete(seat.services, seat.actor, attempt.attempt_id, value)
        confirmed = chair.passkey.confirm(attempt.signed_attributes)
        stranger = Authenticator(SITE, credential_id=confirmed.credential_id)
        lied = replace(confirmed, signature=stranger.confirm(attempt.signed_attributes).signature)
        return chair.complete(attempt, passkey_answers.answer_of(seat.value(attempt), lied))

    def other_digest(self, chair: Chair) -> object:
        """The right key over something else."""
        attempt, seat = self.prepared(chair), chair.seat
        if chair.kind.custody is OWN:
            program = chair.outside.program(chair.kind)
            document = taken(seat, attempt, "document.pdf")
            if chair.kind.form == "value":
                return chair.complete(attempt, program.value(document))
            if chair.kind.form == "CMS":
                return chair.complete(attempt, program.pades_cms(document))
            whole = taken(seat, attempt, "prepared.pdf")
            _, start, end, _ = attempt.byte_range
            room = end - start - 2
            gap = b"<" + program.pades_cms(document).hex().encode().ljust(room, b"0") + b">"
            return chair.complete(attempt, whole[:start] + gap + whole[end:])
        if chair.kind.custody is PROVIDER:
            with _misbehaving(chair, "other_hash"):
                return chair.complete(attempt, chair.answer(attempt))
        if chair.passkey is not None:
            lied = chair.passkey.confirm(b"\x31\x00")
            return chair.complete(attempt, passkey_answers.answer_of(seat.value(attempt), lied))
        return chair.complete(attempt, raw_signature(seat.key, b"\x31\x00"))

    def replayed(self, chair: Chair) -> object:
        """The answer to an attempt before this one."""
        if chair.kind.custody is PROVIDER:
            provider, credential = chair.outside.csc.client(), "matti-ec"
            certificate = provider.credential(credential).certificate_der
            provider.sign(credential, certificate, b"\x31\x00", typed(*chair.typed()))
            with _misbehaving(chair, "replay"):
                return chair.complete(*self.answered(chair))
        _, answer = self.answered(chair)
        if chair.kind.form == "PDF":
            # over the same base it is the same signature; once the document has moved on, it no longer begins with it
            self._clock.forward(minutes=2)
            self.waiting.sign()
        return chair.complete(self.prepared(chair), answer)

    def too_late(self, chair: Chair) -> object:
        """The time is over and somebody else has the turn."""
        attempt, answer = self.answered(chair)
        self._clock.forward(minutes=16)
        self._commands += 1
        taken_by = self.spare.prepared(f"refused-command-{self._commands}")
        try:
            return chair.complete(attempt, answer)
        finally:
            signatures.fail(self.spare.seat.services, self.spare.seat.actor, taken_by.attempt_id, "test.given-up")

    def old_bytes(self, chair: Chair) -> object:
        """A signed PDF that does not begin with the document that was given out."""
        attempt, answer = self.answered(chair)
        return chair.complete(attempt, answer.replace(b"/Type", b"/Typf", 1))

    def revoked(self, chair: Chair) -> object:
        """Revoked between being ready and signing; afterwards the seat gets ready again."""
        attempt, answer = self.answered(chair)
        seat, services = chair.seat, chair.seat.services
        if chair.kind.custody in (BROWSER, PASSKEY):
            certificates.revoke(services, SYSTEM, _serial_of(services, seat.actor.signatory_id or ""), "superseded")
            try:
                return chair.complete(attempt, answer)
            finally:
                seat.key = ec.generate_private_key(ec.SECP256R1())
                seat.be_ready()
        known = services.authorities
        seat.services = replace(services, authorities=Authorities(known.roots, self._lists(chair), others_too=False))
        try:
            return chair.complete(attempt, answer)
        finally:
            seat.services = services

    def _lists(self, chair: Chair) -> tuple[bytes, ...]:
        if chair.kind.custody is OWN:
            return (own_programs.revocation_list(chair.outside.program(chair.kind)),)
        if chair.kind.custody is PROVIDER:
            return chair.outside.csc.lists_der(CREDENTIALS[chair.kind.form, chair.kind.algorithm][1])
        return chair.outside.lists_with_the_seals_revoked()

    def wrong_nonce(self, chair: Chair) -> object:
        """The token is not used: the signature is stored without one, and the log names why."""
        seat, services = chair.seat, chair.seat.services
        keyring = services.keyring
        with serving(with_another_nonce(keyring.timestamp_authority)) as peer:
            http = HttpAuthority(peer.url, clock=self._clock)
            seat.services = replace(services, timestamps=TrustedSource(http, keyring.roots_der, clock=self._clock))
            chair.complete(*self.answered(chair))
            seat.services = services
        return _last_reason(services)


@contextmanager
def _misbehaving(chair: Chair, mode: str) -> Iterator[None]:
    chair.outside.csc.behave(mode)
    try:
        yield
    finally:
        chair.outside.csc.behave()


def _with_another_key(program: OwnProgram) -> OwnProgram:
    """A person's certificate beside somebody else's key."""
    folder = Path(tempfile.mkdtemp())
    shutil.copytree(program.folder, folder, dirs_exist_ok=True)
    shutil.copy(own_program(name="Somebody Else").folder / "key.pem", folder / "key.pem")
    return OwnProgram(folder)


def _serial_of(services: Services, signatory_id: str) -> str:
    """The certificate that the signatory has now."""
    with services.db.read() as session:
        wanted = select(Certificate.serial).where(Certificate.signatory_id == signatory_id)
        return session.scalars(wanted.where(Certificate.revoked_at.is_(None))).one()


def _last_reason(services: Services) -> str:
    """Why the newest signature without a time stamp has none."""
    with services.db.read() as session:
        wanted = select(LogEntry.encoded).where(LogEntry.type == "signature.timestamp_pending")
        newest = session.scalars(wanted.order_by(LogEntry.idx.desc())).first()
        assert newest is not None
        return str(json.loads(newest)["data"]["reason"])
