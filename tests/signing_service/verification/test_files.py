"""Files that other programs signed and changed, made once: the table in `files/README.md` says what we must tell."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from keys.trust.anchors import TrustAnchors
from signing_service.verification.report import Report
from signing_service.verification.verify import verify

FILES = Path(__file__).parent / "files"
THEN = datetime(2026, 12, 1, tzinfo=UTC)
LINE = re.compile(r"^\| `(?P<file>[^`]+)` \| (?P<rest>.*) \|$", re.M)


@dataclass(frozen=True)
class Row:
    """One line of the table; integrity and changes in the order of signing."""

    file: str
    done: str
    integrity: tuple[str, ...]
    changes: tuple[str, ...]
    document: str
    others: tuple[str, str, str]


@cache
def rows() -> tuple[Row, ...]:
    found: list[Row] = []
    for match in LINE.finditer((FILES / "README.md").read_text(encoding="utf-8")):
        _, done, count, integrity, changes, document, *others = (cell.strip() for cell in match["rest"].split(" | "))
        found.append(
            Row(match["file"], done, tuple(integrity.split()), tuple(changes.split()), document, tuple(others))  # type: ignore[arg-type]
        )
        assert int(count) == len(found[-1].integrity) == len(found[-1].changes), match["file"]
    return tuple(found)


def judged(file: str) -> Report:
    root = (FILES / "root.der").read_bytes()
    return verify(
        (FILES / file).read_bytes(),
        name=file,
        anchors=TrustAnchors((root,), (root,)),
        at=THEN,
        crls_der=[(FILES / name).read_bytes() for name in ("root.crl", "issuing.crl")],
        certificates_der=[(FILES / "issuing.der").read_bytes()],
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.file)
def test_what_another_program_did_is_told_as_it_was(row: Row) -> None:
    report = judged(row.file)
    integrity = tuple(entry.integrity for entry in report.signatures)
    changes = tuple(entry.changes for entry in report.signatures)
    print(f"{row.file:<38} | {row.done:<62} | {row.integrity} {row.changes} | {integrity} {changes}")
    assert integrity == row.integrity
    assert changes == row.changes
    assert report.document.indication == row.document


def test_every_file_has_a_row_and_every_disagreement_its_reason() -> None:
    assert {row.file for row in rows()} == {str(path.relative_to(FILES)) for path in FILES.glob("*/*.pdf")}
    for row in rows():
        intact = f"{row.integrity.count('intact')} of {len(row.integrity)}"
        pdfsig, openssl, why = row.others
        doubted = row.document != "TOTAL_PASSED" and "broken" not in row.integrity
        assert why or ((pdfsig, openssl) == (intact, intact) and not doubted), row.file


def test_the_files_stay_small() -> None:
    sizes = [path.stat().st_size for path in FILES.rglob("*") if path.is_file()]
    assert sum(sizes) < 1_500_000
    assert max(sizes) < 64_000
