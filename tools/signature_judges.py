"""Programs that judge one signed file: pdfsig, qpdf, openssl for signatures and for time stamps, and our verification.

Each is run once per file and signature, and says `ok`, `–` where there is nothing to judge, or what is wrong. A program
that is not there ends everything, with the command that installs it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from keys.encoded import encoded
from keys.errors import KeysError
from keys.passkey_evidence import PasskeyEvidence
from keys.trust.anchors import TrustAnchors
from signing_service.pades.document import Document
from signing_service.pades.signatures import FoundSignature, signatures
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tools.system_packages import NEEDED

JUDGES = ("pdfsig", "qpdf", "openssl cms", "openssl ts", "own", "evidence")
OK, NOTHING = "ok", "–"


@dataclass(frozen=True)
class Trusted:
    """What every judge is given: roots (DER), of signatories and of time stamps, certificates between, and lists."""

    roots: tuple[bytes, ...]
    stamp_roots: tuple[bytes, ...]
    certificates: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()


class Judges:
    """They keep what they said of a file, because many signatures stand in one."""

    def __init__(self, folder: Path, trusted: Trusted) -> None:
        self._folder, self._trusted = folder, trusted
        self._whole: dict[bytes, tuple[str, str, Report, Sequence[FoundSignature]]] = {}
        folder.mkdir(exist_ok=True)
        for name, roots in (("roots.pem", trusted.roots), ("stamp-roots.pem", trusted.stamp_roots)):
            pems = (x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in roots)
            (folder / name).write_bytes(b"".join(pems))

    def verdicts(self, pdf: bytes, field: str, level: str, evidence: bytes = b"") -> dict[str, str]:
        """What each judge says of the signature in `field`, which has to have reached exactly that level."""
        pdfsig, qpdf, report, found = self._of_file(pdf)
        mine = next((one for one in found if one.field == field), None)
        if mine is None:
            return dict.fromkeys(JUDGES, "no such signature")
        stamps = [mine, *(one for one in found if one.document_timestamp)]
        said = (
            pdfsig,
            qpdf,
            self._cms(pdf, mine),
            self._stamps(pdf, stamps),
            _own(report, field, level),
            _confirmed(mine, evidence),
        )
        return dict(zip(JUDGES, said, strict=True))

    def _of_file(self, pdf: bytes) -> tuple[str, str, Report, Sequence[FoundSignature]]:
        key = sha256(pdf).digest()
        if key not in self._whole:
            found = signatures(Document(pdf))
            signed = sum(not one.document_timestamp for one in found)
            (self._folder / "a.pdf").write_bytes(pdf)
            self._whole[key] = (self._pdfsig(signed), self._qpdf(), self._report(pdf), found)
        return self._whole[key]

    def _pdfsig(self, count: int) -> str:
        """As many valid signatures as we see, and none that is not; it does not judge document time stamps."""
        said = self._run("pdfsig", "-nocert", "a.pdf")
        valid = said.count("Signature Validation: Signature is Valid.")
        return OK if valid == count and "is Invalid" not in said else f"{valid} of {count} valid"

    def _qpdf(self) -> str:
        return OK if "No syntax or stream encoding errors" in self._run("qpdf", "--check", "a.pdf") else "damaged"

    def _report(self, pdf: bytes) -> Report:
        trusted = self._trusted
        return verify(
            pdf,
            name="a.pdf",
            anchors=TrustAnchors(signing=trusted.roots, timestamping=trusted.stamp_roots),
            at=datetime.now(UTC),
            crls_der=trusted.lists,
            certificates_der=trusted.certificates,
        )

    def _cms(self, pdf: bytes, one: FoundSignature) -> str:
        (self._folder / "x.tbs").write_bytes(_covered(pdf, one))
        (self._folder / "x.p7s").write_bytes(one.cms_der)
        said = self._run(
            *("openssl", "cms", "-verify", "-binary", "-cades", "-purpose", "any", "-CAfile", "roots.pem"),
            *("-inform", "DER", "-in", "x.p7s", "-content", "x.tbs", "-out", "/dev/null"),
        )
        return OK if "CAdES Verification successful" in said else "not verified"

    def _stamps(self, pdf: bytes, found: Sequence[FoundSignature]) -> str:
        """The signature's own time stamp over its value, and every document time stamp over the file before it."""
        verdicts = []
        for one in found:
            token = one.cms_der if one.document_timestamp else one.token_der
            if token is None:
                continue
            (self._folder / "x.tst").write_bytes(token)
            (self._folder / "x.data").write_bytes(_covered(pdf, one) if one.document_timestamp else one.value)
            said = self._run(
                *("openssl", "ts", "-verify", "-token_in", "-in", "x.tst", "-data", "x.data"),
                *("-CAfile", "stamp-roots.pem"),
            )
            verdicts.append("Verification: OK" in said)
        return (OK if all(verdicts) else "not verified") if verdicts else NOTHING

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [program, *arguments], cwd=self._folder, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout + done.stderr


def require_programs(*more: str) -> None:
    """End with the command that installs them when programs are missing."""
    wanted = ("pdfsig", "qpdf", "openssl", *more)
    packages = sorted({NEEDED[program] for program in wanted if shutil.which(program) is None})
    if packages:
        sys.exit(f"Programs are missing; install them with: sudo apt-get install {' '.join(packages)}")


def _own(report: Report, field: str, level: str) -> str:
    """Our verification: everything passed, and this signature reached the level."""
    if not report.passed:
        return report.document.indication
    mine = next(one for one in report.signatures if one.field == field)
    if mine.integrity != "intact":
        return mine.integrity
    return OK if mine.level == level else f"level {mine.level}"


def _confirmed(one: FoundSignature, evidence: bytes) -> str:
    """The passkey's answer names exactly the attributes that stand in the file (W3C WebAuthn level 3, §7.2)."""
    if not evidence:
        return NOTHING
    signer = cms.ContentInfo.load(one.cms_der)["content"]["signer_infos"][0]
    attributes = b"\x31" + encoded(signer["signed_attrs"])[1:]  # signed as a SET OF, RFC 5652 §5.4
    try:
        PasskeyEvidence.from_json(evidence).check(attributes)
    except KeysError as error:
        return error.code
    return OK


def _covered(pdf: bytes, one: FoundSignature) -> bytes:
    start, length, after, rest = one.byte_range
    return pdf[start : start + length] + pdf[after : after + rest]
