"""What is recorded about ceremonies, rounds and seats; every record carries its `ceremony`, for the live views.

Presence (heartbeats) is not recorded; joining and being lost are. What a person typed (`words`) goes into a
disclosure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class CeremonyPlanned:
    """A ceremony was planned; `starts_at` is UTC, `zone` the named zone people think in.

    `drawings`: signatories may draw a signature for their stamp.
    """

    ceremony: str
    agreements: tuple[str, ...]
    starts_at: datetime
    zone: str
    seats: int
    mode: str | None = None
    drawings: bool | None = None


@dataclass(frozen=True, slots=True)
class CeremonyChanged:
    """The plan of a ceremony changed; `changed` names what."""

    ceremony: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CeremonyMoved:
    """A ceremony changed state: doors opened, live, resumed or concluded (the action says which)."""

    ceremony: str


@dataclass(frozen=True, slots=True)
class CeremonyStepShown:
    """The host moved the agenda on."""

    ceremony: str
    step: int
    kind: str


@dataclass(frozen=True, slots=True)
class CeremonyPaused:
    """Signing was stopped for a while; `reason` is host, host_lost, objection or failure."""

    ceremony: str
    reason: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class CeremonyHostChanged:
    """Another host took over the lease."""

    ceremony: str
    from_host: str
    to_host: str


@dataclass(frozen=True, slots=True)
class CeremonyAdjourned:
    """A ceremony was put off; `starts_at` is the new time in UTC, if known."""

    ceremony: str
    starts_at: datetime | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class CeremonyAborted:
    """A ceremony was broken off; after a partial signing a second person agreed."""

    ceremony: str
    signed: int
    second_person: str | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class RoundOpened:
    """A round was opened for these seats; `mode` is simultaneous, in_order or countersign."""

    ceremony: str
    round: int
    mode: str
    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoundSigned:
    """Every seat of the round has signed or was skipped."""

    ceremony: str
    round: int
    signed: int


@dataclass(frozen=True, slots=True)
class RoundReopened:
    """A round was opened once more."""

    ceremony: str
    round: int
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class SeatMoved:
    """A seat changed state: joined, ready or lost (the action says which)."""

    ceremony: str
    seat: str
    signatory: str


@dataclass(frozen=True, slots=True)
class SeatIdentified:
    """The person at a seat proved who they are; `method` is mail_code, passkey or oidc."""

    ceremony: str
    seat: str
    signatory: str
    method: str
    assurance: str | None = None


@dataclass(frozen=True, slots=True)
class SeatDocumentRead:
    """Every page of this very document was displayed at the seat."""

    ceremony: str
    seat: str
    signatory: str
    document_sha256: str
    pages: int


@dataclass(frozen=True, slots=True)
class SeatTested:
    """The key of the seat signed a random challenge."""

    ceremony: str
    seat: str
    signatory: str
    algorithm: str
    spki_sha256: str


@dataclass(frozen=True, slots=True)
class SeatSkipped:
    """The host passed a seat over in this round."""

    ceremony: str
    seat: str
    signatory: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class SeatReplaced:
    """A pre-approved alternate took the seat."""

    ceremony: str
    seat: str
    signatory: str
    by: str
    authority_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class SeatDeclined:
    """A signatory refused to sign; outside a ceremony there is no seat."""

    signatory: str
    ceremony: str | None = None
    seat: str | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class WitnessStated:
    """A witness made a statement; the words lie beside the entry, their hash in it."""

    ceremony: str
    statement_sha256: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ObjectionRaised:
    """A legal observer objected; the ceremony pauses."""

    ceremony: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ParticipantsImported:
    """Participants of a conference were read from a file."""

    conference: str
    file_sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class MeetingArranged:
    """Two participants were given a meeting."""

    conference: str
    meeting: str
    starts_at: datetime
