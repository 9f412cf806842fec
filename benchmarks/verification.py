"""Verification of 1 to 64 signatures beside pyHanko's own validation and beside pdfsig; how it grows with their number.

The same file goes to all three in turn. Ours makes the whole report: trust, time, changes, levels, words in four
languages. pdfsig looks at no changes and no time stamps. Every verdict is checked before anything is measured.
"""

from __future__ import annotations

import io
import logging
import math
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from asn1crypto import crl as asn1_crl
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from benchmarks.table import Row, compare
from signing_service.verification.verify import verify
from tests.signing_service.verification.documents import Signing, add_store, base_pdf, sign, stamp
from tests.signing_service.verification.pki import NOW, Pki, asn1

COUNTS = (1, 8, 32, 64)
LEVELS = ("B-T", "B-LT", "B-LTA")
ROUNDS = 3


def rows() -> list[Row]:
    """One row per level and number of signatures and per program beside; the last rows are the exponents."""
    logging.disable(logging.CRITICAL)
    pki = Pki("bench")
    found: list[Row] = []
    for level in LEVELS:
        times: dict[int, float] = {}
        for count in COUNTS:
            pdf = document(pki, count, level)
            checked(pki, pdf, count)
            rounds = ROUNDS if count < 32 else 1
            stock = compare(
                f"{level}, {count}",
                ours(pki, pdf),
                "pyHanko stock",
                theirs(pki, pdf),
                rounds=rounds,
                target=target(count),
            )
            found.append(stock)
            times[count] = stock.ours
            with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
                Path(file.name).write_bytes(pdf)
                beside = pdfsig(file.name)
                found.append(compare(f"{level}, {count}", ours(pki, pdf), "pdfsig", beside, rounds=rounds, target=1.0))
        value = exponent({count: times[count] for count in COUNTS if count >= 8})
        found.append(
            Row(f"{level}, exponent", value, "limit", 1.1, "exponent", round(1.1 / value, 2), 1.0, value <= 1.1)
        )
    return found


def target(count: int) -> float:
    """Never slower at one signature, twenty times as fast at 64."""
    return 20.0 if count == 64 else 1.0


def document(pki: Pki, count: int, level: str) -> bytes:
    """A file with so many signatures in prepared fields."""
    names = [f"Sig{place + 1}" for place in range(count)]
    pdf = base_pdf(empty_fields=names)
    certificate = pki.signatory()
    for field in names:
        pdf = sign(pdf, pki, Signing(certificate, field))
    if level != "B-T":
        pdf = add_store(pdf, pki, pki.crls())
    return stamp(pdf, pki) if level == "B-LTA" else pdf


def ours(pki: Pki, pdf: bytes) -> Callable[[], object]:
    return lambda: verify(pdf, name="bench.pdf", anchors=pki.anchors, at=NOW, crls_der=pki.crls())


def theirs(pki: Pki, pdf: bytes) -> Callable[[], object]:
    """Every embedded signature by pyHanko's own function, with one context for all."""

    def act() -> None:
        context = ValidationContext(
            trust_roots=[asn1(pki.root)],
            moment=NOW,
            crls=[asn1_crl.CertificateList.load(item) for item in pki.crls()],
            allow_fetching=False,
        )
        for one in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
            validate_pdf_signature(one, context, ts_validation_context=context)

    return act


def pdfsig(path: str) -> Callable[[], object]:
    return lambda: subprocess.run(["pdfsig", "-nocert", path], check=True, capture_output=True)


def checked(pki: Pki, pdf: bytes, count: int) -> None:
    """The file is what it should be: ours passes it, pdfsig finds every signature valid."""
    report = verify(pdf, name="bench.pdf", anchors=pki.anchors, at=NOW, crls_der=pki.crls())
    if not report.passed or sum(entry.kind == "signature" for entry in report.signatures) != count:
        raise AssertionError([entry.code for entry in report.findings])
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        said = subprocess.run(["pdfsig", "-nocert", file.name], check=True, capture_output=True, text=True)
    if said.stdout.count("Signature is Valid") != count:
        raise AssertionError(said.stdout)


def exponent(times: dict[int, float]) -> float:
    """The slope of the logarithms, by least squares: 1 is linear growth."""
    points = [(math.log(count), math.log(value)) for count, value in times.items()]
    middle = [sum(column) / len(points) for column in zip(*points, strict=True)]
    above = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return round(above / sum((x - middle[0]) ** 2 for x, _ in points), 2)
