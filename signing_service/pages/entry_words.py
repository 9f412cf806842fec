"""What an auditor reads for each action of the log, in the reader's language.

The words stand beside the action's own name, never in its place: `signature.applied` is what the log holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from signing_service.audit.actions import Action
from signing_service.errors import N_

WORDS: Mapping[Action, str] = {
    Action.PERSON_CREATED: N_("Person added"),
    Action.PERSON_CHANGED: N_("Person changed"),
    Action.PERSON_SIGN_IN_LINK_SENT: N_("Sign-in link sent"),
    Action.PERSON_SIGNED_IN: N_("Signed in"),
    Action.PERSON_SIGN_IN_REFUSED: N_("Sign-in refused"),
    Action.PERSON_SIGNED_OUT: N_("Signed out"),
    Action.ACCESS_REFUSED: N_("Access refused"),
    Action.TEMPLATE_PUBLISHED: N_("Template published"),
    Action.AGREEMENT_CREATED: N_("Agreement started"),
    Action.DRAFT_SAVED: N_("Draft saved"),
    Action.TRANSLATION_CONFIRMED: N_("Translation confirmed"),
    Action.VERSION_SAVED: N_("Version saved"),
    Action.VERSION_SHARED: N_("Version shown to a reviewer"),
    Action.COMMENT_ADDED: N_("Comment added"),
    Action.COMMENT_SHARED: N_("Comment shared with the other side"),
    Action.COMMENT_CLOSED: N_("Comment closed"),
    Action.PROPOSAL_SENT: N_("Change of a clause proposed"),
    Action.PROPOSAL_SHARED: N_("Proposal shared with the other parties"),
    Action.PROPOSAL_ACCEPTED: N_("Proposal accepted"),
    Action.PROPOSAL_REJECTED: N_("Proposal rejected"),
    Action.REVIEW_DONE: N_("Reviewer has no more remarks"),
    Action.REVIEW_SUBMITTED: N_("Sent for approval"),
    Action.APPROVAL_GIVEN: N_("Approved"),
    Action.APPROVAL_CHANGES_REQUESTED: N_("Changes requested"),
    Action.APPROVAL_REJECTED: N_("Rejected"),
    Action.APPROVAL_DELEGATED: N_("Approval delegated"),
    Action.APPROVAL_ESCALATED: N_("Approval escalated"),
    Action.APPROVALS_VOIDED: N_("Approvals voided by a new version"),
    Action.AGREEMENT_APPROVED: N_("Agreement approved by everyone asked"),
    Action.AGREEMENT_REOPENED: N_("Agreement reopened"),
    Action.AGREEMENT_SCHEDULED: N_("Agreement scheduled for signing"),
    Action.AGREEMENT_COMPLETED: N_("Agreement completed"),
    Action.AGREEMENT_DECLINED: N_("Agreement declined"),
    Action.AGREEMENT_WITHDRAWN: N_("Agreement withdrawn"),
    Action.AGREEMENT_EXPIRED: N_("Agreement expired"),
    Action.AGREEMENT_VOIDED: N_("Agreement voided"),
    Action.AGREEMENT_SUPERSEDED: N_("Agreement superseded"),
    Action.DOCUMENT_FROZEN: N_("Document frozen"),
    Action.DOCUMENT_SEALED: N_("Document sealed by the service"),
    Action.DOCUMENT_CLOSED: N_("Document closed for the long term"),
    Action.DOCUMENT_DOWNLOADED: N_("Document downloaded"),
    Action.EVIDENCE_EXPORTED: N_("Evidence exported"),
    Action.VERIFICATION_DONE: N_("PDF verified"),
    Action.INVITATION_SENT: N_("Invitation sent"),
    Action.INVITATION_OPENED: N_("Invitation opened"),
    Action.INVITATION_REVOKED: N_("Invitation revoked"),
    Action.INVITATION_COPIED: N_("Invitation link copied"),
    Action.CODE_SENT: N_("One-time code sent"),
    Action.CODE_ACCEPTED: N_("One-time code accepted"),
    Action.CODE_REFUSED: N_("One-time code refused"),
    Action.MAIL_QUEUED: N_("Mail written"),
    Action.MAIL_FAILED: N_("Mail not delivered"),
    Action.CEREMONY_PLANNED: N_("Ceremony planned"),
    Action.CEREMONY_CHANGED: N_("Ceremony changed"),
    Action.CEREMONY_REHEARSED: N_("Ceremony rehearsed"),
    Action.CEREMONY_DOORS_OPENED: N_("Doors opened"),
    Action.CEREMONY_LIVE: N_("Ceremony live"),
    Action.CEREMONY_STEP_SHOWN: N_("Step shown on stage"),
    Action.CEREMONY_PAUSED: N_("Ceremony paused"),
    Action.CEREMONY_RESUMED: N_("Ceremony resumed"),
    Action.CEREMONY_HOST_CHANGED: N_("Host changed"),
    Action.CEREMONY_ADJOURNED: N_("Ceremony adjourned"),
    Action.CEREMONY_CONCLUDED: N_("Ceremony concluded"),
    Action.CEREMONY_ABORTED: N_("Ceremony aborted"),
    Action.ROUND_OPENED: N_("Round of signatures opened"),
    Action.ROUND_SIGNED: N_("Round signed by everyone"),
    Action.ROUND_REOPENED: N_("Round reopened"),
    Action.SEAT_JOINED: N_("Took their seat"),
    Action.SEAT_IDENTIFIED: N_("Identified at their seat"),
    Action.SEAT_DOCUMENT_READ: N_("Read the document"),
    Action.SEAT_TESTED: N_("Key tested"),
    Action.SEAT_READY: N_("Ready to sign"),
    Action.SEAT_LOST: N_("Connection lost"),
    Action.SEAT_SKIPPED: N_("Seat skipped"),
    Action.SEAT_REPLACED: N_("Signatory replaced"),
    Action.SEAT_DECLINED: N_("Declined to sign"),
    Action.WITNESS_STATED: N_("Witness statement"),
    Action.OBJECTION_RAISED: N_("Objection raised"),
    Action.CERTIFICATE_ISSUED: N_("Certificate issued"),
    Action.CERTIFICATE_REVOKED: N_("Certificate revoked"),
    Action.CONSENT_GIVEN: N_("Consent given"),
    Action.SIGNATURE_PREPARED: N_("Signature prepared"),
    Action.SIGNATURE_APPLIED: N_("Signed"),
    Action.SIGNATURE_FAILED: N_("Signature failed"),
    Action.SIGNATURE_TURN_LOST: N_("Turn to sign lost"),
    Action.SIGNATURE_TIMESTAMP_PENDING: N_("Time proof pending"),
    Action.SIGNATURE_TIMESTAMPED: N_("Time proof added"),
    Action.KEY_CREATED: N_("Key made"),
    Action.KEY_RETIRED: N_("Key retired"),
    Action.DISCLOSURE_ERASED: N_("Personal data erased"),
    Action.HOLD_PLACED: N_("Hold placed"),
    Action.HOLD_LIFTED: N_("Hold lifted"),
    Action.LOG_CONTINUED: N_("Log continued"),
    Action.PARTICIPANTS_IMPORTED: N_("Participants imported"),
    Action.MEETING_ARRANGED: N_("Meeting arranged"),
}


def entry_words(action: str) -> str:
    """The words for an action's name; the name itself when a later version of the service wrote it."""
    try:
        return str(gettext(WORDS[Action(action)]))
    except (KeyError, ValueError):
        return action
