"""Attack: changing clauses of an agreement, or wordings that everybody is offered, by forms that no page ever showed.

Fixed clauses, other people's roles, clauses of other templates, markup and hidden characters, sizes, replayed forms.
"""

from __future__ import annotations

from typing import Any

import pytest

from agreements.clause_choices import MAX_CHOICES
from agreements.shipped_clauses import shipped
from signing_service.cli.demo_case import flat, sample
from signing_service.db.models.agreements import Draft
from signing_service.operations import deviations, drafts
from tests.attacks.unchanged import REFUSED, nothing_changes
from tests.attacks.visitor import Web, page
from tests.factories.case import Case

OWN = {"text.zh-Hans": "# 费用\n\n无。", "text.en": "# Costs\n\nNone.", "reason": "Because."}


class Target:
    """A draft of the legal staff, and its clauses' address."""

    def __init__(self, case: Case) -> None:
        self.web, self.services, self.legal = Web(case), case.services, case.staff["legal"]
        self.id = drafts.start(self.services, self.legal, "strategic_cooperation")
        drafts.save(self.services, self.legal, self.id, flat(sample()), 1)
        self.path = f"/agreements/{self.id}/clauses"

    def form(self, **changes: Any) -> dict[str, Any]:
        view = deviations.read(self.services, self.legal, self.id)
        return {**OWN, "row_version": str(view.row_version), **changes}


@pytest.fixture
def target(staffed: Case) -> Target:
    return Target(staffed)


def test_a_fixed_clause_by_a_hand_made_form(target: Target) -> None:
    legal = target.web.staff("legal")
    scc = f"disputes_scc@{shipped()['disputes_scc'].sha256}"
    with nothing_changes(target.services, REFUSED * 2):
        page(legal.send(f"{target.path}/nature/text", target.form()), 403, "clause.locked")
        page(legal.send(f"{target.path}/nature/wordings", target.form(wording=scc)), 403, "clause.locked")
    page(legal.open(f"{target.path}/nature/text"), 403, "clause.locked")


def test_people_without_the_role(target: Target) -> None:
    wording = {"sha256": shipped()["audit_right"].sha256, "verdict": "approve", "reason": "Because."}
    for who in ("management", "host", "auditor"):
        person = target.web.staff(who)
        with nothing_changes(target.services, REFUSED * 7):
            for path in ("costs/text", "costs/wordings", "costs/restore"):
                page(person.send(f"{target.path}/{path}", target.form()), 403, "service.not_permitted")
            form = target.form(path="clauses.costs", lang="en")
            page(person.send(f"/agreements/{target.id}/translations", form), 403, "service.not_permitted")
            for path in ("new", "audit_right/decision", "audit_right/retirement"):
                page(person.send(f"/clauses/{path}", wording), 403, "service.not_permitted")


def test_a_clause_of_another_template_or_of_none(target: Target) -> None:
    legal = target.web.staff("legal")
    with nothing_changes(target.services, REFUSED * 5):
        for name in ("milestones", "Costs", "x" * 200, "costs'--"):
            page(legal.send(f"{target.path}/{name}/text", target.form()), 404, "clause.unknown")
        path = f"/agreements/{target.id}/added-clauses/text?after=milestones"
        page(legal.send(path, target.form()), 404, "clause.unknown")


@pytest.mark.parametrize(
    "english",
    [
        "# Costs\n\n<script>alert(1)</script>",
        "# Costs\n\n![x](https://evil.example/x.png)",
        "# <b>Costs</b>\n\nNone.",
        "# Costs\n\n{{ config }}",
        "# Costs\n\n{% for x in y %}.",
        "# Costs\n\nNo\u202ene.",
        "# Costs\n\n[when ().__class__]\nNone.\n[end]",
        "# Costs\n\n" + "x" * 20_001,
        "# Costs\n\n" + "[each a in parties]\n" * 400 + "None.\n" + "[end]\n" * 400,
    ],
    ids=range(9),
)
def test_markup_hidden_characters_and_sizes(target: Target, english: str) -> None:
    """Refused with the mistake; what was typed comes back as text, never as markup."""
    legal = target.web.staff("legal")
    with nothing_changes(target.services, REFUSED):
        answer = legal.send(f"{target.path}/costs/text", target.form(**{"text.en": english}))
        assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "<b>Costs" not in answer.text
    assert "<img" not in answer.text


def test_more_clauses_than_anybody_reads(target: Target) -> None:
    legal, path = target.web.staff("legal"), f"/agreements/{target.id}/added-clauses/text?after=general"
    with target.services.db.write() as session:
        added = {
            f"added_{n}": {
                "clause_id": f"added_{n}",
                "kind": "custom",
                "sources": {"zh-Hans": "# 无\n\n无。", "en": "# None\n\nNone."},
                "origin": "",
                "after": "general",
                "binding": "yes",
                "reason": "",
            }
            for n in range(MAX_CHOICES)
        }
        session.get_one(Draft, target.id).clauses = added
    with nothing_changes(target.services, REFUSED):
        answer = legal.send(path, target.form())
        assert answer.status_code == 422
    assert "At most 60 clauses may depart" in answer.text


def test_a_form_sent_twice_and_one_without_its_row_version(target: Target) -> None:
    legal, form = target.web.staff("legal"), target.form()
    assert legal.send(f"{target.path}/costs/text", form).status_code == 303
    with nothing_changes(target.services, REFUSED * 4):
        assert legal.send(f"{target.path}/costs/text", form).status_code == 409
        for row_version in ("", "-1", "99999999999999999999"):
            other = {**form, "row_version": row_version, "text.en": "# Costs\n\nAll."}
            assert legal.send(f"{target.path}/costs/text", other).status_code == 409


def test_ones_own_wording_is_not_approved_and_neither_is_another_than_the_shown_one(target: Target) -> None:
    legal, reviewer = target.web.staff("legal"), target.web.staff("legal_review")
    first = shipped()["audit_right"]
    typed = {
        "after": first.sha256,
        "topics": "audit",
        "binding": "yes",
        "owner": target.legal.id,
        "templates": list(first.templates),
        "reason": "Shorter.",
        **{f"title.{lang}": text for lang, text in first.title.items()},
        **{f"note.{lang}": text for lang, text in first.note.items()},
        **{f"text.{lang}": text.replace("30", "20") for lang, text in first.sources.items()},
    }
    assert legal.send("/clauses/audit_right/versions/new", typed).status_code == 303
    shown = reviewer.open("/clauses/audit_right").text.split('name="sha256" value="', 1)[1][:64]
    with nothing_changes(target.services, REFUSED):
        form = {"sha256": shown, "verdict": "approve"}
        page(legal.send("/clauses/audit_right/decision", form), 403, "clause_library.own_proposal")
    typed |= {"after": shown, **{f"text.{lang}": text.replace("30", "10") for lang, text in first.sources.items()}}
    assert legal.send("/clauses/audit_right/versions/new", typed).status_code == 303
    with nothing_changes(target.services, REFUSED * 2):
        for sha256 in (shown, "0" * 64):
            form = {"sha256": sha256, "verdict": "approve"}
            page(reviewer.send("/clauses/audit_right/decision", form), 409, "clause_library.changed")


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_confirmation_leads_nowhere_else(target: Target, back: str) -> None:
    legal = target.web.staff("legal")
    assert legal.send(f"{target.path}/costs/text", target.form()).status_code == 303
    edited = target.form(**{"text.en": "# Costs\n\nNobody pays."})
    target.web.case.services.clock.forward(hours=1)  # type: ignore[attr-defined]  # the tests' own clock
    assert legal.send(f"{target.path}/costs/text", edited).status_code == 303
    form = target.form(path="clauses.costs", lang="zh-Hans", next=back)
    answer = legal.send(f"/agreements/{target.id}/translations", form)
    assert (answer.status_code, answer.location) == (303, "/")
