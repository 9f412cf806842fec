"""The browser's own modules in a real Chromium, served as they are, without the service behind them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

STATIC = Path(__file__).parents[3] / "signing_service" / "static"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="package")
def origin() -> Iterator[str]:
    """An address under which the modules are served; a secure context, because it is this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(STATIC)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def page(browser: Browser, origin: str) -> Iterator[Page]:
    """An empty page of that origin with a profile of its own."""
    context = browser.new_context()
    fresh = context.new_page()
    fresh.route(
        "**/empty", lambda route: route.fulfill(body="<!doctype html><title>empty</title>", content_type="text/html")
    )
    fresh.goto(f"{origin}/empty")
    yield fresh
    context.close()


@pytest.fixture
def run(page: Page) -> Callable[..., Any]:
    """`run("der", "(m, x) => m.integer(x)", x)`: a function over a module of ours; bytes travel as lists."""

    def call(module: str, function: str, *given: Any) -> Any:
        return page.evaluate(
            """async ([module, text, given]) => {
                 const loaded = await import(`/js/${module}.js`);
                 const result = await eval(text)(loaded, ...given);
                 return result instanceof Uint8Array ? [...result] : result;
               }""",
            [module, function, list(given)],
        )

    return call
