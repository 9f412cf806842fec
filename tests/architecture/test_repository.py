"""What the repository holds: only what belongs to the product, nothing about how or where it was made."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

#: Traces of somebody's workbench; written in two halves, because this file is in the repository too.
TRACES = (
    "../" + "shared",
    "/wo" + "rk/",
    "issue" + " #",
    "contracts" + ".md",
    "/roo" + "t/",
    "TO" + "DO",
    "FIX" + "ME",
)

FONTS = {".ttf", ".otf", ".ttc", ".woff", ".woff2", ".eot"}
LOCKED = ("requirements.txt", "requirements-dev.txt", "requirements-npm.txt", "requirements-setup.txt")
MAXIMUM_BYTES = 512 * 1024


@cache
def tracked() -> tuple[Path, ...]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return tuple(ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file())


def test_nothing_tells_where_it_was_made() -> None:
    found = []
    for file in tracked():
        text = file.read_bytes().decode("utf-8", "ignore")
        found += [f"{file.relative_to(ROOT)}: {trace!r}" for trace in TRACES if trace in text]
    assert found == []


@pytest.mark.parametrize("name", LOCKED)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    pinned = [block for block in blocks if re.match(r"[A-Za-z0-9][\w.\[\],-]*\s*==", block)]
    assert pinned
    for block in pinned:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]
    loose = [b.splitlines()[0] for b in blocks if re.match(r"[A-Za-z0-9]", b) and b not in pinned]
    assert loose == []


def test_no_type_face_is_tracked() -> None:
    assert [str(f) for f in tracked() if f.suffix.lower() in FONTS] == []


def test_no_data_key_or_environment_is_tracked() -> None:
    refused = re.compile(r"(^|/)(var|\.venv|node_modules|__pycache__)/|\.(sqlite3|db|pem|p12|pfx|key|pyc)$|(^|/)\.env$")
    assert [str(f) for f in tracked() if refused.search(f.relative_to(ROOT).as_posix())] == []


def test_no_file_is_large() -> None:
    large = {f.relative_to(ROOT).as_posix(): f.stat().st_size for f in tracked() if f.stat().st_size > MAXIMUM_BYTES}
    assert large == {}


def test_no_page_asks_a_foreign_host() -> None:
    """Pages load where no foreign network is reachable: no address of another host in templates, styles, scripts."""
    foreign = re.compile(r"(?:src|href|url|import|fetch)\s*[=(]\s*[\"']?(https?:)?//", re.IGNORECASE)
    for folder in ("templates", "static"):
        for file in (ROOT / "signing_service" / folder).rglob("*"):
            if file.suffix in (".html", ".css", ".js"):
                assert not foreign.search(file.read_text(encoding="utf-8")), file
