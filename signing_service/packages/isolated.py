"""Examining and comparing template packages in a separate limited process (`signing_service.isolation`).

The zip file of a stranger is opened there and nowhere else: what comes back are the texts of the files that were found
right, and these are what is stored. The child is the module `worker`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from agreements.package_files import Mistakes, Package, package_of
from agreements.problems import TemplateProblem
from agreements.rendering import FontFolder
from agreements.template_changes import TemplateChanges
from signing_service import isolation
from signing_service.errors import PackageUnexamined
from signing_service.packages import plain_data
from signing_service.packages.kept import Kept

CHILD = "signing_service.packages.worker"
LIMITS = isolation.Limits(
    memory_bytes=1024 * isolation.MIB,
    processor_seconds=30,
    wall_seconds=60.0,
    answer_bytes=16 * isolation.MIB,
)
COMPARING = replace(LIMITS, processor_seconds=12, wall_seconds=25.0)

_comparisons: Kept[TemplateChanges] = Kept(32)


@dataclass(frozen=True)
class Examined:
    """The answer for an uploaded package. `package` is None when something is wrong; `rendered` counts samples."""

    package: Package | None
    rendered: int
    problems: tuple[TemplateProblem, ...]


def examine(data: bytes, name: str, fonts: FontFolder, today: date, limits: isolation.Limits = LIMITS) -> Examined:
    """Every mistake of the package in a zip file. Raises PackageUnexamined when it did not come to an end."""
    question = {
        "zip": base64.b64encode(data).decode("ascii"),
        "name": name,
        "fonts": str(fonts.path),
        "today": today.isoformat(),
    }
    answer = _ask("examine", question, limits)
    try:
        problems = tuple(plain_data.problem_from_plain(one) for one in answer["problems"])
        files = {path: text.encode("utf-8") for path, text in answer["texts"].items()}
        package = None if problems else package_of(name, files, Mistakes())
        return Examined(package, int(answer["rendered"]), problems)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PackageUnexamined() from error


def compare(old: Package, new: Package, limits: isolation.Limits = COMPARING) -> TemplateChanges:
    """What is different in `new`, both being packages that were found right. Raises PackageUnexamined."""
    return _comparisons.get(f"{old.sha256} {new.sha256}", lambda: _compared(old, new, limits))


def _compared(old: Package, new: Package, limits: isolation.Limits) -> TemplateChanges:
    answer = _ask("compare", {"old": _texts(old), "new": _texts(new)}, limits)
    try:
        return plain_data.changes_from_plain(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PackageUnexamined() from error


def _texts(package: Package) -> dict[str, str]:
    return {path: data.decode("utf-8") for path, data in package.files.items()}


def _ask(what: str, question: Mapping[str, Any], limits: isolation.Limits) -> Any:
    whole = json.dumps({"what": what, "limits": asdict(limits), **question}).encode()
    try:
        return json.loads(isolation.ask(CHILD, whole, limits))
    except (isolation.NoAnswer, ValueError) as error:
        raise PackageUnexamined() from error
