"""A clause of a template, and the same clause resolved: numbered, with its values in place.

Numbers come from the order of the clauses that stand, so the languages cannot diverge. Texts are clause_texts.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agreements.clause_texts import ClauseText, Scope, Written, written
from agreements.expressions import Expression
from agreements.languages import CHINESE, Lang, Texts

BINDING = ("yes", "no", "inherit")
LOCKS = ("none", "legal", "fixed")
NUMBERINGS = ("numbered", "plain")


@dataclass(frozen=True)
class Clause:
    """A clause as the template has it.

    `lock`: who may change its text in a draft: anyone, legal staff, nobody. `numbering`: whether its paragraphs carry
    numbers (5.1, 5.2) when there are several.
    """

    id: str
    binding: str
    texts: Mapping[Lang, ClauseText]
    when: Expression | None = None
    lock: str = "none"
    numbering: str = "numbered"

    def title(self) -> Texts:
        """The title in each language."""
        return {lang: text.title for lang, text in self.texts.items()}


@dataclass(frozen=True)
class ResolvedClause:
    """A clause as it stands in a version.

    `paragraphs` hold the same paragraph in each language. `labels` run parallel: what stands before the paragraph, the
    same place in the tree in each language ("5.1"; "（1）" / "(1)" for an item; "" for none).
    """

    id: str
    number: int
    binding: bool
    title: Texts
    paragraphs: tuple[Texts, ...]
    labels: tuple[Texts, ...] = field(default=())


def resolve(clause: Clause, number: int, *, binding: bool, scope: Scope) -> ResolvedClause:
    """Put the values into every paragraph. Raises ValueMissing."""
    per_language = {lang: written(text, scope, lang, clause.id) for lang, text in clause.texts.items()}
    rows = [dict(zip(per_language, row, strict=True)) for row in zip(*per_language.values(), strict=True)]
    first = next(iter(per_language.values()))
    return ResolvedClause(
        clause.id,
        number,
        binding,
        clause.title(),
        tuple({lang: one.text for lang, one in row.items()} for row in rows),
        labels(first, number, tuple(per_language), numbered=clause.numbering == "numbered"),
    )


def labels(
    written_paragraphs: Sequence[Written], number: int, languages: tuple[Lang, ...], *, numbered: bool
) -> tuple[Texts, ...]:
    """The label of each paragraph: n.1, n.2 when there are several, (1), (2) for items, beginning anew in each list.

    A clause that is not numbered (the list of the parties) has none at all.
    """
    if not numbered:
        return tuple(dict.fromkeys(languages, "") for _ in written_paragraphs)
    several = sum(1 for one in written_paragraphs if not one.item) > 1
    found: list[Texts] = []
    paragraph = item = 0
    for one in written_paragraphs:
        if one.item:
            item += 1
            found.append({lang: f"（{item}）" if lang == CHINESE else f"({item})" for lang in languages})
        else:
            paragraph, item = paragraph + 1, 0
            found.append(dict.fromkeys(languages, f"{number}.{paragraph}" if several else ""))
    return tuple(found)
