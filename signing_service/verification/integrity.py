"""Cryptographic integrity of one signature: its byte range, its digest, its value; neither trust nor time nor changes.

The byte range rules are ISO 32000-2 clause 12.8.1 and EN 319 142-1 clause 5.3: two parts, from the first
byte, the gap exactly the Contents.
"""

import hashlib
from dataclasses import dataclass

from asn1crypto import cms, core, parser
from pyhanko.pdf_utils import generic
from pyhanko.sign.general import CMSExtractionError, extract_certificate_info
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing_service.verification.pdf_access import entry, items
from signing_service.verification.report import BROKEN, INTACT, UNDECIDABLE

DIGESTS = {"sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "md5"}


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The signed parts as offsets, and what is wrong with them (empty: nothing)."""

    first: int
    gap_start: int
    gap_end: int
    end: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Integrity:
    """`state` is intact, broken or undecidable; `digest` is of the signed bytes as they are now."""

    state: str
    digest: bytes
    digest_matches: bool | None
    value_valid: bool | None
    sub_indication: str | None
    detail: str = ""


def read_byte_range(value: generic.DictionaryObject, pdf: bytes) -> ByteRange:
    """The byte range of a signature dictionary, checked against the file; never raises for a malformed one."""
    numbers = _numbers(value)
    if numbers is None:
        return ByteRange(0, 0, 0, 0, "malformed")
    first, first_length, second, second_length = numbers
    whole = ByteRange(first, first + first_length, second, second + second_length)
    problem = _problem(whole, value, pdf)
    return ByteRange(whole.first, whole.gap_start, whole.gap_end, whole.end, problem)


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
    gap = pdf[whole.gap_start : whole.gap_end].strip(b"\x00\t\n\x0c\r ")
    if gap[:1] != b"<" or gap[-1:] != b">":
        return "gap_is_not_contents"
    try:
        held = bytes.fromhex(gap[1:-1].decode("ascii"))
    except ValueError:
        return "gap_is_not_contents"
    contents = value.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
    if held != contents.original_bytes:
        return "gap_is_not_contents"
    return ""


def is_padded_with_zeros(contents: bytes) -> bool:
    """Whether nothing but zeros follows the DER of the signature inside its reserved space."""
    try:
        _, _, _, header, inner, trailer = parser.parse(contents, strict=False)
    except ValueError:
        return False
    return not contents[len(header) + len(inner) + len(trailer) :].strip(b"\x00")


def signed_bytes(pdf: bytes, byte_range: ByteRange) -> tuple[bytes, bytes]:
    """The two signed parts of the file."""
    return pdf[byte_range.first : byte_range.gap_start], pdf[byte_range.gap_end : byte_range.end]


def document_digest(pdf: bytes, byte_range: ByteRange, algorithm: str) -> bytes:
    """Digest of the two signed parts; raises ValueError for an algorithm that is not supported."""
    if algorithm not in DIGESTS:
        raise ValueError(f"digest algorithm {algorithm}")
    running = hashlib.new(algorithm, usedforsecurity=False)
    for part in signed_bytes(pdf, byte_range):
        running.update(part)
    return running.digest()


def check_integrity(signed_data: cms.SignedData, digest: bytes) -> Integrity:
    """Compare the digest and verify the signature value with the key of the certificate that the CMS names."""
    signer_info = signed_data["signer_infos"][0]
    content_type = signed_data["encap_content_info"]["content_type"].native
    try:
        certificate = extract_certificate_info(signed_data).signer_cert
        inner, outer = _expected(signed_data, digest, content_type)
        matches, valid = validate_sig_integrity(signer_info, certificate, content_type, inner)
    except SignatureValidationError as cause:
        sub = cause.ades_subindication.standard_name if cause.ades_subindication else None
        return Integrity(UNDECIDABLE, digest, None, None, sub, str(cause.failure_message))
    except CMSExtractionError as cause:
        return Integrity(UNDECIDABLE, digest, None, None, "NO_SIGNING_CERTIFICATE_FOUND", str(cause.failure_message))
    except MemoryError:
        raise
    except Exception as cause:  # unsupported or hostile keys and algorithms raise all kinds
        return Integrity(UNDECIDABLE, digest, None, None, None, f"{type(cause).__name__}: {cause}")
    if not (matches and outer):
        return Integrity(BROKEN, digest, False, bool(valid), "HASH_FAILURE")
    if not valid:
        return Integrity(BROKEN, digest, True, False, "SIG_CRYPTO_FAILURE")
    return Integrity(INTACT, digest, True, True, None)


def _expected(signed_data: cms.SignedData, digest: bytes, content_type: str) -> tuple[bytes, bool]:
    """The digest to find in the signed attributes, and whether what the CMS encapsulates is of the document."""
    held = signed_data["encap_content_info"]["content"]
    if held is core.VOID or held.contents is None:
        return digest, True
    algorithm = signed_data["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    inner = hashlib.new(algorithm, held.contents, usedforsecurity=False).digest()
    if content_type != "tst_info":
        return inner, bool(held.native == digest)
    return inner, bool(held.parsed["message_imprint"]["hashed_message"].native == digest)
