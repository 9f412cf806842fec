"""What can go wrong in the service itself: one tree, each with a stable code and a safe message.

`agreements` and `keys` have trees of their own. None of them knows HTTP: `signing_service.http_errors` holds the one
table that gives a status to each class.
"""

from __future__ import annotations

from typing import ClassVar


def N_(message: str) -> str:
    """Mark a text for translation; returns it unchanged."""
    return message


class ServiceError(Exception):
    """Root of the service's own errors. `params` fill the placeholders of `message`."""

    code: ClassVar[str] = "service.error"
    message: ClassVar[str] = N_("Something went wrong. Nothing was changed.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message.format(**params))


class NotFound(ServiceError):
    """There is no such thing, or the asker may not know of it."""

    code = "service.not_found"
    message = N_("There is no {what} here. Check the address or go back to where the link came from.")


class NotPermitted(ServiceError):
    """The actor may not do this."""

    code = "service.not_permitted"
    message = N_("You may not do this: {action}. Nothing was changed.")


class SignInNeeded(ServiceError):
    """Nobody is signed in."""

    code = "service.sign_in_needed"
    message = N_("Please sign in first.")


class ChangedMeanwhile(ServiceError):
    """Somebody else changed the same thing first."""

    code = "service.changed_meanwhile"
    message = N_("{what} was changed meanwhile by somebody else. Nothing of yours was saved; reload and look again.")


class InvalidInput(ServiceError):
    """A value sent to the service is missing or wrong; `field` says which."""

    code = "service.invalid_input"
    message = N_("{field}: {problem}")


class TooLarge(ServiceError):
    """An upload is larger than allowed."""

    code = "service.too_large"
    message = N_("The file is larger than {limit_mb} MB. Nothing was stored.")


class NotEvidence(ServiceError):
    """A document of evidence is not of a kind that is kept."""

    code = "upload.not_evidence"
    message = N_("“{name}” is no PDF, PNG or JPEG by its content. Nothing was stored.")


class NumberTaken(ServiceError):
    """Number `index` of an organisation belongs to another entry of the directory; `organisation_id` says which."""

    code = "organisation.number_taken"
    message = N_("{number} is the number of “{name}”, which is in the directory already.")

    def __init__(self, *, number: str, scheme: str, name: str, organisation_id: str, index: int) -> None:
        self.scheme = scheme
        self.organisation_id = organisation_id
        self.index = index
        super().__init__(number=number, name=name)


class LinkUnknown(ServiceError):
    """A link's token is not one we gave out."""

    code = "link.unknown"
    message = N_("This link is not one of ours, or it was copied in part. Open it again from the mail.")


class LinkExpired(ServiceError):
    """A link is past its time."""

    code = "link.expired"
    message = N_("This link expired on {at}. Ask the host for a new one; nothing is lost.")


class LinkRevoked(ServiceError):
    """A link was withdrawn or replaced by a newer one."""

    code = "link.revoked"
    message = N_("This link was replaced or withdrawn. Use the newest mail, or ask the host.")


class LinkEnded(LinkRevoked):
    """The agreement a link invited to has ended; `what` says how."""

    code = "link.agreement_ended"
    message = N_("{what} Nothing can be signed with this link any more, and you need do nothing.")


class LinkUsed(ServiceError):
    """A single-use link was used before."""

    code = "link.used"
    message = N_("This link was used before. Ask for a new one; it takes a minute.")


class CodeWrong(ServiceError):
    """The one-time code is not the one that was mailed."""

    code = "code.wrong"
    message = N_("That is not the code we sent. You have {left} tries left.")


class CodeExpired(ServiceError):
    """The one-time code is too old, was used, or was tried too often."""

    code = "code.expired"
    message = N_("This code is no longer valid. Press “Send me a code” for a new one.")


class CodeTooOften(ServiceError):
    """Too many codes were asked for."""

    code = "code.too_often"
    message = N_("Too many codes were asked for with this link. Wait until {until} and try again.")


class CeremonyState(ServiceError):
    """The ceremony is not in a state that allows this."""

    code = "ceremony.wrong_state"
    message = N_("The ceremony is “{state}”; it cannot “{command}” now.")


class SeatState(ServiceError):
    """The seat is not in a state that allows this."""

    code = "seat.wrong_state"
    message = N_("Your seat is “{state}”; it cannot “{command}” now.")


class PagesUnread(ServiceError):
    """A signatory must have every page on the screen before being ready."""

    code = "seat.pages_unread"
    message = N_("Pages {pages} were not displayed yet. Read them first, then say that you are ready.")


class DrawingNotOffered(ServiceError):
    """The host switched drawing off, or an organisation's seal signs here."""

    code = "seat.drawing_not_offered"
    message = N_("No drawing is wanted at this seat.")


class OtherDocument(ServiceError):
    """The hash the browser showed is not the hash to be signed."""

    code = "signature.other_document"
    message = N_("The document on this screen ({given}) is not the one to be signed ({expected}). Reload the page.")


class ConsentMissing(ServiceError):
    """No valid consent over this document."""

    code = "signature.consent_missing"
    message = N_("Your consent to this version is missing. Read it and tick the sentence first.")


class SigningOutOfTurn(ServiceError):
    """The round is not open for this seat."""

    code = "signature.out_of_turn"
    message = N_("The host has not opened the round for you yet. Wait for the button to turn red.")


class SigningEnded(SigningOutOfTurn):
    """The agreement has ended; `what` says how. A signature that was under way is not stored."""

    code = "signature.agreement_ended"
    message = N_("{what} Nothing was signed, and nothing can be signed any more.")


class SigningTimeOver(SigningOutOfTurn):
    """The deadline has passed, even if the agreement was not moved yet."""

    code = "signature.time_over"
    message = N_("The time for signing ended on {at}. Nothing was signed.")


class AlreadySigned(ServiceError):
    """This signatory has signed."""

    code = "signature.already_signed"
    message = N_("You have signed already at {at}. One press was enough; nothing was signed twice.")


class AttemptExpired(ServiceError):
    """The turn was lost before the value came back."""

    code = "signature.attempt_expired"
    message = N_("Your turn ended before the signature arrived. Press again: your consent is still valid.")


class StaleBase(ServiceError):
    """Another signature was stored first; the digest must be computed anew."""

    code = "signature.stale_base"
    message = N_("Another signature arrived first. Your browser prepares yours again, nothing is lost.")


class CertificateRefused(ServiceError):
    """A certificate request is not for the key or the person of this seat."""

    code = "certificate.refused"
    message = N_("No certificate was issued: {reason}")


class RevokedAlready(ServiceError):
    """A revocation happens once and stays as it was first said."""

    code = "certificate.revoked_already"
    message = N_("This certificate is revoked already.")


class CertificateRevoked(ServiceError):
    """Signing with a certificate that was revoked; the signatory gets ready again."""

    code = "signing.certificate_revoked"
    message = N_("Your certificate was revoked. Get ready again to get another one.")


class SecondCertificate(ServiceError):
    """One certificate per invitation, unless the first is revoked."""

    code = "certificate.second"
    message = N_("A certificate was issued for this invitation already, for another key. It must be revoked first.")


class NotFrozen(ServiceError):
    """Only a frozen document can be invited to, shown and signed."""

    code = "agreement.not_frozen"
    message = N_("This agreement is not frozen yet. Freeze the approved version first.")


class ReviewClosed(ServiceError):
    """The agreement can no longer be changed, so nothing more is said or proposed about it."""

    code = "review.closed"
    message = N_("This agreement is “{state}”; it takes no more comments and proposals.")


class TooManyOpen(ServiceError):
    """One reviewer has more waiting than anybody could answer."""

    code = "review.too_many"
    message = N_("{most} of yours wait for an answer already. Wait for the next answer, then send this one.")


class LogBehind(ServiceError):
    """The database is older than the newest checkpoint this installation signed."""

    code = "audit.log_behind"
    message = N_("The audit log is older than the newest signed checkpoint ({detail}). The service does not go on.")


class RehearsalOver(ServiceError):
    """There is no rehearsal to practise in: it was ended, its time is over, or the doors were opened."""

    code = "rehearsal.over"
    message = N_("The rehearsal is over. Nothing was signed; go to your seat.")


class NotAPdf(ServiceError):
    """An upload does not begin like a PDF."""

    code = "upload.not_pdf"
    message = N_("“{name}” is not a PDF: {why}. Nothing was stored.")


class PackageUnexamined(ServiceError):
    """A template package took more time or memory than examining or comparing one may take."""

    code = "template.unexamined"
    message = N_("The template could not be examined within the limits of time and memory. Nothing was stored.")


class ResultGone(ServiceError):
    """There is no result at this address: its time is over, it was deleted, or there never was one."""

    code = "verification.result_gone"
    message = N_(
        "There is no report at this address, or not any more: files are deleted after an hour. Check it again."
    )


class TooManyJudged(ServiceError):
    """So many files are being looked at that no further one can be kept."""

    code = "verification.too_many"
    message = N_("Too many files are being checked at the moment. Nothing was kept; try again in some minutes.")
