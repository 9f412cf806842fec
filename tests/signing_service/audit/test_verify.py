"""The check of the log: whatever somebody with the database password changes is found, and the entry is named."""

from __future__ import annotations

import json
import sqlite3

import pytest
from sqlalchemy import insert, text

from signing_service.audit import erasure, events, merkle
from signing_service.audit.checkpoint import Checkpoint, sign_checkpoint
from signing_service.audit.entries import parse
from signing_service.audit.errors import DisclosureNotFound, EntryNotRecordable
from signing_service.audit.note import Ed25519Signer
from signing_service.audit.problems import format_problems
from signing_service.audit.verify import verify_log
from signing_service.db.models.audit import LogCosignature, LogTimestamp
from tests.signing_service.audit import worked_example as example
from tests.signing_service.audit.log_fixture import KNOWN, START, TestLog

ENTRY_3 = "entry 3, agreement agr_2 no. 1, seat.joined"


def filled(log: TestLog) -> TestLog:
    """Nine entries of two agreements and of none, with checkpoints at 2, 6 and 9."""
    for agreement, publish in (
        ("agr_1", False),
        ("agr_2", True),
        ("agr_1", False),
        ("agr_2", False),
        (None, False),
        ("agr_1", True),
        ("agr_2", False),
        ("agr_1", False),
        ("agr_2", True),
    ):
        log.append(agreement=agreement)
        if publish:
            log.publish()
    return log


def test_a_sound_log_has_no_problems_and_shows_progress(log: TestLog) -> None:
    filled(log)
    seen: list[tuple[int, int]] = []
    with log.database.read() as session:
        assert verify_log(session, KNOWN, lambda done, total: seen.append((done, total))) == []
    assert seen == [(9, 9)]
    assert format_problems(log.problems()) == ""


def test_an_empty_log_is_sound(log: TestLog) -> None:
    assert log.findings() == []


def test_one_changed_byte_of_an_entry_is_named(log: TestLog) -> None:
    filled(log)
    with log.database.read() as session:
        encoded = events.event(session, 3).encoded
    changed = encoded.replace(b'"seat":"sea_1"', b'"seat":"sea_2"')
    log.tamper("UPDATE log_entry SET encoded = :changed WHERE idx = 3", changed=changed)
    assert log.findings() == [
        f"entry_changed: {ENTRY_3}",
        "prev_broken: entry 6, agreement agr_2 no. 2, seat.joined",  # its successor names the true hash
        "node_wrong: entry 3",
        "checkpoint_root: checkpoint of 6 entries",
        "checkpoint_root: checkpoint of 9 entries",
        "high_water_root: high-water mark of 9 entries",
    ]
    lines = format_problems(log.problems()).splitlines()
    assert lines[0] == (f"{ENTRY_3}: changed: the bytes do not have the hash that was stored with them [entry_changed]")
    assert "an entry from 2 to 5 was changed" in lines[3]


def test_an_entry_changed_with_all_hashes_recomputed_is_found_by_the_signed_checkpoint(log: TestLog) -> None:
    """The operator rewrites the last entry of an agreement and every hash above it; only the signature is left."""
    filled(log)
    with log.database.read() as session:
        encoded = events.event(session, 8).encoded.replace(b'"seat":"sea_1"', b'"seat":"sea_2"')
    leaf = merkle.leaf_hash(encoded)
    log.tamper("UPDATE log_entry SET encoded = :changed, leaf_hash = :leaf WHERE idx = 8", changed=encoded, leaf=leaf)
    log.tamper("UPDATE log_node SET hash = :leaf WHERE level = 0 AND idx = 8", leaf=leaf)
    assert log.findings() == [
        "checkpoint_root: checkpoint of 9 entries",
        "checkpoint_consistency: checkpoint of 9 entries",
        "high_water_root: high-water mark of 9 entries",
    ]
    assert "an entry from 6 to 8 was changed" in format_problems(log.problems())


def test_an_unreadable_entry_is_named_by_its_columns(log: TestLog) -> None:
    filled(log)
    log.tamper("UPDATE log_entry SET encoded = :changed WHERE idx = 3", changed=b"\xff\x00garbage")
    assert f"entry_malformed: {ENTRY_3}" in log.findings()


def test_an_entry_with_other_spacing_is_found_although_it_says_the_same(log: TestLog) -> None:
    filled(log)
    with log.database.read() as session:
        encoded = events.event(session, 3).encoded
    spaced = json.dumps(json.loads(encoded), sort_keys=True).encode()
    log.tamper("UPDATE log_entry SET encoded = :changed WHERE idx = 3", changed=spaced)
    assert f"entry_malformed: {ENTRY_3}" in log.findings()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("agreement", "agr_9"),
        ("seq", 7),
        ("ceremony", "cer_9"),
        ("type", "seat.lost"),
        ("actor", "sea_9"),
        ("at", "2026-11-22T08:00:03.000Z"),
        ("leaf_hash", bytes(32)),
    ],
)
def test_a_changed_column_is_named(log: TestLog, column: str, value: object) -> None:
    filled(log)
    log.tamper(f"UPDATE log_entry SET {column} = :value WHERE idx = 3", value=value)
    (problem,) = log.problems()
    assert problem.index == 3
    assert problem.kind == ("entry_changed" if column == "leaf_hash" else "column_differs")
    if problem.kind == "column_differs":
        assert f"{column} is {value!r}" in problem.detail


@pytest.mark.parametrize(("level", "idx", "place"), [(0, 4, "entry 4"), (1, 2, "entries 4 to 5")])
def test_a_changed_or_lost_tree_hash_is_named(log: TestLog, level: int, idx: int, place: str) -> None:
    filled(log)
    log.tamper(f"UPDATE log_node SET hash = :hash WHERE level = {level} AND idx = {idx}", hash=bytes(32))
    assert f"node_wrong: {place}" in log.findings()
    log.tamper(f"DELETE FROM log_node WHERE level = {level} AND idx = {idx}")
    assert f"node_missing: {place}" in log.findings()


def test_a_removed_row_is_named_and_the_rest_is_still_checked(log: TestLog) -> None:
    filled(log)
    remove_entry(log, 3)
    assert log.findings() == [
        "entry_missing: entry 3",
        "seq_broken: entry 6, agreement agr_2 no. 2, seat.joined",
    ]
    log.tamper("DELETE FROM log_node WHERE level = 0 AND idx = 3")
    assert {"entry_missing: entry 3", "checkpoint_root: checkpoint of 6 entries"} <= set(log.findings())


def test_rows_removed_from_the_end_are_named(log: TestLog) -> None:
    filled(log)
    for index in (7, 8):
        remove_entry(log, index)
    assert log.findings() == ["entry_missing: entries 7 to 8"]
    log.tamper("UPDATE log_head SET size = 7")
    findings = log.findings()
    assert "node_extra: entry 7" in findings
    assert "node_extra: entries 0 to 7" in findings
    assert "checkpoint_beyond_log: checkpoint of 9 entries" in findings
    assert "high_water_behind: high-water mark of 9 entries" in findings


def test_personal_data_beside_nothing_is_named(log: TestLog) -> None:
    filled(log)
    moved = "UPDATE log_disclosure SET idx = 99 WHERE idx = 3"
    with log.unguarded():
        if log.database.is_sqlite:
            with sqlite3.connect(str(log.database.url.database)) as connection:  # foreign keys are off here
                connection.execute(moved)
        else:
            with log.database.write() as session:
                session.execute(text("ALTER TABLE log_disclosure DROP CONSTRAINT fk_log_disclosure_idx_log_entry"))
                session.execute(text(moved))
    assert log.findings() == [f"disclosure_gone: {ENTRY_3}", "disclosure_wrong: entry 99"]


def test_swapped_rows_are_named(log: TestLog) -> None:
    filled(log)
    with log.unguarded(), log.database.write() as session:
        connection = session.connection()
        if log.database.is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.execute(text("DELETE FROM log_disclosure WHERE idx IN (3, 6)"))
        for old, new in ((3, 100), (6, 3), (100, 6)):
            connection.execute(text("UPDATE log_entry SET idx = :new WHERE idx = :old"), {"old": old, "new": new})
    findings = log.findings()
    assert "seq_broken: entry 3, agreement agr_2 no. 2, seat.joined" in findings
    assert "seq_broken: entry 6, agreement agr_2 no. 1, seat.joined" in findings
    assert {"node_wrong: entry 3", "node_wrong: entry 6"} <= set(findings)


def test_an_added_row_is_named(log: TestLog) -> None:
    filled(log)
    with log.unguarded(), log.database.write() as session:
        session.execute(
            text(
                "INSERT INTO log_entry (idx, agreement, seq, ceremony, type, actor, at, encoded, leaf_hash) "
                "SELECT 9, 'agr_2', 4, ceremony, type, actor, at, encoded, :leaf FROM log_entry WHERE idx = 3"
            ),
            {"leaf": bytes(32)},
        )
    assert log.findings() == ["entry_beyond_head: entry 9, agreement agr_2 no. 4, seat.joined"]
    log.tamper("UPDATE log_head SET size = 10")
    findings = log.findings()
    assert "entry_changed: entry 9, agreement agr_2 no. 4, seat.joined" in findings
    assert "seq_broken: entry 9, agreement agr_2 no. 1, seat.joined" in findings


def test_changed_and_foreign_disclosures_are_named(log: TestLog) -> None:
    filled(log)
    with log.database.read() as session:
        foreign = events.disclosures_of(session, 4)[0]
    log.tamper("UPDATE log_disclosure SET text = :text WHERE idx = 3", text=foreign)
    assert log.findings() == [f"disclosure_wrong: {ENTRY_3}"]
    with log.database.write() as session:
        session.execute(
            text("INSERT INTO log_disclosure (idx, digest, text) VALUES (8, :digest, :text)"),
            {"digest": "A" * 43, "text": foreign},
        )
    assert log.findings() == [
        f"disclosure_wrong: {ENTRY_3}",
        "disclosure_wrong: entry 8, agreement agr_2 no. 3, seat.joined",
    ]


def test_a_disclosure_that_vanished_is_named_and_an_erased_one_is_not(log: TestLog) -> None:
    filled(log)
    log.tamper("DELETE FROM log_disclosure WHERE idx = 3")
    assert log.findings() == [f"disclosure_gone: {ENTRY_3}"]
    with log.database.read() as session:
        digest = parse(events.event(session, 6).encoded).sd[0]
    with log.database.write() as session:
        receipt = erasure.erase(
            session,
            index=6,
            digests=[digest],
            actor="per_1",
            second_person="per_2",
            legal_basis="gdpr_17_1",
            words="asked on 2026-11-20",
            at=START,
        )
    log.publish()
    assert (receipt.agreement, receipt.seq) == ("agr_2", 4)
    assert log.findings() == [f"disclosure_gone: {ENTRY_3}"]
    with log.database.read() as session:
        assert events.personal_of(session, 6) == {}
        assert events.personal_of(session, receipt.index) == {"words": "asked on 2026-11-20"}


def test_erasure_needs_two_people_and_something_to_erase(log: TestLog) -> None:
    receipt = log.append(1)[0]
    arguments = {"index": 0, "actor": "per_1", "legal_basis": "gdpr_17_1", "words": "", "at": START}
    digest = receipt.disclosures[0].digest
    with log.database.write() as session:
        with pytest.raises(EntryNotRecordable):
            erasure.erase(session, **arguments, second_person="per_1", digests=[digest])
        with pytest.raises(EntryNotRecordable):
            erasure.erase(session, **arguments, second_person="per_2", digests=[])
        with pytest.raises(DisclosureNotFound):
            erasure.erase(session, **arguments, second_person="per_2", digests=[digest, "B" * 43])
    with log.database.write() as session:
        erasure.erase(session, **arguments, second_person="per_2", digests=[digest])
    with log.database.write() as session, pytest.raises(DisclosureNotFound):
        erasure.erase(session, **arguments, second_person="per_2", digests=[digest])
    assert log.findings() == []


def test_a_disclosure_put_back_after_its_erasure_is_named(log: TestLog) -> None:
    receipt = log.append(1)[0]
    kept = receipt.disclosures[0]
    with log.database.write() as session:
        erasure.erase(
            session,
            index=0,
            digests=[kept.digest],
            actor="per_1",
            second_person="per_2",
            legal_basis="gdpr_17_1",
            words="",
            at=START,
        )
    with log.database.write() as session:
        session.execute(
            text("INSERT INTO log_disclosure (idx, digest, text) VALUES (0, :digest, :text)"),
            {"digest": kept.digest, "text": kept.text},
        )
    assert log.findings() == ["disclosure_kept: entry 0, agreement agr_1 no. 0, seat.joined"]


def test_changed_checkpoints_are_named(log: TestLog) -> None:
    filled(log)
    stranger = Ed25519Signer(example.ORIGIN, example.WITNESS.private_key)
    wrong_root = Checkpoint(example.ORIGIN, 6, bytes(32))
    cases = {
        "garbage": "checkpoint_malformed: checkpoint of 6 entries",
        sign_checkpoint(wrong_root, stranger).text(): "checkpoint_untrusted: checkpoint of 6 entries",
        sign_checkpoint(wrong_root, example.LOG_KEY).text(): "checkpoint_root: checkpoint of 6 entries",
        example.CHECKPOINT: "checkpoint_misfiled: checkpoint of 6 entries",
    }
    for note, finding in cases.items():
        log.tamper("UPDATE log_checkpoint SET note = :note WHERE size = 6", note=note)
        assert finding in log.findings()
    assert "checkpoint_consistency" in " ".join(log.findings())


def test_a_checkpoint_with_one_changed_byte_is_named(log: TestLog) -> None:
    filled(log)
    with log.database.read() as session:
        note = session.scalar(text("SELECT note FROM log_checkpoint WHERE size = 6"))
    assert note is not None
    for place in range(0, len(note), 7):
        changed = note[:place] + ("A" if note[place] != "A" else "B") + note[place + 1 :]
        log.tamper("UPDATE log_checkpoint SET note = :note WHERE size = 6", note=changed)
        assert any("checkpoint of 6 entries" in finding for finding in log.findings()), changed


def test_cosignatures_and_stamps_are_checked(log: TestLog) -> None:
    filled(log)
    wrong = example.WITNESS.cosign(Checkpoint(example.ORIGIN, 6, bytes(32)), START).line()
    with log.database.write() as session:
        session.execute(insert(LogCosignature).values(size=6, name=example.WITNESS.name, line=wrong))
        session.execute(insert(LogTimestamp).values(size=6, authority="tsa.example", token=b"token"))
    assert log.findings() == ["cosignature_wrong: checkpoint of 6 entries"]
    asked: list[tuple[bytes, int]] = []

    def stamp_check(token: bytes, imprint: bytes) -> str | None:
        asked.append((token, len(imprint)))
        return "another document"

    with log.database.read() as session:
        problems = verify_log(session, KNOWN, stamp_check=stamp_check)
    assert asked == [(b"token", 32)]
    assert "a time stamp does not hold (tsa.example: another document)" in format_problems(problems)


def test_a_log_is_checked_across_chunks(sqlite_log: TestLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing_service.audit.verify.CHUNK", 4)
    filled(sqlite_log)
    assert sqlite_log.findings() == []
    remove_entry(sqlite_log, 4)
    remove_entry(sqlite_log, 5)
    assert sqlite_log.findings()[0] == "entry_missing: entries 4 to 5"


def test_a_huge_hole_does_not_keep_the_check_busy(sqlite_log: TestLog) -> None:
    filled(sqlite_log)
    sqlite_log.tamper("UPDATE log_head SET size = 300000")
    assert sqlite_log.findings()[0] == "entry_missing: entries 9 to 299999"


def remove_entry(log: TestLog, index: int) -> None:
    with log.unguarded(), log.database.write() as session:
        session.execute(text("DELETE FROM log_disclosure WHERE idx = :idx"), {"idx": index})
        session.execute(text("DELETE FROM log_entry WHERE idx = :idx"), {"idx": index})
