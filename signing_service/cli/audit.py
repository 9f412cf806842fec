"""`audit verify` re-hashes the whole log and names what is wrong; `audit export` writes it to files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from signing_service.audit.errors import AuditError
from signing_service.audit.export import verify_export
from signing_service.audit.problems import Problem, format_problems
from signing_service.cli.server import opened
from signing_service.operations import audit_log
from signing_service.permissions import SYSTEM


@click.group()
def audit() -> None:
    """The audit log."""


@audit.command()
@click.option("--log", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=None)
def verify(folder: Path | None) -> None:
    """Check the log of this installation, or exported files in a folder; exit 0 when sound, 1 when not.

    The folder holds log.jsonl, checkpoint.txt and log.vkey; get the key from somewhere else than the log if you can.
    """
    if folder is not None:
        lines = (folder / "log.jsonl").read_bytes().splitlines()
        problems: Sequence[Problem] = verify_export(
            lines, (folder / "checkpoint.txt").read_text(), (folder / "log.vkey").read_text().strip()
        )
        size = len(lines)
    else:
        services = opened()
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("audit log", total=None)
            problems = audit_log.check(services, SYSTEM, lambda done, of: bar.update(task, completed=done, total=of))
        size = audit_log.head(services, SYSTEM).size
        services.db.close()
    if problems:
        click.echo(format_problems(problems), err=True)
        click.echo(f"The log is NOT sound: {len(problems)} problem(s) in {size} entries.", err=True)
        sys.exit(1)
    click.echo(f"The log is sound: {size} entries, tree, chains, disclosures and checkpoints agree.")


@audit.command()
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write log.jsonl (one entry a line, exactly its bytes), checkpoint.txt, log.vkey and root.pem."""
    services = opened()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        audit_log.publish_checkpoint(services)
    except AuditError as error:
        raise click.ClickException(str(error)) from error
    lines = audit_log.export_lines(services, SYSTEM)
    (folder / "log.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / "checkpoint.txt").write_text(audit_log.checkpoint(services, SYSTEM))
    (folder / "log.vkey").write_text(f"{audit_log.verifier_key(services)}\n")
    (folder / "root.pem").write_bytes(services.keyring.root_pem)
    services.db.close()
    click.echo(f"{len(lines)} entries")


@audit.command()
@click.argument("checkpoint", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def adopt(checkpoint: Path) -> None:
    """Put a lost high-water mark back from a checkpoint that was kept elsewhere."""
    services = opened()
    try:
        size = audit_log.adopt(services, checkpoint.read_text())
    except AuditError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()
    click.echo(f"The mark stands at {size} entries.")


@audit.command("continue")
@click.argument("lost", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reason", required=True, help="Why entries are gone; kept with the record.")
def continue_log(lost: Path, reason: str) -> None:
    """Record that the log goes on under a new origin; LOST is the newest checkpoint known of the old one.

    Then set SIGNING_LOG_ORIGIN to the new origin (…/log/2) and start again.
    """
    services = opened()
    try:
        audit_log.continue_log(services, SYSTEM, lost.read_text(), reason)
    except AuditError as error:
        raise click.ClickException(str(error)) from error
    finally:
        services.db.close()
    click.echo("Recorded. Now set SIGNING_LOG_ORIGIN to the new origin and start the service.")
