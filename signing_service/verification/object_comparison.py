"""Two objects of two revisions compared by what they hold, however their numbers differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose

from pyhanko.pdf_utils import generic

from signing_service.verification.pdf_access import entry, resolved
from signing_service.verification.words import say

MAINTENANCE, SIGNING, FORM_FILL, ANNOTATION, UNEXPLAINED = (
    "maintenance",
    "signing",
    "form_fill",
    "annotation",
    "unexplained",
)
MAX_NODES = 200_000
SKIPPED_KEYS = frozenset({"/Parent", "/P", "/StructParent", "/StructParents"})
NUMBERS = (generic.NumberObject, generic.FloatObject)
PRECISION = 1e-5  # of the number itself: programs write 612.0 for 612, 608.8574 for 608.857422 and 1.7349854 for 1.735
Raw = generic.PdfObject


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its class, a page (1-based, 0: none), and a sentence per language."""

    kind: str
    page: int
    text: Mapping[str, str]


def difference(kind: str, place: int, sentence: str, /, **params: object) -> Difference:
    """A difference with its sentence filled in."""
    return Difference(kind, place, say(f"difference.{sentence}", **params))


@dataclass
class Budget:
    """Bounds the work on a hostile file; pairs already compared are taken as equal (cycles end there).

    A reference to a page from outside the page tree stands for the page itself, which is compared on its own.
    """

    nodes: int = MAX_NODES
    seen: set[tuple[int, int, int, int]] = field(default_factory=set)
    pages: frozenset[tuple[int, int]] = frozenset()


class ComparisonTooLarge(Exception):
    """More objects than a comparison may look at."""


def same(first: Raw | None, second: Raw | None) -> bool:
    """Whether two objects of two revisions hold the same; raises ComparisonTooLarge, or anything on a broken file."""
    return equal(first, second, Budget())


def equal(first: Raw | None, second: Raw | None, budget: Budget) -> bool:
    """Deep equality by value; references may point to different numbers if what they hold is equal."""
    stack: list[tuple[Raw | None, Raw | None]] = [(first, second)]
    passed: list[tuple[int, int, int, int]] = []
    while stack:
        budget.nodes -= 1
        if budget.nodes < 0:
            raise ComparisonTooLarge
        old, new = stack.pop()
        children: list[tuple[Raw | None, Raw | None]] | None
        if old is None or new is None:
            children = [] if old is new else None
        elif isinstance(old, generic.IndirectObject) and isinstance(new, generic.IndirectObject):
            pair = (old.idnum, old.generation, new.idnum, new.generation)
            if pair in budget.seen or (pair[:2] == pair[2:] and pair[:2] in budget.pages):
                continue
            budget.seen.add(pair)
            passed.append(pair)
            children = _children(resolved(old), resolved(new))
        else:
            children = _children(resolved(old), resolved(new))
        if children is None:
            budget.seen.difference_update(passed)  # what was only begun is not known to be equal
            return False
        stack.extend(children)
    return True


def _children(old: Raw, new: Raw) -> list[tuple[Raw | None, Raw | None]] | None:
    """Pairs still to compare, or None when these two already differ."""
    if isinstance(old, generic.DictionaryObject) and isinstance(new, generic.DictionaryObject):
        if isinstance(old, generic.StreamObject) != isinstance(new, generic.StreamObject):
            return None
        if _stream_data(old) != _stream_data(new):
            return None
        if old.keys() != new.keys():
            return None
        skipped = SKIPPED_KEYS | {"/Data"} if "/TransformMethod" in old else SKIPPED_KEYS
        return [
            (old.raw_get(key), new.raw_get(key)) for key in old if key not in skipped or _holds_a_list(old, new, key)
        ]
    if isinstance(old, generic.ArrayObject) and isinstance(new, generic.ArrayObject):
        if len(old) != len(new):
            return None
        return [(old.raw_get(index), new.raw_get(index)) for index in range(len(old))]
    if isinstance(old, generic.FloatObject) or isinstance(new, generic.FloatObject):
        return [] if _same_number(old, new) else None
    if isinstance(old, (generic.DictionaryObject, generic.ArrayObject)) or type(old) is not type(new):
        return None
    return [] if old == new else None


def _holds_a_list(old: generic.DictionaryObject, new: generic.DictionaryObject, key: str) -> bool:
    """Whether an entry that leads upwards elsewhere is one that says something: properties of a tag (14.7.6.4)."""
    return key == "/P" and any(isinstance(entry(node, key), generic.ArrayObject) for node in (old, new))


def _same_number(old: Raw, new: Raw) -> bool:
    """Whether two numbers, one of which is no whole one, are the same as readers hold them; nothing is like nought."""
    if not isinstance(old, NUMBERS) or not isinstance(new, NUMBERS):
        return False
    return isclose(float(old), float(new), rel_tol=PRECISION)


def _stream_data(node: generic.DictionaryObject) -> bytes | None:
    return bytes(node.encoded_data) if isinstance(node, generic.StreamObject) else None
