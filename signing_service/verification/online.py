"""Revocation asked for online, where the evidence at hand says too little: never in the process that reads the file.

A report that lacks revocation information names the chains that it could build. Only certificates under a trusted
anchor are asked about, at the addresses that they themselves name, through the fence of `keys.trust.fetching`. Then
everything is judged once more with the answers, which the report keeps as evidence: a replay needs no network.
"""

import base64
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from keys.trust.fetching import Fetcher
from keys.trust.status import CRL, OCSP, Asked, StatusQuestions, loaded
from signing_service.verification.report import TOTAL_PASSED, Certificate, Report
from signing_service.verification.report_evidence import EvidenceUsed, Fetched
from signing_service.verification.steps import SKIPPED, told_online

MOST_CERTIFICATES = 24
SECONDS = 20.0
"""For all questions of one file together; each has a limit of its own too."""

UNANSWERED = frozenset({"TRY_LATER", "NO_POE", "REVOCATION_OUT_OF_BOUNDS_NO_POE"})


@dataclass(frozen=True, slots=True)
class Answers:
    """What was had online, DER; handed to whoever judges again."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


Judge = Callable[[Answers], Report]


def judged_online(judge: Judge, fetcher: Fetcher, now: Callable[[], datetime]) -> Report:
    """Judge; where revocation information is missing ask for it, once, and judge again with the answers."""
    first = judge(Answers())
    asked = tuple(_ask(_open_chains(first), fetcher))
    if not asked:
        return first
    lists = {one.der for _, one in asked if one.kind == CRL and one.der}
    answers = {one.der for _, one in asked if one.kind == OCSP and one.der}
    found = Answers(tuple(sorted(lists)), tuple(sorted(answers)))
    again = judge(found) if lists or answers else first
    told = tuple(_fetched(certificate, one, now()) for certificate, one in asked)
    return told_online(replace(again, evidence=replace(again.evidence or EvidenceUsed(), fetched=told)))


def _open_chains(report: Report) -> list[Sequence[Certificate]]:
    """Chains under an anchor about which something is still to be asked."""
    found: list[Sequence[Certificate]] = []
    for entry in report.signatures:
        passed_without = any(step.code == "revocation" and step.result == SKIPPED for step in entry.steps)
        if entry.sub_indication in UNANSWERED or (entry.indication == TOTAL_PASSED and passed_without):
            found.append(entry.certificates)
        found.extend(stamp.certificates for stamp in entry.timestamps if stamp.sub_indication in UNANSWERED)
    return found


def _ask(chains: Sequence[Sequence[Certificate]], fetcher: Fetcher) -> Iterator[tuple[str, Asked]]:
    """SHA-256 of each certificate below its anchor, with every question that was asked about it."""
    questions, until = StatusQuestions(fetcher), time.monotonic() + SECONDS
    seen: set[str] = set()
    for chain in chains:
        for item, above in itertools.pairwise(chain):
            if item.sha256 in seen or len(seen) >= MOST_CERTIFICATES or time.monotonic() > until:
                continue
            seen.add(item.sha256)
            pair = loaded((base64.b64decode(item.der), base64.b64decode(above.der)))
            if len(pair) == 2:
                yield from ((item.sha256, one) for one in questions.about(pair[0], pair[1]))


def _fetched(certificate: str, one: Asked, at: datetime) -> Fetched:
    digest = sha256(one.der).hexdigest() if one.der else ""
    return Fetched(one.kind, one.url[:1000], at, certificate, digest, one.problem)
