"""Somebody lays something over a signed agreement: the signatures stay intact, the change is named."""

import pytest

from tests.signing_service.verification.mutations import add_annotation, add_visible_field, fill_field
from tests.signing_service.verification.worlds import agreement, certified, codes, judge, only, stamped


@pytest.mark.parametrize("subtype", ["/FreeText", "/Stamp", "/Square", "/Highlight", "/Text"])
def test_evil_annotation_on_a_certified_agreement(subtype):
    report = judge(add_annotation(agreement(), subtype))
    assert report.document.indication == "INDETERMINATE"
    assert "change.not_permitted" in codes(report)
    for entry in report.signatures:
        assert (entry.integrity, entry.changes) == ("intact", "annotation")
        assert (entry.indication, entry.sub_indication) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")


def test_a_comment_over_a_single_signature():
    report = judge(add_annotation(stamped()))
    assert not report.passed
    assert "change.annotation" in codes(report)


def test_a_sneaky_signature_field_after_certification():
    report = judge(add_visible_field(agreement()))
    assert only(report, "Seal").indication == "INDETERMINATE"
    assert not report.passed


def test_a_text_field_that_changes_what_is_read():
    """Permitted by the certification, so it passes; but which field got which value is said."""
    report = judge(fill_field(certified(2), "Text1", "3 % discount"))
    assert only(report, "Seal").changed_fields == ("Text1",)
    found = [entry for entry in report.findings if entry.code == "change.form_fill"]
    assert "3 % discount" in found[0].text["en"]
    assert found[0].severity == "warning"
