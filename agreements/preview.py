"""The agreement as it stands while it is being filled in: composed from what is right so far, with visible gaps.

It writes with the machinery that versions are composed with, so a complete draft reads exactly like its version. What
is missing or wrong shows as a gap that names its field; it never becomes a blank. A condition that cannot be decided
yet leaves its paragraphs out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agreements.clause_choices import STANDARD, ClauseChoice, with_choices
from agreements.clause_texts import EachBlock, Reference, Run, Scope, WhenBlock, in_place, written_by
from agreements.clauses import Clause, labels
from agreements.computed import binding, clause_values, clause_variables, computed_value, with_roles
from agreements.errors import ExpressionInvalid
from agreements.expression_values import holds, look_up
from agreements.expressions import Expression
from agreements.field_labels import SEPARATOR, full_label
from agreements.fields import sound_values
from agreements.formats import write
from agreements.languages import CHINESE, Lang, Texts, choose
from agreements.numerals import party_role
from agreements.templates import Template
from agreements.typed_values import typed, typed_record
from agreements.variables import Variable, find, leaves

FULL = {"date": "long", "money": "full"}


@dataclass(frozen=True, slots=True)
class PreviewParagraph:
    """One paragraph in each language, as runs, with the label that stands before it."""

    runs: Mapping[Lang, tuple[Run, ...]]
    label: Texts


@dataclass(frozen=True, slots=True)
class PreviewClause:
    """One clause as it would stand now. `kind`: standard, variant or custom."""

    id: str
    number: int
    binding: bool
    kind: str
    title: Texts
    paragraphs: tuple[PreviewParagraph, ...]


def preview(
    template: Template, raw: Mapping[str, Any], choices: Sequence[ClauseChoice] = ()
) -> tuple[PreviewClause, ...]:
    """The clauses that stand with the values as typed so far. Raises AgreementTooLong only."""
    template = with_choices(template, choices)
    clauses, scope = so_far(template, sound_values(template, raw))
    kinds = {one.clause_id: one.kind for one in choices}
    writer = Tolerant(template)
    return tuple(
        _clause(template, clause, number, scope, writer, kinds.get(clause.id, STANDARD))
        for number, clause in enumerate(clauses, start=1)
    )


def so_far(template: Template, sound: Mapping[str, Any]) -> tuple[tuple[Clause, ...], Scope]:
    """The clauses that stand with the values that are right so far, and what their texts can speak of."""
    values = _values(template, sound)
    clauses = tuple(one for one in template.clauses if _holds(one.when, values))
    values |= clause_values(template, clauses)
    return clauses, Scope(values, (*template.variables, *template.computed, *clause_variables(template)))


def spelled_out(template: Template, raw: Mapping[str, Any]) -> dict[str, str]:
    """What each date and each amount that is right reads like in the first two languages, by the path of its field."""
    return {
        path: SEPARATOR.join(write(typed(variable, value), variable, lang, FULL[variable.type]) for lang in spoken)
        for spoken in (template.languages[:2],)
        for path, variable, value in leaves(template.variables, sound_values(template, raw))
        if variable.type in FULL
    }


def _values(template: Template, sound: Mapping[str, Any]) -> dict[str, Any]:
    """What the texts can speak of now; a party whose block is still empty has its role already."""
    values = typed_record(template.variables, sound)
    parties = find(template.variables, (template.parties,))
    least = (parties.limits.least or 0) if parties is not None else 0
    given = list(values.get(template.parties) or ())
    given += [{}] * (least - len(given))
    values[template.parties] = with_roles(given, template.languages)
    for one in template.computed:
        try:
            value = computed_value(one, values)
        except ExpressionInvalid:
            continue
        if value is not None:
            values[one.name] = value
    return values


def _clause(
    template: Template, clause: Clause, number: int, scope: Scope, writer: Tolerant, kind: str
) -> PreviewClause:
    written = {lang: written_by(writer, text, scope, lang) for lang, text in clause.texts.items()}
    first = next(iter(written.values()))
    shown = labels(first, number, tuple(written), numbered=clause.numbering == "numbered")
    rows = zip(*written.values(), strict=True)
    return PreviewClause(
        clause.id,
        number,
        binding(template, clause),
        kind,
        clause.title(),
        tuple(
            PreviewParagraph({lang: one.runs for lang, one in zip(written, row, strict=True)}, label)
            for row, label in zip(rows, shown, strict=True)
        ),
    )


@dataclass(frozen=True)
class Tolerant:
    """Writes a gap where the strict writer refuses."""

    template: Template

    def value(self, reference: Reference, scope: Scope, lang: Lang) -> Run:
        """The value, or a gap with the label of its field."""
        variable = find(scope.variables, reference.path)
        if variable is not None and whole(variable, look_up(scope.values, reference.path), lang):
            run = in_place(reference, scope, lang)
            if run is not None:
                return run
        place = scope.place(reference.path)
        label = self._label(place, variable, lang)
        return Run(f"［{label}］" if lang == CHINESE else f"[{label}]", place, gap=True)

    def rows(self, block: EachBlock, scope: Scope) -> Sequence[Any]:
        """The rows there are, one empty one where the list needs some."""
        rows = look_up(scope.values, block.path)
        if isinstance(rows, list) and rows:
            return rows
        variable = find(scope.variables, block.path)
        return ({},) if variable is not None and variable.required else ()

    def stands(self, block: WhenBlock, scope: Scope) -> bool:
        """Whether the condition can be decided and holds."""
        return _holds(block.condition, scope.values)

    def _label(self, place: str, variable: Variable | None, lang: Lang) -> str:
        """The field's label; a party is called by its role, not by its row."""
        if variable is None or variable.computed:
            return choose(variable.label, lang) if variable is not None and variable.label else place
        label = full_label(self.template.variables, place, (lang,))[lang]
        segments = place.split(".")
        if segments[0] == self.template.parties and len(segments) > 2 and segments[1].isdigit():
            return SEPARATOR.join((party_role(int(segments[1]))[lang], *label.split(SEPARATOR)[1:]))
        return label


def whole(variable: Variable, value: Any, lang: Lang) -> bool:
    """Whether everything is there that writing the value in the language may ask for."""
    if value is None:
        return False
    if isinstance(value, list):
        item = variable.item or variable
        return all(whole(item, row, lang) for row in value)
    if variable.localized:
        return isinstance(value, Mapping) and lang in value
    if not variable.composite:
        return True
    needed = [part for part in variable.asked() if part.required and _holds(part.when, value)]
    given = [part for part in variable.asked() if part.name in value]
    return all(whole(part, value.get(part.name), lang) for part in (*needed, *given))


def _holds(condition: Expression | None, values: Mapping[str, Any]) -> bool:
    try:
        return condition is None or holds(condition, values)
    except ExpressionInvalid:  # it speaks of a value that is still wrong
        return False
