"""Revoking and answering on both databases: who is asked, what is recorded, and what the worker signs anew."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from signing_service.db.models.audit import LogEntry
from signing_service.db.models.pki import OcspAnswer
from signing_service.errors import InvalidInput, NotFound
from signing_service.operations import certificates, status_answers
from signing_service.permissions import SYSTEM
from tests.factories.case import Case
from tests.factories.installation import StoppedClock


def kept(case: Case) -> int:
    with case.services.db.read() as session:
        return session.scalar(select(func.count()).select_from(OcspAnswer)) or 0


def recorded(case: Case, action: str) -> int:
    with case.services.db.read() as session:
        return session.scalar(select(func.count()).where(LogEntry.type == action)) or 0


def test_answers_are_signed_once_and_again_before_they_end(round_open: Case, clock: StoppedClock) -> None:
    services = round_open.services
    status_answers.refresh_due(services)
    people = len(certificates.issued(services, round_open.staff["host"]))
    assert kept(round_open) == 2 * (people + 1), "each certificate and the seal, by both digests"
    assert status_answers.refresh_due(services) == 0
    clock.forward(hours=13)
    assert status_answers.refresh_due(services) == 2 * (people + 1)
    assert kept(round_open) == 2 * (people + 1)


def test_a_revocation_is_in_the_log_and_takes_the_answers_away(round_open: Case) -> None:
    services = round_open.services
    status_answers.refresh_due(services)
    before, responders = kept(round_open), recorded(round_open, "key.created")
    row = certificates.issued(services, round_open.staff["host"], round_open.agreement_id)[0]
    certificates.revoke(services, round_open.staff["host"], row.serial, "key_compromise")
    assert kept(round_open) == before - 2
    assert recorded(round_open, "certificate.revoked") == 1
    assert status_answers.refresh_due(services) == 2
    assert recorded(round_open, "key.created") == responders, "the same responder"
    after = certificates.issued(services, round_open.staff["host"], round_open.agreement_id)
    assert [one.reason for one in after if one.serial == row.serial] == ["key_compromise"]


def test_what_cannot_be_revoked_is_said(round_open: Case) -> None:
    with pytest.raises(NotFound):
        certificates.revoke(round_open.services, SYSTEM, "abc", "superseded")
    row = certificates.issued(round_open.services, round_open.staff["host"])[0]
    with pytest.raises(InvalidInput):
        certificates.revoke(round_open.services, SYSTEM, row.serial, "because")
