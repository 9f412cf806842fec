"""Verification of 1 to 64 signatures beside pyHanko's own validation and beside pdfsig; how it grows with their number.

The same file goes to all three in turn. Ours makes the whole report: trust, time, changes, levels, words in four
languages; nothing is kept from one time to the next. pdfsig looks at no changes and no time stamps. Every verdict is
checked in the same run: ours, pyHanko's for every signature, pdfsig's count.
"""

from __future__ import annotations

import gc
import io
import logging
import math
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

from benchmarks import foreign_files
from benchmarks.own_files import Maker
from benchmarks.table import Row, row
from keys.trust.anchors import TrustAnchors
from signing_service.verification.known_files import KnownFiles, known_file
from signing_service.verification.one_more import OneMore, one_more
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tests.signing_service.verification.pki import NOW, Pki

COUNTS = (1, 8, 32, 64)
LEVELS = ("B-T", "B-LT", "B-LTA")
ROUNDS = 7
STOCK_ROUNDS = {1: 5, 8: 3, 32: 1, 64: 1}
"""pyHanko takes many seconds for 64 signatures: it is asked once there."""
MANY = 20
"""How often ours is asked before and after such a run."""

Act = Callable[[], object]


@dataclass(frozen=True)
class World:
    """Whom to trust, what is known, and when it is; how many signatures beside those that were counted."""

    name: str
    anchors: TrustAnchors
    crls: tuple[bytes, ...]
    certificates: tuple[bytes, ...]
    at: datetime
    besides: int
    target: float

    def verified(self, pdf: bytes) -> Report:
        """Our report."""
        return verify(
            pdf, name="a.pdf", anchors=self.anchors, at=self.at, crls_der=self.crls, certificates_der=self.certificates
        )

    def by_stock(self, pdf: bytes) -> int:
        """Every signature and document time stamp by pyHanko's own functions, with one reader and one context, as our
        report judges both; how many signatures hold."""
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(der) for der in self.anchors.signing],
            other_certs=[x509.Certificate.load(der) for der in self.certificates],
            moment=self.at,
            crls=[asn1_crl.CertificateList.load(item) for item in self.crls],
            allow_fetching=False,
        )
        reader = PdfFileReader(io.BytesIO(pdf))
        for stamp in reader.embedded_timestamp_signatures:
            validate_pdf_timestamp(stamp, context)
        found = reader.embedded_regular_signatures
        return sum(validate_pdf_signature(one, context, ts_validation_context=context).bottom_line for one in found)


def rows() -> Iterator[Row]:
    """Own files, then foreign ones: a row per level, number and program beside, and the exponents."""
    logging.disable(logging.CRITICAL)
    maker, pki = Maker(), Pki("bench")
    own = World(
        "own",
        maker.keyring.trust_anchors(),
        maker.lists(),
        maker.keyring.issuers.certificates_der,
        maker.at + timedelta(seconds=10),
        besides=1,
        target=100.0,
    )
    foreign = World("foreign", pki.anchors, pki.crls(), (), NOW, besides=0, target=20.0)
    yield _one_more(maker, own)
    for world, make in ((own, maker.levels), (foreign, lambda count: foreign_files.levels(pki, count))):
        files = {count: make(count) for count in COUNTS}
        for level in LEVELS:
            yield from _level(world, level, {count: files[count][level] for count in COUNTS})


def _one_more(maker: Maker, own: World) -> Row:
    """The last of 64 signatures on a file that was verified before it, beside the verification of the whole file."""
    pdf = maker.signed(max(COUNTS))
    before = pdf[: pdf.rfind(b"%%EOF\n", 0, len(pdf) - 6) + 6]
    files = KnownFiles()
    files.keep(known_file(before, own.verified(before)))
    whole = own.verified(pdf)

    def next_one() -> OneMore | None:
        return one_more(
            pdf, files, anchors=own.anchors, at=own.at, crls_der=own.crls, certificates_der=own.certificates
        )

    found = next_one()
    if found is None or found.signature not in whole.signatures:
        raise AssertionError("its entry is not that of the whole report")
    ours, beside = _in_turn(next_one, lambda: own.verified(pdf), ROUNDS)
    return row(f"one more signature, {max(COUNTS)}th", ours, "the whole file", beside, 20.0)


def _level(world: World, level: str, files: dict[int, bytes]) -> Iterator[Row]:
    times: dict[int, float] = {}
    for count, pdf in files.items():
        checked(world, pdf, count)
        case = f"{world.name}, {level}, {count}"
        ours, stock = _in_turn(partial(world.verified, pdf), partial(world.by_stock, pdf), STOCK_ROUNDS[count])
        yield row(case, ours, "pyHanko stock", stock, world.target if count == 64 else 1.0)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            Path(file.name).write_bytes(pdf)
            ours, beside = _in_turn(partial(world.verified, pdf), partial(_pdfsig, file.name), ROUNDS)
        yield row(case, ours, "pdfsig", beside, 1.0 if world.name == "own" and count == 64 else 0.0)
        times[count] = ours
    value = exponent({count: times[count] for count in COUNTS if count >= 8})
    case = f"{world.name}, {level}, exponent"
    yield Row(case, value, "limit", 1.1, "exponent", round(1.1 / value, 2), 1.0, value <= 1.1)


def _in_turn(ours: Act, theirs: Act, rounds: int) -> tuple[float, float]:
    """Milliseconds of both, A B A B … A, ours warmed up once: medians.

    Where theirs is a single run of many seconds, in which the machine's own pace comes and goes, ours is the mean of
    many runs on both sides of it.
    """
    ours()
    mine, others = [], []
    each = MANY if rounds == 1 else max(1, ROUNDS // (rounds + 1))
    for _ in range(rounds):
        mine += [_milliseconds(ours) for _ in range(each)]
        others.append(_milliseconds(theirs))
    mine += [_milliseconds(ours) for _ in range(each)]
    return (statistics.fmean if rounds == 1 else statistics.median)(mine), statistics.median(others)


def _milliseconds(act: Act) -> float:
    gc.collect()  # each pays for its own waste, not for that of whoever came before
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _pdfsig(path: str) -> str:
    return subprocess.run(["pdfsig", "-nocert", path], check=True, capture_output=True, text=True).stdout


def checked(world: World, pdf: bytes, count: int) -> None:
    """The three say the same of the file: so many signatures, and all of them hold."""
    wanted = count + world.besides
    report = world.verified(pdf)
    held = sum(entry.kind == "signature" and entry.indication == "TOTAL_PASSED" for entry in report.signatures)
    if not report.passed or held != wanted:
        raise AssertionError([entry.code for entry in report.findings])
    if count <= 8 and world.by_stock(pdf) != wanted:
        raise AssertionError("pyHanko does not say the same")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        said = _pdfsig(file.name)
    if said.count("Signature is Valid") != wanted:
        raise AssertionError(said)


def exponent(times: dict[int, float]) -> float:
    """The slope of the logarithms, by least squares: 1 is linear growth."""
    points = [(math.log(count), math.log(value)) for count, value in times.items()]
    middle = [sum(column) / len(points) for column in zip(*points, strict=True)]
    above = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    below = sum((x - middle[0]) ** 2 for x, _ in points)
    return round(float(above / below), 2)
