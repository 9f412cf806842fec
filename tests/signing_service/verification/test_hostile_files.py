"""Broken, foreign and hostile files: each gives a report with the right words; one broken field hides no other."""

import io
import random
import zlib

import pytest
from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.mutations import (
    byte_range,
    cut_last_revision,
    damage_contents,
    damage_value,
    flip_byte,
    last_signature_place,
    other_subfilter,
    point_at_other,
    trailing_junk,
    truncated,
    update,
    zero_contents,
)
from tests.signing_service.verification.worlds import agreement, basic, codes, judge, only, pki, stamped, verdict


def two_signatures() -> bytes:
    pdf = base_pdf(empty_fields=["Sig1", "Sig2"])
    for field in ("Sig1", "Sig2"):
        pdf = sign(pdf, pki(), Signing(pki().signatory(), field))
    return pdf


def test_a_changed_byte_fails_every_signature_over_it():
    report = judge(flip_byte(agreement()))
    assert report.document.indication == "TOTAL_FAILED"
    assert report.document.sub_indication == "HASH_FAILURE"
    for entry in report.signatures:
        assert verdict(entry) == ("TOTAL_FAILED", "HASH_FAILURE")
        assert entry.integrity == "broken"


def test_a_damaged_value_fails_only_its_own_signature():
    report = judge(damage_value(two_signatures()))
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert verdict(only(report, "Sig2")) == ("TOTAL_FAILED", "SIG_CRYPTO_FAILURE")


@pytest.mark.parametrize("mutate", [zero_contents, damage_contents])
def test_unreadable_contents_are_a_format_failure_and_hide_nothing(mutate):
    report = judge(mutate(two_signatures()))
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert verdict(only(report, "Sig2")) == ("TOTAL_FAILED", "FORMAT_FAILURE")
    assert "signature.malformed" in codes(report)


def numbers_of(pdf: bytes) -> tuple[int, int, int]:
    start, end = last_signature_place(pdf)
    return start - 1, end + 1, len(pdf) - end - 1


@pytest.mark.parametrize(
    "change",
    [
        lambda gap, after, rest: f"0 {gap - 4} {after} {rest}",
        lambda gap, after, rest: f"0 {gap} {after + 8} {rest - 8}",
        lambda gap, after, rest: f"0 {gap} {after} {rest + 500}",
        lambda gap, after, rest: f"8 {gap - 8} {after} {rest}",
        lambda gap, after, rest: f"0 {gap} -{after} {rest}",
        lambda gap, after, rest: f"0 {gap} {after}",
        lambda gap, after, rest: "",
        lambda gap, after, rest: f"0 {after} {gap} {rest}",
    ],
)
def test_byte_range_tricks_are_a_format_failure(change):
    pdf = two_signatures()
    report = judge(byte_range(pdf, change(*numbers_of(pdf))))
    entry = only(report, "Sig2")
    assert verdict(entry) == ("TOTAL_FAILED", "FORMAT_FAILURE")
    assert entry.integrity != "intact"
    assert "signature.byte_range" in codes(report) or "signature.malformed" in codes(report)
    assert only(report, "Sig1").integrity == "intact"


def test_a_byte_range_that_ends_early_never_passes():
    pdf = two_signatures()
    gap, after, rest = numbers_of(pdf)
    report = judge(byte_range(pdf, f"0 {gap} {after} {rest - 40}"))
    assert only(report, "Sig2").indication == "TOTAL_FAILED"


def test_an_unknown_subfilter_is_listed_as_undecidable():
    report = judge(other_subfilter(two_signatures()))
    entry = only(report, "Sig2")
    assert verdict(entry) == ("INDETERMINATE", None)
    assert entry.integrity == "undecidable"
    assert "signature.unknown_subfilter" in codes(report)
    assert entry.subfilter == "GBT38540.SM2.eseal"
    assert only(report, "Sig1").indication == "TOTAL_PASSED"


def test_a_field_that_borrows_another_signature_is_named():
    pdf = base_pdf(empty_fields=["Sig1", "Sig2"])
    pdf = sign(pdf, pki(), Signing(pki().signatory(), "Sig1"))
    report = judge(point_at_other(pdf, "Sig2", "Sig1"))
    assert "signature.shared_value" in codes(report)
    assert not report.passed


def test_bytes_after_the_end_are_counted_and_nothing_passes():
    report = judge(trailing_junk(stamped()))
    assert report.document.trailing_bytes == len(b"<html>not signed</html>")
    assert "document.trailing_bytes" in codes(report)
    assert report.document.indication == "INDETERMINATE"
    assert only(report, "Sig1").integrity == "intact"


def test_much_junk_after_the_end_is_found_too():
    report = judge(trailing_junk(stamped(), b"x" * 5000))
    assert report.document.trailing_bytes == 5000
    assert only(report, "Sig1").integrity == "intact"
    assert not report.passed


def test_blank_lines_after_the_end_harm_nothing():
    report = judge(trailing_junk(stamped(), b"\r\n\n"))
    assert report.passed
    assert report.document.trailing_bytes > 0


def test_a_truncated_file_is_judged_as_far_as_it_reaches():
    report = judge(truncated(two_signatures()))
    assert report.document.readable == "lenient"
    assert "document.cut_short" in codes(report)
    assert only(report, "Sig1").integrity == "intact"
    assert not report.passed


def test_an_earlier_state_is_itself_valid():
    """Cutting whole revisions off cannot be seen in the file; only a comparison with a log shows it."""
    report = judge(cut_last_revision(two_signatures()))
    assert report.passed
    assert report.document.not_proved[-1]["en"].startswith("that no later signature was cut off")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "document.not_a_pdf"),
        (b"not a pdf at all", "document.not_a_pdf"),
        (b"%PDF-1.7\n", "document.unreadable"),
        (b"%PDF-1.7\n%%EOF", "document.unreadable"),
        (b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\nstartxref\n9\n%%EOF", "document.unreadable"),
        (b"PK\x03\x04" + bytes(200), "document.not_a_pdf"),
    ],
)
def test_what_is_no_pdf_is_said_to_be_none(data, code):
    report = judge(data)
    assert report.document.readable == "no"
    assert report.document.indication == "INDETERMINATE"
    assert codes(report) == {code}
    assert report.file.size == len(data)


def test_ten_megabytes_of_noise():
    noise = random.Random(7).randbytes(10 * 1024 * 1024)
    assert judge(noise).document.readable == "no"
    assert judge(b"%PDF-1.7\n" + noise).document.readable == "no"


def test_noise_anywhere_in_a_signed_file_never_raises_and_never_passes():
    rng = random.Random(11)
    pdf = basic()
    gap = last_signature_place(pdf)  # what stands in there is not signed: a flaw of the format, tested on its own
    for _ in range(60):
        place = rng.choice((rng.randrange(gap[0] - 80), rng.randrange(gap[1], len(pdf))))
        broken = pdf[:place] + rng.randbytes(rng.choice((1, 4, 40))) + pdf[place + rng.choice((0, 1, 40)) :]
        assert broken == pdf or not judge(broken).passed


def test_a_signature_in_an_unreadable_file_still_says_that_its_bytes_were_changed():
    report = judge(basic().replace(b"/Pages", b"/Paged"))
    assert report.document.readable == "no"
    assert report.document.indication == "TOTAL_FAILED"
    assert {entry.integrity for entry in report.signatures} == {"broken"}
    assert "signature.not_in_form" in codes(report)


def test_a_signed_revision_whose_place_was_overwritten_is_found_by_its_objects():
    pdf = basic()
    place = pdf.rindex(b"startxref") + 10
    report = judge(pdf[:place] + b"99999999"[: len(pdf) - place - 7] + pdf[place + 8 :])
    assert "document.rebuilt" in codes(report)
    assert [(entry.field, entry.integrity) for entry in report.signatures] == [("Sig1", "broken")]


def test_a_signature_that_no_field_leads_to_is_named():
    """The form is taken away by an update; the signature's bytes are still in the file."""

    def change(writer):
        del writer.root["/AcroForm"]
        writer.update_root()

    report = judge(update(basic(), change))
    assert {"signature.not_in_form", "document.signature_removed"} <= codes(report)
    assert [entry.integrity for entry in report.signatures] == ["intact"]
    assert not report.passed


def test_a_signed_attachment_is_not_taken_for_a_signature_of_this_document():
    inner = basic()
    page = copy_into_new_writer(PdfFileReader(io.BytesIO(base_pdf())))
    embed.embed_file(page, embed.FileSpec("inner.pdf", embedded_data=_attached(page, inner)))
    output = io.BytesIO()
    page.write(output)
    report = judge(sign(output.getvalue(), pki(), Signing(pki().signatory())))
    assert b"ETSI.CAdES.detached" in output.getvalue()
    assert report.passed
    assert len(report.signatures) == 1


def _attached(writer, data: bytes):
    return embed.EmbeddedFileObject.from_file_data(writer, data=data, compress=False, mime_type="application/pdf")


def test_hidden_bytes_behind_the_signature_value_are_named():
    pdf = basic()
    _, end = last_signature_place(pdf)
    report = judge(pdf[: end - 8] + b"deadbeef" + pdf[end:])
    assert "signature.padding" in codes(report)
    assert only(report, "Sig1").integrity == "intact"


def test_a_decompression_bomb_is_refused():
    bomb = zlib.compress(bytes(100 * 1024 * 1024), 1)
    body = b"1 0 obj\n<</Type/XRef/Size 2/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(bomb)
    pdf = b"%PDF-1.7\n" + body + bomb + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    assert judge(pdf).document.readable == "no"


def test_page_trees_and_forms_that_bite_their_tail():
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</T(a)/FT/Sig/Kids[3 0 R]>>endobj\n"
    )
    places = [pdf.index(b"%d 0 obj" % number) for number in (1, 2, 3)]
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    whole = pdf + b"xref\n0 4\n0000000000 65535 f \n" + table
    whole += b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
    report = judge(whole)
    assert report.document.indication == "INDETERMINATE"
