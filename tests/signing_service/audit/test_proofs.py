"""Proofs out of the database: every entry under every later size, every pair of sizes, and the file to take home."""

from __future__ import annotations

import pytest
from sqlalchemy import event, insert

from signing_service.audit import events, merkle, proofs, tlog_proof
from signing_service.audit.actions import Audience
from signing_service.audit.errors import EntryNotFound, NodesMissing
from signing_service.audit.witness import cosignatures
from signing_service.db.models.audit import LogCosignature
from tests.signing_service.audit import worked_example as example
from tests.signing_service.audit.log_fixture import KNOWN, START, TestLog


def test_every_proof_holds(log: TestLog) -> None:
    leaves = [receipt.leaf_hash for receipt in log.append(13)]
    with log.database.read() as session:
        roots = [proofs.root_at(session, size) for size in range(14)]
        assert roots[0] == merkle.EMPTY_ROOT
        for size in range(1, 14):
            for index in range(size):
                proof = proofs.inclusion_proof(session, index, size)
                assert merkle.is_included(index, size, leaves[index], proof, roots[size])
            for old in range(size + 1):
                proof = proofs.consistency_proof(session, old, size)
                assert merkle.is_consistent(old, size, roots[old], roots[size], proof)


def test_the_actor_takes_home_a_proof_once_a_checkpoint_covers_the_act(log: TestLog) -> None:
    receipts = log.append(3)
    with log.database.read() as session:
        assert proofs.tlog_proof(session, 2) is None
        assert proofs.latest_checkpoint(session) is None
    log.publish()
    receipts += log.append(4)
    log.publish()
    for receipt in receipts:
        with log.database.read() as session:
            proof = proofs.tlog_proof(session, receipt.index)
        assert proof is not None
        text = proof.serialize()
        signed = tlog_proof.verify(tlog_proof.parse(text), receipt.entry, KNOWN)
        assert signed.size == (3 if receipt.index < 3 else 7)


def test_cosignatures_travel_with_the_checkpoint(log: TestLog) -> None:
    log.append(3)
    log.publish()
    with log.database.read() as session:
        text = proofs.latest_checkpoint(session)
    assert text is not None
    checkpoint = tlog_proof.parse_signed(text, KNOWN).checkpoint
    line = example.WITNESS.cosign(checkpoint, START).line()
    with log.database.write() as session:
        session.execute(insert(LogCosignature).values(size=3, name=example.WITNESS.name, line=line))
    with log.database.read() as session:
        cosigned = proofs.latest_checkpoint(session)
        proof = proofs.tlog_proof(session, 1)
    assert cosigned == text + line
    assert proof is not None
    assert [each.at for each in cosignatures(proof.checkpoint_note, KNOWN)] == [START]
    assert log.findings() == []


def test_no_proof_of_what_is_not_there(log: TestLog) -> None:
    log.append(2)
    with log.database.read() as session:
        for index in (-1, 2, 99):
            with pytest.raises(EntryNotFound):
                proofs.tlog_proof(session, index)
        with pytest.raises(EntryNotFound):
            proofs.inclusion_proof(session, 1, 1)
        with pytest.raises(ValueError, match="cannot continue"):
            proofs.consistency_proof(session, 2, 1)
    log.tamper("DELETE FROM log_node WHERE level = 1 AND idx = 0")
    with log.database.read() as session, pytest.raises(NodesMissing):
        proofs.root_at(session, 2)


def test_acts_and_proofs_never_read_a_whole_table(sqlite_log: TestLog) -> None:
    """What every act and every page does must not become slower as the log grows."""
    sqlite_log.append(7)
    asked: list[str] = []
    event.listen(
        sqlite_log.database.engine,
        "checkout",
        lambda driver, record, proxy: driver.set_trace_callback(asked.append),
    )
    sqlite_log.append(1)
    sqlite_log.publish()
    with sqlite_log.database.read() as session:
        proofs.tlog_proof(session, 6)
        proofs.consistency_proof(session, 3, 7)
        events.of_ceremony(session, "cer_1", Audience.STAGE, after=3)
        events.of_agreement(session, "agr_1")
        events.latest(session, before=5)
    statements = [statement for statement in asked if statement.startswith(("SELECT", "UPDATE"))]
    assert len(statements) > 10
    with sqlite_log.database.read() as session:
        connection = session.connection()
        plans = [
            str(row[3])
            for statement in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
        ]
    assert [plan for plan in plans if plan.startswith("SCAN") and " USING " not in plan] == []
