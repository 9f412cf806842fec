"""`trust …`: the operator's folder of trusted roots, each with a note; used by `verify --trust-folder`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from keys.errors import KeysError
from keys.trust.folder import PURPOSES, TrustFolder

FOLDER = click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("var/trust"))


@click.group()
def trust() -> None:
    """Roots that are trusted here, for signing, for time stamps, or for revocation."""


@trust.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--for", "purpose", type=click.Choice(PURPOSES), required=True)
@click.option("--note", required=True, help="Why it is trusted and where it came from.")
@FOLDER
def add(file: Path, purpose: str, note: str, folder: Path) -> None:
    """Trust the certificate in FILE for one purpose."""
    try:
        root = TrustFolder(folder).add(purpose, file.read_bytes(), note, datetime.now(UTC))
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{root.purpose}  {root.sha256}  {root.subject}")


@trust.command("list")
@FOLDER
def listed(folder: Path) -> None:
    """Every trusted root with its note."""
    try:
        for root in TrustFolder(folder).roots():
            click.echo(f"{root.purpose}  {root.sha256}  {root.subject}\n    {root.note}")
    except KeysError as error:
        raise click.ClickException(str(error)) from error


@trust.command()
@click.argument("sha256")
@FOLDER
def remove(sha256: str, folder: Path) -> None:
    """Trust a root no longer, named by the beginning of its SHA-256 (8 digits or more)."""
    if not TrustFolder(folder).remove(sha256):
        raise click.ClickException("no root begins like that")
