"""Attack: approving what one must not, over the pages people use; each refusal says what and where."""

from __future__ import annotations

import pytest

from signing_service.operations import approvals
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Web, page
from tests.factories.case import Case
from tests.signing_service.operations.test_approvals import Drafting

REFUSED = ("access.refused",)


class Review:
    """A submitted version, and the pages of those who decide."""

    def __init__(self, case: Case) -> None:
        self.case, self.web = case, Web(case)
        self.drafting = Drafting.begun(case)
        self.sha256 = self.drafting.version(2)
        self.drafting.submit(self.sha256)
        self.path = f"/agreements/{self.drafting.agreement_id}/decision"

    def decide(self, who: str) -> int:
        """Approve; returns the status of the answer."""
        person = self.web.staff(who)
        return person.send(self.path, {"verdict": "approve", "version_sha256": self.sha256}).status_code

    def refused(self, who: str, **changes: str) -> tuple[int, str]:
        """Decide what must be refused; returns status and words. Nothing but the refusal is kept."""
        person = self.web.staff(who)
        form = {"verdict": "approve", "version_sha256": self.sha256, "text": "", **changes}
        with nothing_changes(self.case.services, REFUSED):
            answer = person.send(self.path, form)
        return answer.status_code, page(answer, answer.status_code)


@pytest.fixture
def review(staffed: Case) -> Review:
    return Review(staffed)


def test_the_way_it_is_meant(review: Review) -> None:
    assert review.decide("legal_review") == 303
    assert review.decide("management") == 303
    assert review.drafting.state == "approved"


def test_the_own_draft(review: Review) -> None:
    status, said = review.refused("legal")
    assert status == 403
    assert "Four eyes are needed: the author of this version cannot decide in stage “Legal review”" in said


def test_the_same_person_a_second_time(review: Review) -> None:
    review.decide("legal_review")
    status, said = review.refused("legal_review")
    assert status == 409
    assert "Legal review" in said


def test_management_before_legal(review: Review) -> None:
    status, said = review.refused("management")
    assert status == 409
    assert "It is not the turn of stage “Management”; open now: “Legal review”" in said


def test_a_page_that_is_older_than_the_newest_version(review: Review) -> None:
    """Version 2 was submitted in between: the page of version 1 decides nothing, and names both contents."""
    new = review.drafting.version(3)
    review.drafting.submit(new)
    status, said = review.refused("legal_review")
    assert status == 409
    assert new in said
    assert review.sha256 in said


def test_a_hash_out_of_thin_air(review: Review) -> None:
    assert review.refused("legal_review", version_sha256="0" * 64)[0] == 409
    assert review.refused("legal_review", version_sha256="")[0] == 409


@pytest.mark.parametrize("verdict", ["request_changes", "reject"])
def test_words_are_needed_to_refuse(review: Review, verdict: str) -> None:
    person = review.web.staff("legal_review")
    form = {"verdict": verdict, "version_sha256": review.sha256, "text": "  "}
    with nothing_changes(review.case.services):
        said = page(person.send(review.path, form), 422)
    assert "Your words: say what should change, or why not" in said


def test_a_verdict_there_is_not(review: Review) -> None:
    status, said = review.refused("legal_review", verdict="bless")
    assert status == 422
    assert "verdict: approve, request_changes or reject" in said


def test_an_agreement_there_is_not(review: Review) -> None:
    person = review.web.staff("legal_review")
    with nothing_changes(review.case.services, REFUSED):
        form = {"verdict": "approve", "version_sha256": review.sha256}
        page(person.send("/agreements/agr_0/decision", form), 404, "service.not_found")


def test_submitting_twice(review: Review) -> None:
    legal = review.web.staff("legal")
    with nothing_changes(review.case.services, REFUSED):
        form = {"version_sha256": review.sha256}
        page(legal.send(f"/agreements/{review.drafting.agreement_id}/submit", form), 409, "agreement.wrong_state")


def test_a_signatory_among_the_staff_does_not_approve_what_they_sign(staffed: Case) -> None:
    """The manager is named in the agreement as the one who signs it: they may not approve it as well."""
    drafting = Drafting.begun(staffed)
    sha256 = drafting.version(2, signatory="he.qing@chengdu.example")
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    with nothing_changes(staffed.services, REFUSED), pytest.raises(Exception, match="signatory of this version"):
        approvals.decide(
            staffed.services, staffed.staff["management"], drafting.agreement_id, "approve", sha256, "Approved."
        )
    drafting.decide("management_2", sha256)
    assert drafting.state == "approved"
