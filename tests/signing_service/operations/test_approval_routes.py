"""Adapting the route of one agreement: kept, recorded, taken at the next submission, and never during a review."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.approval_plans import StagePlan
from agreements.course_errors import NotPermittedInState
from agreements.errors import InvalidFields
from signing_service.db.models.people import Person
from signing_service.errors import ChangedMeanwhile, NotPermitted
from signing_service.operations import approval_routes, audit_log
from signing_service.operations.approval_routes import RouteView
from tests.attacks.unchanged import nothing_changes
from tests.factories.case import Case
from tests.signing_service.operations.test_approvals import REFUSED, Drafting


@pytest.fixture
def server() -> None:
    """SQLite only; what locks rows is tested in test_deciding_at_once on both databases."""


@pytest.fixture
def drafting(staffed: Case) -> Drafting:
    return Drafting.begun(staffed)


def read(drafting: Drafting) -> RouteView:
    return approval_routes.read(drafting.case.services, drafting.case.staff["legal"], drafting.agreement_id)


def save(drafting: Drafting, *stages: StagePlan, row_version: int | None = None, who: str = "legal") -> None:
    version = read(drafting).row_version if row_version is None else row_version
    approval_routes.save(drafting.case.services, drafting.case.staff[who], drafting.agreement_id, stages, version)


def extra(drafting: Drafting, *people: str) -> StagePlan:
    name = {"en": "Export control", "zh-Hans": "出口管制"}
    return StagePlan("", name, "any", people=tuple(drafting.case.staff[person].id for person in people))


def test_untouched_the_route_of_the_template_holds(drafting: Drafting) -> None:
    view = read(drafting)
    assert (view.adapted, view.row_version, [one.id for one in view.stages]) == (False, 0, ["legal", "management"])
    drafting.submit(drafting.version(2))
    assert [stage.id for stage in drafting.review.stages] == ["legal", "management"]


def test_an_added_stage_is_asked_at_the_next_submission(drafting: Drafting) -> None:
    legal, management = read(drafting).stages
    save(drafting, legal, extra(drafting, "management_2"), management)
    newest = audit_log.entries(drafting.case.services, drafting.case.staff["auditor"]).entries[0]
    added = read(drafting).stages[1].id
    assert newest.type == "approval.route_changed"
    assert newest.details["stages"] == ["legal", added, "management"]
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    drafting.decide("legal_review", sha256)
    assert drafting.review.stages[1].asked == ("Mikko Saari",)
    drafting.decide("management_2", sha256)
    drafting.decide("management", sha256)
    assert drafting.state == "approved"


def test_back_to_the_template(drafting: Drafting) -> None:
    view = read(drafting)
    save(drafting, *view.stages, extra(drafting, "management"))
    services, legal = drafting.case.services, drafting.case.staff["legal"]
    approval_routes.restore(services, legal, drafting.agreement_id, 1)
    assert [one.id for one in read(drafting).stages] == ["legal", "management"]
    assert not read(drafting).adapted


def test_during_a_review_nothing_is_adapted_and_after_a_revision_it_is(drafting: Drafting) -> None:
    stages = read(drafting).stages
    drafting.submit(drafting.version(2))
    services, legal = drafting.case.services, drafting.case.staff["legal"]
    with nothing_changes(services, REFUSED), pytest.raises(NotPermittedInState, match="adapt the approval route"):
        approval_routes.save(services, legal, drafting.agreement_id, stages, 0)
    with nothing_changes(services, REFUSED), pytest.raises(NotPermittedInState):
        approval_routes.restore(services, legal, drafting.agreement_id, 0)
    drafting.version(3)
    save(drafting, *stages, extra(drafting, "management"))


def test_a_review_keeps_the_route_it_began_with(drafting: Drafting) -> None:
    """Sent, revised, adapted: what was decided over the old route still shows the old route until it is sent again."""
    sha256 = drafting.version(2)
    drafting.submit(sha256)
    drafting.version(3)
    save(drafting, *read(drafting).stages, extra(drafting, "management"))
    assert len(drafting.review.stages) == 2


def test_content_that_comes_back_is_decided_again_by_the_new_route(drafting: Drafting) -> None:
    """A → B → A: the approvals of A count where the new route asks for them, and the added stage is asked."""
    first = drafting.version(2)
    drafting.submit(first)
    drafting.decide("legal_review", first)
    drafting.decide("management", first)
    drafting.version(3)
    assert drafting.version(2) == first
    legal, management = read(drafting).stages
    save(drafting, legal, extra(drafting, "management_2"), management)
    drafting.submit(first)
    review = drafting.review
    assert drafting.state == "in_review"
    assert [stage.status for stage in review.stages] == ["passed", "open", "waiting"]
    assert [(one.person_name, one.void_reason) for one in review.voided] == [("何清 He Qing", "out_of_turn")]


def test_an_identity_of_a_stage_never_comes_back(drafting: Drafting) -> None:
    """A decision names its stage: were an id used again, an old approval would count for another question."""
    stages = read(drafting).stages
    save(drafting, *stages, extra(drafting, "management"))
    old = read(drafting).stages[2]
    save(drafting, *stages)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(ChangedMeanwhile):
        save(drafting, *stages, old)
    save(drafting, *stages, replace(old, id=""))
    assert read(drafting).stages[2].id not in ("", old.id)


@pytest.mark.parametrize("stage_id", ["../x", "legal'; --", "x" * 500, "签", " ", "stg_0"])
def test_an_identity_out_of_thin_air(drafting: Drafting, stage_id: str) -> None:
    stages = read(drafting).stages
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(ChangedMeanwhile):
        save(drafting, *stages, replace(extra(drafting, "management"), id=stage_id))


def test_two_at_once_the_second_is_told(drafting: Drafting) -> None:
    stages = read(drafting).stages
    save(drafting, *stages, extra(drafting, "management"), row_version=0)
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(ChangedMeanwhile, match="The approval route"):
        save(drafting, *stages, row_version=0, who="legal_review")


def test_only_staff_who_may_approve_can_be_named(drafting: Drafting) -> None:
    stages = read(drafting).stages
    for who in ("auditor", "host"):
        with nothing_changes(drafting.case.services, REFUSED), pytest.raises(InvalidFields):
            save(drafting, *stages, extra(drafting, who))


def test_a_route_whose_people_have_left_is_refused_when_it_is_sent(drafting: Drafting) -> None:
    save(drafting, *read(drafting).stages, extra(drafting, "management"))
    sha256 = drafting.version(2)
    with drafting.case.services.db.write() as session:
        session.get_one(Person, drafting.case.staff["management"].id).roles = ["host"]
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(InvalidFields):
        drafting.submit(sha256)


@pytest.mark.parametrize("who", ["management", "host", "auditor"])
def test_only_drafters_adapt(drafting: Drafting, who: str) -> None:
    stages = read(drafting).stages
    with nothing_changes(drafting.case.services, REFUSED), pytest.raises(NotPermitted):
        save(drafting, *stages, who=who)
