"""A comparison on paper: every word of both sides, marked so that black and white is enough, never to be signed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from agreements.redlines import compare
from agreements.rendering import Compared, Side, render_redline
from agreements.rendering.errors import UnknownGlyph
from agreements.versions import Version
from tests.agreements.cases import THREE, raw, version
from tests.agreements.rendering.pdf_a import broken_rules
from tests.agreements.rendering.tools import FONTS, page_texts, run, squeezed
from tests.agreements.rendering.versions import article
from tests.agreements.rendering.versions import version as by_hand

ROOT = Path(__file__).resolve().parents[3]
GREEN, BROWN = "0.122 0.42 0.29", "0.561 0.227 0.122"


def redlined(old: Version, new: Version, before: int | None = 1, after: int = 2) -> bytes:
    compared = Compared(
        new.title, new.agreement_no, Side(before, old.sha256), Side(after, new.sha256), compare(old, new)
    )
    return render_redline(compared, FONTS)


def changed() -> Version:
    """Two values changed, the first two clauses turned round, one taken out and another put in."""
    group = raw()["joint_group"] | {"meetings": 1}
    new = version(term={"count": 24, "unit": "months"}, joint_group=group)
    first, second, *rest = new.clauses
    added = replace(rest[4], id="added", title={"zh-Hans": "新条", "en": "Novelty", "de": "Neues", "fi": "Uutta"})
    clauses = [second, first, *rest[:3], added, *rest[4:]]
    return replace(new, clauses=tuple(replace(one, number=n) for n, one in enumerate(clauses, start=1)))


def unbroken(text: str) -> str:
    """Without blanks, and without hyphens: poppler takes the one at the end of a line for a division."""
    return squeezed(text).replace("-", "")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return redlined(version(), changed())


@pytest.fixture(scope="module")
def path(pdf: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("redline") / "redline.pdf"
    file.write_bytes(pdf)
    return file


def test_same_comparison_gives_the_same_bytes_in_every_process(pdf: bytes) -> None:
    code = (
        "import hashlib\n"
        "from tests.agreements.rendering.test_redline_pdf import changed, redlined\n"
        "from tests.agreements.cases import version\n"
        "print(hashlib.sha256(redlined(version(), changed())).hexdigest())"
    )
    environment = {"PYTHONHASHSEED": "5", "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_it_says_what_is_compared_and_is_no_document_for_signature(path: Path) -> None:
    texts = [squeezed(text) for text in page_texts(path)]
    old, new = version(), changed()
    for said in (new.title["zh-Hans"], new.title["en"], new.agreement_no, old.sha256[:8], new.sha256[:8]):
        assert squeezed(said) in texts[0]
    for number, text in enumerate(texts, start=1):
        assert "对比稿，不供签署·Comparison–notadocumentforsignature" in text
        assert f"{number}/{len(texts)}" in text
    root = PdfFileReader(BytesIO(path.read_bytes())).root
    assert "/AcroForm" not in root
    assert "/AF" not in root
    assert "CreationDate" not in run("pdfinfo", str(path))


def test_changed_values_come_first_then_the_clauses_with_their_marks(path: Path) -> None:
    whole = squeezed("".join(page_texts(path)))
    places = [whole.find(squeezed(said)) for said in ("36 months", "24 months", "Article 1 Background")]
    assert -1 not in places
    assert places == sorted(places)
    for said in ("Article 2 Parties · moved from Article 1", "Novelty · new article", "第二条 协议各方 · 原为第一条"):
        assert squeezed(said) in whole
    assert squeezed("Article 8 Intellectual property · unchanged") in whole


def test_no_word_of_either_side_is_missing(path: Path) -> None:
    """What is gone stands before what came in its place, down the Chinese column and down the English one."""
    columns = {
        "zh-Hans": unbroken("".join(page_texts(path, "-x", "0", "-W", "275", "-y", "60", "-H", "715"))),
        "en": unbroken("".join(page_texts(path, "-x", "280", "-W", "300", "-y", "60", "-H", "715"))),
    }
    for clause in compare(version(), changed()).clauses:
        if clause.kind != "unchanged":
            for paragraph in clause.paragraphs:
                for lang, column in columns.items():
                    assert unbroken("".join(one.text for one in paragraph[lang])) in column


def test_structure_reads_a_change_in_its_place_with_its_decoration(tmp_path: Path) -> None:
    old = by_hand(articles=1)
    new = {**old.clauses[0].paragraphs[0], "en": "The Parties meet twice a year."}
    was = {**new, "en": "The Parties meet once a year."}
    one, two = (
        replace(old, clauses=(replace(old.clauses[0], paragraphs=(texts,), labels=()),)) for texts in (was, new)
    )
    file = tmp_path / "small.pdf"
    file.write_bytes(redlined(one, two))
    told = re.findall(r'^ *"(.*)"$', run("pdfinfo", "-struct-text", str(file)), re.MULTILINE)
    place = told.index("once")
    assert told[place - 1 : place + 4] == ["The Parties meet ", "once", " ", "twice", " a year."]


def test_changes_are_told_apart_without_colour(pdf: bytes) -> None:
    """Each coloured text has its line: an underline below the baseline, or a stroke through the letters."""
    assert pdf.count(b"/TextDecorationType /Underline") > 10
    assert pdf.count(b"/TextDecorationType /LineThrough") > 5
    for colour in (GREEN, BROWN):
        texts = pdf.count(f"BT {colour} rg".encode())
        assert texts > 5
        assert pdf.count(f"{colour} RG".encode()) == texts


def test_every_font_is_embedded_and_the_file_is_sound(path: Path) -> None:
    rows = run("pdffonts", str(path)).splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(path))
    assert "Tagged:          yes" in run("pdfinfo", str(path))
    assert broken_rules(path.read_bytes()) == []


def test_nothing_but_standard_wording_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "same.pdf"
    file.write_bytes(redlined(version(), version(), before=None))
    text = squeezed("".join(page_texts(file)))
    assert squeezed("Every clause is the template’s standard wording.") in text
    assert squeezed("Standard wording of the template") in text


def test_reading_backwards_is_said(tmp_path: Path) -> None:
    file = tmp_path / "back.pdf"
    file.write_bytes(redlined(changed(), version(), before=2, after=1))
    assert squeezed("In reverse: the second version is older than the first.") in squeezed(page_texts(file)[0])


def test_a_third_language_follows_on_pages_of_its_own(tmp_path: Path) -> None:
    old = by_hand(articles=3, languages=("zh-Hans", "en", "de"))
    paragraph = {**old.clauses[0].paragraphs[0], "de": "Ganz anderer Text."}
    first = replace(old.clauses[0], paragraphs=(paragraph, *old.clauses[0].paragraphs[1:]))
    file = tmp_path / "three.pdf"
    file.write_bytes(redlined(old, replace(old, clauses=(first, *old.clauses[1:]))))
    last = squeezed(page_texts(file)[-1])
    assert "ÜbersetzungzurInformation" in last
    assert "GanzandererText." in last


def test_two_samples_that_share_nothing_but_the_template(tmp_path: Path) -> None:
    file = tmp_path / "far.pdf"
    file.write_bytes(redlined(version(), version(THREE)))
    assert len(page_texts(file)) > 8


def test_a_word_that_is_gone_must_be_drawn_too() -> None:
    old = by_hand(articles=3)
    paragraph = {**old.clauses[2].paragraphs[0], "zh-Hans": "联系人：𠮷田"}
    clause = replace(old.clauses[2], paragraphs=(paragraph, *old.clauses[2].paragraphs[1:]))
    with pytest.raises(UnknownGlyph) as caught:
        redlined(replace(old, clauses=(*old.clauses[:2], clause)), old)
    assert "U+20BB7" in str(caught.value)
    assert "clause_3" in str(caught.value)


def test_a_rewritten_paragraph_longer_than_pages_is_set_whole(tmp_path: Path) -> None:
    long = {"zh-Hans": "各方应当妥善履行本协议。" * 300, "en": "The Parties shall duly perform this Agreement. " * 200}
    short = {"zh-Hans": "各方应当保密。", "en": "The Parties keep secrets."}
    languages = ("zh-Hans", "en")
    one, two = (replace(article(1, 1, languages), paragraphs=(texts,), labels=()) for texts in (short, long))
    file = tmp_path / "long.pdf"
    file.write_bytes(redlined(by_hand(clauses=(one,)), by_hand(clauses=(two,))))
    chinese = squeezed("".join(page_texts(file, "-x", "0", "-W", "275", "-y", "60", "-H", "715")))
    assert chinese.count("妥善履行本协议。") == 300
