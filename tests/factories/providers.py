"""The test provider, started as a process of its own, and how a test talks to it behind the service's back."""

from __future__ import annotations

import ssl
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from config import ROOT
from keys.csc_http import CscHttp
from keys.holders import ProviderSettings, SecretPlace
from keys.remote_csc import CscProvider
from tests.peers.csc_people import CLIENT_ID, CLIENT_SECRET


@dataclass(frozen=True)
class RunningProvider:
    """Where it listens and where its certificates are."""

    port: int
    folder: Path

    @property
    def root_pem(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    @property
    def root_der(self) -> bytes:
        return x509.load_pem_x509_certificate(self.root_pem).public_bytes(Encoding.DER)

    def lists_der(self, revoked: str = "") -> tuple[bytes, ...]:
        """The revocation lists of the provider's authority, made now, with that credential on them."""
        asked = f"/test/lists?revoked={revoked}" if revoked else "/test/lists"
        return tuple(b64decode(one) for one in self._call("GET", asked, None).json()["lists"])

    def settings(self, version: int = 1, name: str = "test") -> ProviderSettings:
        secret = self.folder / "client-secret"
        secret.write_text(f"{CLIENT_SECRET}\n")
        return ProviderSettings(
            name=name,
            title="Test Trust Service",
            url=f"https://127.0.0.1:{self.port}/csc/v{version}",
            client_id=CLIENT_ID,
            client_secret=SecretPlace(secret, None),
            authorities=self.folder / "tls.pem",
        )

    def client(self, version: int = 1, timeout_seconds: float = 10.0) -> CscProvider:
        return CscProvider(CscHttp(self.settings(version), timeout_seconds=timeout_seconds))

    def behave(self, mode: str = "") -> None:
        self._call("POST", "/test/mode", {"mode": mode})

    def forget_tokens(self) -> None:
        self._call("POST", "/test/forget-tokens", {})

    def seen(self) -> list[str]:
        return list(self._call("GET", "/test/seen", None).json()["paths"])

    def wrong_pins(self) -> int:
        return int(self._call("GET", "/test/seen", None).json()["wrong_pins"])

    def _call(self, method: str, path: str, body: object) -> httpx.Response:
        trusted = ssl.create_default_context(cafile=str(self.folder / "tls.pem"))
        with httpx.Client(verify=trusted, trust_env=False) as client:
            return client.request(method, f"https://127.0.0.1:{self.port}{path}", json=body).raise_for_status()


@contextmanager
def running_provider(folder: Path) -> Iterator[RunningProvider]:
    """The provider for the length of a `with` block."""
    command = [sys.executable, "-m", "tests.peers.csc_provider", str(folder)]
    log = (folder / "provider.log").open("wb")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=ROOT)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, (folder / "provider.log").read_text()
        yield RunningProvider(int(line), folder)
    finally:
        process.terminate()
        process.wait()
        log.close()
