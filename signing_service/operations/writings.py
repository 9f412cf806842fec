"""What the clauses of an agreement are written from: those of a saved version, and those of the draft as it is now."""

from __future__ import annotations

from agreements import clause_choices
from agreements.errors import AgreementError
from agreements.fields import validate
from agreements.versions import Writing, compose, writing
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.operations import rows
from signing_service.operations.operation import Act
from signing_service.operations.packages import template_of


def of_version(act: Act, agreement_id: str, number: int) -> Writing:
    """The clauses and values of a saved version; raises `NotFound`."""
    content = rows.version(act, agreement_id, number)
    package = template_of(act, rows.agreement(act, agreement_id))
    choices = tuple(one.choice() for one in content.deviations)
    return writing(package, content.values, choices)


def of_draft(act: Act, agreement: Agreement, draft: Draft) -> Writing:
    """The clauses of the draft with its values; while these are unfinished, with those of the newest version."""
    package = template_of(act, agreement)
    choices = clause_choices.from_plain(draft.clauses)
    try:
        values = validate(package, draft.raw, act.now.date())
        compose(package, values, choices)
    except AgreementError:  # a draft may be unfinished at any time
        values = dict(rows.version(act, agreement.id, agreement.newest_version).values)
    return writing(package, values, choices)
