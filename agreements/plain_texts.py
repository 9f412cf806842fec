"""Words that people write freely: comments, explanations, proposed wordings. Kept as plain text, never as markup."""

from __future__ import annotations

from agreements.clause_errors import TextInvisible, TextMissing, TextTooLong
from agreements.field_types import tidy
from agreements.invisible import first_invisible

LONGEST_READ = 200_000  # beyond this a text is not even looked at character by character


def plain_text(text: str, *, most: int, needed: bool = True) -> str:
    """The text as it is kept: NFC, one kind of line end, nothing blank around it.

    Raises TextMissing, TextTooLong, and TextInvisible for controls other than line ends, marks of direction, zero-width
    and unassigned characters: what is read must be all there is.
    """
    if len(text) > LONGEST_READ:
        raise TextTooLong(most=most, length=len(text))
    kept = tidy(text).replace("\t", " ")
    if needed and not kept:
        raise TextMissing()
    if len(kept) > most:
        raise TextTooLong(most=most, length=len(kept))
    hidden = first_invisible(kept, allowed="\n")
    if hidden is not None:
        raise TextInvisible(character=f"U+{ord(hidden):04X}")
    return kept
