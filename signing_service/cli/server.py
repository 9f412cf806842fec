"""Serving: the web server with its background worker, or the worker alone."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from gunicorn.app.wsgiapp import WSGIApplication

from config import UnsafeSettings, from_environment
from keys.errors import KeysError
from signing_service.cli import demo_case
from signing_service.db import schema
from signing_service.services import Services, build
from signing_service.worker import IDLE_SECONDS, run_once

GUNICORN = Path(__file__).with_name("gunicorn_settings.py")
ROOT = Path(__file__).resolve().parents[2]


def opened() -> Services:
    """The services of this installation with the newest schema; says in words what is not right."""
    os.umask(0o077)  # database, mails and keys are nobody else's
    try:
        services = build(from_environment())
    except (UnsafeSettings, KeysError) as error:
        raise click.ClickException(str(error)) from error
    schema.upgrade(services.db)
    return services


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def run(host: str, port: int) -> None:
    """Serve with the demo ready to click; the second time everything is still there."""
    os.environ.setdefault("SIGNING_BASE_URL", f"http://{host}:{port}")
    services = opened()
    demo_case.seed_once(services)
    services.db.close()
    os.environ["SIGNING_PRINT_DEMO"] = "1"
    _serve(host, port)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def serve(host: str, port: int) -> None:
    """Serve what is there, without a demo."""
    opened().db.close()
    _serve(host, port)


@click.command()
def worker() -> None:
    """Do the background work in a process of its own (mails, closing, checkpoints) until interrupted."""
    services = opened()
    try:
        while True:
            run_once(services)
            services.wake.wait(IDLE_SECONDS)
            services.wake.clear()
    except KeyboardInterrupt:
        services.db.close()


def _serve(host: str, port: int) -> None:
    """Become gunicorn in this very process: nothing is imported twice, and one process has to be ended."""
    sys.stdout.flush()
    os.chdir(ROOT)
    sys.argv = ["gunicorn", "-c", str(GUNICORN), "--bind", f"{host}:{port}", "wsgi:app"]
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]", prog="gunicorn").run()
