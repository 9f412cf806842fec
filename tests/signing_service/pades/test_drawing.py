"""The grammar of drawings: whole numbers within the pad, and nothing that a PDF reader could take for more."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.rendering.pdf_file import PdfFile
from signing_service.pades import drawing, errors
from signing_service.pades.drawing import BYTES_MAX, HEIGHT, POINTS_MAX, STROKES_MAX, WIDTH
from tests.factories.handwriting import handwriting, strokes

POINTS = st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT))
STROKES = st.lists(st.lists(POINTS, min_size=1, max_size=6), min_size=1, max_size=5)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)
SIZED = [[10, 10, 200, 200]]


def form_of(found: drawing.Drawing) -> str:
    """The content of its form XObject."""
    pdf = PdfFile()
    drawing.write_form(pdf, found)
    return pdf.finish(root=1, info=1, identifier=bytes(16)).decode("latin-1").split("stream\n")[1].removesuffix("\nend")


@settings(max_examples=50)
@given(STROKES)
def test_what_is_within_the_pad_comes_back_as_it_was_and_becomes_strokes_only(
    points: list[list[tuple[int, int]]],
) -> None:
    given = SIZED + [[value for point in stroke for value in point] for stroke in points]
    found = drawing.read(given)
    assert drawing.plain(found) == given
    assert drawing.of_bytes(found.data) == found
    assert len(found.data) <= BYTES_MAX
    assert re.fullmatch(r"1 J 1 j 42 w [\d. ]+ RG\n(?:[\d ]+ m\n(?:[\d ]+ c\n)*[\d ]+ l S\n)+", form_of(found) + "\n")


@settings(max_examples=50)
@given(ANYTHING)
def test_anything_else_is_refused_by_name(value: object) -> None:
    try:
        found = drawing.read(value)
    except errors.DrawingRefused:
        return
    assert drawing.plain(found) == value


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "not a list of strokes"),
        ([], "not a list of strokes"),
        ({"0": [1, 2]}, "not a list of strokes"),
        ("[[1,2,300,200]]", "not a list of strokes"),
        ([[]], "not a list of points"),
        ([[1, 2, 3]], "not a list of points"),
        (["12"], "not a list of points"),
        ([[0, 0, 300, True]], "not a whole number"),
        ([[0, 0, 300.0, 200]], "not a whole number"),
        ([[0, 0, float("nan"), 200]], "not a whole number"),
        ([[0, 0, float("inf"), 200]], "not a whole number"),
        ([[0, 0, "300", 200]], "not a whole number"),
        ([[0, 0, "0 0 m (x) Tj", 200]], "not a whole number"),
        ([[0, 0, [300], 200]], "not a whole number"),
        ([[-1, 0, 300, 200]], "outside the pad"),
        ([[0, 0, WIDTH + 1, 200]], "outside the pad"),
        ([[0, 0, 300, 10**400]], "outside the pad"),
        ([[10, 10, 30, 30]], "too small"),
        ([[1, 1]] * (STROKES_MAX + 1), "too many strokes"),
        ([[1, 1] * (POINTS_MAX + 1)], "too many points"),
    ],
)
def test_each_refusal_says_why(given: object, reason: str) -> None:
    with pytest.raises(errors.DrawingRefused, match=reason):
        drawing.read(given)


@pytest.mark.parametrize(
    "data", [b"", b"[", b"[" * 100_000, b"\xff", b"[[0,0,NaN,200]]", b"[[1,2,3,4]" + b" " * BYTES_MAX]
)
def test_bytes_that_are_no_drawing_are_refused(data: bytes) -> None:
    with pytest.raises(errors.DrawingRefused):
        drawing.of_bytes(data)


def test_the_byte_form_is_the_strokes_without_blanks() -> None:
    assert handwriting().data == json.dumps(strokes(), separators=(",", ":")).encode()


def test_the_largest_drawing_is_still_small() -> None:
    largest = drawing.read([[WIDTH, HEIGHT, 0, 0] * (POINTS_MAX // 2)])
    assert len(form_of(largest)) < 50_000
