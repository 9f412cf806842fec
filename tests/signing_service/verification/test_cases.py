"""The table of cases: attacks and accidents on one side, honest documents of many kinds on the other.

Each row says what a reader must be told. `python -m pytest -s` on this file prints it: family, case, expected, got.
Passing is judged with everything trusted, so that only the case itself can spoil a verdict. Each is judged twice: the
quick way, and with everything left to the general rules; the two reports must be equal.
"""

import logging

import pytest

from tests.signing_service.verification.ambiguous_mutants import AMBIGUOUS_MUTANTS
from tests.signing_service.verification.handmade_cases import HANDMADE
from tests.signing_service.verification.handmade_mutants import BOXES, HANDMADE_MUTANTS
from tests.signing_service.verification.honest import HONEST
from tests.signing_service.verification.mutants import MUTANTS
from tests.signing_service.verification.worlds import judge_both_ways

pytestmark = pytest.mark.slow

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


def _told(report) -> set[str]:
    """Everything a row may expect, as short words."""
    told = {entry.code for entry in report.findings}
    told |= {f"integrity:{entry.integrity}" for entry in report.signatures}
    told |= {f"changes:{entry.changes}" for entry in report.signatures}
    told |= {f"readable:{report.document.readable}", f"signatures:{len(report.signatures)}"}
    return told | {"passed" if report.passed else "not passed", report.document.indication}


def _row(family: str, name: str, expected: object, got: object) -> None:
    print(f"{family:<18} | {name:<52} | {expected!s:<60} | {got}")


@pytest.mark.parametrize("case", [*MUTANTS, *HANDMADE_MUTANTS, *AMBIGUOUS_MUTANTS], ids=lambda case: case.name)
def test_an_attack_never_passes_and_is_named(case):
    report = judge_both_ways(case.make())
    told = _told(report)
    got = sorted(word for word in told if any(word.startswith(part.split(":")[0]) for part in case.told))
    _row(case.family, case.name, " or ".join(case.told), f"{report.document.indication} {', '.join(got)}")
    assert not report.passed
    assert told & set(case.told), sorted(told)


@pytest.mark.parametrize("case", [*HONEST, *HANDMADE, *BOXES], ids=lambda case: case.name)
def test_an_honest_document_is_not_suspected(case):
    report = judge_both_ways(case.make())
    seen = [(entry.integrity, entry.changes) for entry in report.signatures]
    _row(
        "honest", case.name, f"{case.signatures} intact, {case.gravest} at most", f"{report.document.indication} {seen}"
    )
    assert len(report.signatures) == case.signatures
    assert {entry.integrity for entry in report.signatures} <= {"intact"}
    assert {entry.changes for entry in report.signatures} <= case.allowed
    assert report.passed or not case.passes, [entry.code for entry in report.findings]


def test_the_table_is_large_enough_and_balanced():
    assert len(MUTANTS) >= 60
    assert len(HONEST) >= 25
    families = {case.family for case in MUTANTS}
    assert families >= {
        "incremental saving",
        "signature wrapping",
        "universal forgery",
        "shadow",
        "certification",
        "truncation",
        "trailing data",
        "overlapping field",
        "duplicate objects",
        "object streams",
        "cycles",
        "bombs",
        "changed bytes",
    }
