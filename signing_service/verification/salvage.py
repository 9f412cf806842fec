"""Signatures found in the bare bytes that no form field of a file leads to: is what they signed still there?

A byte changed inside a cross-reference makes a PDF unreadable, but its signatures still say that their bytes were
changed. Nothing is said about trust or changes: those need the structure. What lies inside attachments is not found,
because its byte range does not fit its place in this file.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from asn1crypto import cms

from signing_service.verification.certificates import describe
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import ByteRange, Integrity, check_integrity, held_in_gap, signed_bytes
from signing_service.verification.report import (
    BROKEN,
    DOCUMENT_TIMESTAMP,
    INDETERMINATE,
    SIGNATURE,
    TOTAL_FAILED,
    Certificate,
    Signature,
)
from signing_service.verification.signature_contents import load_signed_data
from signing_service.verification.signature_fields import TIMESTAMP
from signing_service.verification.steps import FAILED, PASSED, StepLog
from signing_service.verification.words import say

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
MAX_SIGNATURES = 100
MAX_LOOKED_AT = 256 * 1024 * 1024  # bytes of all gaps together: many ranges may name large gaps


@dataclass(frozen=True)
class Salvaged:
    """Entries for the report and what there is to say about them."""

    signatures: tuple[Signature, ...] = ()
    findings: tuple[Finding, ...] = ()


def salvage(pdf: bytes, known: Collection[int] = ()) -> Salvaged:
    """What signatures say of their own bytes, except those whose contents stand at one of the `known` places."""
    signatures: list[Signature] = []
    findings: list[Finding] = []
    for _, (byte_range, signed_data) in zip(range(MAX_SIGNATURES), _found(pdf, known), strict=False):
        name = f"@{byte_range.gap_start}"
        integrity: Integrity | None = None
        with forgiving:
            measured = check_integrity(signed_data, signed_bytes(pdf, byte_range))
            signatures.append(_entry(name, byte_range, signed_data, measured))
            integrity = measured
        if integrity is not None:
            findings.append(finding("signature.not_in_form", f"signature:{name}", field=name))
            if integrity.state == BROKEN:
                code = "value_invalid" if integrity.digest_matches else "hash_mismatch"
                findings.append(finding(f"signature.{code}", f"signature:{name}", field=name))
    return Salvaged(tuple(signatures), tuple(findings))


def _found(pdf: bytes, known: Collection[int]) -> Iterator[tuple[ByteRange, cms.SignedData]]:
    """Byte ranges whose gap is a hexadecimal string that holds a CMS; each once, however often it is written."""
    seen: set[ByteRange] = set()
    looked_at = 0
    for match in RANGE.finditer(pdf):
        first, first_length, second, second_length = (int(number) for number in match.groups())
        whole = ByteRange(first, first + first_length, second, second + second_length)
        if first != 0 or whole.gap_start in known or whole in seen:
            continue
        seen.add(whole)
        looked_at += max(0, min(whole.gap_end, len(pdf)) - whole.gap_start)
        if looked_at > MAX_LOOKED_AT:
            return
        held = held_in_gap(pdf, whole.gap_start, whole.gap_end)
        if held is not None:
            with forgiving:
                yield whole, load_signed_data(held)


def _entry(name: str, byte_range: ByteRange, signed_data: cms.SignedData, integrity: Integrity) -> Signature:
    broken = integrity.state == BROKEN
    stamp = signed_data["encap_content_info"]["content_type"].native == "tst_info"
    sub = integrity.sub_indication if broken else None
    steps = StepLog()
    steps.add("byte_range", PASSED, "ok", signed=byte_range.end, end=byte_range.end)
    facts = {"algorithm": integrity.algorithm, "digest": integrity.digest.hex()}
    steps.add("digest", *((PASSED, "ok") if integrity.digest_matches else (FAILED, "bad")), **facts)
    if integrity.value_valid is not None:
        steps.add("value", *((PASSED, "ok") if integrity.value_valid else (FAILED, "bad")))
    return Signature(
        field=name,
        kind=DOCUMENT_TIMESTAMP if stamp else SIGNATURE,
        revision=0,
        indication=TOTAL_FAILED if broken else INDETERMINATE,
        sub_indication=sub,
        integrity=integrity.state,
        changes="none",
        level="none",
        signer=_signer(integrity, stamp),
        custody=None,
        best_signature_time=None,
        steps=steps.done(),
        reason=say(f"reason.{sub or INDETERMINATE}"),
        subfilter=TIMESTAMP.lstrip("/") if stamp else "",
        document_digest=integrity.digest.hex(),
        document_digest_algorithm=integrity.algorithm,
    )


def _signer(integrity: Integrity, stamp: bool) -> Certificate | None:
    with forgiving:
        if integrity.certificate is not None:
            return describe(integrity.certificate, "timestamp" if stamp else "signatory")
    return None
