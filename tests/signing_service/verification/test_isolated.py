"""The separate limited process: the same report, and a named finding instead of a crash, an overrun or nonsense."""

import subprocess
import sys
from dataclasses import replace

from signing_service.verification.expectation import Expectation, ExpectedSignatory
from signing_service.verification.isolated import DEFAULT_LIMITS, verify_isolated
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tests.signing_service.verification.worlds import SOON, agreement, codes, pki


def isolated(pdf: bytes, **changes: object) -> Report:
    return verify_isolated(
        pdf,
        name="a.pdf",
        anchors=pki().anchors,
        at=SOON,
        crls_der=pki().crls(),
        limits=replace(DEFAULT_LIMITS, **changes),  # type: ignore[arg-type]
    )


def test_the_report_is_the_same():
    known = {"name": "a.pdf", "anchors": pki().anchors, "at": SOON, "crls_der": pki().crls(), "policy": "strict"}
    assert verify_isolated(agreement(), **known) == verify(agreement(), **known)


def test_an_expectation_crosses_the_border():
    expected = Expectation("SEC-1", signatories={"Sig9": ExpectedSignatory("Nobody")})
    report = verify_isolated(agreement(), name="a.pdf", anchors=pki().anchors, at=SOON, expected=expected)
    assert "expected.signature_missing" in codes(report)


def test_noise_is_a_report():
    assert codes(isolated(b"noise")) == {"document.not_a_pdf"}


def test_too_long_is_a_report():
    report = isolated(agreement(), wall_seconds=0.0005)
    assert codes(report) == {"run.timed_out"}
    assert report.document.indication == "INDETERMINATE"
    assert report.file.size == len(agreement())


def test_too_much_memory_is_a_report():
    report = isolated(agreement(), memory_bytes=40 * 1024 * 1024)
    assert codes(report) == {"run.crashed"}
    assert report.document.indication == "INDETERMINATE"


def test_too_large_is_a_report():
    assert codes(isolated(agreement(), file_bytes=1000)) == {"run.too_large"}


def test_verification_needs_no_server():
    """Its command brings neither Flask nor a database nor the composing of agreements."""
    code = (
        "import sys\n"
        "from signing_service.cli.main import main\n"
        "main(['verify', '--help'], standalone_mode=False)\n"
        "bad = {'flask', 'sqlalchemy', 'agreements', 'signing_service.db', 'reportlab'} & set(sys.modules)\n"
        "sys.exit(f'imported: {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
