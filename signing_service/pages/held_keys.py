"""A seat whose key is held by a provider or in a hardware module: the key is looked at, confirmed, and used.

Plain forms, for nothing of the key is in the browser. A PIN is never written back into a page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from keys.custody import CustodyKind
from keys.errors import KeysError
from signing_service.door import actor, door, services
from signing_service.errors import ServiceError
from signing_service.http_errors import said, status_of
from signing_service.language import language
from signing_service.operations import boards, held_keys
from signing_service.operations.held_keys import Found
from signing_service.operations.signatures import Signed
from signing_service.pades.errors import PadesError
from signing_service.permissions import Action

blueprint = Blueprint("held_keys", __name__, url_prefix="/seat/<signatory_id>/key")

Answer = Response | str | tuple[str, int]
REFUSALS = (KeysError, ServiceError, PadesError)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What this visit has chosen so far; carried in the address or the form, never a secret."""

    provider: str = ""
    account: str = ""
    credentials: tuple[str, ...] = ()
    found: Found | None = None


@door(blueprint, "", Action.SEAT_TAKE)
def show(signatory_id: str) -> Answer:
    """Where this seat stands: choose, confirm, or sign."""
    way = held_keys.seat_key(services(), actor())
    try:
        return _page(Chosen(found=held_keys.look(services(), actor())) if _is_seal(way) else Chosen())
    except REFUSALS as refused:
        return _refused(refused, Chosen())


@door(blueprint, "/credentials", Action.SEAT_TAKE, methods=("POST",))
def credentials(signatory_id: str) -> Answer:
    """Ask the provider for the credentials of an account."""
    provider, account = request.form.get("provider", ""), request.form.get("account", "")
    try:
        found = held_keys.credentials(services(), actor(), provider, account)
    except REFUSALS as refused:
        return _refused(refused, Chosen(provider, account))
    return _page(Chosen(provider, account, found))


@door(blueprint, "/certificate", Action.SEAT_TAKE, methods=("POST",))
def certificate(signatory_id: str) -> Answer:
    """Show the certificate of a credential."""
    provider, credential = request.form.get("provider", ""), request.form.get("credential", "")
    try:
        return _page(Chosen(provider, found=held_keys.look(services(), actor(), provider, credential)))
    except REFUSALS as refused:
        return _refused(refused, Chosen(provider))


@door(blueprint, "/ready", Action.SEAT_TAKE, methods=("POST",))
def ready(signatory_id: str) -> Answer:
    """Bind the certificate that was shown, with the sentence that was accepted."""
    form = request.form
    try:
        held_keys.ready(
            services(),
            actor(),
            held_keys.HeldReady(
                consent_text_id=form.get("consent_text_id", ""),
                consent_language=form.get("consent_language", ""),
                consent_sha256=form.get("consent_sha256", "") if form.get("agree") else "",
                document_sha256=form.get("document_sha256", ""),
                confirmed_sha256=form.get("certificate_sha256", ""),
                provider=form.get("provider", ""),
                credential=form.get("credential", ""),
            ),
        )
    except REFUSALS as refused:
        return _refused(refused, Chosen(form.get("provider", "")))
    return _back(signatory_id)


@door(blueprint, "/code", Action.SEAT_TAKE, methods=("POST",))
def code(signatory_id: str) -> Answer:
    """Have the provider send its one-time password."""
    try:
        held_keys.send_otp(services(), actor())
    except REFUSALS as refused:
        return _refused(refused, Chosen())
    return _page(Chosen(), said_by=_("The provider has sent the code."))


@door(blueprint, "/signature", Action.SIGN, methods=("POST",))
def sign(signatory_id: str) -> Answer:
    """Sign now; the PIN and the code go to the provider and nowhere else."""
    form = request.form
    try:
        done = held_keys.sign(
            services(),
            actor(),
            form.get("document_sha256", ""),
            form.get("command_key", ""),
            form.get("pin", ""),
            form.get("otp", ""),
        )
    except REFUSALS as refused:
        return _refused(refused, Chosen())
    if isinstance(done, Signed):
        return redirect(url_for("seats.seat", signatory_id=signatory_id), 303)
    return _page(Chosen(), said_by=_("Others are signing at this moment. Press again."))


def _is_seal(way: held_keys.SeatKey) -> bool:
    return way.custody is CustodyKind.PKCS11


def _back(signatory_id: str) -> Response:
    return redirect(url_for("held_keys.show", signatory_id=signatory_id), 303)


def _refused(refused: KeysError | ServiceError | PadesError, chosen: Chosen) -> tuple[str, int]:
    return _page(chosen, problem=said(refused)), status_of(refused)


def _page(chosen: Chosen, *, problem: str = "", said_by: str = "") -> str:
    board = boards.seat(services(), actor(), language())
    return render_template(
        "held_keys/key.html",
        board=board,
        way=held_keys.seat_key(services(), actor()),
        chosen=chosen,
        providers=services().held.providers,
        command_key=secrets.token_hex(16),
        read=len(board.pages_read) == board.board.agreement.pages,
        round_open=board.board.ceremony.state == "live" and board.board.ceremony.round_state == "open",
        problem=problem,
        said_by=said_by,
    )
