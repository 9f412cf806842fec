"""What a reader sees: pages compared as pictures, and what is hidden or covered is found on its page."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.pdfgen.canvas import Canvas

from signing_service.verification.exhibits import Remembered, exhibits, steps_to_show
from signing_service.verification.report_html import render_body
from signing_service.verification.visible import compare, marks
from tests.signing_service.verification.mutations import add_annotation, add_page, replace_page, update
from tests.signing_service.verification.worlds import agreement, certified, judge, stamped

name = generic.pdf_name


def drawing(*steps: Callable[[Canvas], object]) -> bytes:
    """One page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    for step in steps:
        step(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def words(canvas: Canvas) -> None:
    canvas.drawString(100, 600, "one hundred thousand euros")


def area(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(90, 590, 200, 30, stroke=0, fill=1)


def invisible(canvas: Canvas) -> None:
    text = canvas.beginText(100, 500)
    text.setTextRenderMode(3)
    text.textOut("nobody sees this")
    canvas.drawText(text)


def fields(*boxes: tuple[int, int]) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for number, (x, y) in enumerate(boxes):
            canvas.acroForm.textfield(name=f"Amount{number}", x=x, y=y, width=100, height=20, value="9")

    return draw


def hide_first_annotation(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        note = writer.root["/Pages"]["/Kids"][0]["/Annots"][0].get_object()
        note[name("/F")] = generic.NumberObject(2)
        writer.update_container(note)

    return update(pdf, change)


def kinds(pdf: bytes) -> list[tuple[int, str]]:
    return [(mark.page, mark.kind) for mark in marks(pdf)]


def test_text_under_an_area_is_found_and_text_over_it_is_not() -> None:
    assert kinds(drawing(words, area)) == [(1, "covered_text")]
    assert kinds(drawing(area, words)) == []


def test_invisible_text_is_found_where_it_stands() -> None:
    found = marks(drawing(words, invisible))
    assert [mark.kind for mark in found] == ["invisible_text"]
    assert 0.35 < found[0].box.y0 < found[0].box.y1 < 0.45, "500 of 842 points from below"


def test_fields_over_each_other_are_named() -> None:
    assert kinds(drawing(fields((100, 400), (100, 300)))) == []
    found = marks(drawing(fields((100, 400), (110, 405))))
    assert [(mark.kind, mark.name) for mark in found] == [("overlapping", "Amount1 / Amount0")]


def test_a_hidden_field_is_named() -> None:
    found = marks(hide_first_annotation(drawing(fields((100, 400)))))
    assert [(mark.kind, mark.name) for mark in found] == [("hidden", "Amount0")]


def test_a_signed_agreement_has_nothing_hidden() -> None:
    """Invisible seals and stamps are common and no secret."""
    assert kinds(agreement()) == []


@pytest.mark.parametrize(("mutate", "pages"), [(replace_page, (2, 2)), (add_page, (2, 3))])
def test_the_step_that_changed_something_is_the_one_that_is_shown(
    mutate: Callable[[bytes], bytes], pages: tuple[int, int]
) -> None:
    pdf = mutate(stamped())
    report = judge(pdf)
    found = exhibits(pdf, report)
    assert found.problem == ""
    last = report.document.revisions
    assert [(look.before, look.after) for look in found.looks] == [(last - 1, last)]
    assert (found.looks[0].pages_before, found.looks[0].pages_after) == pages
    assert found.looks[0].changes


def test_what_no_picture_shows_is_not_called_the_same() -> None:
    """A comment without an appearance of its own is drawn by some programs only."""
    pdf = add_annotation(stamped())
    report = judge(pdf)
    look = exhibits(pdf, report).looks[0]
    assert look.changes == ()
    said = str(render_body(report, "en", exhibits=exhibits(pdf, report), address="/x"))
    assert "What changed cannot be seen, or shows only in some programs." in said


def test_an_added_page_exists_on_one_side_only() -> None:
    look = compare(stamped(), add_page(stamped()), (1, 2))
    assert [(change.page, change.only_after) for change in look.changes] == [(3, True)]
    back = compare(add_page(stamped()), stamped(), (1, 2))
    assert [(change.page, change.only_before) for change in back.changes] == [(3, True)]


def test_the_frame_stands_where_the_difference_is() -> None:
    look = compare(drawing(words), drawing(words, fields((300, 100))), (1, 2))
    (change,) = look.changes
    (box,) = change.boxes
    assert box.x0 < 300 / 595 < 400 / 595 < box.x1 + 0.02
    assert box.y0 < 1 - 120 / 842 < 1 - 100 / 842 < box.y1 + 0.02
    assert compare(drawing(words), drawing(words), (1, 2)).changes == ()


def test_signing_and_archiving_alone_are_not_shown_as_pictures() -> None:
    assert steps_to_show(judge(agreement())) == []
    assert steps_to_show(judge(certified())) == []


def test_pictures_are_remembered_by_file_page_and_size_for_a_while() -> None:
    now = [0.0]
    memory = Remembered(most_bytes=10, seconds=60, clock=lambda: now[0])
    memory.put(("a" * 64, 1, 110), b"12345")
    assert memory.get(("a" * 64, 1, 110)) == b"12345"
    assert memory.get(("a" * 64, 1, 60)) is None
    memory.put(("b" * 64, 1, 110), b"123456")
    assert memory.get(("a" * 64, 1, 110)) is None, "the oldest goes when there are too many bytes"
    now[0] = 61.0
    assert memory.get(("b" * 64, 1, 110)) is None, "and everything goes with time"
