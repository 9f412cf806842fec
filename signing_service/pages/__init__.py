"""HTML pages: parse the form, call one operation, draw a template or send the reader on. Nothing is decided here."""

from __future__ import annotations

from flask import Flask

from signing_service.pages import (
    agreements,
    approvals,
    assets,
    audit,
    ceremonies,
    comments,
    dashboard,
    documents,
    drafts,
    invitations,
    language,
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
    verification,
    versions,
)

MODULES = (
    agreements,
    approvals,
    assets,
    audit,
    ceremonies,
    comments,
    dashboard,
    documents,
    drafts,
    invitations,
    language,
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
    verification,
    versions,
)


def register(app: Flask) -> None:
    """Add the pages, one blueprint per noun."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
