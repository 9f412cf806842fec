"""Checkpoints: three strict lines, signed under the origin's own name."""

from __future__ import annotations

import pytest

from signing_service.audit.checkpoint import Checkpoint, parse_body, parse_signed, sign_checkpoint
from signing_service.audit.errors import MalformedCheckpoint, MalformedNote, UntrustedNote
from signing_service.audit.merkle import EMPTY_ROOT
from signing_service.audit.note import Ed25519Signer, VerifierKey, sign
from tests.signing_service.audit import worked_example as example

KEY = VerifierKey.parse(example.VKEY)
ROOT = "FUnFySHYq7bMsSxcpFZmVcB0S2Bjn78Uuailin1xkc4="


def test_worked_example() -> None:
    signed = sign_checkpoint(Checkpoint(example.ORIGIN, 3, example.ROOT_3), example.LOG_KEY)
    assert signed.text() == example.CHECKPOINT
    assert signed.imprint_sha256() == example.IMPRINT
    assert parse_signed(example.CHECKPOINT, [KEY]) == signed


def test_cosignatures_do_not_change_what_is_time_stamped() -> None:
    for note in (example.CHECKPOINT + example.WITNESS_LINE, example.CHECKPOINT):
        signed = parse_signed(note, [KEY])
        assert signed.text() == note
        assert signed.own_part() == example.CHECKPOINT
    head, own = example.CHECKPOINT[: -len(example.OWN_LINE)], example.OWN_LINE
    assert parse_signed(head + example.WITNESS_LINE + own, [KEY]).own_part() == example.CHECKPOINT


def test_extension_lines_of_others_are_read_and_ours_has_none() -> None:
    checkpoint = parse_body(f"{example.ORIGIN}\n3\n{ROOT}\nsomething else\n")
    assert checkpoint.extensions == ("something else",)
    assert checkpoint.body().endswith("something else\n")
    with pytest.raises(MalformedCheckpoint, match="extension"):
        sign_checkpoint(checkpoint, example.LOG_KEY)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "\n",
        f"{example.ORIGIN}\n3\n",
        f"{example.ORIGIN}\n3\n{ROOT}",
        f"\n{example.ORIGIN}\n3\n{ROOT}\n",
        f"\n3\n{ROOT}\n",
        f"{example.ORIGIN}\n\n{ROOT}\n",
        f"{example.ORIGIN}\n-3\n{ROOT}\n",
        f"{example.ORIGIN}\n+3\n{ROOT}\n",
        f"{example.ORIGIN}\n03\n{ROOT}\n",
        f"{example.ORIGIN}\n00\n{ROOT}\n",
        f"{example.ORIGIN}\n3 \n{ROOT}\n",
        f"{example.ORIGIN}\n3.0\n{ROOT}\n",
        f"{example.ORIGIN}\n1_000\n{ROOT}\n",
        f"{example.ORIGIN}\n０\n{ROOT}\n",
        f"{example.ORIGIN}\n٣\n{ROOT}\n",
        f"{example.ORIGIN}\n9223372036854775808\n{ROOT}\n",
        f"{example.ORIGIN}\n99999999999999999999999999\n{ROOT}\n",
        f"{example.ORIGIN}\n3\n{ROOT[:-1]}\n",
        f"{example.ORIGIN}\n3\n{ROOT} \n",
        f"{example.ORIGIN}\n3\n{ROOT.replace('c4=', 'c5=')}\n",
        f"{example.ORIGIN}\n3\nRlVuRnlTSA==\n",
        f"{example.ORIGIN}\n3\n{'A' * 88}\n",
        f"{example.ORIGIN}\n3\n{ROOT}\n\nafter a blank line\n",
        f"{example.ORIGIN}\n0\n{ROOT}\n",
    ],
)
def test_malformed_checkpoints_are_refused(body: str) -> None:
    with pytest.raises(MalformedCheckpoint):
        parse_body(body)


def test_the_largest_size_and_the_empty_log() -> None:
    assert parse_body(f"{example.ORIGIN}\n9223372036854775807\n{ROOT}\n").size == 2**63 - 1
    empty = sign_checkpoint(Checkpoint(example.ORIGIN, 0, EMPTY_ROOT), example.LOG_KEY)
    assert parse_signed(empty.text(), [KEY]).size == 0


def test_a_known_key_speaks_for_its_own_log_only() -> None:
    other = Ed25519Signer("other.example/log", example.LOG_KEY.private_key)
    forged = sign(Checkpoint(example.ORIGIN, 3, example.ROOT_3).body(), [other]).serialize()
    with pytest.raises(UntrustedNote):
        parse_signed(forged, [KEY, other.verifier])
    with pytest.raises(UntrustedNote, match="no key is known"):
        parse_signed(example.CHECKPOINT, [other.verifier])
    with pytest.raises(MalformedCheckpoint, match="not the origin"):
        sign_checkpoint(Checkpoint(example.ORIGIN, 3, example.ROOT_3), other)


def test_a_changed_size_or_root_is_refused() -> None:
    for changed in (
        example.CHECKPOINT.replace("\n3\n", "\n4\n"),
        example.CHECKPOINT.replace("FUnF", "GUnF"),
        example.CHECKPOINT.replace("Psupm", "Psupn"),
    ):
        with pytest.raises((UntrustedNote, MalformedNote)):
            parse_signed(changed, [KEY])
