"""What is recorded about rehearsals; every record names the `rehearsal`, so that none is taken for the real thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RehearsalStarted:
    """A marked copy was made, and the signatories may practise with it."""

    ceremony: str
    rehearsal: str
    document_sha256: str
    seats: int


@dataclass(frozen=True, slots=True)
class RehearsalKeyCertified:
    """A key of the browser got a certificate for practising, for one day, from the authority of rehearsals."""

    ceremony: str
    rehearsal: str
    seat: str
    signatory: str
    certificate_sha256: str
    spki_sha256: str


@dataclass(frozen=True, slots=True)
class SeatRehearsed:
    """The signatory made a practice signature on the copy; it binds nobody."""

    ceremony: str
    rehearsal: str
    seat: str
    signatory: str
    document_sha256: str
    pdf_sha256: str


@dataclass(frozen=True, slots=True)
class CeremonyRehearsed:
    """A rehearsal ended; nothing in it binds anybody. `ended` is host, repeated, doors, called_off or expired."""

    ceremony: str
    rehearsal: str
    practised: int
    seats: int
    ended: str
