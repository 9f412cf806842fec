"""A template package as a zip file: read out of one that may come from an enemy, and written so that it is always the
same bytes.

Every entry of the directory is looked at before the first byte is unpacked; nothing is ever written to a disk. Which
files a package may have is package_files.py.
"""

from __future__ import annotations

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from io import BytesIO

from agreements.errors import N_, TemplateInvalid
from agreements.package_files import (
    FOLDERS,
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_PACKAGE_BYTES,
    NO_LINKS,
    ONLY_THESE,
    TOO_MANY,
    Mistakes,
    Package,
    package_of,
    visible,
)
from agreements.problems import TemplateProblem

MAX_ARCHIVE_BYTES = 2 * 1024 * 1024
MAX_RATIO = 100  # texts shrink to a third or a tenth; what shrinks to a hundredth was made to
_NOT_A_ZIP = N_("This is not a zip file that can be read.")
_ENCRYPTED = 0x1
_UNIX = 3
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can name
_REFUSALS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,  # what zipfile raises for a method of compression it does not know
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    OverflowError,
)

_Entry = tuple[str, zipfile.ZipInfo]


def read_zip(data: bytes, name: str, mistakes: Mistakes) -> Package:
    """The package in a zip file; `name` is only for messages. One folder around everything is tolerated.

    Raises TemplateInvalid at once when the file cannot be trusted.
    """
    if len(data) > MAX_ARCHIVE_BYTES:
        mistakes.add("", "", N_("The zip file is larger than {most} bytes."), most=MAX_ARCHIVE_BYTES)
        mistakes.raise_if_any(name)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = _entries(archive.infolist(), mistakes)
            mistakes.raise_if_any(name)
            files = {path: _unpacked(archive, path, info, mistakes) for path, info in entries}
    except _REFUSALS as error:
        raise TemplateInvalid(name, (TemplateProblem("", None, "", _NOT_A_ZIP),)) from error
    mistakes.raise_if_any(name)
    return package_of(name, files, mistakes)


def write_zip(package: Package, folder: str) -> bytes:
    """The files of a package in one folder. Nothing is packed, so no library's version changes a byte."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(package.files.items()):
            info = zipfile.ZipInfo(f"{folder}/{path}", _BEGINNING)
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, data)
    return target.getvalue()


def _entries(infos: Sequence[zipfile.ZipInfo], mistakes: Mistakes) -> list[_Entry]:
    """The entries that are files of the package, by their path inside it; whatever is wrong with one is noted."""
    if len(infos) > MAX_FILES:
        mistakes.add("", "", TOO_MANY, most=MAX_FILES)
        return []
    named = [(info.orig_filename, info) for info in infos if not _left_behind(info.orig_filename)]
    sound = [(path, info) for path, info in named if _sound(path, info, mistakes)]
    top = _folder_around([path for path, _ in sound])
    inside = [(path.removeprefix(top), info) for path, info in sound]
    found: dict[str, zipfile.ZipInfo] = {}
    for path, info in inside:
        if path in found:
            mistakes.add(visible(path), "", N_("The file is there twice."))
        elif not path.endswith("/") and path:
            found[path] = info
        elif path.rstrip("/") not in ("", *FOLDERS):
            mistakes.add(visible(path), "", ONLY_THESE)
    if sum(info.file_size for info in found.values()) > MAX_PACKAGE_BYTES:
        mistakes.add("", "", N_("The package is larger than {most} bytes."), most=MAX_PACKAGE_BYTES)
    return list(found.items())


def _left_behind(path: str) -> bool:
    """What the Finder of a Mac adds to every zip file; it is no part of the package."""
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] == ".DS_Store"


def _sound(path: str, info: zipfile.ZipInfo, mistakes: Mistakes) -> bool:
    """Whether an entry may be unpacked at all, by what the directory says of it."""
    mode = stat.S_IFMT(info.external_attr >> 16) if info.create_system == _UNIX else 0
    message, params = "", {}
    if _leads_out(path):
        message = N_("The name of a file in a package is a path inside it.")
    elif unicodedata.normalize("NFC", path) != path:
        message = N_("The name is not in the composed form of Unicode (NFC).")
    elif mode not in (0, stat.S_IFDIR if path.endswith("/") else stat.S_IFREG):
        message = NO_LINKS
    elif info.flag_bits & _ENCRYPTED:
        message = N_("Encrypted files are refused.")
    elif info.compress_type not in _PLAIN:
        message = N_("The file is packed in a way that is not read here; use “deflate”.")
    elif info.file_size > MAX_FILE_BYTES:
        message, params = N_("The file is larger than {most} bytes."), {"most": MAX_FILE_BYTES}
    elif info.file_size > MAX_RATIO * info.compress_size:
        message, params = N_("The file is packed more than {most} times smaller."), {"most": MAX_RATIO}
    if message:
        mistakes.add(visible(path), "", message, None, **params)
    return not message


def _leads_out(path: str) -> bool:
    parts = path.removesuffix("/").split("/")
    return "\\" in path or "\0" in path or ":" in path or any(part in ("", ".", "..") for part in parts)


def _folder_around(paths: Sequence[str]) -> str:
    """The one folder in which everything stands, with its slash; "" when there is none."""
    tops = {path.split("/", 1)[0] for path in paths}
    top = f"{tops.pop()}/" if len(tops) == 1 else ""
    return top if f"{top}template.yaml" in paths else ""


def _unpacked(archive: zipfile.ZipFile, path: str, info: zipfile.ZipInfo, mistakes: Mistakes) -> bytes:
    """The bytes of one entry. They are as many as the directory says, whose sum was looked at before."""
    try:
        with archive.open(info) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except _REFUSALS:
        data = None
    if data is None or len(data) != info.file_size:
        mistakes.add(visible(path), "", N_("The file is damaged, or is not what the zip file says of it."))
    return data or b""
