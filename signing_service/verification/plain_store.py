"""A step that only added a document security store, told from its bytes: nothing else of the document changed.

Every new object must be the store or one of the streams that it lists (EN 319 142-1 clause 5.4.2).
"""

import re
from collections.abc import Mapping

from signing_service.verification.plain_der import NotPlain, plainly
from signing_service.verification.plain_objects import SPACE, Plain, dictionary_at

Key = tuple[int, int]
LISTED = (b"/Certs", b"/CRLs", b"/OCSPs")
NOTICES = frozenset({b"/ModDate", b"/Producer", b"/Creator"})
STREAM = re.compile(
    rb"(\d{1,10}) (\d{1,5}) obj" + SPACE + rb"<<" + SPACE + rb"/Length (\d{1,8})" + SPACE + rb">>\s?stream"
)
LINE = re.compile(rb"\r?\n")
END = re.compile(rb"\r?\n?endstream")
LONGEST = 1 << 20


def is_notice(old: Mapping[bytes, Plain], new: Mapping[bytes, Plain]) -> bool:
    """Whether only the program and the time of the last change differ (document information)."""
    return all(old.get(key) == new.get(key) for key in {*old, *new} - NOTICES)


def stored(data: bytes, old: Mapping[bytes, Plain], new: Mapping[bytes, Plain], fresh: Mapping[Key, int]) -> bool:
    """Whether the catalog got its first store, made of exactly the new objects; `fresh` says where each stands."""
    if b"/DSS" in old or any(old.get(key) != new.get(key) for key in {*old, *new} - {b"/DSS"}):
        return False
    store = _key(new.get(b"/DSS"))
    held = dictionary_at(data, fresh[store], store) if store in fresh else {}
    listed = [_key(item) for name in LISTED for item in _array(held.get(name, []))]
    if not held or set(held) - {*LISTED, b"/Type"} or held.get(b"/Type", ("name", b"/DSS")) != ("name", b"/DSS"):
        return False
    if len(set(listed)) != len(listed) or {store, *listed} != set(fresh) or store in listed:
        return False
    return all(_is_stream(data, fresh[key], key) for key in listed)


def _is_stream(data: bytes, place: int, key: Key) -> bool:
    head = STREAM.match(data, place)
    return head is not None and (int(head.group(1)), int(head.group(2))) == key


@plainly
def stream_at(data: bytes, place: int, key: Key) -> bytes:
    """What the stream that stands there holds, which is not compressed and has no other entry than its length."""
    head = STREAM.match(data, place)
    line = LINE.match(data, head.end()) if head is not None else None
    if head is None or line is None or (int(head[1]), int(head[2])) != key or int(head[3]) > LONGEST:
        raise NotPlain("stream")
    end = line.end() + int(head[3])
    if END.match(data, end) is None:
        raise NotPlain("length")
    return data[line.end() : end]


def _array(value: Plain) -> list[Plain]:
    if not isinstance(value, list):
        raise NotPlain("no array")
    return value


def _key(value: Plain) -> Key:
    if not isinstance(value, tuple) or value[0] != "R":
        raise NotPlain("no reference")
    return value[1], value[2]
