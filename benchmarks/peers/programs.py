"""Peers that are programs: fetched at pinned versions into a cache folder outside the repository, and asked by lines.

Only with PEERS=all. A program answers each line with the milliseconds that it took itself, so that neither its start
nor the pipe is measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "signing-service-bench"
LIBPDF = "0.4.2"
PASSWORD = "bench"


@dataclass
class Program:
    """One running peer. `name` holds its version."""

    name: str
    process: subprocess.Popen[str]

    def ask(self, line: str) -> float:
        """Send a line; the milliseconds it answers with."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"{self.name} ended")
        return float(answer)

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


def wanted() -> bool:
    """Whether the peers of other languages are asked for."""
    return os.environ.get("PEERS") == "all"


def pdfbox(p12: Path) -> Program:
    """PDFBox 2.0.27 with BouncyCastle 1.72, in a Java that stays."""
    folder = CACHE / "pdfbox"
    classes = folder / "Sign.class"
    if not classes.exists():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "pom.xml", folder)
        _run("mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib", folder=folder)
        _run("javac", "-cp", "lib/*", "-d", ".", str(HERE / "Sign.java"), folder=folder)
    return _started("PDFBox 2.0.27 + BC 1.72", folder, "java", "-cp", f"{folder}/lib/*:{folder}", "Sign", p12)


def libpdf(p12: Path) -> Program:
    """@libpdf/core in a Node that stays."""
    folder = CACHE / "libpdf"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}')
        _run("npm", "install", "--no-audit", "--no-fund", "--save-exact", f"@libpdf/core@{LIBPDF}", folder=folder)
    shutil.copy(HERE / "sign.mjs", folder)
    return _started(f"@libpdf/core {LIBPDF}", folder, "node", "sign.mjs", p12)


def _started(name: str, folder: Path, *command: str | Path) -> Program:
    whole = [*map(str, command), PASSWORD]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return Program(name, subprocess.Popen(whole, cwd=folder, text=True, **pipes))  # type: ignore[call-overload]


def _run(program: str, *arguments: str, folder: Path) -> None:
    if shutil.which(program) is None:
        raise SystemExit(f"PEERS=all needs {program}")
    subprocess.run([program, *arguments], cwd=folder, check=True)
