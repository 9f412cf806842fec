"""`python -m benchmarks [part …]`: every part, or those named."""

from __future__ import annotations

import sys

from benchmarks import drafting, log, signing, verification
from benchmarks.table import show

PARTS = {"signing": signing.rows, "log": log.rows, "drafting": drafting.rows, "verification": verification.rows}


def main(wanted: list[str]) -> None:
    """Measure and show."""
    for part in wanted or list(PARTS):
        show(part, PARTS[part]())


if __name__ == "__main__":
    main(sys.argv[1:])
