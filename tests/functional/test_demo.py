"""`make demo`: the whole story over HTTP, and what it leaves judged by programs we did not write."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.signing_service.pades import judges

ROOT = Path(__file__).resolve().parents[2]
FILES = {"agreement.pdf", "report.json", "report.html", "log.jsonl", "checkpoint.txt", "log.vkey", "root.pem"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "out"
    done = run("demo", "--out", str(folder))
    assert done.returncode == 0, done.stderr
    return folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "signing_service", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def judged(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_leaves_what_an_outsider_needs(out: Path) -> None:
    assert {path.name for path in out.iterdir()} == FILES


def test_the_report_says_total_passed_at_b_lta(out: Path) -> None:
    report = json.loads((out / "report.json").read_text())
    assert report["document"]["indication"] == "TOTAL_PASSED"
    assert report["document"]["readable"] == "strict"
    assert [(s["kind"], s["indication"]) for s in report["signatures"]] == [
        ("signature", "TOTAL_PASSED"),
        ("signature", "TOTAL_PASSED"),
        ("signature", "TOTAL_PASSED"),
        ("document_timestamp", "TOTAL_PASSED"),
    ]
    assert {s["level"] for s in report["signatures"] if s["kind"] == "signature"} == {"B-LTA"}
    assert {s["custody"] for s in report["signatures"] if s["field"].startswith("Signatory_")} == {"browser_held"}


def test_pdfsig_calls_every_signature_valid(out: Path) -> None:
    text = judged(["pdfsig", "-nocert", str(out / "agreement.pdf")]).stdout
    assert text.count("Signature is Valid.") == 3, text
    assert "Total document signed" in text


def test_qpdf_finds_nothing(out: Path) -> None:
    done = judged(["qpdf", "--check", str(out / "agreement.pdf")])
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_font_is_embedded_and_subset(out: Path) -> None:
    rows = judged(["pdffonts", str(out / "agreement.pdf")]).stdout.splitlines()[2:]
    assert rows
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows), rows


def test_openssl_verifies_signatures_and_time_stamps(out: Path, tmp_path: Path) -> None:
    root = str(out / "root.pem")
    *signatures, stamp = judges.extract((out / "agreement.pdf").read_bytes())
    assert len(signatures) == 3
    for part in signatures:
        cms, content = written(tmp_path / "x.p7s", part.cms_der), written(tmp_path / "x.tbs", part.covered)
        options = ("-binary", "-cades", "-inform", "DER", "-purpose", "any", "-out", "/dev/null")
        said = judges.run("openssl", "cms", "-verify", *options, "-in", cms, "-content", content, "-CAfile", root)
        assert "CAdES Verification successful" in said
        assert part.token_der is not None
        stamped_is_verified(part.token_der, part.signer["signature"].native, root, tmp_path)
    stamped_is_verified(stamp.cms_der, stamp.covered, root, tmp_path)


def stamped_is_verified(token: bytes, stamped: bytes, root: str, folder: Path) -> None:
    files = ("-in", written(folder / "x.tst", token), "-data", written(folder / "x.bin", stamped))
    said = judges.run("openssl", "ts", "-verify", "-token_in", *files, "-CAfile", root)
    assert "Verification: OK" in said


def written(file: Path, data: bytes) -> str:
    file.write_bytes(data)
    return str(file)


def test_our_own_verification_agrees_with_the_server_switched_off(out: Path) -> None:
    done = run("verify", str(out / "agreement.pdf"), "--trust", str(out / "root.pem"), "--offline")
    assert done.returncode == 0, done.stdout


def test_the_log_is_sound_and_a_changed_line_is_named(out: Path, tmp_path: Path) -> None:
    assert run("audit", "verify", "--log", str(out)).returncode == 0
    for name in ("checkpoint.txt", "log.vkey"):
        (tmp_path / name).write_text((out / name).read_text())
    lines = (out / "log.jsonl").read_bytes().splitlines()
    lines[7] = lines[7].replace(b'"v":1', b'"v":1 ')
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    done = run("audit", "verify", "--log", str(tmp_path))
    assert done.returncode == 1
    assert "entry 7" in done.stderr


def test_the_log_holds_no_personal_data(out: Path) -> None:
    text = (out / "log.jsonl").read_text()
    assert "@" not in text
    for name in ("林知远", "Zhou Hui", "沈月", "He Qing"):
        assert name not in text


def test_one_changed_byte_fails(out: Path, tmp_path: Path) -> None:
    pdf = bytearray((out / "agreement.pdf").read_bytes())
    pdf[2000] ^= 1
    (tmp_path / "changed.pdf").write_bytes(pdf)
    done = run("verify", str(tmp_path / "changed.pdf"), "--trust", str(out / "root.pem"), "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["document"]["indication"] == "TOTAL_FAILED"
