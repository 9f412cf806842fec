"""Tokens of SoftHSM2, a hardware module made of software: real PKCS#11, with keys that only the module can use.

One folder of tokens per run, because a process loads the module once. A token is made per test and named by it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from keys.passphrases import Secret
from keys.pkcs11_token import Token

PLACES = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
)
SO_PIN = "87654321"


@dataclass(frozen=True)
class SoftHsm:
    """The module and its folder of tokens."""

    module: Path
    folder: Path

    def new_token(self, label: str) -> NewToken:
        """An empty token under a fresh PIN."""
        pin = str(secrets.randbelow(10**8)).zfill(8)
        command = ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", SO_PIN]
        subprocess.run(command, check=True, capture_output=True)
        return NewToken(self.module, label, pin)


@dataclass(frozen=True)
class NewToken:
    """A token and its PIN, which only a test may know in the clear."""

    module: Path
    label: str
    pin: str

    def open(self, pin: str | None = None) -> Token:
        return Token(self.module, self.label, lambda: Secret((self.pin if pin is None else pin).encode()))


def soft_hsm_in(folder: Path) -> SoftHsm:
    """SoftHSM over that folder. Its absence fails with the command that installs it."""
    module = next((place for place in PLACES if place.exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.fail("SoftHSM2 is missing; install it with: sudo apt-get install softhsm2")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)  # read by the module when it starts, and by the programs of tests
    return SoftHsm(module, folder)
