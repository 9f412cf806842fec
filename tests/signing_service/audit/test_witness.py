"""Witnesses: cosignatures as published, and a witness that never signs two histories."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from signing_service.audit import merkle, witness
from signing_service.audit.checkpoint import Checkpoint, parse_signed, sign_checkpoint
from signing_service.audit.errors import (
    AuditError,
    MalformedProof,
    UntrustedNote,
    WitnessConflict,
    WitnessRefuses,
    WitnessUnknownLog,
)
from signing_service.audit.note import Ed25519Signer, VerifierKey
from signing_service.audit.witness import AddCheckpoint, accept, check_cosignature, cosignatures, parse_request
from tests.signing_service.audit import worked_example as example

KEY = VerifierKey.parse(example.VKEY)
WITNESS_KEY = VerifierKey.parse(example.WITNESS_VKEY)
AT = datetime.fromtimestamp(example.WITNESSED_AT, UTC)
THREE = Checkpoint(example.ORIGIN, 3, example.ROOT_3)
TWO = Checkpoint(example.ORIGIN, 2, example.ROOT_2)
NOTE_3 = example.CHECKPOINT


def test_worked_example() -> None:
    assert example.WITNESS.cosign(THREE, AT).line() == example.WITNESS_LINE
    found = cosignatures(example.CHECKPOINT + example.WITNESS_LINE, [WITNESS_KEY, KEY])
    assert [(each.verifier, each.at) for each in found] == [(WITNESS_KEY, AT)]


def test_cosignatures_of_others_are_passed_over_and_wrong_ones_refused() -> None:
    assert check_cosignature(THREE, example.WITNESS_LINE, []) is None
    with pytest.raises(UntrustedNote):
        check_cosignature(TWO, example.WITNESS_LINE, [WITNESS_KEY])
    with pytest.raises(UntrustedNote):
        cosignatures(example.CHECKPOINT + example.WITNESS_LINE.replace("AABrAq", "AABrAr"), [WITNESS_KEY])
    with pytest.raises(AuditError):
        check_cosignature(THREE, example.WITNESS_LINE * 2, [WITNESS_KEY])


def test_a_plain_signature_is_no_cosignature_and_the_other_way_round() -> None:
    plain = VerifierKey(WITNESS_KEY.name, WITNESS_KEY.public_key)
    assert check_cosignature(THREE, example.WITNESS_LINE, [plain]) is None
    with pytest.raises(UntrustedNote, match="no known key"):
        parse_signed(example.CHECKPOINT, [VerifierKey(KEY.name, KEY.public_key, 0x04)])


def test_request_round_trip() -> None:
    request = AddCheckpoint(2, example.CONSISTENCY_2_3, NOTE_3)
    assert request.serialize() == f"old 2\nYKg8ynDnjmuVaA1ra7pEqAlMEFLY7gRtbrYCm0e561U=\n\n{NOTE_3}"
    assert parse_request(request.serialize().encode()) == request


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 2",
        f"old 02\n\n{NOTE_3}",
        f"old -1\n\n{NOTE_3}",
        f"new 2\n\n{NOTE_3}",
        f"old 2\nYKg8\n\n{NOTE_3}",
        "old 2\n" + "YKg8ynDnjmuVaA1ra7pEqAlMEFLY7gRtbrYCm0e561U=\n" * 64 + f"\n{NOTE_3}",
        b"\xff",
        "x" * 1_000_001,
    ],
)
def test_malformed_requests_are_refused(body: str | bytes) -> None:
    with pytest.raises(MalformedProof):
        parse_request(body)


def test_a_witness_follows_a_log_that_only_grows() -> None:
    first = accept(AddCheckpoint(0, (), sign_checkpoint(TWO, example.LOG_KEY).text()), [KEY], None)
    assert first.checkpoint == TWO
    second = accept(AddCheckpoint(2, example.CONSISTENCY_2_3, NOTE_3), [KEY], first.checkpoint)
    assert second.checkpoint == THREE
    assert accept(AddCheckpoint(3, (), NOTE_3), [KEY], THREE).checkpoint == THREE


def test_a_witness_refuses_everything_else() -> None:
    with pytest.raises(WitnessConflict) as conflict:
        accept(AddCheckpoint(0, (), NOTE_3), [KEY], TWO)
    assert conflict.value.params["size"] == 2
    with pytest.raises(WitnessRefuses):
        accept(AddCheckpoint(2, (), NOTE_3), [KEY], TWO)
    with pytest.raises(WitnessRefuses):
        accept(AddCheckpoint(2, (example.LEAVES[0],), NOTE_3), [KEY], TWO)
    with pytest.raises(WitnessUnknownLog):
        accept(AddCheckpoint(0, (), NOTE_3), [WITNESS_KEY], None)
    forger = Ed25519Signer(example.ORIGIN, example.WITNESS.private_key)
    with pytest.raises(UntrustedNote):
        accept(AddCheckpoint(0, (), sign_checkpoint(THREE, forger).text()), [KEY], None)
    with pytest.raises(MalformedProof):
        accept(AddCheckpoint(4, (), NOTE_3), [KEY], Checkpoint(example.ORIGIN, 4, example.ROOT_3))
    with pytest.raises(MalformedProof):
        accept(AddCheckpoint(0, (), "no note"), [KEY], None)
    with pytest.raises(ValueError, match="another log"):
        accept(AddCheckpoint(0, (), NOTE_3), [KEY], Checkpoint("other.example", 0, merkle.EMPTY_ROOT))


def test_a_forked_log_is_refused_at_the_same_size_and_later() -> None:
    fork = sign_checkpoint(Checkpoint(example.ORIGIN, 3, bytes(32)), example.LOG_KEY)
    with pytest.raises(WitnessConflict):
        accept(AddCheckpoint(3, (), fork.text()), [KEY], THREE)
    with pytest.raises(WitnessRefuses):
        accept(AddCheckpoint(2, example.CONSISTENCY_2_3, fork.text()), [KEY], TWO)


def test_the_largest_time_is_out_of_range() -> None:
    message = witness.NoteSignature(WITNESS_KEY.name, WITNESS_KEY.key_id, b"\xff" * 8 + bytes(64))
    with pytest.raises(UntrustedNote):
        check_cosignature(THREE, message.line(), [WITNESS_KEY])
