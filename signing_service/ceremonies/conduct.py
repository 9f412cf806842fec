"""What may happen when: one table of ceremony commands and one of seat steps.

Presence is not part of it: a heartbeat is information, never a condition of a signature.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from signing_service.errors import CeremonyState, SeatState


class Ceremony(StrEnum):
    """States of a ceremony."""

    PLANNED = "planned"
    DOORS_OPEN = "doors_open"
    LIVE = "live"
    PAUSED = "paused"
    CONCLUDED = "concluded"
    ABORTED = "aborted"


class Command(StrEnum):
    """What the host can do."""

    OPEN_DOORS = "open_doors"
    GO_LIVE = "go_live"
    OPEN_ROUND = "open_round"
    PAUSE = "pause"
    RESUME = "resume"
    CONCLUDE = "conclude"
    ABORT = "abort"


class Round(StrEnum):
    """States of the round of signatures."""

    WAITING = "waiting"
    OPEN = "open"
    SIGNED = "signed"


class Seat(StrEnum):
    """States of a seat."""

    INVITED = "invited"
    JOINED = "joined"
    IDENTIFIED = "identified"
    READY = "ready"
    SIGNING = "signing"
    SIGNED = "signed"
    DECLINED = "declined"


#: (ceremony state, command) → next ceremony state; what is not here is refused.
MOVES: Mapping[tuple[Ceremony, Command], Ceremony] = {
    (Ceremony.PLANNED, Command.OPEN_DOORS): Ceremony.DOORS_OPEN,
    (Ceremony.DOORS_OPEN, Command.GO_LIVE): Ceremony.LIVE,
    (Ceremony.LIVE, Command.OPEN_ROUND): Ceremony.LIVE,
    (Ceremony.LIVE, Command.PAUSE): Ceremony.PAUSED,
    (Ceremony.PAUSED, Command.RESUME): Ceremony.LIVE,
    (Ceremony.LIVE, Command.CONCLUDE): Ceremony.CONCLUDED,
    (Ceremony.PLANNED, Command.ABORT): Ceremony.ABORTED,
    (Ceremony.DOORS_OPEN, Command.ABORT): Ceremony.ABORTED,
    (Ceremony.LIVE, Command.ABORT): Ceremony.ABORTED,
    (Ceremony.PAUSED, Command.ABORT): Ceremony.ABORTED,
}

#: The order in which a seat goes forward; `declined` can follow anything before `signed`.
SEAT_ORDER = (Seat.INVITED, Seat.JOINED, Seat.IDENTIFIED, Seat.READY, Seat.SIGNING, Seat.SIGNED)


def allowed(state: str, round_state: str, *, someone_signed: bool, ended: bool = False) -> tuple[Command, ...]:
    """The host's commands that would be accepted now, in the order of the show."""
    return tuple(c for c in Command if _permitted(Ceremony(state), Round(round_state), c, someone_signed, ended))


def next_state(
    state: str, round_state: str, command: str, *, someone_signed: bool, ended: bool = False
) -> tuple[Ceremony, Round]:
    """Ceremony and round after `command`; raises `CeremonyState` naming both when it is refused.

    A round opens once; a ceremony concludes only when its round is signed; it is not aborted by one person once
    someone has signed. When the agreement has `ended` (somebody declined), breaking off is all that is left.
    """
    before, current, wanted = Ceremony(state), Round(round_state), _command(state, command)
    if not _permitted(before, current, wanted, someone_signed, ended):
        raise CeremonyState(state=state, command=command)
    after = MOVES[before, wanted]
    return after, Round.OPEN if wanted is Command.OPEN_ROUND else current


def _command(state: str, command: str) -> Command:
    try:
        return Command(command)
    except ValueError as error:
        raise CeremonyState(state=state, command=command) from error


def _permitted(state: Ceremony, round_state: Round, command: Command, someone_signed: bool, ended: bool) -> bool:
    if (state, command) not in MOVES:
        return False
    if ended:
        return command is Command.ABORT
    if command is Command.OPEN_ROUND:
        return round_state is Round.WAITING
    if command is Command.CONCLUDE:
        return round_state is Round.SIGNED
    if command is Command.ABORT:
        return not someone_signed
    return True


def seat_reaches(current: str, wanted: Seat) -> bool:
    """True when going to `wanted` is a step forward from `current`."""
    seat = Seat(current)
    if seat is Seat.DECLINED:
        return False
    return SEAT_ORDER.index(wanted) > SEAT_ORDER.index(seat)


def require_seat(current: str, needed: tuple[Seat, ...], command: str) -> None:
    """Raise `SeatState` unless the seat is in one of `needed`."""
    if Seat(current) not in needed:
        raise SeatState(state=current, command=command)
