"""A report of many signatures made readable: what is alike is told once, what is not alike is told by itself.

Grouping only orders what is shown. What did not pass comes first, and of each such kind the first ones by themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from signing_service.verification.findings import Finding
from signing_service.verification.report import TOTAL_PASSED, Certificate, Report, Revision, Signature

MANY = 12
"""Up to so many signatures, and revisions, every one is shown by itself."""
ALIKE, KEPT = 4, 2


@dataclass(frozen=True, slots=True)
class Group:
    """Signatures with the same result on every axis, in the order of signing; `folded` shows them as names only."""

    members: tuple[Signature, ...]
    folded: bool

    @property
    def first(self) -> Signature:
        """The one that speaks for all."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Revisions that stand next to each other; `folded` if they only added signatures that passed."""

    revisions: tuple[Revision, ...]
    folded: bool


def groups(people: Sequence[Signature], certificate: Callable[[Signature], str]) -> list[Group]:
    """Signatures as they are shown; `certificate` says what a certificate rests on."""
    if len(people) <= MANY:
        return [Group((entry,), False) for entry in people]
    alike: dict[tuple[object, ...], list[Signature]] = {}
    for entry in people:
        certified = entry.certification is not None
        key = (entry.indication, entry.sub_indication, entry.integrity, entry.changes, entry.level, entry.custody)
        alike.setdefault((*key, certificate(entry), entry.best_signature_time is None, certified), []).append(entry)
    told: list[Group] = []
    for members in alike.values():
        if len(members) >= ALIKE and members[0].indication == TOTAL_PASSED:
            told.append(Group(tuple(members), True))
        elif len(members) > MANY:
            told.append(Group(tuple(members[:ALIKE]), False))
            told.append(Group(tuple(members[ALIKE:]), True))
        else:
            told += [Group((entry,), False) for entry in members]
    return sorted(_singles(told), key=lambda group: (group.first.indication == TOTAL_PASSED, group.folded))


def _singles(told: Sequence[Group]) -> list[Group]:
    """Groups that are not folded, one by one."""
    return [one for group in told for one in ([group] if group.folded else [Group((e,), False) for e in group.members])]


def stretches(report: Report) -> list[Stretch]:
    """The timeline, with long runs of revisions that only added signatures of the same verdict taken together."""
    if len(report.revisions) <= MANY:
        return [Stretch((entry,), False) for entry in report.revisions]
    runs: list[list[Revision]] = []
    for entry in report.revisions:
        alike = _alike(entry, report)
        if runs and alike and alike == _alike(runs[-1][-1], report):
            runs[-1].append(entry)
        else:
            runs.append([entry])
    told: list[Stretch] = []
    for run in runs:
        if len(run) <= 2 * KEPT + 1:
            told += [Stretch((entry,), False) for entry in run]
            continue
        told += [Stretch((entry,), False) for entry in run[:KEPT]]
        told.append(Stretch(tuple(run[KEPT:-1]), True))
        told.append(Stretch((run[-1],), False))
    return told


def _alike(entry: Revision, report: Report) -> str:
    """The same for revisions that may be folded together; empty for what is worth a look of its own."""
    if entry.change != "signing" or entry.differences:
        return ""
    verdicts = {one.indication for one in report.signatures if one.field in entry.signatures}
    return f"signing {' '.join(sorted(verdicts))}"


def findings_by_code(findings: Sequence[Finding]) -> list[tuple[Sequence[Finding], Sequence[Finding]]]:
    """Findings of one code together, in the order of the first of each: those shown, and those folded away."""
    by_code: dict[str, list[Finding]] = {}
    for entry in findings:
        by_code.setdefault(entry.code, []).append(entry)
    return [(same, ()) if len(same) <= ALIKE + 1 else (same[:ALIKE], same[ALIKE:]) for same in by_code.values()]


def certificates(report: Report) -> list[Certificate]:
    """Every certificate of the report once, authorities last."""
    found = {one.sha256: one for entry in report.signatures for one in entry.certificates}
    return sorted(found.values(), key=lambda one: one.role in ("authority", "anchor"))
