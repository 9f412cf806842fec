"""What can be refused on the course of an agreement: approvals, moves, endings, successors; the same one tree."""

from __future__ import annotations

from agreements.errors import N_, AgreementError

# --- approvals ------------------------------------------------------------------------------------------------------


class RouteInvalid(AgreementError):
    """A route that could never pass, or would pass by itself, is refused."""

    code = "approval.route_invalid"
    message = N_("The approval stage “{stage}” cannot be used: {reason}.")


class OutOfTurn(AgreementError):
    """The stage is not the one that is open now."""

    code = "approval.out_of_turn"
    message = N_("It is not the turn of stage “{stage}”; open now: “{open}”.")


class NotAnApprover(AgreementError):
    """The person is not asked in this stage, neither in person nor by a valid delegation."""

    code = "approval.not_an_approver"
    message = N_("This person is not asked to decide in stage “{stage}”.")


class OwnDraft(AgreementError):
    """Four eyes: author, last editor or signatory may not approve in this stage."""

    code = "approval.own_draft"
    message = N_("Four eyes are needed: the {relation} of this version cannot decide in stage “{stage}”.")


class VersionChanged(AgreementError):
    """The decision speaks of another content than the one under review."""

    code = "approval.version_changed"
    message = N_("The content changed: under review is {expected}, the decision speaks of {given}.")


class AlreadyDecided(AgreementError):
    """One person counts once for one version."""

    code = "approval.already_decided"
    message = N_("This person has already decided on this version, in stage “{stage}”.")


# --- lifecycle ------------------------------------------------------------------------------------------------------


class NotPermittedInState(AgreementError):
    """The table of moves has no such move from this state."""

    code = "agreement.wrong_state"
    message = N_("“{command}” is not possible while the agreement is “{state}”.")


class FullySigned(AgreementError):
    """Everybody has signed: concluded, although the document may not be closed yet."""

    code = "agreement.fully_signed"
    message = N_("Everybody has signed: the agreement is concluded and can be neither withdrawn nor declared void.")


class SignedAlready(AgreementError):
    """Somebody has signed, so one person alone cannot take the agreement back."""

    code = "agreement.signed_already"
    message = N_(
        "Somebody has signed. The agreement can no longer be withdrawn; it can be declared void, which a second person "
        "confirms."
    )


class NobodySigned(AgreementError):
    """Void is for signatures that were given; without one the agreement is withdrawn."""

    code = "agreement.nobody_signed"
    message = N_("Nobody has signed yet. Withdraw the agreement instead; that needs no second person.")


class SecondPersonNeeded(AgreementError):
    """Whoever asked for it cannot confirm it."""

    code = "agreement.second_person"
    message = N_("A second person confirms this. You asked for it yourself, so it has to be somebody else.")


class DeadlineInvalid(AgreementError):
    """The last day for signing cannot be that one."""

    code = "agreement.deadline_invalid"
    message = N_("This last day for signing cannot be used: {reason}.")


# --- succession -----------------------------------------------------------------------------------------------------


class NotConcluded(AgreementError):
    """Only what is completed and in force can be amended or replaced."""

    code = "succession.not_concluded"
    message = N_("Only a completed agreement can be amended or replaced; this one is “{state}”.")


class SuccessorUnderWay(AgreementError):
    """One amendment or replacement at a time."""

    code = "succession.under_way"
    message = N_("An amendment or replacement is under way already: {number}. Complete or withdraw it first.")


class SuccessionCycle(AgreementError):
    """An agreement would come before itself: the links in the database are damaged."""

    code = "succession.cycle"
    message = N_("The agreements before this one form a circle at {agreement}. Nothing was begun; tell the operator.")
