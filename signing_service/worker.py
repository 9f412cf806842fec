"""The background work: closing signed documents, deadlines, status answers, renewals, reminders, mails, checkpoints.

One loop, at least once, every step idempotent. Runs as a thread beside the web server on SQLite and as its own process
anywhere. It is woken by every committed act and looks by itself every few seconds, so that nothing is lost when a
process died between two steps.
"""

from __future__ import annotations

import threading

import structlog

from signing_service.audit.errors import AuditError
from signing_service.operations import (
    audit_log,
    closing,
    endings,
    judged_files,
    mails,
    rehearsals,
    reminders,
    renewals,
    status_answers,
)
from signing_service.services import Services

IDLE_SECONDS = 2.0
#: Acts that follow each other closely, as the signatures of a round do, are looked after together.
GATHERING_SECONDS = 0.15
log = structlog.get_logger("worker")


def run_once(services: Services) -> None:
    """Do everything that is due now."""
    closing.close_due(services)  # before what expires: whoever signed in time has signed
    endings.expire_due(services)
    status_answers.refresh_due(services)
    renewals.renew_due(services)
    reminders.remind_due(services)
    mails.deliver_due(services)
    judged_files.forget_due(services)
    rehearsals.tidy_due(services)
    try:
        audit_log.publish_checkpoint(services)
    except AuditError as error:
        log.error("no checkpoint was signed", code=error.code, reason=str(error))


class Worker(threading.Thread):
    """The loop as a daemon thread; `stop` ends it after the step in hand."""

    def __init__(self, services: Services) -> None:
        super().__init__(name="worker", daemon=True)
        self._services = services
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until stopped; an unexpected failure is logged and tried again."""
        self._services.fonts.load()  # once per process, before the first document asks for it
        while not self._stopping.is_set():
            self._services.wake.clear()
            try:
                run_once(self._services)
            except Exception:  # a worker that dies would silently leave everybody waiting
                log.exception("the worker failed and tries again")
            if self._services.wake.wait(IDLE_SECONDS):
                self._stopping.wait(GATHERING_SECONDS)

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stopping.set()
        self._services.wake.set()
