"""The command line of verification: `verify FILE… [--trust PEM] [--at TIME] [--policy NAME]
[--format …] [--offline]`.

Exit code: 0 all passed, 1 something failed, 2 something could not be decided, 3 not readable or without a
signature. One file gives one answer, several give one line each (JSON Lines) or one after another, with a bar
of progress on the error stream.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from keys.errors import KeysError
from keys.trust.anchors import TrustAnchors, certificates_in
from keys.trust.folder import TrustFolder
from keys.trust.trusted_lists import TrustedLists
from signing_service.verification import policy as policies
from signing_service.verification.plain_data import parse_time
from signing_service.verification.qualification import qualified
from signing_service.verification.report import SIGNATURE, TOTAL_FAILED, TOTAL_PASSED, Report
from signing_service.verification.report_etsi import report_etsi
from signing_service.verification.report_html import report_html
from signing_service.verification.report_text import report_text
from signing_service.verification.verify import verify as verify_pdf
from signing_service.verification.words import LANGUAGES, Lang

FORMATS = ("text", "json", "etsi", "html")
PASSED, FAILED, UNDECIDED, UNREADABLE = 0, 1, 2, 3


def exit_code(report: Report) -> int:
    """The exit code of one report."""
    if report.document.indication == TOTAL_FAILED:
        return FAILED
    if report.document.readable == "no" or not any(entry.kind == SIGNATURE for entry in report.signatures):
        return UNREADABLE
    return PASSED if report.document.indication == TOTAL_PASSED else UNDECIDED


def worst(codes: Iterable[int]) -> int:
    """The code of several files: a failure outweighs an unreadable file, that an undecided one."""
    found = set(codes)
    return next((code for code in (FAILED, UNREADABLE, UNDECIDED) if code in found), PASSED)


def run(
    paths: Sequence[Path],
    *,
    trust: Sequence[Path] = (),
    at: datetime | None = None,
    format: str = "text",
    offline: bool = True,
    lang: Lang = "en",
    steps: bool = False,
    crls: Sequence[Path] = (),
    policy: str = policies.DEFAULT,
    lists: TrustedLists | None = None,
    folder: Path | None = None,
    write: Callable[[str], object] = sys.stdout.write,
) -> int:
    """Verify files, write the answers, return the exit code. Nothing is fetched, `offline` or not."""
    anchors = TrustAnchors.from_pem(signing=list(trust))
    if folder is not None:
        anchors = anchors.and_also(TrustFolder(folder).anchors())
    if lists is not None:
        anchors = anchors.and_also(lists.anchors())
    revoked = [path.read_bytes() for path in crls]
    codes: list[int] = []
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=len(paths) < 2) as progress:
        for path in progress.track(paths, description=""):
            report = verify_pdf(
                path.read_bytes(), name=path.name, anchors=anchors, at=at, crls_der=revoked, policy=policy
            )
            if lists is not None:
                report = qualified(report, lists)
            codes.append(exit_code(report))
            write(_shown(report, format, lang, steps, several=len(paths) > 1))
    if len(paths) > 1:
        counts = " · ".join(f"{codes.count(code)} {name}" for code, name in enumerate(SUMMARY) if codes.count(code))
        console.print(f"{len(codes)}: {counts}")
    return worst(codes)


SUMMARY = ("passed", "failed", "indeterminate", "not readable or not signed")


def _shown(report: Report, format: str, lang: Lang, steps: bool, *, several: bool) -> str:
    if format == "json":
        return json.dumps(report.to_json(), ensure_ascii=False, indent=None if several else 2) + "\n"
    if format == "etsi":
        return report_etsi(report)
    if format == "html":
        return report_html(report, lang)
    return report_text(report, lang, steps=steps) + ("\n" if several else "")


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


def _lists(trusted: Sequence[Path], signers: Sequence[Path]) -> TrustedLists | None:
    """The lists that were given; a list that is not rightly signed ends the command."""
    if not trusted:
        return None
    read, known = TrustedLists(), [der for path in signers for der in certificates_in(path)]
    try:
        for path in trusted:
            read.add(path.read_bytes(), known, path.name)
    except KeysError as cause:
        raise click.BadParameter(str(cause), param_hint="--trusted-list") from cause
    return read


def _folder(_context: click.Context, _parameter: click.Parameter, value: Path | None) -> Path | None:
    try:
        _ = TrustFolder(value).anchors() if value is not None else None
    except KeysError as cause:
        raise click.BadParameter(str(cause)) from cause
    return value


FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=FILE)
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
@click.option("--trust-folder", "folder", type=FOLDER, callback=_folder, help="Folder of roots, see `trust add`.")
@click.option("--list-signer", "signers", multiple=True, type=FILE, help="Certificates that may sign trusted lists.")
@click.option("--policy", type=click.Choice(policies.names()), default=policies.DEFAULT, show_default=True)
@click.option("--format", "shape", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--steps", is_flag=True, help="Show every step (text).")
@click.option("--offline", is_flag=True, help="Fetch nothing. This is always so; the option makes a script say it.")
@click.pass_context
def verify(
    context: click.Context,
    files: tuple[Path, ...],
    trust: tuple[Path, ...],
    crls: tuple[Path, ...],
    at: datetime | None,
    policy: str,
    trusted: tuple[Path, ...],
    folder: Path | None,
    signers: tuple[Path, ...],
    shape: str,
    lang: Lang,
    steps: bool,
    offline: bool,
) -> None:
    """Verify signed PDFs, whoever made them: what is intact, who signed, when, and what changed afterwards."""
    logging.disable(logging.CRITICAL)
    code = run(
        files,
        trust=trust,
        at=at,
        format=shape,
        offline=offline,
        lang=lang,
        steps=steps,
        crls=crls,
        policy=policy,
        lists=_lists(trusted, signers),
        folder=folder,
        write=lambda text: click.echo(text, nl=False),
    )
    context.exit(code)
