"""Reads and writes single PDF objects (ISO 32000-2, 7.3): numbers, names, strings, arrays, dictionaries, references.

Strict and small: it reads what this service itself writes, and refuses everything doubtful with ValueError. Streams and
whole files are the business of `document`.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

_DEEPEST = 50
_SPACE = rb"[\x00\t\n\x0c\r ]"
_END = rb"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%]|\Z)"
_TOKEN = re.compile(
    rb"(?:" + _SPACE + rb"|%[^\r\n]*)*(?:"
    rb"(?P<open><<)|(?P<close>>>)|(?P<array>\[)|(?P<end>\])|(?P<literal>\()"
    rb"|/(?P<name>[^\x00\t\n\x0c\r ()<>\[\]{}/%]*)"
    rb"|<(?P<hex>[0-9A-Fa-f\x00\t\n\x0c\r ]*)>"
    rb"|(?P<ref>\d{1,10}"
    + _SPACE
    + rb"+\d{1,5}"
    + _SPACE
    + rb"+R)"
    + _END
    + rb"|(?P<int>[+-]?\d{1,19})"
    + _END
    + rb"|(?P<real>[+-]?(?:\d{1,19}\.\d*|\.\d+))"
    + _END
    + rb"|(?P<word>true|false|null)"
    + _END
    + rb")"
)
_NAME_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_LITERAL = re.compile(rb"[^()\\]+|\\(?:[0-7]{1,3}|\r\n|.)|[()]", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_ODD = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_WORDS = {b"true": True, b"false": False, b"null": None}


class Name(str):
    """A name object, without its slash."""

    __slots__ = ()


class Ref(NamedTuple):
    """An indirect reference."""

    number: int
    generation: int


Value: TypeAlias = bool | int | float | bytes | Name | Ref | list["Value"] | dict[str, "Value"] | None


def parse(data: bytes, position: int) -> tuple[Value, int]:
    """The object that begins at `position`, and where it ends. Strings are bytes, dictionary keys have no slash.

    Raises ValueError for anything that is not one well-formed object.
    """
    return _parse(data, position, 0)


def _parse(data: bytes, position: int, depth: int) -> tuple[Value, int]:
    token = _TOKEN.match(data, position)
    if token is None or depth > _DEEPEST:
        raise ValueError(f"no object at {position}")
    kind, end = str(token.lastgroup), token.end()
    text: bytes = token[kind]
    if kind == "open":
        return _dictionary(data, end, depth)
    if kind == "array":
        return _array(data, end, depth)
    if kind == "literal":
        return _string(data, end)
    if kind in _SCALARS:
        return _SCALARS[kind](text), end
    raise ValueError(f"unexpected {text!r} at {position}")


def _dictionary(data: bytes, position: int, depth: int) -> tuple[dict[str, Value], int]:
    members: dict[str, Value] = {}
    while True:
        token = _TOKEN.match(data, position)
        if token is not None and token.lastgroup == "close":
            return members, token.end()
        if token is None or token.lastgroup != "name":
            raise ValueError(f"no key at {position}")
        key = _name(token["name"])
        if key in members:
            raise ValueError(f"the key {key} stands twice")
        members[key], position = _parse(data, token.end(), depth + 1)


def _array(data: bytes, position: int, depth: int) -> tuple[list[Value], int]:
    members: list[Value] = []
    while True:
        token = _TOKEN.match(data, position)
        if token is not None and token.lastgroup == "end":
            return members, token.end()
        member, position = _parse(data, position, depth + 1)
        members.append(member)


def _string(data: bytes, position: int) -> tuple[bytes, int]:
    """A literal string after its opening parenthesis."""
    parts: list[bytes] = []
    depth = 1
    while (piece := _LITERAL.match(data, position)) is not None:
        text, position = piece[0], piece.end()
        depth += {b"(": 1, b")": -1}.get(text, 0)
        if depth == 0:
            return b"".join(parts), position
        if text.startswith(b"\\"):
            escaped = text[1:]
            parts.append(bytes((int(escaped, 8) & 0xFF,)) if escaped.isdigit() else _ESCAPES.get(escaped, escaped))
        else:
            parts.append(text)
    raise ValueError(f"a string does not end before {position}")


def _name(text: bytes) -> str:
    if b"#" in text:
        text = _NAME_ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode("ascii")), text)
    return text.decode("latin-1")


def _hexadecimal(text: bytes) -> bytes:
    digits = text.translate(None, b"\x00\t\n\x0c\r ")
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _reference(text: bytes) -> Ref:
    number, generation, _ = text.split()
    return Ref(int(number), int(generation))


_SCALARS: Mapping[str, Callable[[bytes], Value]] = {
    "name": lambda text: Name(_name(text)),
    "ref": _reference,
    "int": int,
    "hex": _hexadecimal,
    "real": float,
    "word": _WORDS.__getitem__,
}


def text_of(value: Value) -> str:
    """A text string (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 with their marks, otherwise taken as Latin-1."""
    if not isinstance(value, bytes):
        raise ValueError("not a string")
    if value.startswith(b"\xfe\xff"):
        return value[2:].decode("utf-16-be")
    if value.startswith(b"\xef\xbb\xbf"):
        return value[3:].decode("utf-8")
    return value.decode("latin-1")


def written(value: Value) -> bytes:
    """The object as it stands in a file; strings as hexadecimal."""
    match value:
        case None:
            return b"null"
        case bool():
            return b"true" if value else b"false"
        case Ref():
            return b"%d %d R" % value
        case int():
            return b"%d" % value
        case float():
            return f"{value:.5f}".rstrip("0").rstrip(".").encode("ascii")
        case bytes():
            return b"<" + value.hex().encode("ascii") + b">"
        case str():
            return b"/" + _ODD.sub(lambda odd: b"#%02X" % odd[0][0], value.encode("latin-1"))
        case list():
            return b"[" + b" ".join(map(written, value)) + b"]"
        case dict():
            return b"<<" + b" ".join(written(Name(key)) + b" " + written(item) for key, item in value.items()) + b">>"


def text_string(text: str) -> bytes:
    """A text string object: plain ASCII as it is, everything else as UTF-16 with its mark."""
    return text.encode("ascii") if text.isascii() else b"\xfe\xff" + text.encode("utf-16-be")
