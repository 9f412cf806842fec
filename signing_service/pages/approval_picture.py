"""The course of an approval as a picture: who decided what when, what became void and why, who is asked until when.

Places and lines of text are computed here, because SVG does not wrap text; the drawing is a template. The ordered list
beside the picture says the same in words, to every reader.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from agreements.approvals import VOID_REASONS
from signing_service.language import pick
from signing_service.moments import spoken
from signing_service.operations.reviews import DecisionView, ReviewView, StageView

COLUMN = 188
LINE = 18
TOP = 76  # the line of events; the names of the stages stand above it
TEXT_TOP = TOP + 34
TEXT_WIDTH = 170
FONT = 13
VOID_MOST = 2  # older ones are counted, and named in the list


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text under a mark. `look`: who, detail, attention or refused."""

    y: int
    look: str
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One event. `look`: done, refused, void, sent, now, late, added or later; `delegated`: decided for another."""

    x: int
    look: str
    lines: tuple[Line, ...]
    delegated: bool = False
    deadline: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The stage that the marks below belong to."""

    x: int
    width: int
    look: str
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing in pixels; the line is solid until `now_x`, where the future begins."""

    width: int
    height: int
    line_y: int
    now_x: int
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class _Event:
    look: str
    said: tuple[tuple[str, str], ...]
    delegated: bool = False
    deadline: bool = False


def draw(review: ReviewView) -> Picture:
    """Everything that happened and what is to come, from left to right."""
    before = [*_voided(review), _sent(review)]
    stages = [(stage, _events(stage, under_way=review.under_way)) for stage in review.stages]
    marks = [_mark(number, event) for number, event in enumerate(before)]
    bands = []
    for stage, events in stages:
        x = _left(len(marks))
        name = fitted(pick(stage.name), COLUMN * len(events) - 20, 1)[0]
        bands.append(Band(x, COLUMN * len(events) - 16, stage.status, name))
        marks += [_mark(len(marks) + number, event) for number, event in enumerate(events)]
    past = [mark.x for mark in marks if mark.look not in ("later", "now", "late", "added")]
    lowest = max(line.y for mark in marks for line in mark.lines)
    width = _left(len(marks))
    return Picture(width, lowest + LINE, TOP, max(past), tuple(marks), tuple(bands))


def _voided(review: ReviewView) -> list[_Event]:
    shown = sorted(review.voided, key=lambda one: one.decided_at)
    left_out = len(shown) - VOID_MOST if len(shown) > VOID_MOST + 1 else 0
    events = [
        _Event("void", (*_decided(one, pick(one.stage_name)), ("refused", _(VOID_REASONS[one.void_reason]))))
        for one in shown[left_out:]
    ]
    if left_out:
        words = ngettext("%(num)s earlier decision is void", "%(num)s earlier decisions are void", left_out)
        events.insert(0, _Event("void", (("refused", words),)))
    return events


def _sent(review: ReviewView) -> _Event:
    return _Event(
        "sent",
        (
            ("who", _("Version %(n)s sent for approval", n=review.version_number)),
            ("detail", review.submitted_by_name),
            ("detail", spoken(review.submitted_at)),
        ),
    )


def _events(stage: StageView, *, under_way: bool) -> list[_Event]:
    events = [
        _Event("done" if one.verdict == "approve" else "refused", _decided(one), bool(one.principal_name))
        for one in stage.decisions
    ]
    if stage.status == "waiting":
        said = [("detail", _("after the step before"))]
        if stage.due_after_hours:
            said.append(("detail", _("then within %(n)s hours", n=stage.due_after_hours)))
        events.append(_Event("later", tuple(said)))
    elif stage.status == "blocked":
        events.append(_Event("refused", (("refused", _("Nobody is left who may decide here.")),)))
    elif stage.status == "open" and under_way:
        events += _asked(stage)
    return events or [_Event("later", (("detail", "–"),))]


def _asked(stage: StageView) -> list[_Event]:
    said = [("who", _("asked:") + " " + _(", ").join(stage.asked))]
    said += [("detail", _("%(who)s for %(principal)s", who=who, principal=whom)) for who, whom in stage.delegates]
    if stage.due_at is not None:
        words = _("overdue since %(at)s") if stage.overdue else _("due %(at)s")
        said.append(("attention" if stage.overdue else "detail", words % {"at": spoken(stage.due_at)}))
    asked = [_Event("late" if stage.overdue else "now", tuple(said), deadline=stage.due_at is not None)]
    if stage.escalated:
        added = [("who", _("asked too:") + " " + _(", ").join(stage.escalated))]
        if stage.escalated_at is not None:
            added.append(("detail", spoken(stage.escalated_at)))
        asked.append(_Event("added", tuple(added)))
    return asked


def _decided(one: DecisionView, stage: str = "") -> tuple[tuple[str, str], ...]:
    verdicts = {
        "approve": _("approved version %(n)s", n=one.version_number),
        "request_changes": _("asked for changes to version %(n)s", n=one.version_number),
        "reject": _("rejected version %(n)s", n=one.version_number),
    }
    said = [("detail", stage), ("who", one.person_name)]
    if one.principal_name:
        said.append(("detail", _("on behalf of %(name)s", name=one.principal_name)))
    said += [("detail", verdicts.get(one.verdict, one.verdict)), ("detail", spoken(one.decided_at))]
    return tuple((look, text) for look, text in said if text)


def _left(column: int) -> int:
    return column * COLUMN


def _mark(column: int, event: _Event) -> Mark:
    lines: list[Line] = []
    for look, text in event.said:
        for part in fitted(text, TEXT_WIDTH, 3 if look in ("who", "refused", "attention") else 2):
            lines.append(Line(TEXT_TOP + LINE * len(lines), look, part))
    return Mark(_left(column) + 8, event.look, tuple(lines), event.delegated, event.deadline)


def fitted(text: str, width: int, most: int) -> tuple[str, ...]:
    """The text in at most that many lines of that many pixels; what is left over ends in an ellipsis."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _pixels(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = piece
        else:
            line += piece
    lines.append(line.rstrip())
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and _pixels(last + "…") > width:
        last = last[:-1]
    return (*lines[: most - 1], last.rstrip() + "…")


def _pieces(text: str) -> Sequence[str]:
    """Where a line may break: after a blank, and around every wide character; words longer than a line are cut."""
    pieces, word = [], ""
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        if wide and word:
            pieces.append(word)
            word = ""
        word += character
        if wide or character == " " or _pixels(word) > TEXT_WIDTH - FONT:
            pieces.append(word)
            word = ""
    return [*pieces, word]


def _pixels(text: str) -> float:
    """How wide a text is drawn, a little generously."""
    return sum(FONT if unicodedata.east_asian_width(one) in "WF" else FONT * 0.53 for one in text)
