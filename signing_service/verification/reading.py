"""Opening a PDF that may be hostile: strictly, leniently, or by looking for its objects; how far each revision reaches.

It reads structure only: no signature is looked at, nothing is judged. A file that cannot be read is a
result, not an error.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pyhanko.pdf_utils.decode_limits import DecodeLimits, MiB, StreamDecodeLimits
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification import (
    doubled,
    encryption,
    hexadecimal,
    null_references,
    plain_dictionaries,
    spellings,
    stream_lengths,
)
from signing_service.verification.bounded_reader import BoundedReader
from signing_service.verification.forgiving import forgiving
from signing_service.verification.rebuilding import rebuild
from signing_service.verification.running_digest import RunningDigest

doubled.use()
hexadecimal.use()
encryption.use()
stream_lengths.use()
null_references.use()
plain_dictionaries.use()
spellings.use()

STRICT, LENIENT, NO = "strict", "lenient", "no"
LIMITS = DecodeLimits(per_stream=StreamDecodeLimits(max_output_size=64 * MiB))
HEADER_WINDOW = 1024  # ISO 32000-1 Annex H.3.4.1: the header may stand within the first 1024 bytes
MAX_REVISIONS = 400
HEADER = b"%PDF-1.7\n"
MARKER_AGAIN = re.compile(rb"(?:[\x00\t\n\x0c\r ]{0,64}%%EOF){1,8}")
CUT_OBJECT = re.compile(rb"\s*\d+ +\d+ +obj\b")  # a further revision began and has no end


@dataclass(frozen=True, slots=True)
class RevisionEnd:
    """One revision ends at byte `end` (exclusive, with its end-of-line); `sha256` is of all bytes before that."""

    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An open reader (None: not readable), how it could be read, and why not more strictly.

    `rebuilt` holds the ends of the parts of a file whose cross-reference had to be made anew; otherwise it is empty.
    """

    reader: PdfFileReader | None
    readable: str
    problem: str
    length: int
    code: str = ""
    rebuilt: tuple[int, ...] = ()


def open_strictly(pdf: bytes) -> Opened:
    """Read by the letter of ISO 32000; hybrid cross-reference files count as not readable strictly."""
    return _attempt(pdf, STRICT)


def open_leniently(pdf: bytes) -> Opened:
    """Read forgivingly; where even that fails, read the part up to the last end-of-file marker that can be read."""
    opened = _attempt(pdf, LENIENT)
    if opened.reader is not None:
        return opened
    for marker in _ends_of_file(pdf):
        shorter = _attempt(pdf[: marker + len(b"%%EOF")], LENIENT)
        if shorter.reader is not None:
            end = _after_eof(pdf, marker)
            if pdf.find(b"/ByteRange", end) != -1:  # something was signed behind what can be read so
                whole = open_rebuilt(pdf, opened)
                if whole.reader is not None:
                    return whole
            began_another = CUT_OBJECT.match(pdf, end)
            return Opened(shorter.reader, LENIENT, opened.problem, end, "document.cut_short" if began_another else "")
    return opened if opened.code == "document.encrypted" else open_rebuilt(pdf, opened)


def open_rebuilt(pdf: bytes, otherwise: Opened) -> Opened:
    """Read with a cross-reference made anew from the objects that can be found; `otherwise` when that fails too."""
    made = None
    with forgiving:
        made = rebuild(pdf)
    if made is None:
        return otherwise
    opened = _attempt(made.data, LENIENT)
    if opened.reader is None:
        return opened if opened.code == "document.encrypted" else otherwise
    return Opened(opened.reader, LENIENT, otherwise.problem, len(pdf), "document.rebuilt", made.ends)


def _attempt(pdf: bytes, how: str) -> Opened:
    if b"%PDF-" not in pdf[:HEADER_WINDOW]:
        return Opened(None, NO, "no PDF header", len(pdf), "document.not_a_pdf")
    try:
        reader = BoundedReader(_from_header(pdf, how), strict=how == STRICT, decode_limits=LIMITS)
        if how == STRICT and reader.xrefs.hybrid_xrefs_present:
            raise ValueError("hybrid cross-reference sections")
        if reader.encrypted and not encryption.opens_without_password(reader):
            return Opened(None, NO, "a password is needed", len(pdf), "document.encrypted")
        if "/Kids" not in reader.root["/Pages"]:
            raise ValueError("there is no page tree")
    except MemoryError:
        raise
    except Exception as cause:  # a hostile file may raise anything at all; it must not end the run
        return Opened(None, NO, f"{type(cause).__name__}: {cause}", len(pdf), "document.unreadable")
    return Opened(reader, how, "", len(pdf))


def _from_header(pdf: bytes, how: str) -> bytes:
    """A file with other bytes before its header made readable without moving anything; strictly it stays as it is."""
    if how == STRICT or pdf.startswith(b"%PDF-"):
        return pdf
    return HEADER + pdf[len(HEADER) :]


def _ends_of_file(pdf: bytes) -> list[int]:
    """Places of the last few `%%EOF` markers, last first."""
    ends: list[int] = []
    position = len(pdf)
    while len(ends) < 4 and (position := pdf.rfind(b"%%EOF", 0, position)) != -1:
        ends.append(position)
    return ends


def _after_eof(pdf: bytes, marker: int) -> int:
    """The position after `%%EOF`, which some write twice, and one end-of-line that may follow it."""
    again = MARKER_AGAIN.match(pdf, marker + len(b"%%EOF"))
    end = again.end() if again else marker + len(b"%%EOF")
    if pdf[end : end + 2] == b"\r\n":
        return end + 2
    return end + 1 if pdf[end : end + 1] in (b"\r", b"\n") else end


def revision_ends(opened: Opened, pdf: bytes, running: RunningDigest) -> tuple[RevisionEnd, ...]:
    """Where each revision of the file ends, first revision first; never past the file. `running` is over `pdf`."""
    ends: list[int] = []
    reader = opened.reader
    if reader is None:
        return ()
    if opened.rebuilt:
        rebuilt = [_after_eof(pdf, end - 5) if pdf[end - 5 : end] == b"%%EOF" else end for end in opened.rebuilt]
        return _digests(running, rebuilt)
    for revision in range(reader.xrefs.total_revisions):
        container_end = reader.xrefs.get_xref_container_info(revision).end_location
        marker = pdf.find(b"%%EOF", container_end)
        ends.append(_after_eof(pdf, marker) if marker != -1 else len(pdf))
    return _digests(running, ends)


def _digests(running: RunningDigest, ends: list[int]) -> tuple[RevisionEnd, ...]:
    digests = {end: running.of_beginning(end) for end in sorted(set(ends))}
    return tuple(RevisionEnd(end, digests[end]) for end in ends)


def trailing_bytes(pdf: bytes, ends: tuple[RevisionEnd, ...]) -> bytes:
    """What follows the end-of-file marker of the last revision."""
    return pdf[max((entry.end for entry in ends), default=len(pdf)) :]


def safely(read: Callable[[], object]) -> object | None:
    """The value of a small read, or None when the file is broken there."""
    with forgiving:
        return read()
    return None
