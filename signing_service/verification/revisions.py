"""The timeline of a file: its revisions numbered for people, what each added, what follows the end, what vanished."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.change_facts import RevisionChange
from signing_service.verification.changes import ChangeReview
from signing_service.verification.contents import covering, layers, scripts
from signing_service.verification.examined import Examined
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.object_comparison import ANNOTATION, FORM_FILL, MAINTENANCE, SIGNING, UNEXPLAINED
from signing_service.verification.page_tree import page_tree
from signing_service.verification.reading import RevisionEnd, safely, trailing_bytes
from signing_service.verification.report import DOCUMENT_TIMESTAMP, Revision, Signature
from signing_service.verification.words import join, say

BEFORE_SIGNING = "before_signing"
PADDING = b"\x00\t\n\x0c\r "


class Timeline:
    """Revisions of one open file. A linearised file counts as one although it has two cross-reference sections."""

    def __init__(
        self,
        reader: PdfFileReader,
        pdf: bytes,
        review: ChangeReview,
        entries: Sequence[Examined],
        ends: tuple[RevisionEnd, ...],
    ) -> None:
        self.reader, self.pdf, self.review, self.entries, self.ends = reader, pdf, review, entries, ends
        self.numbers = _numbers(self.ends)
        self.rest = trailing_bytes(pdf, self.ends)

    @property
    def count(self) -> int:
        return max(self.numbers, default=0)

    @property
    def trailing(self) -> int:
        return len(self.rest)

    def number(self, index: int) -> int:
        """The number for people (from 1) of the reader's revision `index`; 0 when it is not known."""
        return self.numbers[index] if 0 <= index < len(self.numbers) else 0

    def pages(self) -> int:
        count = safely(lambda: len(page_tree(self.reader)))
        return count if isinstance(count, int) else 0

    def changes(self) -> list[RevisionChange]:
        """The class of every step after the first signature; what went before is nobody's concern."""
        signed = min((entry.revision for entry in self.entries if entry.revision >= 0), default=len(self.ends))
        return [
            self.review.revision(index) if index > signed else RevisionChange(index, BEFORE_SIGNING)
            for index in range(len(self.ends))
        ]

    def revisions(self, signatures: Sequence[Signature]) -> tuple[Revision, ...]:
        """One entry per revision, first to last."""
        by_number: dict[int, list[Signature]] = {}
        for entry in signatures:
            by_number.setdefault(entry.revision, []).append(entry)
        result: dict[int, Revision] = {}
        for change, end in zip(self.changes(), self.ends, strict=True):
            number = self.number(change.index)
            if number not in result or end.end > result[number].end:
                seen = (
                    change
                    if change.kind != UNEXPLAINED or self._troubles(change)
                    else replace(change, kind=MAINTENANCE)
                )
                result[number] = _revision(number, seen, end, by_number.get(number, []))
        return tuple(result[number] for number in sorted(result))

    def findings(self) -> list[Finding]:
        """What the timeline shows: changed revisions, filled fields, lost signatures, bytes after the end."""
        found = [entry for change in self.changes() for entry in self._of_change(change)]
        with forgiving:  # what cannot be read there is not worth losing the report for
            found.extend(self._removed())
        with forgiving:
            found.extend(self._contents())
        if self.review.given_up:
            found.append(finding("change.too_many_to_compare"))
        if self.rest:
            kind = "trailing_padding" if not self.rest.strip(PADDING) and len(self.rest) <= 64 else "trailing_bytes"
            found.append(finding(f"document.{kind}", count=len(self.rest)))
        return found

    def _of_change(self, change: RevisionChange) -> list[Finding]:
        number = self.number(change.index)
        where = f"revision:{number}"
        details = join(difference.text for difference in change.differences[:6]) if change.differences else None
        if change.kind == UNEXPLAINED and not self._troubles(change):
            return [finding("change.explained_by_content", where, revision=number)]
        if change.kind == UNEXPLAINED:
            return [finding("change.unexplained", where, revision=number, detail=details or change.reason[:300])]
        if change.kind == ANNOTATION:
            return [finding("change.annotation", where, revision=number, detail=details or "—")]
        if change.kind == FORM_FILL:
            names = ", ".join(change.fields) or "—"
            return [finding("change.form_fill", where, revision=number, fields=names, detail=details or "—")]
        if change.explained_by_content:
            return [finding("change.explained_by_content", where, revision=number)]
        return []

    def _troubles(self, change: RevisionChange) -> bool:
        """Whether the step stays unexplained for a signature before it, also seen from the signed revision."""
        earlier = [entry for entry in self.entries if 0 <= entry.revision < change.index]
        return any(entry.changes.kind == UNEXPLAINED or not entry.covered for entry in earlier)

    def _contents(self) -> list[Finding]:
        """Scripts and layers of the document as it is now, and fields laid over pages after signing."""
        found: list[Finding] = []
        if acting := scripts(self.reader):
            found.append(finding("document.scripts", detail=", ".join(acting)))
        if count := layers(self.reader):
            found.append(finding("document.prepared_content", count=count))
        for change in self.changes():
            if change.kind == BEFORE_SIGNING or not change.index or self.review.only_signed(change.index):
                continue
            before, now = self.review.fields_at(change.index - 1), self.review.fields_at(change.index)
            number = self.number(change.index)
            for name in covering(before, now, self.reader):
                found.append(finding("change.covering_field", f"revision:{number}", revision=number, field=name))
        return found

    def _to_be_asked(self, last: int, present: Collection[str]) -> list[int]:
        """The revisions in which a signature may have been that is lost now.

        A step that only signed removes none, so one in which all are still there answers for those before it.
        """
        asked: list[int] = []
        answered = False
        for index in range(last - 1, -1, -1):
            answered = self.review.only_signed(index + 1) and (answered or index + 1 == last)
            if not answered and not (index == 0 and self.review.begins_unsigned()):
                asked.append(index)
                held = {entry.name for entry in self.review.fields_at(index) if entry.value is not None}
                answered = held <= set(present)
        return asked[::-1]

    def _removed(self) -> list[Finding]:
        """Signatures that an earlier revision had and the last one has not."""
        last = len(self.ends) - 1
        present = {entry.name for entry in self.review.fields_at(last) if entry.value is not None}
        lost: dict[str, int] = {}
        for index in self._to_be_asked(last, present):
            for entry in self.review.fields_at(index):
                if entry.kind == "/Sig" and entry.value is not None and entry.name not in present:
                    lost.setdefault(entry.name, index)
        return [
            finding("document.signature_removed", f"signature:{name}", field=name, revision=self.number(index))
            for name, index in lost.items()
        ]


def _numbers(ends: Sequence[RevisionEnd]) -> tuple[int, ...]:
    numbers: list[int] = []
    furthest = -1
    for entry in ends:
        grows = entry.end > furthest
        numbers.append((numbers[-1] if numbers else 0) + (1 if grows or not numbers else 0))
        furthest = max(furthest, entry.end)
    return tuple(numbers)


def _revision(number: int, change: RevisionChange, end: RevisionEnd, signed: Sequence[Signature]) -> Revision:
    kind = change.kind
    if kind == BEFORE_SIGNING and (signed or number == 1):
        kind = SIGNING if signed else "original"
    return Revision(
        n=number,
        change=kind,
        title=_title(kind, signed),
        detail=say(f"change.{kind}"),
        end=end.end,
        sha256=end.sha256,
        time=_time(signed),
        fields=change.fields,
        signatures=tuple(entry.field for entry in signed),
        differences=tuple(difference.text for difference in change.differences),
        pages=tuple(sorted({difference.page for difference in change.differences if difference.page})),
    )


def _time(signed: Sequence[Signature]) -> datetime | None:
    return next((entry.best_signature_time for entry in signed if entry.best_signature_time), None)


def _title(kind: str, signed: Sequence[Signature]) -> Mapping[str, str]:
    """What people would call this revision: who signed in it, else what it holds."""
    if not signed:
        return say(f"revision.{kind}")
    entry = signed[0]
    if entry.kind == DOCUMENT_TIMESTAMP:
        return say("revision.document_timestamp")
    name = (entry.signer.common_name or entry.signer.organisation) if entry.signer else entry.field
    if entry.certification is not None:
        return say("revision.certification", name=name)
    return say("revision.signature", name=name)
