"""Ready signed PDFs, made once per test run, and a short way to judge one."""

from datetime import datetime, timedelta
from functools import cache

from signing_service.verification.expectation import Expectation
from signing_service.verification.report import Report, Signature
from signing_service.verification.verify import verify
from tests.signing_service.verification.documents import Signing, add_store, base_pdf, long_term, sign, stamp
from tests.signing_service.verification.pki import NOW, Pki

SOON = NOW + timedelta(hours=1)


@cache
def pki() -> Pki:
    return Pki("main")


@cache
def stranger() -> Pki:
    """A PKI that nobody trusts."""
    return Pki("stranger")


@cache
def basic() -> bytes:
    """One signature, B-B."""
    return sign(base_pdf(), pki(), Signing(pki().signatory(), stamped=False))


@cache
def stamped() -> bytes:
    """One signature, B-T."""
    return sign(base_pdf(), pki(), Signing(pki().signatory()))


@cache
def with_store() -> bytes:
    """One signature, B-LT."""
    return add_store(stamped(), pki(), pki().crls())


@cache
def archived() -> bytes:
    """One signature, B-LTA, not certified."""
    return stamp(with_store(), pki(), NOW + timedelta(minutes=1))


@cache
def agreement(count: int = 3) -> bytes:
    """Certified by the service, signed by `count`, B-LTA."""
    return long_term(pki(), count)


@cache
def certified(permission: int = 2) -> bytes:
    """One certification signature, B-T with a store."""
    pdf = sign(base_pdf(text_field="Text1"), pki(), Signing(pki().signatory("Seal"), "Seal", certify=permission))
    return add_store(pdf, pki(), pki().crls())


def judge(pdf: bytes, *, at: datetime = SOON, world: Pki | None = None, expected: Expectation | None = None) -> Report:
    """Verify with the trusted PKI and its current revocation lists."""
    used = world or pki()
    return verify(pdf, name="a.pdf", anchors=used.anchors, at=at, crls_der=used.crls(), expected=expected)


def both_ways(pdf: bytes, **given: object) -> Report:
    """The report, which must be the same to the last word when nothing is told quickly."""
    report = verify(pdf, **given)  # type: ignore[arg-type]  # whatever the caller gives
    assert report == verify(pdf, **given, quick=False)  # type: ignore[arg-type]
    return report


def judge_both_ways(pdf: bytes) -> Report:
    """Like `judge`, by the quick way and by the general rules."""
    return both_ways(pdf, name="a.pdf", anchors=pki().anchors, at=SOON, crls_der=pki().crls())


def codes(report: Report) -> set[str]:
    return {entry.code for entry in report.findings}


def only(report: Report, field: str) -> Signature:
    """The entry of one field."""
    found = [entry for entry in report.signatures if entry.field == field]
    assert len(found) == 1, [entry.field for entry in report.signatures]
    return found[0]


def verdict(entry: Signature) -> tuple[str, str | None]:
    return entry.indication, entry.sub_indication
