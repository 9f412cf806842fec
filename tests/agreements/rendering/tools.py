"""The programs other people wrote, which the rendering tests ask for a second opinion."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from agreements.rendering import FontFolder, RenderedAgreement, render
from agreements.versions import Version

FONTS = FontFolder(Path(__file__).resolve().parents[3] / "fonts" / "pdf")
VERIFY_URL = "https://sign.example.org/v/3f9ac2d1"
_PACKAGES = {
    "pdffonts": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "pdfsig": "poppler-utils",
    "pdftotext": "poppler-utils",
    "qpdf": "qpdf",
}


def rendered(version: Version, number: int = 7) -> RenderedAgreement:
    """Render as the service does."""
    return render(version, number=number, verify_url=VERIFY_URL, fonts=FONTS)


def run(program: str, *arguments: str) -> str:
    """Run a checker and return what it prints; a missing program is a failure, not a skip."""
    assert shutil.which(program), f"{program} is missing: apt-get install {_PACKAGES[program]}"
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def page_texts(path: Path, *options: str) -> list[str]:
    """The text of each page as poppler reads it."""
    return run("pdftotext", *options, str(path), "-").split("\f")[:-1]


def squeezed(text: str) -> str:
    """Text without blanks and line ends, for comparing what is said and not how it is broken."""
    return "".join(text.split())
