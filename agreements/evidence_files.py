"""What kind of file a document of evidence is, by its content and never by its name.

Only the beginning and the end are looked at: nothing is opened, drawn or repaired, and such a file is only ever handed
out as an attachment of the kind found here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_BYTES = 10 * 1024 * 1024
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
ENDINGS: Mapping[str, str] = {PDF: "pdf", PNG: "png", JPEG: "jpg"}
_TAIL = 2048  # how near the end of a PDF its %%EOF stands


def media_type_of(data: bytes) -> str | None:
    """The media type; None for everything that is not wholly one of the three.

    The header has to be the very beginning: a page of HTML with a PDF behind it is no PDF.
    """
    if re.match(rb"%PDF-[12]\.[0-9][\s%]", data) and b"%%EOF" in data[-_TAIL:]:
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and data.endswith(b"IEND\xaeB`\x82"):
        return PNG
    if data.startswith(b"\xff\xd8\xff") and data.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return JPEG
    return None


def safe_name(given: str, media_type: str) -> str:
    """A file name to hand out again: no folders, nothing invisible, the ending of what the file is."""
    last = re.split(r"[/\\]", given)[-1]
    kept = "".join(one if one.isalnum() or one in " -_.()（）" else "-" for one in last if one.isprintable())
    stem, point, ending = kept.strip().rpartition(".")
    if not point or ending.lower() not in ("pdf", "png", "jpg", "jpeg"):
        stem = kept
    return f"{stem.strip(' .')[:100] or 'document'}.{ENDINGS[media_type]}"
