"""Where somebody signs: one block per representative of each party, in the order of the parties.

The block names the PDF field; drawing it is rendering's task.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agreements.languages import Texts
from agreements.parties import PartyFacts

FIELD_PREFIX = "Signatory_"


@dataclass(frozen=True)
class SignatureBlock:
    """One box on the signature page. `id` e.g. "party_a_1"; `shows`: which of name, title, date, place, seal."""

    id: str
    field_name: str
    party_index: int
    role: Texts
    party: Texts
    person_name: str
    person_name_latin: str | None
    person_title: Texts
    authority: str
    joint_group: str | None
    email: str
    place: Texts
    shows: tuple[str, ...]


def signature_blocks(parties: Sequence[PartyFacts], shows: tuple[str, ...]) -> tuple[SignatureBlock, ...]:
    """The blocks of all parties; ids are stable for the same order of parties and representatives."""
    blocks = []
    for party in parties:
        letter = "abcdefghij"[party.index]
        for position, one in enumerate(party.representatives, start=1):
            block_id = f"party_{letter}_{position}"
            blocks.append(
                SignatureBlock(
                    block_id,
                    FIELD_PREFIX + block_id,
                    party.index,
                    party.role,
                    party.legal_name,
                    one.name,
                    one.name_latin,
                    one.title,
                    one.authority,
                    one.joint_group,
                    one.email,
                    party.city,
                    shows,
                )
            )
    return tuple(blocks)
