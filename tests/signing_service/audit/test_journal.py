"""The one writer: what is recorded stands in the log exactly once, in order, and only if the act was committed."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from signing_service.audit import events, journal, merkle, proofs
from signing_service.audit.actions import Action, Audience
from signing_service.audit.details.ceremonies import CeremonyMoved, CeremonyPaused, SeatMoved
from signing_service.audit.entries import parse
from signing_service.audit.errors import EntryNotRecordable, LogNotInstalled
from signing_service.db.models.audit import LogDisclosure, LogEntry, LogHead
from tests.signing_service.audit.log_fixture import START, TestLog

JOINED = SeatMoved(ceremony="cer_1", seat="sea_1", signatory="sig_1")


def test_entries_are_numbered_without_gaps_and_chained_by_agreement(log: TestLog) -> None:
    for agreement in ("agr_1", "agr_2", "agr_1", None, "agr_1", "agr_2"):
        log.append(agreement=agreement)
    with log.database.read() as session:
        rows = session.scalars(select(LogEntry).order_by(LogEntry.idx)).all()
        assert [(row.idx, row.agreement, row.seq) for row in rows] == [
            (0, "agr_1", 0),
            (1, "agr_2", 0),
            (2, "agr_1", 1),
            (3, None, None),
            (4, "agr_1", 2),
            (5, "agr_2", 1),
        ]
        assert parse(rows[4].encoded).prev == rows[2].leaf_hash
        assert parse(rows[5].encoded).prev == rows[1].leaf_hash
        assert b"prev" not in rows[3].encoded
        assert b"agreement" not in rows[3].encoded
        assert proofs.log_size(session) == 6
    assert log.findings() == []


def test_the_receipt_is_the_row(log: TestLog) -> None:
    receipt = log.append(3)[2]
    with log.database.read() as session:
        row = session.get_one(LogEntry, receipt.index)
        assert (row.encoded, row.leaf_hash) == (receipt.entry, receipt.leaf_hash)
        assert (receipt.index, receipt.seq, receipt.agreement) == (2, 2, "agr_1")
        assert (row.type, row.actor, row.ceremony, row.at) == (
            "seat.joined",
            "sea_1",
            "cer_1",
            "2026-11-22T08:00:03.000Z",
        )
        assert row.leaf_hash == merkle.leaf_hash(row.encoded)


def test_several_entries_in_one_transaction_and_none_when_it_is_rolled_back(log: TestLog) -> None:
    with pytest.raises(ZeroDivisionError):
        record_three_and_fail(log)
    assert log.findings() == []
    with log.database.write() as session:
        receipts = [
            journal.record(
                session,
                action=Action.SEAT_JOINED,
                actor="sea_1",
                agreement="agr_1",
                details=JOINED,
                at=START,
                personal={"ip": "192.0.2.7"},
            )
            for _ in range(5)
        ]
    assert [(receipt.index, receipt.seq) for receipt in receipts] == [(n, n) for n in range(5)]
    assert log.findings() == []


def test_personal_data_lies_beside_the_entry_only(log: TestLog) -> None:
    receipt = log.pause("Aino Virtanen has lost her connection")
    assert b"Aino" not in receipt.entry
    with log.database.read() as session:
        assert events.personal_of(session, receipt.index) == {"words": "Aino Virtanen has lost her connection"}
        (text,) = session.scalars(select(LogDisclosure.text)).all()
        assert events.disclosures_of(session, receipt.index) == (text,)
        assert parse(receipt.entry).sd == (receipt.disclosures[0].digest,)
    silent = log.pause("")
    assert silent.disclosures == ()
    assert b"_sd" not in silent.entry


def test_details_must_belong_to_the_action(log: TestLog) -> None:
    with pytest.raises(EntryNotRecordable, match="SeatMoved"), log.database.write() as session:
        journal.record(session, action=Action.SEAT_JOINED, actor="sea_1", details=CeremonyMoved("cer_1"), at=START)
    words, details = {"words": "again"}, CeremonyPaused("cer_1", "host", "first")
    with pytest.raises(EntryNotRecordable, match="twice"), log.database.write() as session:
        journal.record(session, action=Action.CEREMONY_PAUSED, actor="per_1", details=details, at=START, personal=words)
    with pytest.raises(EntryNotRecordable, match="actor"), log.database.write() as session:
        journal.record(session, action=Action.SEAT_JOINED, actor="Aino V", details=JOINED, at=START)
    with log.database.read() as session:
        assert proofs.log_size(session) == 0


def test_without_a_head_nothing_is_recorded(log: TestLog) -> None:
    log.tamper("DELETE FROM log_head")
    with pytest.raises(LogNotInstalled):
        log.append_one()


def test_live_views_follow_the_tail_of_their_ceremony(log: TestLog) -> None:
    log.append(2)
    paused = log.pause("coffee")
    log.append(1, seat="sea_2")
    with log.database.write() as session:
        journal.record(
            session,
            action=Action.CEREMONY_LIVE,
            actor="per_host",
            details=CeremonyMoved("cer_2"),
            at=START,
        )
    with log.database.read() as session:
        shown = events.of_ceremony(session, "cer_1", Audience.STAGE)
        assert [(event.index, event.entry.type) for event in shown] == [
            (0, "seat.joined"),
            (1, "seat.joined"),
            (2, "ceremony.paused"),
            (3, "seat.joined"),
        ]
        assert [event.index for event in events.of_ceremony(session, "cer_1", Audience.HOST, after=2)] == [3]
        assert [event.index for event in events.of_ceremony(session, "cer_1", Audience.SEAT, limit=1)] == [0]
        assert [event.index for event in events.latest(session, before=3, limit=2)] == [2, 1]
        assert [event.index for event in events.of_agreement(session, "agr_1")] == [0, 1, 3]
        assert events.event(session, paused.index).encoded == paused.entry


def test_head_and_entries_move_together(log: TestLog) -> None:
    log.append(9)
    with log.database.read() as session:
        assert session.scalar(select(LogHead.size)) == 9
        assert proofs.log_size(session) == 9


def record_three_and_fail(log: TestLog) -> None:
    with log.database.write() as session:
        for _ in range(3):
            journal.record(session, action=Action.SEAT_JOINED, actor="sea_1", details=JOINED, at=START)
        raise ZeroDivisionError
