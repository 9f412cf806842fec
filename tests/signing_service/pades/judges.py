"""Independent judges of a signed file: pdfsig, qpdf, openssl and pyHanko's validation. A missing tool is a failure."""

import asyncio
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from asn1crypto import cms, x509
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.ades import simulate_future_ades_lta_validation
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from keys.encoded import encoded, first

AT = "1795341871"  # 2026-11-22 10:04:31 UTC, while every certificate of the factory is valid
_PACKAGES = {
    "pdfsig": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdftotext": "poppler-utils",
    "pdffonts": "poppler-utils",
    "qpdf": "qpdf",
    "openssl": "openssl",
}


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
                return encoded(attribute["values"][0])
        return None


def extract(pdf: bytes) -> list[Extracted]:
    """All signatures and document time stamps in file order, cut by their byte ranges and DER lengths."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    parts = []
    for found in reader.embedded_signatures:
        start, length, after, rest = (int(n) for n in found.byte_range)
        gap = pdf[start + length + 1 : after - 1]
        covered = pdf[start : start + length] + pdf[after : after + rest]
        parts.append(Extracted(found.field_name, covered, first(bytes.fromhex(gap.decode()))))
    return parts


def qpdf_accepts(path: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", str(path))


def codes_on(path: Path, page: int) -> list[str]:
    """What a scanner reads on a page (from 1) at 150 dots per inch, from above on the left."""
    picture = path.with_suffix(".codes.png")
    place = ["-f", str(page), "-l", str(page), "-singlefile", "-r", "150", "-gray", "-png"]
    run("pdftoppm", *place, str(path), str(picture.with_suffix("")))
    with Image.open(picture) as image:
        found = zxingcpp.read_barcodes(image)
    return [one.text for one in sorted(found, key=lambda one: (one.position.top_left.y, one.position.top_left.x))]


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
    checks = ["-verify", "-binary", "-cades", "-purpose", "any", "-attime", AT, "-CAfile", str(root)]
    output = run(
        "openssl", "cms", *checks, "-inform", "DER", "-in", str(cms_file), "-content", str(content), "-out", "/dev/null"
    )
    assert "CAdES Verification successful" in output, output


def openssl_accepts_token(token_der: bytes, content: bytes, root_pem: bytes, folder: Path) -> None:
    """`openssl ts -verify`: the token is over `content` and chains to the root."""
    token, data, root = folder / "x.tst", folder / "x.bin", folder / "root.pem"
    token.write_bytes(token_der)
    data.write_bytes(content)
    root.write_bytes(root_pem)
    files = ["-in", str(token), "-data", str(data), "-CAfile", str(root)]
    output = run("openssl", "ts", "-verify", "-token_in", "-attime", AT, *files)
    assert "Verification: OK" in output, output


def pyhanko_accepts(pdf: bytes, root_der: bytes, at: datetime) -> list[PdfSignatureStatus]:
    """pyHanko's own validation of every signature: intact, valid, trusted, changes permitted."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    statuses = []
    for found in reader.embedded_regular_signatures:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(root_der)], moment=at, allow_fetching=False, revocation_mode="soft-fail"
        )
        status = asyncio.run(async_validate_pdf_signature(found, context))
        assert status.bottom_line, status.pretty_print_details()
        statuses.append(status)
    return statuses


def pyhanko_needs_nothing_else(pdf: bytes, root_der: bytes, at: datetime) -> None:
    """Every signature is trusted with revocation required, and with nothing but the file's security store."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    store = DocumentSecurityStore.read_dss(reader)
    for found in reader.embedded_regular_signatures:
        settings = {
            "trust_roots": [x509.Certificate.load(root_der)],
            "moment": at,
            "revocation_mode": "require",
            "retroactive_revinfo": True,
        }
        status = asyncio.run(async_validate_pdf_signature(found, store.as_validation_context(settings)))
        assert status.bottom_line, status.pretty_print_details()


def pyhanko_passes_in(pdf: bytes, root_der: bytes, now: datetime, years: int) -> None:
    """ETSI EN 319 102-1 long-term validation, simulated years later, with nothing but the file's own data."""
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([x509.Certificate.load(root_der)]),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy.from_legacy("require")),
        time_tolerance=timedelta(minutes=5),
    )
    gathering = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy, gathering))
    for found in reader.embedded_regular_signatures:
        later = now.replace(year=now.year + years)
        result = asyncio.run(simulate_future_ades_lta_validation(found, spec, later, current_reference_time=now))
        assert result.ades_subindic is AdESPassed.OK, (found.field_name, result.ades_subindic, result.failure_msg)
