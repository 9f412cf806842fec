"""Templates: which there are, uploading a version, reading it, seeing what changed in it, publishing or rejecting it.

What is wrong with an uploaded package is shown on the page it was uploaded from, every mistake with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.errors import TemplateInvalid, TemplateVersionTaken
from agreements.languages import Texts
from agreements.numerals import article
from agreements.package_files import visible
from agreements.package_zip import MAX_ARCHIVE_BYTES
from agreements.problems import TemplateProblem
from agreements.template_changes import as_written
from agreements.variables import Variable
from signing_service.door import actor, door, services
from signing_service.errors import PackageUnexamined
from signing_service.http_errors import said, status_of
from signing_service.language import language
from signing_service.operations import template_views, templates
from signing_service.pages.clause_navigation import ClauseLink
from signing_service.pages.redlines import link, stretches
from signing_service.pages.versions import columns
from signing_service.permissions import RULES, Action

blueprint = Blueprint("templates", __name__)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of an uploaded package as the page shows it."""

    file: str
    line: int | None
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """One variable of a template, with its path when it stands inside a record or a list."""

    path: str
    variable: Variable
    label: Texts


@door(blueprint, "/templates", Action.TEMPLATE_READ)
def index() -> str:
    """Every version, and where to upload another."""
    return _index()


@door(blueprint, "/templates", Action.TEMPLATE_UPLOAD, methods=("POST",))
def upload() -> Response | tuple[str, int]:
    """Examine an uploaded zip file; keep it, or show everything that is wrong with it."""
    file = request.files.get("file")
    data = file.read(MAX_ARCHIVE_BYTES + 1) if file is not None else b""
    if file is None or not data:
        return _index(problem=_("Choose a zip file first. Nothing was stored.")), 422
    name = (file.filename or "template.zip").replace("\\", "/").rsplit("/", 1)[-1][:200]
    try:
        sha256 = templates.upload(services(), actor(), data, name)
    except TemplateInvalid as refused:
        return _index(name=name, mistakes=[mistake(one) for one in refused.problems]), 422
    except (TemplateVersionTaken, PackageUnexamined) as refused:
        return _index(name=name, problem=said(refused)), status_of(refused)
    flash(_("Everything in this package is right. A second person has to read it before anybody can begin with it."))
    return redirect(url_for("templates.read", sha256=sha256), 303)


@door(blueprint, "/templates/<sha256>", Action.TEMPLATE_READ)
def read(sha256: str) -> str:
    """One version whole: texts in every language, questions, rules, approval route, samples."""
    view = template_views.read(services(), actor(), sha256)
    clauses = as_written(view.template)
    return render_template(
        "templates/read.html",
        view=view,
        clauses=clauses,
        navigation=[ClauseLink(clause.id, clause.number, clause.title) for clause in clauses],
        columns=view.template.languages,
        questions=tuple(questions(view.template.variables)),
        article=article,
    )


@door(blueprint, "/templates/<sha256>/changes", Action.TEMPLATE_READ)
def changes(sha256: str) -> str:
    """What is different from the version before, with the decision at hand."""
    view = template_views.read(services(), actor(), sha256)
    found = template_views.changes(services(), actor(), sha256)
    clauses = as_written(view.template)
    changed = found.clauses if found is not None else ()
    whole = [ClauseLink(clause.id, clause.number, clause.title) for clause in clauses]
    spoken = (lang for clause in changed for lang in clause.title_runs)
    return render_template(
        "templates/changes.html",
        view=view,
        changes=found,
        clauses=clauses,
        stretches=tuple(stretches(changed)),
        navigation=[link(clause) for clause in changed] or whole,
        columns=tuple(dict.fromkeys(spoken)) or view.template.languages,
        article=article,
    )


@door(blueprint, "/templates/<sha256>/publish", Action.TEMPLATE_DECIDE, methods=("POST",))
def publish(sha256: str) -> Response:
    """Offer the version that was on the screen."""
    shown, compared_with = request.form.get("template_sha256", ""), request.form.get("compared_with", "")
    templates.publish(services(), actor(), sha256, shown, compared_with)
    flash(_("Published. New agreements begin with this version; those under way stay with theirs."))
    return redirect(url_for("templates.read", sha256=sha256), 303)


@door(blueprint, "/templates/<sha256>/reject", Action.TEMPLATE_DECIDE, methods=("POST",))
def reject(sha256: str) -> Response:
    """Say why it will not be published."""
    templates.reject(services(), actor(), sha256, request.form.get("reason", ""))
    flash(_("Rejected. A better text takes a higher version."))
    return redirect(url_for("templates.read", sha256=sha256), 303)


@door(blueprint, "/templates/<sha256>/retire", Action.TEMPLATE_DECIDE, methods=("POST",))
def retire(sha256: str) -> Response:
    """Offer it no more."""
    templates.retire(services(), actor(), sha256, request.form.get("reason", ""))
    flash(_("Retired. Nobody begins with it any more; agreements under way go on with it."))
    return redirect(url_for("templates.read", sha256=sha256), 303)


@door(blueprint, "/templates/<sha256>/package.zip", Action.TEMPLATE_READ)
def download(sha256: str) -> Response:
    """The package, always the same bytes."""
    data, name = template_views.archive(services(), actor(), sha256)
    return send_file(BytesIO(data), mimetype="application/zip", as_attachment=True, download_name=name)


@door(blueprint, "/templates/<sha256>/samples/<sample>", Action.TEMPLATE_READ)
def sample(sha256: str, sample: str) -> str:
    """A sample as the agreement that it becomes."""
    view = template_views.sample(services(), actor(), sha256, sample)
    return render_template(
        "templates/sample.html",
        view=view,
        columns=columns(view.version.languages),
        navigation=[ClauseLink(clause.id, clause.number, clause.title) for clause in view.version.clauses],
        article=article,
    )


@door(blueprint, "/templates/<sha256>/samples/<sample>/agreement.pdf", Action.TEMPLATE_READ)
def sample_pdf(sha256: str, sample: str) -> Response:
    """The same as a PDF."""
    data, name = template_views.sample_pdf(services(), actor(), sha256, sample)
    return send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)


def mistake(problem: TemplateProblem) -> Mistake:
    """A mistake in the reader's words; nothing invisible of the package reaches the screen."""
    words = visible(problem.words(language(), _))
    return Mistake(visible(problem.file), problem.line, visible(problem.place), words)


def questions(variables: Sequence[Variable], before: str = "") -> Iterator[Question]:
    """Every variable in the order of the form; the parts of a record of the template's own follow it."""
    for one in variables:
        yield Question(f"{before}{one.name}", one, one.label)
        inner = one.item if one.type == "list" and one.item is not None else one
        if inner.type == "record":
            yield from questions(inner.fields, f"{before}{one.name}.")


def _index(name: str = "", problem: str = "", mistakes: Sequence[Mistake] = ()) -> str:
    return render_template(
        "templates/index.html",
        entries=template_views.list_all(services(), actor()),
        may_upload=any(predicate(actor()) for predicate in RULES[Action.TEMPLATE_UPLOAD]),
        name=name,
        problem=problem,
        mistakes=mistakes,
    )
