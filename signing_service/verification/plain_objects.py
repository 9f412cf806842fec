"""Small PDF dictionaries read from their bytes to be compared: equal here means equal to every reader.

Names with escapes, comments, numbers in other spellings and streams raise NotPlain, or make things look different; so
a difference found here says nothing (ISO 32000-2 clause 7.3).
"""

import re
from collections.abc import Mapping

from signing_service.verification.plain_der import NotPlain, plainly

Plain = object
SPACE = rb"[\x00\t\n\x0c\r ]*"
TOKEN = re.compile(
    SPACE + rb"(?:(?P<open><<|\[)|(?P<close>>>|\])|(?P<name>/[^\x00\t\n\x0c\r ()<>\[\]{}/%#]*)"
    rb"|(?P<number>\d{1,10}) (?P<generation>\d{1,5}) R(?=[\x00\t\n\x0c\r \]>/])"
    rb"|<(?P<hex>(?:[0-9A-Fa-f]{2})*)>|\((?P<text>(?:[^()\\\r]|\\[0-7]{3})*)\)"
    rb"|(?P<word>[+-]?[0-9.]+|true|false|null)(?=[\x00\t\n\x0c\r \]>/(<\[]))"
)
HEAD = re.compile(rb"(\d{1,10}) (\d{1,5}) obj[\n\r ]+")
OCTAL = re.compile(rb"\\([0-7]{3})")
TAIL = re.compile(SPACE + rb"endobj" + SPACE + rb"\Z")
AFTER = re.compile(SPACE + rb"(endobj|stream)")
LONGEST = 20_000
DEEPEST = 16


def span_is_object(data: bytes, start: int, end: int, key: tuple[int, int]) -> bool:
    """Whether the bytes from `start` to `end` begin as this object and end as one."""
    head = HEAD.match(data, start)
    if head is None or (int(head.group(1)), int(head.group(2))) != key:
        return False
    return TAIL.search(data, max(start, end - 24), end) is not None


def dictionary_at(data: bytes, start: int, key: tuple[int, int]) -> Mapping[bytes, Plain]:
    """The dictionary that the object at `start` is; raises NotPlain for any other object."""
    value, is_stream = object_at(data, start, key)
    if is_stream:
        raise NotPlain("a stream")
    return value


@plainly
def object_at(data: bytes, start: int, key: tuple[int, int]) -> tuple[Mapping[bytes, Plain], bool]:
    """The dictionary that the object at `start` is, or begins with when it is a stream; raises NotPlain for others."""
    head = HEAD.match(data, start)
    if head is None or (int(head.group(1)), int(head.group(2))) != key:
        raise NotPlain("object")
    value, end = _first(data, head.end(), min(len(data), start + LONGEST))
    after = AFTER.match(data, end)
    if not isinstance(value, dict) or after is None:
        raise NotPlain("no dictionary")
    return value, after.group(1) == b"stream"


@plainly
def dictionary_in(data: bytes, start: int, end: int) -> Mapping[bytes, Plain]:
    """The dictionary that, but for white space, is all that stands there; raises NotPlain for anything else."""
    value, after = _first(data, start, end)
    if not isinstance(value, dict) or data[after:end].strip():
        raise NotPlain("no dictionary")
    return value


def _first(data: bytes, start: int, limit: int) -> tuple[Plain, int]:
    """The value that begins there, and where it ends."""
    token = TOKEN.match(data, start, limit)
    if token is None:
        raise NotPlain("token")
    return _read(data, token, limit, 0)


def _read(data: bytes, token: re.Match[bytes], limit: int, depth: int) -> tuple[Plain, int]:
    """The value that begins with this token."""
    if depth > DEEPEST:
        raise NotPlain("nesting")
    kind, end = token.lastgroup, token.end()
    if kind == "open":
        return _inside(data, end, limit, depth, token.group("open"))
    if kind == "generation":
        return ("R", int(token.group("number")), int(token.group("generation"))), end
    if kind == "hex":
        return ("text", bytes.fromhex(token.group("hex").decode("ascii"))), end
    if kind == "text":
        return ("text", OCTAL.sub(_octal, token.group("text"))), end
    if kind in ("name", "word"):
        return (kind, token.group(kind)), end
    raise NotPlain("token")


def _octal(found: re.Match[bytes]) -> bytes:
    return bytes((int(found.group(1), 8) & 0xFF,))


def _inside(data: bytes, start: int, limit: int, depth: int, opened: bytes) -> tuple[Plain, int]:
    """The members of an array or dictionary and where it ends."""
    members: list[Plain] = []
    while True:
        token = TOKEN.match(data, start, limit)
        if token is None:
            raise NotPlain("token")
        if token.lastgroup == "close":
            if (opened, token.group("close")) not in ((b"<<", b">>"), (b"[", b"]")):
                raise NotPlain("brackets")
            break
        value, start = _read(data, token, limit, depth + 1)
        members.append(value)
    if opened == b"[":
        return members, token.end()
    keys = [member[1] for member in members[::2] if isinstance(member, tuple) and member[0] == "name"]
    if len(keys) * 2 != len(members) or len(set(keys)) != len(keys):
        raise NotPlain("keys")
    return dict(zip(keys, members[1::2], strict=True)), token.end()
