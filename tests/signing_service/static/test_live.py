"""Following a ceremony: streams where they work, questions where they do not, and never the end of trying."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

FOLLOW = """async () => {
  const { Live } = await import("/js/live.js");
  window.told = { boards: [], events: [], states: [] };
  new Live({
    boardUrl: "/board", eventsUrl: "/events", after: 4, board: BOARD,
    onBoard: (board) => told.boards.push(board.last_event),
    onEvent: (event) => told.events.push(event.type),
    onConnection: (state) => told.states.push(state),
  }).start();
}"""
BOARD = """{ last_event: 4, ceremony: { state: "live", round_state: "open" }, seats: [], final: null }"""


class Hall:
    """A service with one board and one stream, each of which can fail."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.last_event = 5
        self.stream: str | None = 'retry: 100000\n\nid: 5\nevent: log\ndata: {"type": "seat.ready"}\n\n'
        self.streams: list[str] = []
        self.boards = 0
        self.board_fails = 0
        page.route("**/board", self._board)
        page.route("**/events*", self._events)

    def _board(self, route: Route) -> None:
        self.boards += 1
        if self.board_fails:
            self.board_fails -= 1
            route.abort("connectionreset")
            return
        ceremony = {"state": "live", "round_state": "open"}
        route.fulfill(json={"last_event": self.last_event, "ceremony": ceremony, "seats": [], "final": None})

    def _events(self, route: Route) -> None:
        self.streams.append(route.request.url)
        if self.stream is None:
            route.fulfill(status=503, body="")
        else:
            route.fulfill(body=self.stream, content_type="text/event-stream")

    def follow(self) -> None:
        self.page.evaluate(FOLLOW.replace("BOARD", BOARD))

    def until(self, condition: str) -> Any:
        return self.page.wait_for_function(f"() => {condition}", timeout=10000)


@pytest.fixture
def hall(page: Page) -> Hall:
    return Hall(page)


def test_it_continues_after_the_event_it_knows_and_fetches_the_board_when_one_comes(hall: Hall) -> None:
    hall.follow()
    hall.until("told.events.includes('seat.ready') && told.boards.includes(5)")
    assert hall.streams[0].endswith("/events?after=4")


def test_events_of_one_moment_cost_one_fetch(hall: Hall) -> None:
    hall.stream = "retry: 100000\n\n" + "".join(
        f'id: {n}\nevent: log\ndata: {{"type": "seat.ready"}}\n\n' for n in range(5, 45)
    )
    hall.last_event = 44
    hall.follow()
    hall.until("told.events.length === 40 && told.boards.includes(44)")
    assert hall.boards <= 3


def test_without_streams_it_asks_every_two_seconds(hall: Hall) -> None:
    hall.stream = None
    hall.follow()
    hall.until("told.states.includes('polling') && told.boards.length >= 2")


def test_a_board_that_fails_is_asked_again_and_the_reader_is_told_quietly(hall: Hall) -> None:
    hall.board_fails = 2
    hall.follow()
    hall.until("told.states.includes('reconnecting') && told.boards.includes(5)")


def test_an_older_board_that_comes_late_is_not_drawn(hall: Hall) -> None:
    hall.last_event = 3
    hall.follow()
    hall.until("told.events.length === 1")
    hall.page.wait_for_timeout(600)
    assert hall.page.evaluate("told.boards") == []
