"""A copy to practise with: nobody reads a page of it, and no program reads the file, without being told what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from agreements.rendering import Rehearsal, RenderedAgreement, render
from agreements.rendering.rehearsal import MARK, languages_of
from agreements.versions import Version
from tests.agreements.rendering.pdf_a import broken_rules
from tests.agreements.rendering.tools import FONTS, VERIFY_URL, page_texts, rendered, run
from tests.agreements.rendering.versions import version

BANDS = {
    "zh-Hans": "演练副本，无法律效力",
    "en": "Rehearsal copy – no legal effect",
    "de": "Probeexemplar – ohne rechtliche Wirkung",
}
LARGE = {"zh-Hans": "演练", "en": "REHEARSAL", "de": "PROBE"}


def copied(of: Version, rehearsal_id: str = "reh_0f3a") -> RenderedAgreement:
    marked = Rehearsal(rehearsal_id, languages_of(of.languages))
    return render(of, number=7, verify_url=VERIFY_URL, fonts=FONTS, rehearsal=marked)


@pytest.fixture(scope="module")
def copy() -> RenderedAgreement:
    return copied(version(articles=3, languages=("zh-Hans", "en", "de")))


def test_every_page_says_it_in_every_language_of_the_agreement(copy: RenderedAgreement, tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(copy.pdf)
    pages = page_texts(tmp_path / "copy.pdf")
    assert len(pages) == copy.pages
    for page in pages:
        squeezed = "".join(page.split())
        for words in (*BANDS.values(), "reh_0f3a"):
            assert squeezed.count("".join(words.split())) == 2, "at head and foot"
    raw = "".join("".join(run("pdftotext", "-raw", str(tmp_path / "copy.pdf"), "-").split()).split())
    for word in LARGE.values():
        assert sum(raw.count(part) for part in (word, word[::-1], word[0])) > 0


def test_an_agreement_in_one_language_is_marked_in_english_too() -> None:
    assert languages_of(("zh-Hans",)) == ("zh-Hans", "en")
    assert languages_of(("de", "en", "fi")) == ("de", "en", "fi")


def test_the_file_says_it_itself(copy: RenderedAgreement) -> None:
    assert f"/{MARK} <</Id (reh_0f3a)>>".encode() in copy.pdf
    assert "REHEARSAL – Strategic Cooperation Agreement" in copy.pdf.decode("utf-8", "ignore")
    assert broken_rules(copy.pdf) == []


def test_it_binds_nothing_and_leads_nowhere(copy: RenderedAgreement, tmp_path: Path) -> None:
    """No data, no address to check at, no block that says what signatures bind; the same fields in the same places."""
    (tmp_path / "copy.pdf").write_bytes(copy.pdf)
    text = run("pdftotext", str(tmp_path / "copy.pdf"), "-")
    assert VERIFY_URL not in text
    assert "What the signatures bind" not in text
    assert b"agreement.json" not in copy.pdf
    real = rendered(version(articles=3, languages=("zh-Hans", "en", "de")))
    assert copy.fields == real.fields
    assert MARK.encode() not in real.pdf


def test_two_rehearsals_never_have_one_file() -> None:
    of = version(articles=1)
    assert copied(of).pdf == copied(of).pdf
    assert copied(of).sha256 != copied(of, "reh_0f3b").sha256
