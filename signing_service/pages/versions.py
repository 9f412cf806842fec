"""Reading one saved version: both languages, clause by clause, with the decision at hand when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import ngettext

from agreements.languages import CHINESE
from agreements.numerals import article
from signing_service.door import actor, door, services
from signing_service.operations import agreements, comments, proposals, versions
from signing_service.pages.clause_navigation import ClauseLink
from signing_service.permissions import Action

blueprint = Blueprint("versions", __name__)


@door(blueprint, "/agreements/<agreement_id>/versions/<int:number>", Action.AGREEMENT_READ)
def read(agreement_id: str, number: int) -> str:
    """The text of version `number`."""
    reading = versions.read(services(), actor(), agreement_id, number)
    said = comments.read(services(), actor(), agreement_id)
    remarks = tuple(one for one in said.comments if one.version_number == number or one.state == "open")
    waiting = proposals.waiting(services(), actor(), agreement_id)
    return render_template(
        "versions/read.html",
        reading=reading,
        remarks=remarks,
        waiting=waiting,
        may=said.may,
        view=agreements.read(services(), actor(), agreement_id),
        columns=columns(reading.version.languages),
        navigation=[
            ClauseLink(
                clause.id,
                clause.number,
                clause.title,
                mark=_mark(clause.id, remarks, waiting),
                kind=reading.kinds.get(clause.id, ""),
            )
            for clause in reading.version.clauses
        ],
        kinds=reading.kinds,
        article=article,
    )


def _mark(clause_id: str, remarks: Sequence[comments.CommentView], waiting: Mapping[str, int]) -> str:
    """What stands at a clause in the navigation: a proposal that waits, or how many open comments."""
    if waiting.get(clause_id):
        return str(_("proposal"))
    count = sum(1 for one in remarks if one.clause_id == clause_id and one.state == "open")
    return str(ngettext("%(num)s comment", "%(num)s comments", count)) if count else ""


def columns(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages drawn side by side: the first two of the agreement, Chinese on the left."""
    return tuple(sorted(languages[:2], key=lambda lang: lang != CHINESE))
