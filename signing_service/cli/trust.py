"""`trust …`: the operator's folder of what is trusted: roots, each with a note, and EU trusted lists.

Used by `verify --trust-folder`, and by the service when SIGNING_TRUST_FOLDER names it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from keys.errors import KeysError
from keys.trust.fetching import Fetcher
from keys.trust.folder import PURPOSES, TrustFolder
from keys.trust.list_store import FETCHER, LOTL_ADDRESS, ListStore, Tried

FOLDER = click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("var/trust"))
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def trust() -> None:
    """Roots that are trusted here, for signing or for time stamps; trusted lists, and who may sign them."""


@trust.command()
@click.argument("file", type=FILE)
@click.option("--for", "purpose", type=click.Choice(PURPOSES), required=True)
@click.option("--note", required=True, help="Why it is trusted and where it came from.")
@FOLDER
def add(file: Path, purpose: str, note: str, folder: Path) -> None:
    """Trust the certificate in FILE for one purpose; `lists` are those who may sign trusted lists."""
    try:
        root = TrustFolder(folder).add(purpose, file.read_bytes(), note, datetime.now(UTC))
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{root.purpose}  {root.sha256}  {root.subject}")


@trust.command("list")
@FOLDER
def listed(folder: Path) -> None:
    """Every trusted certificate with its note."""
    try:
        for root in TrustFolder(folder).roots():
            click.echo(f"{root.purpose}  {root.sha256}  {root.subject}\n    {root.note}")
    except KeysError as error:
        raise click.ClickException(str(error)) from error


@trust.command()
@click.argument("sha256")
@FOLDER
def remove(sha256: str, folder: Path) -> None:
    """Trust a certificate no longer, named by the beginning of its SHA-256 (8 digits or more)."""
    if not TrustFolder(folder).remove(sha256):
        raise click.ClickException("no certificate begins like that")


@trust.command("fetch-lists")
@click.option("--lotl", default=LOTL_ADDRESS, show_default=True, help="Address of the list of lists.")
@click.option("--territory", "territories", multiple=True, help="Only the list of this territory, e.g. DE; repeatable.")
@FOLDER
@click.pass_context
def fetch_lists(context: click.Context, lotl: str, territories: tuple[str, ...], folder: Path) -> None:
    """Fetch the EU's list of lists and the trusted lists it names, from public addresses, and keep them in the folder.

    Who may sign the list of lists must have been added with `trust add --for lists`. Exit code 1 when a list could not
    be had or used; the one that was kept before stays.
    """
    now, store = datetime.now(UTC), ListStore(TrustFolder(folder))
    get = (context.find_object(Fetcher) or FETCHER).get
    try:
        done = store.fetch(now, address=lotl, territories=territories, get=get)
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    for tried in done:
        click.echo(_line(tried, now), err=bool(tried.problem))
    context.exit(1 if any(tried.problem for tried in done) else 0)


@trust.command("add-list")
@click.argument("file", type=FILE)
@FOLDER
def add_list(file: Path, folder: Path) -> None:
    """Keep the trusted list in FILE, signed by one who was added with `trust add --for lists`."""
    now = datetime.now(UTC)
    try:
        click.echo(_line(ListStore(TrustFolder(folder)).add(file.read_bytes(), file.name, now), now))
    except KeysError as error:
        raise click.ClickException(str(error)) from error


@trust.command()
@FOLDER
def lists(folder: Path) -> None:
    """Every trusted list that is kept: number, issued, next update, SHA-256, source; exit 1 when one is not used."""
    now = datetime.now(UTC)
    try:
        read = ListStore(TrustFolder(folder)).load()
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    for one in read.lists:
        click.echo(_line(Tried(one.facts.territory, one.facts.source, one.facts), now))
    if read.problems:
        raise click.ClickException("\n".join(read.problems))


def _line(tried: Tried, now: datetime) -> str:
    facts = tried.facts
    if facts is None:
        return f"{tried.territory}  not kept: {tried.problem}"
    issued, due = (f"{moment:%Y-%m-%d}" if moment else "—" for moment in (facts.issued_at, facts.next_update_at))
    late = "  STALE" if facts.is_stale(now) else ""
    return (
        f"{tried.territory}  no. {facts.sequence}  issued {issued}  next {due}{late}  {facts.sha256}  {tried.address}"
    )
