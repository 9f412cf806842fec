"""Cryptographic integrity of one signature: its byte range, its digest, its value; neither trust nor time nor changes.

The byte range rules are ISO 32000-2 clause 12.8.1 and EN 319 142-1 clause 5.3: two parts, from the first
byte, the gap exactly the Contents. Gaps inside the brackets of Contents are written by some producers and harmless.
"""

import io
from binascii import unhexlify
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from asn1crypto import cms, x509
from pyhanko.pdf_utils import generic

from signing_service.verification.cms_check import check_cms
from signing_service.verification.pdf_access import entry, items
from signing_service.verification.report import BROKEN, INTACT, UNDECIDABLE
from signing_service.verification.signature_contents import NoSignature, contents_of

WHITESPACE = b"\x00\t\n\x0c\r "


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The signed parts as offsets, and what is wrong with them (empty: nothing)."""

    first: int
    gap_start: int
    gap_end: int
    end: int
    problem: str = ""


MALFORMED = ByteRange(0, 0, 0, 0, "malformed")


@dataclass(frozen=True, slots=True)
class Integrity:
    """`state` is intact, broken or undecidable; `digest` is of the signed bytes as they are now."""

    state: str
    digest: bytes
    digest_matches: bool | None
    value_valid: bool | None
    sub_indication: str | None
    detail: str = ""
    algorithm: str = ""
    certificate: x509.Certificate | None = None


def read_byte_range(value: generic.DictionaryObject, pdf: bytes) -> ByteRange:
    """The byte range of a signature dictionary, checked against the file; never raises for a malformed one."""
    numbers = _numbers(value)
    if numbers is None:
        return MALFORMED
    first, first_length, second, second_length = numbers
    whole = ByteRange(first, first + first_length, second, second + second_length)
    problem = _problem(whole, value, pdf)
    return replace(whole, problem=problem) if problem else whole


def _numbers(value: generic.DictionaryObject) -> tuple[int, int, int, int] | None:
    """The four numbers of the byte range, or None when it is not four plain whole numbers."""
    raw = entry(value, "/ByteRange")
    if not isinstance(raw, generic.ArrayObject) or len(raw) != 4:
        return None
    numbers = [int(item) for item in items(raw) if isinstance(item, generic.NumberObject) and item >= 0]
    if len(numbers) != 4:
        return None
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _problem(whole: ByteRange, value: generic.DictionaryObject, pdf: bytes) -> str:
    if whole.first != 0:
        return "not_from_start"
    if not whole.gap_start < whole.gap_end <= whole.end:
        return "overlapping"
    if whole.end > len(pdf):
        return "past_the_end"
    held = held_in_gap(pdf, whole.gap_start, whole.gap_end)
    try:
        return "" if held is not None and held == contents_of(value) else "gap_is_not_contents"
    except NoSignature:
        return "gap_is_not_contents"


def held_in_gap(pdf: bytes, start: int, end: int) -> bytes | None:
    """The bytes of the one string that fills a gap, hexadecimal or literal; None when there is anything else."""
    if pdf[start - 1 : start] == b"<" and pdf[end : end + 1] == b">":
        start, end = start - 1, end + 1
    gap = pdf[start:end].strip(WHITESPACE)
    if gap[:1] == b"<" and gap[-1:] == b">":
        digits = gap[1:-1]
        try:
            return unhexlify(digits if len(digits) % 2 == 0 else digits + b"0")
        except ValueError:
            return _spaced(digits)
    if gap[:1] == b"(" and gap[-1:] == b")":
        return _literal(gap)
    return None


def _spaced(digits: bytes) -> bytes | None:
    """Hexadecimal digits with white space anywhere between them (ISO 32000-2, 7.3.4.3)."""
    joined = digits.translate(None, WHITESPACE)
    try:
        return bytes.fromhex((joined + b"0" * (len(joined) % 2)).decode("ascii"))
    except ValueError:
        return None


def _literal(gap: bytes) -> bytes | None:
    stream = io.BytesIO(gap)
    try:
        held = generic.read_object(stream, generic.TrailerReference(None))
    except Exception:  # the library raises several kinds on a string that is none; it is then no string
        return None
    if stream.read().strip(WHITESPACE) or not isinstance(held, (generic.TextStringObject, generic.ByteStringObject)):
        return None
    return bytes(held.original_bytes)


def signed_bytes(pdf: bytes, byte_range: ByteRange) -> tuple[bytes, bytes]:
    """The two signed parts of the file."""
    return pdf[byte_range.first : byte_range.gap_start], pdf[byte_range.gap_end : byte_range.end]


def check_integrity(
    signed_data: cms.SignedData, parts: Iterable[bytes], known: Sequence[x509.Certificate] = ()
) -> Integrity:
    """Compare the digest and verify the signature value with the key of the certificate that the CMS names.

    `known` are certificates from elsewhere in the file, for signers that leave their own out.
    """
    found = check_cms(signed_data, parts, known)
    state, sub = INTACT, None
    if found.digest_matches is False:
        state, sub = BROKEN, "HASH_FAILURE"
    elif found.value_valid is False:
        state, sub = BROKEN, "SIG_CRYPTO_FAILURE"
    elif found.value_valid is None:
        state, sub = UNDECIDABLE, found.sub_indication
    return Integrity(
        state,
        found.digest,
        found.digest_matches,
        found.value_valid,
        sub,
        found.problem,
        algorithm=found.digest_algorithm,
        certificate=found.certificate,
    )
