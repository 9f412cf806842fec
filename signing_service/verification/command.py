"""The command line of verification: `verify FILE…`, and `verify --replay REPORT` for what was judged before.

Exit code: 0 all passed, 1 something failed, 2 something could not be decided, 3 not readable or without a signature; 64
when the command itself was wrong. One file gives one answer, several give one line each (JSON Lines) or one after
another, or one file each in a folder, with a bar of progress and a summary on the error stream.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from keys.errors import KeysError
from keys.trust.anchors import TrustAnchors, certificates_in
from keys.trust.fetching import Fetcher
from keys.trust.folder import TrustFolder
from keys.trust.list_store import ListStore
from keys.trust.trusted_lists import TrustedLists
from signing_service.verification import policy as policies
from signing_service.verification.plain_data import parse_time
from signing_service.verification.report import Report
from signing_service.verification.running import ALONE, FORMATS, Output, Rules, reports_in, run, run_again
from signing_service.verification.words import LANGUAGES, Lang

WRONG_USE = 64  # EX_USAGE: click's own code for it, 2, is a verdict here
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class _WrongUse(click.UsageError):
    exit_code = WRONG_USE


class _Verify(click.Command):
    """A command whose exit codes are verdicts, so that wrong use has one of its own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            raise _WrongUse(error.format_message(), error.ctx) from error

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _WrongUse(error.format_message(), error.ctx or ctx) from error


def _time(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    try:
        return parse_time(value) if value else None
    except ValueError as cause:
        raise click.BadParameter("write it as 2026-11-22T12:00:00Z") from cause


def _anchors(_context: click.Context, _parameter: click.Parameter, value: tuple[Path, ...]) -> tuple[Path, ...]:
    for path in value:
        try:
            certificates_in(path)
        except KeysError as cause:
            raise click.BadParameter(str(cause)) from cause
    return value


def _reports(_context: click.Context, _parameter: click.Parameter, value: tuple[Path, ...]) -> tuple[Report, ...]:
    found: list[Report] = []
    for path in value:
        try:
            found.extend(reports_in(path.read_text(encoding="utf-8")))
        except ValueError as cause:
            raise click.BadParameter(f"{path.name} is no report of this program in JSON") from cause
    return tuple(found)


def _trusted(
    folder: Path | None, trusted: Sequence[Path], signers: Sequence[Path]
) -> tuple[TrustAnchors, TrustedLists | None]:
    """Roots and lists of the folder, and the lists that were given; one that is not rightly signed ends the command."""
    anchors, read = TrustAnchors(), TrustedLists()
    try:
        if folder is not None:
            anchors, read = TrustFolder(folder).anchors(), ListStore(TrustFolder(folder)).load()
        known = [der for path in signers for der in certificates_in(path)]
        for path in trusted:
            read.add(path.read_bytes(), known, path.name, path.name)
    except KeysError as cause:
        raise click.BadParameter(str(cause), param_hint="--trusted-list" if trusted else "--trust-folder") from cause
    for problem in read.problems:
        click.echo(problem, err=True)
    return anchors, read if read.lists else None


@click.command("verify", cls=_Verify)
@click.argument("files", nargs=-1, type=FILE)
@click.option(
    "--replay",
    "reports",
    multiple=True,
    type=FILE,
    callback=_reports,
    help="Judge again what this report (JSON, or JSON Lines) is about; its file need not be there. Repeatable.",
)
@click.option(
    "--trust", multiple=True, type=FILE, callback=_anchors, help="Certificates to trust, PEM or DER; repeatable."
)
@click.option("--crl", "crls", multiple=True, type=FILE, help="Revocation lists that you have, DER; repeatable.")
@click.option("--at", callback=_time, help="Judge at this time (ISO 8601) instead of now.")
@click.option(
    "--trusted-list",
    "trusted",
    multiple=True,
    type=FILE,
    help="Trusted list of the EU (XML); repeatable. See --list-signer.",
)
@click.option("--trust-folder", "folder", type=FOLDER, help="Folder of roots and lists, see `trust`.")
@click.option("--list-signer", "signers", multiple=True, type=FILE, help="Certificates that may sign trusted lists.")
@click.option(
    "--policy", type=click.Choice(policies.names()), help=f"Rules to judge by.  [default: {policies.DEFAULT}]"
)
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--out", type=FOLDER, help="Write one report for each file into this folder.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--steps", is_flag=True, help="Show every step (text).")
@click.option(
    "--online/--offline",
    default=False,
    show_default=True,
    help="Ask authorities for revocation that the file does not hold; public addresses only.",
)
@click.pass_context
def verify(
    context: click.Context,
    files: tuple[Path, ...],
    reports: tuple[Report, ...],
    trust: tuple[Path, ...],
    crls: tuple[Path, ...],
    at: datetime | None,
    policy: str | None,
    trusted: tuple[Path, ...],
    folder: Path | None,
    signers: tuple[Path, ...],
    shape: str,
    out: Path | None,
    lang: Lang,
    steps: bool,
    online: bool,
) -> None:
    """Verify signed PDFs, whoever made them: what is intact, who signed, when, and what changed afterwards."""
    logging.disable(logging.CRITICAL)
    if not files and not reports:
        raise click.UsageError("Name a PDF, or a report to judge again with --replay.")
    if online and reports:
        raise click.UsageError("A replay fetches nothing; leave --online out.")
    if shape in ALONE and out is None and max(len(files), len(reports)) > 1:
        raise click.UsageError(f"Several reports of the format {shape} need a folder: --out DIR.")
    anchors, lists = _trusted(folder, trusted, signers)
    rules = Rules(
        anchors=TrustAnchors.from_pem(signing=list(trust)).and_also(anchors),
        lists=lists,
        crls=tuple(path.read_bytes() for path in crls),
        at=at,
        policy=policy,
        fetcher=Fetcher() if online else None,
    )
    output = Output(shape, lang, steps, out, lambda text: click.echo(text, nl=False))
    if not reports:
        context.exit(run(files, rules, output))
    try:
        context.exit(run_again(reports, files, rules, output))
    except ValueError as cause:
        raise click.UsageError(str(cause)) from cause
