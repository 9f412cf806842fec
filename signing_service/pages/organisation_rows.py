"""A party's row of a draft and the directory: the row is filled from an entry, or entered there as it was typed.

Nothing of the draft is saved by either button; everything else that was typed stays on the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import flash
from flask_babel import gettext as _

from agreements.errors import InvalidFields
from agreements.identifiers import SCHEMES
from agreements.problems import FieldProblem
from signing_service.door import actor, services
from signing_service.errors import ChangedMeanwhile, NotFound, NumberTaken
from signing_service.language import pick
from signing_service.operations import organisation_views, organisations

TAKE, KEEP = "party", "keep"
WISHES = (TAKE, KEEP)
PICK = "pick:"  # + path: the name of the select beside a row; no variable of a template has a colon in its name


def carried_out(
    agreement_id: str, typed: Mapping[str, str], wish: str, path: str
) -> tuple[dict[str, str], tuple[FieldProblem, ...]]:
    """The form's fields afterwards, and what kept a party out of the directory."""
    if wish == TAKE:
        return _taken(agreement_id, typed, path), ()
    return dict(typed), _kept(typed, path)


def refused() -> str:
    """What is said above the problems of a party that was not entered."""
    said: str = _("The party is not in the directory yet, and nothing of the draft is lost. Put these right first:")
    return said


def _taken(agreement_id: str, typed: Mapping[str, str], path: str) -> dict[str, str]:
    """The row replaced as a whole: a party made of two organisations would be nobody."""
    chosen = typed.get(f"{PICK}{path}", "")
    if not chosen:
        flash(_("Choose an organisation first. Nothing was changed."), "attention")
        return dict(typed)
    try:
        filled = organisations.party_fields(services(), actor(), agreement_id, path, chosen)
    except NotFound:
        flash(_("This organisation is no longer in the directory. Nothing was changed."), "attention")
        return dict(typed)
    return {name: value for name, value in typed.items() if not f"{name}.".startswith(f"{path}.")} | filled


def _kept(typed: Mapping[str, str], path: str) -> tuple[FieldProblem, ...]:
    try:
        entered = organisations.add_party(services(), actor(), typed, path)
    except InvalidFields as refusal:
        return tuple(replace(one, path=f"{path}.{one.path}") for one in refusal.problems)
    except NumberTaken as refusal:
        at = f"{path}.identifiers.{refusal.index}.value"
        return (FieldProblem(at, refusal.code, refusal.message, refusal.params, SCHEMES[refusal.scheme]),)
    except ChangedMeanwhile:
        flash(_("Somebody entered the same number at this moment. Press once more to see who has it."), "attention")
        return ()
    name = pick(organisation_views.read(services(), actor(), entered).row.name)
    flash(_("“%(name)s” is in the directory now. The draft is as you left it, not saved yet.", name=name))
    return ()
