"""Counting requests that come at the same moment is no error and loses none."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from signing_service.counters import Counters
from signing_service.security import limiter


class Slow(Counters):
    """Between the making of the timer and its start, others get their turn."""

    @property
    def timer(self) -> threading.Timer:
        return self._timer

    @timer.setter
    def timer(self, made: threading.Timer) -> None:
        self._timer = made
        time.sleep(0.002)  # nothing is waited for: this is the moment in which another may come


def test_many_at_once_are_all_counted() -> None:
    """The timer that forgets old counts is started by whoever finds it at rest: here all of them do."""
    counters = Slow()
    with ThreadPoolExecutor(16) as pool:
        for number in range(20):
            counters.timer.join()
            asked = [pool.submit(counters.incr, f"key {number}", 60) for _ in range(16)]
            assert sorted(one.result() for one in asked)[-1] == 16


def test_the_service_counts_with_them() -> None:
    assert limiter._storage_uri == f"{Counters.STORAGE_SCHEME[0]}://"
