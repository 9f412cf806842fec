"""The catalogue: every action with the form of its details and the audiences that see it live in a ceremony.

One row per action, nothing else. The log, webhooks and live views read it; a test proves that no action is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from signing_service.audit.actions import Action, Audience
from signing_service.audit.details import (
    agreements,
    ceremonies,
    clauses,
    custodies,
    log,
    organisations,
    passkeys,
    people,
    rehearsals,
    reviewers,
    signatures,
    templates,
)

NOBODY: Final[frozenset[Audience]] = frozenset()
HOST: Final = frozenset({Audience.HOST})
ROOM: Final = frozenset({Audience.HOST, Audience.SEAT})
EVERYONE: Final = frozenset(Audience)


@dataclass(frozen=True, slots=True)
class Kind:
    """What belongs to an action: the class of its details, and who sees it live (when it carries a ceremony)."""

    details: type[Any]
    live: frozenset[Audience]


CATALOGUE: Final[Mapping[Action, Kind]] = MappingProxyType(
    {
        # People
        Action.PERSON_CREATED: Kind(people.PersonCreated, NOBODY),
        Action.PERSON_CHANGED: Kind(people.PersonChanged, NOBODY),
        Action.PERSON_SIGN_IN_LINK_SENT: Kind(people.PersonSignInLinkSent, NOBODY),
        Action.PERSON_SIGNED_IN: Kind(people.PersonSignedIn, NOBODY),
        Action.PERSON_SIGN_IN_REFUSED: Kind(people.PersonSignInRefused, NOBODY),
        Action.PERSON_SIGNED_OUT: Kind(people.PersonSignedOut, NOBODY),
        Action.ACCESS_REFUSED: Kind(people.AccessRefused, HOST),
        # The directory of parties
        Action.ORGANISATION_ADDED: Kind(organisations.OrganisationAdded, NOBODY),
        Action.ORGANISATION_CHANGED: Kind(organisations.OrganisationChanged, NOBODY),
        Action.ORGANISATION_ARCHIVED: Kind(organisations.OrganisationMoved, NOBODY),
        Action.ORGANISATION_RESTORED: Kind(organisations.OrganisationMoved, NOBODY),
        Action.ORGANISATIONS_IMPORTED: Kind(organisations.OrganisationsImported, NOBODY),
        Action.ORGANISATIONS_EXPORTED: Kind(organisations.OrganisationsExported, NOBODY),
        Action.ORGANISATION_EVIDENCE_ADDED: Kind(organisations.EvidenceAdded, NOBODY),
        Action.ORGANISATION_EVIDENCE_WITHDRAWN: Kind(organisations.EvidenceWithdrawn, NOBODY),
        # Drafting, review, approval
        Action.TEMPLATE_UPLOADED: Kind(templates.TemplateUploaded, NOBODY),
        Action.TEMPLATE_PUBLISHED: Kind(templates.TemplatePublished, NOBODY),
        Action.TEMPLATE_REJECTED: Kind(templates.TemplateRejected, NOBODY),
        Action.TEMPLATE_RETIRED: Kind(templates.TemplateRetired, NOBODY),
        Action.LIBRARY_CLAUSE_PROPOSED: Kind(clauses.LibraryClauseProposed, NOBODY),
        Action.LIBRARY_CLAUSE_APPROVED: Kind(clauses.LibraryClauseDecided, NOBODY),
        Action.LIBRARY_CLAUSE_DECLINED: Kind(clauses.LibraryClauseDecided, NOBODY),
        Action.LIBRARY_CLAUSE_RETIRED: Kind(clauses.LibraryClauseRetired, NOBODY),
        Action.AGREEMENT_CREATED: Kind(agreements.AgreementCreated, NOBODY),
        Action.DRAFT_SAVED: Kind(agreements.DraftSaved, NOBODY),
        Action.CLAUSE_CHOSEN: Kind(clauses.ClauseChosen, NOBODY),
        Action.CLAUSE_RESTORED: Kind(clauses.ClauseRestored, NOBODY),
        Action.TRANSLATION_CONFIRMED: Kind(agreements.TranslationConfirmed, NOBODY),
        Action.VERSION_SAVED: Kind(agreements.VersionSaved, NOBODY),
        Action.VERSION_SHARED: Kind(reviewers.VersionShared, NOBODY),
        Action.COMMENT_ADDED: Kind(agreements.CommentAdded, NOBODY),
        Action.COMMENT_SHARED: Kind(reviewers.CommentShared, NOBODY),
        Action.COMMENT_CLOSED: Kind(agreements.CommentClosed, NOBODY),
        Action.PROPOSAL_SENT: Kind(reviewers.ProposalSent, NOBODY),
        Action.PROPOSAL_SHARED: Kind(reviewers.ProposalShared, NOBODY),
        Action.PROPOSAL_ACCEPTED: Kind(reviewers.ProposalAccepted, NOBODY),
        Action.PROPOSAL_REJECTED: Kind(reviewers.ProposalRejected, NOBODY),
        Action.REVIEW_DONE: Kind(reviewers.ReviewDone, NOBODY),
        Action.REVIEW_SUBMITTED: Kind(agreements.ReviewSubmitted, NOBODY),
        Action.APPROVAL_GIVEN: Kind(agreements.ApprovalDecided, NOBODY),
        Action.APPROVAL_CHANGES_REQUESTED: Kind(agreements.ApprovalDecided, NOBODY),
        Action.APPROVAL_REJECTED: Kind(agreements.ApprovalDecided, NOBODY),
        Action.APPROVAL_ROUTE_CHANGED: Kind(agreements.ApprovalRouteChanged, NOBODY),
        Action.APPROVAL_DELEGATED: Kind(agreements.ApprovalDelegated, NOBODY),
        Action.APPROVAL_DELEGATION_REVOKED: Kind(agreements.ApprovalDelegationRevoked, NOBODY),
        Action.APPROVAL_ESCALATED: Kind(agreements.ApprovalEscalated, NOBODY),
        Action.APPROVALS_VOIDED: Kind(agreements.ApprovalsVoided, NOBODY),
        # The agreement and its document
        Action.AGREEMENT_APPROVED: Kind(agreements.AgreementApproved, NOBODY),
        Action.AGREEMENT_RETURNED: Kind(agreements.ReviewEnded, NOBODY),
        Action.AGREEMENT_REJECTED: Kind(agreements.ReviewEnded, NOBODY),
        Action.AGREEMENT_REOPENED: Kind(agreements.AgreementReopened, NOBODY),
        Action.AGREEMENT_SCHEDULED: Kind(agreements.AgreementScheduled, HOST),
        Action.AGREEMENT_COMPLETED: Kind(agreements.AgreementCompleted, EVERYONE),
        Action.AGREEMENT_DECLINED: Kind(agreements.AgreementEnded, ROOM),
        Action.AGREEMENT_WITHDRAWN: Kind(agreements.AgreementEnded, ROOM),
        Action.AGREEMENT_EXPIRED: Kind(agreements.AgreementEnded, ROOM),
        Action.AGREEMENT_VOIDED: Kind(agreements.AgreementEnded, ROOM),
        Action.AGREEMENT_VOID_ASKED: Kind(agreements.VoidAsked, HOST),
        Action.AGREEMENT_VOID_DROPPED: Kind(agreements.VoidDropped, HOST),
        Action.AGREEMENT_DEADLINE_SET: Kind(agreements.DeadlineSet, ROOM),
        Action.AGREEMENT_SUPERSEDED: Kind(agreements.AgreementSuperseded, NOBODY),
        Action.DOCUMENT_FROZEN: Kind(agreements.DocumentFrozen, NOBODY),
        Action.DOCUMENT_SEALED: Kind(agreements.DocumentSealed, NOBODY),
        Action.DOCUMENT_CLOSED: Kind(agreements.DocumentClosed, EVERYONE),
        Action.DOCUMENT_RENEWED: Kind(agreements.DocumentClosed, EVERYONE),
        Action.DOCUMENT_DOWNLOADED: Kind(agreements.DocumentDownloaded, NOBODY),
        Action.EVIDENCE_EXPORTED: Kind(agreements.EvidenceExported, NOBODY),
        Action.VERIFICATION_DONE: Kind(agreements.VerificationDone, NOBODY),
        # Links, codes, mails
        Action.INVITATION_SENT: Kind(people.InvitationSent, HOST),
        Action.INVITATION_OPENED: Kind(people.InvitationOpened, HOST),
        Action.INVITATION_REVOKED: Kind(people.InvitationRevoked, HOST),
        Action.INVITATION_COPIED: Kind(people.InvitationCopied, HOST),
        Action.CODE_SENT: Kind(people.CodeSent, HOST),
        Action.CODE_ACCEPTED: Kind(people.CodeAccepted, HOST),
        Action.CODE_REFUSED: Kind(people.CodeRefused, HOST),
        Action.MAIL_QUEUED: Kind(people.MailQueued, NOBODY),
        Action.MAIL_FAILED: Kind(people.MailFailed, HOST),
        # The ceremony
        Action.CEREMONY_PLANNED: Kind(ceremonies.CeremonyPlanned, HOST),
        Action.CEREMONY_CHANGED: Kind(ceremonies.CeremonyChanged, ROOM),
        Action.REHEARSAL_STARTED: Kind(rehearsals.RehearsalStarted, ROOM),
        Action.REHEARSAL_KEY_CERTIFIED: Kind(rehearsals.RehearsalKeyCertified, ROOM),
        Action.SEAT_REHEARSED: Kind(rehearsals.SeatRehearsed, ROOM),
        Action.CEREMONY_REHEARSED: Kind(rehearsals.CeremonyRehearsed, ROOM),
        Action.CEREMONY_DOORS_OPENED: Kind(ceremonies.CeremonyMoved, EVERYONE),
        Action.CEREMONY_LIVE: Kind(ceremonies.CeremonyMoved, EVERYONE),
        Action.CEREMONY_STEP_SHOWN: Kind(ceremonies.CeremonyStepShown, EVERYONE),
        Action.CEREMONY_PAUSED: Kind(ceremonies.CeremonyPaused, EVERYONE),
        Action.CEREMONY_RESUMED: Kind(ceremonies.CeremonyMoved, EVERYONE),
        Action.CEREMONY_HOST_CHANGED: Kind(ceremonies.CeremonyHostChanged, ROOM),
        Action.CEREMONY_ADJOURNED: Kind(ceremonies.CeremonyAdjourned, EVERYONE),
        Action.CEREMONY_CONCLUDED: Kind(ceremonies.CeremonyMoved, EVERYONE),
        Action.CEREMONY_ABORTED: Kind(ceremonies.CeremonyAborted, EVERYONE),
        Action.ROUND_OPENED: Kind(ceremonies.RoundOpened, EVERYONE),
        Action.ROUND_SIGNED: Kind(ceremonies.RoundSigned, EVERYONE),
        Action.ROUND_REOPENED: Kind(ceremonies.RoundReopened, EVERYONE),
        Action.SEAT_JOINED: Kind(ceremonies.SeatMoved, EVERYONE),
        Action.SEAT_IDENTIFIED: Kind(ceremonies.SeatIdentified, ROOM),
        Action.SEAT_DOCUMENT_READ: Kind(ceremonies.SeatDocumentRead, ROOM),
        Action.SEAT_TESTED: Kind(ceremonies.SeatTested, ROOM),
        Action.SEAT_READY: Kind(ceremonies.SeatMoved, EVERYONE),
        Action.SEAT_LOST: Kind(ceremonies.SeatMoved, ROOM),
        Action.SEAT_SKIPPED: Kind(ceremonies.SeatSkipped, EVERYONE),
        Action.SEAT_REPLACED: Kind(ceremonies.SeatReplaced, EVERYONE),
        Action.SEAT_DECLINED: Kind(ceremonies.SeatDeclined, ROOM),
        Action.WITNESS_STATED: Kind(ceremonies.WitnessStated, EVERYONE),
        Action.OBJECTION_RAISED: Kind(ceremonies.ObjectionRaised, HOST),
        Action.PARTICIPANTS_IMPORTED: Kind(ceremonies.ParticipantsImported, NOBODY),
        Action.MEETING_ARRANGED: Kind(ceremonies.MeetingArranged, NOBODY),
        # Signing
        Action.CUSTODY_CHOSEN: Kind(custodies.CustodyChosen, NOBODY),
        Action.CERTIFICATE_BOUND: Kind(custodies.CertificateBound, ROOM),
        Action.EXTERNAL_SEAL_ADDED: Kind(custodies.ExternalSealAdded, NOBODY),
        Action.EXTERNAL_SEAL_WITHDRAWN: Kind(custodies.ExternalSealWithdrawn, NOBODY),
        Action.CERTIFICATE_ISSUED: Kind(signatures.CertificateIssued, ROOM),
        Action.CERTIFICATE_REVOKED: Kind(signatures.CertificateRevoked, NOBODY),
        Action.PASSKEY_REGISTERED: Kind(passkeys.PasskeyRegistered, ROOM),
        Action.PASSKEY_CONFIRMED: Kind(passkeys.PasskeyConfirmed, ROOM),
        Action.CONSENT_GIVEN: Kind(signatures.ConsentGiven, ROOM),
        Action.SIGNATURE_PREPARED: Kind(signatures.SignaturePrepared, HOST),
        Action.SIGNATURE_APPLIED: Kind(signatures.SignatureApplied, EVERYONE),
        Action.SIGNATURE_FAILED: Kind(signatures.SignatureFailed, HOST),
        Action.SIGNATURE_TURN_LOST: Kind(signatures.SignatureTurnLost, HOST),
        Action.SIGNATURE_TIMESTAMP_PENDING: Kind(signatures.SignatureTimestampPending, ROOM),
        Action.SIGNATURE_TIMESTAMPED: Kind(signatures.SignatureTimestamped, ROOM),
        # Keys and the log itself
        Action.KEY_CREATED: Kind(signatures.KeyCreated, NOBODY),
        Action.KEY_CERTIFIED: Kind(signatures.KeyCertified, NOBODY),
        Action.KEY_RETIRED: Kind(signatures.KeyRetired, NOBODY),
        Action.DISCLOSURE_ERASED: Kind(log.DisclosureErased, NOBODY),
        Action.HOLD_PLACED: Kind(log.HoldPlaced, NOBODY),
        Action.HOLD_LIFTED: Kind(log.HoldLifted, NOBODY),
        Action.LOG_CONTINUED: Kind(log.LogContinued, NOBODY),
    }
)
"""Every action of `Action`, once."""


def shown_to(audience: Audience) -> frozenset[Action]:
    """Return the actions that this audience sees live."""
    return frozenset(action for action, kind in CATALOGUE.items() if audience in kind.live)
