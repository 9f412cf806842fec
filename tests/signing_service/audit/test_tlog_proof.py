"""Offline proofs: the worked example byte for byte, and every malformed or swapped part refused."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest

from signing_service.audit.errors import AuditError, MalformedProof, ProofRefused, UntrustedNote
from signing_service.audit.note import VerifierKey
from signing_service.audit.tlog_proof import TlogProof, parse, verify
from tests.signing_service.audit import worked_example as example

KEY = VerifierKey.parse(example.VKEY)
ENTRY = example.ENTRIES[2].encode()
HASH = b64encode(sha256(b"hash1").digest()).decode()


def test_worked_example() -> None:
    proof = TlogProof(2, example.INCLUSION_2_3, example.CHECKPOINT + example.WITNESS_LINE)
    assert proof.serialize() == example.TLOG_PROOF
    assert parse(example.TLOG_PROOF) == proof
    assert verify(proof, ENTRY, [KEY]).size == 3


@pytest.mark.parametrize(
    ("proof", "text"),
    [
        (
            TlogProof(5, (sha256(b"hash1").digest(),), "test checkpoint\n"),
            f"c2sp.org/tlog-proof@v1\nindex 5\n{HASH}\n\ntest checkpoint\n",
        ),
        (
            TlogProof(10, (sha256(b"hash1").digest(),), "checkpoint data\n", b"extra information"),
            f"c2sp.org/tlog-proof@v1\nextra {b64encode(b'extra information').decode()}\nindex 10\n{HASH}\n\n"
            "checkpoint data\n",
        ),
        (TlogProof(0, (), "checkpoint\n"), "c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint\n"),
    ],
)
def test_published_shapes(proof: TlogProof, text: str) -> None:
    assert proof.serialize() == text
    assert parse(text) == proof


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wrong-header\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 05\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 5 \n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex  5\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{b64encode(bytes(64)).decode()}\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH[:-2]}F=\n\ncheckpoint\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{HASH}\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + f"{HASH}\n" * 64 + "\ncheckpoint\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "a" * 1_000_001 + "\n\n",
        "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\ncheckpoint\r\n",
        "c2sp.org/tlog-proof@v1\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nextra YQ==\n\ncheckpoint\n",
    ],
)
def test_malformed_proofs_are_refused(text: str) -> None:
    with pytest.raises(MalformedProof):
        parse(text)


def test_a_proof_of_something_else_is_refused() -> None:
    proof = parse(example.TLOG_PROOF)
    for other in (example.ENTRIES[1].encode(), ENTRY + b" ", b""):
        with pytest.raises(ProofRefused):
            verify(proof, other, [KEY])
    for bent in (
        replace(proof, index=1),
        replace(proof, index=3),
        replace(proof, steps=()),
        replace(proof, steps=proof.steps * 2),
        replace(proof, steps=(example.LEAVES[1],)),
    ):
        with pytest.raises(ProofRefused):
            verify(bent, ENTRY, [KEY])


def test_a_proof_is_worth_nothing_without_the_key_of_the_log() -> None:
    proof = parse(example.TLOG_PROOF)
    with pytest.raises(UntrustedNote):
        verify(proof, ENTRY, [])
    with pytest.raises(UntrustedNote):
        verify(proof, ENTRY, [VerifierKey.parse(example.WITNESS_VKEY)])
    renamed = replace(proof, checkpoint_note=proof.checkpoint_note.replace("log/1", "log/2"))
    with pytest.raises(AuditError):
        verify(renamed, ENTRY, [KEY])
