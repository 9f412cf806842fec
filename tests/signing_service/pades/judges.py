"""Independent judges of a signed file: pdfsig, qpdf, openssl and pyHanko's validation. A missing tool is a failure."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader

_PACKAGES = {"pdfsig": "poppler-utils", "pdftoppm": "poppler-utils", "qpdf": "qpdf", "openssl": "openssl"}


def run(tool: str, *arguments: str) -> str:
    """Run a tool; its output, or a failure that names the package."""
    path = shutil.which(tool)
    if path is None:
        pytest.fail(f"{tool} is missing: apt-get install {_PACKAGES[tool]}")
    result = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    output = result.stdout + result.stderr
    assert result.returncode == 0, f"{tool} {' '.join(arguments)}\n{output}"
    return output


@dataclass(frozen=True)
class Extracted:
    """The parts of one signature, as an auditor would cut them out of the file."""

    field: str
    covered: bytes
    cms_der: bytes

    @property
    def signed_data(self) -> cms.SignedData:
        return cms.ContentInfo.load(self.cms_der)["content"]

    @property
    def signer(self) -> cms.SignerInfo:
        (info,) = self.signed_data["signer_infos"]
        return info

    @property
    def signed_attributes(self) -> dict[str, object]:
        return {a["type"].native: a["values"] for a in self.signer["signed_attrs"]}

    @property
    def token_der(self) -> bytes | None:
        for attribute in self.signer["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                return attribute["values"][0].dump()
        return None


def extract(pdf: bytes) -> list[Extracted]:
    """All signatures and document time stamps in file order, cut by their byte ranges and DER lengths."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    parts = []
    for found in reader.embedded_signatures:
        start, length, after, rest = (int(n) for n in found.byte_range)
        gap = pdf[start + length + 1 : after - 1]
        content = cms.ContentInfo.load(bytes.fromhex(gap.decode()))
        covered = pdf[start : start + length] + pdf[after : after + rest]
        parts.append(Extracted(found.field_name, covered, content.dump()))
    return parts


def qpdf_accepts(path: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(path))


def pdfsig_accepts(path: Path, signatures: int, *, total: bool = True) -> None:
    """Every signature valid; the last one covers the whole file when `total`."""
    output = run("pdfsig", "-nocert", str(path))
    assert output.count("Signature Validation: Signature is Valid.") == signatures, output
    types = re.findall(r"Signature Type: (\S+)", output)
    assert types.count("ETSI.CAdES.detached") == signatures, output
    if total:
        assert output.count("\n  - Total document signed") == 1, output


def openssl_accepts_cms(part: Extracted, root_pem: bytes, folder: Path) -> None:
    """`openssl cms -verify -cades`: value, digest, chain, signing-certificate-v2."""
    cms_file, content, root = folder / "x.p7s", folder / "x.tbs", folder / "root.pem"
    cms_file.write_bytes(part.cms_der)
    content.write_bytes(part.covered)
    root.write_bytes(root_pem)
    command = [
        "cms",
        "-verify",
        "-binary",
        "-cades",
        "-inform",
        "DER",
        "-purpose",
        "any",
        "-attime",
        "1795341751",
        "-out",
        "/dev/null",
    ]
    output = run("openssl", *command, "-in", str(cms_file), "-content", str(content), "-CAfile", str(root))
    assert "CAdES Verification successful" in output or "CMS Verification successful" in output, output


def openssl_accepts_token(token_der: bytes, content: bytes, root_pem: bytes, folder: Path) -> None:
    """`openssl ts -verify`: the token is over `content` and chains to the root."""
    token, data, root = folder / "x.tst", folder / "x.bin", folder / "root.pem"
    token.write_bytes(token_der)
    data.write_bytes(content)
    root.write_bytes(root_pem)
    output = run("openssl", "ts", "-verify", "-token_in", "-in", str(token), "-data", str(data), "-CAfile", str(root))
    assert "Verification: OK" in output, output
