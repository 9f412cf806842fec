"""References told from bytes: whatever a reader may take for one counts, and nothing written by an attacker is slow."""

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing_service.verification.known_files import known_file
from signing_service.verification.plain_der import NotPlain
from signing_service.verification.references import references
from tests.signing_service.verification.handmade import PAGES, filled, signature_dictionary, written
from tests.signing_service.verification.handmade_mutants import CATALOG, FIRST, FORM, INTENT, PAGE, PREPARED, SHOWN
from tests.signing_service.verification.worlds import judge_both_ways

SPACES = st.text("\x00\t\n\x0c\r ", min_size=1, max_size=6).map(str.encode)
COMMENTS = st.builds(
    lambda text, end: b"%" + text + end, st.sampled_from((b"", b"9 0", b"a % 7")), st.sampled_from((b"\n", b"\r"))
)


def numbers(data: bytes) -> list[tuple[int, int]]:
    return [(number, kind) for number, _, kind in references(data)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"[4 0 R 99 0 R]", [(4, 0), (99, 0)]),
        (b"<</Root 1 0 R/Rect[0 0 9 9]/R 5 0 R>>", [(1, 0), (5, 0)]),
        (b"99\n0\r\nR", [(99, 0)]),
        (b"099 0R", [(99, 1)]),
        (b"R 99 0 R", [(99, 0)]),
        (b"+99.0 0 R", [(99, 1)]),
        (b"99" + b" " * 90 + b"0 R", [(99, 1)]),
        (b"99 %one\n0 %R\nR", [(99, 1)]),
        (b"(Mr R) /Tr R 7 R", []),
        (b"startxref\n99\n%%EOF\n8 0 obj <</Root 1 0 R>>", [(1, 0)]),
    ],
)
def test_what_counts_as_a_reference(data, expected):
    assert numbers(data) == expected


@given(st.integers(1, 99999), st.integers(0, 99), st.lists(st.one_of(SPACES, COMMENTS), min_size=1, max_size=3))
def test_whatever_separates_its_parts(number, generation, between):
    gap = b"".join(between) if re.match(rb"[\x00\t\n\x0c\r %]", between[0]) else b" "
    data = b"[1 0 R %d%s%d%sR]" % (number, gap, generation, gap)
    assert number in {found for found, _ in numbers(data)}


@given(st.binary(max_size=400))
def test_any_bytes_at_all(data):
    assert all(number >= 0 and kind in (0, 1) for number, kind in numbers(data))


def test_more_comments_than_anybody_writes_are_not_followed():
    with pytest.raises(NotPlain):
        numbers(b"99 " + b"%\n" * 500 + b"0 R")


@pytest.mark.parametrize("odd", [b"1 0R ", b"1 %\n0 %\nR ", b"R\nR "])
def test_more_odd_places_than_chance_makes_are_not_looked_into(odd):
    with pytest.raises(NotPlain):
        numbers(odd * 30_000)


def test_contents_that_are_compressed_are_not_taken_for_references():
    packed = zlib.compress(b"99 0 R " * 40)
    assert numbers(b"stream\n" + packed + b"\nendstream") == []


def test_a_file_that_waits_for_an_object_is_not_kept_for_its_next_signature():
    def base(page: bytes) -> bytes:
        objects = {1: CATALOG, **PAGES, 3: page, 5: signature_dictionary(), 6: FIRST, 16: SHOWN, 18: PREPARED}
        return filled(written({**objects, 19: FORM, 21: INTENT}))

    honest, waiting = base(PAGE), base(PAGE.replace(b"4 0 R", b"[4 0 R 22 0 R]", 1))
    assert known_file(honest, judge_both_ways(honest)) is not None
    assert known_file(waiting, judge_both_ways(waiting)) is None
