"""The report on an uploaded file at its own unguessable address: pictures, downloads, another time, forgetting it.

The file itself is never handed out again. Who has the address can read the report; it is deleted after an hour.
"""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service.door import actor, door, services
from signing_service.errors import N_, InvalidInput, NotFound
from signing_service.language import language
from signing_service.operations import judged_files, verification
from signing_service.operations.judged_files import Judged
from signing_service.pages.verification import (
    FORMATS,
    asked_again,
    asked_moment,
    asked_policy,
    attached,
    kept_as,
    policy_words,
)
from signing_service.permissions import Action
from signing_service.verification import exhibits as pictures
from signing_service.verification import report_html
from signing_service.verification.materials import KINDS, MEDIA_TYPES, SUFFIXES
from signing_service.verification.report import Report
from signing_service.verification.report_html import Action as ReportLink

PICTURES_LAST = "private, max-age=600"
MOST_PICTURES = 8

blueprint = Blueprint("judged_files", __name__, url_prefix="/verification/<token>")


@door(blueprint, "", Action.VERIFY)
def report(token: str) -> str:
    """The report as it was made."""
    judged = judged_files.shown(services(), actor(), token)
    return _page(judged, judged.report, None, None)


@door(blueprint, "/at", Action.VERIFY)
def report_at(token: str) -> str:
    """The same file and evidence judged at another time, `?at=` in UTC, or under another policy, `?policy=`."""
    moment, policy = asked_moment(request.args), asked_policy(request.args)
    if moment is None and policy is None:
        raise InvalidInput(field="at", problem=N_("write a date and a time"))
    judged = judged_files.shown(services(), actor(), token, with_pdf=True)
    return _page(judged, _judged_again(judged, moment, policy), moment, policy)


@door(blueprint, "/report.<shape>", Action.VERIFY)
def download(token: str, shape: str) -> Response:
    """The report to keep: json, xml (ETSI TS 119 102-2), html or pdf; judged again with `?at=` and `?policy=`."""
    if shape not in FORMATS:
        raise NotFound(what=N_("page"))
    moment, policy = asked_moment(request.args), asked_policy(request.args)
    again = moment is not None or policy is not None
    judged = judged_files.shown(services(), actor(), token, with_pdf=again)
    wanted = _judged_again(judged, moment, policy) if again else judged.report
    return kept_as(wanted, shape, wanted.file.name.removesuffix(".pdf"))


@door(blueprint, "/materials/<sha256>", Action.VERIFY)
def material(token: str, sha256: str) -> Response:
    """One certificate, revocation answer, time stamp or signature out of the file, DER."""
    found = [one for one in judged_files.shown(services(), actor(), token).exhibits.materials if one.sha256 == sha256]
    if not found:
        raise NotFound(what=N_("page"))
    name = f"{found[0].kind}-{sha256[:16]}.{SUFFIXES[found[0].kind]}"
    return attached(found[0].der, MEDIA_TYPES[found[0].kind], name)


@door(blueprint, "/changes/<int:revision>", Action.VERIFY)
def changes(token: str, revision: int) -> str:
    """One revision beside the one before it: the reasons in words, and the pages as pictures."""
    judged = judged_files.shown(services(), actor(), token, with_pdf=True)
    pair = [entry for entry in judged.report.revisions if entry.n in (revision - 1, revision)]
    if len(pair) != 2:
        raise NotFound(what=N_("page"))
    known = [look for look in judged.exhibits.looks if look.after == revision]
    looked = (
        pictures.exhibits_of_step(judged.pdf, pair[0], pair[1]) if not known else pictures.Exhibits(looks=tuple(known))
    )
    address = url_for("judged_files.report", token=token)
    body = report_html.render_pictures(looked, language(), address)
    return render_template("verification/changes.html", step=pair[1], body=body, address=address)


@door(blueprint, "/pages/<int:revision>/<int:page>.png", Action.VERIFY)
def picture(token: str, revision: int, page: int) -> Response:
    """A page of the file as it was after a revision, grey."""
    judged = judged_files.shown(services(), actor(), token)
    png = pictures.remembered.get((judged.state(revision), page, pictures.DRAWN_DPI))
    if png is None:
        judged = judged_files.shown(services(), actor(), token, with_pdf=True)
        together = [page, *_pages_to_come(judged, revision)][:MOST_PICTURES]
        png = pictures.page_pictures(judged.upto(revision), list(dict.fromkeys(together))).get(page)
    if png is None:
        raise NotFound(what=N_("page"))
    response = Response(png, mimetype="image/png")
    response.headers["Cache-Control"] = PICTURES_LAST
    return response


@door(blueprint, "/forget", Action.VERIFY, methods=("POST",))
def forget(token: str) -> Response:
    """Delete the file and its report now."""
    judged_files.forget(services(), actor(), token)
    return redirect(url_for("verification.ask", forgotten=1), 303)


def _pages_to_come(judged: Judged, revision: int) -> list[int]:
    """The pages of this revision that the reader's browser will ask for too: they are drawn by one process."""
    looks = [look for look in judged.exhibits.looks if revision in (look.before, look.after)]
    return [change.page for look in looks for change in look.changes[:4]]


def _judged_again(judged: Judged, moment: datetime | None, policy: str | None) -> Report:
    return verification.replay(services(), actor(), judged.report, judged.pdf, moment, policy)


def _page(judged: Judged, shown: Report, moment: datetime | None, policy: str | None) -> str:
    token = judged.token
    asked = asked_again(moment, policy)
    links = [
        ReportLink(words, url_for("judged_files.download", token=token, shape=shape, **asked))
        for shape, words in ((("pdf", _("Report (PDF)")), ("xml", "ETSI XML"), ("json", "JSON"), ("html", "HTML")))
    ]
    links.append(ReportLink(_("Check another PDF"), url_for("verification.ask")))
    address = url_for("judged_files.report", token=token)
    ours = shown.agreement.agreement_no if shown.agreement is not None else ""
    return render_template(
        "verification/report.html",
        body=report_html.render_body(shown, language(), links, judged.exhibits, address),
        number=None,
        standing=verification.standing(services(), actor(), ours) if ours else None,
        judged=judged,
        report=shown,
        moment=moment,
        policy=policy if shown.policy != judged.report.policy else None,
        policies=policy_words(),
        again=url_for("judged_files.report_at", token=token),
        back=address if asked else "",
        materials=[(kind, [one for one in judged.exhibits.materials if one.kind == kind]) for kind in KINDS],
    )
