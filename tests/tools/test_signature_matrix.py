"""Every custody, level and algorithm gives files that every judge accepts. The whole matrix is the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from keys.custody import PERSONAL, CustodyKind
from tests.factories.every_custody import COVER, EVERY
from tests.factories.providers import RunningProvider
from tests.factories.tokens import SoftHsm
from tools import signature_matrix
from tools.signature_files import LEVELS, SEAL, installed
from tools.signature_judges import require_programs


@pytest.mark.slow
def test_every_file_passes_every_judge(tmp_path: Path, soft_hsm: SoftHsm, csc: RunningProvider) -> None:
    csc.behave()
    with installed(tmp_path, soft_hsm, csc, COVER) as world:
        found = list(signature_matrix.rows(tmp_path, world, COVER, each=False))
    printed = signature_matrix.matrix_table(found)
    assert all(row.good for row in found), printed
    assert {(row.custody, row.level) for row in found} == {
        (kind.name, level) for kind in (*COVER, SEAL) for level in LEVELS
    }
    assert printed.splitlines()[0].split()[:3] == ["custody", "algorithm", "level"]
    passkey = [row for row in found if row.custody == CustodyKind.BROWSER_HELD_PASSKEY.value]
    assert {row.verdicts["evidence"] for row in passkey} == {"ok"}


def test_the_cover_holds_every_custody_form_and_algorithm() -> None:
    for kinds in (COVER, EVERY):
        assert {kind.custody for kind in kinds} == set(PERSONAL)
    assert {kind.name for kind in COVER} == {kind.name for kind in EVERY}
    assert {kind.algorithm for kind in COVER} == {kind.algorithm for kind in EVERY}


def test_a_program_that_is_missing_ends_it_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemExit, match="sudo apt-get install openssl poppler-utils qpdf softhsm2"):
        require_programs("softhsm2-util")
