"""Every combination of custody, level and algorithm is accepted by every judge, or refused by name."""

from pathlib import Path

from tools import signature_matrix


def test_every_file_passes_every_judge(tmp_path: Path) -> None:
    found = list(signature_matrix.rows(tmp_path))
    printed = signature_matrix.table(found)
    assert all(row.good for row in found), printed
    made = {(row.custody, row.level) for row in found if not row.refused}
    assert made == {(custody, level) for custody in signature_matrix.CUSTODIES for level in signature_matrix.LEVELS}
    refused = {row.algorithm for row in found if row.refused}
    assert refused == {"P-384", "RSA-3072"}
    assert printed.splitlines()[0].split()[:3] == ["custody", "level", "algorithm"]
