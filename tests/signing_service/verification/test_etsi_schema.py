"""The ETSI report of every kind of document, asked of the published schema of TS 119 102-2 (V1.4.1)."""

import functools
from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from signing_service.verification.expectation import Expectation, ExpectedSignatory
from signing_service.verification.report import Qualification, Report
from signing_service.verification.report_etsi import OWN, report_etsi
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.honest import by_openssl
from tests.signing_service.verification.mutations import (
    add_annotation,
    byte_range,
    cut_last_revision,
    flip_byte,
    other_subfilter,
    replace_page,
    truncated,
    zero_contents,
)
from tests.signing_service.verification.test_sub_indications import revoked, rsa_1024, too_early, wrong_authority
from tests.signing_service.verification.worlds import agreement, archived, basic, judge, pki, stamped, stranger
from tools import etsi_schema

pytestmark = pytest.mark.slow  # `make test` has fetched the schema; the quick check asks nobody for anything


@functools.cache
def schema() -> etree.XMLSchema:
    """As `make` fetched it at set-up; where that was not run it is fetched now, or the run ends and says what to do."""
    etsi_schema.fetch()
    return etsi_schema.validator()


def ours() -> Report:
    """Compared with our log: who held each key is known."""
    people = {"Sig1": ExpectedSignatory("Signatory 1", custody="browser_held")}
    return judge(agreement(), expected=Expectation("SEC-2020-001", signatories=people))


def with_qualification() -> Report:
    report = judge(stamped())
    told = Qualification("QES", report.document.judged_at, "esign", True, "Qualified CA/QC")
    return replace(report, signatures=tuple(replace(entry, qualification=told) for entry in report.signatures))


def hostile_names() -> Report:
    return judge(sign(base_pdf(), pki(), Signing(pki().signatory("<evil/> &\x07 \ufffe"), "]]><b> \u202e")))


KINDS: dict[str, Callable[[], Report]] = {
    "passed, with document time stamp": lambda: judge(agreement()),
    "passed, long-term": lambda: judge(archived()),
    "passed, no time proved": lambda: judge(basic()),
    "of ours, with custody": ours,
    "qualified": with_qualification,
    "of another program": lambda: judge(by_openssl()),
    "indeterminate: nobody trusted": lambda: judge(stamped(), world=stranger()),
    "indeterminate: another authority's time": lambda: wrong_authority().report(),
    "indeterminate: revoked": lambda: revoked().report(),
    "indeterminate: weak key": lambda: rsa_1024().report(),
    "indeterminate: page replaced": lambda: judge(replace_page(stamped())),
    "changed: comment added": lambda: judge(add_annotation(agreement())),
    "failed: signed too early": lambda: too_early().report(),
    "failed: byte changed": lambda: judge(flip_byte(agreement())),
    "failed: no signature inside": lambda: judge(zero_contents(stamped())),
    "failed: byte range": lambda: judge(byte_range(stamped(), "0 1 2 3")),
    "cut off": lambda: judge(cut_last_revision(agreement(), 2)),
    "unknown format": lambda: judge(other_subfilter(stamped())),
    "broken file": lambda: judge(truncated(stamped())),
    "empty field only": lambda: judge(base_pdf(empty_fields=["Sig1"])),
    "unsigned": lambda: judge(base_pdf()),
    "no PDF": lambda: judge(b"noise"),
    "nothing": lambda: judge(b""),
    "hostile names": hostile_names,
}


@pytest.mark.parametrize("kind", KINDS)
def test_valid_by_the_published_schema(kind: str) -> None:
    schema().assertValid(etree.fromstring(report_etsi(KINDS[kind]()).encode()))


def test_changes_and_custody_are_in_extension_points_that_the_schema_leaves_open() -> None:
    root = etree.fromstring(report_etsi(ours()).encode())
    assert "browser_held" in {element.text for element in root.iter(f"{{{OWN}}}Custody")}
    assert "signing" in {element.text for element in root.iter(f"{{{OWN}}}ChangesAfter")}


def test_a_report_that_is_out_of_order_would_be_noticed() -> None:
    root = etree.fromstring(report_etsi(judge(basic())).encode())
    root[0].insert(0, root[0][-1])
    assert not schema().validate(root)
