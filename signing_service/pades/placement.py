"""Puts a signature without its value into an empty field: one more revision, with a gap for the CMS object.

The signature dictionary is that of ETSI EN 319 142-1, 5.3: ETSI.CAdES.detached, the claimed time in /M, no /Reason
beside a commitment. Fields are filled, never added.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from signing_service.pades.appearance import Appearance, draw
from signing_service.pades.document import Document, Field
from signing_service.pades.errors import FieldAlreadySigned, NotFirstSignature, UnknownField, UnreadableDocument
from signing_service.pades.increment import Increment
from signing_service.pades.syntax import Name, Ref, Value, text_string, written

_APPEND_ONLY = 3  # /SigFlags: signatures exist, and the file may only grow (ISO 32000-2, table 225)
_FILL_AND_SIGN = 2  # DocMDP: filling in forms and signing stay permitted (table 257)
_RANGE_WIDTH = 48


@dataclass(frozen=True, slots=True)
class Placed:
    """A revision whose signature is still missing: zeros fill `pdf[start:end]`, `<` and `>` included."""

    pdf: bytes
    base_sha256: str
    start: int
    end: int
    digest: bytes


def empty_field(document: Document, name: str, *, first: bool) -> Field:
    """The one field of this name, still empty; `first`: no other may be signed either.

    Raises `UnknownField`, `FieldAlreadySigned`, `NotFirstSignature` or `UnreadableDocument`.
    """
    found = list(document.signature_fields(name))
    if not found:
        raise UnknownField(field=name)
    if len(found) > 1:
        raise UnreadableDocument(reason="two signature fields have one name")
    if document.get(found[0].value) is not None:
        raise FieldAlreadySigned(field=name)
    if first and ("Perms" in document.root or any(field.value is not None for field in document.signature_fields())):
        raise NotFirstSignature()
    if document.get(document.form.get("SigFlags")) != _APPEND_ONLY:
        raise UnreadableDocument(reason="its form is not marked as append-only")
    return found[0]


def place(
    document: Document,
    field: Field,
    *,
    appearance: Appearance | None,
    certify: bool,
    reserve: int,
    at: datetime,
    signer: str,
) -> Placed:
    """The revision with `reserve` bytes set aside; an invisible field gets no appearance.

    `certify`: certification signature that permits form filling and signing only. `at` (UTC) and `signer` are claims,
    written as /M and /Name.
    """
    increment = Increment(document)
    entries = dict(field.entries)
    width, height = field.box
    if appearance is not None and width > 0 and height > 0:
        entries["AP"] = {"N": Ref(draw(appearance, width, height, increment), 0)}
    signature = increment.reserve()
    entries["V"] = Ref(signature, 0)
    increment.replace(field.ref, entries)
    if certify:
        increment.replace(document.root_ref, {**document.root, "Perms": {"DocMDP": Ref(signature, 0)}})
    increment.put(signature, _dictionary(certify=certify, reserve=reserve, at=at, signer=signer))
    tail, bodies = increment.appended()
    return _measured(document.data, tail, bodies[signature], reserve)


def _dictionary(*, certify: bool, reserve: int, at: datetime, signer: str) -> bytes:
    """The signature dictionary. /ByteRange and /Contents come first, at known places."""
    rules = b""
    if certify:
        parameters: dict[str, Value] = {"Type": Name("TransformParams"), "V": Name("1.2"), "P": _FILL_AND_SIGN}
        rule: dict[str, Value] = {
            "Type": Name("SigRef"),
            "TransformMethod": Name("DocMDP"),
            "TransformParams": parameters,
        }
        rules = b"/Reference " + written([rule])
    return b"".join(
        (
            b"<</ByteRange ",
            b" " * _RANGE_WIDTH,
            b"/Contents <",
            b"0" * (2 * reserve),
            b">\n/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached",
            b" /M (D:%bZ) /Name " % at.strftime("%Y%m%d%H%M%S").encode("ascii"),
            written(text_string(signer)),
            rules,
            b">>",
        )
    )


def _measured(base: bytes, tail: bytes, body: int, reserve: int) -> Placed:
    """Fill in the byte range and take the digests, in one pass over the base."""
    place_of_range = body - len(base) + len(b"<</ByteRange ")
    start = body + len(b"<</ByteRange ") + _RANGE_WIDTH + len(b"/Contents ")
    end = start + 2 * reserve + 2
    covered = b"[0 %d %d %d]" % (start, end, len(base) + len(tail) - end)
    filled = b"".join((tail[:place_of_range], covered.ljust(_RANGE_WIDTH), tail[place_of_range + _RANGE_WIDTH :]))
    state = hashlib.sha256(base)
    base_sha256 = state.hexdigest()
    state.update(filled[: start - len(base)])
    state.update(filled[end - len(base) :])
    return Placed(base + filled, base_sha256, start, end, state.digest())
