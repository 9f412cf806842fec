"""gunicorn's settings: one process of many threads (an event stream holds a thread), ended within seconds."""

from __future__ import annotations

import logging
import os
import signal
from typing import Any

from signing_service.cli import demo_case
from signing_service.door import SERVICES
from signing_service.live.tail import Tail
from signing_service.worker import Worker

workers = int(os.environ.get("SIGNING_WORKERS", "1"))
worker_class = "gthread"
threads = int(os.environ.get("SIGNING_THREADS", "120"))
graceful_timeout = 10
timeout = 120
keepalive = 15
accesslog = None
loglevel = "warning"
control_socket_disable = True

_background: list[Worker] = []


def when_ready(server: Any) -> None:
    """Say where everything is, once it can be opened."""
    if os.environ.get("SIGNING_PRINT_DEMO"):
        demo_case.print_links()


def post_worker_init(worker: Any) -> None:
    """Start the background work beside the web threads; asked to go, the streams end first, as nothing else does."""
    thread = Worker(worker.app.callable.extensions[SERVICES])
    thread.start()
    _background.append(thread)

    def asked_to_go(number: int, frame: Any) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a group gets it twice, and the second would wait for the first
        Tail.stop_all()
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, asked_to_go)


def worker_int(worker: Any) -> None:
    """Interrupted. Ctrl-C reaches this process twice, from the terminal and from the master; once is enough."""
    _leave()


def worker_exit(server: Any, worker: Any) -> None:
    """Asked to go: the requests that were running have been answered."""
    _leave()


def _leave() -> None:
    """End the streams and the background work, and go.

    Every act is committed when it is answered, so there is nothing to save; leaving at once spares the seconds that
    Python takes to free the type faces, and the master from believing that this process hangs.
    """
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    Tail.stop_all()
    for thread in _background:
        thread.stop()
    logging.shutdown()
    os._exit(0)
