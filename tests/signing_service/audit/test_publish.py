"""Publishing: nothing is signed that contradicts what was signed before, above all after an old backup came back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from signing_service.audit import journal, proofs, publish, stamping
from signing_service.audit.actions import Action
from signing_service.audit.checkpoint import Checkpoint, parse_signed, sign_checkpoint
from signing_service.audit.errors import (
    DatabaseBehind,
    HighWaterMissing,
    HighWaterUnreadable,
    LogForked,
    OriginChanged,
    UntrustedNote,
)
from signing_service.audit.high_water import HighWaterMark
from signing_service.audit.note import Ed25519Signer
from signing_service.audit.verify import verify_log
from signing_service.db.models.audit import LogCheckpoint, LogEntry
from tests.signing_service.audit import worked_example as example
from tests.signing_service.audit.log_fixture import KNOWN, START, TestLog


def test_checkpoints_follow_the_log(log: TestLog) -> None:
    assert not log.publish()
    sizes = []
    for count in (1, 2, 5):
        log.append(count)
        assert log.publish()
        assert not log.publish()
        with log.database.read() as session:
            newest = parse_signed(proofs.latest_checkpoint(session) or "", KNOWN)
            assert newest.root == proofs.root_at(session, newest.size)
        mark = log.mark.read(KNOWN)
        assert mark is not None
        assert mark.checkpoint == newest.checkpoint
        sizes.append(newest.size)
    assert sizes == [1, 3, 8]
    assert log.findings() == []


def test_two_publishers_of_one_state_store_one_checkpoint(log: TestLog) -> None:
    log.append(3)
    mark = log.mark.read(KNOWN)
    with log.database.read() as session:
        state = publish.read_state(session, origin=example.ORIGIN, known=KNOWN, mark=mark)
    first = publish.sign_state(state, example.LOG_KEY, log.mark)
    second = publish.sign_state(state, example.LOG_KEY, log.mark)
    assert first is not None
    assert second == first
    with log.database.write() as session:
        assert publish.store(session, first, START)
        assert not publish.store(session, second, START)


def test_a_slower_publisher_stays_silent(log: TestLog) -> None:
    log.append(3)
    with log.database.read() as session:
        slow = publish.read_state(session, origin=example.ORIGIN, known=KNOWN, mark=None)
    log.append(3)
    assert log.publish()
    assert publish.sign_state(slow, example.LOG_KEY, log.mark) is None


def test_a_crash_between_mark_and_row_is_repaired_by_the_next_run(log: TestLog) -> None:
    log.append(3)
    with log.database.read() as session:
        state = publish.read_state(session, origin=example.ORIGIN, known=KNOWN, mark=None)
    publish.sign_state(state, example.LOG_KEY, log.mark)  # the mark is up, the row was never stored
    assert log.publish()
    log.append(2)
    assert log.publish()
    assert log.findings() == []


def restored(log: TestLog, tmp_path: Path) -> TestLog:
    """The log after its SQLite file was replaced by a copy taken at five entries."""
    log.append(5)
    log.publish()
    path = Path(str(log.database.url.database))
    log.database.close()  # the last connection folds the write-ahead log into the file
    shutil.copy(path, tmp_path / "backup.db")
    log.append(4)
    log.publish()
    log.database.close()
    for leftover in path.parent.glob(path.name + "-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "backup.db", path)
    return log


def test_an_old_backup_is_refused_and_the_refusal_says_what_to_do(sqlite_log: TestLog, tmp_path: Path) -> None:
    log = restored(sqlite_log, tmp_path)
    with pytest.raises(DatabaseBehind) as refusal:
        log.publish()
    message = str(refusal.value)
    assert "holds 5 log entries, but 9 were signed before" in message
    assert "Restore a copy that holds at least 9 entries" in message
    assert "new origin" in message
    assert log.findings() == ["high_water_behind: high-water mark of 9 entries"]


def test_an_old_backup_that_grew_again_is_refused_as_a_fork(sqlite_log: TestLog, tmp_path: Path) -> None:
    log = restored(sqlite_log, tmp_path)
    log.append(10)
    with pytest.raises(LogForked) as refusal:
        log.publish()
    assert "first 9 entries" in str(refusal.value)
    assert "high_water_root: high-water mark of 9 entries" in log.findings()
    with log.database.read() as session:
        assert session.scalars(select(LogCheckpoint.size)).all() == [5]


def test_lost_entries_are_owned_up_to_under_a_new_origin(sqlite_log: TestLog, tmp_path: Path) -> None:
    log = restored(sqlite_log, tmp_path)
    lost = log.mark.read(KNOWN)
    assert lost is not None
    again = Ed25519Signer("sign.example.org/log/2", example.LOG_KEY.private_key)
    new_mark = HighWaterMark(log.mark.path.parent, again.name)
    known = [*KNOWN, again.verifier]

    with log.database.read() as session, pytest.raises(OriginChanged):
        publish.read_state(session, origin=again.name, known=known, mark=None)
    with log.database.write() as session:
        details = publish.continuation(session, lost, "the disk failed")
        journal.record(session, action=Action.LOG_CONTINUED, actor="per_1", details=details, at=START)
    with log.database.read() as session:
        state = publish.read_state(session, origin=again.name, known=known, mark=new_mark.read(known))
        entry = session.scalars(select(LogEntry.encoded).where(LogEntry.idx == 5)).one()
    assert b'"previous_origin":"sign.example.org/log/1"' in entry
    assert b'"kept":5' in entry
    signed = publish.sign_state(state, again, new_mark)
    assert signed is not None
    with log.database.write() as session:
        assert publish.store(session, signed, START)
    assert log.mark.read(KNOWN) == lost
    with log.database.read() as session:
        assert verify_log(session, known, mark=new_mark.read(known)) == []
        (problem,) = verify_log(session, KNOWN)
    assert problem.text().startswith("checkpoint of 6 entries: not signed by a known key of this log")


def test_a_missing_mark_is_refused_until_a_kept_checkpoint_is_adopted(log: TestLog) -> None:
    log.append(3)
    log.publish()
    with log.database.read() as session:
        kept = proofs.latest_checkpoint(session) or ""
    log.mark.path.unlink()
    log.append(1)
    with pytest.raises(HighWaterMissing, match="audit adopt"):
        log.publish()
    with log.database.read() as session:
        signed = publish.adopt(session, kept, KNOWN)
    assert log.mark.advance(signed)
    assert log.publish()


def test_only_a_checkpoint_of_ours_that_fits_is_adopted(log: TestLog) -> None:
    log.append(3)
    forged = sign_checkpoint(Checkpoint(example.ORIGIN, 3, bytes(32)), example.LOG_KEY).text()
    ahead = sign_checkpoint(Checkpoint(example.ORIGIN, 4, bytes(32)), example.LOG_KEY).text()
    stranger = Ed25519Signer(example.ORIGIN, example.WITNESS.private_key)
    with log.database.read() as session:
        with pytest.raises(LogForked):
            publish.adopt(session, forged, KNOWN)
        with pytest.raises(DatabaseBehind):
            publish.adopt(session, ahead, KNOWN)
        strange = sign_checkpoint(Checkpoint(example.ORIGIN, 3, proofs.root_at(session, 3)), stranger).text()
        with pytest.raises(UntrustedNote):
            publish.adopt(session, strange, KNOWN)


@pytest.mark.parametrize(("more", "level"), [(2, 2), (4, 3)])
def test_a_rewritten_tree_is_not_signed(log: TestLog, more: int, level: int) -> None:
    log.append(4)
    log.publish()
    log.append(more)
    log.tamper(f"UPDATE log_node SET hash = :hash WHERE level = {level} AND idx = 0", hash=bytes(32))
    with pytest.raises(LogForked):
        log.publish()


def test_a_stored_checkpoint_that_is_not_ours_stops_publishing(log: TestLog) -> None:
    log.append(2)
    log.publish()
    log.append(1)
    stranger = Ed25519Signer(example.ORIGIN, example.WITNESS.private_key)
    with log.database.read() as session:
        forged = sign_checkpoint(Checkpoint(example.ORIGIN, 2, proofs.root_at(session, 2)), stranger).text()
    log.tamper("UPDATE log_checkpoint SET note = :note", note=forged)
    with pytest.raises(UntrustedNote):
        log.publish()


@pytest.mark.parametrize("content", ["", "garbage", example.CHECKPOINT.replace("Psup", "Qsup")])
def test_an_unbelievable_mark_stops_publishing(sqlite_log: TestLog, content: str) -> None:
    sqlite_log.append(3)
    sqlite_log.mark.path.parent.mkdir(parents=True, exist_ok=True)
    sqlite_log.mark.path.write_text(content)
    with pytest.raises(HighWaterUnreadable):
        sqlite_log.publish()


def test_a_mark_that_cannot_be_written_stops_publishing(sqlite_log: TestLog, tmp_path: Path) -> None:
    sqlite_log.append(3)
    (tmp_path / "marks").write_text("a file where the folder should be")
    with pytest.raises(HighWaterUnreadable):
        sqlite_log.publish()


def test_another_root_of_the_marked_size_is_never_taken_over(tmp_path: Path) -> None:
    mark = HighWaterMark(tmp_path, example.ORIGIN)
    assert mark.advance(sign_checkpoint(Checkpoint(example.ORIGIN, 3, example.ROOT_3), example.LOG_KEY))
    with pytest.raises(LogForked):
        mark.advance(sign_checkpoint(Checkpoint(example.ORIGIN, 3, bytes(32)), example.LOG_KEY))
    assert mark.path.read_text() == example.CHECKPOINT
    assert mark.path.name == "sign.example.org_log_1.checkpoint"


def test_signatures_are_stamped_at_once_and_the_rest_hourly(log: TestLog) -> None:
    def due(minutes: int) -> int | None:
        with log.database.read() as session:
            found = stamping.due(session, KNOWN, START + timedelta(minutes=minutes))
        return found.size if found else None

    assert due(0) is None
    log.append(1)
    log.publish()
    assert due(0) == 1
    with log.database.write() as session:
        assert stamping.keep(session, 1, "tsa.example", b"token")
        assert not stamping.keep(session, 1, "tsa.example", b"token")
    assert due(300) is None
    log.append(1)
    log.publish()
    assert due(30) is None
    assert due(62) == 2
    log.apply_signature()
    log.publish()
    assert due(1) == 3
