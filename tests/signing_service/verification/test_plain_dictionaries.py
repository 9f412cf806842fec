"""Dictionaries read token by token are those that the library reads, errors and the place behind them included."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic

from signing_service.verification.plain_der import NotPlain
from signing_service.verification.plain_dictionaries import Held, _dictionary_at, _library, read_dictionary

FILES = sorted(Path(__file__, "..", "files").resolve().rglob("*.pdf"))
WORDS = b"/Type /Sig /A /B#20C / << >> [ ] 0 1 -1 +17 1.5 -.5 4. 1.2.3 3 R 5 true false null nullx { stream endobj"
STRINGS = rb"(text) (a(b)c) (a\)b\053\n) (\8) (open <AbCd> <ABC> <xy> <"
ODD = (
    b"7 0 R",
    b"12 65535 R",
    b"0 0 R",
    b"5  0 R",
    b"<a b>",
    b"(line\r\nend)",
    b"(\xfe\xff\x00A)",
    b"(\x80\x9f)",
    b"/D\xc3",
)
BETWEEN = (b"%note\n", b"\x00", b"\r", b"/Length 3", b"1" * 30, b"/" + b"n" * 200, b"<<" * 20)
PIECES = [*WORDS.split(), *STRINGS.split(), *ODD, *BETWEEN]


class Handler:
    """The file that references lead into."""

    strict = True

    def get_object(self, _: object) -> generic.NumberObject:
        return generic.NumberObject(3)


def outcome(reader, data: bytes, start: int, handler: Handler) -> tuple[object, ...]:
    stream = Held(data)
    stream.seek(start)
    try:
        found = reader(stream, generic.Reference(1, 0, handler), False, generic.ContentOpReading.NO)
    except Exception as error:  # whatever the library raises is the answer that is compared
        return type(error), str(error)
    return plainly_told(found), stream.tell()


def plainly_told(value: object) -> object:
    """Kind, value and place of an object and of everything in it, to be compared."""
    place = getattr(value, "container_ref", None)
    if isinstance(value, generic.DictionaryObject):
        inside: object = [(plainly_told(key), plainly_told(dict.__getitem__(value, key))) for key in value]
        inside = inside, getattr(value, "encoded_data", None)
    elif isinstance(value, generic.ArrayObject):
        inside = [plainly_told(value.raw_get(index)) for index in range(len(value))]
    elif isinstance(value, generic.IndirectObject):
        inside = value.reference, id(value.reference.pdf)
    elif isinstance(value, generic.TextStringObject):
        inside = str(value), value.original_bytes, value.autodetected_encoding
    else:
        inside = "null" if isinstance(value, generic.NullObject) else repr(value)
    return type(value), inside, place


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_dictionary_of_foreign_files(path):
    data, handler = path.read_bytes(), Handler()
    for found in re.finditer(rb"<<", data):
        assert outcome(read_dictionary, data, found.start(), handler) == outcome(_library, data, found.start(), handler)


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from([b" ", b"", b"\n"]))
def test_whatever_stands_there(pieces, between):
    data, handler = b"<<" + between.join(pieces) + between + b">>\nendobj\n", Handler()
    assert outcome(read_dictionary, data, 0, handler) == outcome(_library, data, 0, handler)


def test_the_commonest_are_not_left_to_the_library():
    data = b"<</Type/Sig/M(D:20261127)/ByteRange [0 1 2 3]/Contents <00ff>/R 5 0 R/N<</A true/B -1.5/C null>>>>endobj"
    values, end = _dictionary_at(data, 0, generic.Reference(1, 0, Handler()))
    assert (len(values), end) == (6, len(data) - len(b"endobj"))
    with pytest.raises(NotPlain):
        _dictionary_at(b"<</A 1 % note\n>> ", 0, generic.Reference(1, 0, Handler()))
