"""What changed between two versions, drawn clause by clause beside the approvals it may void."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from agreements.numerals import article
from agreements.redlines import SAME, ClauseChange
from signing_service.door import actor, door, services
from signing_service.errors import N_, NotFound
from signing_service.operations import agreements, comments, redlines
from signing_service.pages.clause_navigation import ClauseLink
from signing_service.pages.versions import columns
from signing_service.permissions import Action

UNCHANGED = "unchanged"

blueprint = Blueprint("redlines", __name__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring clauses of one sort: either all unchanged (shown folded) or all changed."""

    changed: bool
    clauses: tuple[ClauseChange, ...]


@door(blueprint, "/agreements/<agreement_id>/redline", Action.AGREEMENT_READ)
def compare(agreement_id: str) -> str:
    """Version `from` against version `to`."""
    old, new = request.args.get("from", type=int), request.args.get("to", type=int)
    if old is None or new is None:
        raise NotFound(what=N_("comparison"))
    comparison = redlines.compare(services(), actor(), agreement_id, old, new)
    clauses = comparison.redline.clauses
    said = comments.read(services(), actor(), agreement_id).comments
    return render_template(
        "redlines/compare.html",
        view=agreements.read(services(), actor(), agreement_id),
        comparison=comparison,
        remarks=tuple(one for one in said if one.version_number == new or one.state == "open"),
        stretches=tuple(stretches(clauses)),
        navigation=[link(clause) for clause in clauses],
        columns=columns(languages_of(clauses)),
        article=article,
    )


def link(clause: ClauseChange) -> ClauseLink:
    """The clause's line in the navigation: how many places changed, or one word when it came, went or moved whole."""
    marks = {"added": _("new"), "removed": _("removed"), "moved": _("moved")}
    number = clause.new_number or clause.old_number or 0
    return ClauseLink(clause.clause_id, number, clause.title, count_changes(clause), marks.get(clause.kind, ""))


def languages_of(clauses: Sequence[ClauseChange]) -> tuple[str, ...]:
    """The languages the compared texts are written in."""
    return tuple(dict.fromkeys(lang for clause in clauses for lang in clause.title))


def stretches(clauses: tuple[ClauseChange, ...]) -> Iterator[Stretch]:
    """The clauses in order, neighbours of one sort together."""
    for changed, group in groupby(clauses, key=lambda clause: clause.kind != UNCHANGED):
        yield Stretch(changed, tuple(group))


def count_changes(clause: ClauseChange) -> int:
    """How many places changed, counted in the language with the most of them: one edit made in both counts once."""
    if not clause.text_changed:
        return 0
    per_language: dict[str, int] = {}
    for texts in (clause.title_runs, *clause.paragraphs):
        for lang, runs in texts.items():
            places = sum(1 for changed, _group in groupby(runs, key=lambda run: run.kind != SAME) if changed)
            per_language[lang] = per_language.get(lang, 0) + places
    return max(per_language.values())
