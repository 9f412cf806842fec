"""One line of the list of clauses beside a text: where it leads and what stands at its end."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.languages import Texts


@dataclass(frozen=True, slots=True)
class ClauseLink:
    """A link to a clause. `count` are its changes; `mark` is a word that stands in place of the count ("new").

    `kind`: how it stands to the template: standard, variant, custom, added; "" says nothing about it.
    """

    id: str
    number: int
    title: Texts
    count: int = 0
    mark: str = ""
    kind: str = ""

    @property
    def changed(self) -> bool:
        """Whether the line is drawn as one that needs reading."""
        return bool(self.count or self.mark)
