"""One agreement's slice is shown complete on its own; whatever is left out, swapped or slipped in is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signing_service.audit import journal
from signing_service.audit.actions import Action
from signing_service.audit.agreement_slice import ProvedEntry, read_slice, verify_slice
from signing_service.audit.details.agreements import AgreementCompleted
from tests.signing_service.audit import worked_example as example
from tests.signing_service.audit.log_fixture import KNOWN, TestLog


@pytest.fixture
def proved(sqlite_log: TestLog) -> list[ProvedEntry]:
    """Five entries of one agreement among others; the last one concludes it."""
    for agreement in ("agr_1", "agr_2", "agr_1", None, "agr_1", "agr_2", "agr_1"):
        sqlite_log.append(agreement=agreement)
        sqlite_log.publish()
    with sqlite_log.database.write() as session:
        journal.record(
            session,
            action=Action.AGREEMENT_COMPLETED,
            actor="system",
            agreement="agr_1",
            details=AgreementCompleted(example.DOCUMENT, 2),
            at=sqlite_log.now,
        )
    sqlite_log.publish()
    sqlite_log.append(agreement="agr_1")  # no checkpoint covers it yet
    with sqlite_log.database.read() as session:
        assert len(read_slice(session, "agr_2", with_disclosures=False)) == 2
        return read_slice(session, "agr_1", with_disclosures=True)


def findings(proved: list[ProvedEntry]) -> list[str]:
    return [f"{problem.kind}: {problem.where}" for problem in verify_slice(proved, "agr_1", KNOWN, concluded=True)]


def test_a_whole_slice_holds(proved: list[ProvedEntry]) -> None:
    assert len(proved) == 5
    assert len(proved[0].disclosures) == 1
    assert findings(proved) == []


def test_what_is_left_out_or_swapped_is_named(proved: list[ProvedEntry]) -> None:
    assert findings([proved[0], *proved[2:]]) == ["seq_broken: entry 4, agreement agr_1 no. 2, seat.joined"]
    assert findings(proved[1:]) == ["seq_broken: entry 2, agreement agr_1 no. 1, seat.joined"]
    assert findings(proved[:-1]) == ["not_closed: the log"]
    assert findings([]) == ["not_closed: the log"]
    swapped = [proved[0], proved[2], proved[1], *proved[3:]]
    assert "entry_out_of_order: entry 2, agreement agr_1 no. 1, seat.joined" in findings(swapped)


def test_changed_entries_and_borrowed_proofs_are_named(proved: list[ProvedEntry]) -> None:
    changed = replace(proved[1], encoded=proved[1].encoded.replace(b"sig_1", b"sig_2"))
    assert findings([proved[0], changed, *proved[2:]]) == [
        "proof_wrong: entry 1, agreement agr_1 no. 1, seat.joined",
        "prev_broken: entry 4, agreement agr_1 no. 2, seat.joined",
    ]
    borrowed = replace(proved[1], proof=proved[2].proof)
    assert "proof_wrong: entry 1, agreement agr_1 no. 1, seat.joined" in findings([proved[0], borrowed, *proved[2:]])
    garbage = replace(proved[1], encoded=b"garbage", proof="garbage")
    assert {"entry_malformed: entry 1", "proof_wrong: entry 1"} <= set(findings([proved[0], garbage, *proved[2:]]))
    foreign = replace(proved[0], disclosures=proved[1].disclosures)
    assert findings([foreign, *proved[1:]]) == ["disclosure_wrong: entry 0, agreement agr_1 no. 0, seat.joined"]


def test_a_slice_of_another_agreement_or_log_is_not_taken(proved: list[ProvedEntry]) -> None:
    kinds = {problem.kind for problem in verify_slice(proved, "agr_2", KNOWN, concluded=True)}
    assert kinds == {"other_agreement"}
    kinds = {problem.kind for problem in verify_slice(proved, "agr_1", [], concluded=True)}
    assert kinds == {"proof_wrong"}
