"""The same evidence, judged again out of the JSON of a report: another time, another policy, further anchors."""

import json

import pytest

from keys.trust.anchors import TrustAnchors
from signing_service.verification.replay import AnotherFile, replay
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tests.signing_service.verification.test_verify import YEARS_LATER
from tests.signing_service.verification.worlds import SOON, basic, judge, only, pki, verdict


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
