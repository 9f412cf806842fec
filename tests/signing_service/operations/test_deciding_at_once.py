"""Approvers, their delegates and two workers at the same moment, on both databases: whoever wins, it adds up."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from agreements.course_errors import NotAnApprover
from signing_service.db.models.mails import Mail
from signing_service.errors import ChangedMeanwhile
from signing_service.operations import approval_routes, delegations, reminders
from tests.factories.case import Case
from tests.factories.installation import StoppedClock
from tests.signing_service.operations.test_approvals import Drafting
from tests.signing_service.operations.test_at_once import together
from tests.signing_service.operations.test_delegations import decide_for, delegate, submitted


@pytest.fixture
def drafting(staffed: Case) -> Drafting:
    return Drafting.begun(staffed)


def test_two_workers_remind_once(drafting: Drafting, clock: StoppedClock) -> None:
    submitted(drafting)
    clock.forward(hours=49)
    services = drafting.case.services
    together(*[lambda: reminders.remind_due(services)] * 4)
    with services.db.read() as session:
        wanted = select(func.count()).select_from(Mail).where(Mail.kind == "approval_overdue")
        assert session.scalar(wanted) == 1


def test_a_decision_by_delegation_and_its_revocation(drafting: Drafting) -> None:
    """Either the decision came first and stays, or the revocation did and the decision is refused."""
    case = drafting.case
    given = delegate(case, "legal_review", "management")
    sha256 = submitted(drafting)
    refused = []

    def decide() -> None:
        try:
            decide_for(drafting, "management", "legal_review", sha256)
        except NotAnApprover:
            refused.append(True)

    together(decide, lambda: delegations.revoke(case.services, case.staff["legal_review"], given))
    review = drafting.review
    assert review.voided == ()
    assert review.stages[0].status == ("open" if refused else "passed")


def test_two_drafters_adapt_the_route(drafting: Drafting) -> None:
    case = drafting.case
    stages = approval_routes.read(case.services, case.staff["legal"], drafting.agreement_id).stages
    lost = []

    def save(who: str) -> None:
        try:
            approval_routes.save(case.services, case.staff[who], drafting.agreement_id, stages, 0)
        except ChangedMeanwhile:
            lost.append(who)

    together(lambda: save("legal"), lambda: save("legal_review"))
    assert len(lost) == 1
    assert approval_routes.read(case.services, case.staff["legal"], drafting.agreement_id).row_version == 1
