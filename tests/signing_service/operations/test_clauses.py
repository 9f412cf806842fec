"""The clauses of a draft as operations: who, when and why are kept, translations follow, the log says which text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from agreements.canonical import canonical_bytes, sha256_of
from agreements.clause_changes import standard_sources
from agreements.clause_errors import (
    ClauseLocked,
    ClauseUnchanged,
    ClauseUnknown,
    LibraryClauseChanged,
    LibraryClauseUnfit,
    TranslationsStale,
)
from agreements.shipped_clauses import shipped
from agreements.templates import library
from signing_service.cli.demo_case import TEMPLATE, flat, sample
from signing_service.errors import ChangedMeanwhile, InvalidInput, NotPermitted
from signing_service.operations import (
    agreements,
    approvals,
    audit_log,
    clauses,
    deviations,
    documents,
    drafts,
    translations,
    versions,
)
from signing_service.operations.clauses import Place
from tests.factories.case import Case

OWN = {"zh-Hans": "# 费用\n\n各方自行承担费用。", "en": "# Costs\n\nEach Party bears its own costs."}
REASON = "The partner asked for it."


class Drafting:
    """A draft filled in and saved as version 1, and a person of the legal staff who works on its clauses."""

    def __init__(self, case: Case) -> None:
        self.case, self.services, self.legal = case, case.services, case.staff["legal"]
        self.id = drafts.start(self.services, self.legal, TEMPLATE)
        drafts.save(self.services, self.legal, self.id, flat(sample()), 1)
        self.first = self.version()

    @property
    def view(self) -> deviations.DeviationsView:
        return deviations.read(self.services, self.legal, self.id)

    def row(self, clause_id: str) -> deviations.ClauseRow:
        return next(one for one in self.view.clauses if one.id == clause_id)

    def version(self) -> str:
        return versions.save(self.services, self.legal, self.id, self.view.row_version).sha256

    def choose(self, place: Place, name: str, **more: Any) -> str:
        facts = {"sha256": shipped()[name].sha256, "reason": REASON, "row_version": self.view.row_version} | more
        return clauses.choose(self.services, self.legal, self.id, place, name, **facts)

    def write(self, place: Place, sources: dict[str, str] = OWN, **more: Any) -> str:
        facts = {"reason": REASON, "row_version": self.view.row_version} | more
        return clauses.write(self.services, self.legal, self.id, place, sources, **facts)

    def restore(self, clause_id: str) -> None:
        clauses.restore(self.services, self.legal, self.id, clause_id, self.view.row_version)


@pytest.fixture
def drafting(staffed: Case) -> Drafting:
    return Drafting(staffed)


def test_a_story_of_clauses_and_all_the_way_back(drafting: Drafting) -> None:
    """A variant, own words, an added one; counted, in the version, in the log; taken back, the first hash is there."""
    assert drafting.view.tally.deviating == 0
    drafting.choose(Place("disputes"), "disputes_hkiac")
    drafting.write(Place("costs"))
    added = drafting.choose(Place(after="general"), "force_majeure")
    view = drafting.view
    assert (view.tally.variants, view.tally.own_words, view.tally.added) == (1, 1, 1)
    row = drafting.row("disputes")
    assert (row.kind, row.origin, row.reason) == ("variant", "disputes_hkiac/1", REASON)
    assert row.by_name == "沈月 Shen Yue"
    assert row.at is not None
    assert row.at.utcoffset() == timedelta(0)
    assert row.change is not None
    assert row.change.text_changed
    assert [one.id for one in view.clauses][-1] == added == "force_majeure"
    second = drafting.version()
    assert second != drafting.first
    reading = versions.read(drafting.services, drafting.legal, drafting.id, 2)
    expected = {
        "disputes": "variant",
        "costs": "custom",
        "force_majeure": "added",
        "publicity": "standard",
    }
    assert expected.items() <= reading.kinds.items()
    assert [one.clause_id for one in reading.version.deviations] == ["costs", "disputes", "force_majeure"]
    assert agreements.read(drafting.services, drafting.legal, drafting.id).tally == view.tally
    for clause_id in ("force_majeure", "costs", "disputes"):
        drafting.restore(clause_id)
    assert drafting.version() == drafting.first


def test_the_log_says_which_text_and_keeps_the_reason_beside(drafting: Drafting) -> None:
    drafting.write(Place("costs"))
    drafting.restore("costs")
    entries = audit_log.entries(drafting.services, drafting.case.staff["auditor"]).entries
    restored, chosen = [one for one in entries if one.type.startswith("clause.")]
    assert chosen.details["clause"] == "costs"
    assert chosen.details["text_sha256"] == sha256_of(canonical_bytes(OWN))
    assert REASON not in str(chosen.details)
    assert chosen.personal["words"] == REASON
    assert (restored.type, restored.details["kind"]) == ("clause.restored", "custom")


def test_who_writes_last_is_the_last_editor(drafting: Drafting) -> None:
    """Four eyes: who changed a clause cannot approve the version."""
    reviewer = drafting.case.staff["legal_review"]
    clauses.write(drafting.services, reviewer, drafting.id, Place("costs"), OWN, REASON, drafting.view.row_version)
    sha256 = drafting.version()
    approvals.submit(drafting.services, drafting.legal, drafting.id, sha256)
    found = agreements.read(drafting.services, reviewer, drafting.id)
    assert "decide" not in found.allowed


def test_a_changed_clause_voids_what_was_approved(drafting: Drafting) -> None:
    approvals.submit(drafting.services, drafting.legal, drafting.id, drafting.first)
    approvals.decide(drafting.services, drafting.case.staff["legal_review"], drafting.id, "approve", drafting.first)
    drafting.choose(Place("disputes"), "disputes_scc")
    drafting.version()
    found = agreements.read(drafting.services, drafting.legal, drafting.id)
    assert found.row.state == "draft"
    entries = audit_log.entries(drafting.services, drafting.case.staff["auditor"]).entries
    voided = next(one for one in entries if one.type == "approvals.voided")
    assert voided.details["old_sha256"] == drafting.first


def test_a_first_edit_of_one_language_is_stale_and_stops_freezing_until_confirmed(drafting: Drafting) -> None:
    standard = dict(standard_sources(library()[TEMPLATE], "costs"))
    drafting.write(Place("costs"), {**standard, "zh-Hans": standard["zh-Hans"].replace("翻译", "口译")})
    assert [(one.lang, one.lead) for one in drafting.row("costs").stale] == [("en", "zh-Hans")]
    sha256 = drafting.version()
    services, staff = drafting.services, drafting.case.staff
    approvals.submit(services, drafting.legal, drafting.id, sha256)
    for who in ("legal_review", "management"):
        approvals.decide(services, staff[who], drafting.id, "approve", sha256)
    (behind,) = agreements.read(services, drafting.legal, drafting.id).stale
    assert (behind.path, behind.places, behind.confirmable) == ("clauses.costs", ("costs",), True)
    assert behind.label["en"] == "Costs"
    with pytest.raises(TranslationsStale):
        documents.freeze(services, staff["host"], drafting.id, sha256)
    translations.confirm(services, drafting.legal, drafting.id, behind.path, "en", drafting.view.row_version)
    assert agreements.read(services, drafting.legal, drafting.id).stale == ()
    documents.freeze(services, staff["host"], drafting.id, sha256)
    with pytest.raises(ChangedMeanwhile):
        drafting.write(Place("costs"))  # nothing changes what is frozen


def test_an_approved_wording_is_never_stale(drafting: Drafting) -> None:
    drafting.choose(Place("disputes"), "disputes_hkiac")
    drafting.choose(Place("disputes"), "disputes_scc")
    assert drafting.row("disputes").stale == ()


def test_exactly_the_standard_wording_is_the_standard_again(drafting: Drafting) -> None:
    drafting.write(Place("costs"))
    drafting.write(Place("costs"), dict(standard_sources(library()[TEMPLATE], "costs")), reason="")
    assert drafting.row("costs").kind == "standard"
    with pytest.raises(ClauseUnchanged):
        drafting.write(Place("costs"), dict(standard_sources(library()[TEMPLATE], "costs")))


def test_an_added_clause_in_own_words_is_edited_and_removed(drafting: Drafting) -> None:
    clause_id = drafting.write(Place(after="costs"))
    assert (clause_id, drafting.row(clause_id).added) == ("added", True)
    drafting.write(Place(clause_id), {**OWN, "en": "# Costs\n\nNobody pays."})
    assert drafting.row(clause_id).number == (drafting.row("costs").number or 0) + 1
    drafting.restore(clause_id)
    assert clause_id not in {one.id for one in drafting.view.clauses}


def test_what_is_refused_changes_nothing(drafting: Drafting) -> None:
    before = drafting.view
    stale = before.row_version - 1
    for refused, attempt in (
        (ChangedMeanwhile, lambda: drafting.write(Place("costs"), row_version=stale)),
        (ChangedMeanwhile, lambda: drafting.choose(Place("disputes"), "disputes_scc", row_version=stale)),
        (InvalidInput, lambda: drafting.write(Place("costs"), reason="  ")),
        (InvalidInput, lambda: drafting.write(Place("costs"), reason="x" * 1001)),
        (ClauseLocked, lambda: drafting.write(Place("nature"))),
        (ClauseUnknown, lambda: drafting.write(Place("milestones"))),
        (ClauseUnknown, lambda: drafting.write(Place(after="milestones"))),
        (ClauseUnknown, lambda: drafting.restore("costs")),
        (LibraryClauseChanged, lambda: drafting.choose(Place("disputes"), "disputes_scc", sha256="0" * 64)),
        (LibraryClauseUnfit, lambda: drafting.choose(Place("costs"), "disputes_scc")),
        (LibraryClauseUnfit, lambda: drafting.choose(Place(after="costs"), "disputes_scc")),
    ):
        with pytest.raises(refused):
            attempt()
    assert drafting.view == before


def test_only_legal_staff_change_clauses(drafting: Drafting) -> None:
    for who in ("management", "host", "auditor"):
        person, at = drafting.case.staff[who], drafting.view.row_version
        with pytest.raises(NotPermitted):
            clauses.write(drafting.services, person, drafting.id, Place("costs"), OWN, REASON, at)
        assert deviations.read(drafting.services, person, drafting.id).may_edit is False
