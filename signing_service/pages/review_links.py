"""A reviewer's way in: the link's neutral page, the one-time code, and on to the text."""

from __future__ import annotations

from flask import Blueprint, url_for

from signing_service import sessions
from signing_service.operations import review_links
from signing_service.pages import ways_in

blueprint = Blueprint("review_links", __name__, url_prefix="/r/<token>")


def _enter(found: review_links.Identified) -> str:
    sessions.remember_review(found.reviewer_id, found.token)
    return url_for("partner_review.read", reviewer_id=found.reviewer_id)


ways_in.doors(
    blueprint,
    ways_in.WayIn(
        landing=review_links.landing,
        opened=review_links.opened,
        send_code=review_links.send_code,
        identify=review_links.identify,
        enter=_enter,
        page="partner_review/landing.html",
    ),
)
