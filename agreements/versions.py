"""A version: template and values composed into frozen content with one canonical byte form and one SHA-256.

The hash is the identity; a version's number is given by the service and is not part of the content. Nothing here reads
a clock, a database or a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_choices import ClauseChoice, Deviation, deviations, with_choices
from agreements.clause_texts import Scope
from agreements.clauses import Clause, ResolvedClause, resolve
from agreements.computed import (
    binding,
    clause_values,
    clause_variables,
    computed_expressions,
    standing,
    with_roles,
)
from agreements.errors import AgreementTooLong, NotAVersion, NotCanonical
from agreements.languages import Lang, Texts
from agreements.parties import PartyFacts, Representative, party_facts
from agreements.signature_blocks import SignatureBlock, signature_blocks
from agreements.succession import Predecessor
from agreements.templates import Template
from agreements.typed_values import typed_record
from agreements.value_texts import ShownValue, shown_values

FORMAT = "agreement-version/1"
MAX_BYTES = 8 * 1024 * 1024
MAX_TEXT = 400_000
#: Left out of the bytes when empty: one content has one form, and content without them keeps the bytes it always had.
OPTIONAL = ("deviations", "predecessor")


@dataclass(frozen=True)
class Version:
    """Frozen content. `shown` are the values as words with their labels, so that the file explains itself.

    `deviations` are the clauses whose wording is not the template's standard; `predecessor` the agreement that this one
    amends or replaces.
    """

    template_id: str
    template_version: str
    template_sha256: str
    languages: tuple[Lang, ...]
    title: Texts
    agreement_no: str
    values: Mapping[str, Any]
    shown: tuple[ShownValue, ...]
    clauses: tuple[ResolvedClause, ...]
    parties: tuple[PartyFacts, ...]
    signature_blocks: tuple[SignatureBlock, ...]
    deviations: tuple[Deviation, ...] = ()
    predecessor: Predecessor | None = None

    @cached_property
    def canonical(self) -> bytes:
        """RFC 8785 bytes of the content; the same content gives the same bytes everywhere."""
        content = asdict(self)
        for name in OPTIONAL:
            if not content[name]:
                del content[name]
        return canonical_bytes({"format": FORMAT, **content})

    @cached_property
    def sha256(self) -> str:
        """Lower-case hexadecimal SHA-256 of `canonical`."""
        return sha256_of(self.canonical)

    @property
    def prevailing(self) -> str | None:
        """The language that prevails, "equal" when none does, None when the template does not ask."""
        return self.values.get("prevailing")


@dataclass(frozen=True)
class Writing:
    """What the texts of a version are written from: the clauses that stand, in order, and what they can speak of."""

    template: Template
    clauses: tuple[Clause, ...]
    scope: Scope

    def clause(self, clause_id: str) -> Clause | None:
        """The clause of that id, if it stands."""
        return next((one for one in self.clauses if one.id == clause_id), None)


def writing(template: Template, values: Mapping[str, Any], choices: Sequence[ClauseChoice] = ()) -> Writing:
    """Choose and order the clauses for checked values. Raises ClauseRefused for an unreadable choice."""
    template = with_choices(template, choices)
    typed = typed_record(template.variables, values)
    typed |= computed_expressions(template, typed)
    typed[template.parties] = with_roles(typed[template.parties], template.languages)
    clauses = standing(template, typed)
    typed |= clause_values(template, clauses)
    variables = (*template.variables, *template.computed, *clause_variables(template))
    return Writing(template, clauses, Scope(typed, variables))


def compose(
    template: Template,
    values: Mapping[str, Any],
    choices: Sequence[ClauseChoice] = (),
    predecessor: Predecessor | None = None,
) -> Version:
    """Compose checked values (fields.validate), with the clauses chosen otherwise than the template's, into a version.

    `predecessor`: the agreement that this one amends or replaces.

    Raises ValueMissing, naming clause and value, AgreementTooLong, and ClauseRefused for an unreadable choice.
    """
    written = writing(template, values, choices)
    template, clauses = written.template, written.clauses
    parties = party_facts(values[template.parties], template.languages)
    return Version(
        template_id=template.id,
        template_version=template.version,
        template_sha256=template.sha256,
        languages=template.languages,
        title=values.get("title") or template.title,
        agreement_no=values["agreement_no"],
        values=values,
        shown=shown_values(template, values),
        clauses=_resolved(template, clauses, written.scope),
        parties=parties,
        signature_blocks=signature_blocks(parties, template.signature_blocks),
        deviations=deviations(choices, [clause.id for clause in clauses]),
        predecessor=predecessor,
    )


def _resolved(template: Template, clauses: Sequence[Clause], scope: Scope) -> tuple[ResolvedClause, ...]:
    found: list[ResolvedClause] = []
    left = MAX_TEXT
    for number, clause in enumerate(clauses, start=1):
        found.append(resolve(clause, number, binding=binding(template, clause), scope=scope))
        left -= sum(len(text) for paragraph in found[-1].paragraphs for text in paragraph.values())
        if left < 0:
            raise AgreementTooLong(most=MAX_TEXT)
    return tuple(found)


def from_canonical(data: bytes) -> Version:
    """Read a version back. Raises NotAVersion unless the bytes are exactly the canonical form of one."""
    if len(data) > MAX_BYTES:
        raise NotAVersion(reason=f"more than {MAX_BYTES} bytes")
    try:
        found = json.loads(data)
        if found.pop("format") != FORMAT:
            raise NotAVersion(reason="another format")
        version = Version(
            **{
                **found,
                "languages": tuple(found["languages"]),
                "shown": tuple(ShownValue(**one) for one in found["shown"]),
                "clauses": tuple(_clause(one) for one in found["clauses"]),
                "parties": tuple(_party(one) for one in found["parties"]),
                "signature_blocks": tuple(
                    SignatureBlock(**{**one, "shows": tuple(one["shows"])}) for one in found["signature_blocks"]
                ),
                "deviations": tuple(Deviation(**one) for one in found.get("deviations", ())),
                "predecessor": Predecessor(**found["predecessor"]) if "predecessor" in found else None,
            }
        )
        same = version.canonical == data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NotCanonical) as error:
        raise NotAVersion(reason="it is not the JSON of a version") from error
    if not same:
        raise NotAVersion(reason="it is not in canonical form")
    return version


def _clause(one: Mapping[str, Any]) -> ResolvedClause:
    return ResolvedClause(**{**one, "paragraphs": tuple(one["paragraphs"]), "labels": tuple(one["labels"])})


def _party(one: Mapping[str, Any]) -> PartyFacts:
    people = tuple(Representative(**person) for person in one["representatives"])
    return PartyFacts(**{**one, "identifiers": tuple(one["identifiers"]), "representatives": people})
