"""Checks one revision, byte by byte, before it is signed further or given out.

It looks only at what the new revision must be: the base unchanged in front, a byte range around one gap, a signature
that fits. Whether the objects it adds are permitted is judged by `verification`.
"""

import hashlib
import re

from asn1crypto import cms as asn1_cms

from keys.encoded import encoded
from keys.signer_keys import PublicKey
from signing_service.pades import certificates
from signing_service.pades.errors import BaseChanged, PreparedChanged, RevisionInvalid, WrongValue
from signing_service.pades.prepared import Prepared

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


def filled(pdf: bytes, start: int, end: int, contents: bytes) -> bytes:
    """`pdf` with `contents` in the gap, filled up with zeros; the caller has checked that it fits."""
    gap = contents.hex().encode("ascii").ljust(end - start - 2, b"0")
    whole = memoryview(pdf)  # so that a large file is copied once
    return b"".join((whole[: start + 1], gap, whole[end - 1 :]))


def digest_around(pdf: bytes, start: int, end: int) -> bytes:
    """SHA-256 of all but the gap."""
    state = hashlib.sha256(memoryview(pdf)[:start])
    state.update(memoryview(pdf)[end:])
    return state.digest()


def check_prepared(prepared: Prepared) -> None:
    """The base is the one that was prepared for, and the digest is that of the bytes. One pass over the file."""
    pdf = memoryview(prepared.pdf)
    start, end = prepared.reserved_start, prepared.reserved_end
    if not 0 < prepared.base_length < start < end < len(pdf):
        raise PreparedChanged(reason="the offsets are out of order")
    state = hashlib.sha256(pdf[: prepared.base_length])
    if state.hexdigest() != prepared.base_sha256:
        raise BaseChanged()
    state.update(pdf[prepared.base_length : start])
    state.update(pdf[end:])
    if state.digest() != prepared.document_digest:
        raise PreparedChanged(reason="the digest is not that of the document")
    if prepared.pdf[start:end] != b"<" + b"0" * (end - start - 2) + b">" or (end - start) % 2:
        raise PreparedChanged(reason="the gap is not empty")
    ranges = _BYTE_RANGE.findall(prepared.pdf, prepared.base_length)
    if [tuple(map(int, numbers)) for numbers in ranges] != [(0, start, end, len(pdf) - end)]:
        raise PreparedChanged(reason="the byte range does not cover all but the gap")


def check_signed(prepared: Prepared, signed: bytes, public_key: PublicKey) -> None:
    """The bytes outside the gap are the prepared ones, and the CMS object read back from the gap is correct."""
    start, end = prepared.reserved_start, prepared.reserved_end
    before, after = prepared.pdf[:start], prepared.pdf[end:]
    if len(signed) != len(prepared.pdf) or not signed.startswith(before) or not signed.endswith(after):
        raise RevisionInvalid(reason="bytes outside the gap changed")
    try:
        content = asn1_cms.ContentInfo.load(bytes.fromhex(signed[start + 1 : end - 1].decode("ascii")))
        (info,) = content["content"]["signer_infos"]
        attributes = info["signed_attrs"]
        digest = next(a["values"][0].native for a in attributes if a["type"].native == "message_digest")
        value, covered = info["signature"].native, b"\x31" + encoded(attributes)[1:]
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise RevisionInvalid(reason="the signature cannot be read back") from error
    if digest != prepared.document_digest:
        raise RevisionInvalid(reason="the message digest differs")
    try:
        certificates.check_value(public_key, value, covered)
    except WrongValue as error:
        raise RevisionInvalid(reason="the signature value does not verify") from error
