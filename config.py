"""The settings of one installation: frozen, typed, read once from the environment.

Refuses values that would be unsafe in production (rule: a missing or short secret stops the start, it is never
replaced by a default there). In development the secrets are made on the first start and kept beside the data.
This module imports nothing of ours.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
MINIMUM_SECRET_BYTES = 32
LEASE_SECONDS = (1.0, 120.0)
BUILT_IN = "built-in"
"""The name of our own time stamp authority in SIGNING_TIMESTAMPS."""


class UnsafeSettings(Exception):
    """The environment asks for something this service refuses to run with."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations.

    `base_url` is the address people see (no trailing slash); `log_origin` is the C2SP origin of the audit log: a
    URL without scheme. Sizes are bytes, times seconds. What may hold a secret is left out when settings are shown.
    """

    environment: Literal["development", "production"]
    base_url: str
    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    master_key: bytes = field(repr=False)
    log_origin: str
    operator_name: str = "Signing Service (demonstration)"
    operator_country: str = "CN"
    operator_email: str = "signing@localhost.example"
    fonts_dir: Path = ROOT / "fonts"
    mail_from: str = "signing@localhost"
    smtp_url: str | None = field(default=None, repr=False)
    key_holders_file: Path | None = None
    max_upload_bytes: int = 32 * 1024 * 1024
    invitation_days: int = 30
    code_seconds: int = 600
    lease_seconds: float = 8.0
    session_hours: int = 12
    own_authorities_dir: Path | None = None
    own_authorities_only: bool = False
    timestamp_authorities: tuple[str, ...] = field(default=("built-in",), repr=False)
    timestamp_anchors: Path | None = None
    timestamp_each_signature: bool = True
    trust_anchors: Path | None = None
    trust_folder: Path | None = None
    verify_online: bool = False
    fetch_private_addresses: bool = False

    @property
    def is_production(self) -> bool:
        """True where demo keys, demo links and debugging are refused."""
        return self.environment == "production"

    @property
    def keys_dir(self) -> Path:
        """The folder of encrypted key files."""
        return self.data_dir / "keys"

    @property
    def rehearsal_keys_dir(self) -> Path:
        """The folder of the keys of rehearsals; apart, because nothing in it may be taken for the service's keys."""
        return self.data_dir / "rehearsal-keys"

    @property
    def mail_dir(self) -> Path:
        """Where mails land when no SMTP server is set."""
        return self.data_dir / "mail"

    @property
    def high_water_dir(self) -> Path:
        """Where the newest checkpoint this installation signed is kept, outside the database."""
        return self.data_dir / "log"

    @property
    def demo_links_file(self) -> Path:
        """The links that the demo prints; present only where a demo was seeded."""
        return self.data_dir / "demo-links.json"


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises `UnsafeSettings` naming the variable that is missing or wrong."""
    env = os.environ if environ is None else environ
    environment = env.get("SIGNING_ENVIRONMENT", "development")
    if environment not in ("development", "production"):
        raise UnsafeSettings(f"SIGNING_ENVIRONMENT is {environment!r}; it must be development or production")
    data_dir = Path(env.get("SIGNING_DATA", str(ROOT / "var"))).resolve()
    base_url = _address(env.get("SIGNING_BASE_URL", "http://127.0.0.1:8000"))
    if environment == "production":
        secret_key, master_key = _production_secrets(env)
        if not base_url.startswith("https://"):
            raise UnsafeSettings("SIGNING_BASE_URL must begin with https:// in production")
    else:
        secret_key, master_key = _development_secrets(data_dir, env)
    return Settings(
        environment="production" if environment == "production" else "development",
        base_url=base_url,
        data_dir=data_dir,
        database_url=env.get("SIGNING_DATABASE_URL", f"sqlite:///{data_dir / 'service.sqlite3'}"),
        secret_key=secret_key,
        master_key=master_key,
        log_origin=env.get("SIGNING_LOG_ORIGIN", base_url.split("://", 1)[1].replace("+", "-") + "/log/1"),
        operator_name=env.get("SIGNING_OPERATOR", "Signing Service (demonstration)"),
        operator_country=env.get("SIGNING_OPERATOR_COUNTRY", "CN"),
        operator_email=env.get("SIGNING_OPERATOR_EMAIL", "signing@localhost.example"),
        fonts_dir=Path(env.get("SIGNING_FONTS", str(ROOT / "fonts"))),
        mail_from=env.get("SIGNING_MAIL_FROM", "signing@localhost"),
        smtp_url=env.get("SIGNING_SMTP_URL") or None,
        key_holders_file=Path(env["SIGNING_KEY_HOLDERS"]) if env.get("SIGNING_KEY_HOLDERS") else None,
        own_authorities_dir=_folder(env, "SIGNING_OWN_AUTHORITIES"),
        own_authorities_only=_yes(env.get("SIGNING_OWN_AUTHORITIES_ONLY", "no")),
        lease_seconds=_lease(env.get("SIGNING_LEASE_SECONDS", "8")),
        timestamp_authorities=_authorities(env),
        timestamp_anchors=_file(env, "SIGNING_TIMESTAMP_ANCHORS"),
        timestamp_each_signature=_one_of(env, "SIGNING_TIMESTAMP_AT", ("signature", "close")) == "signature",
        trust_anchors=_file(env, "SIGNING_TRUST_ANCHORS"),
        trust_folder=_folder(env, "SIGNING_TRUST_FOLDER"),
        verify_online=_one_of(env, "SIGNING_VERIFY", ("offline", "online")) == "online",
        fetch_private_addresses=_one_of(env, "SIGNING_FETCH", ("public", "private")) == "private",
    )


def _address(text: str) -> str:
    """The address people see, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnsafeSettings(f"SIGNING_BASE_URL is {text!r}; it must begin with https:// (or http:// in development)")
    return text.rstrip("/")


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    """A folder that exists, if one is named: a misspelt one would silently trust nobody."""
    text = env.get(name)
    if not text:
        return None
    if not Path(text).is_dir():
        raise UnsafeSettings(f"{name} is {text!r}; there is no such folder")
    return Path(text).resolve()


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise UnsafeSettings(f"SIGNING_OWN_AUTHORITIES_ONLY is {text!r}; it must be yes or no")
    return text == "yes"


def _authorities(env: Mapping[str, str]) -> tuple[str, ...]:
    """Time stamp authorities in the order in which they are asked; a foreign one needs an anchor to be trusted by."""
    named = tuple(env.get("SIGNING_TIMESTAMPS", BUILT_IN).split())
    foreign = [one for one in named if one != BUILT_IN]
    if not named or any(urlsplit(one).scheme not in ("http", "https") or not urlsplit(one).hostname for one in foreign):
        raise UnsafeSettings("SIGNING_TIMESTAMPS must be addresses (http or https) or built-in, separated by spaces")
    if foreign and not env.get("SIGNING_TIMESTAMP_ANCHORS"):
        raise UnsafeSettings(
            "SIGNING_TIMESTAMPS names a foreign authority; SIGNING_TIMESTAMP_ANCHORS must name its root"
        )
    return named


def _file(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name)
    if not text:
        return None
    if not Path(text).is_file():
        raise UnsafeSettings(f"{name} is {text!r}; there is no such file")
    return Path(text).resolve()


def _one_of(env: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    """The first value is the default."""
    text = env.get(name, values[0])
    if text not in values:
        raise UnsafeSettings(f"{name} is {text!r}; it must be {' or '.join(values)}")
    return text


def _lease(text: str) -> float:
    """Seconds that a browser has to answer; a number that is none would leave everybody waiting."""
    least, most = LEASE_SECONDS
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not least <= seconds <= most:
        raise UnsafeSettings(f"SIGNING_LEASE_SECONDS is {text!r}; it must be a number from {least:.0f} to {most:.0f}")
    return seconds


def _production_secrets(env: Mapping[str, str]) -> tuple[str, bytes]:
    """Both secrets from the environment, each long enough, neither the other."""
    secret = env.get("SIGNING_SECRET_KEY", "")
    if len(secret.encode()) < MINIMUM_SECRET_BYTES:
        raise UnsafeSettings("SIGNING_SECRET_KEY is missing or shorter than 32 bytes")
    try:
        master = base64.b64decode(env.get("SIGNING_MASTER_KEY", ""), validate=True)
    except ValueError as error:
        raise UnsafeSettings("SIGNING_MASTER_KEY is not base64") from error
    if len(master) < MINIMUM_SECRET_BYTES:
        raise UnsafeSettings("SIGNING_MASTER_KEY is missing or shorter than 32 bytes (base64)")
    if secret in (env["SIGNING_MASTER_KEY"], master.decode("latin-1")):
        raise UnsafeSettings("SIGNING_SECRET_KEY and SIGNING_MASTER_KEY must not be the same")
    return secret, master


def _development_secrets(data_dir: Path, env: Mapping[str, str]) -> tuple[str, bytes]:
    """Secrets made on the first start and kept, readable by the owner only, beside the data."""
    if env.get("SIGNING_SECRET_KEY") and env.get("SIGNING_MASTER_KEY"):
        return _production_secrets(env)
    file = data_dir / "development-secrets.json"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        fresh = {"secret_key": secrets.token_urlsafe(48), "master_key": secrets.token_hex(32)}
        draft = file.with_suffix(f".{secrets.token_hex(8)}.new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(fresh))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)  # the first process wins; the others read what it wrote
        draft.unlink()
    kept = json.loads(file.read_text())
    return str(kept["secret_key"]), bytes.fromhex(kept["master_key"])
