"""The one table that gives an HTTP status to each domain error, and the two ways to tell it.

Callers of /api and /live get RFC 9457 problem+json; people get a page. The cause of an error stays in the operator's
log: neither way ever shows an exception's own text that was not written for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

import agreements.errors as agreement_errors
import agreements.rendering.errors as rendering_errors
import keys.errors as keys_errors
import keys.holder_errors as holder_errors
import keys.rehearsal_errors as rehearsal_errors
import signing_service.audit.errors as audit_errors
import signing_service.errors as service_errors
import signing_service.pades.errors as pades_errors
import signing_service.sealed_file_errors as sealed_file_errors
from agreements import clause_errors, course_errors
from agreements.languages import choose
from agreements.problems import FieldProblem
from signing_service.language import language

DomainError = (
    agreement_errors.AgreementError
    | keys_errors.KeysError
    | pades_errors.PadesError
    | service_errors.ServiceError
    | audit_errors.AuditError
)
DOMAIN_ERRORS = (
    agreement_errors.AgreementError,
    keys_errors.KeysError,
    pades_errors.PadesError,
    service_errors.ServiceError,
    audit_errors.AuditError,
)

#: Class → status. A class without a row takes the row of its nearest base.
STATUS: Mapping[type[Exception], int] = {
    service_errors.ServiceError: 400,
    service_errors.NotFound: 404,
    service_errors.NotPermitted: 403,
    service_errors.SignInNeeded: 401,
    service_errors.ChangedMeanwhile: 409,
    service_errors.InvalidInput: 422,
    service_errors.TooLarge: 413,
    service_errors.LinkUnknown: 404,
    service_errors.LinkExpired: 410,
    service_errors.LinkRevoked: 410,
    service_errors.LinkEnded: 410,
    service_errors.LinkUsed: 410,
    service_errors.CodeWrong: 422,
    service_errors.CodeExpired: 410,
    service_errors.CodeTooOften: 429,
    service_errors.CeremonyState: 409,
    service_errors.SeatState: 409,
    service_errors.PagesUnread: 409,
    service_errors.DrawingNotOffered: 409,
    service_errors.OtherDocument: 409,
    service_errors.ConsentMissing: 409,
    service_errors.SigningOutOfTurn: 409,
    service_errors.SigningEnded: 409,
    service_errors.SigningTimeOver: 409,
    service_errors.AlreadySigned: 409,
    service_errors.AttemptExpired: 409,
    service_errors.StaleBase: 409,
    service_errors.CertificateRefused: 422,
    service_errors.SecondCertificate: 409,
    service_errors.RevokedAlready: 409,
    service_errors.RehearsalOver: 410,
    service_errors.CertificateRevoked: 409,
    service_errors.NotFrozen: 409,
    service_errors.ReviewClosed: 409,
    service_errors.TooManyOpen: 429,
    service_errors.LogBehind: 503,
    service_errors.NotAPdf: 422,
    service_errors.NotEvidence: 422,
    service_errors.ResultGone: 410,
    service_errors.TooManyJudged: 503,
    sealed_file_errors.SealedFileRefused: 422,
    service_errors.NumberTaken: 409,
    service_errors.PackageUnexamined: 422,
    agreement_errors.AgreementError: 422,
    course_errors.NotPermittedInState: 409,
    agreement_errors.TemplateVersionTaken: 409,
    agreement_errors.TemplateState: 409,
    agreement_errors.OwnUpload: 403,
    course_errors.FullySigned: 409,
    course_errors.SignedAlready: 409,
    course_errors.NobodySigned: 409,
    course_errors.SecondPersonNeeded: 403,
    course_errors.NotConcluded: 409,
    course_errors.SuccessorUnderWay: 409,
    course_errors.SuccessionCycle: 409,
    course_errors.OutOfTurn: 409,
    course_errors.VersionChanged: 409,
    course_errors.AlreadyDecided: 409,
    course_errors.NotAnApprover: 403,
    course_errors.OwnDraft: 403,
    clause_errors.ClauseUnknown: 404,
    clause_errors.ClauseLocked: 403,
    clause_errors.ClauseNeeded: 409,
    clause_errors.OwnLibraryClause: 403,
    clause_errors.LibraryClauseChanged: 409,
    clause_errors.NothingStale: 409,
    clause_errors.TranslationsStale: 409,
    clause_errors.CommentClosed: 409,
    clause_errors.CommentsBlock: 409,
    clause_errors.ClauseNotOpen: 403,
    clause_errors.ProposalDecided: 409,
    rendering_errors.FontsMissing: 503,
    rendering_errors.NoSuchPage: 404,
    keys_errors.KeysError: 422,
    rehearsal_errors.RehearsalKeyReused: 409,
    keys_errors.TimestampUnavailable: 503,
    holder_errors.HardwareError: 503,
    holder_errors.HoldersUnreadable: 503,
    holder_errors.ProviderError: 503,
    holder_errors.ProviderRefused: 403,
    holder_errors.CredentialUnknown: 404,
    holder_errors.CredentialUnusable: 422,
    holder_errors.NotTheirSeal: 403,
    pades_errors.PadesError: 422,
    audit_errors.AuditError: 503,
    audit_errors.EntryNotFound: 404,
    audit_errors.TileNotFound: 404,
    audit_errors.DisclosureNotFound: 404,
    audit_errors.WitnessUnknownLog: 404,
    audit_errors.WitnessConflict: 409,
}

log = structlog.get_logger("http")


def status_of(error: Exception) -> int:
    """The status of an error's class, or of its nearest base in the table."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def said(error: DomainError) -> str:
    """The error's message in the reader's language, and so are those of its parts that are words of ours."""
    told = {name: gettext(value) if isinstance(value, str) and value else value for name, value in error.params.items()}
    return str(gettext(error.message)).format(**told)


def register(app: Flask) -> None:
    """Install the handlers."""
    for kind in DOMAIN_ERRORS:
        app.register_error_handler(kind, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _domain_error(error: Any) -> Response:
    status = status_of(error)
    log.info("refused", code=error.code, status=status, path=request.path)
    return answer(status, error.code, said(error), fields=_fields(error))


def _csrf_error(_error: CSRFError) -> Response:
    text = gettext("This form is too old or came from another page. Go back, reload and send it again.")
    return answer(400, "request.csrf", text)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    texts = {
        404: gettext("There is nothing at this address."),
        405: gettext("This address does not take that kind of request."),
        413: gettext("What you sent is too large. Nothing was stored."),
        415: gettext("This kind of content is not understood here."),
        429: gettext("Too many requests from this person or link. Wait a moment and try again."),
    }
    fallback = gettext("This request was not understood. Nothing was changed.")
    data = getattr(error, "data", None) or {}
    fields = [
        {"path": str(where), "label": str(where), "message": str(what)}
        for _place, problems in (data.get("messages") or {}).items()
        if isinstance(problems, dict)
        for where, what in problems.items()
    ]
    response = answer(status, f"http.{status}", texts.get(status, fallback), fields=fields)
    for header, value in error.get_headers():
        if header in ("Allow", "Retry-After"):
            response.headers[header] = value
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", path=request.path, error=type(error).__name__)
    return answer(500, "service.unexpected", gettext("Something went wrong here. Nothing was changed; try again."))


def _fields(error: Any) -> list[dict[str, str]]:
    """Field-level problems of `InvalidFields`, in the reader's language."""
    return [
        {"path": p.path, "label": choose(p.label, language()), "message": p.words(language(), gettext(p.message))}
        for p in getattr(error, "problems", ())
        if isinstance(p, FieldProblem)
    ]


def answer(status: int, code: str, text: str, *, fields: list[dict[str, str]] | None = None) -> Response:
    """problem+json or a page, whichever the caller reads."""
    request_id = str(g.get("request_id", ""))
    title = HTTPStatus(status).phrase
    if request.path.startswith(("/api/", "/live/", "/log/", "/tsa", "/pki/")):
        problem: dict[str, object] = {
            "type": f"urn:signing-service:{code}",
            "title": title,
            "status": status,
            "code": code,
            "detail": text,
            "request_id": request_id,
        }
        if fields:
            problem["fields"] = fields
        response = jsonify(problem)
        response.mimetype = "application/problem+json"
    else:
        page = render_template(
            "errors/error.html",
            status=status,
            code=code,
            title=title,
            message=text,
            fields=fields or [],
            request_id=request_id,
            back_url=request.referrer if request.referrer and request.referrer.startswith(request.host_url) else "/",
        )
        response = Response(page, mimetype="text/html")
    response.status_code = status
    return response
