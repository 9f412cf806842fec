"""The organisations of the demo: right by the rules, said to be synthetic, entered in one transaction."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.organisations import checked
from signing_service.cli import demo_case, demo_organisations
from signing_service.operations import audit_log, organisations
from tests.factories.case import Case
from tests.factories.databases import Postgres


@pytest.fixture
def server() -> Postgres | None:
    """SQLite is enough: what differs between databases is tested at the operations."""
    return None


def test_every_entry_is_right_and_says_what_is_invented() -> None:
    for entry in demo_organisations.entries():
        assert checked(entry, date(2026, 11, 22))["legal_name"]
        assert "synthetic" in entry["note"]
        assert "合成" in entry["note"]


def test_the_parties_of_the_demo_agreement_are_among_them() -> None:
    numbers = {number["value"] for entry in demo_organisations.entries() for number in entry["identifiers"]}
    for party in demo_case.sample()["parties"]:
        assert party["identifiers"][0]["value"] in numbers


def test_they_are_entered_at_once(staffed: Case) -> None:
    count = demo_organisations.enter(staffed.services, staffed.staff["legal"])
    found = organisations.find(staffed.services, staffed.staff["auditor"])
    assert len(found.rows) == count == len(demo_organisations.entries())
    newest = audit_log.entries(staffed.services, staffed.staff["auditor"]).entries[0]
    assert (newest.type, len(newest.details["organisations"])) == ("organisations.imported", count)
