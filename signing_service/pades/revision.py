"""Checks one revision, byte by byte, before it is signed further or given out.

It looks only at what the new revision must be: the base unchanged in front, a byte range around one gap, a signature
that fits. Whether the objects it adds are permitted is judged by `verification`.
"""

import hashlib

from signing_service.pades import cms, readback
from signing_service.pades.errors import BaseChanged, PreparedChanged, RevisionInvalid
from signing_service.pades.gap import before_gap
from signing_service.pades.prepared import PreparedTail
from signing_service.pades.running import Running


def filled(data: bytes, start: int, end: int, contents: bytes) -> bytes:
    """`data` with `contents` in the gap, filled up with zeros; the caller has checked that it fits."""
    gap = contents.hex().encode("ascii").ljust(end - start - 2, b"0")
    whole = memoryview(data)  # so that a large file is copied once
    return b"".join((whole[: start + 1], gap, whole[end - 1 :]))


def digest_around(pdf: bytes, start: int, end: int) -> bytes:
    """SHA-256 of all but the gap."""
    state = hashlib.sha256(memoryview(pdf)[:start])
    state.update(memoryview(pdf)[end:])
    return state.digest()


def check_prepared(prepared: PreparedTail, running: Running) -> None:
    """The base is the one that was prepared for, and the digest is that of the bytes.

    `running` is the SHA-256 over exactly the base at hand.
    """
    tail, length = prepared.tail, prepared.base_length
    start, end = prepared.reserved_start - length, prepared.reserved_end - length
    if not length > 0 or not 0 < start < end < len(tail):
        raise PreparedChanged(reason="the offsets are out of order")
    if running.hexdigest() != prepared.base_sha256:
        raise BaseChanged()
    state = running.copy()
    state.update(tail[:start])
    state.update(tail[end:])
    if state.digest() != prepared.document_digest:
        raise PreparedChanged(reason="the digest is not that of the document")
    if tail[start:end] != b"<" + b"0" * (end - start - 2) + b">" or (end - start) % 2:
        raise PreparedChanged(reason="the gap is not empty")
    head = before_gap(prepared.reserved_start, prepared.reserved_end, prepared.length)
    if tail.count(b"/ByteRange") != 1 or not tail.endswith(head, 0, start):
        raise PreparedChanged(reason="the byte range does not cover all but the gap")


def check_signed(prepared: PreparedTail, signed: bytes, value: bytes, token_der: bytes | None) -> None:
    """The bytes outside the gap are the prepared ones, and what is read back from the gap is what was verified.

    The caller has verified `value` over the prepared attributes under the prepared certificate, and the time stamp
    token over it; equal bytes in the file are therefore a valid signature over it.
    """
    start, end = prepared.reserved_start - prepared.base_length, prepared.reserved_end - prepared.base_length
    if (signed[:start], signed[end:]) != (prepared.tail[:start], prepared.tail[end:]):
        raise RevisionInvalid(reason="bytes outside the gap changed")
    found = readback.read(signed[start + 1 : end - 1])
    if found.message_digest != prepared.document_digest:
        raise RevisionInvalid(reason="the message digest differs")
    if found.attributes != prepared.signed_attributes or prepared.certificate_der not in found.certificates:
        raise RevisionInvalid(reason="the signed attributes or the certificate differ")
    if found.value != value:
        raise RevisionInvalid(reason="the signature value differs")
    if found.token != (None if token_der is None else cms.timestamp_attribute(token_der)):
        raise RevisionInvalid(reason="the time stamp differs")
