"""Ask veraPDF whether our files are what they claim: every sample of every template, a comparison, and the files named.

    python -m tools.pdfa [file.pdf …]

Needs Java 17 and Maven, which fetches the validator into .cache; that is why it is no part of the tests. What is named
is judged in every revision, because each of them was once the newest.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from itertools import pairwise
from pathlib import Path

from agreements.fields import validate
from agreements.redlines import compare
from agreements.rendering import Compared, FontFolder, Side, render, render_redline
from agreements.templates import library
from agreements.versions import Version, compose

ROOT = Path(__file__).resolve().parents[1]
FONTS = FontFolder(ROOT / "fonts" / "pdf")
VALIDATOR, JARS = ROOT / "tools" / "verapdf", ROOT / ".cache" / "verapdf"
LEVEL = "3u"
DAY = date(2026, 11, 22)


def main(named: list[str]) -> int:
    """Render, cut, validate; the exit code says whether all conform."""
    missing = [program for program in ("java", "mvn") if shutil.which(program) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} missing: sudo apt-get install -y openjdk-17-jdk-headless maven")
    fetch()
    with tempfile.TemporaryDirectory() as folder:
        files = [*rendered(Path(folder)), *(one for name in named for one in revisions(Path(name), Path(folder)))]
        command = ["java", "-cp", f"{JARS}/*", str(VALIDATOR / "Validate.java"), LEVEL, *map(str, files)]
        return subprocess.run(command, check=False).returncode


def fetch() -> None:
    """The validator with what it needs, once."""
    if not list(JARS.glob("validation-model-*.jar")):
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={JARS}"]
        local = f"-Dmaven.repo.local={ROOT / '.cache' / 'maven'}"
        subprocess.run(["mvn", "-q", "-B", "-f", str(VALIDATOR / "pom.xml"), local, *goal], check=True)


def rendered(folder: Path) -> list[Path]:
    """Every sample as an agreement, and each template's samples compared with each other."""
    files = []
    for template in library().values():
        versions = [compose(template, validate(template, raw, DAY)) for raw in template.samples.values()]
        for name, version in zip(template.samples, versions, strict=True):
            pdf = render(version, number=1, verify_url="https://sign.example.org/verify/1", fonts=FONTS).pdf
            files.append(_written(folder / f"{template.id}-{name}.pdf", pdf))
        for old, new in pairwise(versions):
            files.append(_written(folder / f"{template.id}-redline.pdf", _redline(old, new)))
    return files


def revisions(file: Path, folder: Path) -> list[Path]:
    """The file as it was after each of its revisions."""
    pdf = file.read_bytes()
    ends = [found.end() for found in re.finditer(rb"%%EOF\r?\n?", pdf)]
    return [_written(folder / f"{file.stem}-revision-{n}.pdf", pdf[:end]) for n, end in enumerate(ends, start=1)]


def _redline(old: Version, new: Version) -> bytes:
    sides = Side(1, old.sha256), Side(2, new.sha256)
    return render_redline(Compared(new.title, new.agreement_no, *sides, compare(old, new)), FONTS)


def _written(file: Path, data: bytes) -> Path:
    file.write_bytes(data)
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
