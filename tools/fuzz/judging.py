"""One mutated file judged, and what must hold of the report: it never says of changed bytes that they are intact."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from lxml import etree

from signing_service.verification.report import INTACT, TOTAL_PASSED, Report
from signing_service.verification.report_etsi import report_etsi
from signing_service.verification.report_html import report_html
from signing_service.verification.report_schema import FILE as SCHEMA
from signing_service.verification.report_text import report_text
from signing_service.verification.verify import verify
from signing_service.verification.words import LANGUAGES
from tools.fuzz.mutations import mutated
from tools.fuzz.seeds import Seed, Seeds

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
SCHEMA_EACH, SHAPES_EACH = 5, 20


class Wrong(Exception):
    """The report says something that must not be said."""


@cache
def schema() -> Draft202012Validator:
    """The published schema of the report."""
    told = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator(told, format_checker=Draft202012Validator.FORMAT_CHECKER)


@dataclass
class Judging:
    """The seeds, and how many files are looked at more closely: each n-th."""

    seeds: Seeds
    schema_each: int = SCHEMA_EACH
    shapes_each: int = SHAPES_EACH
    _pdfs: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pdfs = [seed.pdf for seed in self.seeds.all]

    def file(self, place: int) -> tuple[Seed, bytes]:
        """File number `place` and the seed that it came of."""
        origin, pdf = mutated(self._pdfs, place)
        return self.seeds.all[origin], pdf

    def numbered(self, place: int) -> str:
        """The verdict on file number `place`, or `bad` and what was wrong."""
        return self.verdict(*self.file(place), place)

    def verdict(self, seed: Seed, pdf: bytes, place: int = 0) -> str:
        """The indication and how the file was read; `bad: …` for what must not happen."""
        try:
            report = self.report(pdf)
            check_against(seed, pdf, report)
            told = json.dumps(report.to_json(), ensure_ascii=False).encode()
            if place % self.schema_each == 0:
                self._check_json(report, json.loads(told))
            if place % self.shapes_each == 0:
                check_shapes(report)
        except MemoryError:
            return "bad: out of memory"
        except Exception as cause:  # that is what is looked for
            return f"bad: {type(cause).__name__}: {str(cause)[:200]}"
        code = next((entry.code for entry in report.findings if entry.code.startswith("run.")), "")
        if code:
            return f"bad: {code}: {report.findings[0].text['en'][:200]}"
        return f"{report.document.indication} {report.document.readable}"

    def report(self, pdf: bytes) -> Report:
        """The report as the limited process makes it."""
        return verify(pdf, name="fuzz.pdf", anchors=self.seeds.anchors, at=NOW, crls_der=self.seeds.crls)

    def _check_json(self, report: Report, told: Any) -> None:
        schema().validate(told)
        if Report.from_json(told) != report:
            raise Wrong("the report read from its JSON is another one")


def check_against(seed: Seed, pdf: bytes, report: Report) -> None:
    """Raise Wrong when a signature is intact although its signed bytes are not those of the seed."""
    held = [parts for parts in seed.signed if _signed(seed.pdf, parts) == _signed(pdf, parts)]
    left: Counter[tuple[str, str]] = Counter()
    for entry in report.signatures:
        if entry.integrity != INTACT and entry.indication != TOTAL_PASSED:
            continue
        name = entry.document_digest_algorithm
        known = {hashlib.new(name, b"".join(_signed(pdf, parts)), usedforsecurity=False).hexdigest() for parts in held}
        if entry.document_digest not in known:
            raise Wrong(f"{entry.field} is {entry.integrity}, {entry.indication}, but its signed bytes were changed")
        left[name, entry.document_digest] += 1
    if report.document.indication == TOTAL_PASSED and not held:
        raise Wrong("the document passes without a signature whose bytes are there")
    if any(count > 1 for count in left.values()):
        raise Wrong("one signature counts twice")


def _signed(pdf: bytes, parts: tuple[int, int, int]) -> tuple[bytes, bytes]:
    return pdf[: parts[0]], pdf[parts[1] : parts[2]]


def check_shapes(report: Report) -> None:
    """Every form of the report can be made, in every language; raises what making or reading it raises."""
    etree.fromstring(report_etsi(report).encode())
    for lang in LANGUAGES:
        for told in (report_text(report, lang, steps=True), report_html(report, lang)):
            told.encode()
