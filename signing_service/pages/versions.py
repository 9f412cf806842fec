"""Reading one saved version: both languages, clause by clause, with the decision at hand when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template

from agreements.languages import CHINESE
from agreements.numerals import article
from signing_service.door import actor, door, services
from signing_service.operations import agreements, versions
from signing_service.pages.clause_navigation import ClauseLink
from signing_service.permissions import Action

blueprint = Blueprint("versions", __name__)


@door(blueprint, "/agreements/<agreement_id>/versions/<int:number>", Action.AGREEMENT_READ)
def read(agreement_id: str, number: int) -> str:
    """The text of version `number`."""
    reading = versions.read(services(), actor(), agreement_id, number)
    return render_template(
        "versions/read.html",
        reading=reading,
        view=agreements.read(services(), actor(), agreement_id),
        columns=columns(reading.version.languages),
        navigation=[
            ClauseLink(clause.id, clause.number, clause.title, kind=reading.kinds.get(clause.id, ""))
            for clause in reading.version.clauses
        ],
        kinds=reading.kinds,
        article=article,
    )


def columns(languages: Sequence[str]) -> tuple[str, ...]:
    """The languages drawn side by side: the first two of the agreement, Chinese on the left."""
    return tuple(sorted(languages[:2], key=lambda lang: lang != CHINESE))
