"""The log as files is checked without database and service; a changed line is named."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from signing_service.audit import erasure, proofs
from signing_service.audit.export import export_line, export_lines, verify_export
from signing_service.audit.problems import format_problems
from tests.signing_service.audit import worked_example as example
from tests.signing_service.audit.log_fixture import START, TestLog

LINES = [
    export_line(0, example.ENTRIES[0].encode()),
    export_line(1, example.ENTRIES[1].encode()),
    export_line(2, example.ENTRIES[2].encode(), [example.DISCLOSED_ACTOR[0]]),
]


def findings(lines: list[bytes], checkpoint: str = example.CHECKPOINT, vkey: str = example.VKEY) -> list[str]:
    return [f"{problem.kind}: {problem.where}" for problem in verify_export(lines, checkpoint, vkey)]


def test_worked_example_holds_with_and_without_cosignature_and_disclosures() -> None:
    assert findings(LINES) == []
    assert findings(LINES, example.CHECKPOINT + example.WITNESS_LINE, example.VKEY + "\n") == []
    assert findings([*LINES[:2], export_line(2, example.ENTRIES[2].encode())]) == []


def test_an_exported_database_holds(log: TestLog) -> None:
    digest = log.append(3)[0].disclosures[0].digest
    receipt = log.pause("a word")
    with log.database.write() as session:
        erasure.erase(
            session,
            index=0,
            digests=[digest],
            actor="per_1",
            second_person="per_2",
            legal_basis="gdpr_17_1",
            words="",
            at=START,
        )
    log.publish()
    log.append(2)  # after the checkpoint: not part of this export
    with log.database.read() as session:
        checkpoint = proofs.latest_checkpoint(session) or ""
        full = list(export_lines(session, 5, with_disclosures=True))
        bare = list(export_lines(session, 5, with_disclosures=False))
    assert verify_export(full, checkpoint, example.VKEY) == []
    assert verify_export(bare, checkpoint, example.VKEY) == []
    assert json.loads(full[receipt.index])["disclosures"] == [receipt.disclosures[0].text]
    assert json.loads(full[0])["disclosures"] == []


def test_bare_entries_in_order_are_an_export_too() -> None:
    bare = [entry.encode() for entry in example.ENTRIES]
    assert findings(bare) == findings([line + b"\n" for line in bare]) == []
    assert findings([bare[0], bare[2]])[0] == "seq_broken: entry 1, agreement agr_01 no. 2, signature.applied"
    assert "checkpoint_root: checkpoint of 3 entries" in findings([bare[0], bare[1].replace(b"3", b"4", 1), bare[2]])


def test_changed_removed_swapped_and_added_lines_are_named() -> None:
    changed = example.ENTRIES[1].replace('"version":3', '"version":4').encode()
    assert findings([LINES[0], export_line(1, changed), LINES[2]]) == [
        "prev_broken: entry 2, agreement agr_01 no. 2, signature.applied",
        "checkpoint_root: checkpoint of 3 entries",
    ]
    assert findings([LINES[0], LINES[2]]) == [
        "entry_missing: entry 1",
        "seq_broken: entry 2, agreement agr_01 no. 2, signature.applied",
        "checkpoint_root: checkpoint of 3 entries",
    ]
    assert findings(LINES[:2]) == ["entry_missing: entry 2", "checkpoint_root: checkpoint of 3 entries"]
    assert "entry_out_of_order: entry 0" in findings([LINES[1], LINES[0], LINES[2]])
    assert "not_covered: entry 3, agreement agr_01 no. 2, signature.applied" in findings(
        [*LINES, export_line(3, example.ENTRIES[2].encode())]
    )


def test_a_changed_disclosure_is_named() -> None:
    other = export_line(2, example.ENTRIES[2].encode(), [example.DISCLOSED_ACTOR[0][:-1] + "R"])
    assert findings([*LINES[:2], other]) == ["disclosure_wrong: entry 2, agreement agr_01 no. 2, signature.applied"]


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b"[]",
        b"{}",
        b'{"index": "2", "entry": ""}',
        b'{"index": true, "entry": ""}',
        b'{"index": -1, "entry": ""}',
        b'{"index": 2, "entry": "%%"}',
        b'{"index": 2, "entry": "YR=="}',
        b'{"index": 2, "entry": "", "disclosures": [1]}',
        b"[" * 50_000,
        b"\xff\xfe",
    ],
)
def test_unreadable_lines_are_findings_and_not_failures(line: bytes) -> None:
    problems = verify_export([*LINES[:2], line], example.CHECKPOINT, example.VKEY)
    assert "line 3" in format_problems(problems)
    assert "entry 2: missing" in format_problems(problems)


def test_a_huge_index_does_not_keep_the_check_busy() -> None:
    assert "entry_missing: entries 3 to 999999999998" in findings(
        [*LINES, export_line(999_999_999_999, example.ENTRIES[2].encode())]
    )


@pytest.mark.parametrize(
    ("checkpoint", "vkey"),
    [
        ("", example.VKEY),
        (example.CHECKPOINT.replace("\n3\n", "\n2\n"), example.VKEY),
        (example.CHECKPOINT, example.WITNESS_VKEY),
        (example.CHECKPOINT, "not a key"),
        (example.CHECKPOINT, ""),
    ],
)
def test_without_a_trusted_checkpoint_nothing_is_called_sound(checkpoint: str, vkey: str) -> None:
    (finding,) = findings(LINES, checkpoint, vkey)
    assert finding.split(":")[0] in ("checkpoint_untrusted", "unreadable")


def test_lines_are_plain_json() -> None:
    assert json.loads(LINES[1]) == {
        "index": 1,
        "entry": b64encode(example.ENTRIES[1].encode()).decode(),
        "disclosures": [],
    }
