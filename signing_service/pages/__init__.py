"""HTML pages: parse the form, call one operation, draw a template or send the reader on. Nothing is decided here."""

from __future__ import annotations

from flask import Flask

from signing_service.pages import (
    agreements,
    approval_routes,
    approvals,
    assets,
    audit,
    ceremonies,
    certificates,
    clause_library,
    clauses,
    comments,
    dashboard,
    deadlines,
    delegations,
    documents,
    drafts,
    endings,
    invitations,
    language,
    organisation_evidence,
    organisation_tables,
    organisations,
    outbox,
    partner_review,
    proposals,
    qr,
    redlines,
    review_links,
    reviewers,
    seats,
    sign_in,
    stage,
    successors,
    templates,
    translations,
    verification,
    versions,
)

MODULES = (
    agreements,
    approval_routes,
    approvals,
    assets,
    audit,
    ceremonies,
    certificates,
    clause_library,
    clauses,
    comments,
    dashboard,
    deadlines,
    delegations,
    documents,
    drafts,
    endings,
    invitations,
    language,
    organisation_evidence,
    organisation_tables,
    organisations,
    outbox,
    partner_review,
    proposals,
    qr,
    redlines,
    review_links,
    reviewers,
    seats,
    sign_in,
    stage,
    successors,
    templates,
    translations,
    verification,
    versions,
)


def register(app: Flask) -> None:
    """Add the pages, one blueprint per noun."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
