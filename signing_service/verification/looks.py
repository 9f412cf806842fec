"""How two revisions look beside each other, and what on a page is hidden or covered: the facts, without the drawing."""

from dataclasses import dataclass

HIDDEN, OVERLAPPING, INVISIBLE, COVERED_TEXT = "hidden", "overlapping", "invisible_text", "covered_text"


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page in fractions of its size, from the upper left corner."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page (from 1) that looks different, and where; of a page that only one side has, all of it."""

    page: int
    boxes: tuple[Box, ...]
    only_before: bool = False
    only_after: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Two revisions as they look. `compared` is how many pages were drawn: a very long file is not drawn to its end."""

    before: int
    after: int
    pages_before: int
    pages_after: int
    compared: int
    changes: tuple[PageChange, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a page (from 1) that a reader does not see or that covers something else."""

    page: int
    kind: str
    box: Box
    name: str = ""
