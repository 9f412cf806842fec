"""Reads a template package from a folder: which files, how large, and YAML without surprises.

A package may come from outside, so everything is bounded and nothing followed: no links, no YAML aliases, no objects.
What the data means is templates.py.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from agreements.canonical import canonical_bytes, sha256_of
from agreements.errors import N_, TemplateInvalid
from agreements.problems import TemplateProblem

MAX_FILES = 400
MAX_FILE_BYTES = 256 * 1024
MAX_PACKAGE_BYTES = 4 * 1024 * 1024
MAX_YAML_NODES = 20_000
MAX_YAML_DEPTH = 24
_ALLOWED = re.compile(
    r"template\.yaml|clauses/[a-z][a-z0-9_]{0,39}\.[A-Za-z-]{2,10}\.md|samples/[a-z][a-z0-9_-]{0,39}\.yaml"
)


@dataclass
class Mistakes:
    """Collects the mistakes of one package. `lines` maps (file, place) to a line of that file."""

    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    found: list[TemplateProblem] = field(default_factory=list)

    def add(self, file: str, place: str, message: str, line: int | None = None, /, **params: object) -> None:
        """Note one mistake; the line is looked up from the place, or from the nearest place around it."""
        around = place
        while line is None and around:
            line = self.lines.get((file, around))
            around = re.sub(r"(?:^|\.)[^.\[]*$|\[\d+\]$", "", around)
        self.found.append(TemplateProblem(file, line, place, message, params))

    def raise_if_any(self, package: str) -> None:
        """Raise TemplateInvalid when there is a mistake."""
        if self.found:
            raise TemplateInvalid(package, tuple(self.found))


@dataclass(frozen=True)
class Package:
    """The files of a package as text, by their path inside it, and the SHA-256 over all of them."""

    name: str
    texts: Mapping[str, str]
    sha256: str


def read_package(folder: Path, mistakes: Mistakes) -> Package:
    """Read every file of the folder. Raises TemplateInvalid at once when the folder itself cannot be trusted."""
    files: dict[str, bytes] = {}
    for path in _paths(folder, mistakes):
        name = path.relative_to(folder).as_posix()
        if not _ALLOWED.fullmatch(name):
            mistakes.add(
                name, "", N_("A package holds template.yaml, clauses/<id>.<language>.md and samples/*.yaml only.")
            )
            continue
        data = _bounded(path, name, mistakes)
        if data is not None:
            files[name] = data
    if "template.yaml" not in files:
        mistakes.add("template.yaml", "", N_("The file is missing."))
    if sum(map(len, files.values())) > MAX_PACKAGE_BYTES:
        mistakes.add("", "", N_("The package is larger than {most} bytes."), most=MAX_PACKAGE_BYTES)
    mistakes.raise_if_any(folder.name)
    texts = {name: _decoded(name, data, mistakes) for name, data in files.items()}
    digest = sha256_of(canonical_bytes({name: sha256_of(data) for name, data in files.items()}))
    return Package(folder.name, texts, digest)


def _paths(folder: Path, mistakes: Mistakes) -> list[Path]:
    found: list[Path] = []
    for root, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted([*names, *folders]):
            path = Path(root, name)
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode) or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                mistakes.add(path.relative_to(folder).as_posix(), "", N_("Links and special files are refused."))
            elif stat.S_ISREG(mode):
                found.append(path)
            if len(found) > MAX_FILES:
                mistakes.add("", "", N_("The package has more than {most} files."), most=MAX_FILES)
                mistakes.raise_if_any(folder.name)
    return found


def _bounded(path: Path, name: str, mistakes: Mistakes) -> bytes | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        mistakes.add(name, "", N_("The file cannot be read: {reason}."), reason=error.strerror or "unknown")
        return None
    if len(data) > MAX_FILE_BYTES:
        mistakes.add(name, "", N_("The file is larger than {most} bytes."), most=MAX_FILE_BYTES)
        return None
    return data


def _decoded(name: str, data: bytes, mistakes: Mistakes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        mistakes.add(name, "", N_("The file is not UTF-8 text."), line)
        return ""
    for number, line_text in enumerate(text.split("\n"), start=1):
        strange = next(
            (c for c in line_text if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and c != "\r"), None
        )
        if strange is not None:
            code = f"U+{ord(strange):04X}"
            mistakes.add(name, "", N_("The invisible character {code} is refused."), number, code=code)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def read_yaml(name: str, text: str, mistakes: Mistakes) -> Any:
    """The data of a YAML file; None after a mistake. Only plain data; aliases, tags and double keys are refused."""
    try:
        if not _events_are_plain(name, text, mistakes):
            return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _note_lines(name, node, "", mistakes)
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        mistakes.add(name, "", N_("The YAML cannot be read: {reason}."), line, reason=error.problem or "syntax")
    except (yaml.YAMLError, ValueError) as error:
        mistakes.add(name, "", N_("The YAML cannot be read: {reason}."), reason=str(error).split("\n")[0])
    return None


def _events_are_plain(name: str, text: str, mistakes: Mistakes) -> bool:
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        nodes += isinstance(event, yaml.NodeEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            mistakes.add(name, "", N_("Anchors and aliases are refused."), line)
        elif isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            mistakes.add(name, "", N_("Tags are refused."), line)
        elif depth > MAX_YAML_DEPTH or nodes > MAX_YAML_NODES or documents > 1:
            mistakes.add(name, "", N_("The file is too deep, too long or has several documents."), line)
        else:
            continue
        return False
    return True


def _note_lines(name: str, node: yaml.Node, place: str, mistakes: Mistakes) -> None:
    if place:
        mistakes.lines[(name, place)] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, row in enumerate(node.value):
            _note_lines(name, row, f"{place}[{index}]", mistakes)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            inner = f"{place}.{key.value}" if place else str(key.value)
            if str(key.value) in seen:
                line = key.start_mark.line + 1
                mistakes.add(name, inner, N_("The key is there twice."), line)
            seen.add(str(key.value))
            mistakes.lines[(name, inner)] = key.start_mark.line + 1
            _note_lines(name, value, inner, mistakes)
            mistakes.lines[(name, inner)] = key.start_mark.line + 1
