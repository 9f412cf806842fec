"""Templates that people upload: examined, read by a second person, published, retired. And what may be begun with.

A version is named by the SHA-256 of its package. Templates that came with the service stand beside the uploaded ones
without a row of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from agreements import template_versions as rules
from agreements.errors import TemplateInvalid
from agreements.package_files import Mistakes
from agreements.template_versions import Command, Known, State
from agreements.templates import Template, library
from agreements.templates import read as read_package
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.templates import (
    TemplatePublished,
    TemplateRejected,
    TemplateRetired,
    TemplateUploaded,
)
from signing_service.db.models.templates import TemplateVersion
from signing_service.errors import N_, ChangedMeanwhile, InvalidInput, NotFound
from signing_service.operations import packages
from signing_service.operations.operation import Act, command
from signing_service.packages.isolated import examine
from signing_service.permissions import Action, Actor, require
from signing_service.services import Services

REASON_MAX = 2000


def upload(services: Services, actor: Actor, data: bytes, name: str) -> str:
    """Examine the package in a zip file and keep it; returns its SHA-256. The same content again is the same version.

    Raises `TemplateInvalid` with every mistake, `TemplateVersionTaken` unless the version is higher than all before,
    `PackageUnexamined`, or `ChangedMeanwhile` when somebody uploaded the same version at this moment.
    """
    require(actor, Action.TEMPLATE_UPLOAD)
    services.fonts.load()  # what the installation lacks is no mistake of a package
    found = examine(data, name, services.fonts, services.clock().date())
    if found.package is None:
        raise TemplateInvalid(name, found.problems)
    return add(services, actor, read_package(found.package, Mistakes()), found.rendered)


@command(Action.TEMPLATE_UPLOAD, recorded=False)
def add(act: Act, template: Template, rendered: int) -> str:
    """Keep a package that was examined and found right, with `rendered` samples; returns its SHA-256."""
    if packages.shipped(template.sha256) or act.session.get(TemplateVersion, template.sha256):
        return template.sha256
    rules.check_upload(template.id, template.version, known(template.id, versions_locked(act, template.id)))
    packages.keep(act, template.package)
    act.session.add(
        TemplateVersion(
            sha256=template.sha256,
            template_id=template.id,
            version=template.version,
            title=dict(template.title),
            languages=list(template.languages),
            state=State.UPLOADED.value,
            rendered=rendered,
            uploaded_by=act.actor.id,
            uploaded_at=act.now,
            reason="",
        )
    )
    try:
        act.session.flush()
    except IntegrityError as error:  # two first versions at once, where no row could be taken before
        raise ChangedMeanwhile(what=N_("The template")) from error
    act.record(Recorded.TEMPLATE_UPLOADED, TemplateUploaded(template.id, template.version, template.sha256))
    return template.sha256


@command(Action.TEMPLATE_DECIDE)
def publish(act: Act, sha256: str, shown_sha256: str, compared_with: str) -> None:
    """Offer the version from now on, in place of the one before, which is retired.

    The publisher says what was on the screen: the package, and the one it was compared with ("" for none). Raises
    `ChangedMeanwhile` when it is another now, `OwnUpload` for the uploader, `TemplateState`, `TemplateVersionTaken`.
    """
    row, others = _locked(act, sha256)
    state = rules.next_state(State(row.state), Command.PUBLISH)
    everything = known(row.template_id, [row, *others])
    rules.check_publication(
        row.template_id, row.version, everything, uploaded_by=row.uploaded_by, publisher=act.actor.id
    )
    against = rules.before(row.version, everything)
    if shown_sha256 != sha256 or compared_with != (against.sha256 if against else ""):
        raise ChangedMeanwhile(what=N_("The template"))
    row.state, row.decided_by, row.decided_at = state.value, act.actor.id, act.now
    act.record(
        Recorded.TEMPLATE_PUBLISHED, TemplatePublished(row.template_id, row.version, sha256, author=row.uploaded_by)
    )
    for other in others:
        if other.state == State.PUBLISHED:
            _retire(act, other, "superseded", by=sha256)


@command(Action.TEMPLATE_DECIDE)
def reject(act: Act, sha256: str, reason: str) -> None:
    """Say why the version will not be published; its uploader may do so as well. Raises `TemplateState`."""
    row, _others = _locked(act, sha256)
    state = rules.next_state(State(row.state), Command.REJECT)
    row.reason = _words(reason, required=True)
    row.state, row.decided_by, row.decided_at = state.value, act.actor.id, act.now
    rejected = TemplateRejected(row.template_id, row.version, sha256, words=row.reason)
    act.record(Recorded.TEMPLATE_REJECTED, rejected)


@command(Action.TEMPLATE_DECIDE)
def retire(act: Act, sha256: str, reason: str) -> None:
    """Begin no more agreements with the version; those that were begun go on with it. Raises `TemplateState`."""
    row, _others = _locked(act, sha256)
    _retire(act, row, "by_hand", words=_words(reason, required=False))


def _retire(act: Act, row: TemplateVersion, reason: str, *, by: str | None = None, words: str = "") -> None:
    row.state = rules.next_state(State(row.state), Command.RETIRE).value
    row.retired_by, row.retired_at, row.reason = act.actor.id, act.now, words
    retired = TemplateRetired(row.template_id, row.version, row.sha256, reason, by=by, words=words)
    act.record(Recorded.TEMPLATE_RETIRED, retired)


def _words(typed: str, *, required: bool) -> str:
    words = typed.strip()
    if required and not words:
        raise InvalidInput(field="reason", problem=N_("say why, so that the author knows what to change"))
    if len(words) > REASON_MAX:
        raise InvalidInput(field="reason", problem=N_("at most 2000 characters"))
    return words


def _locked(act: Act, sha256: str) -> tuple[TemplateVersion, list[TemplateVersion]]:
    """The version and the others of its id, all taken for writing; raises `NotFound`."""
    template_id = act.session.scalar(select(TemplateVersion.template_id).where(TemplateVersion.sha256 == sha256))
    if template_id is None:
        raise NotFound(what=packages.TEMPLATE)
    rows = versions_locked(act, template_id)
    return next(row for row in rows if row.sha256 == sha256), [row for row in rows if row.sha256 != sha256]


def versions_locked(act: Act, template_id: str) -> list[TemplateVersion]:
    """Every uploaded version of one id, taken for writing in one order."""
    wanted = select(TemplateVersion).where(TemplateVersion.template_id == template_id)
    return list(act.session.scalars(wanted.order_by(TemplateVersion.sha256).with_for_update()))


def known(template_id: str, rows: Sequence[TemplateVersion]) -> list[Known]:
    """Every version of one id as the rules see it: uploaded ones, and the one that came with the service."""
    found = [Known(row.version, row.sha256, State(row.state)) for row in rows if row.template_id == template_id]
    with_service = library().get(template_id)
    return [*found, Known(with_service.version, with_service.sha256, None)] if with_service else found


def offered(act: Act) -> dict[str, str]:
    """What a new agreement can be begun with: id of the template → SHA-256 of the package."""
    rows = act.session.scalars(select(TemplateVersion).order_by(TemplateVersion.template_id)).all()
    ids = dict.fromkeys((*library(), *(row.template_id for row in rows)))
    found = ((template_id, rules.offered(known(template_id, rows))) for template_id in ids)
    return {template_id: version.sha256 for template_id, version in found if version is not None}
