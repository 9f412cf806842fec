"""Peers that are programs: fetched when asked for, at pinned versions whose bytes are known, and asked by lines.

Only with PEERS=all. `package-lock.json` and `jars.sha256` say which bytes; nothing else is run. A program answers each
line with the milliseconds that it took itself, so that neither its start nor the pipe is measured.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "bench-peers"
PDFBOX, BOUNCY_CASTLE, LIBPDF = "2.0.27", "1.72", "0.4.2"
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
    """PDFBox with BouncyCastle, in a Java that stays."""
    folder = CACHE / "pdfbox"
    jars = folder / "lib"
    if not (folder / "Sign.class").exists():
        folder.mkdir(parents=True, exist_ok=True)
        local = f"-Dmaven.repo.local={CACHE / 'maven'}"
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={jars}"]
        _run("mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), local, *goal, folder=folder)
        _require_known(jars)
        _run("javac", "-cp", f"{jars}/*", "-d", ".", str(HERE / "Sign.java"), folder=folder)
    _require_known(jars)
    name = f"PDFBox {PDFBOX} + BC {BOUNCY_CASTLE}"
    return _started(name, folder, "java", "-cp", f"{jars}/*:{folder}", "Sign", p12)


def libpdf(p12: Path) -> Program:
    """@libpdf/core in a Node that stays. `npm ci` compares what it fetches with the lock file's hashes."""
    folder = CACHE / "libpdf"
    if not (folder / "node_modules").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder)
        _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", folder=folder)
    shutil.copy(HERE / "sign.mjs", folder)
    return _started(f"@libpdf/core {LIBPDF}", folder, "node", "sign.mjs", p12)


def _require_known(jars: Path) -> None:
    """Exactly the archives of `jars.sha256`."""
    lines = (line.split() for line in (HERE / "jars.sha256").read_text().splitlines())
    wanted = {name: sha256 for sha256, name in lines}
    found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in jars.glob("*.jar")}
    if found != wanted:
        shutil.rmtree(jars)
        raise SystemExit(f"PEERS=all: other archives came than expected: {sorted(found.items() ^ wanted.items())}")


def _started(name: str, folder: Path, *command: str | Path) -> Program:
    whole = [*map(str, command), PASSWORD]
    running = subprocess.Popen(whole, cwd=folder, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return Program(name, running)


def _run(program: str, *arguments: str, folder: Path) -> None:
    if shutil.which(program) is None:
        raise SystemExit(f"PEERS=all needs {program}")
    subprocess.run([program, *arguments], cwd=folder, check=True)
