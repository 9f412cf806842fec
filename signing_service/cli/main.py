"""All commands of `python -m signing_service`, each read when it is asked for: a verifier starts without a server."""

from __future__ import annotations

from importlib import import_module

import click

#: Command → the module that has it, under the same name.
COMMANDS = {
    "audit": "signing_service.cli.audit",
    "demo": "signing_service.cli.demo",
    "keys": "signing_service.cli.keys",
    "people": "signing_service.cli.people",
    "run": "signing_service.cli.server",
    "serve": "signing_service.cli.server",
    "templates": "signing_service.cli.templates",
    "token": "signing_service.cli.token",
    "trust": "signing_service.cli.trust",
    "verify": "signing_service.verification.command",
    "worker": "signing_service.cli.server",
}


class _Commands(click.Group):
    """The group over the table above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command if isinstance(command, click.Command) else None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Cooperation agreements: drafted, approved, frozen, signed live, verified."""
