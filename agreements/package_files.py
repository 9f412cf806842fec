"""A template package as files: which there may be, how large, text without invisible characters, and the one hash.

A package may come from outside, so everything is bounded and no link followed. Zip files are package_zip.py, YAML is
package_yaml.py; what the data means is templates.py.
"""

from __future__ import annotations

import json
import os
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from agreements.canonical import canonical_bytes, sha256_of
from agreements.errors import N_, NotAPackage, NotCanonical, TemplateInvalid
from agreements.invisible import first_invisible
from agreements.problems import TemplateProblem

MAX_FILES = 400
MAX_FILE_BYTES = 256 * 1024
MAX_PACKAGE_BYTES = 1024 * 1024
MAX_MISTAKES = 1000
FOLDERS = ("clauses", "samples")
ONLY_THESE = N_("A package holds template.yaml, clauses/<id>.<language>.md and samples/*.yaml only.")
TOO_MANY = N_("The package has more than {most} files.")
NO_LINKS = N_("Links and special files are refused.")
_ALLOWED = re.compile(
    r"template\.yaml|clauses/[a-z][a-z0-9_]{0,39}\.[A-Za-z-]{2,10}\.md|samples/[a-z][a-z0-9_-]{0,39}\.yaml"
)


@dataclass
class Mistakes:
    """Collects the mistakes of one package. `lines` maps (file, place) to a line of that file.

    `yaml_nodes` and `yaml_characters` count what was read so far; the limits are for all files of a package together.
    """

    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    found: list[TemplateProblem] = field(default_factory=list)
    yaml_nodes: int = 0
    yaml_characters: int = 0

    def add(self, file: str, place: str, message: str, line: int | None = None, /, **params: object) -> None:
        """Note one mistake; the line is looked up from the place, or from the nearest place around it."""
        if len(self.found) >= MAX_MISTAKES:
            return
        around = place
        while line is None and around:
            line = self.lines.get((file, around))
            around = re.sub(r"(?:^|\.)[^.\[]*$|\[\d+\]$", "", around)
        self.found.append(TemplateProblem(file, line, place, message, params))
        if len(self.found) == MAX_MISTAKES - 1:
            more = N_("There are more mistakes; these are the first {most}.")
            self.found.append(TemplateProblem("", None, "", more, {"most": MAX_MISTAKES - 1}))

    def raise_if_any(self, package: str) -> None:
        """Raise TemplateInvalid when there is a mistake."""
        if self.found:
            raise TemplateInvalid(package, tuple(self.found))


@dataclass(frozen=True)
class Package:
    """The files of a package by their path inside it: `files` as they came, `texts` as they are read.

    What identifies a package is its manifest, the hash of each file by its path; the SHA-256 of the manifest is the
    package's. Whoever has the files can compute both.
    """

    name: str
    files: Mapping[str, bytes]
    texts: Mapping[str, str]

    @cached_property
    def manifest(self) -> bytes:
        """RFC 8785 JSON: path → SHA-256 of the file."""
        return canonical_bytes({path: sha256_of(data) for path, data in self.files.items()})

    @cached_property
    def sha256(self) -> str:
        """Lower-case hexadecimal SHA-256 of the manifest."""
        return sha256_of(self.manifest)


def package_of(name: str, files: Mapping[str, bytes], mistakes: Mistakes) -> Package:
    """The package that these files make, wherever they come from; `name` is only for messages.

    Raises TemplateInvalid at once when the files cannot be a package.
    """
    for path, data in files.items():
        if not _ALLOWED.fullmatch(path):
            mistakes.add(visible(path), "", ONLY_THESE)
        elif len(data) > MAX_FILE_BYTES:
            mistakes.add(path, "", N_("The file is larger than {most} bytes."), most=MAX_FILE_BYTES)
    if len(files) > MAX_FILES:
        mistakes.add("", "", TOO_MANY, most=MAX_FILES)
    if sum(map(len, files.values())) > MAX_PACKAGE_BYTES:
        mistakes.add("", "", N_("The package is larger than {most} bytes."), most=MAX_PACKAGE_BYTES)
    elif "template.yaml" not in files:
        mistakes.add("template.yaml", "", N_("The file is missing."))
    mistakes.raise_if_any(name)
    ordered = dict(sorted(files.items()))
    return Package(name, ordered, {path: _decoded(path, data, mistakes) for path, data in ordered.items()})


def files_named(manifest: bytes) -> Mapping[str, str]:
    """The manifest read back: path → SHA-256 of the file. Raises NotAPackage unless it is exactly a manifest."""
    try:
        found = json.loads(manifest)
        same = isinstance(found, dict) and canonical_bytes(found) == manifest
    except (ValueError, RecursionError, NotCanonical) as error:
        raise NotAPackage(reason=N_("its list of files cannot be read")) from error
    if not same or not all(_ALLOWED.fullmatch(path) and isinstance(digest, str) for path, digest in found.items()):
        raise NotAPackage(reason=N_("its list of files cannot be read"))
    return dict(found)


def read_package(folder: Path, mistakes: Mistakes) -> Package:
    """Read every file of the folder. Raises TemplateInvalid at once when the folder itself cannot be trusted."""
    files: dict[str, bytes] = {}
    left = MAX_PACKAGE_BYTES
    for name in _names(folder, mistakes):
        data = _bounded(folder / name, name, mistakes)
        if data is not None:
            files[name] = data
            left -= len(data)
        if left < 0:
            break
    return package_of(folder.name, files, mistakes)


def _names(folder: Path, mistakes: Mistakes) -> list[str]:
    """The permitted files by their path inside the package; anything else is a mistake. One level of folders."""
    found: list[str] = []
    for entry in _entries(folder, "", mistakes):
        if entry.name in FOLDERS and entry.is_dir(follow_symlinks=False):
            inside = _entries(folder, entry.name, mistakes)
            found += [f"{entry.name}/{one.name}" for one in inside if _permitted(one, f"{entry.name}/", mistakes)]
        elif _permitted(entry, "", mistakes):
            found.append(entry.name)
        if len(found) > MAX_FILES:
            mistakes.add("", "", TOO_MANY, most=MAX_FILES)
            mistakes.raise_if_any(folder.name)
    return found


def _entries(folder: Path, inside: str, mistakes: Mistakes) -> list[os.DirEntry[str]]:
    """What a folder holds, by name. It is not read to its end when it holds too much."""
    try:
        with os.scandir(folder / inside) as entries:
            found = sorted(islice(entries, MAX_FILES + 1), key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        mistakes.add(inside, "", N_("The file cannot be read: {reason}."), reason=error.strerror or "unknown")
        return []
    if len(found) > MAX_FILES:
        mistakes.add("", "", TOO_MANY, most=MAX_FILES)
        mistakes.raise_if_any(folder.name)
    return found


def _permitted(entry: os.DirEntry[str], before: str, mistakes: Mistakes) -> bool:
    shown = before + visible(entry.name)
    if entry.is_symlink() or not (entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)):
        mistakes.add(shown, "", NO_LINKS)
    elif entry.is_dir(follow_symlinks=False) or not _ALLOWED.fullmatch(before + entry.name):
        mistakes.add(shown, "", ONLY_THESE)
    else:
        return True
    return False


def _bounded(path: Path, name: str, mistakes: Mistakes) -> bytes | None:
    try:
        # What was listed is opened, even if somebody puts a link or a pipe in its place meanwhile.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                mistakes.add(name, "", NO_LINKS)
                return None
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        mistakes.add(name, "", N_("The file cannot be read: {reason}."), reason=error.strerror or "unknown")
        return None


def visible(text: str) -> str:
    """The text on one line with every invisible character as its code, so that a name cannot write on a screen."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def _decoded(name: str, data: bytes, mistakes: Mistakes) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        mistakes.add(name, "", N_("The file is not UTF-8 text."), line)
        return ""
    text = text.replace("\r\n", "\n")
    for number, line_text in enumerate(text.split("\n"), start=1):
        strange = first_invisible(line_text)
        if strange is not None:
            code = f"U+{ord(strange):04X}"
            mistakes.add(name, "", N_("The invisible character {code} is refused."), number, code=code)
    return unicodedata.normalize("NFC", text)
