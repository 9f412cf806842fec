"""Dictionaries of the plainest form read token by token; the library reads them character by character.

`use` puts this reader in the place of the library's own. What it makes is equal in value, kind and place to what the
library makes. Whatever is unusual is left to the library from the beginning, so that errors and warnings are its own:
comments, escapes in names, numbers in odd spellings, keys that stand twice, deep nesting (ISO 32000-2 clause 7.3);
leniently keys that stand twice are read by `doubled`.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from functools import lru_cache
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import TextStringEncoding

from signing_service.verification import doubled
from signing_service.verification.plain_der import NotPlain, plainly

SPACE = rb"[\x00\t\n\x0c\r ]*"
ENDS = rb"(?=[\x00\t\n\x0c\r ()<>\[\]/])"
TOKEN = re.compile(
    SPACE + rb"(?:/(?P<name>[!\"$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]+)"
    rb"|(?P<number>[1-9]\d{0,8}) (?P<generation>\d{1,5}) R(?=[\x00\t\n\x0c\r >\]/])"
    rb"|(?P<integer>[+-]?\d{1,15})" + ENDS + rb"|(?P<close>>>|\])|(?P<dictionary><<)|(?P<array>\[)"
    rb"|\((?P<text>(?:[^()\\\r]++|\\[0-3][0-7]{2}|\\[()nrtbf\\])*)\)|(?P<hex><)"
    rb"|(?P<real>[+-]?(?:\d{1,15}\.\d{0,15}|\.\d{1,15}))" + ENDS + rb"|(?P<word>true|false|null)" + ENDS + rb")"
)
ESCAPE = re.compile(rb"\\([0-7]{3}|[()nrtbf\\])")
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
LONGEST = 1 << 20
DEEPEST = 16
_library = generic.DictionaryObject.read_from_stream


class Held(BytesIO):
    """A stream that lends its bytes as a whole."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.data = data


def read_dictionary(
    stream: Any,
    container_ref: Any,
    as_metadata_stream: bool = False,
    in_content_stream: generic.ContentOpReading = generic.ContentOpReading.NO,
) -> generic.DictionaryObject:
    """The dictionary or stream at the position of `stream`, which is left behind it; errors are the library's."""
    start = stream.tell()
    if isinstance(stream, Held) and not in_content_stream and not as_metadata_stream:
        try:
            values, end = _dictionary_at(stream.data, start, container_ref)
            stream.seek(end)
            payload = generic._maybe_read_stream_payload(stream, values, container_ref.get_pdf_handler())
        except NotPlain:
            stream.seek(start)
        else:
            return _made(values) if payload is None else generic.StreamObject(values, encoded_data=payload)
    if in_content_stream or as_metadata_stream or getattr(container_ref.get_pdf_handler(), "strict", True):
        found: generic.DictionaryObject = _library(stream, container_ref, as_metadata_stream, in_content_stream)
        return found
    return doubled.read_dictionary(stream, container_ref)


@plainly
def _dictionary_at(data: bytes, start: int, container: Any) -> tuple[dict[Any, Any], int]:
    opening = TOKEN.match(data, start, start + 2)
    if opening is None or opening.lastgroup != "dictionary":
        raise NotPlain("no dictionary")
    values, end = _members(data, start + 2, min(len(data), start + LONGEST), container, 0)
    return _paired(values, data[end - 2 : end]), end


def _members(data: bytes, position: int, limit: int, container: Any, depth: int) -> tuple[list[Any], int]:
    """What stands up to the next closing bracket, which is consumed."""
    if depth > DEEPEST:
        raise NotPlain("nesting")
    members: list[Any] = []
    handler = container.get_pdf_handler()
    while True:
        token = TOKEN.match(data, position, limit)
        if token is None:
            raise NotPlain("token")
        kind, position = token.lastgroup, token.end()
        if kind == "close":
            return members, position
        value: Any
        if kind == "name":
            value = generic.NameObject(_name(token["name"]))
        elif kind == "generation":
            value = generic.IndirectObject(int(token["number"]), int(token["generation"]), handler)
        elif kind == "integer":
            value = generic.NumberObject(token["integer"])
        elif kind == "dictionary":
            inner, position = _members(data, position, limit, container, depth + 1)
            value = _made(_paired(inner, data[position - 2 : position]))
        elif kind == "array":
            inner, position = _members(data, position, limit, container, depth + 1)
            if data[position - 1 : position] != b"]":
                raise NotPlain("brackets")
            value = generic.ArrayObject(inner)
        elif kind == "hex":  # most bytes of a signed file are in here: they are not tried one by one
            closing = data.index(b">", position, limit)
            digits, position = data[position:closing], closing + 1
            value = _string(unhexlify(digits if len(digits) % 2 == 0 else digits + b"0"))
        else:
            value = _scalar(kind, token)
        value.container_ref = container
        members.append(value)


def _scalar(kind: str | None, token: re.Match[bytes]) -> Any:
    if kind == "text":
        return _string(ESCAPE.sub(_unescaped, token["text"]))
    if kind == "real":
        return generic.FloatObject(token["real"].decode("ascii"))
    word = token["word"]
    return generic.NullObject() if word == b"null" else generic.BooleanObject(word == b"true")


def _string(held: bytes) -> Any:
    """As the library makes it of these bytes: at once of printable ASCII, which means itself in PDFDocEncoding, and of
    the contents of signatures, which have zeros, which mean nothing there."""
    if held[:1] == b"0" and b"\x00" in held:
        return generic.ByteStringObject(held)
    if not held.isascii() or not (text := held.decode("ascii")).isprintable():
        return generic.pdf_string(held)
    made = generic.TextStringObject(text)
    made.autodetected_encoding = TextStringEncoding.PDF_DOC
    return made


def _unescaped(found: re.Match[bytes]) -> bytes:
    spelt = found[1]
    return bytes((int(spelt, 8),)) if len(spelt) == 3 else LETTERS.get(spelt, spelt)


@lru_cache(maxsize=4096)
def _name(written: bytes) -> str:
    return "/" + written.decode("ascii")


def _paired(members: list[Any], closing: bytes) -> dict[Any, Any]:
    """Names and values in turn as a dictionary; each name once, and its own brackets."""
    keys, values = members[::2], members[1::2]
    if closing != b">>" or len(keys) != len(values):
        raise NotPlain("dictionary")
    if not all(isinstance(key, generic.NameObject) for key in keys) or len({*keys}) != len(keys):
        raise NotPlain("keys")
    for key in keys:
        del key.container_ref
    return dict(zip(keys, values, strict=True))


def _made(values: dict[Any, Any]) -> generic.DictionaryObject:
    """A dictionary of the library's; its keys are names already."""
    made = generic.DictionaryObject()
    dict.update(made, values)
    return made


def use() -> None:
    """Let the library read dictionaries this way, in the whole process."""
    generic.DictionaryObject.read_from_stream = staticmethod(read_dictionary)  # type: ignore[method-assign]  # of its form
