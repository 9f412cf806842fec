"""The clause library of the house: proposed by one, approved by another over the hash that was read, never changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.clause_errors import ClauseRefused, LibraryClauseChanged, OwnLibraryClause
from agreements.clause_library import LibraryClause
from agreements.shipped_clauses import shipped
from signing_service.cli.demo_case import TEMPLATE
from signing_service.errors import InvalidInput, NotFound, NotPermitted
from signing_service.operations import clause_editor, clause_library, clauses, deviations, drafts
from signing_service.operations.clauses import Place
from tests.agreements.test_clause_library import COSTS
from tests.attacks.unchanged import nothing_changes
from tests.factories.case import Case
from tests.signing_service.operations.test_at_once import together

REASON = "Two partners asked for it."
HKIAC = "disputes_hkiac"


def changed(clause: LibraryClause) -> LibraryClause:
    """The same with another English sentence, and its Chinese."""
    sources = {
        "zh-Hans": f"{clause.sources['zh-Hans']}\n\n另行约定。",
        "en": f"{clause.sources['en']}\n\nMore is agreed.",
    }
    return replace(clause, sources=sources)


def propose(case: Case, clause: LibraryClause, after: str, who: str = "legal") -> int:
    owner = case.staff["legal"].id
    return clause_library.propose(case.services, case.staff[who], clause, REASON, owner, after)


def decide(case: Case, clause: LibraryClause, verdict: str = "approve", who: str = "legal_review") -> None:
    clause_library.decide(case.services, case.staff[who], clause.id, clause.sha256, verdict, REASON)


def read(case: Case, clause_id: str) -> clause_library.LibraryView:
    return clause_library.read(case.services, case.staff["legal"], clause_id)


def offered(case: Case, clause_id: str = "disputes") -> dict[str, int]:
    """What a fresh draft could take for this clause: name → version."""
    agreement_id = drafts.start(case.services, case.staff["legal"], TEMPLATE)
    found = clause_editor.offers(case.services, case.staff["legal"], agreement_id, Place(clause_id))
    return {one.offer.approved.clause.id: one.offer.approved.version for one in found.offers}


def test_what_comes_with_the_software_is_there_without_a_row(staffed: Case) -> None:
    found = clause_library.list_all(staffed.services, staffed.staff["management"])
    assert {one.id for one in found} == set(shipped())
    assert all(one.current is not None and one.current.number == 1 for one in found)
    assert offered(staffed)[HKIAC] == 1


def test_a_new_clause_is_offered_once_a_second_person_approved_it(staffed: Case) -> None:
    assert propose(staffed, COSTS, "") == 1
    assert offered(staffed, "costs") == {}
    view = read(staffed, COSTS.id)
    assert view.proposal is not None
    assert (view.proposal.reason, view.proposal.owner_name) == (REASON, "沈月 Shen Yue")
    assert not view.may_decide
    with pytest.raises(OwnLibraryClause):
        decide(staffed, COSTS, who="legal")
    decide(staffed, COSTS)
    assert offered(staffed, "costs") == {COSTS.id: 1}


def test_a_new_version_of_a_shipped_clause_keeps_the_first(staffed: Case) -> None:
    first, second = shipped()[HKIAC], changed(shipped()[HKIAC])
    assert propose(staffed, second, first.sha256) == 2
    assert offered(staffed)[HKIAC] == 1
    decide(staffed, second)
    view = read(staffed, HKIAC)
    assert [(one.number, one.state, one.sha256) for one in view.versions] == [
        (2, "approved", second.sha256),
        (1, "approved", first.sha256),
    ]
    assert view.versions[1].proposed_by == ""
    assert offered(staffed)[HKIAC] == 2


def test_a_draft_is_told_of_the_newer_version_and_of_a_retired_one(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    agreement_id = drafts.start(services, legal, TEMPLATE)
    first, second = shipped()[HKIAC], changed(shipped()[HKIAC])
    clauses.choose(services, legal, agreement_id, Place("disputes"), HKIAC, first.sha256, REASON, 1)
    propose(staffed, second, first.sha256)
    decide(staffed, second)

    def row() -> deviations.ClauseRow:
        view = deviations.read(services, legal, agreement_id)
        return next(one for one in view.clauses if one.id == "disputes")

    assert (row().origin, row().newer, row().retired) == (f"{HKIAC}/1", 2, False)
    with pytest.raises(LibraryClauseChanged):  # the first version is not offered any more
        clauses.choose(services, legal, agreement_id, Place("disputes"), HKIAC, first.sha256, REASON, 2)
    clauses.choose(services, legal, agreement_id, Place("disputes"), HKIAC, second.sha256, REASON, 2)
    assert (row().origin, row().newer) == (f"{HKIAC}/2", None)
    clause_library.retire(services, legal, HKIAC, second.sha256, REASON)
    assert row().retired
    assert HKIAC not in offered(staffed)


def test_an_approved_proposal_brings_a_retired_clause_back(staffed: Case) -> None:
    first = shipped()[HKIAC]
    clause_library.retire(staffed.services, staffed.staff["legal"], HKIAC, first.sha256, REASON)
    view = read(staffed, HKIAC)
    assert (view.retired_by_name, view.retired_reason) == ("沈月 Shen Yue", REASON)
    assert propose(staffed, first, first.sha256) == 2  # the very same wording, by four eyes again
    decide(staffed, first)
    assert read(staffed, HKIAC).retired_at is None
    assert offered(staffed)[HKIAC] == 2


def test_a_declined_one_changes_nothing_and_a_later_proposal_withdraws_a_waiting_one(staffed: Case) -> None:
    first, second = shipped()[HKIAC], changed(shipped()[HKIAC])
    propose(staffed, second, first.sha256)
    third = changed(second)
    assert propose(staffed, third, second.sha256, who="legal_review") == 3
    assert [one.state for one in read(staffed, HKIAC).versions] == ["proposed", "withdrawn", "approved"]
    decide(staffed, third, "decline", who="legal")
    assert [one.state for one in read(staffed, HKIAC).versions] == ["declined", "withdrawn", "approved"]
    assert offered(staffed)[HKIAC] == 1


def test_a_decision_over_another_wording_and_a_lost_race_are_refused(staffed: Case) -> None:
    first, second = shipped()[HKIAC], changed(shipped()[HKIAC])
    propose(staffed, second, first.sha256)
    third = changed(second)
    with nothing_changes(staffed.services, ("access.refused",) * 4):
        with pytest.raises(LibraryClauseChanged):
            decide(staffed, third)  # the form of somebody who was shown other words
        with pytest.raises(LibraryClauseChanged):
            propose(staffed, third, first.sha256)  # proposed over a version that is not the newest any more
        with pytest.raises(LibraryClauseChanged):
            propose(staffed, second, second.sha256)  # nothing differs
        with pytest.raises(InvalidInput):
            propose(staffed, first, "")  # a new clause under a name that is taken
    decide(staffed, second)
    with pytest.raises(LibraryClauseChanged):
        decide(staffed, second, "decline")  # decided already


def test_bad_proposals_leave_nothing_behind(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    with nothing_changes(services, ("access.refused",) * 6):
        with pytest.raises(ClauseRefused):
            propose(staffed, replace(COSTS, sources={**COSTS.sources, "en": "# Costs\n\n<b>None</b>."}), "")
        with pytest.raises(ClauseRefused):
            propose(staffed, replace(COSTS, id="../costs"), "")
        with pytest.raises(InvalidInput):
            clause_library.propose(services, legal, COSTS, "", legal.id, "")
        with pytest.raises(InvalidInput):
            clause_library.propose(services, legal, COSTS, REASON, staffed.staff["management"].id, "")
        with pytest.raises(NotFound):
            propose(staffed, COSTS, "0" * 64)
        with pytest.raises(LibraryClauseChanged):
            clause_library.retire(services, legal, HKIAC, "0" * 64, REASON)
    with pytest.raises(NotFound):
        read(staffed, "nothing")


def test_others_neither_propose_nor_decide(staffed: Case) -> None:
    with nothing_changes(staffed.services, ("access.refused",) * 9):
        for who in ("management", "host", "auditor"):
            with pytest.raises(NotPermitted):
                propose(staffed, COSTS, "", who=who)
            with pytest.raises(NotPermitted):
                decide(staffed, shipped()[HKIAC], who=who)
            with pytest.raises(NotPermitted):
                clause_library.retire(staffed.services, staffed.staff[who], HKIAC, shipped()[HKIAC].sha256, REASON)


def test_two_proposals_at_the_same_moment(staffed: Case) -> None:
    """A shipped clause gets its rows from one of them; the other is told, and nothing fails."""
    first, told = shipped()[HKIAC], []

    def press(who: str, wording: LibraryClause) -> None:
        try:
            propose(staffed, wording, first.sha256, who=who)
        except LibraryClauseChanged as refused:
            told.append(refused.code)

    second = changed(first)
    together(lambda: press("legal", second), lambda: press("legal_review", changed(second)))
    assert told == ["clause_library.changed"]
    assert [one.number for one in read(staffed, HKIAC).versions] == [2, 1]
