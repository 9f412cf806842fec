import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from pyhanko.pdf_utils.reader import PdfFileReader

from agreements.rendering import RenderedAgreement, page_images
from agreements.rendering.errors import UnknownGlyph
from agreements.versions import Version
from tests.agreements.rendering.tools import VERIFY_URL, page_texts, rendered, run, squeezed
from tests.agreements.rendering.versions import article, version

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def sample() -> Version:
    return version()


@pytest.fixture(scope="module")
def result(sample: Version) -> RenderedAgreement:
    return rendered(sample)


@pytest.fixture(scope="module")
def path(result: RenderedAgreement, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pdf") / "agreement.pdf"
    file.write_bytes(result.pdf)
    return file


@pytest.mark.parametrize("seed", ["1", "2"])
def test_same_version_gives_the_same_bytes_in_every_process(result: RenderedAgreement, seed: str) -> None:
    code = (
        "from tests.agreements.rendering.tools import rendered\n"
        "from tests.agreements.rendering.versions import version\n"
        "rendered(version(articles=2))  # what was set before leaves no trace\n"
        "print(rendered(version()).sha256)"
    )
    environment = {"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == result.sha256


def test_another_word_or_another_number_gives_another_file(sample: Version, result: RenderedAgreement) -> None:
    assert rendered(replace(sample, agreement_no="SCA-2026-018")).sha256 != result.sha256
    assert rendered(sample, number=8).sha256 != result.sha256


def test_every_font_is_an_embedded_subset_with_unicode(path: Path) -> None:
    rows = run("pdffonts", str(path)).splitlines()[2:]
    assert len(rows) == 4
    for row in rows:
        assert row.split()[-5:-2] == ["yes", "yes", "yes"], row
        assert row[6] == "+"
        assert "Helvetica" not in row


def test_structure_of_the_file_is_clean_and_classic(path: Path, result: RenderedAgreement) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(path))
    assert result.pdf.startswith(b"%PDF-1.7\n")
    assert result.pdf.endswith(b"%%EOF\n")
    assert b"/Type /XRef" not in result.pdf
    assert b"/Type /ObjStm" not in result.pdf
    start = int(result.pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert result.pdf[start:].startswith(b"xref\n")


def test_every_stream_ends_with_a_line_end_of_its_own(result: RenderedAgreement) -> None:
    pieces = result.pdf.split(b" /Length ")[1:]
    assert len(pieces) > 10
    for piece in pieces:
        length, rest = piece.split(b">>\nstream\n", 1)
        if length.isdigit():
            assert rest[int(length) : int(length) + 10] == b"\nendstream"


def test_no_page_is_empty_and_the_last_one_carries_the_signatures(path: Path, result: RenderedAgreement) -> None:
    texts = page_texts(path)
    assert len(texts) == result.pages == page_images.page_count(result.pdf)
    for text in texts:
        assert len(squeezed(text)) > 100 or text is texts[0]
    assert "签署页" in texts[-1]


def test_running_head_and_page_of_pages_on_every_page_but_the_cover(
    path: Path, sample: Version, result: RenderedAgreement
) -> None:
    texts = page_texts(path)
    assert f"/ {result.pages}" not in texts[0]
    for number, text in enumerate(texts[1:], start=2):
        flat = squeezed(text)
        assert f"{number}/{result.pages}" in flat
        assert squeezed(f"战略合作协议 · {sample.title['en']}") in flat
        assert squeezed(f"{sample.agreement_no} · 版本 7 · {sample.sha256[:8]}") in flat


def test_cover_names_parties_number_place_and_version_in_both_languages(path: Path, sample: Version) -> None:
    cover = squeezed(page_texts(path)[0])
    for party in sample.parties:
        for lang in sample.languages:
            assert squeezed(party.legal_name[lang]) in cover
            assert squeezed(party.role[lang]) in cover
    for text in (sample.agreement_no, *sample.title.values(), "成都", "Chengdu", sample.sha256[:8]):
        assert squeezed(text) in cover


@pytest.mark.parametrize("page", [0, 1, -1])
def test_unsigned_pages_carry_no_colour_but_ink(result: RenderedAgreement, page: int) -> None:
    number = page % result.pages
    image = Image.open(BytesIO(page_images.page_png(result.pdf, number, 600))).convert("RGB")
    red, _, blue = image.split()
    assert ImageChops.subtract(red, blue).getextrema()[1] < 40  # vermilion would be 135 above blue


def test_text_of_both_languages_can_be_read_out_in_order(path: Path, sample: Version) -> None:
    """As a reader sees it: down the Chinese column of a page, then down the English one."""
    columns = {
        "zh-Hans": squeezed("".join(page_texts(path, "-x", "0", "-W", "275", "-y", "60", "-H", "715"))),
        "en": squeezed("".join(page_texts(path, "-x", "280", "-W", "300", "-y", "60", "-H", "715"))),
    }
    for lang, text in columns.items():
        position = 0
        for clause in sample.clauses:
            for piece in (clause.title, *clause.paragraphs):
                found = text.find(squeezed(piece[lang]), position)
                assert found >= 0, f"{clause.id} {lang}: {piece[lang]}"
                position = found + len(squeezed(piece[lang]))


def test_structure_tree_reads_whole_paragraphs_with_their_labels(path: Path, sample: Version) -> None:
    told = run("pdfinfo", "-struct-text", str(path))
    clause = sample.clauses[1]
    for label, paragraph in zip(clause.labels, clause.paragraphs, strict=True):
        for lang in sample.languages:
            assert f'"{label[lang]} {paragraph[lang]}"' in told


def test_canonical_data_travel_with_the_text(result: RenderedAgreement, sample: Version) -> None:
    root = PdfFileReader(BytesIO(result.pdf)).root
    specification = root["/AF"][0]
    assert specification["/AFRelationship"] == "/Source"
    assert specification["/EF"]["/F"].data == sample.canonical
    assert root["/Names"]["/EmbeddedFiles"]["/Names"][0] == specification["/UF"] == "agreement.json"


def test_document_says_the_same_about_itself_everywhere(path: Path, sample: Version) -> None:
    info = run("pdfinfo", str(path))
    xmp = run("pdfinfo", "-meta", str(path))
    for text in (sample.title["zh-Hans"], sample.parties[0].legal_name["zh-Hans"], sample.agreement_no):
        assert text in info
        assert text in xmp
    assert f"sha-256:{sample.sha256}" in xmp
    assert "CreationDate" not in info  # a date of rendering would break reproducibility
    assert "Tagged:          yes" in info
    assert str(PdfFileReader(BytesIO(path.read_bytes())).root["/Lang"]) == "zh-Hans"


def test_outline_leads_to_every_article(result: RenderedAgreement, sample: Version) -> None:
    entry = PdfFileReader(BytesIO(result.pdf)).root["/Outlines"]["/First"]
    titles = [str(entry["/Title"])]
    while "/Next" in entry:
        entry = entry["/Next"]
        titles.append(str(entry["/Title"]))
    assert len(titles) == len(sample.clauses) + 2
    assert titles[1] == f"第一条  {sample.clauses[0].title['zh-Hans']}"
    assert titles[-1] == "签署页"


def test_long_paragraph_breaks_over_pages_and_loses_nothing(tmp_path: Path) -> None:
    long = {"zh-Hans": "双方应当妥善履行本协议。" * 300, "en": "The Parties shall duly perform this Agreement. " * 300}
    languages = ("zh-Hans", "en")
    clause = replace(article(1, 1, languages), paragraphs=(long,), labels=())
    result = rendered(version(clauses=(clause, article(2, 2, languages))))
    assert result.pages > 5
    file = tmp_path / "long.pdf"
    file.write_bytes(result.pdf)
    chinese = squeezed("".join(page_texts(file, "-x", "0", "-W", "275", "-y", "60", "-H", "715")))
    english = squeezed("".join(page_texts(file, "-x", "280", "-W", "300", "-y", "60", "-H", "715")))
    assert squeezed(long["zh-Hans"]) in chinese
    assert squeezed(long["en"]) in english


@pytest.mark.parametrize("articles", range(1, 24, 5))
def test_no_heading_is_left_behind_at_the_foot_of_a_page(articles: int, tmp_path: Path) -> None:
    file = tmp_path / "some.pdf"
    sample = version(articles=articles)
    file.write_bytes(rendered(sample).pdf)
    for text in page_texts(file, "-x", "280", "-W", "300", "-y", "60", "-H", "715"):
        last = text.strip().splitlines()[-1] if text.strip() else ""
        assert not last.startswith("Article "), last


@pytest.mark.parametrize("articles", range(1, 24, 5))
def test_end_of_the_text_never_stands_alone_on_a_page(articles: int, tmp_path: Path) -> None:
    file = tmp_path / "some.pdf"
    file.write_bytes(rendered(version(articles=articles)).pdf)
    last = page_texts(file, "-x", "0", "-W", "595", "-y", "60", "-H", "725")[-2]
    assert "以下无正文" in last
    assert len(squeezed(last)) > 150


def test_what_introduces_a_list_stays_with_its_first_item(tmp_path: Path) -> None:
    languages = ("zh-Hans", "en")
    plain = article(1, 1, languages)
    intro = {"zh-Hans": "各方遵循下列原则：", "en": "The Parties are guided by the following:"}
    item = {"zh-Hans": "诚实信用；", "en": "good faith;"}
    label = {"zh-Hans": "（1）", "en": "(1)"}
    listed = replace(
        plain, number=2, paragraphs=(intro, item), labels=(dict.fromkeys(languages, ""), label), id="listed"
    )
    file = tmp_path / "some.pdf"
    for lines in range(30, 50):
        filler = {"zh-Hans": "\n".join("甲" for _ in range(lines)), "en": "A"}
        first = replace(plain, paragraphs=(filler,), labels=())
        file.write_bytes(rendered(version(clauses=(first, listed))).pdf)
        for text in page_texts(file):
            assert ("following:" in text) == ("good faith" in text), lines


def test_long_title_is_never_cut_silently_in_the_running_head(tmp_path: Path) -> None:
    title = {"zh-Hans": "战略合作协议" * 4, "en": "Strategic Cooperation Agreement on " * 3 + "Everything"}
    file = tmp_path / "some.pdf"
    file.write_bytes(rendered(replace(version(articles=2), title=title)).pdf)
    head = page_texts(file, "-y", "0", "-H", "60", "-x", "0", "-W", "595")[1]
    assert squeezed(title["zh-Hans"]) in squeezed(head)
    assert "Strategic" not in head


def test_third_language_follows_as_reference_translation(tmp_path: Path) -> None:
    sample = version(articles=3, languages=("zh-Hans", "en", "de"))
    result = rendered(sample)
    file = tmp_path / "three.pdf"
    file.write_bytes(result.pdf)
    texts = page_texts(file)
    assert "Übersetzung zur Information" in texts[-1]
    assert squeezed(sample.clauses[0].paragraphs[0]["de"]) in squeezed(texts[-1])
    assert all(field.page < result.pages - 1 for field in result.fields)


def test_text_of_a_reference_translation_begins_below_its_title_however_long(tmp_path: Path) -> None:
    sample = version(articles=2, languages=("zh-Hans", "en", "de"))
    title = {**sample.title, "de": "Absichtserklärung über die Zusammenarbeit in der Kreislaufwirtschaft " * 3}
    file = tmp_path / "long.pdf"
    file.write_bytes(rendered(replace(sample, title=title)).pdf)
    number = str(len(page_texts(file)))
    boxes = run("pdftotext", "-bbox-layout", "-f", number, "-l", number, str(file), "-")
    lines = [tuple(map(float, found)) for found in re.findall(r'<line [^>]*yMin="([\d.]+)"[^>]*yMax="([\d.]+)"', boxes)]
    title_lines = [(top, bottom) for top, bottom in lines if bottom - top > 15]
    assert len(title_lines) > 3
    kind, *text = [(top, bottom) for top, bottom in lines if bottom - top < 15 and top > 60]
    assert kind[1] < title_lines[0][0]
    assert min(top for top, _ in text) > title_lines[-1][1]


def test_single_language_is_set_in_one_column(tmp_path: Path) -> None:
    sample = version(articles=3, languages=("en",))
    file = tmp_path / "one.pdf"
    file.write_bytes(rendered(sample).pdf)
    assert squeezed(sample.clauses[1].paragraphs[1]["en"]) in squeezed("".join(page_texts(file)))


def test_unknown_glyph_stops_rendering_and_names_character_and_place(sample: Version) -> None:
    paragraph = {**sample.clauses[2].paragraphs[0], "zh-Hans": "联系人：𠮷田"}
    clause = replace(sample.clauses[2], paragraphs=(paragraph,), labels=())
    with pytest.raises(UnknownGlyph) as caught:
        rendered(replace(sample, clauses=(*sample.clauses[:2], clause)))
    message = str(caught.value)
    assert caught.value.code == "rendering.unknown_glyph"
    for part in ("𠮷", "U+20BB7", "clause_3", "paragraph 1", "zh-Hans"):
        assert part in message


@pytest.mark.parametrize("trick", ["\u202e", "\u200b", "\x07", "\ue000"])
def test_invisible_and_direction_changing_characters_are_refused(sample: Version, trick: str) -> None:
    title = {**sample.title, "en": f"Strategic{trick} Agreement"}
    with pytest.raises(UnknownGlyph) as caught:
        rendered(replace(sample, title=title))
    assert f"U+{ord(trick):04X}" in str(caught.value)
    assert "the title, en" in str(caught.value)


def test_names_of_signatories_are_checked_too(sample: Version) -> None:
    block = replace(sample.signature_blocks[0], person_name="𠮷野")
    with pytest.raises(UnknownGlyph, match="party_a_1"):
        rendered(replace(sample, signature_blocks=(block, *sample.signature_blocks[1:])))


def test_accents_written_with_combining_marks_are_drawn_composed(sample: Version) -> None:
    block = replace(sample.signature_blocks[1], person_name="Ma\u0308kinen C\u030capek")
    assert rendered(replace(sample, signature_blocks=(sample.signature_blocks[0], block))).pages > 1


def test_qr_code_and_address_lead_to_the_verification_page(path: Path, result: RenderedAgreement) -> None:
    assert VERIFY_URL in page_texts(path)[-1]
    assert f"QR code: {VERIFY_URL}".encode() in result.pdf
