"""What the clauses of an agreement are written from: those of a saved version, and those of the draft as it is now."""

from __future__ import annotations

from agreements import clause_choices
from agreements.errors import AgreementError
from agreements.fields import validate
from agreements.templates import Template
from agreements.versions import Writing, compose, writing
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.operations import rows
from signing_service.operations.operation import Act
from signing_service.operations.packages import template_of


def template(agreement: Agreement) -> Template:
    """The package an agreement was begun from."""
    return template_of(agreement.template_id)


def of_version(act: Act, agreement_id: str, number: int) -> Writing:
    """The clauses and values of a saved version; raises `NotFound`."""
    content = rows.version(act, agreement_id, number)
    choices = tuple(one.choice() for one in content.deviations)
    return writing(template_of(content.template_id), content.values, choices)


def of_draft(act: Act, agreement: Agreement, draft: Draft) -> Writing:
    """The clauses of the draft with its values; while these are unfinished, with those of the newest version."""
    package = template(agreement)
    choices = clause_choices.from_plain(draft.clauses)
    try:
        values = validate(package, draft.raw, act.now.date())
        compose(package, values, choices)
    except AgreementError:  # a draft may be unfinished at any time
        values = dict(rows.version(act, agreement.id, agreement.newest_version).values)
    return writing(package, values, choices)
