"""Verification in a separate process with limits on memory, processor time and wall time, for files from strangers.

The PDF and the policy go in as JSON, the report comes back as JSON. A crash, an overrun of a limit or nonsense
on the way back becomes a report that says so. The child is the module `worker`.
"""

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from keys.trust.anchors import TrustAnchors
from signing_service.verification.expectation import Expectation
from signing_service.verification.findings import Finding, finding
from signing_service.verification.plain_data import format_time, to_plain
from signing_service.verification.report import INDETERMINATE, SCHEMA, DocumentVerdict, FileFacts, Report
from signing_service.verification.summary import summarise

log = logging.getLogger(__name__)

MIB = 1024 * 1024
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one verification may use."""

    file_bytes: int = 64 * MIB
    memory_bytes: int = 1536 * MIB
    processor_seconds: int = 60
    wall_seconds: float = 90.0
    answer_bytes: int = 32 * MIB


DEFAULT_LIMITS = Limits()


def verify_isolated(
    pdf: bytes,
    *,
    name: str,
    anchors: TrustAnchors,
    at: datetime | None = None,
    expected: Expectation | None = None,
    crls_der: Sequence[bytes] = (),
    certificates_der: Sequence[bytes] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Report:
    """The same report as `verify()`, made in a limited process; never raises because of the file."""
    moment = at or datetime.now(UTC)
    if len(pdf) > limits.file_bytes:
        return _without_result(pdf, name, moment, finding("run.too_large", size=len(pdf), limit=limits.file_bytes))
    question = {
        "name": name,
        "pdf": _encode(pdf),
        "at": format_time(moment),
        "signing": [_encode(der) for der in anchors.signing],
        "timestamping": [_encode(der) for der in anchors.timestamping],
        "crls": [_encode(der) for der in crls_der],
        "certificates": [_encode(der) for der in certificates_der],
        "expected": to_plain(expected) if expected is not None else None,
        "limits": to_plain(limits),
    }
    try:
        answer = _ask(json.dumps(question).encode(), limits)
        return Report.from_json(json.loads(answer))
    except subprocess.TimeoutExpired:
        problem = finding("run.timed_out", seconds=int(limits.wall_seconds))
    except (OSError, ValueError, _NoAnswer) as cause:
        problem = finding("run.crashed", problem=str(cause)[:200] or type(cause).__name__)
    return _without_result(pdf, name, moment, problem)


class _NoAnswer(Exception):
    """The child ended without an answer."""


def _ask(question: bytes, limits: Limits) -> bytes:
    """Run the child in a clean environment; the wall clock kills it, its own limits stop memory and processor time."""
    command = [sys.executable, "-P", "-m", "signing_service.verification.worker"]
    environment = {"PYTHONPATH": os.pathsep.join([str(PROJECT), *_inherited()]), "LANG": "C.UTF-8", "PATH": os.defpath}
    done = subprocess.run(  # noqa: S603  the command is ours, the file goes in by standard input
        command, input=question, capture_output=True, timeout=limits.wall_seconds, env=environment, check=False
    )
    if done.returncode != 0:
        log.error("the verifying process ended early: %s", done.stderr[-4000:].decode(errors="replace"))
        raise _NoAnswer(f"exit {done.returncode}")
    if len(done.stdout) > limits.answer_bytes:
        raise _NoAnswer("answer too long")
    return done.stdout


def _inherited() -> list[str]:
    """Import places of this process that the child needs too, should the service run from an unusual place."""
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]


def _without_result(pdf: bytes, name: str, at: datetime, problem: Finding) -> Report:
    facts = FileFacts(name, sha256(pdf).hexdigest(), len(pdf))
    summary = summarise("no", INDETERMINATE, (), (problem,))
    verdict = DocumentVerdict(INDETERMINATE, None, "no", 0, 0, summary, at)
    return Report(SCHEMA, facts, verdict, findings=(problem,))


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
