"""Few sets of choices in which every two values of different choices stand together at least once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any


def in_pairs(choices: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Sets of one value for each choice, found greedily; always the same ones in the same order."""
    positions = {key: range(len(values)) for key, values in choices.items()}
    missing = {
        frozenset(((one, i), (other, j)))
        for one, other in combinations(choices, 2)
        for i, j in product(positions[one], positions[other])
    }
    while missing:
        row = dict(min(sorted(pair) for pair in missing))
        for key in choices:
            if key not in row:
                gains = [sum(frozenset(((key, i), one)) in missing for one in row.items()) for i in positions[key]]
                row[key] = gains.index(max(gains))
        missing -= set(map(frozenset, combinations(row.items(), 2)))
        yield {key: choices[key][row[key]] for key in choices}
