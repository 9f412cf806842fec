"""A signatory who practises in a rehearsal, with a practice key of their own, through the operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from signing_service.operations import boards, rehearsal_seats, rehearsal_signing, seats, signatures
from tests.factories.case import Case, Seat, ready_request, value_over


@dataclass
class Practising:
    """What a browser at the page of a rehearsal can do."""

    seat: Seat
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def board(self, language: str = "en") -> boards.SeatBoard:
        return rehearsal_seats.board(self.seat.services, self.seat.actor, language)

    def open(self) -> None:
        rehearsal_seats.here(self.seat.services, self.seat.actor)

    def read(self) -> None:
        facts = self.board().board.agreement
        pages = range(1, facts.pages + 1)
        rehearsal_seats.pages_read(self.seat.services, self.seat.actor, pages, facts.document_sha256)

    def request(self, **changes: Any) -> seats.ReadyRequest:
        return ready_request(self.board(), self.key, changes)

    def ready(self, **changes: Any) -> boards.SeatBoard:
        return rehearsal_seats.ready(self.seat.services, self.seat.actor, self.request(**changes))

    def prepare(self, command_key: str = "practice-key-1") -> signatures.Outcome:
        sha256 = self.board().board.agreement.document_sha256
        return rehearsal_signing.prepare(self.seat.services, self.seat.actor, sha256, command_key)

    def sign(self) -> signatures.Signed:
        """Prepare, compare as a browser does, sign, hand in."""
        prepared = self.prepare()
        assert isinstance(prepared, signatures.Ready), prepared
        pdf = rehearsal_signing.prepared_pdf(self.seat.services, self.seat.actor)
        value = value_over(pdf, prepared, self.key)
        return rehearsal_signing.complete(self.seat.services, self.seat.actor, value)

    def whole(self) -> signatures.Signed:
        """From opening the page to the practice signature."""
        self.open()
        self.read()
        self.ready()
        return self.sign()

    def signed_copy(self) -> bytes:
        return rehearsal_signing.signed_copy(self.seat.services, self.seat.actor)


def practising(case: Case) -> list[Practising]:
    """The signatories of a case at the stage `rehearsing`."""
    return [Practising(seat) for seat in case.seats]
