"""What changed between two versions of an agreement, or between a version and the wording of its template."""

from __future__ import annotations

from dataclasses import dataclass

import agreements.redlines as rules
from agreements.rendering import Compared, Side, render_redline
from agreements.standard_wording import standard_wording
from agreements.versions import Version
from signing_service.db.models.people import Person
from signing_service.operations import rows
from signing_service.operations.agreements import AgreementRow, VersionRow, row_of
from signing_service.operations.operation import Act, query
from signing_service.operations.packages import template_of
from signing_service.permissions import Action, Actor
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class StandardRow:
    """What the template gives for the values of a version.

    `moved_on`: the template is another than the one the version was made from, so its changes show as well.
    """

    template_id: str
    template_version: str
    sha256: str
    moved_on: bool


@dataclass(frozen=True, slots=True)
class RedlineView:
    """A comparison with what it is between: two versions, or the template's standard wording and a version."""

    agreement: AgreementRow
    old: VersionRow | None
    standard: StandardRow | None
    new: VersionRow
    compared: Compared

    @property
    def redline(self) -> rules.Redline:
        """What changed."""
        return self.compared.redline

    @property
    def reversed(self) -> bool:
        """Whether it is read backwards, from a newer version to an older one."""
        return self.old is not None and self.old.number > self.new.number


@query(Action.AGREEMENT_READ)
def compare(act: Act, agreement_id: str, old: int | None, new: int) -> RedlineView:
    """Version `old`, or the template's standard wording when it is None, against version `new`.

    Raises `NotFound`, and `StandardUnavailable` when the template has moved on too far.
    """
    agreement = rows.agreement(act, agreement_id)
    after = rows.version(act, agreement_id, new)
    standard = None
    if old is None:
        template = template_of(act, agreement)
        before = standard_wording(template, after)
        moved_on = template.sha256 != after.template_sha256
        standard = StandardRow(template.id, template.version, before.sha256, moved_on)
    else:
        before = rows.version(act, agreement_id, old)
    return RedlineView(
        agreement=row_of(agreement),
        old=_row(act, agreement_id, old) if old is not None else None,
        standard=standard,
        new=_row(act, agreement_id, new),
        compared=_compared(before, after, old, new),
    )


def pdf(services: Services, actor: Actor, agreement_id: str, old: int | None, new: int) -> tuple[bytes, str]:
    """The same comparison as a PDF, and a file name for it. Raises the renderer's error when a glyph is missing."""
    view = compare(services, actor, agreement_id, old, new)
    data = render_redline(view.compared, services.fonts)
    sides = f"{'template' if old is None else old}-{new}"
    return data, f"{view.agreement.number or view.agreement.id}-redline-{sides}.pdf"


def _compared(before: Version, after: Version, old: int | None, new: int) -> Compared:
    return Compared(
        title=after.title,
        agreement_no=after.agreement_no,
        old=Side(old, before.sha256),
        new=Side(new, after.sha256),
        redline=rules.compare(before, after),
    )


def _row(act: Act, agreement_id: str, number: int) -> VersionRow:
    row = rows.version_row(act, agreement_id, number)
    return VersionRow(row.number, row.sha256, row.saved_at, act.session.get_one(Person, row.saved_by).name)
