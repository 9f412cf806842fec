"""What each revision changed, and whether the signatures before it allow that.

Classes: none, maintenance, signing, form fill, annotation, unexplained. Every step between two revisions is
judged once and shared by all signatures; where a step is not clean, that signature alone is judged again
from its own revision, because some harmless updates only look clean from there. `unexplained` says that no
rule explains the change, not that anybody forged it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel, StandardDiffPolicy
from pyhanko.sign.fields import FieldMDPSpec

from signing_service.verification.change_facts import ChangesAfter, RevisionChange
from signing_service.verification.comparison import MAX_DIFFERENCES, compare
from signing_service.verification.field_values import changed_values, value_changes
from signing_service.verification.forgiving import forgiving, unless_strict
from signing_service.verification.form_comparison import Forms, is_visible
from signing_service.verification.object_comparison import (
    ANNOTATION,
    FORM_FILL,
    MAINTENANCE,
    SIGNING,
    UNEXPLAINED,
    Difference,
    same,
)
from signing_service.verification.pdf_access import entry
from signing_service.verification.plain_sections import Before, Sections
from signing_service.verification.quick_steps import QuickStep, frees_something, metadata_alone, quick_step
from signing_service.verification.report import CHANGE_CLASSES, gravest
from signing_service.verification.signature_fields import FormField, form_fields
from signing_service.verification.unseen import AMBIGUOUS, AWAITED, OVERLOOKED, Unseen

ALLOWED: Mapping[int, frozenset[str]] = {  # ISO 32000-2 table 257, /P of DocMDP
    1: frozenset({"none", MAINTENANCE}),
    2: frozenset({"none", MAINTENANCE, SIGNING, FORM_FILL}),
    3: frozenset({"none", MAINTENANCE, SIGNING, FORM_FILL, ANNOTATION}),
}
# Without a certification signature nothing says that comments may follow a signature.
ALLOWED_UNCERTIFIED = ALLOWED[2]


FEWEST_COMPARED, MOST_COMPARED = 6_000, 100_000
"""Fields that are looked at in all revisions together: a quarter of the file's bytes, but at least and at most this."""


class TooMuchToCompare(Exception):
    """Many fields in many revisions: what small changes of a small file would take for ever to explain."""


@dataclass
class ChangeReview:
    """The changes of one file; remembers every step, so it lives as long as its reader and no longer."""

    reader: PdfFileReader
    rebuilt: bool = False
    """Whether the cross-reference was made anew from the objects that were found."""
    now: list[FormField] | None = None
    """The form fields of the last revision, if they are known already."""
    _steps: dict[int, DiffResult | Exception] = field(default_factory=dict)
    _revisions: dict[int, RevisionChange] = field(default_factory=dict)
    _fields: dict[int, list[FormField]] = field(default_factory=dict)
    _quick: dict[int, QuickStep | None] = field(default_factory=dict)
    _behind: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    _alike: dict[int, int] = field(default_factory=dict)
    """For a revision a later one that differs from it by signed fields alone."""
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        size = self.reader.decode_context.input_size or 0
        self._left = min(MOST_COMPARED, max(FEWEST_COMPARED, size // 4))

    @property
    def given_up(self) -> bool:
        """Whether there was more to compare than an honest file of this size has."""
        return self._left < 0

    def _look_at(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise TooMuchToCompare

    def fields_at(self, index: int) -> list[FormField]:
        """The form fields as they were in one revision, taken back from later ones over steps that only signed."""
        last = self.reader.xrefs.total_revisions - 1
        known = index
        while known not in self._fields and known < last and self._quick_step(known + 1) is not None:
            known += 1
        if known not in self._fields:
            self._look_at(0)
            if known < last or self.now is None:
                handler = self.reader if known == last else self.reader.get_historical_resolver(known)
                self._fields[known] = form_fields(handler)
            else:
                self._fields[known] = self.now
            self._look_at(len(self._fields[known]))
        for later in range(known, index, -1):
            step = self._quick_step(later)
            self._fields[later - 1] = step.undone(self._fields[later]) if step is not None else self._fields[later]
        return self._fields[index]

    @cached_property
    def alone(self) -> frozenset[tuple[int, int]]:
        """Metadata streams that only the catalog refers to."""
        return metadata_alone(self.reader)

    @cached_property
    def _sections(self) -> Sections:
        return Sections(self.reader, lambda: self.alone, self._unseen.references)

    @cached_property
    def _unseen(self) -> Unseen:
        return Unseen(self.reader, rebuilt=self.rebuilt)

    def _quick_step(self, index: int) -> QuickStep | None:
        if index not in self._quick:
            self._quick[index] = None
            if not self._unseen.ambiguous(index):
                self._quick[index] = self._plain_step(index) or quick_step(
                    self.reader, index, self._unseen.references, lambda: self.alone
                )
        return self._quick[index]

    def _plain_step(self, index: int) -> QuickStep | None:
        with forgiving:  # NotPlain, or a broken object: for the general rules
            signed, added = self._sections.signed_in(index)
            step = QuickStep(Before(self.reader, index - 1, signed), added)
            return step if not added or step.adds_new_names(self._fields_after(index)) else None
        return None

    def begins_unsigned(self) -> bool:
        """Whether the first revision is seen to hold no field with a value, without reading its fields."""
        with forgiving:
            return self._sections.begins_unsigned()
        return False

    def only_signed(self, index: int) -> bool:
        """Whether this step did nothing but give signature fields values, prepared ones or one that nobody sees."""
        return index > 0 and self._quick_step(index) is not None

    def _signed_fields(self, index: int) -> tuple[FormField, ...]:
        """The fields that a step signed which did nothing else, as they are afterwards, in the order of the form."""
        quick = self._quick_step(index)
        signed = {*quick.signed, *quick.added} if quick is not None else set()
        return tuple(entry for entry in self._fields_after(index) if entry.holder in signed)

    def _fields_after(self, index: int) -> list[FormField]:
        """The fields of this revision or of a later one that differs from it by signed fields alone."""
        known, last = index, self.reader.xrefs.total_revisions - 1
        while known not in self._fields and known < last and self._quick_step(known + 1) is not None:
            known = self._alike.get(known + 1, known + 1)
        self._alike[index] = known
        return self.fields_at(known)

    def revision(self, index: int) -> RevisionChange:
        """The class of one step; revision 0 changes nothing."""
        if index not in self._revisions:
            self._revisions[index] = RevisionChange(index, "none" if index == 0 else UNEXPLAINED)
            with unless_strict:  # a file that breaks the comparison stays unexplained
                self._revisions[index] = self._classify(index) if index else self._revisions[0]
        return self._revisions[index]

    def is_unchanged(self, one: FormField, since: int) -> bool:
        """Whether the value of a field, or what its object holds directly, is what it was in revision `since`."""
        key = one.value_ref or one.holder
        if key is None:
            return False
        then = generic.Reference(*key, pdf=self.reader.get_historical_resolver(since)).get_object()
        return same(then if one.value_ref else entry(then, "/V"), one.value)

    def after(self, index: int, permission: int | None, certifies: bool, lock: FieldMDPSpec | None) -> ChangesAfter:
        """What happened after revision `index`, and whether a signature of that revision permits it.

        `permission` is the /P in force (1, 2, 3 or None), `certifies` whether this very signature set it.
        """
        kind, fields = self._since(index)
        if kind == UNEXPLAINED:
            kind = self._from_own_revision(index, self._later(index))
        locked = tuple(name for name in fields if lock is not None and lock.is_locked(name))
        allowed = ALLOWED.get(permission or 0, ALLOWED_UNCERTIFIED)
        problem, bad = "", None
        if kind not in allowed:
            problem, bad = "class", next((one for one in self._later(index) if one.kind not in allowed), None)
        elif certifies and permission is not None:
            problem = self._forbidden_step(self._later(index))
        if locked and not problem:
            problem = "locked"
        return ChangesAfter(kind, fields, problem, locked, bad.index if bad is not None else None)

    def _later(self, index: int) -> list[RevisionChange]:
        """Every step behind a revision."""
        return [self.revision(number) for number in range(index + 1, self.reader.xrefs.total_revisions)]

    def _since(self, index: int) -> tuple[str, tuple[str, ...]]:
        """The gravest class of all steps behind a revision, and the fields that they changed, each once."""
        last = self.reader.xrefs.total_revisions - 1
        if not self._behind:
            self._behind[last] = "none", ()
        for number in range(min(self._behind), index, -1):
            change, (kind, fields) = self.revision(number), self._behind[number]
            names = dict.fromkeys((*change.fields, *change.signed, *fields))
            self._behind[number - 1] = gravest((change.kind, kind)), tuple(names)
        return self._behind[index]

    def _from_own_revision(self, index: int, later: list[RevisionChange]) -> str:
        """The class by comparing every later revision with the signed one itself (the stock order)."""
        unexplained = [change.index for change in later if change.kind == UNEXPLAINED]
        if any(self._unseen.anything(number, *self._fields_around(number)) for number in unexplained):
            return UNEXPLAINED
        result = None
        with forgiving:  # foreign files raise KeyError, AssertionError and more in here
            self._look_at(len(self.fields_at(index)) * (self.reader.xrefs.total_revisions - index))
            result = self.rules.review_file(self.reader, index)
        if not isinstance(result, DiffResult):
            return UNEXPLAINED
        known = gravest(tuple(change.kind for change in later if change.kind != UNEXPLAINED))
        return gravest((known, self._class_of(result, index, self.reader.xrefs.total_revisions - 1)))

    def _forbidden_step(self, later: list[RevisionChange]) -> str:
        """After a certification a new visible field is not permitted, although its class may be."""
        for change in later:
            if self.only_signed(change.index):
                continue
            known = {one.name for one in self.fields_at(change.index - 1)}
            fresh = [one for one in self.fields_at(change.index) if one.name not in known]
            if change.kind in (SIGNING, FORM_FILL) and any(is_visible(one.field) for one in fresh):
                return "field"
        return ""

    def _step(self, index: int) -> DiffResult | Exception:
        """The policy's answer for one step."""
        if index not in self._steps:
            self._steps[index] = self._apply(index)
        return self._steps[index]

    def _apply(self, index: int) -> DiffResult | Exception:
        quick = self._quick_step(index)
        if quick is not None:
            return DiffResult(ModificationLevel.FORM_FILLING, {entry.name for entry in self._signed_fields(index)})
        self._look_at(len(self.fields_at(index)) + len(self.fields_at(index - 1)))
        old, new = self.reader.get_historical_resolver(index - 1), self.reader.get_historical_resolver(index)
        try:
            return self.rules.apply(old, new, None, None)
        except MemoryError:
            raise
        except Exception as cause:  # SuspiciousModification; foreign files raise KeyError, AssertionError and more
            return cause

    @cached_property
    def rules(self) -> StandardDiffPolicy:
        """The library's rules; that numbers which were never in use are declared free is no removal of anything."""
        last = self.reader.xrefs.total_revisions - 1
        if any(frees_something(self.reader, index) for index in range(1, last + 1)):
            return DEFAULT_DIFF_POLICY
        stock = DEFAULT_DIFF_POLICY
        return StandardDiffPolicy(stock.global_rules, stock.form_rule, reject_object_freeing=False)

    def _classify(self, index: int) -> RevisionChange:
        if self._quick_step(index) is not None:
            filled = self._signed_fields(index)
            kind = MAINTENANCE if all(entry.is_timestamp for entry in filled) else SIGNING
            return RevisionChange(index, kind, (), tuple(entry.name for entry in filled))
        signed = self._newly_signed(index - 1, index)
        if ambiguous := self._unseen.ambiguous(index):
            return RevisionChange(index, UNEXPLAINED, (), signed, AMBIGUOUS, ambiguous)
        if self._unseen.brings_what_was_awaited(index):
            return self._compared(index, signed, AWAITED)
        result = self._step(index)
        if isinstance(result, DiffResult) and not self._unseen.overlooked(index, *self._fields_around(index)):
            kind = self._class_of(result, index - 1, index)
            fields = tuple(sorted(self._really_changed(result, index - 1, index) - set(signed)))
            return RevisionChange(index, kind, fields, signed, differences=value_changes(*self._fields_around(index)))
        return self._compared(index, signed, str(result) if isinstance(result, Exception) else OVERLOOKED)

    def _fields_around(self, index: int) -> tuple[list[FormField], list[FormField]]:
        """The fields before and after a step."""
        return self.fields_at(index - 1), self.fields_at(index)

    def _class_of(self, result: DiffResult, old: int, new: int) -> str:
        stamps = {entry.name for entry in self.fields_at(new) if entry.is_timestamp}
        if result.modification_level <= ModificationLevel.LTA_UPDATES:  # the library counts invisible signatures too
            return MAINTENANCE if set(self._newly_signed(old, new)) <= stamps else SIGNING
        if result.modification_level == ModificationLevel.ANNOTATIONS:
            return ANNOTATION
        if result.modification_level == ModificationLevel.OTHER:
            return UNEXPLAINED
        kinds = {entry.name: entry.kind for number in (old, new) for entry in self.fields_at(number)}
        names = self._really_changed(result, old, new) or changed_values(self.fields_at(old), self.fields_at(new))
        if names and names <= stamps:
            return MAINTENANCE
        return SIGNING if all(kinds.get(name) == "/Sig" for name in names) else FORM_FILL

    def _really_changed(self, result: DiffResult, old: int, new: int) -> set[str]:
        """Fields that hold something else than before; the policy also names fields that it merely looked at."""
        before = {entry.name: entry.field for entry in self.fields_at(old)}
        now = {entry.name: entry.field for entry in self.fields_at(new)}
        changed: set[str] = set()
        for name in result.changed_form_fields:
            equal = False
            with unless_strict:  # too large or broken: then it counts as changed
                equal = same(before.get(name), now.get(name))
            if not equal:
                changed.add(name)
        return changed

    def _newly_signed(self, old: int, new: int) -> tuple[str, ...]:
        before = {entry.name for entry in self.fields_at(old) if entry.kind == "/Sig" and entry.value is not None}
        now = [entry.name for entry in self.fields_at(new) if entry.kind == "/Sig" and entry.value is not None]
        return tuple(name for name in now if name not in before)

    def _compared(self, index: int, signed: tuple[str, ...], reason: str) -> RevisionChange:
        """No rule explains the step: look at what is reachable. Only harmless or named differences change the class."""
        old, new = self.reader.get_historical_resolver(index - 1), self.reader.get_historical_resolver(index)
        fields = self.fields_at(index - 1), self.fields_at(index)
        differences: tuple[Difference, ...] | None = None
        with unless_strict:  # too large, or broken in any way: the class stays unexplained
            differences = compare(old, new, Forms(*fields))
        if differences is None:
            return RevisionChange(index, UNEXPLAINED, (), signed, reason)
        kind = gravest((MAINTENANCE, *(one.kind for one in differences)))
        if reason == AWAITED and self._unseen.was_awaited_unusually(index):
            kind = UNEXPLAINED  # others may read there what was not compared here
        values = value_changes(*self._fields_around(index))
        grave = tuple(sorted(differences, key=lambda one: -CHANGE_CLASSES.index(one.kind)))
        if kind == UNEXPLAINED or len(differences) >= MAX_DIFFERENCES:
            return RevisionChange(index, UNEXPLAINED, (), signed, reason, (*grave, *values))
        stamps = {one.name for one in fields[1] if one.is_timestamp}
        if kind == SIGNING and signed and set(signed) <= stamps:
            kind = MAINTENANCE
        filled = tuple(sorted(changed_values(*fields) - set(signed)))
        return RevisionChange(index, kind, filled, signed, reason, (*grave, *values), True)
