"""Attack: bending the route of an approval, or deciding for another, by forms made by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from signing_service.operations import approval_routes, delegations, drafts
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Visitor, Web, page
from tests.factories.case import Case
from tests.signing_service.operations.test_approvals import Drafting

REFUSED = ("access.refused",)


@pytest.fixture
def server() -> None:
    """SQLite only: what is tried here ends before a database could make a difference."""


class Editor:
    """A drafter at the editor of a fresh agreement, and what an honest form would send."""

    def __init__(self, case: Case) -> None:
        self.case, self.web = case, Web(case)
        self.agreement_id = drafts.start(case.services, case.staff["legal"], "strategic_cooperation")
        self.path = f"/agreements/{self.agreement_id}/route"
        self.legal: Visitor = self.web.staff("legal")

    @property
    def honest(self) -> dict[str, str]:
        return {
            "do": "save",
            "row_version": "0",
            "stages.0.id": "legal",
            "stages.0.mode": "all",
            "stages.0.by": "role:legal",
            "stages.1.id": "management",
            "stages.1.mode": "k_of_n",
            "stages.1.k": "1",
            "stages.1.by": "role:management",
        }

    def refused(self, form: dict[str, str], status: int = 422, recorded: tuple[str, ...] = REFUSED) -> str:
        with nothing_changes(self.case.services, recorded):
            answer = self.legal.send(self.path, form)
        assert answer.status_code == status
        return answer.text


@pytest.fixture
def editor(staffed: Case) -> Editor:
    return Editor(staffed)


def without(form: dict[str, str], stage: int) -> dict[str, str]:
    return {name: value for name, value in form.items() if not name.startswith(f"stages.{stage}.")}


def test_the_way_it_is_meant(editor: Editor) -> None:
    assert editor.legal.send(editor.path, editor.honest).status_code == 303


def test_removing_a_stage_of_the_template(editor: Editor) -> None:
    assert "it cannot be removed" in editor.refused(without(editor.honest, 0))
    assert "it cannot be removed" in editor.refused(without(editor.honest, 1))
    assert "at least one stage" in editor.refused({"do": "save", "row_version": "0"})


def test_one_friend_in_the_place_of_a_whole_role(editor: Editor) -> None:
    friend = editor.case.staff["management"].id
    named = {"stages.0.by": "people", f"stages.0.person.{friend}": "on"}
    assert "gives this stage to another role" in editor.refused(editor.honest | named)
    colleague = editor.case.staff["legal_review"].id
    named = {"stages.0.by": "people", f"stages.0.person.{colleague}": "on"}
    assert "nobody can be left out" in editor.refused(editor.honest | named)


def test_a_friend_by_way_of_escalation(editor: Editor) -> None:
    friend = editor.case.staff["management"].id
    late = {"stages.0.due_after_hours": "1", "stages.0.escalate": "people", f"stages.0.added.{friend}": "on"}
    assert "even when it is late" in editor.refused(editor.honest | late)


def test_leaving_out_who_is_barred_changes_nothing(editor: Editor) -> None:
    """The boxes of the template are not even sent by a browser; what it bars is put back by the rules."""
    editor.legal.send(editor.path, editor.honest | {"stages.0.forbid.signatory": "on"})
    view = approval_routes.read(editor.case.services, editor.case.staff["legal"], editor.agreement_id)
    assert view.stages[0].forbid == ("author", "last_editor", "signatory")
    assert view.stages[1].forbid == ("author", "last_editor", "signatory")


def test_a_thousand_stages(editor: Editor) -> None:
    many = {f"stages.{number}.mode": "any" for number in range(2, 900)}
    assert "at most 20 stages" in editor.refused(editor.honest | many)
    flood = {f"stages.{number}.{field}": "x" for number in range(1000) for field in ("id", "by", "mode")}
    editor.refused(flood, 409)


def test_a_stage_with_nobody(editor: Editor) -> None:
    nobody = {"stages.2.by": "people", "stages.2.mode": "any", "stages.2.name.en": "N", "stages.2.name.zh-Hans": "无"}
    assert "Nobody is asked in this stage" in editor.refused(editor.honest | nobody)


@pytest.mark.parametrize("stage_id", ["../legal", "<script>", "签名", "legal ", "x" * 9000, "stg_ffff"])
def test_odd_identities(editor: Editor, stage_id: str) -> None:
    odd = {"stages.2.id": stage_id, "stages.2.by": "role:legal", "stages.2.mode": "any"}
    assert "<script>" not in editor.refused(editor.honest | odd, 409)


def test_the_same_stage_twice(editor: Editor) -> None:
    twice = {name.replace("stages.0", "stages.2"): value for name, value in editor.honest.items() if ".0." in name}
    assert "stands here twice" in editor.refused(editor.honest | twice)


@pytest.mark.parametrize("number", ["-1", "0", "1e3", "٣", "9" * 50, "1.5", "NaN"])
def test_numbers_that_are_none(editor: Editor, number: str) -> None:
    assert "Enter whole hours" in editor.refused(editor.honest | {"stages.0.due_after_hours": number})
    assert "Enter a number" in editor.refused(editor.honest | {"stages.1.k": number})


def test_buttons_out_of_thin_air_save_nothing(editor: Editor) -> None:
    for wish in ("up:0", "up:-1", "down:99", "remove:x", "remove:", "bless", ""):
        with nothing_changes(editor.case.services):
            assert editor.legal.send(editor.path, editor.honest | {"do": wish}).status_code == 200


def test_editing_while_it_is_in_review(staffed: Case) -> None:
    drafting = Drafting.begun(staffed)
    drafting.submit(drafting.version(2))
    editor = Editor(staffed)
    editor.path = f"/agreements/{drafting.agreement_id}/route"
    for wish in ("save", "restore"):
        assert "adapt the approval route" in editor.refused(editor.honest | {"do": wish}, 409)


class Deputy:
    """A submitted version and the pages of people who would like to decide for others."""

    def __init__(self, case: Case) -> None:
        self.case, self.web = case, Web(case)
        drafting = Drafting.begun(case)
        self.sha256 = drafting.version(2)
        drafting.submit(self.sha256)
        self.path = f"/agreements/{drafting.agreement_id}/decision"

    def refused(self, who: str, principal: str) -> tuple[int, str]:
        """Approve on behalf of somebody, which must be refused; returns status and words."""
        person = self.web.staff(who)
        form = {"verdict": "approve", "version_sha256": self.sha256, "on_behalf_of": principal}
        with nothing_changes(self.case.services, REFUSED):
            answer = person.send(self.path, form)
        return answer.status_code, page(answer, answer.status_code)


@pytest.fixture
def deputy(staffed: Case) -> Deputy:
    return Deputy(staffed)


def test_deciding_for_another_without_a_delegation(deputy: Deputy) -> None:
    status, said = deputy.refused("management", deputy.case.staff["legal_review"].id)
    assert status == 403
    assert "This person is not asked to decide in stage “Legal review”" in said


@pytest.mark.parametrize("principal", ["per_0", "' OR 1=1 --", "x" * 5000, "签"])
def test_deciding_for_nobody_there_is(deputy: Deputy, principal: str) -> None:
    assert deputy.refused("management", principal)[0] == 403


def test_a_foreign_delegation_serves_nobody_else(deputy: Deputy) -> None:
    """Katja asked one manager; the other one names her too."""
    today = deputy.case.services.clock().date()
    staff = deputy.case.staff
    delegations.give(
        deputy.case.services, staff["legal_review"], staff["management"].id, today, today + timedelta(days=1), "UTC"
    )
    assert deputy.refused("management_2", staff["legal_review"].id)[0] == 403


def test_on_behalf_of_oneself_is_oneself(deputy: Deputy) -> None:
    me = deputy.case.staff["legal_review"].id
    person = deputy.web.staff("legal_review")
    form = {"verdict": "approve", "version_sha256": deputy.sha256, "on_behalf_of": me}
    assert person.send(deputy.path, form).status_code == 303
    assert deputy.refused("legal_review", "")[0] == 409
    assert deputy.refused("legal_review", me)[0] == 409


def test_revoking_what_is_somebody_elses(staffed: Case) -> None:
    today = staffed.services.clock().date()
    staff = staffed.staff
    given = delegations.give(
        staffed.services, staff["legal_review"], staff["management"].id, today, today + timedelta(days=1), "UTC"
    )
    other = Web(staffed).staff("management")
    with nothing_changes(staffed.services, REFUSED):
        page(other.send(f"/delegations/{given}/revoke"), 404, "service.not_found")
