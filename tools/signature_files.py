"""Files signed in every way this service knows, each at every level: made by its own operations, keys held for real.

Two agreements are signed. For one no time stamp authority answers (B-B). The other is signed with time stamps (B-T),
closed (B-LT is the state between its two revisions, B-LTA the end) and renewed under a new certificate of the time
stamp authority.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from keys.custody import CustodyKind
from keys.keyring import Keyring
from keys.renewal import renew_certificate
from signing_service.clock import Clock, system_clock
from signing_service.db import files, schema
from signing_service.db.models.documents import DocumentRevision
from signing_service.operations import closing, passkey_evidence, renewals
from signing_service.pades.seal import SEAL_FIELD
from signing_service.permissions import SYSTEM
from signing_service.services import Services, build
from tests.factories import case as cases
from tests.factories import every_custody as every
from tests.factories.case import Case
from tests.factories.every_custody import Kind, Outside, Room
from tests.factories.installation import MASTER_KEY, settings_in
from tests.factories.providers import RunningProvider, running_provider
from tests.factories.tokens import SoftHsm, soft_hsm_in
from tools.signature_judges import Trusted

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA", "B-LTA renewed")
SEAL = Kind(CustodyKind.SOFTWARE_SEAL, "", "P-256")
END = b"%%EOF"


@dataclass(frozen=True)
class Made:
    """A file, and the signature in it that is looked at. `evidence`: what a passkey confirmed, as it is handed out."""

    kind: Kind
    level: str
    field: str
    pdf: bytes
    evidence: bytes = b""


@dataclass(frozen=True)
class World:
    """A staffed installation and the holders of keys outside."""

    case: Case
    outside: Outside

    def trusted(self) -> Trusted:
        """What a judge needs to know; the lists are made now."""
        services, now = self.case.services, datetime.now(UTC)
        keyring = services.keyring
        return Trusted(
            roots=(*keyring.roots_der, *self.outside.roots_der),
            stamp_roots=keyring.roots_der,
            certificates=keyring.issuers.certificates_der,
            lists=(*keyring.crls((), now), *self.outside.lists_der()),
        )


@contextmanager
def world(folder: Path) -> Iterator[tuple[SoftHsm, RunningProvider]]:
    """A hardware module of its own and a provider in a process of its own."""
    (folder / "hsm").mkdir()
    (folder / "provider").mkdir()
    with running_provider(folder / "provider") as provider:
        yield soft_hsm_in(folder / "hsm"), provider


@contextmanager
def service(folder: Path, clock: Clock = system_clock) -> Iterator[Services]:
    """A new installation in a folder."""
    (folder / "service").mkdir()
    services = build(settings_in(folder / "service"), clock)
    schema.upgrade(services.db)
    yield services
    services.db.close()


@contextmanager
def installed(folder: Path, soft_hsm: SoftHsm, provider: RunningProvider, kinds: Sequence[Kind]) -> Iterator[World]:
    """The same with staff, and holders of keys of those kinds."""
    (folder / "outside").mkdir()
    with service(folder) as services:
        yield World(cases.staffed(services), Outside(folder / "outside", soft_hsm, provider, kinds))


def made(world: World, kinds: Sequence[Kind], *, each: bool = True) -> Iterator[Made]:
    """Every file of every kind, and the service's own seal beside them.

    With `each`, a signature is looked at in the file in which it is the newest; else in the one that everybody signed.
    """
    yield from _unstamped(world, kinds, each)
    yield from _stamped(world, kinds, each)


def _unstamped(world: World, kinds: Sequence[Kind], each: bool) -> Iterator[Made]:
    services = every.services_for(world.case.services, world.outside, every.nobody_stamps())
    room = _room(world, services, kinds, "SCA-2026-101")
    yield Made(SEAL, "B-B", SEAL_FIELD, _revisions(room)[-1])
    yield from _signed(room, "B-B", each)


def _stamped(world: World, kinds: Sequence[Kind], each: bool) -> Iterator[Made]:
    room = _room(world, every.services_for(world.case.services, world.outside), kinds, "SCA-2026-102")
    yield Made(SEAL, "B-T", SEAL_FIELD, _revisions(room)[-1])
    signed = _signed(room, "B-T", each)
    yield from signed
    pattern = [*signed, Made(SEAL, "", SEAL_FIELD, b"")]
    services = every.services_for(world.case.services, world.outside)  # with the lists of this moment
    closing.close(services, SYSTEM, room.case.agreement_id)
    closed = _revisions(room)[-1]
    yield from (replace(one, level="B-LT", pdf=_before_the_stamp(closed)) for one in pattern)
    yield from (replace(one, level="B-LTA", pdf=closed) for one in pattern)
    assert renewals.renew(_renewing(services), SYSTEM, room.case.agreement_id)
    yield from (replace(one, level="B-LTA renewed", pdf=_revisions(room)[-1]) for one in pattern)


def _room(world: World, services: Services, kinds: Sequence[Kind], number: str) -> Room:
    case = every.frozen(services, world.case.staff, kinds, number)
    room = every.doors_open(case, world.outside, kinds)
    room.open_round()
    return room


def _signed(room: Room, level: str, each: bool) -> list[Made]:
    """Everybody signs, one after the other."""
    found = []
    for chair in room.chairs:
        chair.sign()
        given = passkey_evidence.mine(chair.seat.services, chair.seat.actor)
        evidence = next((data for name, data in given.items() if name.endswith(".passkey.json")), b"")
        found.append(Made(chair.kind, level, chair.field_name, _revisions(room)[-1], evidence))
    return found if each else [replace(one, pdf=found[-1].pdf) for one in found]


def _renewing(services: Services) -> Services:
    """The same with a new certificate of the time stamp authority, without which a renewal gains nothing."""
    settings = services.settings
    renew_certificate(settings.keys_dir, MASTER_KEY, "timestamp", services.clock())
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=services.clock)
    return replace(services, keyring=keyring, timestamps=keyring.timestamp_source)


def _before_the_stamp(closed: bytes) -> bytes:
    """The first revision of the pair that a closing adds: the store is there, its time stamp is not."""
    end = closed.rindex(END, 0, closed.rindex(END)) + len(END)
    return closed[: end + 1] if closed[end : end + 1] == b"\n" else closed[:end]


def _revisions(room: Room) -> list[bytes]:
    with room.case.services.db.read() as session:
        wanted = select(DocumentRevision.sha256).where(DocumentRevision.agreement_id == room.case.agreement_id)
        return [files.get(session, sha256) for sha256 in session.scalars(wanted.order_by(DocumentRevision.number))]
