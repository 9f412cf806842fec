"""gunicorn's settings: one process of many threads (an event stream holds a thread), ended within seconds."""

from __future__ import annotations

import logging
import os
from typing import Any

from signing_service.cli import demo_case
from signing_service.door import SERVICES
from signing_service.live.tail import Tail
from signing_service.worker import Worker

workers = int(os.environ.get("SIGNING_WORKERS", "1"))
worker_class = "gthread"
threads = int(os.environ.get("SIGNING_THREADS", "120"))
graceful_timeout = 3
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
    """Start the background work beside the web threads."""
    thread = Worker(worker.app.callable.extensions[SERVICES])
    thread.start()
    _background.append(thread)


def worker_int(worker: Any) -> None:
    """Interrupted: let the streams end."""
    _end()


def worker_exit(server: Any, worker: Any) -> None:
    """Leaving: let the streams end and the background work stop.

    Every act is committed when it is answered, so there is nothing to save; leaving at once spares the seconds that
    Python takes to free the type faces, and the master from believing that this process hangs.
    """
    _end()
    logging.shutdown()
    os._exit(0)


def _end() -> None:
    Tail.stop_all()
    for thread in _background:
        thread.stop()
