"""What programs read differently behind a signature is named, and it is real: programs do show another page."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from signing_service.verification.words import LANGUAGES
from tests.signing_service.verification.ambiguous_mutants import CASES, Case, signing
from tests.signing_service.verification.handmade import filled
from tests.signing_service.verification.worlds import judge, only

pytestmark = pytest.mark.slow


def by_poppler(pdf: bytes) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.pdf")
        file.write_bytes(pdf)
        made = subprocess.run(
            ["pdftoppm", "-r", "20", "-f", "1", "-l", "1", str(file)], capture_output=True, check=True
        )
    return Image.open(io.BytesIO(made.stdout))


def by_pdfium(pdf: bytes) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[0].render(scale=0.3, may_draw_forms=False).to_pil()


def is_red(image: Image.Image) -> bool:
    red, green, blue = image.convert("RGB").resize((1, 1)).getpixel((0, 0))
    return red > 200 and green < 90 and blue < 90


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_programs_show_another_page(case: Case) -> None:
    pdf = case.make()
    assert (is_red(by_poppler(pdf)) or is_red(by_pdfium(pdf))) == case.shows


def test_an_honest_second_signature_shows_no_other_page_and_is_signing() -> None:
    pdf = filled(signing())
    assert not is_red(by_poppler(pdf))
    assert not is_red(by_pdfium(pdf))
    assert only(judge(pdf), "Sig1").changes == "signing"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("contents twice, the other ones last", "object 3 holds an entry twice"),
        ("a catalog twice", "the trailer holds an entry twice"),
        ("two entries, the old one last", "the cross-reference places object 4 twice"),
        ("another generation", "object 4 was written again under another generation"),
        ("a page twice in an object stream", "the object stream holds object 3 twice or at another index"),
        ("contents that no table names", "object 4 was written once more where no cross-reference leads"),
    ],
)
def test_the_reason_is_told_in_every_language(name: str, word: str) -> None:
    report = judge(next(case.make() for case in CASES if case.name == name))
    told = next(entry for entry in report.findings if entry.code == "change.unexplained").text
    assert word in told["en"]
    assert set(told) == set(LANGUAGES)
    assert len(set(told.values())) == len(LANGUAGES)
