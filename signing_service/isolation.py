"""A separate process with limits on memory, processor time and wall time, for what comes from strangers.

Both sides are here: `ask` runs a module of ours as a child, `limit` is what the child does first. The question goes in
by standard input and the answer comes back by standard output; what they mean is the business of those two modules.
"""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

MIB = 1024 * 1024
PROJECT = Path(__file__).resolve().parents[1]


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
    """Run `python -m module` in a clean environment with `question` as its input; returns what it wrote.

    The wall clock kills it; it limits its own memory and processor time. Raises NoAnswer, or TimedOut.
    """
    command = [sys.executable, "-P", "-m", module]
    environment = {"PYTHONPATH": os.pathsep.join([str(PROJECT), *_inherited()]), "LANG": "C.UTF-8", "PATH": os.defpath}
    try:
        done = subprocess.run(  # noqa: S603  the command is ours, what is foreign goes in by standard input
            command, input=question, capture_output=True, timeout=limits.wall_seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TimedOut(f"{limits.wall_seconds} s") from error
    except OSError as error:
        raise NoAnswer(str(error)) from error  # for the log only: no page and no answer shows it
    if done.returncode != 0:
        log.error("%s ended early: %s", module, done.stderr[-4000:].decode(errors="replace"))
        raise NoAnswer(f"exit {done.returncode}")
    if len(done.stdout) > limits.answer_bytes:
        raise NoAnswer("answer too long")
    return done.stdout


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


def _inherited() -> list[str]:
    """Import places of this process that the child needs too, should the service run from an unusual place."""
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
