"""Every error of this package, one tree, each with a stable `code` and a safe message.

Messages are English msgids with named placeholders; the reader's language is chosen by the service. Nothing here
knows HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from agreements.problems import FieldProblem, TemplateProblem


def N_(message: str) -> str:
    """Mark a text for translation; returns it unchanged."""
    return message


class AgreementError(Exception):
    """Root of the tree. `params` fill the placeholders of `message` and are safe to show."""

    code: ClassVar[str] = "agreement.error"
    message: ClassVar[str] = N_("The agreement cannot be handled as asked.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message.format(**params))


# --- canonical form -------------------------------------------------------------------------------------------------


class NotCanonical(AgreementError):
    """The data has no canonical JSON form (RFC 8785): NaN, an integer beyond 2^53, a lone surrogate, a foreign type."""

    code = "canonical.unsupported"
    message = N_("The data has no canonical form: {reason}.")


# --- templates ------------------------------------------------------------------------------------------------------


class TemplateInvalid(AgreementError):
    """A template package was refused. `problems` name every mistake found, with file, line and place."""

    code = "template.invalid"
    message = N_("The template package “{package}” has {count} mistakes. The first: {first}")

    def __init__(self, package: str, problems: tuple[TemplateProblem, ...]) -> None:
        self.problems = problems
        first = problems[0].text if problems else ""
        super().__init__(package=package, count=len(problems), first=first)


class NotAPackage(AgreementError):
    """Bytes were read back as a template package and are not the files of one."""

    code = "template.unreadable"
    message = N_("These bytes are not a template package: {reason}.")


class TemplateVersionTaken(AgreementError):
    """A package of an id has to have a higher version than all before it, so that a version names one text."""

    code = "template.version_taken"
    message = N_("Version {version} of “{id}” is not higher than {highest}, which is here already. Raise the version.")


class OwnUpload(AgreementError):
    """Four eyes: who uploaded a template may not publish it."""

    code = "template.own_upload"
    message = N_("Four eyes are needed: whoever uploaded a template cannot publish it. Ask somebody else to read it.")


class TemplateState(AgreementError):
    """The template is not in a state that allows this."""

    code = "template.wrong_state"
    message = N_("“{command}” is not possible while the template is “{state}”.")


class ExpressionInvalid(AgreementError):
    """A `when` or `require` expression is not in the closed language; `at` is the position, from 1."""

    code = "template.expression_invalid"
    message = N_("“{expression}” cannot be understood at character {at}: {reason}.")


class ClauseTextInvalid(AgreementError):
    """A clause text is not in the restricted Markdown. `line` counts from 1; `reason` is a msgid."""

    code = "template.text_invalid"
    message = N_("Line {line}: {reason}")

    def __init__(self, line: int, reason: str, **reason_params: object) -> None:
        self.line = line
        self.reason = reason
        self.reason_params = reason_params
        super().__init__(line=line, reason=reason.format(**reason_params))


class FormatUnavailable(AgreementError):
    """A value was to be written in a form that its type or the language does not have."""

    code = "template.format_unavailable"
    message = N_("“{format}” is not a way to write {type} in {language}.")


class ValueMissing(AgreementError):
    """A clause text speaks of a value that was not given. Nothing is ever left blank in a text."""

    code = "version.value_missing"
    message = N_("Clause “{clause}” needs “{path}”, which has no value.")


class AgreementTooLong(AgreementError):
    """Values and texts together would become a text that nobody could read, and no machine set in time."""

    code = "version.too_long"
    message = N_("A text of the agreement becomes longer than {most} characters; shorten texts or lists.")


# --- clauses and translations of one agreement ----------------------------------------------------------------------


class ClauseUnknown(AgreementError):
    """A choice speaks of a clause the template does not have, or adds one where none can stand."""

    code = "clause.unknown"
    message = N_("There is no clause “{clause}” that could be chosen here.")


class ClauseLocked(AgreementError):
    """The template lets nobody change this clause, or not this person."""

    code = "clause.locked"
    message = N_("The template fixes the wording of clause “{clause}”. It stays as it is.")


class ClauseRefused(AgreementError):
    """The wording of a clause was refused. `problems` name every mistake, with language and line."""

    code = "clause.refused"
    message = N_("The wording of clause “{clause}” has {count} mistakes. The first: {first}")

    def __init__(self, clause: str, problems: tuple[TemplateProblem, ...]) -> None:
        self.problems = problems
        super().__init__(clause=clause, count=len(problems), first=problems[0].text if problems else "")


class ClauseUnchanged(AgreementError):
    """A clause was to be changed to what it says already."""

    code = "clause.unchanged"
    message = N_("Clause “{clause}” says this already. Nothing was changed.")


class TooManyClauses(AgreementError):
    """More clauses depart from the template than a reader of the deviations could follow."""

    code = "clause.too_many"
    message = N_("At most {most} clauses may depart from the template. Begin with another template instead.")


class ClauseNeeded(AgreementError):
    """A clause cannot be taken away or changed, because another one speaks of it. `problems` name the places."""

    code = "clause.needed"
    message = N_(
        "Clause “{clause}” cannot be changed like this; clause “{other}” would not be right any more: {problem}"
    )

    def __init__(self, clause: str, other: str, problems: tuple[TemplateProblem, ...]) -> None:
        self.problems = problems
        super().__init__(clause=clause, other=other, problem=problems[0].text if problems else "")


class OwnLibraryClause(AgreementError):
    """Four eyes: who proposed a wording for the clause library cannot approve it."""

    code = "clause_library.own_proposal"
    message = N_("Four eyes are needed: who proposed this wording cannot approve it.")


class LibraryClauseChanged(AgreementError):
    """A decision or a choice speaks of another wording than the one there is now."""

    code = "clause_library.changed"
    message = N_("The wording is not the one that was shown. Read it again.")


class LibraryClauseUnfit(AgreementError):
    """A wording of the clause library does not go into this place of this template."""

    code = "clause_library.unfit"
    message = N_("The wording “{clause}” does not fit here.")


class NothingStale(AgreementError):
    """A translation was to be confirmed that did not fall behind, or is not there."""

    code = "translation.not_stale"
    message = N_("The text “{path}” in the language {language} needs no confirmation; reload and look again.")


class TranslationsStale(AgreementError):
    """A language fell behind another; what is signed must say the same in both."""

    code = "translation.stale"
    message = N_("{count} translations are older than the text they translate. Bring them up to date or confirm them.")


# --- comments and proposals -----------------------------------------------------------------------------------------


class TextMissing(AgreementError):
    """A text that says something was asked for and is empty."""

    code = "text.missing"
    message = N_("There are no words yet. Write them first; nothing was sent.")


class TextTooLong(AgreementError):
    """A text is longer than such a text may be."""

    code = "text.too_long"
    message = N_("Use at most {most} characters; there are {length}.")


class TextInvisible(AgreementError):
    """A text holds what cannot be seen: controls, marks of direction, zero-width characters."""

    code = "text.invisible_character"
    message = N_("There is an invisible or direction-changing character ({character}). Take it out and send again.")


class QuoteNotFound(AgreementError):
    """A comment quotes words that do not stand in the clause it speaks of."""

    code = "comment.quote_not_found"
    message = N_("The quoted words do not stand in this clause. Copy them from it, or leave the field empty.")


class CommentClosed(AgreementError):
    """The comment was settled already."""

    code = "comment.closed"
    message = N_("This comment was settled meanwhile. Write a new one if there is more to say.")


class CommentsBlock(AgreementError):
    """Open comments that legal staff marked as blocking stand in the way of freezing; `comments` lists them."""

    code = "comment.blocking"
    message = N_("{count} blocking comments are open: {comments}. Settle them first, then freeze.")


class ClauseNotOpen(AgreementError):
    """The template leaves changes of this clause to legal staff, or to nobody."""

    code = "proposal.clause_not_open"
    message = N_("Clause “{clause}” is not open to proposals. Write a comment instead.")


class NothingProposed(AgreementError):
    """A proposal says the same as the clause."""

    code = "proposal.nothing_changed"
    message = N_("Nothing differs from the wording as it stands. Change at least one language, then send.")


class ProposalUnwritable(AgreementError):
    """The proposed words hold a mark that clause texts do not know; `reason` says which, in the language `language`."""

    code = "proposal.not_plain"
    message = N_("The wording cannot be taken as it is ({language}): {reason}")


class ProposalDecided(AgreementError):
    """The proposal was accepted, rejected or taken back already."""

    code = "proposal.decided"
    message = N_("This proposal was decided meanwhile. Reload to see the outcome.")


# --- values ---------------------------------------------------------------------------------------------------------


class InvalidFields(AgreementError):
    """The values were refused. `problems` holds every problem, in the order of the form."""

    code = "fields.invalid"
    message = N_("{count} fields need correction. The first: {first}")

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=problems[0].text if problems else "")


class FormUnreadable(AgreementError):
    """The names of the submitted form fields contradict each other or are beyond the limits."""

    code = "fields.form_unreadable"
    message = N_("The form cannot be read at “{path}”: {reason}.")


class InvalidIdentifier(AgreementError):
    """An identifier breaks the rule of its scheme (length, alphabet, check digit).

    `reason` is an English msgid to be formatted with `reason_params`; it follows a colon.
    """

    code = "identifier.invalid"
    message = N_("“{value}” is not a valid {scheme}: {reason}.")

    def __init__(self, scheme: str, value: str, reason: str, reason_params: Mapping[str, object] | None = None) -> None:
        self.reason = reason
        self.reason_params = dict(reason_params or {})
        super().__init__(scheme=scheme, value=value, reason=reason.format(**self.reason_params))


class TableUnreadable(AgreementError):
    """A file of organisations is no such table: its size, its encoding or its first row. Nothing of it was taken."""

    code = "table.unreadable"
    message = N_("This table cannot be read: {reason}.")

    def __init__(self, reason: str, **reason_params: object) -> None:
        self.reason = reason
        self.reason_params = reason_params
        super().__init__(reason=reason.format(**reason_params))


# --- versions -------------------------------------------------------------------------------------------------------


class NotAVersion(AgreementError):
    """Bytes were read as a version and are not the canonical form of one."""

    code = "version.unreadable"
    message = N_("These bytes are not a version of an agreement: {reason}.")


class StandardUnavailable(AgreementError):
    """The template as it is now cannot be composed from the values of an older version."""

    code = "version.standard_unavailable"
    message = N_(
        "The template has changed since this version was saved, and its standard wording cannot be made for the "
        "same values any more. Compare two versions instead."
    )


class NothingToCompare(AgreementError):
    """Two versions without a common language cannot be compared."""

    code = "version.not_comparable"
    message = N_("The two versions have no language in common.")


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
