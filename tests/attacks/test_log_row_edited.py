"""Attack: the operator's own administrator edits the audit log behind the service's back.

The administrator has the database password, and even takes the guards off and recomputes hashes. What they have not is
what left the house: the checkpoints others hold, the receipts of the signatories, the mark outside the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from signing_service.audit import events, merkle, proofs, tlog_proof, witness
from signing_service.audit.checkpoint import Checkpoint, sign_checkpoint
from signing_service.audit.entries import parse
from signing_service.audit.errors import LogForked, ProofRefused, WitnessRefuses
from signing_service.audit.export import export_lines, verify_export
from signing_service.audit.problems import format_problems
from tests.signing_service.audit import worked_example as example
from tests.signing_service.audit.log_fixture import KNOWN, TestLog

SIGNED = 4
"""The entry that the administrator wants to have happened differently."""


@pytest.fixture
def log(tmp_path: Path) -> Iterator[TestLog]:
    """Ten acts with a signature among them, published twice."""
    log = TestLog.create(f"sqlite:///{tmp_path / 'log.db'}", tmp_path)
    log.append(SIGNED)
    log.apply_signature()
    log.publish()
    log.append(5, agreement="agr_2")
    log.publish()
    yield log
    log.database.close()


def forge(log: TestLog) -> bytes:
    """Return the entry of the signature, with another custody in it."""
    with log.database.read() as session:
        encoded = events.event(session, SIGNED).encoded
    forged = encoded.replace(b"browser_held", b"software_key")
    assert parse(forged) != parse(encoded)
    return forged


def rewrite_everything(log: TestLog, forged: bytes) -> bytes:
    """Replace the entry and every hash above it, as somebody who read our source would; return the new root."""
    with log.unguarded(), log.database.write() as session:
        connection = session.connection()
        leaf = merkle.leaf_hash(forged)
        values = {"encoded": forged, "leaf": leaf, "idx": SIGNED}
        connection.execute(text("UPDATE log_entry SET encoded = :encoded, leaf_hash = :leaf WHERE idx = :idx"), values)
        leaves = [row[0] for row in connection.execute(text("SELECT leaf_hash FROM log_entry ORDER BY idx"))]
        tree = merkle.GrowingTree()
        for level, (first, hashes) in tree.extend(leaves).items():
            for position, digest in enumerate(hashes, first):
                connection.execute(
                    text("UPDATE log_node SET hash = :hash WHERE level = :level AND idx = :idx"),
                    {"hash": digest, "level": level, "idx": position},
                )
        return tree.root()


def test_the_database_refuses_an_ordinary_edit(log: TestLog) -> None:
    for statement in (
        f"UPDATE log_entry SET encoded = x'00' WHERE idx = {SIGNED}",
        f"DELETE FROM log_entry WHERE idx = {SIGNED}",
        f"REPLACE INTO log_entry SELECT * FROM log_entry WHERE idx = {SIGNED}",
    ):
        with pytest.raises(DBAPIError, match="append-only"), log.database.write() as session:
            session.execute(text(statement))
    assert log.problems() == []


def test_an_edit_with_the_guards_off_is_found_and_the_entry_named(log: TestLog) -> None:
    log.tamper("UPDATE log_entry SET encoded = :forged WHERE idx = :idx", forged=forge(log), idx=SIGNED)
    report = format_problems(log.problems())
    assert report.startswith(f"entry {SIGNED}, agreement agr_1 no. 4, signature.applied: changed")


def test_recomputing_every_hash_does_not_help_against_what_was_signed(log: TestLog) -> None:
    rewrite_everything(log, forge(log))
    report = format_problems(log.problems())
    assert "checkpoint of 5 entries: does not agree with the entries" in report
    assert f"an entry from 0 to {SIGNED} was changed" in report
    with pytest.raises(LogForked):
        log.publish()


def test_even_with_the_log_key_the_outside_world_sees_the_fork(log: TestLog) -> None:
    """The administrator also signs new checkpoints and replaces the old ones and the mark: only others can tell now."""
    with log.database.read() as session:
        receipt_entry = events.event(session, SIGNED).encoded
        receipt_proof = proofs.tlog_proof(session, SIGNED)
        witnessed = Checkpoint(example.ORIGIN, 10, proofs.root_at(session, 10))
    forged = forge(log)
    root = rewrite_everything(log, forged)
    resigned = sign_checkpoint(Checkpoint(example.ORIGIN, 10, root), example.LOG_KEY)
    log.tamper("DELETE FROM log_checkpoint WHERE size = 5")
    log.tamper("UPDATE log_checkpoint SET note = :note WHERE size = 10", note=resigned.text())
    log.mark.path.write_text(resigned.text())
    assert log.problems() == []  # inside the house everything looks sound

    # The signatory's receipt still proves the true entry under a checkpoint signed by the same key …
    assert receipt_proof is not None
    tlog_proof.verify(receipt_proof, receipt_entry, KNOWN)
    with pytest.raises(ProofRefused):
        tlog_proof.verify(receipt_proof, forged, KNOWN)
    # … and a partner's witness will not sign the second history.
    log.append(1)
    log.publish()
    with log.database.read() as session:
        note = proofs.latest_checkpoint(session) or ""
        steps = proofs.consistency_proof(session, 10, 11)
    with pytest.raises(WitnessRefuses):
        witness.accept(witness.AddCheckpoint(10, steps, note), KNOWN, witnessed)


def test_an_edited_export_is_found_without_the_service(log: TestLog) -> None:
    with log.database.read() as session:
        lines = list(export_lines(session, 10, with_disclosures=True))
        checkpoint = proofs.latest_checkpoint(session) or ""
    assert verify_export(lines, checkpoint, example.VKEY) == []
    lines[SIGNED], lines[SIGNED - 1] = lines[SIGNED - 1], lines[SIGNED]
    assert "entry 3: in the wrong place, or there twice" in format_problems(
        verify_export(lines, checkpoint, example.VKEY)
    )
    del lines[SIGNED - 1 : SIGNED + 1]
    assert "entries 3 to 4: missing" in format_problems(verify_export(lines, checkpoint, example.VKEY))
