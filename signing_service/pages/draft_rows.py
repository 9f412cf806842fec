"""Rows of the draft form that come and go without script: pressing the button sends the form and draws it anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agreements.drafts import BLANK_ROW, FormField, FormGroup


def without_row(typed: Mapping[str, str], path: str) -> dict[str, str]:
    """The fields without those of one row; the others close up when they are read."""
    return {name: value for name, value in typed.items() if not (path and f"{name}.".startswith(f"{path}."))}


def with_row(groups: Sequence[FormGroup], path: str) -> tuple[FormGroup, ...]:
    """The form with one more empty row at the end of the list called `path`."""
    return tuple(replace(group, fields=tuple(_grown(field, path) for field in group.fields)) for group in groups)


def _grown(field: FormField, path: str) -> FormField:
    if field.path == path and field.blank is not None:
        return replace(field, rows=(*field.rows, numbered(field.blank, path, len(field.rows))))
    if not path.startswith(f"{field.path}."):
        return field
    return replace(
        field,
        fields=tuple(_grown(part, path) for part in field.fields),
        rows=tuple(_grown(row, path) for row in field.rows),
    )


def numbered(field: FormField, path: str, number: int) -> FormField:
    """A blank row of the list `path` with its number in every name inside it; inner blanks stay blank."""
    before, after = f"{path}.{BLANK_ROW}", f"{path}.{number}"
    return replace(
        field,
        path=after + field.path.removeprefix(before),
        fields=tuple(numbered(part, path, number) for part in field.fields),
        rows=tuple(numbered(row, path, number) for row in field.rows),
        blank=numbered(field.blank, path, number) if field.blank is not None else None,
    )
