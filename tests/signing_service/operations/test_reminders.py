"""Deadlines at work: told once before and once after, escalated once, and nothing of it decides. On both databases."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from signing_service.db.models.approvals import Review
from signing_service.db.models.mails import Mail
from signing_service.db.models.people import Person
from signing_service.db.models.reminders import Reminder
from signing_service.operations import approval_routes, audit_log, delegations, reminders
from signing_service.operations.operation import Act
from signing_service.worker import run_once
from tests.attacks.unchanged import log_types, nothing_changes
from tests.factories.case import Case
from tests.factories.installation import StoppedClock
from tests.signing_service.operations.test_approvals import Drafting


@pytest.fixture
def drafting(staffed: Case) -> Drafting:
    return Drafting.begun(staffed)


def submitted(drafting: Drafting) -> str:
    """A version under review: legal has 48 hours."""
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    return sha256


def escalating(drafting: Drafting) -> None:
    """Management is asked too when one of two named people is late."""
    services, legal = drafting.case.services, drafting.case.staff["legal"]
    view = approval_routes.read(services, legal, drafting.agreement_id)
    extra = replace(
        view.stages[1],
        id="",
        name={"en": "Tax", "zh-Hans": "税务"},
        mode="any",
        role="",
        people=(drafting.case.staff["legal_review"].id,),
        due_after_hours=8,
        escalate_people=(drafting.case.staff["management"].id,),
    )
    approval_routes.save(services, legal, drafting.agreement_id, [extra, *view.stages], 0)


def mails(drafting: Drafting) -> Counter[tuple[str, str]]:
    """(kind, whom) of every mail about the agreement that reminds."""
    with drafting.case.services.db.read() as session:
        found = session.scalars(select(Mail).where(Mail.agreement_id == drafting.agreement_id))
        return Counter((m.kind, m.recipient.partition(".")[0]) for m in found if m.kind != "approval_asked")


def test_once_before_the_deadline_and_once_after(drafting: Drafting, clock: StoppedClock) -> None:
    submitted(drafting)
    services = drafting.case.services
    clock.forward(hours=35)
    assert reminders.remind_due(services) == 0
    clock.forward(hours=2)
    assert reminders.remind_due(services) == 1
    for _again in range(3):
        assert reminders.remind_due(services) == 0
    clock.forward(hours=12)
    assert reminders.remind_due(services) == 1
    clock.forward(days=30)
    assert reminders.remind_due(services) == 0
    assert mails(drafting) == {("approval_due_soon", "katja"): 1, ("approval_overdue", "katja"): 1}
    assert drafting.state == "in_review"


def test_a_worker_that_was_away_tells_only_that_it_is_late(drafting: Drafting, clock: StoppedClock) -> None:
    submitted(drafting)
    clock.forward(days=20)
    run_once(drafting.case.services)
    run_once(drafting.case.services)
    assert mails(drafting) == {("approval_overdue", "katja"): 1}


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    drafting: Drafting, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies between the mails and the commit: neither mail nor row is there, and the next worker does both."""
    escalating(drafting)
    submitted(drafting)
    clock.forward(hours=9)
    write_entries = Act.write_entries

    def die(act: Act) -> None:
        write_entries(act)
        raise KeyboardInterrupt

    monkeypatch.setattr(Act, "write_entries", die)
    with nothing_changes(drafting.case.services), pytest.raises(KeyboardInterrupt):
        reminders.remind_due(drafting.case.services)
    monkeypatch.undo()
    assert reminders.remind_due(drafting.case.services) == 2
    assert reminders.remind_due(drafting.case.services) == 0
    assert mails(drafting) == {("approval_overdue", "katja"): 1, ("approval_escalated", "he"): 1}


def test_the_row_that_was_told_forbids_telling_again_even_if_the_time_to_look_is_lost(
    drafting: Drafting, clock: StoppedClock
) -> None:
    submitted(drafting)
    clock.forward(hours=50)
    reminders.remind_due(drafting.case.services)
    with drafting.case.services.db.write() as session:
        session.get_one(Review, drafting.agreement_id).remind_at = clock.now
    assert reminders.remind_due(drafting.case.services) == 0
    assert sum(mails(drafting).values()) == 1


def test_escalation_asks_once_is_recorded_once_and_approves_nothing(drafting: Drafting, clock: StoppedClock) -> None:
    escalating(drafting)
    sha256 = submitted(drafting)
    services, manager = drafting.case.services, drafting.case.staff["management"]
    clock.forward(hours=9)
    size = len(log_types(services))
    reminders.remind_due(services)
    reminders.remind_due(services)
    assert sorted(log_types(services, size)) == ["approval.escalated", "mail.queued", "mail.queued"]
    entry = next(
        one
        for one in audit_log.entries(services, drafting.case.staff["auditor"]).entries
        if one.type == "approval.escalated"
    )
    stage = drafting.review.stages[0]
    assert entry.details == {"stage": stage.id, "added": [manager.id], "version_sha256": sha256}
    assert (stage.status, stage.overdue, stage.escalated, stage.decisions) == ("open", True, (manager.name,), ())
    assert stage.escalated_at is not None
    drafting.decide("management", sha256)
    assert drafting.review.stages[0].status == "passed"


def test_who_decided_or_has_left_is_not_reminded(drafting: Drafting, clock: StoppedClock) -> None:
    sha256 = submitted(drafting)
    drafting.decide("legal_review", sha256)
    with drafting.case.services.db.write() as session:
        session.get_one(Person, drafting.case.staff["management"].id).active = False
    clock.forward(hours=100)
    reminders.remind_due(drafting.case.services)
    assert mails(drafting) == {("approval_overdue", "mikko"): 1}


def test_a_review_that_is_over_reminds_nobody(drafting: Drafting, clock: StoppedClock) -> None:
    submitted(drafting)
    drafting.version(3)  # back to draft
    clock.forward(days=9)
    assert reminders.remind_due(drafting.case.services) == 0


def test_a_new_content_has_a_new_deadline(drafting: Drafting, clock: StoppedClock) -> None:
    submitted(drafting)
    clock.forward(hours=50)
    reminders.remind_due(drafting.case.services)
    new = drafting.version(3)
    drafting.submit(new)
    stage = drafting.review.stages[0]
    assert not stage.overdue
    assert stage.due_at == drafting.review.submitted_at + timedelta(hours=48)
    clock.forward(hours=49)
    reminders.remind_due(drafting.case.services)
    with drafting.case.services.db.read() as session:
        kinds = Counter((one.version_sha256, one.kind) for one in session.scalars(select(Reminder)))
    assert sorted(kinds.values()) == [1, 1]
    assert {kind for _sha256, kind in kinds} == {"overdue"}


def test_a_delegate_is_reminded_on_behalf(drafting: Drafting, clock: StoppedClock) -> None:
    case = drafting.case
    today = clock.now.date()
    delegations.give(
        case.services, case.staff["legal_review"], case.staff["management"].id, today, today + timedelta(days=9), "UTC"
    )
    submitted(drafting)
    clock.forward(hours=49)
    reminders.remind_due(case.services)
    assert mails(drafting) == {("approval_overdue", "katja"): 1, ("approval_overdue", "he"): 1}
    with case.services.db.read() as session:
        bodies = {m.recipient: m.body for m in session.scalars(select(Mail).where(Mail.kind == "approval_overdue"))}
    assert "您将代Katja Brandt作出决定。" in bodies["he.qing@chengdu.example"]
    assert "UTC" in bodies["katja.brandt@chengdu.example"]


def test_the_mail_that_asks_says_until_when(drafting: Drafting) -> None:
    submitted(drafting)
    due_at: Any = drafting.review.stages[0].due_at
    with drafting.case.services.db.read() as session:
        body = session.scalars(select(Mail.body).where(Mail.kind == "approval_asked")).one()
    assert f"Please decide by {due_at:%Y-%m-%d %H:%M} UTC." in body
