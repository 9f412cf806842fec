"""Ask the published schema of ETSI TS 119 102-2 whether our XML reports are what they claim to be.

    python -m tools.etsi_schema report.xml …

Maven fetches the schemas (packages of the EU's DSS project, pinned by version and SHA-256) into .cache once, while the
tests are set up. Nothing of them is kept in the repository, and nothing is fetched while a report is checked.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
FOLDER, MAVEN = ROOT / ".cache" / "etsi", ROOT / ".cache" / "maven"
GROUP, VERSION = "eu.europa.ec.joinup.sd-dss", "6.2"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
PACKAGES = {
    "specs-validation-report": "012e067fba1b661c22655f740bc747eb02d0b4bb79497f1e331877a602c07ac3",
    "specs-xmldsig": "744d6c3876bf1312fe02fa4f4780ff72b041b7fe0c96035d7caaec0c5b1a7f4a",
    "specs-xades": "a2737a533ad79691550ac42e98c587a830df80503e64bfad2bb43ff1de857e20",
    "specs-trusted-list": "b184e44698833de1b00cef38e5a4343dc272155d3a1a2328d7a8b98711c34fce",
}
SCHEMA = "TS119102-2-v141.xsd"
#: What the schema imports by address → the file of the packages.
IMPORTED = {
    "XAdES.xsd": "XAdES01903v132-202407.xsd",
    "ts_119612v020201_201601xsd.xsd": "ts_119612v020301_xsd.xsd",
}


def main(named: list[str]) -> int:
    """Validate; the exit code says whether all conform."""
    fetch()
    known, wrong = validator(), 0
    for name in named:
        valid = known.validate(etree.parse(name))
        wrong += not valid
        print(f"{name}: {'valid' if valid else known.error_log}")
    return 1 if wrong else 0


def fetch() -> None:
    """The schemas, once; ends the program with what to do when they cannot be had or are not those that were pinned."""
    if (FOLDER / SCHEMA).exists():
        return
    if shutil.which("mvn") is None:
        sys.exit("The schema of the ETSI report is fetched by Maven, which is missing: sudo apt-get install -y maven")
    with tempfile.TemporaryDirectory() as scratch:
        project, jars = Path(scratch) / "pom.xml", Path(scratch) / "jars"
        project.write_text(_project(), encoding="utf-8")
        options = [f"-Dmaven.repo.local={MAVEN}", f"-DoutputDirectory={jars}", "-DexcludeTransitive=true"]
        done = subprocess.run(
            ["mvn", "-q", "-B", "-f", str(project), COPY, *options], check=False, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"The schema of the ETSI report could not be fetched from Maven Central:\n{done.stdout[-2000:]}")
        packed = {package: (jars / f"{package}-{VERSION}.jar").read_bytes() for package in PACKAGES}
    for package, pinned in PACKAGES.items():
        if hashlib.sha256(packed[package]).hexdigest() != pinned:
            sys.exit(f"{package} {VERSION} is not the package that was pinned")
    FOLDER.mkdir(parents=True, exist_ok=True)
    schemas = {name: content for jar in packed.values() for name, content in _schemas(jar)}
    for name, content in sorted(
        schemas.items(), key=lambda item: item[0] == SCHEMA
    ):  # ours last: it says all are there
        (FOLDER / name).write_bytes(content)


def _schemas(jar: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(jar)) as packed:
        for name in packed.namelist():
            if name.startswith("xsd/") and name.endswith(".xsd"):
                yield Path(name).name, packed.read(name)


def _project() -> str:
    """A project that needs the packages and nothing else: Maven starts once for all of them."""
    wanted = "".join(
        f"<dependency><groupId>{GROUP}</groupId><artifactId>{package}</artifactId><version>{VERSION}</version></dependency>"
        for package in PACKAGES
    )
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>schemas</groupId>'
        "<artifactId>schemas</artifactId><version>1</version><packaging>pom</packaging>"
        f"<dependencies>{wanted}</dependencies></project>"
    )


def validator() -> etree.XMLSchema:
    """The schema with what it imports; nothing is fetched while it is read."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    return etree.XMLSchema(etree.parse(str(FOLDER / SCHEMA), parser))


class _Local(etree.Resolver):  # type: ignore[misc]  # lxml has no annotations
    """Addresses of schemas answered from the folder."""

    def resolve(self, system_url: str, public_id: str, context: object) -> object:
        name = system_url.rsplit("/", 1)[-1]
        return self.resolve_filename(str(FOLDER / IMPORTED.get(name, name)), context)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
