"""What was measured is judged in the same run: an output that a foreign program does not accept ends the bench."""

from __future__ import annotations

import subprocess
import tempfile


def require_valid(pdf: bytes, signatures: int) -> None:
    """pdfsig (poppler) calls exactly so many signatures valid."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        said = subprocess.run(["pdfsig", "-nocert", file.name], capture_output=True, text=True, check=False).stdout
    require(said.count("Signature is Valid.") == signatures, f"pdfsig\n{said}")


def require(held: bool, who: str) -> None:
    """End with the name of who does not accept it."""
    if not held:
        raise SystemExit(f"what was measured is not accepted by {who}")
