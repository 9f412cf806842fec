"""Somebody swaps, hides or adds content by an incremental update after signing: it is never explained away."""

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing_service.verification.mutations import (
    add_page,
    add_script,
    point_at_other,
    remove_signature,
    replace_page,
    update,
)
from tests.signing_service.verification.worlds import agreement, codes, judge, only, stamped

name = generic.pdf_name


def other_catalog(pdf: bytes) -> bytes:
    """A new page tree behind the same catalog."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = generic.DictionaryObject({name("/Type"): name("/Page"), name("/MediaBox"): box()})
        tree = generic.DictionaryObject({name("/Type"): name("/Pages"), name("/Count"): generic.NumberObject(1)})
        reference = writer.add_object(tree)
        page[name("/Parent")] = reference
        tree[name("/Kids")] = generic.ArrayObject([writer.add_object(page)])
        writer.root[name("/Pages")] = reference
        writer.update_root()

    return update(pdf, change)


def other_font(pdf: bytes) -> bytes:
    """The same text shown with another font: glyphs can be swapped so."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        font = next(iter(writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"].values())).get_object()
        font[name("/BaseFont")] = name("/ZapfDingbats")
        writer.update_container(font)

    return update(pdf, change)


def smaller_page(pdf: bytes) -> bytes:
    """Part of the page cropped away."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name("/CropBox")] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 200, 200)))
        writer.update_container(page)

    return update(pdf, change)


def inherited_resources(pdf: bytes) -> bytes:
    """Something put on the page tree that the pages inherit."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        tree = writer.root["/Pages"]
        tree[name("/Rotate")] = generic.NumberObject(180)
        writer.update_container(tree)

    return update(pdf, change)


def box() -> generic.ArrayObject:
    return generic.ArrayObject(map(generic.NumberObject, (0, 0, 612, 792)))


@pytest.mark.parametrize(
    "mutate",
    [replace_page, add_page, add_script, other_catalog, other_font, smaller_page, inherited_resources],
)
@pytest.mark.parametrize("signed", [stamped, agreement])
def test_other_content_is_never_passed(mutate, signed):
    report = judge(mutate(signed()))
    assert report.document.indication == "INDETERMINATE"
    assert "change.unexplained" in codes(report)
    for entry in report.signatures:
        assert (entry.integrity, entry.changes) == ("intact", "unexplained")


def test_content_swapped_and_swapped_back_is_still_seen():
    """Between two honest looking ends there was a revision with other content."""
    swapped = replace_page(stamped())
    original = stamped()

    def back(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"q Q"))
        writer.update_container(page)

    assert not judge(update(swapped, back)).passed
    assert judge(original).passed


def test_a_signature_taken_away_is_missed():
    report = judge(remove_signature(agreement(), "Sig2"))
    assert "document.signature_removed" in codes(report)
    assert not report.passed


def test_a_signature_borrowed_by_another_field_is_named():
    report = judge(point_at_other(agreement(), "Sig2", "Sig1"))
    assert not report.passed
    assert "signature.shared_value" in codes(report)
    assert only(report, "Sig3").integrity == "intact"
