"""difflib's matcher with a bound on its work, so that no pair of texts keeps a server busy.

On text that repeats itself difflib is cubic: 4,000 characters may take minutes. What one comparison costs is counted
in steps, never in seconds, so the same two texts always give the same answer. It knows nothing of clauses or words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T", bound=Hashable)
STEPS = (
    24_000_000  # about two seconds; two versions of 400,000 characters that differ in every sentence need half of it
)
_SHARE = 8  # one look may take this part of what is left, so that no monster starves the paragraphs after it


class Work:
    """The steps that one comparison may still take."""

    def __init__(self, steps: int = STEPS) -> None:
        self.left = steps

    def take(self, steps: int) -> bool:
        """Whether so many steps may be taken; they count as taken then."""
        granted = steps * _SHARE <= self.left
        if granted:
            self.left -= steps
        return granted


class Matcher(SequenceMatcher[T]):
    """A SequenceMatcher that finds nothing more in common where looking on would take too long."""

    def __init__(self, old: Sequence[T], new: Sequence[T], work: Work) -> None:
        super().__init__(None, old, new, autojunk=False)
        there = Counter(new)
        self._work = work
        self._steps = list(accumulate((1 + there[one] for one in old), initial=0))

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """The longest stretch both have in these parts; an empty one when finding it would take too long."""
        last = len(self._steps) - 1 if ahi is None else ahi
        if self._work.take(self._steps[last] - self._steps[alo]):
            return super().find_longest_match(alo, ahi, blo, bhi)
        return Match(alo, blo, 0)
