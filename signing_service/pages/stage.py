"""The stage for the audience: no login, one token, read only, in the languages of the parties at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from keys.custody import CustodyKind
from keys.custody import words as custody_sentence
from signing_service.api.boards import stage_json
from signing_service.door import actor, door, services
from signing_service.errors import N_
from signing_service.language import LOCALES
from signing_service.operations import boards
from signing_service.permissions import Action

#: Every word the stage shows, by the name its template and script use.
WORDS = {
    "planned": N_("Signing ceremony"),
    "doors_open": N_("About to begin"),
    "live": N_("Live signing"),
    "paused": N_("Paused"),
    "concluded": N_("Concluded"),
    "aborted": N_("Broken off"),
    "to_sign": N_("to sign"),
    "signed": N_("signed"),
    "ready": N_("ready"),
    "signing": N_("signing"),
    "present": N_("present"),
    "expected": N_("expected"),
    "declined": N_("declined"),
    "reconnecting": N_("reconnecting"),
    "number": N_("Agreement no."),
    "signed_at": N_("Last signature"),
    "final_hash": N_("SHA-256 of the final PDF"),
    "pending": N_("the closing proofs are being added"),
    "check": N_("Check it yourself"),
}
#: Who held the key, in the few words a tile has room for; the whole sentences stand in the report.
CUSTODY = {
    CustodyKind.BROWSER_HELD: N_("own key, held in their browser"),
    CustodyKind.BROWSER_HELD_PASSKEY: N_("own key and passkey"),
    CustodyKind.OWN_CERTIFICATE: N_("own certificate"),
    CustodyKind.REMOTE_PROVIDER: N_("key at a trust service provider"),
    CustodyKind.PKCS11: N_("seal of the organisation"),
    CustodyKind.SOFTWARE_SEAL: N_("seal of the service"),
}
SEAL_ZH = "已签"
SCRIPTS = 2

blueprint = Blueprint("stage", __name__)


@door(blueprint, "/stage/<ceremony_id>/<token>", Action.CEREMONY_WATCH)
def show(ceremony_id: str, token: str) -> str:
    """The stage; `?first=en` puts that language above."""
    board = stage_json(boards.stage(services(), actor(), ceremony_id), token)
    shown = languages_of(board["agreement"]["title"], request.args.get("first"))
    return render_template("stage/stage.html", board=board, words=words_in(shown))


def languages_of(title: Mapping[str, str], first: str | None) -> tuple[str, ...]:
    """At most two languages of the agreement: Chinese above, unless another is asked to be first."""
    known = [code for code in LOCALES if title.get(code)]
    ordered = sorted(known, key=lambda code: (code != first, list(LOCALES).index(code)))
    return tuple(ordered[:SCRIPTS]) or ("en",)


def words_in(languages: tuple[str, ...]) -> dict[str, Any]:
    """The words in each of the languages, and the word of the seal."""
    wanted = WORDS | {custody_sentence(kind, "en"): text for kind, text in CUSTODY.items()}  # as the board names it
    texts: dict[str, dict[str, str]] = {name: {} for name in wanted}
    for code in languages:
        with force_locale(LOCALES[code]):
            for name, text in wanted.items():
                texts[name][code] = _(text)
    seal = SEAL_ZH if "zh-Hans" in languages else texts["signed"][languages[0]]
    return {"languages": list(languages), "texts": texts, "seal": seal}
