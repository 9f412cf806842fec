"""`python -m tools.fuzz_seeds FOLDER`: small signed PDFs of several kinds to start fuzzing from."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.signing_service.verification.honest import HONEST

LARGEST = 60_000


def main(folder: Path) -> None:
    """Write every honest document of the table of cases that is small."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, case in enumerate(HONEST):
        pdf = case.make()
        if len(pdf) <= LARGEST:
            (folder / f"{place:02}.pdf").write_bytes(pdf)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
