"""What a party's numbers and its representatives' authority rest on: documents, named by their SHA-256 and their day.

Nobody asks a register here, so a number without an extract is "unverified", and a representative without a document is
"not evidenced". Both are warnings: whether to sign all the same is for people to decide.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from agreements.organisations import squeezed
from agreements.parties import PartyFacts

SUBJECTS = ("register", "authority")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document about one number (subject "register") or one person's authority ("authority").

    `about` says which, see `about_number` and `about_person`. `dated` is the day the extract was fetched or the
    document was issued.
    """

    subject: str
    about: str
    sha256: str
    dated: date


@dataclass(frozen=True, slots=True)
class Unevidenced:
    """A representative of party `party_index` whose authority no document shows."""

    party_index: int
    name: str


def about_number(identifier: Mapping[str, str]) -> str:
    """The key of a number: a corrected number needs an extract of its own."""
    return f"{identifier['scheme']}:{identifier['value']}"


def about_person(name: str, email: str) -> str:
    """The key of a person: name and address, for the invitation goes to the address and the document names the name."""
    return f"{squeezed(name)[:100]} {email.lower()}"


def verified(identifier: Mapping[str, str], evidence: Collection[Evidence]) -> Evidence | None:
    """The newest register extract about this number; None leaves it unverified."""
    about = about_number(identifier)
    found = [one for one in evidence if one.subject == "register" and one.about == about]
    return max(found, key=lambda one: one.dated, default=None)


def unevidenced(parties: Sequence[PartyFacts], known: Mapping[int, Collection[str]]) -> tuple[Unevidenced, ...]:
    """Every representative without a document. `known`: party index → keys (`about_person`) with evidence."""
    return tuple(
        Unevidenced(party.index, one.name)
        for party in parties
        for one in party.representatives
        if about_person(one.name, one.email) not in known.get(party.index, ())
    )
