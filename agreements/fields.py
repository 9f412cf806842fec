"""Checks what a drafter filled in against the template and gives back the normalised values.

All problems are collected, in the order of the form, each with the path of its field. A value whose condition (`when`)
does not hold is left out of the result, so nothing hidden gets into the agreement.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError
from marshmallow import fields as marshmallow_fields

from agreements.errors import ExpressionInvalid, InvalidFields
from agreements.expression_values import holds
from agreements.field_labels import full_label
from agreements.field_messages import MESSAGES
from agreements.field_types import (
    ChoiceField,
    DateField,
    DurationField,
    Fault,
    IdentifierField,
    MoneyField,
    NumberField,
    TextField,
    TextsField,
    YesNoField,
    refuse,
)
from agreements.identifier_pairs import mismatches
from agreements.identifiers import doubts
from agreements.languages import LANGUAGES, Lang
from agreements.problems import FieldProblem
from agreements.templates import Rule, Template
from agreements.typed_values import typed, typed_record
from agreements.variables import Variable, leaves, lists_of

Values = Mapping[str, Any]
MAX_DEPTH = 12


class _RecordSchema(Schema):
    """A record of a template; faults instead of marshmallow's sentences."""

    error_messages = {"unknown": Fault("field.unknown"), "type": Fault("field.not_a_record")}  # type: ignore[dict-item]  # noqa: RUF012  # marshmallow passes on any object

    class Meta:
        """Anything the template does not ask for is refused."""

        unknown = RAISE


class _RowsField(marshmallow_fields.Field[list[Any]]):
    """A list; unlike marshmallow's own it keeps the place of a bad row, so that paths stay true."""

    def __init__(self, variable: Variable, inner: marshmallow_fields.Field[Any]) -> None:
        self.inner_field = inner
        self.limits = variable.limits
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise refuse("field.not_a_list")
        least, most = self.limits.least or 0, self.limits.most
        if most is not None and len(value) > most:
            raise refuse("field.too_many_rows", most=most, count=len(value))
        faults: dict[Any, Any] = {}
        rows: list[Any] = []
        if len(value) < least:
            faults["_schema"] = [Fault("field.too_few_rows", {"least": least, "count": len(value)})]
        for index, row in enumerate(value):
            try:
                rows.append(self.inner_field.deserialize(row))
            except ValidationError as error:
                faults[index] = error.messages
                rows.append(error.valid_data if error.valid_data is not None else {})
        if faults:
            raise ValidationError(faults, valid_data=rows)
        return rows


def validate(template: Template, raw: Mapping[str, Any], today: date) -> Values:
    """Return the normalised values: plain JSON-able data with defaults. Raises InvalidFields with all problems."""
    values, problems, _ = examine(template, raw, today)
    if problems:
        raise InvalidFields(problems)
    return values


def examine(
    template: Template, raw: Mapping[str, Any], today: date
) -> tuple[dict[str, Any], tuple[FieldProblem, ...], tuple[FieldProblem, ...]]:
    """The sound values, the problems and the warnings of an unfinished draft, without raising."""
    values, problems = _checked(template, raw)
    troubled = {problem.path for problem in problems}
    checked = [
        *_mismatched_identifiers(template, values, troubled),
        *_check_rules(template, values, today, {path.split(".")[0] for path in troubled}),
    ]
    errors = tuple(found for level, found in checked if level == "error")
    doubtful = tuple(found for level, found in checked if level == "warning")
    return values, (*problems, *errors), (*_doubtful_identifiers(template, values), *doubtful)


def sound_values(template: Template, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What is right already in an unfinished draft, normalised; defaults filled in, hidden values left out."""
    return _checked(template, raw)[0]


def _checked(template: Template, raw: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[FieldProblem, ...]]:
    errors: Any = {}
    try:
        data = _whole_schema(template).load(_without_blanks(raw, 0))
    except ValidationError as error:
        data, errors = error.valid_data or {}, error.messages
    walk = _Walk(template, dict(_flatten(errors, "")))
    values = walk.record(template.variables, data, "", {})
    return values, walk.problems()


def warnings(template: Template, values: Values, today: date) -> tuple[FieldProblem, ...]:
    """What is permitted but worth a second look: by the template's own rules, and doubtful identifiers."""
    checked = [*_mismatched_identifiers(template, values, set()), *_check_rules(template, values, today, set())]
    return (*_doubtful_identifiers(template, values), *(found for level, found in checked if level == "warning"))


def _doubtful_identifiers(template: Template, values: Values) -> Iterator[FieldProblem]:
    for path, variable, value in leaves(template.variables, values):
        if variable.type == "identifier":
            label = full_label(template.variables, path, LANGUAGES)
            for doubt in doubts(value["scheme"], value["value"]):
                yield FieldProblem(f"{path}.value", "identifier.doubtful", doubt, {}, label)


def _mismatched_identifiers(
    template: Template, values: Values, troubled: Collection[str]
) -> Iterator[tuple[str, FieldProblem]]:
    """Contradictions between the numbers of one party; not while one of them is wrong, for its row is left out."""
    for path, rows in lists_of(template.variables, values, "identifier"):
        if any(one == path or one.startswith(f"{path}.") for one in troubled):
            continue
        for found in mismatches(rows):
            at = f"{path}.{found.index}.value"
            label = full_label(template.variables, at, template.languages)
            yield found.level, FieldProblem(at, "identifier.mismatch", found.message, found.params, label)


def _without_blanks(raw: Any, depth: int) -> Any:
    """Leave out what a form sends for an empty field: None, blank texts, empty records. Rows keep their places."""
    if depth > MAX_DEPTH:
        return raw
    if isinstance(raw, Mapping):
        cleaned = {key: _without_blanks(value, depth + 1) for key, value in raw.items()}
        return {key: value for key, value in cleaned.items() if value is not None and value not in ("", {})}
    if isinstance(raw, list | tuple):
        return [_without_blanks(row, depth + 1) for row in raw]
    return raw.strip() if isinstance(raw, str) else raw


@lru_cache(maxsize=32)
def _whole_schema(template: Template) -> _RecordSchema:
    """The schema of a template; making one takes longer than using it, and it keeps nothing between two uses."""
    return _schema(template.variables, template.languages)


def _schema(variables: Sequence[Variable], languages: Sequence[Lang]) -> _RecordSchema:
    built = {one.name: _field(one, languages) for one in variables if not one.computed}
    return _RecordSchema.from_dict(built)()  # type: ignore[return-value]  # from_dict declares the base class only


def _field(variable: Variable, languages: Sequence[Lang]) -> marshmallow_fields.Field[Any]:
    if variable.type == "list" and variable.item is not None:
        return _RowsField(variable, _field(variable.item, languages))
    if variable.composite:
        return marshmallow_fields.Nested(_schema(variable.fields, languages))
    if variable.type in ("text", "paragraph"):
        return TextsField(variable, languages) if variable.localized else TextField(variable)
    if variable.type == "date":
        return DateField()
    if variable.type == "yes_no":
        return YesNoField()
    by_type = {
        "number": NumberField,
        "money": MoneyField,
        "duration": DurationField,
        "choice": ChoiceField,
        "identifier": IdentifierField,
    }
    return by_type[variable.type](variable)


def _flatten(errors: Any, path: str) -> Iterable[tuple[str, list[Fault]]]:
    """marshmallow's nested messages as (dotted path, faults)."""
    if isinstance(errors, Mapping):
        for key, inner in errors.items():
            yield from _flatten(inner, path if key == "_schema" else f"{path}.{key}" if path else str(key))
    elif isinstance(errors, list):
        yield path, [one if isinstance(one, Fault) else Fault("field.not_a_record") for one in errors]


class _Walk:
    """Goes through variables and sound data side by side: conditions, needed values, defaults, order of problems."""

    def __init__(self, template: Template, faults: Mapping[str, list[Fault]]) -> None:
        self.template = template
        self.faults = dict(faults)
        self.found: list[FieldProblem] = []

    def record(
        self, variables: Sequence[Variable], data: Mapping[str, Any], before: str, outer: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The values of one record whose conditions hold."""
        values: dict[str, Any] = {}
        scope: dict[str, Any] = dict.fromkeys(one.name for one in variables)
        for one in variables:
            if one.computed:
                continue
            path = f"{before}{one.name}"
            if one.when is not None and not _applies(one, ChainMap(scope, dict(outer))):
                self._forget(path)
                continue
            value = self._value(one, data.get(one.name), path, ChainMap(scope, dict(outer)))
            if value is not None:
                values[one.name] = value
                if not self._troubled(path):
                    scope[one.name] = typed(one, value)
        return values

    def _value(self, one: Variable, value: Any, path: str, scope: Mapping[str, Any]) -> Any:
        if value is None and one.default is not None and not self._troubled(path):
            value = self._default(one, path)
        if value is None and one.composite and one.required and not self._troubled(path):
            value = {}  # each part that is needed is named by itself
        if value is None:
            self._note(path)
            if one.required and not self._troubled(path):
                self._add(path, Fault("field.required"))
            return None
        if one.type == "list" and one.item is not None:
            return self._rows(one.item, value, path, scope)
        if one.composite:
            self._note(path, only=True)
            return self.record(one.fields, value, f"{path}.", scope)
        self._note(path)
        return value

    def _rows(self, item: Variable, rows: Sequence[Any], path: str, scope: Mapping[str, Any]) -> list[Any]:
        """The rows of a list. A row that is no record keeps its place as an empty one; other unsound rows go."""
        self._note(path, only=True)
        if not item.composite:
            sound = [row for index, row in enumerate(rows) if not self._troubled(f"{path}.{index}")]
            self._note(path)
            return sound
        values = []
        for index, row in enumerate(rows):
            here = f"{path}.{index}"
            values.append({} if here in self.faults else self.record(item.fields, row, f"{here}.", scope))
            self._note(here, only=True)
        return values

    def _default(self, one: Variable, path: str) -> Any:
        try:
            return _field(one, self.template.languages).deserialize(one.default)
        except ValidationError as error:
            for inner, faults in _flatten(error.messages, path):
                self.faults.setdefault(inner, []).extend(faults)
            return None

    def _troubled(self, path: str) -> bool:
        return any(one == path or one.startswith(f"{path}.") for one in self.faults) or any(
            problem.path == path or problem.path.startswith(f"{path}.") for problem in self.found
        )

    def _forget(self, path: str) -> None:
        for one in [one for one in self.faults if one == path or one.startswith(f"{path}.")]:
            del self.faults[one]

    def _note(self, path: str, *, only: bool = False) -> None:
        """Turn the faults at (and, unless `only`, below) a path into problems, in the order of the form."""
        for place in [p for p in self.faults if p == path or (not only and p.startswith(f"{path}."))]:
            for fault in self.faults.pop(place):
                self._add(place, fault)

    def _add(self, path: str, fault: Fault) -> None:
        label = full_label(self.template.variables, path, LANGUAGES)
        self.found.append(FieldProblem(path, fault.code, fault.words or MESSAGES[fault.code], fault.params, label))

    def problems(self) -> tuple[FieldProblem, ...]:
        """Everything noted, and what is left over because no variable is there for it."""
        for path in list(self.faults):
            self._note(path, only=True)
        return tuple(self.found)


def _applies(variable: Variable, scope: Mapping[str, Any]) -> bool:
    try:
        return variable.when is None or holds(variable.when, scope)
    except ExpressionInvalid:  # the values it speaks of are of the wrong kind, which is a problem noted already
        return False


def _check_rules(template: Template, values: Values, today: date, troubled: set[str]) -> list[tuple[str, FieldProblem]]:
    """Problems and warnings of the template's rules; a rule about a value that is itself wrong is left out."""
    scope = {**typed_record(_sound(template.variables, troubled), values), "today": today}
    found = []
    for rule in template.rules:
        names = rule.require.names() | (rule.when.names() if rule.when else frozenset())
        if any(path[0] in troubled for path in names):
            continue
        if rule.when is not None and not holds(rule.when, scope):
            continue
        if not holds(rule.require, scope):
            found.append((rule.level, _rule_problem(template, rule)))
    return found


def _sound(variables: Sequence[Variable], troubled: set[str]) -> tuple[Variable, ...]:
    return tuple(one for one in variables if one.name not in troubled)


def _rule_problem(template: Template, rule: Rule) -> FieldProblem:
    label = full_label(template.variables, rule.field, LANGUAGES)
    return FieldProblem(rule.field, f"rule.{rule.id}", MESSAGES["field.rule"], {}, label, rule.message)
