"""The directory of parties: a list to search, a page for each organisation, and its form.

The form is that of a draft with the parts of a party; what was typed is kept whatever happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from agreements.errors import InvalidFields
from agreements.field_labels import LANGUAGE_NAMES
from agreements.formats import countries
from agreements.identifiers import SCHEMES
from agreements.languages import LANGUAGES, choose
from agreements.organisations import AUTHORITY_NAMES, PART_NAMES
from signing_service.door import actor, door, services
from signing_service.errors import ChangedMeanwhile, NumberTaken
from signing_service.language import language
from signing_service.operations import organisation_views, organisations
from signing_service.pages.draft_rows import with_row, without_row
from signing_service.pages.drafts import Trouble, trouble
from signing_service.pages.entry_words import entry_words
from signing_service.permissions import Action

blueprint = Blueprint("organisations", __name__)


@door(blueprint, "/organisations", Action.ORGANISATION_READ)
def show_all() -> str:
    """The directory; `?q=` searches names in any script and numbers, `?archived=1` shows what was put away."""
    words, archived = request.args.get("q", ""), "archived" in request.args
    found = organisations.find(services(), actor(), words, archived)
    return render_template("organisations/list.html", found=found, words=words, archived=archived, country=country)


@door(blueprint, "/organisations/<organisation_id>", Action.ORGANISATION_READ)
def show(organisation_id: str) -> str:
    """One organisation: names, numbers and what they rest on, people, agreements, history."""
    view = organisation_views.read(services(), actor(), organisation_id)
    return render_template(
        "organisations/show.html",
        view=view,
        country=country,
        languages_known=[(lang, LANGUAGE_NAMES[lang]) for lang in LANGUAGES],
        authorities=AUTHORITY_NAMES,
        parts=PART_NAMES,
        entry_words=entry_words,
        today=services().clock().date(),
    )


@door(blueprint, "/organisations/new", Action.ORGANISATION_EDIT)
def ask() -> str:
    """The empty form."""
    return _page(None, organisations.form(services(), actor(), None, language()))


@door(blueprint, "/organisations/new", Action.ORGANISATION_EDIT, methods=("POST",))
def add() -> Response | str | tuple[str, int]:
    """Enter an organisation, or show the form again."""
    return _changed(None)


@door(blueprint, "/organisations/<organisation_id>/edit", Action.ORGANISATION_EDIT)
def edit(organisation_id: str) -> str:
    """The form as it was saved."""
    return _page(organisation_id, organisations.form(services(), actor(), organisation_id, language()))


@door(blueprint, "/organisations/<organisation_id>/edit", Action.ORGANISATION_EDIT, methods=("POST",))
def change(organisation_id: str) -> Response | str | tuple[str, int]:
    """Save an entry, or show the form again."""
    return _changed(organisation_id)


@door(blueprint, "/organisations/<organisation_id>/archive", Action.ORGANISATION_EDIT, methods=("POST",))
def archive(organisation_id: str) -> Response:
    """Put an entry away or take it back; versions that name it stay as they are."""
    back = request.form.get("do") == "restore"
    organisations.archive(services(), actor(), organisation_id, _number(request.form.get("row_version", "")), back=back)
    flash(_("The entry is back in the directory.") if back else _("The entry is archived. No agreement changes by it."))
    return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)


def country(code: str) -> str:
    """The name of a country in the reader's language."""
    return dict(countries(language())).get(code, code)


def _changed(organisation_id: str | None) -> Response | str | tuple[str, int]:
    typed = request.form.to_dict()
    wish, _colon, path = typed.pop("do", "save").partition(":")
    if wish in ("add", "remove", "look"):
        kept = without_row(typed, path) if wish == "remove" else typed
        more = path if wish == "add" else ""
        return _page(organisation_id, _form(organisation_id, kept), more=more, unsaved=wish != "look")
    try:
        if organisation_id is None:
            organisation_id = organisations.add(services(), actor(), typed)
        else:
            seen = _number(typed.get("row_version", ""))
            organisations.change(services(), actor(), organisation_id, typed, seen)
    except InvalidFields as refused:
        troubles = [trouble(one, language()) for one in refused.problems]
        return _page(organisation_id, _form(organisation_id, typed), troubles=troubles, unsaved=True), 422
    except NumberTaken as refused:
        return _page(organisation_id, _form(organisation_id, typed), taken=refused, unsaved=True), 409
    except ChangedMeanwhile:
        return _changed_meanwhile(organisation_id, typed)
    flash(_("The entry is saved. Agreements that were made before keep what they say."))
    return redirect(url_for("organisations.show", organisation_id=organisation_id), 303)


def _form(organisation_id: str | None, typed: Mapping[str, str]) -> organisations.FormView:
    return organisations.form(services(), actor(), organisation_id, language(), typed)


def _changed_meanwhile(organisation_id: str | None, typed: Mapping[str, str]) -> tuple[str, int]:
    flash(
        _(
            "Somebody else saved this entry while you were writing. Nothing of yours is lost: it stands below, "
            "unsaved. Saving again puts it in place of theirs."
        ),
        "attention",
    )
    return _page(organisation_id, _form(organisation_id, typed), unsaved=True), 409


def _page(
    organisation_id: str | None,
    view: organisations.FormView,
    *,
    troubles: Sequence[Trouble] = (),
    taken: NumberTaken | None = None,
    more: str = "",
    unsaved: bool = False,
) -> str:
    if taken is not None:
        words = _(taken.message).format(**taken.params)
        where = choose(SCHEMES[taken.scheme], language())
        troubles = [Trouble(f"identifiers.{taken.index}.value", where, words)]
    by_path: dict[str, list[str]] = {}
    for one in troubles:
        by_path.setdefault(one.path, []).append(one.words)
    return render_template(
        "organisations/edit.html",
        organisation_id=organisation_id,
        view=view,
        groups=with_row(view.groups, more) if more else view.groups,
        troubles=troubles,
        taken=taken,
        errors=by_path,
        unsaved=unsaved,
        added=more,
        countries=countries(language()),
        now={"says": {}},  # what the drafting desk says beside its fields while one types
        stale_fields={},
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
