"""A signatory's program that asks what became of its command when the connection is lost, as the browser does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import httpx

from signing_service.cli.demo_people import SignatoryPerson, new_command_key

PATIENCE_SECONDS = 240.0


class Persistent(threading.Thread):
    """Waits for its moment, presses, and goes on with the same command after the connection was lost.

    `wait` returns when the moment has come. `seconds` from the press to the answer, `lost` connections on the way.
    """

    def __init__(self, person: SignatoryPerson, wait: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.person = person
        self.person.patience = PATIENCE_SECONDS
        self.key = new_command_key()
        self.revision = 0
        self.lost = 0
        self.seconds = 0.0
        self.problem: Exception | None = RuntimeError("never came back")
        self._wait = wait

    def run(self) -> None:
        """Press until it is known to be signed."""
        self._wait()
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE_SECONDS:
            try:
                self.revision = self._known() or self.person.sign(self.key)["revision"]
                self.problem = None
                self.seconds = time.monotonic() - begun
                return
            except httpx.TransportError:
                self.lost += 1
                time.sleep(0.1)
            except Exception as problem:
                self.problem = problem
                return

    def _known(self) -> int:
        """The revision, if the command was carried out before the connection was lost."""
        if not self.lost:
            return 0
        state = self.person.http.get(f"{self.person.api}/commands/{self.key}").json()
        return int(state["revision"]) if state["state"] == "signed" else 0
