"""A line of threads keeps its order and lets one in at a time; an error inside does not block those behind."""

from __future__ import annotations

import threading

import pytest

from signing_service.db.line import Line


def test_whoever_came_first_is_served_first() -> None:
    line, order, inside = Line(), [], threading.Event()
    threads = []

    def wait(number: int) -> None:
        with line:
            order.append(number)

    with line:
        for number in range(20):
            thread = threading.Thread(target=wait, args=(number,))
            thread.start()
            threads.append(thread)
            while len(line._waiting) <= number:
                inside.wait(0.001)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))


def test_one_at_a_time() -> None:
    line, count, most = Line(), [0], [0]

    def work() -> None:
        for _ in range(200):
            with line:
                count[0] += 1
                most[0] = max(most[0], count[0])
                count[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (count, most) == ([0], [1])


def test_an_error_inside_lets_the_next_one_in() -> None:
    line = Line()
    with pytest.raises(RuntimeError), line:
        raise RuntimeError("inside")
    with line:
        pass
