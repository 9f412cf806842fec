"""The audit log for people: entries with their details, the newest checkpoint, proofs to take away, a full check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from signing_service.audit.problems import WORDS, Problem
from signing_service.door import actor, door, services
from signing_service.operations import audit_log
from signing_service.pages.entry_words import entry_words
from signing_service.permissions import Action

CHART_WIDTH, CHART_HEIGHT, CHART_HEAD = 720, 88, 6

blueprint = Blueprint("audit", __name__)


@dataclass(frozen=True, slots=True)
class Growth:
    """The log's growth over the shown entries as points of a step line, in the units of the drawing."""

    line: str
    area: str
    first: datetime
    last: datetime
    least: int
    most: int


@door(blueprint, "/audit", Action.AUDIT_READ)
def log() -> str:
    """One page of entries, newest first; `?agreement=` narrows it, `?before=` goes to older ones."""
    return _page()


@door(blueprint, "/audit/check", Action.AUDIT_READ, methods=("POST",))
def check() -> str:
    """Recompute every leaf, the tree and the checkpoints, and say what is not right."""
    return _page(problems=tuple(problem_words(found) for found in audit_log.check(services(), actor())))


def problem_words(problem: Problem) -> str:
    """Where, what, and the detail a program found, in the reader's language."""
    what = _(WORDS[problem.kind])
    detail = f" ({problem.detail})" if problem.detail else ""
    return f"{problem.where}: {what}{detail}"


@door(blueprint, "/audit/<int:index>.tlog-proof", Action.AUDIT_READ)
def proof(index: int) -> Response:
    """The proof that one entry is in the log, in the C2SP format other programs read."""
    text = audit_log.proof(services(), actor(), index)
    response = Response(text, mimetype="text/plain")
    response.headers["Content-Disposition"] = f'attachment; filename="entry-{index}.tlog-proof"'
    return response


@door(blueprint, "/audit/log.vkey", Action.PUBLIC)
def key() -> Response:
    """The key that checks our checkpoints; worth no more than the way it was received."""
    return Response(f"{audit_log.verifier_key(services())}\n", mimetype="text/plain")


def _page(problems: tuple[str, ...] | None = None) -> str:
    agreement_id = request.args.get("agreement") or None
    page = audit_log.entries(services(), actor(), agreement_id, request.args.get("before", type=int))
    moments = [(entry.at, entry.index + 1) for entry in page.entries]
    return render_template(
        "audit/log.html",
        page=page,
        problems=problems,
        agreement_id=agreement_id,
        growth=growth(moments),
        entry_words=entry_words,
    )


def growth(moments: Sequence[tuple[datetime, int]]) -> Growth | None:
    """A step line of (moment, size of the log); None when there is too little to draw."""
    points = sorted(moments, key=lambda point: point[1])
    if len(points) < 2:
        return None
    (first, least), (last, most) = points[0], points[-1]
    seconds = max((last - first).total_seconds(), 1.0)
    steps = max(most - least, 1)
    corners: list[tuple[float, float]] = []
    for moment, size in points:
        x = (moment - first).total_seconds() / seconds * CHART_WIDTH
        y = CHART_HEIGHT - (size - least) / steps * (CHART_HEIGHT - CHART_HEAD)
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    area = f"0,{CHART_HEIGHT} {line} {CHART_WIDTH},{CHART_HEIGHT}"
    return Growth(line, area, first, last, least, most)
