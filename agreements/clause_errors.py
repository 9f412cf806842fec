"""What can be wrong with the clauses of one agreement, their translations and what is said of them; one tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agreements.errors import N_, AgreementError

if TYPE_CHECKING:
    from agreements.problems import TemplateProblem


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
