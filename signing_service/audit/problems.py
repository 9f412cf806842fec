"""What a check of the log can find, in words that name the entry; a finding is not an exception.

Every problem says which rule was broken and where: index in the log, agreement with its own count, and type, as far as
they can still be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from signing_service.errors import N_


class ProblemKind(StrEnum):
    """What is wrong; the values are stable codes."""

    ENTRY_MISSING = "entry_missing"
    ENTRY_OUT_OF_ORDER = "entry_out_of_order"
    ENTRY_BEYOND_HEAD = "entry_beyond_head"
    ENTRY_MALFORMED = "entry_malformed"
    ENTRY_CHANGED = "entry_changed"
    COLUMN_DIFFERS = "column_differs"
    SEQ_BROKEN = "seq_broken"
    PREV_BROKEN = "prev_broken"
    NODE_WRONG = "node_wrong"
    NODE_MISSING = "node_missing"
    NODE_EXTRA = "node_extra"
    DISCLOSURE_WRONG = "disclosure_wrong"
    DISCLOSURE_GONE = "disclosure_gone"
    DISCLOSURE_KEPT = "disclosure_kept"
    CHECKPOINT_MALFORMED = "checkpoint_malformed"
    CHECKPOINT_UNTRUSTED = "checkpoint_untrusted"
    CHECKPOINT_MISFILED = "checkpoint_misfiled"
    CHECKPOINT_BEYOND_LOG = "checkpoint_beyond_log"
    CHECKPOINT_ROOT = "checkpoint_root"
    CHECKPOINT_CONSISTENCY = "checkpoint_consistency"
    TIMESTAMP_WRONG = "timestamp_wrong"
    COSIGNATURE_WRONG = "cosignature_wrong"
    HIGH_WATER_BEHIND = "high_water_behind"
    HIGH_WATER_ROOT = "high_water_root"
    HIGH_WATER_MISSING = "high_water_missing"
    NOT_COVERED = "not_covered"
    PROOF_WRONG = "proof_wrong"
    OTHER_AGREEMENT = "other_agreement"
    NOT_CLOSED = "not_closed"
    UNREADABLE = "unreadable"


WORDS: Final[Mapping[ProblemKind, str]] = MappingProxyType(
    {
        ProblemKind.ENTRY_MISSING: N_("missing"),
        ProblemKind.ENTRY_OUT_OF_ORDER: N_("in the wrong place, or there twice"),
        ProblemKind.ENTRY_BEYOND_HEAD: N_("beyond the end of the log"),
        ProblemKind.ENTRY_MALFORMED: N_("not readable as an entry"),
        ProblemKind.ENTRY_CHANGED: N_("changed: the bytes do not have the hash that was stored with them"),
        ProblemKind.COLUMN_DIFFERS: N_("a database column differs from the entry itself"),
        ProblemKind.SEQ_BROKEN: N_("the count of the agreement is broken here"),
        ProblemKind.PREV_BROKEN: N_(
            "does not follow from the entry of the same agreement before it; one of the two was changed"
        ),
        ProblemKind.NODE_WRONG: N_("a stored tree hash does not follow from the entries"),
        ProblemKind.NODE_MISSING: N_("a stored tree hash is missing"),
        ProblemKind.NODE_EXTRA: N_("a stored tree hash belongs to no entry"),
        ProblemKind.DISCLOSURE_WRONG: N_(
            "personal data beside the entry is not what the entry names: it was changed or added"
        ),
        ProblemKind.DISCLOSURE_GONE: N_("personal data beside the entry is gone without a record of its erasure"),
        ProblemKind.DISCLOSURE_KEPT: N_("personal data beside the entry is recorded as erased and still there"),
        ProblemKind.CHECKPOINT_MALFORMED: N_("not readable as a checkpoint"),
        ProblemKind.CHECKPOINT_UNTRUSTED: N_("not signed by a known key of this log"),
        ProblemKind.CHECKPOINT_MISFILED: N_("stored under another size or origin than it says"),
        ProblemKind.CHECKPOINT_BEYOND_LOG: N_("covers more entries than there are: entries were removed"),
        ProblemKind.CHECKPOINT_ROOT: N_("does not agree with the entries: they are not those that were signed"),
        ProblemKind.CHECKPOINT_CONSISTENCY: N_("does not continue the checkpoint before it"),
        ProblemKind.TIMESTAMP_WRONG: N_("a time stamp does not hold"),
        ProblemKind.COSIGNATURE_WRONG: N_("a signature of a witness does not hold"),
        ProblemKind.HIGH_WATER_BEHIND: N_("covers more entries than there are: this database is an older copy"),
        ProblemKind.HIGH_WATER_ROOT: N_("does not agree with the entries: they are not those that were signed"),
        ProblemKind.HIGH_WATER_MISSING: N_(
            "is gone: nothing shows that this database is not an older copy; put it back with “audit adopt”"
        ),
        ProblemKind.NOT_COVERED: N_("not covered by the checkpoint"),
        ProblemKind.PROOF_WRONG: N_("the proof does not show that the log holds this entry"),
        ProblemKind.OTHER_AGREEMENT: N_("belongs to another agreement"),
        ProblemKind.NOT_CLOSED: N_("the slice does not end with the conclusion of the agreement"),
        ProblemKind.UNREADABLE: N_("cannot be read"),
    }
)
"""What is said of each kind; the place stands before it, the detail after it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `index` names the entry (`last_index` too when a run is meant), `size` the checkpoint."""

    kind: ProblemKind
    detail: str = ""
    index: int | None = None
    last_index: int | None = None
    agreement: str | None = None
    seq: int | None = None
    type: str | None = None
    size: int | None = None

    @property
    def where(self) -> str:
        """Return the place in words: the entry with its agreement and type, or the checkpoint."""
        parts = []
        if self.size is not None:
            mark = self.kind.startswith("high_water")
            parts.append(f"{'high-water mark' if mark else 'checkpoint'} of {self.size} entries")
        if self.index is not None:
            run = self.last_index is not None and self.last_index != self.index
            parts.append(f"entries {self.index} to {self.last_index}" if run else f"entry {self.index}")
        if self.agreement is not None:
            parts.append(f"agreement {self.agreement} no. {self.seq}")
        if self.type is not None:
            parts.append(self.type)
        return ", ".join(parts) or "the log"

    def text(self) -> str:
        """Return the finding as one line."""
        return f"{self.where}: {WORDS[self.kind]}" + (f" ({self.detail})" if self.detail else "")


def format_problems(problems: Iterable[Problem]) -> str:
    """Return the findings as text for a terminal, one line each; empty when there are none."""
    return "\n".join(f"{problem.text()} [{problem.kind}]" for problem in problems)
