"""The programs the tests judge with, which neither PyPI nor npm has: installed with apt where that is allowed.

Where it is not, this stops and says the exact command. Nothing is skipped silently.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

#: Program → Debian package.
NEEDED = {
    "pdfsig": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "qpdf": "qpdf",
    "openssl": "openssl",
    "certutil": "libnss3-tools",
    "chromium-headless-shell": "chromium-headless-shell",
    "softhsm2-util": "softhsm2",
    "mvn": "maven",
}
#: Program → another that does as well, only slower.
INSTEAD = {"chromium-headless-shell": "chromium"}


def missing() -> list[str]:
    """Packages whose programs are not on the path."""
    return sorted({package for program, package in NEEDED.items() if not _is_here(program)})


def _is_here(program: str) -> bool:
    return any(shutil.which(one) for one in (program, INSTEAD.get(program, program)))


def main() -> int:
    """Install what is missing, or say how."""
    packages = missing()
    if not packages:
        return 0
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"setup: installing {', '.join(packages)} with apt", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=False, stdout=subprocess.DEVNULL, env=environment)
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=environment)
        packages = missing()
    if packages:
        print("The tests need programs that are not here. Install them with:\n", file=sys.stderr)
        print(f"    sudo apt-get update && sudo {' '.join(command)}\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
