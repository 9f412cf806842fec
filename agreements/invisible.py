"""Characters that nobody sees: what is read must be all there is."""

import unicodedata

_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def invisible(text: str, allowed: str = "") -> frozenset[str]:
    """Those of its characters that are controls, marks of direction, zero widths, line separators or unassigned, but
    for the `allowed` ones."""
    return frozenset(one for one in {*text}.difference(allowed) if unicodedata.category(one) in _CATEGORIES)


def first_invisible(text: str, allowed: str = "") -> str | None:
    """The first of them; None when everything can be seen."""
    strange = invisible(text, allowed)
    return next(one for one in text if one in strange) if strange else None
