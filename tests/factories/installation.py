"""A whole installation in a temporary folder: settings, keys, services. Keys are made once and copied."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from config import ROOT, Settings
from keys.keyring import Keyring
from keys.keyring_files import KeyringFiles
from keys.software import SoftwareKey
from signing_service.clock import Clock, system_clock
from signing_service.services import Services, build

BASE_URL = "http://127.0.0.1:8000"
MASTER_KEY = b"m" * 32


class StoppedClock:
    """A clock that moves only when a test says so, or by a tick each time it is read."""

    def __init__(self, start: datetime | None = None) -> None:
        self.now = start or datetime.now(UTC).replace(microsecond=0)
        self.tick = timedelta(milliseconds=1)

    def __call__(self) -> datetime:
        self.now += self.tick
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def settings_in(folder: Path, database_url: str | None = None) -> Settings:
    """Development settings over a folder."""
    return Settings(
        environment="development",
        base_url=BASE_URL,
        data_dir=folder,
        database_url=database_url or f"sqlite:///{folder / 'service.sqlite3'}",
        secret_key="s" * 48,
        master_key=MASTER_KEY,
        log_origin="127.0.0.1:8000/log/1",
        fonts_dir=ROOT / "fonts",
    )


def services_in(folder: Path, keys: Path, database_url: str | None, clock: Clock = system_clock) -> Services:
    """Services over a folder with a copy of ready-made keys."""
    settings = settings_in(folder, database_url)
    if not settings.keys_dir.exists():
        shutil.copytree(keys, settings.keys_dir)
    return build(settings, clock, Keyring(_decrypted(keys), clock))


class _ReadOnce(KeyringFiles):
    """Ready-made keys stay as they are; each takes a hundredth of a second to decrypt."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._known: dict[str, SoftwareKey] = {}

    def _key(self, name: str) -> SoftwareKey:
        if name not in self._known:
            self._known[name] = super()._key(name)
        return self._known[name]


@cache
def _decrypted(keys: Path) -> KeyringFiles:
    """The files of ready-made keys; deriving their passphrase takes a tenth of a second each time."""
    return _ReadOnce.open(keys, MASTER_KEY)
