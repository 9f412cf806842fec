"""Whether the parts of a template fit together: names in expressions and texts, languages side by side, samples.

Each language of a clause must have the same paragraphs under the same conditions, speaking of the same values; so a
number or a name cannot be in one language and be missing in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agreements.clause_texts import EachBlock, Paragraph, Reference, TextNode, WhenBlock
from agreements.clauses import Clause
from agreements.computed import clause_variables
from agreements.errors import N_
from agreements.expressions import Expression
from agreements.formats import formats_of
from agreements.languages import CHINESE, ENGLISH
from agreements.package_files import Mistakes
from agreements.variables import Variable, find

if TYPE_CHECKING:
    from agreements.templates import Template

_FILE = "template.yaml"
_WORDS_ONLY_IN = (CHINESE, ENGLISH)
_TODAY = Variable("today", "date", {})


def check_template(template: Template, mistakes: Mistakes) -> None:
    """Note every mistake that only shows when the parts are seen together."""
    _check_required_parts(template, mistakes)
    _check_variables(template.variables, (), "variables", mistakes)
    _check_expressions(template, mistakes)
    for clause in template.clauses:
        check_clause(template, clause, mistakes)


def check_clause(template: Template, clause: Clause, mistakes: Mistakes) -> None:
    """Note every mistake of one clause: languages that do not match, and values that the template does not know."""
    known = (*template.variables, *template.computed, *clause_variables(template))
    check_languages(clause, mistakes)
    for lang, text in clause.texts.items():
        _check_texts(f"clauses/{clause.id}.{lang}.md", lang, text.body, known, mistakes)


def _check_required_parts(template: Template, mistakes: Mistakes) -> None:
    number = find(template.variables, ("agreement_no",))
    if number is None or number.type != "text" or number.localized or not number.required:
        mistakes.add(_FILE, "variables", N_("A required text “agreement_no” is needed."))
    parties = find(template.variables, (template.parties,))
    if parties is None or parties.item is None or parties.item.type != "party":
        mistakes.add(_FILE, "parties", N_("This names the variable that is the list of parties."))
    elif (parties.limits.least or 0) < 2 or (parties.limits.most or 0) > 10:
        mistakes.add(_FILE, "parties", N_("The list of parties has at least 2 and at most 10 rows."))
    if not template.approval_route:
        mistakes.add(_FILE, "approval_route", N_("A route has at least one stage."))
    if not template.clauses:
        mistakes.add(_FILE, "clauses", N_("A template has at least one clause."))
    ids = [stage.id for stage in template.approval_route]
    if len(set(ids)) != len(ids):
        mistakes.add(_FILE, "approval_route", N_("Two stages have the same id."))


def _check_variables(
    variables: Sequence[Variable], outer: tuple[Variable, ...], place: str, mistakes: Mistakes
) -> None:
    """A condition may speak only of what is asked before it, so it can always be decided."""
    for index, variable in enumerate(variables):
        here = f"{place}[{index}]"
        before = (*variables[:index], *outer)
        if variable.when is not None:
            _check_names(variable.when, before, f"{here}.when", mistakes)
        if variable.type == "record":
            _check_variables(variable.fields, before, f"{here}.fields", mistakes)
        elif variable.item is not None and variable.item.type == "record":
            _check_variables(variable.item.fields, before, f"{here}.item.fields", mistakes)


def _check_names(expression: Expression, known: Sequence[Variable], place: str, mistakes: Mistakes) -> None:
    for path in sorted(expression.names()):
        if find(known, path) is None:
            mistakes.add(_FILE, place, N_("“{path}” is not a value that is known here."), path=".".join(path))


def _check_expressions(template: Template, mistakes: Mistakes) -> None:
    known: tuple[Variable, ...] = (*template.variables, _TODAY)
    for index, rule in enumerate(template.rules):
        place = f"rules[{index}]"
        for key, expression in (("require", rule.require), ("when", rule.when)):
            if expression is not None:
                _check_names(expression, known, f"{place}.{key}", mistakes)
        if find(template.variables, rule.field.split(".")) is None:
            mistakes.add(_FILE, f"{place}.field", N_("“{path}” is not a value that is known here."), path=rule.field)
    for index, one in enumerate(template.computed):
        if one.value is not None:
            before = (*template.variables, *template.computed[:index])
            _check_names(one.value, before, f"computed[{index}].value", mistakes)
        if find(template.variables, (one.name,)) is not None:
            mistakes.add(_FILE, f"computed[{index}].name", N_("The name “{name}” is there twice."), name=one.name)
    for index, clause in enumerate(template.clauses):
        if clause.when is not None:
            known_here = (*template.variables, *template.computed)
            _check_names(clause.when, known_here, f"clauses[{index}].when", mistakes)


def check_languages(clause: Clause, mistakes: Mistakes) -> None:
    """Note where a language of the clause has not the shape of the first one."""
    languages = tuple(clause.texts)
    if len(languages) < 2:
        return
    first = list(_shape(clause.texts[languages[0]].body))
    for lang in languages[1:]:
        file = f"clauses/{clause.id}.{lang}.md"
        other = list(_shape(clause.texts[lang].body))
        for (expected, _), (found, line) in zip(first, other, strict=False):
            if expected != found:
                mistakes.add(
                    file,
                    "",
                    N_("Here stands {found}; {language} has {expected}."),
                    line,
                    found=found,
                    expected=expected,
                    language=languages[0],
                )
                break
        else:
            if len(first) != len(other):
                mistakes.add(
                    file,
                    "",
                    N_("{count} parts stand here; {language} has {expected}."),
                    count=len(other),
                    expected=len(first),
                    language=languages[0],
                )


def _shape(body: Sequence[TextNode]) -> Iterator[tuple[str, int]]:
    """What must be the same in each language, as words for the message, with the line."""
    for node in body:
        if isinstance(node, Paragraph):
            paths = sorted({".".join(part.path) for part in node.parts if isinstance(part, Reference)})
            kind = "an item" if node.item else "a paragraph"
            yield kind + (f" with {', '.join(paths)}" if paths else ""), node.line
            continue
        if isinstance(node, WhenBlock):
            yield f"[when {node.condition.text}]", node.line
        else:
            yield f"[each {node.name} in {'.'.join(node.path)}]", node.line
        yield from _shape(node.body)
        yield "[end]", node.line


def _check_texts(
    file: str, lang: str, body: Sequence[TextNode], known: tuple[Variable, ...], mistakes: Mistakes
) -> None:
    for node in body:
        if isinstance(node, Paragraph):
            for part in node.parts:
                if isinstance(part, Reference):
                    _check_reference(file, lang, node.line, part, known, mistakes)
        elif isinstance(node, WhenBlock):
            for path in sorted(node.condition.names()):
                if find(known, path) is None:
                    mistakes.add(
                        file, "", N_("“{path}” is not a value that is known here."), node.line, path=".".join(path)
                    )
            _check_texts(file, lang, node.body, known, mistakes)
        else:
            _check_each(file, lang, node, known, mistakes)


def _check_each(file: str, lang: str, node: EachBlock, known: tuple[Variable, ...], mistakes: Mistakes) -> None:
    variable = find(known, node.path)
    if variable is None or variable.item is None:
        mistakes.add(file, "", N_("“{path}” is not a list that is known here."), node.line, path=".".join(node.path))
        return
    if any(one.name == node.name for one in known):
        mistakes.add(file, "", N_("The name “{name}” is there twice."), node.line, name=node.name)
    _check_texts(file, lang, node.body, (*known, replace(variable.item, name=node.name)), mistakes)


def _check_reference(
    file: str, lang: str, line: int, reference: Reference, known: tuple[Variable, ...], mistakes: Mistakes
) -> None:
    path = ".".join(reference.path)
    variable = find(known, reference.path)
    if variable is None:
        mistakes.add(file, "", N_("“{path}” is not a value that is known here."), line, path=path)
        return
    formats = formats_of(variable)
    if not formats:
        mistakes.add(file, "", N_("“{path}” is a record; name one of its parts."), line, path=path)
    elif reference.format is not None and reference.format not in formats:
        mistakes.add(
            file,
            "",
            N_("“{format}” is not a way to write “{path}”; there are: {formats}."),
            line,
            format=reference.format,
            path=path,
            formats=", ".join(formats),
        )
    elif reference.format in ("words", "count", "times") and lang not in _WORDS_ONLY_IN:
        mistakes.add(file, "", N_("Numbers are not written in words in {language}."), line, language=lang)
