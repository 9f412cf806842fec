"""Verification in a separate limited process (`signing_service.isolation`), for files from strangers.

The PDF and the policy go in as JSON, the report comes back as JSON. A crash, an overrun of a limit or nonsense
on the way back becomes a report that says so. The child is the module `worker`.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from keys.trust.anchors import TrustAnchors
from signing_service import isolation
from signing_service.verification.expectation import Expectation
from signing_service.verification.findings import Finding, finding
from signing_service.verification.plain_data import format_time, to_plain
from signing_service.verification.policy import DEFAULT
from signing_service.verification.report import INDETERMINATE, SCHEMA, DocumentVerdict, FileFacts, Report
from signing_service.verification.summary import summarise

CHILD = "signing_service.verification.worker"


@dataclass(frozen=True, slots=True)
class Limits(isolation.Limits):
    """What one verification may use."""

    memory_bytes: int = 1536 * isolation.MIB
    processor_seconds: int = 60
    wall_seconds: float = 90.0
    answer_bytes: int = 32 * isolation.MIB
    file_bytes: int = 64 * isolation.MIB


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
    ocsps_der: Sequence[bytes] = (),
    policy: str = DEFAULT,
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
        "policy": policy,
        "crls": [_encode(der) for der in crls_der],
        "certificates": [_encode(der) for der in certificates_der],
        "ocsps": [_encode(der) for der in ocsps_der],
        "expected": to_plain(expected) if expected is not None else None,
        "limits": to_plain(limits),
    }
    try:
        answer = isolation.ask(CHILD, json.dumps(question).encode(), limits)
        return Report.from_json(json.loads(answer))
    except isolation.TimedOut:
        problem = finding("run.timed_out", seconds=int(limits.wall_seconds))
    except (ValueError, isolation.NoAnswer) as cause:
        problem = finding("run.crashed", problem=str(cause)[:200] or type(cause).__name__)
    return _without_result(pdf, name, moment, problem)


def _without_result(pdf: bytes, name: str, at: datetime, problem: Finding) -> Report:
    facts = FileFacts(name, sha256(pdf).hexdigest(), len(pdf))
    summary = summarise("no", INDETERMINATE, (), (problem,))
    verdict = DocumentVerdict(INDETERMINATE, None, "no", 0, 0, summary, at)
    return Report(SCHEMA, facts, verdict, findings=(problem,))


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
