"""Approval: bound to one content, four eyes, in order; a changed word voids, an identical save does not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from agreements.course_errors import AlreadyDecided, NotAnApprover, OutOfTurn, OwnDraft, VersionChanged
from agreements.errors import AgreementError
from signing_service.cli.demo_case import TEMPLATE, flat, sample
from signing_service.errors import ChangedMeanwhile, InvalidInput, NotPermitted, ServiceError
from signing_service.operations import agreements, approvals, documents, drafts, mails, versions
from signing_service.operations.agreements import AgreementView
from signing_service.operations.reviews import ReviewView
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories.case import Case

REFUSED = ("access.refused",)


@dataclass
class Drafting:
    """One agreement of a case on its way through drafting and approval, by whoever is named."""

    case: Case
    agreement_id: str

    @classmethod
    def begun(cls, case: Case) -> Drafting:
        return cls(case, drafts.start(case.services, case.staff["legal"], TEMPLATE))

    def type(self, meetings: int, who: str = "legal", signatory: str | None = None) -> int:
        """Fill in the sample with that many meetings a year (and signatory); returns the draft's row version."""
        values = sample()
        if signatory is not None:
            values["parties"][0]["representatives"][0]["email"] = signatory
        values["joint_group"] = {**values["joint_group"], "meetings": meetings}
        row_version = drafts.read(self.case.services, self.case.staff[who], self.agreement_id, "en").row_version
        return drafts.save(self.case.services, self.case.staff[who], self.agreement_id, flat(values), row_version)

    def version(self, meetings: int, who: str = "legal", signatory: str | None = None) -> str:
        """Save a version; returns its hash."""
        typed = self.type(meetings, who, signatory)
        return versions.save(self.case.services, self.case.staff[who], self.agreement_id, typed).sha256

    def submit(self, sha256: str) -> None:
        approvals.submit(self.case.services, self.case.staff["legal"], self.agreement_id, sha256)

    def decide(self, who: str, sha256: str, verdict: str = "approve", text: str = "") -> None:
        approvals.decide(self.case.services, self.case.staff[who], self.agreement_id, verdict, sha256, text)

    def view(self) -> AgreementView:
        return agreements.read(self.case.services, self.case.staff["legal"], self.agreement_id)

    @property
    def state(self) -> str:
        return self.view().row.state

    @property
    def review(self) -> ReviewView:
        review = self.view().review
        assert review is not None
        return review


@pytest.fixture
def drafting(staffed: Case) -> Drafting:
    return Drafting.begun(staffed)


def test_both_stages_approve_and_it_can_be_frozen(drafting: Drafting) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    assert drafting.state == "in_review"
    drafting.decide("management", sha256, text="同意签署。")
    assert drafting.state == "approved"
    assert [[d.person_name for d in s.decisions] for s in drafting.review.stages] == [
        ["Katja Brandt"],
        ["何清 He Qing"],
    ]


def test_the_author_does_not_approve_the_own_draft(drafting: Drafting) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(OwnDraft, match="author of this version"):
        drafting.decide("legal", sha256)


def test_who_edited_the_version_does_not_approve_it_even_when_the_author_types_afterwards(drafting: Drafting) -> None:
    """The reviewer writes into version 2; then the author changes the draft, so that the last hand is theirs."""
    drafting.version(1)
    sha256 = drafting.version(2, who="legal_review")
    drafting.submit(sha256)
    drafting.type(3, who="legal")
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(OwnDraft, match="last editor"):
        drafting.decide("legal_review", sha256)


def test_typing_in_the_draft_afterwards_voids_no_approval(drafting: Drafting) -> None:
    """The reviewer approved version 1 and then begins to type version 2: version 1 is still approved by them."""
    sha256 = drafting.version(1)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    drafting.type(2, who="legal_review")
    review = drafting.review
    assert review.voided == ()
    assert [stage.status for stage in review.stages] == ["passed", "open"]
    drafting.decide("management", sha256)
    assert drafting.state == "approved"


def test_nobody_decides_twice(drafting: Drafting) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises((AlreadyDecided, OutOfTurn)):
        drafting.decide("legal_review", sha256)


def test_management_waits_for_legal(drafting: Drafting) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(OutOfTurn, match="not the turn of stage"):
        drafting.decide("management", sha256)


@pytest.mark.parametrize("who", ["host", "auditor"])
def test_who_is_not_asked_does_not_decide(drafting: Drafting, who: str) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises((NotPermitted, NotAnApprover)):
        drafting.decide(who, sha256)


def test_a_decision_over_another_content_is_refused_with_both_hashes(drafting: Drafting) -> None:
    old = drafting.version(1)
    new = drafting.version(2)
    drafting.submit(new)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(VersionChanged) as refused:
        drafting.decide("legal_review", old)
    assert new in str(refused.value)
    assert old in str(refused.value)


def test_a_stale_page_decides_nothing_once_a_new_version_is_there(drafting: Drafting) -> None:
    """The approver still has version 1 on the screen when the author saves version 2 and has not sent it yet."""
    old = drafting.version(1)
    drafting.submit(old)
    new = drafting.version(2)
    assert drafting.state == "draft"
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises((AgreementError, ServiceError)):
        drafting.decide("legal_review", old)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises((AgreementError, ServiceError)):
        drafting.decide("legal_review", new)


def test_a_changed_word_voids_visibly_and_everybody_approves_again(drafting: Drafting) -> None:
    old = drafting.version(1)
    drafting.submit(old)
    drafting.decide("legal_review", old)
    drafting.decide("management", old)
    assert drafting.state == "approved"
    new = drafting.version(2)
    assert drafting.state == "draft"
    assert log_types(drafting.case.services)[-3:] == ("version.saved", "agreement.reopened", "approvals.voided")
    drafting.submit(new)
    review = drafting.review
    assert [(d.person_name, d.version_sha256, d.void_reason) for d in review.voided] == [
        ("Katja Brandt", old, "version_changed"),
        ("何清 He Qing", old, "version_changed"),
    ]
    assert [stage.status for stage in review.stages] == ["open", "waiting"]
    drafting.decide("legal_review", new)
    drafting.decide("management", new)
    assert drafting.state == "approved"
    assert len(drafting.review.voided) == 2


def test_saving_the_identical_version_again_keeps_approvals(drafting: Drafting) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    drafting.decide("management", sha256)
    before = drafting.view()
    assert drafting.version(2) == sha256
    after = drafting.view()
    assert (after.row.state, after.versions) == ("approved", before.versions)
    assert after.review == before.review
    frozen = documents.freeze(
        drafting.case.services, drafting.case.staff["host"], drafting.agreement_id, version_sha256=sha256
    )
    assert frozen.kind == "sealed"


def test_a_word_changed_there_and_back_is_the_first_version_again(drafting: Drafting) -> None:
    """A → B → A: the content is the first one, its hash too; it has to be submitted and decided anew all the same."""
    first = drafting.version(1)
    drafting.submit(first)
    drafting.decide("legal_review", first)
    drafting.version(2)
    assert drafting.version(1) == first
    assert drafting.state == "draft"
    assert [v.number for v in drafting.view().versions] == [3, 2, 1]


def test_a_request_for_changes_stops_the_route_and_its_words_are_kept(drafting: Drafting) -> None:
    sha256 = drafting.version(1)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256, "request_changes", "Two meetings a year, as agreed.")
    assert drafting.state == "changes_requested"
    assert drafting.review.stages[0].decisions[0].text == "Two meetings a year, as agreed."
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises((AgreementError, ServiceError)):
        drafting.decide("management", sha256)


def test_a_rejection_ends_it(drafting: Drafting) -> None:
    sha256 = drafting.version(1)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256, "reject", "Not with this partner.")
    assert drafting.state == "rejected"
    with pytest.raises(ChangedMeanwhile):
        drafting.version(2)


@pytest.mark.parametrize(
    ("verdict", "text", "field"), [("maybe", "", "verdict"), ("approve", "x" * 4001, "text"), ("", "", "verdict")]
)
def test_a_decision_in_the_wrong_form_names_the_field(drafting: Drafting, verdict: str, text: str, field: str) -> None:
    sha256 = drafting.version(1)
    drafting.submit(sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(InvalidInput, match=f"^{field}:"):
        drafting.decide("legal_review", sha256, verdict, text)


def test_deciding_before_anything_was_submitted(drafting: Drafting) -> None:
    sha256 = drafting.version(1)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(ChangedMeanwhile):
        drafting.decide("legal_review", sha256)


def test_submitting_another_than_the_newest_version(drafting: Drafting) -> None:
    old = drafting.version(1)
    drafting.version(2)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(ChangedMeanwhile, match="The version"):
        drafting.submit(old)


def test_whoever_is_asked_gets_one_mail_in_their_language(drafting: Drafting) -> None:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    sent = mails.outbox(drafting.case.services, drafting.case.staff["outbox"], drafting.agreement_id)
    asked = sorted((m.recipient, sha256[:12] in m.body) for m in sent if m.kind == "approval_asked")
    assert asked == [
        ("he.qing@chengdu.example", True),
        ("katja.brandt@chengdu.example", True),
        ("mikko.saari@chengdu.example", True),
    ]
