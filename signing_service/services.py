"""The parts of a running service, built once and handed to every operation.

Builds no Flask object: the command line and the worker use the same parts.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from agreements.rendering.fonts import FontFolder
from config import Settings
from keys.held_elsewhere import HeldElsewhere
from keys.holders import KeyHolders, read_holders
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts
from keys.own_certificates import Authorities, authorities_in
from keys.timestamping import TimestampSource
from signing_service.clock import Clock, system_clock
from signing_service.db.session import Database


@dataclass(frozen=True)
class Services:
    """What an operation may need. `wake` tells the background worker that there is something to do."""

    settings: Settings
    db: Database
    keyring: Keyring
    timestamps: TimestampSource
    fonts: FontFolder
    clock: Clock = system_clock
    authorities: Authorities = field(default_factory=Authorities)
    held: HeldElsewhere = field(default_factory=lambda: HeldElsewhere(KeyHolders()))
    wake: threading.Event = field(default_factory=threading.Event)


def build(settings: Settings, clock: Clock = system_clock, keyring: Keyring | None = None) -> Services:
    """Put the parts together over the keys at hand, or those of the folder; the schema is migrated elsewhere."""
    held = HeldElsewhere(read_holders(settings.key_holders_file))
    keyring = keyring or open_keyring(settings, clock, held)
    return Services(
        settings=settings,
        db=Database(settings.database_url),
        keyring=keyring,
        timestamps=keyring.timestamp_source,
        fonts=FontFolder(settings.fonts_dir / "pdf"),
        clock=clock,
        authorities=authorities_in(settings.own_authorities_dir, others_too=not settings.own_authorities_only),
        held=held,
    )


def open_keyring(settings: Settings, clock: Clock, held: HeldElsewhere) -> Keyring:
    """Open the keys of this installation, files and those of its token; the first start makes the files."""
    facts = KeyringFacts(
        organisation=settings.operator_name,
        country=settings.operator_country,
        email=settings.operator_email,
        base_url=settings.base_url,
        demo=not settings.is_production,
    )
    return Keyring.open_or_create(
        settings.keys_dir,
        settings.master_key,
        facts,
        clock(),
        clock=clock,
        production=settings.is_production,
        held=held.own_keys(),
    )
