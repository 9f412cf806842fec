"""What was added after a signature: its class, its words, and what it does to the verdict."""

import pytest

from signing_service.verification.report import CHANGE_CLASSES, gravest
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.handmade_mutants import BOXES
from tests.signing_service.verification.mutations import (
    add_annotation,
    add_page,
    add_script,
    add_visible_field,
    fill_field,
    remove_signature,
    replace_page,
    rewrite_identically,
)
from tests.signing_service.verification.worlds import (
    agreement,
    archived,
    certified,
    codes,
    judge,
    only,
    pki,
    stamped,
    verdict,
)


def changed(report, field="Sig1"):
    return only(report, field).changes


def texts(report) -> str:
    return " ".join(difference["en"] for revision in report.revisions for difference in revision.differences)


def test_the_gravest_class_counts():
    assert gravest(("none", "signing", "maintenance")) == "signing"
    assert gravest(()) == "none"
    assert CHANGE_CLASSES[-1] == "unexplained"


@pytest.mark.parametrize("mutate", [replace_page, add_page, add_script])
def test_other_content_is_unexplained_and_named(mutate):
    report = judge(mutate(stamped()))
    entry = only(report, "Sig1")
    assert (entry.integrity, entry.changes) == ("intact", "unexplained")
    assert verdict(entry) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert report.document.indication == "INDETERMINATE"
    assert "change.unexplained" in codes(report)
    assert "forged" not in report.document.summary["en"]


def test_words_say_which_page_was_changed():
    report = judge(replace_page(stamped()))
    assert "what page 1 shows was changed" in texts(report)
    assert "number of pages changed from 2 to 3" in texts(judge(add_page(stamped())))


def test_a_comment_is_an_annotation_not_a_forgery():
    report = judge(add_annotation(stamped()))
    entry = only(report, "Sig1")
    assert entry.changes == "annotation"
    assert verdict(entry) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert "a comment was added on page 1 (FreeText)" in texts(report)


def test_certification_level_three_permits_comments():
    assert judge(certified(3)).passed
    report = judge(add_annotation(certified(3)))
    assert verdict(only(report, "Seal")) == ("TOTAL_PASSED", None)
    assert "change.annotation" in codes(report)


def test_certification_level_one_permits_maintenance_only():
    assert judge(certified(1)).passed
    report = judge(add_visible_field(certified(1)))
    assert verdict(only(report, "Seal")) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert "change.not_permitted" in codes(report)
    assert only(report, "Seal").integrity == "intact"


def test_filled_form_fields_are_named_with_their_values():
    report = judge(fill_field(certified(2), "Text1", "one million"))
    entry = only(report, "Seal")
    assert entry.changes == "form_fill"
    assert entry.changed_fields == ("Text1",)
    assert "the field “Text1” was “—” and is now “one million”" in texts(report)
    assert entry.indication == "TOTAL_PASSED"
    assert "change.form_fill" in codes(report)


def test_form_fill_is_not_permitted_by_level_one():
    report = judge(fill_field(certified(1), "Text1", "one million"))
    assert verdict(only(report, "Seal")) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")


def test_a_new_visible_field_after_certification_is_not_permitted():
    report = judge(add_visible_field(agreement()))
    assert verdict(only(report, "Seal")) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert report.document.indication == "INDETERMINATE"


def test_a_field_laid_over_the_page_is_named_even_without_certification():
    report = judge(add_visible_field(stamped()))
    assert "change.covering_field" in codes(report)
    assert report.document.indication == "INDETERMINATE"


def test_every_signature_before_the_change_is_affected_and_none_hides_another():
    report = judge(replace_page(agreement()))
    assert {entry.changes for entry in report.signatures} == {"unexplained"}
    assert {entry.integrity for entry in report.signatures} == {"intact"}


def test_objects_written_again_unchanged_are_maintenance():
    report = judge(rewrite_identically(stamped()))
    assert changed(report) == "maintenance"
    assert report.passed


def test_archival_is_maintenance():
    assert changed(judge(archived())) == "maintenance"


def test_a_removed_signature_is_named():
    pdf = base_pdf(empty_fields=["Sig1", "Sig2"])
    for field in ("Sig1", "Sig2"):
        pdf = sign(pdf, pki(), Signing(pki().signatory(), field))
    report = judge(remove_signature(pdf, "Sig2"))
    assert "document.signature_removed" in codes(report)
    assert changed(report) == "unexplained"
    assert report.document.indication == "INDETERMINATE"


@pytest.mark.parametrize("name", ["by hand: values to be drawn anew", "by hand: values to be drawn in white"])
def test_asking_programs_to_draw_values_again_is_more_than_signing(name):
    report = judge(next(case.make() for case in BOXES if case.name == name))
    assert changed(report) == "form_fill"
    assert "a setting of the form was changed" in texts(report)
