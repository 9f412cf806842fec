"""All commands of `python -m signing_service`."""

from __future__ import annotations

import click

from signing_service.cli.audit import audit
from signing_service.cli.demo import demo
from signing_service.cli.keys import keys
from signing_service.cli.people import people
from signing_service.cli.server import run, serve, worker
from signing_service.cli.templates import templates
from signing_service.cli.token import token
from signing_service.cli.trust import trust
from signing_service.verification.command import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Cooperation agreements: drafted, approved, frozen, signed live, verified."""


for command in (run, serve, worker, demo, people, keys, token, audit, templates, trust, verify):
    main.add_command(command)
