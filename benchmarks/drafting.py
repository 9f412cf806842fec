"""An agreement as a PDF, and the preview after a keystroke, each beside plain reportlab setting the same text.

Rendering is measured twice: as in a fresh process, with no line composed before, and again, as when a version is looked
at that shares most of its paragraphs with the last one. Every output is read back in the same run.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pypdfium2 as pdfium

from agreements import drafts
from agreements.fields import validate
from agreements.rendering import composition, page_images, render
from agreements.templates import Template, in_languages, library
from agreements.versions import Version, compose
from benchmarks import plain_reportlab
from benchmarks.table import Row, compare
from signing_service.db import schema
from signing_service.operations import drafts as operations
from signing_service.services import Services, build
from tests.factories import case as cases
from tests.factories.installation import settings_in
from tests.signing_service.pages.conftest import House

TEMPLATE = "strategic_cooperation"
DAY = date(2026, 11, 22)
ROUNDS = 15
VERIFY = "https://sign.example.org/verify/SCA-2026-017"


@dataclass(frozen=True)
class Sample:
    """A shipped sample in its template's own two languages: what was typed and the version it makes."""

    name: str
    form: dict[str, str]
    version: Version


def rows() -> list[Row]:
    """Both samples of the strategic cooperation agreement."""
    whole = library()[TEMPLATE]
    samples = [_sample(in_languages(whole, whole.languages[:2]), name) for name in whole.samples]
    with tempfile.TemporaryDirectory() as folder:
        services = build(settings_in(Path(folder)))
        schema.upgrade(services.db)
        house = House(cases.staffed(services))
        found = [row for sample in samples for row in _rendering(sample, services)]
        found += [_preview(sample, house) for sample in samples]
        services.db.close()
    return found


def _sample(template: Template, name: str) -> Sample:
    form = drafts.flat(template.samples[name])
    return Sample(name, form, compose(template, validate(template, drafts.parse_form(template, form), DAY)))


def _rendering(sample: Sample, services: Services) -> list[Row]:
    def ours() -> bytes:
        return render(sample.version, number=1, verify_url=VERIFY, fonts=services.fonts).pdf

    def fresh() -> bytes:
        composition.forget()
        return ours()

    plain = _plain(sample, services)
    pages = page_images.page_count(ours())
    for pdf in (fresh(), plain()):
        _judge(pdf, sample.version)
    beside = f"plain reportlab, {page_images.page_count(plain())} pages"
    return [
        compare(f"{sample.name}, {pages} pages", fresh, beside, plain, rounds=ROUNDS, target=1.0),
        compare(f"{sample.name}, {pages} pages, again", ours, beside, plain, rounds=ROUNDS, target=1.0),
    ]


def _preview(sample: Sample, house: House) -> Row:
    """Everything the server does between the last keystroke's request and its answer."""
    legal = house.signed_in("legal")
    agreement_id = operations.start(house.case.services, house.case.staff["legal"], TEMPLATE)
    address = f"/agreements/{agreement_id}/draft"
    token = legal.open(address).field("csrf_token").value
    form = {**sample.form, "csrf_token": token}

    def ours() -> bytes:
        answer = legal.client.post(f"{address}/preview", data=form)
        if answer.status_code != 200:
            raise SystemExit(f"the preview answers {answer.status_code}")
        return bytes(answer.data)

    shown = _words(html.unescape(re.sub(r"<[^>]+>", "", ours().decode("utf-8"))))
    _require(shown, sample.version, "the preview")
    plain = _plain(sample, house.case.services)
    return compare(f"{sample.name}, keystroke to preview", ours, "plain reportlab", plain, rounds=ROUNDS, target=1.0)


def _plain(sample: Sample, services: Services) -> Callable[[], bytes]:
    return lambda: plain_reportlab.render(sample.version, services.fonts.path)


def _judge(pdf: bytes, version: Version) -> None:
    with pdfium.PdfDocument(pdf) as document:
        texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    _require(_words("".join(texts)), version, "a PDF")


def _require(shown: str, version: Version, what: str) -> None:
    """Stop unless every title is there, and every paragraph's first words, in both languages."""
    for clause in version.clauses:
        for lang in version.languages[:2]:
            for text in (clause.title[lang], *(paragraph[lang][:12] for paragraph in clause.paragraphs)):
                if _words(text) not in shown:
                    raise SystemExit(f"{what} lacks “{text}” of the clause {clause.id}")


def _words(text: str) -> str:
    return re.sub(r"\W+", "", text)
