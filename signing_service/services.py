"""The parts of a running service, built once and handed to every operation.

Builds no Flask object: the command line and the worker use the same parts.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from agreements.rendering.fonts import FontFolder
from config import BUILT_IN, Settings
from keys.held_elsewhere import HeldElsewhere
from keys.holders import KeyHolders, read_holders
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts
from keys.own_certificates import Authorities, authorities_in
from keys.rehearsal_keyring import RehearsalKeyring
from keys.timestamping import AuthoritiesInOrder, HttpAuthority, TimestampSource
from keys.timestamping.trusted import TrustedSource
from keys.trust.anchors import TrustAnchors
from keys.trust.fetching import Fetcher
from keys.trust.folder import TrustFolder
from keys.trust.store import TrustStore
from signing_service.ceremonies.turns import Pace
from signing_service.clock import Clock, system_clock
from signing_service.db.session import Database
from signing_service.pades.bases import Bases


@dataclass(frozen=True)
class Services:
    """What an operation may need. `wake` tells the background worker that there is something to do.

    `anchors` are those the operator trusts beside our own roots when documents are closed, `trust` what counts when any
    PDF is verified, `authorities` those of signatories' own certificates.
    `bases` are the revisions that this process can continue without reading them, `warmed` the signatories for whom
    everything was made ready here, `waiting` those told lately to wait, `pace` how fast turns go: all can be lost.
    """

    settings: Settings
    db: Database
    keyring: Keyring
    rehearsal_keys: RehearsalKeyring
    timestamps: TimestampSource
    fonts: FontFolder
    clock: Clock = system_clock
    authorities: Authorities = field(default_factory=Authorities)
    anchors: TrustAnchors = field(default_factory=TrustAnchors)
    trust: TrustStore = field(default_factory=TrustStore)
    fetcher: Fetcher = field(default_factory=Fetcher)
    held: HeldElsewhere = field(default_factory=lambda: HeldElsewhere(KeyHolders()))
    wake: threading.Event = field(default_factory=threading.Event)
    bases: Bases = field(default_factory=Bases)
    warmed: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    pace: Pace = field(default_factory=Pace)


def build(settings: Settings, clock: Clock = system_clock, keyring: Keyring | None = None) -> Services:
    """Put the parts together over the keys at hand, or those of the folder; the schema is migrated elsewhere."""
    held = HeldElsewhere(read_holders(settings.key_holders_file))
    keyring = keyring or open_keyring(settings, clock, held)
    anchors = _anchors(settings)
    return Services(
        settings=settings,
        db=Database(settings.database_url),
        keyring=keyring,
        rehearsal_keys=RehearsalKeyring(settings.rehearsal_keys_dir, settings.master_key),
        timestamps=_timestamps(settings, keyring, anchors, clock),
        fonts=FontFolder(settings.fonts_dir / "pdf"),
        clock=clock,
        authorities=authorities_in(settings.own_authorities_dir, others_too=not settings.own_authorities_only),
        anchors=anchors,
        trust=_trust(settings),
        fetcher=Fetcher(allow_private=settings.fetch_private_addresses),
        held=held,
    )


def _anchors(settings: Settings) -> TrustAnchors:
    """What the operator trusts beside our own roots, each for its purpose."""
    return TrustAnchors.from_pem(
        settings.trust_anchors if settings.trust_anchors is not None else (),
        settings.timestamp_anchors if settings.timestamp_anchors is not None else (),
    )


def _trust(settings: Settings) -> TrustStore:
    """The trust folder; a root in it that cannot be read stops the start, lists are read when they are first needed."""
    if settings.trust_folder is not None:
        TrustFolder(settings.trust_folder).roots()
    return TrustStore(settings.trust_folder)


def _timestamps(settings: Settings, keyring: Keyring, anchors: TrustAnchors, clock: Clock) -> TimestampSource:
    """The authorities in the order of the settings; our own is asked without a network between."""
    sources = [
        keyring.timestamp_source
        if address == BUILT_IN
        else TrustedSource(_foreign(address, clock), anchors.timestamping, clock=clock)
        for address in settings.timestamp_authorities
    ]
    return AuthoritiesInOrder(sources) if len(sources) > 1 else sources[0]


def _foreign(address: str, clock: Clock) -> HttpAuthority:
    """Name and password may stand in the address; they are sent, never shown."""
    parts = urlsplit(address)
    credentials = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return HttpAuthority(bare, credentials=credentials, clock=clock)


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
