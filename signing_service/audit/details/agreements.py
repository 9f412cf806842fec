"""What is recorded about drafts, review, approval, and the states and files of an agreement.

Ids, numbers, codes and hashes only. What a person typed (`words`) is personal data and goes into a disclosure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class AgreementCreated:
    """An agreement was begun from a template; `relation` says what it does to its `predecessor`, if it has one."""

    agreement_no: str | None
    template: str
    template_version: str
    template_sha256: str
    predecessor: str | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """Values of the draft changed; `changed` are the paths of the fields."""

    draft_revision: int
    values_sha256: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TranslationConfirmed:
    """A person said that a translation still is right although the text it translates was edited."""

    path: str
    language: str
    draft_revision: int


@dataclass(frozen=True, slots=True)
class VersionSaved:
    """An immutable version was made; its hash is its identity, its number a name for people."""

    version: int
    version_sha256: str
    previous_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class CommentAdded:
    """A comment was anchored to a clause of a version; a blocking one stops freezing."""

    comment: str
    version_sha256: str
    clause: str | None = None
    blocking: bool = False
    shared: bool = False
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class CommentClosed:
    """A comment was settled: resolved or wont_do."""

    comment: str
    outcome: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ReviewSubmitted:
    """A version went into review; `stages` is the route in order, `route_sha256` the route with its people."""

    version: int
    version_sha256: str
    stages: tuple[str, ...]
    route_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalRouteChanged:
    """The route of one agreement was adapted, or with `restored` given back to its template."""

    stages: tuple[str, ...]
    route_sha256: str | None = None
    restored: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalDecided:
    """A decision of one approver on one version: given, changes requested or rejected (the action says which)."""

    stage: str
    version_sha256: str
    on_behalf_of: str | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class ApprovalDelegated:
    """An approver named a delegate for whole days, counted in `zone`."""

    delegate: str
    begins_on: date
    ends_on: date
    zone: str | None = None
    delegation: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalDelegationRevoked:
    """An approver took a delegation back; what was decided by it before stays decided."""

    delegation: str
    delegate: str


@dataclass(frozen=True, slots=True)
class ApprovalEscalated:
    """A deadline passed and approvers were added; nobody approved by it."""

    stage: str
    added: tuple[str, ...]
    version_sha256: str


@dataclass(frozen=True, slots=True)
class ApprovalsVoided:
    """Decisions lost their force because the content changed (or for another reason code)."""

    reason: str
    decisions: int
    old_sha256: str
    new_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementApproved:
    """Every stage of the route passed for this version."""

    version: int
    version_sha256: str


@dataclass(frozen=True, slots=True)
class ReviewEnded:
    """A review ended without approval: changes were requested, or the version was rejected (the action says which)."""

    version: int
    version_sha256: str


@dataclass(frozen=True, slots=True)
class AgreementReopened:
    """A review or an approval was left for drafting again."""

    from_state: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class AgreementScheduled:
    """The frozen agreement was given a ceremony."""

    ceremony: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class AgreementCompleted:
    """Every required signature is there: the agreement is concluded.

    The `seq` of this entry is the number of entries of the agreement before it.
    """

    pdf_sha256: str
    signatures: int
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementEnded:
    """An agreement came to an end without being concluded: declined, withdrawn, expired or void (the action says).

    `signed` is how many had signed. Void takes two: `asked_by` is the first person, the actor is the second.
    """

    from_state: str
    reason: str | None = None
    ceremony: str | None = None
    signed: int | None = None
    asked_by: str | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class VoidAsked:
    """One person asked to declare a partly signed agreement void; nothing has changed until another confirms."""

    ending: str
    signed: int
    ceremony: str | None = None
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class VoidDropped:
    """The question was taken back or refused; the agreement goes on."""

    ending: str
    asked_by: str
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """Until when the agreement is open for signature (UTC, the first moment too late); without, for ever."""

    until: datetime | None = None
    zone: str | None = None
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementSuperseded:
    """Another agreement took its place."""

    by: str


@dataclass(frozen=True, slots=True)
class DocumentFrozen:
    """The approved version became the very PDF that will be signed."""

    version: int
    version_sha256: str
    pdf_sha256: str
    pages: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSealed:
    """The service's certification signature was put on the frozen PDF."""

    base_sha256: str
    pdf_sha256: str
    certificate_sha256: str
    custody: str


@dataclass(frozen=True, slots=True)
class DocumentClosed:
    """The signed PDF was brought to long-term level; `level` is what was read back from the file."""

    pdf_sha256: str
    level: str
    signatures: int
    ceremony: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentDownloaded:
    """Somebody took a file home; `kind` is draft, frozen, signed, report or evidence."""

    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class EvidenceExported:
    """An evidence bundle was made, with the log as it stood at `log_size` entries."""

    sha256: str
    log_size: int


@dataclass(frozen=True, slots=True)
class VerificationDone:
    """A file was verified; the words are those of EN 319 102-1."""

    file_sha256: str
    indication: str
    sub_indication: str | None = None
    signatures: int = 0
