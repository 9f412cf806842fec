"""Whether a PDF that was sealed on another platform may be kept as evidence, and how its seal is packed.

Run as `python -m` this module is the child of `examine`: the file of a stranger is opened there and nowhere else. The
seal itself is never verified: SM2 and GB/T 38540 are not supported, and nothing here says otherwise.
"""

import base64
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pyhanko.pdf_utils import generic

from signing_service import isolation
from signing_service.verification.bounded_reader import BoundedReader

CHILD = "signing_service.verification.sealed_elsewhere"
LIMITS = isolation.Limits(
    memory_bytes=1024 * isolation.MIB, processor_seconds=20, wall_seconds=40.0, answer_bytes=isolation.MIB
)
MOST_OBJECTS = 200_000

#: How a seal is packed: GB/T 38540 (SES_Signature), CMS with SM2 (GM/T 0010), or a signature of another kind.
GBT_38540, SM2_CMS, OTHER = "gbt-38540", "sm2-cms", "other-signature"

_SM2 = bytes.fromhex("06082a811ccf55018375")  # 1.2.156.10197.1.501, SM2 with SM3 (GB/T 33560)
_SIGNED_DATA = (
    bytes.fromhex("06092a864886f70d010702"),  # CMS, RFC 5652
    bytes.fromhex("060a2a811ccf550601040202"),  # the same of GM/T 0010
)
_ACTIVE = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/Movie", "/Sound"}


@dataclass(frozen=True, slots=True)
class Examined:
    """`refused`: unreadable, encrypted, active, form, optional_content or unsealed; empty when it may be kept."""

    refused: str
    format: str = ""


def examine(pdf: bytes) -> Examined:
    """The answer of the child; a file that does not come to an end within the limits is unreadable."""
    question = {"pdf": base64.b64encode(pdf).decode("ascii"), "limits": asdict(LIMITS)}
    try:
        return Examined(**json.loads(isolation.ask(CHILD, json.dumps(question).encode(), LIMITS)))
    except (isolation.NoAnswer, ValueError, TypeError):
        return Examined("unreadable")


def judge(pdf: bytes) -> Examined:
    """The rules, in this process: one pass over every object of the newest state."""
    try:
        reader: Any = BoundedReader(pdf, strict=False)
        if "/Encrypt" in reader.trailer:
            return Examined("encrypted")
        dictionaries = list(_dictionaries(reader))
    except Exception:  # a foreign file can make the parser fail in any way
        return Examined("unreadable")
    for refused, applies in (("active", _active), ("optional_content", _layered), ("form", _form)):
        if any(applies(one) for one in dictionaries):
            return Examined(refused)
    formats = [found for one in dictionaries if (found := _packed(one))]
    return Examined("", formats[0]) if formats else Examined("unsealed")


def _dictionaries(reader: Any) -> Iterator[Any]:
    """Every dictionary of the file, direct ones too."""
    size = min(int(reader.trailer["/Size"]), MOST_OBJECTS)
    whole = [reader.get_object(generic.Reference(number, 0, reader)) for number in range(1, size)]
    waiting = [reader.root, *whole]
    while waiting:
        value = waiting.pop()
        if isinstance(value, generic.DictionaryObject):
            yield value
            waiting.extend(value.raw_get(key) for key in value)
        elif isinstance(value, generic.ArrayObject):
            waiting.extend(value.raw_get(place) for place in range(len(value)))


def _active(found: Any) -> bool:
    if "/JS" in found or "/AA" in found or "/XFA" in found:
        return True
    return str(found.get("/S", "")) in _ACTIVE or str(found.get("/Subtype", "")) in _ACTIVE or "/JavaScript" in found


def _layered(found: Any) -> bool:
    return "/OCProperties" in found or "/OC" in found or str(found.get("/Type", "")) in ("/OCG", "/OCMD")


def _form(found: Any) -> bool:
    """A widget or field that is no signature."""
    if str(found.get("/Subtype", "")) != "/Widget" and "/FT" not in found:
        return False
    kind, above = found.get("/FT", None), found
    for _ in range(8):
        if kind is not None or "/Parent" not in above:
            break
        above = above["/Parent"]
        kind = above.get("/FT", None)
    return str(kind) != "/Sig"


def _packed(found: Any) -> str:
    if str(found.get("/Type", "")) not in ("/Sig", "/DocTimeStamp") and "/ByteRange" not in found:
        return ""
    contents = bytes(getattr(found.get("/Contents", b""), "original_bytes", found.get("/Contents", b"")) or b"")
    if not contents.strip(b"\0"):
        return ""
    if _SM2 not in contents:
        return OTHER
    return SM2_CMS if any(one in contents[:32] for one in _SIGNED_DATA) else GBT_38540


def main() -> int:
    """Answer the question on standard input."""
    logging.disable(logging.CRITICAL)
    question = json.loads(sys.stdin.buffer.read())
    isolation.limit(question["limits"])
    sys.stdout.write(json.dumps(asdict(judge(base64.b64decode(question["pdf"])))))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
