"""One agreement after another: an amendment beside a completed agreement, or a replacement in its place.

The link is made once, when the successor is begun, and names an agreement that exists already: no circle can come of
it, and a circle in damaged data is refused by name. What a version carries of its predecessor is `Predecessor`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agreements.course_errors import NotConcluded, SuccessionCycle, SuccessorUnderWay
from agreements.languages import Texts
from agreements.lifecycle import State


class Relation(StrEnum):
    """What a successor does to its predecessor."""

    AMENDS = "amends"
    SUPERSEDES = "supersedes"


@dataclass(frozen=True)
class Predecessor:
    """The agreement before, as a version names it: `completed_on` an ISO date (UTC), `pdf_sha256` of the signed PDF."""

    relation: str
    agreement_no: str
    title: Texts
    completed_on: str
    pdf_sha256: str

    def __post_init__(self) -> None:
        Relation(self.relation)
        date.fromisoformat(self.completed_on)


_LETTER = {Relation.AMENDS: "A", Relation.SUPERSEDES: "R"}


def check_start(state: State, *, under_way: str | None) -> None:
    """`under_way` is the number of a successor that is neither completed nor ended.

    Raises NotConcluded or SuccessorUnderWay.
    """
    if state is not State.COMPLETED:
        raise NotConcluded(state=str(state))
    if under_way is not None:
        raise SuccessorUnderWay(number=under_way)


def ancestors(agreement_id: str, predecessor_of: Callable[[str], str | None]) -> tuple[str, ...]:
    """The agreements before one, nearest first. Raises SuccessionCycle when the way leads back to itself."""
    found: list[str] = []
    before = predecessor_of(agreement_id)
    while before is not None:
        if before == agreement_id or before in found:
            raise SuccessionCycle(agreement=before)
        found.append(before)
        before = predecessor_of(before)
    return tuple(found)


def suggested_number(number: str, relation: Relation, taken: frozenset[str]) -> str:
    """SCA-2020-017-A1 for the first amendment of SCA-2020-017, -A2 for the next; -R1 for a replacement."""
    counted = 1
    while (suggestion := f"{number}-{_LETTER[relation]}{counted}") in taken:
        counted += 1
    return suggestion
