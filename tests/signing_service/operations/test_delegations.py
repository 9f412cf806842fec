"""Delegation: somebody else decides on behalf, for whole days, visibly; and who may not, is refused by name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from agreements.course_errors import AlreadyDecided, NotAnApprover, OutOfTurn, OwnDraft
from signing_service.db.models.people import Person
from signing_service.errors import InvalidInput, NotFound, NotPermitted
from signing_service.operations import approvals, audit_log, delegations, inbox, mails
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories.case import Case
from tests.factories.installation import StoppedClock
from tests.signing_service.operations.test_approvals import REFUSED, Drafting


@pytest.fixture
def server() -> None:
    """SQLite only; what locks rows is tested in test_deciding_at_once on both databases."""


@pytest.fixture
def drafting(staffed: Case) -> Drafting:
    return Drafting.begun(staffed)


def delegate(case: Case, who: str, to: str, begins: int = 0, ends: int = 5) -> str:
    """From `begins` to `ends` days after today, in UTC."""
    today = case.services.clock().date()
    first, last = today + timedelta(days=begins), today + timedelta(days=ends)
    return delegations.give(case.services, case.staff[who], case.staff[to].id, first, last, "UTC")


def decide_for(drafting: Drafting, who: str, principal: str, sha256: str) -> None:
    staff = drafting.case.staff
    approvals.decide(
        drafting.case.services, staff[who], drafting.agreement_id, "approve", sha256, "Seen.", staff[principal].id
    )


def submitted(drafting: Drafting) -> str:
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    return sha256


def test_a_delegate_decides_on_behalf_and_it_is_shown_and_recorded(drafting: Drafting) -> None:
    case = drafting.case
    delegate(case, "legal_review", "management")
    sha256 = submitted(drafting)
    (waiting,) = inbox.asked_of_me(case.services, case.staff["management"])
    assert (waiting.own, waiting.principals) == (False, ("Katja Brandt",))
    decide_for(drafting, "management", "legal_review", sha256)
    (decision,) = drafting.review.stages[0].decisions
    assert (decision.person_name, decision.principal_name) == ("何清 He Qing", "Katja Brandt")
    newest = audit_log.entries(case.services, case.staff["auditor"]).entries[0]
    assert (newest.type, newest.details["on_behalf_of"]) == ("approval.given", case.staff["legal_review"].id)


def test_who_stood_in_has_used_up_their_own_voice(drafting: Drafting) -> None:
    delegate(drafting.case, "legal_review", "management")
    sha256 = submitted(drafting)
    decide_for(drafting, "management", "legal_review", sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(AlreadyDecided):
        drafting.decide("management", sha256)
    drafting.decide("management_2", sha256)
    assert drafting.state == "approved"


def test_the_approver_can_still_decide_and_then_the_delegate_cannot(drafting: Drafting) -> None:
    delegate(drafting.case, "legal_review", "management")
    sha256 = submitted(drafting)
    drafting.decide("legal_review", sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises((AlreadyDecided, OutOfTurn)):
        decide_for(drafting, "management", "legal_review", sha256)


@pytest.mark.parametrize(("begins", "ends"), [(1, 5), (0, 0)], ids=["not begun", "over"])
def test_outside_its_days_a_delegation_is_none(drafting: Drafting, clock: StoppedClock, begins: int, ends: int) -> None:
    delegate(drafting.case, "legal_review", "management", begins, ends)
    if begins == 0:
        clock.forward(days=1)
    sha256 = submitted(drafting)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(NotAnApprover):
        decide_for(drafting, "management", "legal_review", sha256)


def test_a_revoked_delegation_ends_at_once_and_what_was_decided_stays(drafting: Drafting) -> None:
    case = drafting.case
    given = delegate(case, "legal_review", "management")
    sha256 = submitted(drafting)
    decide_for(drafting, "management", "legal_review", sha256)
    delegations.revoke(case.services, case.staff["legal_review"], given)
    assert log_types(case.services)[-1] == "approval.delegation_revoked"
    assert drafting.review.stages[0].status == "passed"
    other = drafting.version(3)
    drafting.submit(other)
    with nothing_changes(case.services, REFUSED), pytest.raises(NotAnApprover):
        decide_for(drafting, "management", "legal_review", other)
    with nothing_changes(case.services, REFUSED), pytest.raises(NotFound):
        delegations.revoke(case.services, case.staff["legal_review"], given)


def test_a_delegation_is_not_passed_on(drafting: Drafting) -> None:
    delegate(drafting.case, "legal_review", "management")
    delegate(drafting.case, "management", "management_2")
    sha256 = submitted(drafting)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(NotAnApprover):
        decide_for(drafting, "management_2", "legal_review", sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(OutOfTurn):
        decide_for(drafting, "management_2", "management", sha256)


def test_a_delegate_who_is_author_or_editor_is_refused_by_name(drafting: Drafting) -> None:
    delegate(drafting.case, "legal_review", "legal")
    sha256 = submitted(drafting)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(OwnDraft, match="author of this version"):
        decide_for(drafting, "legal", "legal_review", sha256)


def test_a_delegate_who_signs_is_refused_by_name(drafting: Drafting) -> None:
    """The manager stands in for a colleague over what a signatory named in it must not approve."""
    delegate(drafting.case, "management_2", "management")
    sha256 = drafting.version(2, signatory="he.qing@chengdu.example")
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(OwnDraft, match="signatory of this version"):
        decide_for(drafting, "management", "management_2", sha256)


def test_nobody_decides_for_who_has_left(drafting: Drafting) -> None:
    delegate(drafting.case, "legal_review", "management")
    sha256 = submitted(drafting)
    with drafting.case.services.db.write() as session:
        session.get_one(Person, drafting.case.staff["legal_review"].id).active = False
    assert inbox.asked_of_me(drafting.case.services, drafting.case.staff["management"]) == ()
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(NotAnApprover):
        decide_for(drafting, "management", "legal_review", sha256)


def test_the_delegate_gets_a_mail_and_only_ids_are_recorded(staffed: Case) -> None:
    given = delegate(staffed, "management_2", "management")
    (mail,) = [m for m in mails.outbox(staffed.services, staffed.staff["outbox"]) if m.kind == "delegation_given"]
    assert mail.recipient == "he.qing@chengdu.example"
    assert "Mikko Saari委托您" in mail.body
    details = audit_log.entries(staffed.services, staffed.staff["auditor"]).entries[0].details
    assert (details["delegate"], details["delegation"]) == (staffed.staff["management"].id, given)


def test_both_see_it_and_only_the_giver_revokes(staffed: Case) -> None:
    given = delegate(staffed, "management", "management_2")
    mine = delegations.mine(staffed.services, staffed.staff["management"])
    theirs = delegations.mine(staffed.services, staffed.staff["management_2"])
    assert [(one.name, one.state) for one in mine.given] == [("Mikko Saari", "running")]
    assert [(one.name, one.state) for one in theirs.received] == [("何清 He Qing", "running")]
    for who in ("management_2", "legal"):
        with nothing_changes(staffed.services, REFUSED), pytest.raises(NotFound):
            delegations.revoke(staffed.services, staffed.staff[who], given)


@pytest.mark.parametrize("to", ["management", "auditor", "host", "outbox"])
def test_who_cannot_be_a_delegate(staffed: Case, to: str) -> None:
    """Oneself, and whoever may not approve: a delegation gives no right that a role does not."""
    with nothing_changes(staffed.services, REFUSED), pytest.raises(InvalidInput, match=r"^delegate:"):
        delegate(staffed, "management", to)


@pytest.mark.parametrize("who", ["auditor", "host", "outbox"])
def test_who_cannot_delegate(staffed: Case, who: str) -> None:
    with nothing_changes(staffed.services, REFUSED), pytest.raises(NotPermitted):
        delegate(staffed, who, "management")


@pytest.mark.parametrize("zone", ["", "Asia", "Mars/Olympus", "../../etc/passwd", "x" * 500])
def test_a_zone_there_is_not(staffed: Case, zone: str) -> None:
    day = date(2999, 1, 1)
    to = staffed.staff["management_2"].id
    with nothing_changes(staffed.services, REFUSED), pytest.raises(InvalidInput, match=r"^zone:"):
        delegations.give(staffed.services, staffed.staff["management"], to, day, day, zone)


def test_not_more_than_twenty_at_a_time(staffed: Case) -> None:
    first, *_others = [delegate(staffed, "management", "management_2") for _number in range(delegations.OPEN_MOST)]
    with nothing_changes(staffed.services, REFUSED), pytest.raises(InvalidInput, match="20 delegations"):
        delegate(staffed, "management", "management_2")
    delegations.revoke(staffed.services, staffed.staff["management"], first)
    delegate(staffed, "management", "management_2")
