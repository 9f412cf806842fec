"""A draft as a form: what to ask, in which order, with what was filled in so far; and the way back from form fields.

A page draws three kinds of things: one input, a group of fields, and rows that repeat. Checking is fields.py.
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.amounts import CURRENCIES
from agreements.durations import unit_name
from agreements.errors import N_, ExpressionInvalid, FormUnreadable
from agreements.expression_values import holds
from agreements.field_labels import LANGUAGE_NAMES, PART_LABELS
from agreements.fields import sound_values
from agreements.formats import YES_NO
from agreements.identifiers import SCHEMES
from agreements.languages import LANGUAGES, Lang, choose
from agreements.templates import Template
from agreements.typed_values import typed_record
from agreements.variables import Variable, find

MAX_FIELDS = 5000
MAX_PATH = 200
BLANK_ROW = "__row__"  # in place of a row's number in `FormField.blank`; parse_form leaves such fields out


@dataclass(frozen=True, slots=True)
class FormChoice:
    """One option of a choice."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing to draw.

    `kind`: "input" (one value, by `type`), "group" (draw `fields`) or "rows" (draw `rows`, offer another by `blank`).
    `path` is the name of the input and the path of a FieldProblem. `type` of an input: text, paragraph, date, number,
    choice, yes_no. `lang` is set where the text has to be in one language. `shown` is false when the condition of the
    field does not hold; its values are kept but do not count.
    """

    path: str
    kind: str
    type: str
    label: str
    help: str = ""
    required: bool = False
    shown: bool = True
    value: str = ""
    choices: tuple[FormChoice, ...] = ()
    lang: Lang | None = None
    form: str = "free"
    personal: bool = False
    least: int | None = None
    most: int | None = None
    fields: tuple[FormField, ...] = ()
    rows: tuple[FormField, ...] = ()
    blank: FormField | None = None


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A heading and the fields under it."""

    id: str
    title: str
    fields: tuple[FormField, ...]


def form(template: Template, raw: Mapping[str, Any], lang: Lang) -> tuple[FormGroup, ...]:
    """The whole form with labels in `lang`; `raw` may be unfinished and wrong."""
    drawing = _Drawing(template, lang)
    sound = typed_record(template.variables, sound_values(template, raw))
    drawn = {
        one.name: drawing.field(one, one.name, raw.get(one.name), sound.get(one.name), sound)
        for one in template.variables
    }
    return tuple(
        FormGroup(
            group.id,
            choose(group.title, lang),
            tuple(drawn[one.name] for one in template.variables if one.group == group.id),
        )
        for group in template.groups
    )


def hidden(groups: Iterable[FormGroup]) -> Iterator[str]:
    """The paths of the fields whose condition does not hold."""
    waiting = [field for group in groups for field in group.fields]
    while waiting:
        field = waiting.pop()
        if not field.shown:
            yield field.path
        waiting += (*field.fields, *field.rows)


def flat(raw: Any, path: str = "") -> dict[str, str]:
    """Nested raw values as the form sends them, the way back from `parse_form`."""
    if isinstance(raw, Mapping):
        pairs = list(raw.items())
    elif isinstance(raw, list | tuple):
        pairs = [(str(index), row) for index, row in enumerate(raw)]
    else:
        return {path: _text(raw)}
    found: dict[str, str] = {}
    for key, value in pairs:
        found |= flat(value, f"{path}.{key}" if path else str(key))
    return found


class _Drawing:
    """Builds fields for one template in one language."""

    def __init__(self, template: Template, lang: Lang) -> None:
        self.languages = template.languages
        self.lang = lang

    def field(self, one: Variable, path: str, value: Any, sound: Any, scope: Mapping[str, Any]) -> FormField:
        """The field of one variable: `value` as typed, `sound` what is right of it, `scope` for conditions."""
        if value is None:
            value = one.default
        shown = _holds(one, scope)
        if one.type == "list" and one.item is not None:
            return self._rows(one, one.item, path, value, sound, scope, shown)
        parts = self._parts(one, path, value, sound, scope)
        if parts is not None:
            return self._drawn(one, path, "group", shown, fields=parts)
        return self._drawn(one, path, "input", shown, value=_text(value), choices=self._choices(one, value))

    def _rows(
        self, one: Variable, item: Variable, path: str, value: Any, sound: Any, scope: Mapping[str, Any], shown: bool
    ) -> FormField:
        given = list(value) if isinstance(value, list | tuple) else []
        given += [None] * ((one.limits.least or 0) - len(given))
        sound_rows = sound if isinstance(sound, list) and len(sound) == len(given) else [None] * len(given)
        rows = tuple(
            self.field(item, f"{path}.{index}", row, sound_rows[index], scope) for index, row in enumerate(given)
        )
        blank = self.field(item, f"{path}.{BLANK_ROW}", None, None, scope)
        return self._drawn(one, path, "rows", shown, rows=rows, blank=blank)

    def _parts(
        self, one: Variable, path: str, value: Any, sound: Any, scope: Mapping[str, Any]
    ) -> tuple[FormField, ...] | None:
        """The parts of a group; None when the variable is one input."""
        given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        if one.composite:
            inner = _inside(one, sound, scope)
            return tuple(
                self.field(part, f"{path}.{part.name}", given.get(part.name), inner[part.name], inner)
                for part in one.asked()
            )
        if one.localized:
            return tuple(self._in_language(one, path, lang, given.get(lang)) for lang in self.languages)
        if one.type == "money":
            codes = {code: code for code in one.limits.currencies if code in CURRENCIES}
            return self._number(one, path, "amount", given), self._choice(one, path, "currency", given, codes)
        if one.type == "duration":
            units = {unit: unit_name(unit, self.lang) for unit in one.limits.units}
            return self._number(one, path, "count", given), self._choice(one, path, "unit", given, units)
        if one.type == "identifier":
            schemes = {key: choose(SCHEMES[key], self.lang) for key in one.limits.schemes}
            number = FormField(
                f"{path}.value", "input", "text", self._part("value"), required=True, value=_text(given.get("value"))
            )
            return self._choice(one, path, "scheme", given, schemes), number
        return None

    def _in_language(self, one: Variable, path: str, lang: Lang, value: Any) -> FormField:
        return FormField(
            f"{path}.{lang}",
            "input",
            one.type,
            LANGUAGE_NAMES[lang],
            required=one.required,
            value=_text(value),
            lang=lang,
            personal=one.personal,
            most=one.limits.most,
        )

    def _number(self, one: Variable, path: str, part: str, given: Mapping[str, Any]) -> FormField:
        limits = one.limits
        return FormField(
            f"{path}.{part}",
            "input",
            "number",
            self._part(part),
            required=one.required,
            value=_text(given.get(part)),
            least=limits.least,
            most=limits.most,
        )

    def _choice(
        self, one: Variable, path: str, part: str, given: Mapping[str, Any], labels: Mapping[str, str]
    ) -> FormField:
        chosen = given.get(part) or (next(iter(labels)) if len(labels) == 1 else None)
        choices = tuple(FormChoice(key, label, key == chosen) for key, label in labels.items())
        return FormField(
            f"{path}.{part}",
            "input",
            "choice",
            self._part(part),
            required=one.required,
            value=_text(chosen),
            choices=choices,
        )

    def _part(self, part: str) -> str:
        return choose(PART_LABELS[part], self.lang)

    def _choices(self, one: Variable, value: Any) -> tuple[FormChoice, ...]:
        if one.type == "yes_no":
            return tuple(
                FormChoice(_text(answer), YES_NO[answer][self.lang], _text(value) == _text(answer))
                for answer in (True, False)
            )
        return tuple(FormChoice(c.value, choose(c.label, self.lang), c.value == value) for c in one.choices)

    def _drawn(self, one: Variable, path: str, kind: str, shown: bool, **more: Any) -> FormField:
        """The field with everything that comes straight from the variable."""
        return FormField(
            path,
            kind,
            one.type,
            choose(one.label, self.lang),
            choose(one.help, self.lang),
            one.required,
            shown,
            form=one.form,
            personal=one.personal,
            least=one.limits.least,
            most=one.limits.most,
            **more,
        )


def _inside(one: Variable, sound: Any, scope: Mapping[str, Any]) -> Mapping[str, Any]:
    """The scope inside a record: its own parts hide what has the same name outside, also when they are absent."""
    own = sound if isinstance(sound, Mapping) else {}
    return ChainMap({part.name: own.get(part.name) for part in one.fields}, dict(scope))


def _holds(one: Variable, scope: Mapping[str, Any]) -> bool:
    try:
        return one.when is None or holds(one.when, scope)
    except ExpressionInvalid:  # what it speaks of is still wrong; the field is offered when that is put right
        return False


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | date) else ""


_SEGMENT = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}|\d{1,3}")


def parse_form(template: Template, flat: Mapping[str, str]) -> dict[str, Any]:
    """Submitted form fields ("parties.0.legal_name.en") as nested raw values.

    Fields that do not begin with a variable of the template (buttons, tokens), texts in languages the agreement does
    not have, and blank rows are left out; empty fields too. Rows close up in the order of their numbers, and a row with
    nothing in it goes. Raises FormUnreadable.
    """
    names = {one.name for one in template.variables}
    tree: dict[str, Any] = {}
    taken = 0
    for path, value in flat.items():
        segments = path.split(".")
        if segments[0] not in names or BLANK_ROW in segments or _in_another_language(template, segments):
            continue
        taken += 1
        if taken > MAX_FIELDS:
            raise FormUnreadable(path=path[:MAX_PATH], reason=N_("there are too many fields"))
        if len(path) > MAX_PATH or not all(_SEGMENT.fullmatch(one) for one in segments):
            raise FormUnreadable(path=path[:MAX_PATH], reason=N_("this is not the name of a field"))
        if value.strip():
            _put(tree, segments, value, path)
    return {key: _rows_closed(value) for key, value in tree.items()}


def _in_another_language(template: Template, segments: Sequence[str]) -> bool:
    if segments[-1] not in LANGUAGES or segments[-1] in template.languages:
        return False
    variable = find(template.variables, [one for one in segments[:-1] if not one.isdigit()])
    return variable is not None and variable.localized


def _put(tree: dict[str, Any], segments: Sequence[str], value: str, path: str) -> None:
    for segment in segments[:-1]:
        inner = tree.setdefault(segment, {})
        if not isinstance(inner, dict):
            raise FormUnreadable(path=path, reason=N_("it is a value and a group at once"))
        tree = inner
    if isinstance(tree.get(segments[-1]), dict):
        raise FormUnreadable(path=path, reason=N_("it is a value and a group at once"))
    tree[segments[-1]] = value


def _rows_closed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_rows_closed(value[key]) for key in sorted(value, key=int)]
    return {key: _rows_closed(inner) for key, inner in value.items()}
