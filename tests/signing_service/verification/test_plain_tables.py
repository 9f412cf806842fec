"""Cross-reference tables read at once: what the library reads entry by entry, or nothing."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import xref

from signing_service.verification import bounded_reader
from signing_service.verification.plain_tables import plain_table

LIBRARY = bounded_reader._read_table  # as it was before this project put its own in its place
ENDS = st.sampled_from((b" \n", b" \r", b"\r\n"))
ENTRY = st.builds(
    lambda offset, generation, kind, end: b"%010d %05d %c%s" % (offset, generation, kind, end),
    st.integers(0, 9_999_999_999),
    st.integers(0, 99_999),
    st.sampled_from(b"nf"),
    ENDS,
)
RUN = st.builds(
    lambda first, entries, end: b"%d %d%s" % (first, len(entries), end) + b"".join(entries),
    st.integers(0, 999_999_999),
    st.lists(ENTRY, max_size=5),
    st.sampled_from((b"\n", b"\r\n", b" \n", b" \r\n")),
)
TABLE = st.builds(
    lambda runs, end, rest: b"\n" + b"".join(runs) + b"trailer" + end + rest,
    st.lists(RUN, min_size=1, max_size=4),
    st.sampled_from((b"\n", b"", b" \r\n")),
    st.just(b"<</Size 9>>"),
)


def by_library(data: bytes) -> tuple[list[xref.XRefEntry], int]:
    stream = io.BytesIO(data)
    return list(LIBRARY(stream, True)), stream.tell()


@given(TABLE)
def test_a_plain_table_is_read_as_the_library_reads_it(data: bytes) -> None:
    found = plain_table(data, 0)
    assert found is not None
    assert (list(found[0]), found[1]) == by_library(data)


@given(TABLE, st.integers(0, 400), st.binary(max_size=3))
def test_a_changed_table_is_read_the_same_or_left_to_the_library(data: bytes, place: int, put: bytes) -> None:
    changed = data[: place % len(data)] + put + data[place % len(data) + len(put) :]
    found = plain_table(changed, 0)
    assert found is None or (list(found[0]), found[1]) == by_library(changed)


def test_what_is_left_to_the_library() -> None:
    entry = b"0000000017 00000 n \n"
    for data in (
        b"0 1\n" + entry[:-1] + b"trailer<<>>",  # an entry too short
        b"0 2\n" + entry + b"trailer<<>>",  # one missing
        b"0 1\n" + entry,  # no trailer
        b"0 1\n" + entry + b"trailer",  # nothing behind it
        b"0 1\n0000000017 00000 x \ntrailer<<>>",
        b"trailer<<>>",
        b"0 999999999\n" + entry + b"trailer<<>>",
    ):
        assert plain_table(data, 0) is None
