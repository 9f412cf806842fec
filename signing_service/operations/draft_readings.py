"""A draft as its clauses read now beside the template's standard, for every page about the clauses of a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agreements import clause_choices
from agreements.clause_choices import ClauseChoice, check_choice
from agreements.clause_errors import ClauseRefused
from agreements.errors import AgreementError
from agreements.fields import sound_values
from agreements.outlines import Outline, OutlinedClause, outline
from agreements.problems import TemplateProblem
from agreements.redlines import ClauseChange, change_of
from agreements.templates import Template
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.operations import rows
from signing_service.operations.operation import Act
from signing_service.operations.packages import template_of


@dataclass(frozen=True)
class DraftReading:
    """A draft with the sound part of its values, its clauses as they read now and as the template has them."""

    agreement: Agreement
    draft: Draft
    template: Template
    choices: tuple[ClauseChoice, ...]
    values: Mapping[str, Any]
    now: Outline
    standard: Outline

    def find(self, clause_id: str) -> ClauseChoice | None:
        """What was chosen for this clause."""
        return next((one for one in self.choices if one.clause_id == clause_id), None)


def read_draft(act: Act, agreement_id: str) -> DraftReading:
    """The draft of an agreement; raises `NotFound`."""
    agreement = rows.agreement(act, agreement_id)
    draft = act.session.get_one(Draft, agreement_id)
    template = template_of(act, agreement)
    choices = clause_choices.from_plain(draft.clauses)
    values = sound_values(template, draft.raw)
    return DraftReading(
        agreement,
        draft,
        template,
        choices,
        values,
        outline(template, values, choices),
        outline(template, values),
    )


def change_between(
    was: OutlinedClause | None, now: OutlinedClause | None, template: Template, clause_id: str
) -> ClauseChange:
    """The redline between two readings of one clause."""
    return change_of(was.text if was else None, now.text if now else None, template.languages, clause_id)


def composed_with(
    found: DraftReading, choice: ClauseChoice
) -> tuple[OutlinedClause | None, tuple[TemplateProblem, ...], AgreementError | None]:
    """The clause as it would read with this choice, or what is wrong: mistakes of the text, any other refusal."""
    others = tuple(one for one in found.choices if one.clause_id != choice.clause_id)
    try:
        check_choice(found.template, choice, others)
        return (
            outline(found.template, found.values, (*others, choice), choice.clause_id).find(choice.clause_id),
            (),
            None,
        )
    except ClauseRefused as error:
        return None, error.problems, error
    except AgreementError as error:
        return None, (), error
