"""The directory of parties: one entry for one number, no lost change, and versions that stay as they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agreements.errors import InvalidFields
from agreements.organisation_tables import written
from signing_service.cli import demo_case
from signing_service.db import schema
from signing_service.db.models.organisations import PartyMark
from signing_service.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, NumberTaken
from signing_service.operations import (
    agreements,
    drafts,
    organisation_evidence,
    organisation_tables,
    organisation_views,
    organisations,
    versions,
)
from tests.agreements.entries import ESIMERKKI, fields
from tests.agreements.test_party_evidence import A_PDF
from tests.factories.case import Case
from tests.factories.directory import entered

ASSOCIATION = {"scheme": "uscc", "value": "51510000MJX020203Q"}


def association(case: Case, **changes: Any) -> str:
    """The second party of the sample, as it stands there, in the directory."""
    party = demo_case.sample()["parties"][1]
    return organisations.add(case.services, case.staff["legal"], demo_case.flat({**party, **changes}))


def test_a_number_belongs_to_one_entry(staffed: Case) -> None:
    first = entered(staffed)
    with pytest.raises(NumberTaken) as refused:
        entered(staffed, legal_name__en="Another")
    assert (refused.value.organisation_id, refused.value.index) == (first, 0)
    assert "样例物流" in str(refused.value)
    other = entered(staffed, identifiers__0__value="9990172-1", legal_name__en="Another")
    legal = staffed.staff["legal"]
    with pytest.raises(NumberTaken):
        organisations.change(staffed.services, legal, other, fields(), 1)
    shared = organisation_views.read(staffed.services, legal, other).numbers[1].shared_with
    assert [one.id for one in shared] == [first], "members of a VAT group share a number, and it is pointed out"


def test_two_people_enter_the_same_number_at_once(staffed: Case) -> None:
    def attempt(_n: int) -> str:
        try:
            return entered(staffed)
        except (NumberTaken, ChangedMeanwhile) as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as people:
        outcomes = list(people.map(attempt, range(4)))
    assert len([one for one in outcomes if one.startswith("org_")]) == 1
    assert len(organisations.find(staffed.services, staffed.staff["legal"]).rows) == 1


def test_a_lost_race_changes_nothing(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    organisation_id = entered(staffed)
    organisations.change(services, legal, organisation_id, fields(legal_name__en="First"), 1)
    for late in (
        lambda: organisations.change(services, legal, organisation_id, fields(legal_name__en="Second"), 1),
        lambda: organisations.archive(services, legal, organisation_id, 1),
    ):
        with pytest.raises(ChangedMeanwhile):
            late()
    view = organisation_views.read(services, legal, organisation_id)
    assert (view.row.name["en"], view.row_version, view.row.archived) == ("First", 2, False)


def test_search(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    ids = {entered(staffed), association(staffed)}
    found = {
        words: {row.id for row in organisations.find(services, legal, words).rows}
        for words in ("", "样例", "ESIMERKKI", "9990174 8", "循环经济", "51510000mjx", "%", "_", "x" * 5000)
    }
    esimerkki, circular = found["样例"], found["循环经济"]
    assert found[""] == ids == esimerkki | circular
    assert found["ESIMERKKI"] == found["9990174 8"] == esimerkki
    assert found["51510000mjx"] == circular
    assert found["%"] == found["_"] == found["x" * 5000] == set()


def test_an_archived_entry_is_not_offered_and_comes_back(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    organisation_id = entered(staffed)
    agreement_id = drafts.start(services, legal, demo_case.TEMPLATE)
    organisations.archive(services, legal, organisation_id, 1)
    assert organisations.choices(services, legal) == ()
    assert organisations.find(services, legal).rows == ()
    assert len(organisations.find(services, legal, "", archived=True).rows) == 1
    with pytest.raises(NotFound):
        organisations.party_fields(services, legal, agreement_id, "parties.0", organisation_id)
    with pytest.raises(NumberTaken):
        entered(staffed)
    organisations.archive(services, legal, organisation_id, 2, back=True)
    with pytest.raises(ChangedMeanwhile):
        organisations.archive(services, legal, organisation_id, 3, back=True)
    assert len(organisations.choices(services, legal)) == 1
    history = organisation_views.read(services, legal, organisation_id).history
    assert [one.type.rpartition(".")[2] for one in history] == ["restored", "archived", "added"]


def test_a_version_keeps_what_it_says(frozen: Case) -> None:
    services, legal = frozen.services, frozen.staff["legal"]
    organisation_id = association(frozen)
    before = versions.read(services, legal, frozen.agreement_id, 1).version.canonical
    party = demo_case.sample()["parties"][1] | {"legal_name": {"en": "Renamed", "zh-Hans": "改名协会"}}
    organisations.change(services, legal, organisation_id, demo_case.flat(party), 1)
    assert versions.read(services, legal, frozen.agreement_id, 1).version.canonical == before
    named = organisation_views.read(services, legal, organisation_id).agreements
    assert [one.id for one in named] == [frozen.agreement_id], "found by its number"


def test_an_agreement_is_found_by_the_parties_of_its_newest_version(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    by_number, by_name = association(staffed), entered(staffed)
    values = demo_case.sample()
    agreement_id = drafts.start(services, legal, demo_case.TEMPLATE)
    saved = drafts.save(services, legal, agreement_id, demo_case.flat(values), 1)
    versions.save(services, legal, agreement_id, saved)
    assert len(organisation_views.read(services, legal, by_number).agreements) == 1
    values["parties"][1] |= {"legal_name": {"en": "esimerkki logistics", "zh-Hans": "别名"}, "identifiers": []}
    saved = drafts.save(services, legal, agreement_id, demo_case.flat(values), saved)
    versions.save(services, legal, agreement_id, saved)
    assert organisation_views.read(services, legal, by_number).agreements == ()
    assert len(organisation_views.read(services, legal, by_name).agreements) == 1


def test_authority_is_a_warning_until_a_document_shows_it(frozen: Case) -> None:
    services, legal = frozen.services, frozen.staff["legal"]

    def warned() -> list[tuple[str, str | None]]:
        found = agreements.read(services, legal, frozen.agreement_id).unevidenced
        return [(one.name, one.organisation_id) for one in found]

    assert warned() == [("林知远", None), ("周慧", None)]
    organisation_id = association(frozen)
    person = organisation_views.read(services, legal, organisation_id).people[0]
    assert warned()[1] == ("周慧", organisation_id)
    evidence_id = organisation_evidence.add(
        services, legal, organisation_id, person.about, "2020-12-01", A_PDF, "会长证明.pdf"
    )
    assert warned() == [("林知远", None)]
    party = demo_case.sample()["parties"][1]
    party["representatives"][0]["email"] = "somebody.else@circular-economy.example"
    organisations.change(services, legal, organisation_id, demo_case.flat(party), 1)
    assert warned() == [("林知远", None)], "the document still speaks of the person whom the agreement names"
    assert [d.id for d in organisation_views.read(services, legal, organisation_id).leftover] == [evidence_id]
    organisation_evidence.withdraw(services, legal, organisation_id, evidence_id)
    assert len(warned()) == 2
    with pytest.raises(ChangedMeanwhile):
        organisation_evidence.withdraw(services, legal, organisation_id, evidence_id)


def test_an_extract_verifies_the_number_it_is_about(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    organisation_id = entered(staffed)
    number = organisation_views.read(services, legal, organisation_id).numbers[0]
    assert number.verified_on is None
    organisation_evidence.add(services, legal, organisation_id, number.about, "2020-12-01", A_PDF, "extract.pdf")
    numbers = organisation_views.read(services, legal, organisation_id).numbers
    assert [str(one.verified_on) for one in numbers] == ["2020-12-01", "None"]
    for about, day in ((number.about, "2999-01-01"), (number.about, "yesterday"), (number.about, "0001-01-01")):
        with pytest.raises(InvalidInput):
            organisation_evidence.add(services, legal, organisation_id, about, day, A_PDF, "extract.pdf")
    with pytest.raises(NotFound):
        organisation_evidence.add(services, legal, organisation_id, "lei:x", "2020-12-01", A_PDF, "extract.pdf")


def test_what_is_odd_about_numbers_is_said_and_stops_nothing(staffed: Case) -> None:
    organisation_id = entered(staffed, identifiers__1__value="FI01120389")
    numbers = organisation_views.read(staffed.services, staffed.staff["auditor"], organisation_id).numbers
    assert [[doubt.message.format(**doubt.params) for doubt in one.doubts] for one in numbers] == [
        [],
        [
            "A Finnish VAT number repeats the Business ID: for 9990174-8 it is FI99901748. "
            "Only the members of a VAT group have another."
        ],
    ]


def test_a_table_goes_in_whole_or_not_at_all(staffed: Case) -> None:
    services, legal = staffed.services, staffed.staff["legal"]
    entered(staffed)
    good = {**ESIMERKKI, "legal_name": {"en": "Good"}, "identifiers": []}
    with pytest.raises(InvalidInput):
        organisation_tables.take_in(services, legal, written([good, ESIMERKKI]))
    preview = organisation_tables.preview(services, legal, written([good, ESIMERKKI]))
    assert [(one.row, one.column) for one in preview.problems] == [(3, "fi_business_id")]
    assert len(organisations.find(services, legal).rows) == 1
    assert organisation_tables.take_in(services, legal, written([good])) == 1
    out = organisation_tables.take_out(services, legal)
    assert len(organisation_tables.preview(services, legal, out).table.rows) == 2


def test_only_legal_staff_edit(staffed: Case) -> None:
    organisation_id = entered(staffed)
    for who in ("management", "host", "auditor", "outbox"):
        actor = staffed.staff[who]
        assert organisation_views.read(staffed.services, actor, organisation_id).row.country == "FI"
        for refused in (
            lambda actor=actor: organisations.add(staffed.services, actor, fields()),
            lambda actor=actor: organisations.change(staffed.services, actor, organisation_id, fields(), 1),
            lambda actor=actor: organisations.archive(staffed.services, actor, organisation_id, 1),
            lambda actor=actor: organisation_tables.take_in(staffed.services, actor, written([ESIMERKKI])),
            lambda actor=actor: organisation_tables.take_out(staffed.services, actor),
        ):
            with pytest.raises(NotPermitted):
                refused()


def test_what_is_wrong_is_refused_with_every_problem(staffed: Case) -> None:
    with pytest.raises(InvalidFields) as refused:
        organisations.add(staffed.services, staffed.staff["legal"], {"legal_name.en": "X"})
    assert len(refused.value.problems) == 3
    assert organisations.find(staffed.services, staffed.staff["legal"]).rows == ()


def test_the_migration_recognises_the_parties_there_are(frozen: Case) -> None:
    def marks() -> set[tuple[int, str, str]]:
        with frozen.services.db.read() as session:
            return {(one.party_index, one.kind, one.value) for one in session.query(PartyMark)}

    before = marks()
    assert (1, "uscc", "51510000MJX020203Q") in before
    schema.downgrade(frozen.services.db, "0002")
    schema.upgrade(frozen.services.db)
    assert marks() == before
