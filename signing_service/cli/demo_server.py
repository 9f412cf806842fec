"""A server of its own for the demo and for tests: a free port, a folder, a real process."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import httpx

from signing_service.cli.demo_people import authorities

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 15.0


class ServerDidNotStart(Exception):
    """The process ended or stayed silent; the text holds the end of its log."""


class Server:
    """`python -m signing_service serve` over a data folder. Use it with `with`.

    A bench may have another `module` serve, and allow a busy machine more `patience` (seconds) to start.
    """

    def __init__(self, data: Path, environment: Mapping[str, str] | None = None, port: int | None = None) -> None:
        self.data = data
        self.port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = data / "server.log"
        self.environment = {
            **os.environ,
            "SIGNING_DATA": str(data),
            "SIGNING_BASE_URL": self.base_url,
            "SIGNING_ENVIRONMENT": "development",
            **(environment or {}),
        }
        self.module = "signing_service"
        self.patience = START_SECONDS
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> str:
        """Run another command over the same data; returns what it printed."""
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "signing_service", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ServerDidNotStart(done.stderr[-2000:])
        return done.stdout

    def start(self) -> None:
        """Start and wait until it answers; raises `ServerDidNotStart`."""
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - as above
                [sys.executable, "-m", self.module, "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + self.patience
        with httpx.Client(timeout=2, verify=authorities()) as http:
            while time.monotonic() < deadline and self.process.poll() is None:
                with contextlib.suppress(httpx.HTTPError):
                    http.get(f"{self.base_url}/pki/root.pem").raise_for_status()
                    return
                time.sleep(0.05)
        self.kill()
        raise ServerDidNotStart(self.log.read_text(errors="replace")[-2000:])

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and make sure that it did."""
        if self.process is not None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
