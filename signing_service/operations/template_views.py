"""Templates as pages show them: the list, one version with its text, what changed in it, its samples as agreements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from agreements import template_versions as rules
from agreements.fields import validate
from agreements.package_zip import write_zip
from agreements.rendering import render
from agreements.template_changes import TemplateChanges
from agreements.template_versions import Command, Known, State
from agreements.templates import Template, library
from agreements.versions import Version, compose
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.people import Person
from signing_service.db.models.templates import TemplateVersion
from signing_service.errors import N_, NotFound
from signing_service.operations import packages
from signing_service.operations.operation import Act, query
from signing_service.operations.templates import known, offered
from signing_service.packages.isolated import compare
from signing_service.permissions import RULES, Action, Actor
from signing_service.services import Services

SHIPPED = "shipped"  # came with the service
EARLIER = "earlier"  # came with an earlier service, and agreements begun with it go on


@dataclass(frozen=True, slots=True)
class TemplateEntry:
    """One version of a template. `state`: shipped, earlier, or a state of `agreements.template_versions`.

    `offered`: new agreements begin with it. `agreements`: how many were begun with it.
    """

    sha256: str
    id: str
    version: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    state: str
    offered: bool
    agreements: int
    rendered: int | None = None
    uploaded_by_name: str = ""
    uploaded_at: datetime | None = None
    decided_by_name: str = ""
    decided_at: datetime | None = None
    retired_by_name: str = ""
    retired_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TemplateView:
    """One version whole. `before` is what it is compared with; `allowed` what the person who looks can do now."""

    entry: TemplateEntry
    template: Template
    before: TemplateEntry | None
    own: bool
    allowed: frozenset[str]


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample of a template, filled in and composed."""

    entry: TemplateEntry
    name: str
    version: Version


@query(Action.TEMPLATE_READ)
def list_all(act: Act) -> list[TemplateEntry]:
    """Every version: those that came with the service, then the uploaded ones, the newest of an id first."""
    return sorted(_entries(act).values(), key=lambda one: (one.id, [-part for part in rules.order(one.version)]))


@query(Action.TEMPLATE_READ)
def read(act: Act, sha256: str) -> TemplateView:
    """One version; raises `NotFound`."""
    entries = _entries(act)
    template = _template(act, sha256)
    entry = entries.get(sha256) or _earlier(act, template)
    row, before = act.session.get(TemplateVersion, sha256), _before(act, template)
    own = row is not None and row.uploaded_by == act.actor.id
    return TemplateView(entry, template, entries[before.sha256] if before else None, own, _allowed(act, row, own))


def changes(services: Services, actor: Actor, sha256: str) -> TemplateChanges | None:
    """What is different from the version before; None when there is none. Raises `NotFound`, `PackageUnexamined`."""
    both = _compared(services, actor, sha256)
    return compare(both[0].package, both[1].package) if both is not None else None


@query(Action.TEMPLATE_READ)
def _compared(act: Act, sha256: str) -> tuple[Template, Template] | None:
    template = _template(act, sha256)
    before = _before(act, template)
    return (packages.template(act, before.sha256), template) if before is not None else None


@query(Action.TEMPLATE_READ)
def archive(act: Act, sha256: str) -> tuple[bytes, str]:
    """The package as a zip file, always the same bytes, and a file name for it."""
    template = _template(act, sha256)
    return write_zip(template.package, template.id), f"{template.id}-{template.version}.zip"


@query(Action.TEMPLATE_READ)
def sample(act: Act, sha256: str, name: str) -> SampleView:
    """One sample as an agreement, filled in as of the day of the upload; raises `NotFound`."""
    template = _template(act, sha256)
    raw = template.samples.get(name)
    if raw is None:
        raise NotFound(what=N_("sample"))
    entry = _entries(act).get(sha256) or _earlier(act, template)
    day = (entry.uploaded_at or act.now).date()
    return SampleView(entry, name, compose(template, validate(template, raw, day)))


def sample_pdf(services: Services, actor: Actor, sha256: str, name: str) -> tuple[bytes, str]:
    """The same as a PDF, and a file name for it."""
    view = sample(services, actor, sha256, name)
    verify_url = f"{services.settings.base_url}/verify"
    rendered = render(view.version, number=1, verify_url=verify_url, fonts=services.fonts)
    return rendered.pdf, f"{view.entry.id}-{view.entry.version}-{name}.pdf"


def _template(act: Act, sha256: str) -> Template:
    """The template of that hash, if it is one: a stored file of another kind is none."""
    is_one = (
        packages.shipped(sha256) is not None
        or act.session.get(TemplateVersion, sha256) is not None
        or act.session.scalar(select(Agreement.id).where(Agreement.template_sha256 == sha256).limit(1)) is not None
    )
    if not is_one:
        raise NotFound(what=packages.TEMPLATE)
    return packages.template(act, sha256)


def _before(act: Act, template: Template) -> Known | None:
    """What an uploaded version is compared with, if there is anything."""
    rows = act.session.scalars(select(TemplateVersion).where(TemplateVersion.template_id == template.id)).all()
    if all(row.sha256 != template.sha256 for row in rows):
        return None
    return rules.before(template.version, known(template.id, rows))


def _entries(act: Act) -> dict[str, TemplateEntry]:
    """Every version that came with the service or was uploaded, by the hash of its package."""
    standing, used = set(offered(act).values()), _agreements(act)
    names = {person.id: person.name for person in act.session.scalars(select(Person))}
    found = {
        one.sha256: TemplateEntry(
            one.sha256,
            one.id,
            one.version,
            one.title,
            one.languages,
            SHIPPED,
            one.sha256 in standing,
            used.get((one.id, one.sha256), 0) + used.get((one.id, None), 0),
        )
        for one in library().values()
    }
    for row in act.session.scalars(select(TemplateVersion)):
        count = used.get((row.template_id, row.sha256), 0)
        found[row.sha256] = _uploaded(row, names, row.sha256 in standing, count)
    return found


def _uploaded(row: TemplateVersion, names: Mapping[str, str], is_offered: bool, used: int) -> TemplateEntry:
    return TemplateEntry(
        sha256=row.sha256,
        id=row.template_id,
        version=row.version,
        title=row.title,
        languages=tuple(row.languages),
        state=row.state,
        offered=is_offered,
        agreements=used,
        rendered=row.rendered,
        uploaded_by_name=names[row.uploaded_by],
        uploaded_at=row.uploaded_at,
        decided_by_name=names.get(row.decided_by or "", ""),
        decided_at=row.decided_at,
        retired_by_name=names.get(row.retired_by or "", ""),
        retired_at=row.retired_at,
        reason=row.reason,
    )


def _earlier(act: Act, one: Template) -> TemplateEntry:
    used = _agreements(act).get((one.id, one.sha256), 0)
    return TemplateEntry(one.sha256, one.id, one.version, one.title, one.languages, EARLIER, False, used)


def _agreements(act: Act) -> dict[tuple[str, str | None], int]:
    """How many agreements were begun with each package; (id, None) counts those from before that was kept."""
    columns = (Agreement.template_id, Agreement.template_sha256)
    found = act.session.execute(select(*columns, func.count()).group_by(*columns))
    return {(template_id, sha256): count for template_id, sha256, count in found}


def _allowed(act: Act, row: TemplateVersion | None, own: bool) -> frozenset[str]:
    if row is None or not any(predicate(act.actor) for predicate in RULES[Action.TEMPLATE_DECIDE]):
        return frozenset()
    possible = {command.value for state, command in rules.MOVES if state is State(row.state)}
    return frozenset(possible - {Command.PUBLISH.value} if own else possible)
