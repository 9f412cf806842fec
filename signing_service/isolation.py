"""A separate process with limits on memory, processor time and wall time, for what comes from strangers.

Both sides are here: `ask` has a child run the `main` of a module of ours, `limit` is what the child does first. The
question goes in by standard input and the answer comes back by standard output; what they mean is the business of those
two modules. Children are forked by a server with a clean environment (`fork_server`), one for this process.
"""

from __future__ import annotations

import logging
import os
import resource
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MIB = 1024 * 1024
PROJECT = Path(__file__).resolve().parents[1]
SERVER = "signing_service.fork_server"
PATIENCE = 5.0  # seconds
LOGGED = 4000  # bytes of what a child that failed wrote to standard error


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use."""

    memory_bytes: int
    processor_seconds: int
    wall_seconds: float
    answer_bytes: int


class NoAnswer(Exception):
    """The child ended without an answer."""


class TimedOut(NoAnswer):
    """The child did not answer in time."""


def ask(module: str, question: bytes, limits: Limits) -> bytes:
    """Run `main` of a module in a child with `question` as its input; returns what it wrote.

    The wall clock kills it; it limits its own memory and processor time. Raises NoAnswer, or TimedOut.
    """
    until = time.monotonic() + limits.wall_seconds
    try:
        with _child(module, question) as child:
            answer = child.listen(until, limits)
    except OSError as error:
        raise NoAnswer(str(error)) from error  # for the log only: no page and no answer shows it
    return answer


def limit(limits: Mapping[str, Any]) -> None:
    """For the child: memory, processor time, no files to write, no core dumps.

    Raises MemoryError when the child is over the limit already: the kernel refuses only what is asked for afterwards,
    and memory that the imports left free would let a small question through.
    """
    memory, seconds = int(limits["memory_bytes"]), int(limits["processor_seconds"])
    if _address_space() > memory:
        raise MemoryError
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """Bytes of address space this process has now: what RLIMIT_AS counts (proc(5), statm)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


@dataclass(slots=True)
class _Child:
    """A running child: where it answers, where it complains, where the server says what became of it."""

    module: str
    answers: int
    complaints: int
    status: socket.socket
    handle: int = -1

    def listen(self, until: float, limits: Limits) -> bytes:
        """Its whole answer. Raises NoAnswer or TimedOut, the child being dead then."""
        answer, complaint, code = bytearray(), bytearray(), None
        with selectors.DefaultSelector() as ready:
            for source in (self.answers, self.complaints, self.status.fileno()):
                ready.register(source, selectors.EVENT_READ)
            while ready.get_map():
                found = ready.select(max(0.0, until - time.monotonic()))
                if time.monotonic() >= until:
                    self.kill()
                    raise TimedOut(f"{limits.wall_seconds} s")
                for key, _ in found:
                    if key.fd == self.status.fileno():
                        word = self._word()
                        code = int(word) if word and word != b"started" else code
                        heard = word == b"started"
                    else:
                        data = os.read(key.fd, 65536)
                        (answer if key.fd == self.answers else complaint).extend(data)
                        heard = bool(data)
                    if not heard:
                        ready.unregister(key.fd)
                del complaint[:-LOGGED]
                if len(answer) > limits.answer_bytes:
                    self.kill()
                    raise NoAnswer("answer too long")
        if code != 0:
            log.error("%s ended early: %s", self.module, complaint.decode(errors="replace"))
            raise NoAnswer(f"exit {code}")
        return bytes(answer)

    def _word(self) -> bytes:
        word, files, _, _ = socket.recv_fds(self.status, 32, 1)
        self.handle = files[0] if files else self.handle
        return word

    def kill(self) -> None:
        """End it now; the server has a moment to say which it is. One that it never names ends by its own limits."""
        self.status.settimeout(PATIENCE)
        with suppress(TimeoutError, ProcessLookupError):
            if self.handle < 0:
                self._word()
            if self.handle >= 0:
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)


@contextmanager
def _child(module: str, question: bytes) -> Iterator[_Child]:
    """A child that has its question, which is a file in memory."""
    with ExitStack() as given, ExitStack() as kept:
        asked = os.memfd_create("question")
        given.callback(os.close, asked)
        with os.fdopen(os.dup(asked), "wb") as file:
            file.write(question)
        os.lseek(asked, 0, os.SEEK_SET)
        answers, answering = os.pipe()
        complaints, complaining = os.pipe()
        status, telling = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for file_number in (answering, complaining):
            given.callback(os.close, file_number)
        given.callback(telling.close)
        child = _Child(module, answers, complaints, status)
        kept.callback(os.close, answers)
        kept.callback(os.close, complaints)
        kept.callback(status.close)
        kept.callback(lambda: os.close(child.handle) if child.handle >= 0 else None)
        _server.order(module, (asked, answering, complaining, telling.fileno()))
        given.close()
        yield child


class _Server:
    """The fork server of this process, started when first asked and again should it be gone."""

    _control: socket.socket | None = None
    _process: subprocess.Popen[bytes] | None = None

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def order(self, module: str, files: tuple[int, ...]) -> None:
        """Have a child forked. Raises OSError."""
        with self._lock:
            control = self._control or self._start()
            try:
                socket.send_fds(control, [module.encode("ascii")], files)
            except (BrokenPipeError, ConnectionResetError):
                control.close()
                socket.send_fds(self._start(), [module.encode("ascii")], files)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {"PYTHONPATH": os.pathsep.join([str(PROJECT), *_inherited()]), "LANG": "C.UTF-8"}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  the command is ours
                [sys.executable, "-P", "-m", SERVER, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**environment, "PATH": os.defpath},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # an interrupt from the keyboard is for us; it ends when we are gone
            )
        self._control = ours
        return ours

    def forget(self) -> None:
        """In a forked copy of this process: the server belongs to the other one."""
        if self._control is not None:
            self._control.close()
        self._lock = threading.Lock()  # the other process may have held it
        self._control = self._process = None


def _inherited() -> list[str]:
    """Import places of this process that the child needs too, should the service run from an unusual place."""
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]


_server = _Server()
os.register_at_fork(after_in_child=_server.forget)
