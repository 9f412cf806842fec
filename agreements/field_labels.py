"""What a field is called in full: the labels from the outside in, with row numbers and the language of a text.

"Party 1 · Legal name · English" names one field of a long form beyond doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agreements.languages import CHINESE, Lang, Texts, choose
from agreements.variables import Variable

LANGUAGE_NAMES: Mapping[Lang, str] = {"zh-Hans": "中文", "en": "English", "de": "Deutsch", "fi": "suomi"}
PART_LABELS: Mapping[str, Texts] = {
    "amount": {"zh-Hans": "金额", "en": "Amount", "de": "Betrag", "fi": "Määrä"},
    "currency": {"zh-Hans": "币种", "en": "Currency", "de": "Währung", "fi": "Valuutta"},
    "count": {"zh-Hans": "数量", "en": "Number", "de": "Anzahl", "fi": "Määrä"},
    "unit": {"zh-Hans": "单位", "en": "Unit", "de": "Einheit", "fi": "Yksikkö"},
    "scheme": {"zh-Hans": "种类", "en": "Kind", "de": "Art", "fi": "Laji"},
    "value": {"zh-Hans": "号码", "en": "Number", "de": "Nummer", "fi": "Numero"},
}
SEPARATOR = " · "


def full_label(variables: Sequence[Variable], path: str, languages: Sequence[Lang]) -> Texts:
    """The full label of a dotted path in each language; parts no variable is there for are named as they are."""
    return {lang: SEPARATOR.join(_pieces(variables, path.split("."), lang)) for lang in languages}


def _pieces(variables: Sequence[Variable], segments: list[str], lang: Lang) -> list[str]:
    pieces: list[str] = []
    known: Sequence[Variable] = variables
    row_of: Variable | None = None
    for segment in segments:
        if row_of is not None and segment.isdigit():
            space = "" if lang == CHINESE else " "
            pieces[-1] += f"{space}{int(segment) + 1}"
            known, row_of = row_of.fields, None
            continue
        variable = next((one for one in known if one.name == segment), None)
        if variable is not None:
            pieces.append(choose(variable.label, lang) or segment)
            known, row_of = variable.fields, variable.item
        else:
            known, row_of = (), None
            pieces.append(_part(segment, lang))
    return pieces


def _part(segment: str, lang: Lang) -> str:
    if segment in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[segment]
    return choose(PART_LABELS[segment], lang) if segment in PART_LABELS else segment
