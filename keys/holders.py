"""Keys held elsewhere, as the operator sets them up in one TOML file: a token, seals of organisations, providers.

The file names where secrets are (a file or an environment variable) and never holds one. A key or a table that is not
known is refused: a misspelt line must not silently leave something unprotected. Nothing is opened here.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keys.holder_errors import HoldersUnreadable
from keys.passphrases import Secret

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret is: a file, or an environment variable. Read when it is needed, so that it may be exchanged."""

    file: Path | None
    variable: str | None

    def read(self) -> Secret:
        """The secret without the line end of its file; empty when there is none."""
        if self.file is not None:
            try:
                return Secret(self.file.read_bytes().rstrip(b"\r\n"))
            except OSError:
                return Secret(b"")
        return Secret(os.environ.get(self.variable or "", "").encode())


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """One token: the module's library, the token's label, where its PIN is; the keys of the service's own that are in
    it, by label, or None when they are files."""

    module: Path
    label: str
    pin: SecretPlace
    seal: str | None
    issuing: str | None


@dataclass(frozen=True, slots=True)
class SealSettings:
    """The seal of an organisation: a name for people who choose it, the key's label, issuers as a PEM file."""

    name: str
    title: str
    key: str
    chain: Path | None


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """A trust service provider that speaks the CSC API: its base URL with version, and how this service signs in."""

    name: str
    title: str
    url: str
    client_id: str
    client_secret: SecretPlace
    authorities: Path | None
    """Certificates (PEM) that the provider's web server is trusted by; None: those of the operating system."""


@dataclass(frozen=True, slots=True)
class KeyHolders:
    """Everything of the file."""

    token: TokenSettings | None = None
    seals: tuple[SealSettings, ...] = ()
    providers: tuple[ProviderSettings, ...] = ()


def read_holders(path: Path | None) -> KeyHolders:
    """Read the file; without a path nothing is held elsewhere. Raises `HoldersUnreadable`."""
    if path is None:
        return KeyHolders()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise HoldersUnreadable(reason="it is missing or closed to this service") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HoldersUnreadable(reason="it is no TOML") from error
    return _holders(content)


def _holders(content: Mapping[str, Any]) -> KeyHolders:
    _known(content, "the file", {"token", "seal", "provider"})
    token = _token(content["token"]) if "token" in content else None
    seals = tuple(_seal(table) for table in _tables(content, "seal"))
    providers = tuple(_provider(table) for table in _tables(content, "provider"))
    if seals and token is None:
        raise HoldersUnreadable(reason="there are seals but no token")
    for kind, names in (("seal", [s.name for s in seals]), ("provider", [p.name for p in providers])):
        if len(set(names)) != len(names):
            raise HoldersUnreadable(reason=f"two tables of {kind} have one name")
    return KeyHolders(token, seals, providers)


def _token(table: Any) -> TokenSettings:
    _known(table, "token", {"module", "label", "pin_file", "pin_variable", "seal", "issuing"})
    return TokenSettings(
        module=Path(_text(table, "module")),
        label=_text(table, "label"),
        pin=_secret(table, "pin"),
        seal=table.get("seal"),
        issuing=table.get("issuing"),
    )


def _seal(table: Any) -> SealSettings:
    _known(table, "seal", {"name", "title", "key", "chain"})
    return SealSettings(_name(table), _text(table, "title"), _text(table, "key"), _path(table, "chain"))


def _provider(table: Any) -> ProviderSettings:
    allowed = {"name", "title", "url", "client_id", "client_secret_file", "client_secret_variable", "authorities"}
    _known(table, "provider", allowed)
    return ProviderSettings(
        name=_name(table),
        title=_text(table, "title"),
        url=_text(table, "url").rstrip("/"),
        client_id=_text(table, "client_id"),
        client_secret=_secret(table, "client_secret"),
        authorities=_path(table, "authorities"),
    )


def _tables(content: Mapping[str, Any], kind: str) -> list[Any]:
    found = content.get(kind, [])
    if not isinstance(found, list):
        raise HoldersUnreadable(reason=f"{kind} is written [[{kind}]]")
    return found


def _known(table: Any, what: str, allowed: set[str]) -> None:
    if not isinstance(table, dict):
        raise HoldersUnreadable(reason=f"{what} is no table")
    unknown = sorted(set(table) - allowed)
    if unknown:
        raise HoldersUnreadable(reason=f"{what} has an unknown key: {unknown[0][:40]}")
    if what != "the file" and any(not isinstance(value, str) for value in table.values()):
        raise HoldersUnreadable(reason=f"{what} has a value that is no text")


def _text(table: Mapping[str, str], name: str) -> str:
    value = table.get(name, "")
    if not value.strip():
        raise HoldersUnreadable(reason=f"{name} is missing")
    return value


def _name(table: Mapping[str, str]) -> str:
    name = _text(table, "name")
    if not NAME.fullmatch(name):
        raise HoldersUnreadable(reason="a name has other characters than small letters, digits and hyphens")
    return name


def _path(table: Mapping[str, str], name: str) -> Path | None:
    return Path(table[name]) if name in table else None


def _secret(table: Mapping[str, str], name: str) -> SecretPlace:
    file, variable = table.get(f"{name}_file"), table.get(f"{name}_variable")
    if (file is None) == (variable is None):
        raise HoldersUnreadable(reason=f"either {name}_file or {name}_variable is needed")
    return SecretPlace(Path(file) if file is not None else None, variable)
