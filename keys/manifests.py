"""The manifest of a folder of keys: what it is, under a code that only the master key can make.

Nothing in it is secret. It confirms the master key before anything in the folder is believed, and who edits it without
that key is noticed.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

from keys.clock import in_utc
from keys.errors import KeyringDamaged, KeyringMissing, WrongMasterKey
from keys.passphrases import SALT_BYTES, Passphrases, Secret

FORMAT = 1
OWN = frozenset({"format", "made_at", "salt", "check", "mac"})


@dataclass(frozen=True, slots=True)
class Opened:
    """The facts of a folder, and the passphrases of its key files."""

    facts: Mapping[str, Any]
    passphrases: Passphrases


def new_passphrases(master_key: bytes | Secret) -> tuple[bytes, Passphrases]:
    """Fresh salt, and the passphrases that it gives. Raises `MasterKeyTooShort`."""
    salt = token_bytes(SALT_BYTES)
    return salt, Passphrases(master_key, salt)


def written(facts: Mapping[str, Any], salt: bytes, passphrases: Passphrases, now: datetime) -> bytes:
    """The content of a new manifest."""
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": in_utc(now).isoformat(timespec="seconds"),
        "salt": salt.hex(),
        "check": passphrases.check_value(),
        **facts,
    }
    manifest["mac"] = _mac(manifest, passphrases)
    return json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"


def read(folder: Path, name: str, facts: Iterable[str] = ()) -> dict[str, Any]:
    """The manifest `name` of a folder, not confirmed yet; `facts` must be in it.

    Raises `KeyringMissing` when there is nothing, `KeyringDamaged` when it cannot be read or is of another format.
    """
    path = folder / name
    if not path.exists():
        if folder.exists() and any(folder.iterdir()):
            raise KeyringDamaged(reason=f"{name} is missing")
        raise KeyringMissing
    try:
        manifest = dict(json.loads(path.read_bytes()))
        bytes.fromhex(manifest["salt"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyringDamaged(reason=f"{name} cannot be read") from error
    if manifest.get("format") != FORMAT or not OWN.union(facts) <= manifest.keys():
        raise KeyringDamaged(reason=f"{name} has another format")
    return manifest


def confirmed(manifest: Mapping[str, Any], name: str, master_key: bytes | Secret) -> Opened:
    """The same under its master key. Raises `WrongMasterKey`, or `KeyringDamaged` when it was changed by hand."""
    passphrases = Passphrases(master_key, bytes.fromhex(manifest["salt"]))
    if passphrases.check_value() != manifest["check"]:
        raise WrongMasterKey
    if not hmac.compare_digest(_mac(manifest, passphrases), str(manifest["mac"])):
        raise KeyringDamaged(reason=f"{name} was changed by hand")
    return Opened({key: value for key, value in manifest.items() if key not in OWN}, passphrases)


def _mac(manifest: Mapping[str, Any], passphrases: Passphrases) -> str:
    """HMAC-SHA-256 over everything else in the manifest, hex."""
    covered = {name: value for name, value in manifest.items() if name != "mac"}
    content = json.dumps(covered, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(passphrases.for_purpose("manifest").reveal(), content, "sha256").hexdigest()
