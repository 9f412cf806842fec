"""A decision on a version, and why one may not count. Counting is approvals.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agreements.approval_routes import PersonId
from agreements.errors import N_

APPROVE = "approve"
REQUEST_CHANGES = "request_changes"
REJECT = "reject"
VERDICTS = (APPROVE, REQUEST_CHANGES, REJECT)

#: Why a decision does not count, in words for people.
VOID_REASONS: Mapping[str, str] = {
    "version_changed": N_("The content changed after this decision."),
    "out_of_turn": N_("The stage was not open."),
    "not_an_approver": N_("The person was not asked in this stage."),
    "own_draft": N_("Author, last editor or signatory of the version cannot decide here."),
    "already_decided": N_("The person had already decided on this version."),
    "unknown_verdict": N_("This is not one of the possible decisions."),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided. `on_behalf_of`: the approver who delegated to them; None for their own voice."""

    stage_id: str
    person_id: PersonId
    on_behalf_of: PersonId | None
    verdict: str
    version_sha256: str
    text: str
    at: datetime

    @property
    def principal(self) -> PersonId:
        """The approver whose decision this is."""
        return self.on_behalf_of or self.person_id


@dataclass(frozen=True, slots=True)
class Voided:
    """A decision that does not count, with a key of VOID_REASONS."""

    decision: Decision
    reason: str
