"""A party that is bound by two people together: two boxes, and nothing is completed before both have signed."""

from __future__ import annotations

import pytest

from signing_service.cli import demo_case
from signing_service.operations import agreements
from signing_service.worker import run_once
from tests.factories import case as cases
from tests.factories.case import Case
from tests.factories.databases import Postgres


@pytest.fixture
def server() -> Postgres | None:
    """Who must sign does not depend on the database: SQLite is enough here."""
    return None


def test_a_joint_group_of_two_completes_only_when_both_signed(staffed: Case) -> None:
    values = demo_case.sample()
    first = values["parties"][1]["representatives"][0]
    second = {**first, "name": "何婉宁", "name_latin": "He Wanning", "email": "he.wanning@circular-economy.example"}
    values["parties"][1]["representatives"] = [{**first, "joint_group": "A"}, {**second, "joint_group": "A"}]
    services, legal = staffed.services, staffed.staff["legal"]
    case = cases.planned(Case(services, staffed.staff, demo_case.approved_and_frozen(services, staffed.staff, values)))
    case.command("open_doors")
    case.seats = [cases.identified(case, link) for link in cases.invitation_links(case)]
    assert len(case.seats) == 3
    for seat in case.seats:
        seat.be_ready()
    case.command("go_live")
    case.command("open_round")
    for seat in case.seats:
        run_once(services)
        assert agreements.read(services, legal, case.agreement_id).row.state == "signing"
        seat.sign()
    run_once(services)
    view = agreements.read(services, legal, case.agreement_id)
    assert view.row.state == "completed"
    assert [one.state for one in view.signatories] == ["signed"] * 3
