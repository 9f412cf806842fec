"""The template packages that agreements are begun from and composed with."""

from __future__ import annotations

from agreements.templates import Template, library
from signing_service.errors import N_, NotFound


def template_of(template_id: str) -> Template:
    """The shipped template of that id; raises `NotFound`."""
    template = library().get(template_id)
    if template is None:
        raise NotFound(what=N_("template"))
    return template
