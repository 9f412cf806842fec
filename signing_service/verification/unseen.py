"""What the library's rules do not see in a step between two revisions, so that its answer does not count there."""

from collections.abc import Sequence
from functools import cached_property

from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.ambiguity import Ambiguity
from signing_service.verification.forgiving import unless_strict
from signing_service.verification.form_comparison import Forms, overlooked
from signing_service.verification.object_comparison import Difference
from signing_service.verification.references import References, fresh_numbers
from signing_service.verification.signature_fields import FormField

AMBIGUOUS = "programs read this revision differently"
AWAITED = "an object was written that an earlier revision had referred to"
OVERLOOKED = "the form was changed in more than its signatures and values"
Fields = Sequence[FormField]


class Unseen:
    """Of one open file; `rebuilt`: its cross-reference was made anew from the objects that were found."""

    def __init__(self, reader: PdfFileReader, *, rebuilt: bool) -> None:
        self._reader = reader
        self.ambiguity = Ambiguity(reader, rebuilt=rebuilt)

    @cached_property
    def references(self) -> References:
        return References(self._reader)

    def ambiguous(self, index: int) -> tuple[Difference, ...]:
        """What programs read differently in this step."""
        return self.ambiguity.of_step(index)

    def brings_what_was_awaited(self, index: int) -> bool:
        """Whether the step wrote an object that there was none of, but that was referred to already: the library's
        rules look at objects that there were."""
        return self.references.any_before(fresh_numbers(self._reader, index), index)

    def was_awaited_unusually(self, index: int) -> bool:
        """The same of references that not every program sees."""
        return self.references.unusual_before(fresh_numbers(self._reader, index), index)

    def overlooked(self, index: int, before: Fields, now: Fields) -> bool:
        """Whether there is something in the form that the library's rules do not look at."""
        with unless_strict:  # too large or broken
            old = self._reader.get_historical_resolver(index - 1)
            return overlooked(old, self._reader.get_historical_resolver(index), Forms(before, now))
        return True

    def anything(self, index: int, before: Fields, now: Fields) -> bool:
        """Whether any of these is so."""
        return bool(self.ambiguous(index)) or self.brings_what_was_awaited(index) or self.overlooked(index, before, now)
