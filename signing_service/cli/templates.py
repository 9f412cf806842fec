"""`templates check` says what is wrong in template packages, with file, line and place, and lists those that are right.

Exit code: 0 all are right, 1 one is wrong, 2 the invocation is wrong. Needs no installation: no database, no keys.
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
from agreements.problems import TemplateProblem
from agreements.rendering import FontFolder
from agreements.rendering.errors import FontsMissing
from agreements.templates import library_folders
from config import ROOT

RIGHT, WRONG = 0, 1
MOST_SHOWN = 600
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def templates() -> None:
    """Template packages."""


@templates.command()
@click.argument("paths", nargs=-1, type=FOLDER, metavar="[PATH…]")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--fonts", envvar="SIGNING_FONTS", type=FOLDER, default=ROOT / "fonts", help="Folder of the type faces.")
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], shape: str, fonts: Path) -> None:
    """Check template packages, each PATH one folder; without a PATH the shipped ones.

    Reads them, fills in their samples, and sets each sample as a PDF. Exit 0 when all are right, 1 when one is wrong.
    """
    try:
        found = list(check_packages(paths or library_folders(), FontFolder(fonts / "pdf"), datetime.now(UTC).date()))
    except FontsMissing as error:
        raise click.UsageError(str(error), context) from error
    click.echo(_json(found) if shape == "json" else _text(found))
    context.exit(RIGHT if all(one.right for one in found) else WRONG)


def _text(found: Sequence[PackageCheck]) -> str:
    lines = [line for one in found for line in _lines(one)]
    right = sum(one.right for one in found)
    return "\n".join([*lines, f"{right} right, {len(found) - right} wrong"])


def _lines(one: PackageCheck) -> list[str]:
    if one.template is None or not one.right:
        return [
            f"wrong: {visible(str(one.folder))}, {_counted(len(one.problems), 'mistake')}",
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
    return {"folder": visible(str(one.folder)), "right": one.right, **facts, "mistakes": mistakes}


def _mistake(problem: TemplateProblem) -> dict[str, Any]:
    message = problem.message.format(**problem.params)
    return {"file": problem.file, "line": problem.line, "place": problem.place, "message": _shortened(message)}
