"""Signing in by mailed link, signing out, and switching between people signed in in one browser.

A GET of a link signs nobody in, because mail scanners follow links; the page it shows asks for one press.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from signing_service import sessions
from signing_service.door import actor, door, services
from signing_service.operations import people
from signing_service.pages.language import local_path
from signing_service.permissions import Action

blueprint = Blueprint("sign_in", __name__)


@blueprint.app_context_processor
def people_here() -> dict[str, Callable[[], tuple[people.PersonRow, ...]]]:
    """`signed_in_here()` for the person menu: everybody signed in in this browser."""

    def signed_in_here() -> tuple[people.PersonRow, ...]:
        return people.named(services(), actor(), sessions.signed_in_ids())

    return {"signed_in_here": signed_in_here}


@door(blueprint, "/sign-in", Action.SIGN_IN)
def ask() -> str:
    """The form that asks for an address."""
    return render_template("sign_in/ask.html")


@door(blueprint, "/sign-in", Action.SIGN_IN, methods=("POST",))
def send_link() -> Response | tuple[str, int]:
    """Mail a link; the answer is the same whether the address is known or not."""
    email = request.form.get("email", "").strip()
    if "@" not in email or len(email) > 320:
        problem = _("Enter your whole address, for example name@organisation.eu.")
        return render_template("sign_in/ask.html", email=email, problem=problem), 422
    people.request_link(services(), actor(), email)
    return redirect(url_for("sign_in.sent"), 303)


@door(blueprint, "/sign-in/sent", Action.SIGN_IN)
def sent() -> str:
    """What to do next: look into the mailbox."""
    return render_template("sign_in/sent.html", demo=services().settings.smtp_url is None)


@door(blueprint, "/enter/<token>", Action.SIGN_IN)
def arrive(token: str) -> str:
    """One button; opening the page does nothing. Its form goes to the same address, with the token and `?next=`."""
    return render_template("sign_in/enter.html")


@door(blueprint, "/enter/<token>", Action.SIGN_IN, methods=("POST",))
def enter(token: str) -> Response:
    """Sign in and go to the agreements, or to the page of ours that the link names."""
    fresh = people.accept_link(services(), actor(), token)
    sessions.remember_staff(fresh.person_id, fresh.token)
    return redirect(local_path(request.args.get("next", "/")), 303)


@door(blueprint, "/act-as", Action.PUBLIC, methods=("POST",))
def switch() -> Response:
    """Act as another person who signed in in this browser."""
    if not sessions.act_as(request.form.get("person_id", "")):
        flash(_("That person is no longer signed in here."), "attention")
    return redirect(local_path(request.form.get("next", "/")), 303)


@door(blueprint, "/sign-out", Action.SIGN_OUT, methods=("POST",))
def leave() -> Response:
    """End the acting person's session; the log keeps when."""
    who = actor()
    token = sessions.forget_staff(who.id)
    if token is not None:
        people.sign_out(services(), who, token)
    flash(_("You are signed out."))
    return redirect(url_for("sign_in.ask"), 303)
