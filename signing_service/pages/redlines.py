"""What changed between two versions, or since the template, clause by clause beside the approvals it may void."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby

from flask import Blueprint, render_template, request, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.languages import ENGLISH
from agreements.numerals import article
from agreements.redlines import SAME, UNCHANGED, ClauseChange, Run, ValueChange
from signing_service.door import actor, door, services
from signing_service.errors import N_, NotFound
from signing_service.operations import agreements, comments, redlines
from signing_service.pages.clause_navigation import ClauseLink
from signing_service.pages.versions import columns
from signing_service.permissions import Action

TEMPLATE = "template"  # in place of the older version: the template's standard wording

blueprint = Blueprint("redlines", __name__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring clauses of one sort: either all unchanged (shown folded) or all changed."""

    changed: bool
    clauses: tuple[ClauseChange, ...]


@door(blueprint, "/agreements/<agreement_id>/redline", Action.AGREEMENT_READ)
def compare(agreement_id: str) -> str:
    """Version `from`, or the template's standard wording, against version `to`."""
    old, new = chosen()
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
        columns=columns(comparison.redline.languages),
        value_words=value_words,
        beside=beside,
        article=article,
        old_choice=TEMPLATE if old is None else str(old),
    )


@door(blueprint, "/agreements/<agreement_id>/redline.pdf", Action.AGREEMENT_READ)
def download(agreement_id: str) -> Response:
    """The same comparison as a PDF; `?show=1` lets the browser display it instead of saving it."""
    data, name = redlines.pdf(services(), actor(), agreement_id, *chosen())
    return send_file(
        BytesIO(data), mimetype="application/pdf", as_attachment="show" not in request.args, download_name=name
    )


def chosen() -> tuple[int | None, int]:
    """What is asked for: the older version's number (None for the template) and the newer one's."""
    new = request.args.get("to", type=int)
    old = None if request.args.get("from") == TEMPLATE else request.args.get("from", type=int)
    if new is None or (old is None and request.args.get("from") != TEMPLATE):
        raise NotFound(what=N_("comparison"))
    return old, new


def link(clause: ClauseChange) -> ClauseLink:
    """The clause's line in the navigation: how many places changed, or one word when it came, went or moved whole."""
    marks = {"added": _("new"), "removed": _("removed"), "moved": _("moved")}
    number = clause.new_number or clause.old_number or 0
    return ClauseLink(clause.clause_id, number, clause.title, count_changes(clause), marks.get(clause.kind, ""))


def value_words(change: ValueChange, lang: str) -> tuple[str | None, str | None]:
    """A value before and after in the reader's language; in another one when it changed only there."""
    old, new = change.old or {}, change.new or {}
    differing = [code for code in {**old, **new} if old.get(code) != new.get(code)]
    chosen = next(code for code in (lang, ENGLISH, *differing) if code in differing)
    return old.get(chosen), new.get(chosen)


def beside(paragraph: Mapping[str, Sequence[Run]], shown: Sequence[str]) -> tuple[str, ...]:
    """The further languages to draw of a paragraph: those it changed in when it did not change in the shown ones."""
    changed = [lang for lang, runs in paragraph.items() if any(run.kind != SAME for run in runs)]
    return () if set(changed) & set(shown) else tuple(changed)


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
