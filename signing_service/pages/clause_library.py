"""The clause library: what is in it, one clause with its versions, proposing a wording, deciding over a proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from agreements.clause_errors import ClauseRefused, LibraryClauseChanged
from agreements.clause_library import MAX_FALLBACKS, LibraryClause
from agreements.errors import AgreementError
from agreements.languages import LANGUAGES, Lang
from agreements.problems import TemplateProblem
from agreements.redlines import Run, runs
from signing_service.door import actor, door, services
from signing_service.errors import InvalidInput
from signing_service.http_errors import said, status_of
from signing_service.operations import clause_library, drafts
from signing_service.operations.library_wordings import LibraryView, WordingView
from signing_service.pages.clauses import Mistake
from signing_service.permissions import Action

EMPTY = LibraryClause("", (), (), "yes", {}, {}, {})

blueprint = Blueprint("clause_library", __name__)


@door(blueprint, "/clauses", Action.CLAUSE_LIBRARY_READ)
def index() -> str:
    """Every clause, by topic."""
    found = clause_library.list_all(services(), actor())
    topics = [(topic, list(group)) for topic, group in groupby(found, key=lambda one: one.shown.clause.topics[0])]
    titled = [(topic, headings(group[0].shown.clause), group) for topic, group in topics]
    return render_template("clause_library/index.html", topics=titled)


def headings(clause: LibraryClause) -> dict[Lang, str]:
    """The title of the clause's text in each language."""
    return {lang: clause.sources[lang].partition("\n")[0].removeprefix("# ") for lang in clause.languages}


@door(blueprint, "/clauses/<clause_id>", Action.CLAUSE_LIBRARY_READ)
def read(clause_id: str) -> str:
    """One clause: its wording in force, a proposal with what it would change, its history."""
    view = clause_library.read(services(), actor(), clause_id)
    names = {one.id: one.shown.clause.title for one in clause_library.list_all(services(), actor())}
    return render_template(
        "clause_library/read.html",
        view=view,
        history=list(_history(view)),
        changes=_changes(view),
        names=names,
    )


@door(blueprint, "/clauses/new", Action.CLAUSE_LIBRARY_PROPOSE)
def new() -> str:
    """The empty form for a clause of one's own."""
    return _form(EMPTY, "", "")


@door(blueprint, "/clauses/new", Action.CLAUSE_LIBRARY_PROPOSE, methods=("POST",))
def create() -> Response | tuple[str, int]:
    """Propose a new clause."""
    return _propose(request.form.get("id", "").strip())


@door(blueprint, "/clauses/<clause_id>/versions/new", Action.CLAUSE_LIBRARY_PROPOSE)
def edit(clause_id: str) -> str:
    """The newest wording as a form, for the next version."""
    newest = clause_library.read(services(), actor(), clause_id).versions[0]
    return _form(newest.clause, clause_id, newest.sha256)


@door(blueprint, "/clauses/<clause_id>/versions/new", Action.CLAUSE_LIBRARY_PROPOSE, methods=("POST",))
def propose(clause_id: str) -> Response | tuple[str, int]:
    """Propose the next version of a clause."""
    return _propose(clause_id)


@door(blueprint, "/clauses/<clause_id>/decision", Action.CLAUSE_LIBRARY_DECIDE, methods=("POST",))
def decide(clause_id: str) -> Response:
    """Approve or decline the proposal that was shown."""
    verdict, words = request.form.get("verdict", ""), request.form.get("words", "")
    clause_library.decide(services(), actor(), clause_id, request.form.get("sha256", ""), verdict, words)
    done = {
        "approve": _("Approved. This wording is offered from now on."),
        "decline": _("Declined. What was in force before stays so."),
    }
    flash(done[verdict])
    return redirect(url_for("clause_library.read", clause_id=clause_id), 303)


@door(blueprint, "/clauses/<clause_id>/retirement", Action.CLAUSE_LIBRARY_PROPOSE, methods=("POST",))
def retire(clause_id: str) -> Response:
    """Offer a clause no more."""
    reason = request.form.get("reason", "")
    clause_library.retire(services(), actor(), clause_id, request.form.get("sha256", ""), reason)
    flash(_("Retired. Agreements that have this wording keep it."))
    return redirect(url_for("clause_library.read", clause_id=clause_id), 303)


def _propose(clause_id: str) -> Response | tuple[str, int]:
    typed, after = request.form, request.form.get("after", "")
    wording = wording_of(clause_id, typed)
    reason, owner = typed.get("reason", ""), typed.get("owner", "")
    mistakes: list[Mistake] = []
    try:
        clause_library.propose(services(), actor(), wording, reason, owner, after)
    except LibraryClauseChanged as refused:
        problem = _("Somebody proposed another wording meanwhile, or nothing differs. What you typed is still here.")
        status = status_of(refused)
    except ClauseRefused as refused:
        mistakes = [_mistake(one, wording.sources) for one in refused.problems]
        problem, status = "", status_of(refused)
    except (InvalidInput, AgreementError) as refused:
        problem, status = said(refused), status_of(refused)
    else:
        flash(_("Proposed. Another person of the legal staff approves it before it is offered."))
        return redirect(url_for("clause_library.read", clause_id=wording.id), 303)
    known = clause_id if after else ""
    return _form(wording, known, after, reason=reason, owner=owner, problem=problem, mistakes=mistakes), status


def wording_of(clause_id: str, typed: MultiDict[str, str]) -> LibraryClause:
    """The wording as the form says it."""
    fallbacks = [typed.get(f"fallbacks.{n}", "") for n in range(MAX_FALLBACKS)]
    return LibraryClause(
        id=clause_id,
        topics=tuple(typed.get("topics", "").replace(",", " ").replace("，", " ").split()),
        templates=tuple(typed.getlist("templates")),
        binding=typed.get("binding", ""),
        title=_texts(typed, "title"),
        sources=_texts(typed, "text"),
        note=_texts(typed, "note"),
        fallbacks=tuple(dict.fromkeys(one for one in fallbacks if one)),
    )


def _texts(typed: Mapping[str, str], name: str) -> dict[Lang, str]:
    return {lang: typed.get(f"{name}.{lang}", "") for lang in LANGUAGES}


def _form(
    wording: LibraryClause,
    clause_id: str,
    after: str,
    *,
    reason: str = "",
    owner: str = "",
    problem: str = "",
    mistakes: Sequence[Mistake] = (),
) -> str:
    others = [one for one in clause_library.list_all(services(), actor()) if one.id != clause_id]
    return render_template(
        "clause_library/propose.html",
        wording=wording,
        clause_id=clause_id,
        after=after,
        reason=reason,
        owner=owner or actor().id,
        owners=clause_library.owners(services(), actor()),
        templates=drafts.templates(services(), actor()),
        others=others,
        fallback_fields=range(min(MAX_FALLBACKS, max(2, len(wording.fallbacks) + 1))),
        languages=LANGUAGES,
        problem=problem,
        mistakes=mistakes,
    )


def _mistake(problem: TemplateProblem, sources: Mapping[str, str]) -> Mistake:
    words = _(problem.message).format(**problem.params)
    if "." not in problem.file:
        return Mistake(problem.place, None, words)
    lang = problem.file.split(".")[-2]
    lines = sources.get(lang, "").replace("\r\n", "\n").split("\n")
    excerpt = lines[problem.line - 1].strip()[:60] if problem.line and problem.line <= len(lines) else ""
    return Mistake(lang, problem.line, f"{words} ({problem.place})" if problem.place else words, excerpt)


def _changes(view: LibraryView) -> dict[Lang, tuple[Run, ...]]:
    """What the proposal would change in the wording in force, per language."""
    if view.proposal is None or view.current is None:
        return {}
    return redline(view.current, view.proposal)


def _history(view: LibraryView) -> Iterator[tuple[WordingView, dict[Lang, tuple[Run, ...]]]]:
    """Every version, newest first, with what it changed in the one before."""
    for one, before in zip(view.versions, (*view.versions[1:], None), strict=True):
        yield one, redline(before, one) if before is not None else {}


def redline(old: WordingView, new: WordingView) -> dict[Lang, tuple[Run, ...]]:
    """The texts of one version against another, per language."""
    languages = [lang for lang in LANGUAGES if old.clause.sources.get(lang) or new.clause.sources.get(lang)]
    return {lang: runs(old.clause.sources.get(lang, ""), new.clause.sources.get(lang, "")) for lang in languages}
