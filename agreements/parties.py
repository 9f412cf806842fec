"""Facts about the parties of a version: names, roles, representatives, and who must sign together.

Drawn from checked values; what is asked about a party is party_fields.py. Whether somebody really holds the authority
they claim is for people and registers to say.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agreements.computed import with_roles
from agreements.languages import Lang, Texts


@dataclass(frozen=True)
class Representative:
    """Who signs for a party. `authority`: statutory, power_of_attorney or seal. A `joint_group` signs together."""

    name: str
    name_latin: str | None
    title: Texts
    authority: str
    authority_document: str | None
    joint_group: str | None
    email: str


@dataclass(frozen=True)
class PartyFacts:
    """One party as the agreement names it. `role` is what the texts call it: 甲方, Party A."""

    index: int
    role: Texts
    legal_name: Texts
    short_name: Texts
    country: str
    city: Texts
    identifiers: tuple[Mapping[str, str], ...]
    representatives: tuple[Representative, ...]


def party_facts(parties: Sequence[Mapping[str, Any]], languages: Sequence[Lang]) -> tuple[PartyFacts, ...]:
    """The facts of each party of checked values, in order."""
    return tuple(
        PartyFacts(
            index,
            party["role"],
            party["legal_name"],
            party.get("short_name", party["legal_name"]),
            party["address"]["country"],
            party["address"]["city"],
            tuple(party.get("identifiers", ())),
            tuple(_representative(one) for one in party["representatives"]),
        )
        for index, party in enumerate(with_roles(parties, languages))
    )


def _representative(one: Mapping[str, Any]) -> Representative:
    return Representative(
        one["name"],
        one.get("name_latin"),
        one["title"],
        one["authority"],
        one.get("authority_document"),
        one.get("joint_group"),
        one["email"],
    )


def joint_partners(groups: Sequence[str | None], index: int) -> tuple[int, ...]:
    """Who must sign together with representative `index`; `groups` holds the joint group of each representative."""
    own = _group(groups[index])
    return tuple(other for other, group in enumerate(groups) if own and _group(group) == own and other != index)


def _group(name: str | None) -> str:
    """The name of a joint group for comparing: a and A, typed by two people, are one group."""
    return unicodedata.normalize("NFKC", name or "").casefold()


def joint_groups(party: PartyFacts) -> tuple[tuple[int, ...], ...]:
    """The representatives (by index) who bind the party: each alone, or the members of one joint group together."""
    groups: dict[str, list[int]] = {}
    for index, one in enumerate(party.representatives):
        groups.setdefault(_group(one.joint_group) or f"\0{index}", []).append(index)
    return tuple(tuple(members) for members in groups.values())


def is_bound(party: PartyFacts, signed: Collection[int]) -> bool:
    """Whether the representatives who signed bind the party; a joint group is complete only with all its members."""
    return any(all(index in signed for index in group) for group in joint_groups(party))


def fulfilled(parties: Sequence[PartyFacts], signed: Mapping[int, Collection[int]]) -> bool:
    """Whether every party is bound. `signed`: index of a party → indexes of its representatives who signed."""
    return all(is_bound(party, signed.get(party.index, ())) for party in parties)
