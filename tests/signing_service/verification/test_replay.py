"""The same evidence, judged again out of the JSON of a report: another time, another policy, further anchors."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from keys.trust.anchors import TrustAnchors
from signing_service.verification.replay import AnotherFile, replay, replay_without_file
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tests.signing_service.verification.documents import base_pdf
from tests.signing_service.verification.honest import by_openssl
from tests.signing_service.verification.mutations import (
    add_annotation,
    damage_value,
    flip_byte,
    other_subfilter,
    replace_page,
    zero_contents,
)
from tests.signing_service.verification.pki import NOW
from tests.signing_service.verification.test_verify import YEARS_LATER
from tests.signing_service.verification.worlds import (
    SOON,
    agreement,
    archived,
    basic,
    judge,
    only,
    pki,
    stamped,
    stranger,
    verdict,
)


@pytest.fixture
def kept() -> Report:
    """A report that went through its JSON."""
    return Report.from_json(json.loads(json.dumps(judge(basic()).to_json())))


def test_the_same_again_is_the_same(kept):
    assert replay(kept, basic()) == kept


def test_another_time(kept):
    assert verdict(only(replay(kept, basic(), at=YEARS_LATER), "Sig1")) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")


def test_another_policy(kept):
    again = replay(kept, basic(), policy="strict")
    assert verdict(only(again, "Sig1")) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert again.policy.name == "strict"
    assert replay(again, basic()).policy.name == "strict"


def test_further_anchors():
    untrusted = verify(basic(), name="a.pdf", anchors=TrustAnchors(), at=SOON, crls_der=pki().crls())
    assert not untrusted.passed
    assert replay(untrusted, basic(), anchors=pki().anchors).passed


def test_another_file_is_refused(kept):
    with pytest.raises(AnotherFile):
        replay(kept, basic() + b" ")


FILES = {
    "agreement": agreement,
    "archived": archived,
    "basic": basic,
    "by openssl": by_openssl,
    "commented": lambda: add_annotation(agreement()),
    "page replaced": lambda: replace_page(stamped()),
    "byte changed": lambda: flip_byte(agreement()),
    "value damaged": lambda: damage_value(stamped()),
    "empty contents": lambda: zero_contents(agreement()),
    "unknown format": lambda: other_subfilter(stamped()),
    "fields still empty": lambda: base_pdf(empty_fields=["Sig1", "Sig2"]),
}
CONDITIONS = {
    "as it was": {},
    "years later": {"at": YEARS_LATER},
    "before its stamp": {"at": NOW - timedelta(minutes=5)},
    "strict": {"policy": "strict"},
    "old file": {"policy": "lenient-archive", "at": YEARS_LATER},
}


PAIRS = [(file, "years later") for file in FILES]
PAIRS += [
    ("agreement", "as it was"),
    ("archived", "before its stamp"),
    ("page replaced", "strict"),
    ("basic", "old file"),
]


def sent(report: Report) -> Report:
    """What somebody else reads out of the JSON."""
    return Report.from_json(json.loads(json.dumps(report.to_json())))


@pytest.mark.parametrize(("file", "conditions"), PAIRS)
def test_the_report_alone_says_the_same_as_the_file_would(file, conditions):
    pdf, asked = FILES[file](), CONDITIONS[conditions]
    report = sent(judge(pdf))
    with_file, alone = replay(report, pdf, **asked), replay_without_file(report, **asked)
    told = [one for one in alone.findings if one.code == "document.replayed"]
    assert len(told) == 1
    without = tuple(one for one in alone.findings if one not in told)
    assert sorted(without, key=str) == sorted(with_file.findings, key=str)
    assert replace(alone, findings=()) == replace(with_file, findings=())


def test_a_digest_that_somebody_changed_in_the_report_does_not_fit_the_signature(kept):
    record = kept.evidence.file
    forged = replace(record.signatures[0], digest="00" * 32)
    lied = replace(kept, evidence=replace(kept.evidence, file=replace(record, signatures=(forged,))))
    assert verdict(only(replay_without_file(lied), "Sig1")) == ("TOTAL_FAILED", "HASH_FAILURE")


def test_anchors_of_the_reader_count_without_the_file_too():
    untrusted = sent(judge(stamped(), world=stranger()))
    assert verdict(only(replay_without_file(untrusted), "Sig1"))[1] == "NO_CERTIFICATE_CHAIN_FOUND"
    found = replay_without_file(untrusted, anchors=pki().anchors)
    assert only(found, "Sig1").sub_indication == "TRY_LATER", "the lists of the stranger say nothing about it"


def test_a_report_that_kept_nothing_needs_the_file(kept):
    with pytest.raises(ValueError, match="needs the file"):
        replay_without_file(replace(kept, evidence=replace(kept.evidence, file=None)))
    with pytest.raises(ValueError, match="needs the file"):
        replay_without_file(replace(kept, evidence=None))
