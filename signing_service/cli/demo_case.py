"""The demo: the conference of December 2020 in Chengdu, approved, invited, doors open, a link per person.

The organisations took part in public; every person here is invented. Everything goes through the same operations that
people use, under the same permissions, so the demo's log is a log like any other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from sqlalchemy import func, select

from agreements.drafts import flat as form_fields
from agreements.templates import LIBRARY
from config import from_environment
from signing_service.accounts.tokens import stage_token
from signing_service.cli import demo_organisations
from signing_service.db.models.people import Person
from signing_service.operations import agreements as agreement_operations
from signing_service.operations import approvals, ceremonies, documents, drafts, mails, people, versions
from signing_service.operations.operation import Act, query
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services
from signing_service.worker import run_once

TEMPLATE = "strategic_cooperation"
OPEN_DRAFT, FILLED_IN = "memorandum_of_understanding", ("agreement_no", "place", "parties")
CONFERENCE = {
    "zh-Hans": "2020 中欧新经济线上合作大会",
    "en": "2020 Sino-European New Economic Online Cooperation Conference",
}
ZONE = "Asia/Shanghai"
LIFE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One of the operator's invented people."""

    key: str
    name: str
    email: str
    roles: tuple[str, ...]
    language: str
    says: str


STAFF = (
    DemoPerson("legal", "沈月 Shen Yue", "shen.yue@chengdu.example", ("legal",), "zh-Hans", "drafts"),
    DemoPerson("legal_review", "Katja Brandt", "katja.brandt@chengdu.example", ("legal",), "en", "reviews"),
    DemoPerson("management", "何清 He Qing", "he.qing@chengdu.example", ("management",), "zh-Hans", "approves"),
    DemoPerson("management_2", "Mikko Saari", "mikko.saari@chengdu.example", ("management",), "fi", "approves"),
    DemoPerson("host", "罗安 Luo An", "luo.an@chengdu.example", ("host",), "en", "hosts the ceremony"),
    DemoPerson("auditor", "Ines Falk", "ines.falk@audit.example", ("auditor",), "en", "checks the log"),
    DemoPerson("outbox", "Operator", "operator@chengdu.example", ("admin",), "en", "sees the outbox"),
)


@query(Action.OPERATE)
def _is_empty(act: Act) -> bool:
    return act.session.scalar(select(func.count()).select_from(Person)) == 0


def seed_once(services: Services) -> None:
    """Play the story up to open doors, unless there is data already."""
    if services.settings.is_production or not _is_empty(services, SYSTEM):
        return
    console = Console(stderr=True)
    with console.status("first start: drafting, approving and freezing the demo agreement") as status:
        links = _play(services, status.update)
    services.settings.demo_links_file.touch(mode=0o600)
    services.settings.demo_links_file.write_text(json.dumps(links, ensure_ascii=False, indent=1))


def print_links(settings_file: Path | None = None) -> None:
    """Print one link per person; nothing when no demo was seeded."""
    settings = from_environment()
    file = settings_file or settings.demo_links_file
    if not file.exists():
        print(f"Serving on {settings.base_url}", flush=True)
        return
    links: list[dict[str, str]] = json.loads(file.read_text())
    width = max(len(link["who"]) for link in links)
    print(f"\nServing on {settings.base_url} (Ctrl-C ends it). The demo, a link per person:\n")
    for link in links:
        print(f"  {link['who']:<{width}}  {link['url']}")
    print("\nSignatories are asked for a code: it is on the outbox page.\n", flush=True)


def actors(services: Services) -> dict[str, Actor]:
    """Create the staff; returns them as actors by key."""
    found = {}
    for person in STAFF:
        person_id = people.add(
            services, SYSTEM, name=person.name, email=person.email, roles=person.roles, language=person.language
        )
        found[person.key] = Actor(
            id=person_id, kind="staff", roles=frozenset(person.roles), language=person.language, name=person.name
        )
    return found


def sample(template: str = TEMPLATE) -> dict[str, Any]:
    """The values of the case, as shipped with the template."""
    folder = LIBRARY / template / "samples"
    first = sorted(folder.glob("*.yaml"))[0]
    loaded: dict[str, Any] = yaml.safe_load(first.read_text(encoding="utf-8"))
    return loaded


flat = form_fields


def approved_and_frozen(services: Services, who: Mapping[str, Actor], values: Mapping[str, Any]) -> str:
    """Draft, save, submit, approve by both stages, freeze; returns the agreement's id."""
    agreement_id, sha256 = approved(services, who, values)
    documents.freeze(services, who["host"], agreement_id, sha256)
    return agreement_id


def approved(services: Services, who: Mapping[str, Actor], values: Mapping[str, Any]) -> tuple[str, str]:
    """The same up to the approval; returns the agreement's id and the SHA-256 of its version."""
    legal, reviewer, manager = who["legal"], who["legal_review"], who["management"]
    agreement_id = drafts.start(services, legal, TEMPLATE)
    row_version = drafts.save(services, legal, agreement_id, flat(values), 1)
    version = versions.save(services, legal, agreement_id, row_version)
    approvals.submit(services, legal, agreement_id, version.sha256)
    approvals.decide(services, reviewer, agreement_id, "approve", version.sha256, "")
    approvals.decide(services, manager, agreement_id, "approve", version.sha256, "同意签署。")
    return agreement_id, version.sha256


def begun(services: Services, legal: Actor) -> str:
    """A draft that waits to be gone on with, the parties filled in and the rest open; returns the agreement's id."""
    agreement_id = drafts.start(services, legal, OPEN_DRAFT, references=("de",))
    values = {name: value for name, value in sample(OPEN_DRAFT).items() if name in FILLED_IN}
    drafts.save(services, legal, agreement_id, flat(values), 1)
    return agreement_id


def _play(services: Services, say: Any) -> list[dict[str, str]]:
    who = actors(services)
    demo_organisations.enter(services, who["legal"])
    begun(services, who["legal"])
    agreement_id = approved_and_frozen(services, who, sample())
    say("first start: inviting the signatories")
    host = who["host"]
    ceremony_id = ceremonies.plan(
        services,
        host,
        agreement_id,
        title=CONFERENCE,
        starts_at=services.clock() + timedelta(minutes=30),
        zone=ZONE,
    )
    ceremonies.conduct_ceremony(services, host, ceremony_id, "open_doors", 1)
    links = _staff_links(services, who, ceremony_id)
    links[1:1] = _signatory_links(services, who["outbox"], agreement_id)
    run_once(services)
    return links


def _staff_links(services: Services, who: Mapping[str, Actor], ceremony_id: str) -> list[dict[str, str]]:
    base = services.settings.base_url
    until = services.clock() + LIFE
    found = []
    for person in STAFF:
        token = people.demo_link(services, SYSTEM, who[person.key].id, until)
        target = {"host": f"?next=/ceremonies/{ceremony_id}", "auditor": "?next=/audit", "outbox": "?next=/outbox"}
        url = f"{base}/enter/{token}{target.get(person.key, '')}"
        found.append({"key": person.key, "who": f"{person.name} ({person.key}: {person.says})", "url": url})
    order = ("host", "legal", "legal_review", "management", "management_2", "auditor", "outbox")
    found.sort(key=lambda link: order.index(link["key"]))
    token = stage_token(services.settings.master_key, ceremony_id)
    stage = {"key": "stage", "who": "Stage, for the audience", "url": f"{base}/stage/{ceremony_id}/{token}"}
    return [found[0], stage, *found[1:]]


def _signatory_links(services: Services, operator: Actor, agreement_id: str) -> list[dict[str, str]]:
    """The links as they were mailed, read from the outbox like anybody would."""
    invited = [m for m in mails.outbox(services, operator, agreement_id) if m.kind == "invitation"]
    links = {m.recipient: m.links[0] for m in invited}
    found = []
    for row in agreement_operations.read(services, operator, agreement_id).signatories:
        who = f"{row.name} (signs for {row.party.get('en', '')})"
        found.append({"key": "signatory", "who": who, "url": links[row.email]})
    return found
