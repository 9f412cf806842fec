"""What is said of one step between two revisions, and of all steps after one signature."""

from dataclasses import dataclass

from signing_service.verification.object_comparison import Difference


@dataclass(frozen=True, slots=True)
class RevisionChange:
    """What revision `index` (0-based, as the reader counts) did to the one before it."""

    index: int
    kind: str
    fields: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    explained_by_content: bool = False


@dataclass(frozen=True, slots=True)
class ChangesAfter:
    """Changes after one signature: the gravest class, the fields, and why it is not permitted (empty: it is)."""

    kind: str
    fields: tuple[str, ...] = ()
    not_permitted: str = ""
    locked: tuple[str, ...] = ()
    first_bad: int | None = None
