"""Numbers worked through in forked children that limit themselves as the parsing process of the service does.

A child answers one number after another until it ends; what it did not answer goes to the next one, without the number
at which it ended. So one file that ends a child costs one child and not the run.
"""

from __future__ import annotations

import gc
import logging
import os
import resource
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from signing_service.verification.isolated import DEFAULT_LIMITS

AT_ONCE = 250  # numbers of one child
SILENCE = 900.0  # of wall time without a word, for a busy machine: what is limited is processor time


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one number; `seconds` of processor time."""

    number: int
    seconds: float
    words: str


@dataclass(slots=True)
class _Child:
    """A running child: its numbers from `next` on have no answer yet."""

    process: int
    next: int
    end: int
    heard: float
    rest: bytes = b""


def work(job: Callable[[int], str], numbers: range, lanes: int) -> Iterator[Answer]:
    """The answers to all numbers, in the order in which they come; a child that ends is the answer to its number."""
    gc.freeze()  # what is here already is garbage for no child
    waiting = deque(range(at, min(at + AT_ONCE, numbers.stop)) for at in range(numbers.start, numbers.stop, AT_ONCE))
    known = selectors.DefaultSelector()
    try:
        while waiting or known.get_map():
            while waiting and len(known.get_map()) < lanes:
                reading, child = _start(job, waiting.popleft())
                known.register(reading, selectors.EVENT_READ, child)
            for key, _ in known.select(10):
                yield from _hear(key.fd, key.data, known, waiting)
            for key in list(known.get_map().values()):
                if time.monotonic() - key.data.heard > SILENCE:
                    os.kill(key.data.process, signal.SIGKILL)
    finally:
        for key in list(known.get_map().values()):
            os.kill(key.data.process, signal.SIGKILL)
            os.waitpid(key.data.process, 0)
            os.close(key.fd)
        known.close()


def _start(job: Callable[[int], str], numbers: range) -> tuple[int, _Child]:
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        _answer(job, numbers, writing)
    os.close(writing)
    return reading, _Child(process, numbers.start, numbers.stop, time.monotonic())


def _answer(job: Callable[[int], str], numbers: range, wire: int) -> None:
    """In the child: limited, one line for each number."""
    try:
        logging.disable(logging.CRITICAL)
        resource.setrlimit(resource.RLIMIT_AS, (DEFAULT_LIMITS.memory_bytes, DEFAULT_LIMITS.memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        for number in numbers:
            signal.setitimer(signal.ITIMER_PROF, DEFAULT_LIMITS.processor_seconds)
            begun = time.process_time()
            words = " ".join(job(number).split())
            os.write(wire, f"{number} {time.process_time() - begun:.3f} {words}\n".encode(errors="replace"))
        os._exit(0)
    finally:
        os._exit(1)


def _hear(wire: int, child: _Child, known: selectors.BaseSelector, waiting: deque[range]) -> Iterator[Answer]:
    data = os.read(wire, 65536)
    *lines, child.rest = (child.rest + data).split(b"\n")
    for line in lines:
        number, seconds, words = line.decode().split(" ", 2)
        child.next, child.heard = int(number) + 1, time.monotonic()
        yield Answer(int(number), float(seconds), words)
    if data:
        return
    known.unregister(wire)
    os.close(wire)
    _, status = os.waitpid(child.process, 0)
    if child.next < child.end:
        yield Answer(child.next, 0.0, f"bad: child ended, {_why(status)}")
        if child.next + 1 < child.end:
            waiting.appendleft(range(child.next + 1, child.end))


def _why(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"exit {os.waitstatus_to_exitcode(status)}"
    number = os.WTERMSIG(status)
    over = f": over {DEFAULT_LIMITS.processor_seconds} s of processor time" if number == signal.SIGPROF else ""
    return f"{signal.Signals(number).name}{over}"
