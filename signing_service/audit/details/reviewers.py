"""What is recorded about the partner's review: versions shown, comments shared, proposals sent and decided.

Ids, numbers and hashes only. What was proposed stands beside the agreement, not in the log.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class VersionShared:
    """Legal staff let a reviewer read a version."""

    reviewer: str
    version: int
    version_sha256: str


@dataclass(frozen=True, slots=True)
class CommentShared:
    """An internal comment, or one of one party's reviewer, became visible to the reviewers of every party."""

    comment: str


@dataclass(frozen=True, slots=True)
class ProposalSent:
    """A reviewer proposed other words for a clause; `text_sha256` is over titles and texts in canonical JSON."""

    proposal: str
    version_sha256: str
    clause: str
    languages: tuple[str, ...]
    text_sha256: str


@dataclass(frozen=True, slots=True)
class ProposalShared:
    """A proposal became visible to the reviewers of the other parties."""

    proposal: str


@dataclass(frozen=True, slots=True)
class ProposalAccepted:
    """A proposal went into the draft, word for word or amended; `before_sha256` is what it was compared with."""

    proposal: str
    clause: str
    amended: bool
    before_sha256: str
    draft_revision: int
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ProposalRejected:
    """A proposal was turned down."""

    proposal: str
    clause: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """A reviewer said that they have no more remarks on a version."""

    reviewer: str
    version: int
    version_sha256: str
