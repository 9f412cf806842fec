"""`templates check` says what is wrong in template packages, with file, line and place, and lists those that are right.

`templates export` writes a package that came with the service as a zip file, to be changed and uploaded. Exit code: 0
all is right, 1 a package is wrong, 2 the invocation is wrong. Needs no installation: no database, no keys.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from agreements.package_check import PackageCheck, check_packages
from agreements.package_files import visible
from agreements.package_zip import write_zip
from agreements.problems import TemplateProblem
from agreements.rendering import FontFolder
from agreements.rendering.errors import FontsMissing
from agreements.templates import library, library_folders
from config import ROOT

RIGHT, WRONG = 0, 1
MOST_SHOWN = 600
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _packages(_context: click.Context, _parameter: click.Parameter, paths: tuple[Path, ...]) -> tuple[Path, ...]:
    for path in paths:
        if not (path.is_dir() or path.suffix.lower() == ".zip"):
            raise click.BadParameter(f"“{visible(str(path))}” is neither a folder nor a zip file.")
    return paths


@click.group()
def templates() -> None:
    """Template packages."""


@templates.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), callback=_packages, metavar="[PATH…]")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--fonts", envvar="SIGNING_FONTS", type=FOLDER, default=ROOT / "fonts", help="Folder of the type faces.")
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], shape: str, fonts: Path) -> None:
    """Check template packages, each PATH a folder or a zip file; without a PATH the ones that came with the service.

    Reads them, fills in their samples, and sets each sample as a PDF. Says what is wrong in which line of a package,
    and lists the packages that are right. Exit 0 when all are right, 1 when one is wrong.
    """
    try:
        found = list(check_packages(paths or library_folders(), FontFolder(fonts / "pdf"), datetime.now(UTC).date()))
    except (FontsMissing, OSError) as error:
        raise click.UsageError(str(error), context) from error
    click.echo(_json(found) if shape == "json" else _text(found))
    context.exit(RIGHT if all(one.right for one in found) else WRONG)


@templates.command()
@click.argument("template_id", metavar="ID")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; ID-VERSION.zip when left out.")
@click.pass_context
def export(context: click.Context, template_id: str, out: Path | None) -> None:
    """Write the package that came with the service as a zip file: the same bytes every time.

    Change its texts, raise its version, and upload it on the page “Templates”. A file that is there is not overwritten.
    """
    template = library().get(template_id)
    if template is None:
        known = ", ".join(library())
        raise click.UsageError(f"there is no template “{visible(template_id)}”; there are {known}", context)
    target = out or Path(f"{template.id}-{template.version}.zip")
    try:
        with target.open("xb") as file:
            file.write(write_zip(template.package, template.id))
    except OSError as error:
        raise click.UsageError(f"“{visible(str(target))}” cannot be written: {error.strerror}", context) from error
    click.echo(f"{target}: {template.id} {template.version}, SHA-256 of the package {template.sha256}")


def _text(found: Sequence[PackageCheck]) -> str:
    lines = [line for one in found for line in _lines(one)]
    right = sum(one.right for one in found)
    return "\n".join([*lines, f"{right} right, {len(found) - right} wrong"])


def _lines(one: PackageCheck) -> list[str]:
    if one.template is None or not one.right:
        return [
            f"wrong: {visible(one.name)}, {_counted(len(one.problems), 'mistake')}",
            *(f"  {_shortened(visible(problem.text))}" for problem in one.problems),
        ]
    parts = [
        ", ".join(one.template.languages),
        _counted(len(one.template.clauses), "clause"),
        _counted(len(one.template.variables), "variable"),
        f"{_counted(one.rendered, 'sample')} rendered",
    ]
    return [f"right: {one.template.id} {one.template.version} ({'; '.join(parts)})"]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"


def _json(found: Sequence[PackageCheck]) -> str:
    answer = {"right": all(one.right for one in found), "packages": [_package(one) for one in found]}
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _package(one: PackageCheck) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if one.template is not None:
        facts = {
            "id": one.template.id,
            "version": one.template.version,
            "sha256": one.template.sha256,
            "languages": list(one.template.languages),
            "clauses": len(one.template.clauses),
            "variables": len(one.template.variables),
            "samples_rendered": one.rendered,
        }
    mistakes = [_mistake(problem) for problem in one.problems]
    return {"folder": visible(one.name), "right": one.right, **facts, "mistakes": mistakes}


def _mistake(problem: TemplateProblem) -> dict[str, Any]:
    message = problem.message.format(**problem.params)
    return {"file": problem.file, "line": problem.line, "place": problem.place, "message": _shortened(message)}
