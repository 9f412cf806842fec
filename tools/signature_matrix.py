"""Every custody × level × algorithm that this service signs with, each file judged by programs that are not ours.

`python -m tools.signature_matrix` prints a table: a row per combination, a column per judge (pdfsig, qpdf --check,
openssl cms -cades, openssl ts, our own verification). A combination that the custody refuses says so in its row. A new
custody plugs in as one line of `CUSTODIES`. Keys and documents are made for the run and thrown away.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from agreements.rendering.pdf_file import PdfFile
from keys.browser_held import check_value
from keys.errors import KeysError
from keys.issuing.ocsp import Status
from keys.issuing.profiles import SIGNATORY
from keys.issuing.subjects import SubjectFacts
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts
from signing_service.pades import long_term
from signing_service.pades.complete import complete
from signing_service.pades.document import Document
from signing_service.pades.errors import PadesError
from signing_service.pades.prepare import prepare
from signing_service.pades.seal import seal
from signing_service.pades.signatures import FoundSignature, signatures
from signing_service.verification.verify import verify

FIELD = "Signatory"
LEVELS = ("B-B", "B-T", "B-LTA")
JUDGES = ("pdfsig", "qpdf", "openssl cms", "openssl ts", "own")
FACTS = KeyringFacts("Matrix", "FI", "seal@example.org", "http://127.0.0.1:8000", demo=True)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
ALGORITHMS: dict[str, Callable[[], Key]] = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA-3072": lambda: rsa.generate_private_key(65537, 3072),
}


@dataclass(frozen=True)
class Row:
    """One combination; `verdicts` holds ok, – (nothing to judge) or what is wrong, per judge."""

    custody: str
    level: str
    algorithm: str
    verdicts: dict[str, str]
    refused: str = ""

    @property
    def good(self) -> bool:
        """Refused by name, or accepted by every judge."""
        return bool(self.refused) or all(verdict in ("ok", "–") for verdict in self.verdicts.values())


Signs = Callable[[Keyring, Key, bytes, bool], bytes]
"""Keyring, key, document, stamped → the signed document; raises `KeysError` or `PadesError` for what is refused."""


def browser_held(keyring: Keyring, key: Key, pdf: bytes, stamped: bool) -> bytes:
    """A certificate request, the attributes signed as WebCrypto does (r‖s), checked and embedded."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    request = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    subject = SubjectFacts("Aino Virtanen 王小明", "Matrix", "aino@example.org", "SIG-1", "FI")
    issued = keyring.issuing.issue(request, subject, SIGNATORY, invitation_id="inv_1", now=datetime.now(UTC))
    prepared = prepare(pdf, field_name=FIELD, certificate_der=issued.der, chain_der=issued.chain_der)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(key)  # `issue` refuses it before
    r, s = decode_dss_signature(key.sign(prepared.signed_attributes, ec.ECDSA(hashes.SHA256())))
    value = check_value(issued.der, prepared.signed_attributes, r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return complete(prepared, value, keyring.timestamp_source if stamped else None)


def software_seal(keyring: Keyring, key: Key, pdf: bytes, stamped: bool) -> bytes:
    """The service's own certification signature; its key is of the kind the folder of keys makes."""
    if not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)):
        raise NotOffered
    return seal(pdf, keyring.seal, keyring.timestamp_source if stamped else None, FIELD)


class NotOffered(PadesError):
    """The custody has no such key."""

    code = "matrix.not_offered"
    message = "the custody has no key of this kind"


CUSTODIES: dict[str, Signs] = {"browser_held": browser_held, "software_seal": software_seal}


def rows(folder: Path) -> Iterator[Row]:
    """Sign and judge every combination; `folder` takes the files."""
    keyring = Keyring.create(folder / "keys", bytes(range(32)), FACTS, datetime.now(UTC) - timedelta(days=1))
    keys = {name: make() for name, make in ALGORITHMS.items()}
    for custody, signs in CUSTODIES.items():
        for algorithm, key in keys.items():
            for level in LEVELS:
                yield _row(folder, keyring, custody, signs, level, algorithm, key)


def _row(folder: Path, keyring: Keyring, custody: str, signs: Signs, level: str, algorithm: str, key: Key) -> Row:
    try:
        pdf = signs(keyring, key, _document(), level != "B-B")
        pdf = _closed(keyring, pdf) if level == "B-LTA" else pdf
    except (KeysError, PadesError) as refusal:
        return Row(custody, level, algorithm, {}, f"refused: {refusal}")
    verdicts = Judged(folder, keyring, pdf).verdicts()
    reached = long_term.levels(pdf)[FIELD]
    verdicts["own"] = verdicts["own"] if reached == level else f"level {reached}"
    return Row(custody, level, algorithm, verdicts)


def _closed(keyring: Keyring, pdf: bytes) -> bytes:
    now = datetime.now(UTC)
    (signer,) = (one for one in signatures(Document(pdf)) if not one.document_timestamp)
    serial = signer.signer_certificate.serial_number
    answer = keyring.issuers.current.responder(now).answer(Status(serial), "sha256", now)
    return long_term.close(
        pdf,
        crls_der=keyring.crls((), now),
        ocsps_der=(answer.der,),
        certificates_der=keyring.issuers.certificates_der,
        trust_roots_der=keyring.roots_der,
        timestamper=keyring.timestamp_source,
        now=now,
    )


class Judged:
    """One file before its judges."""

    def __init__(self, folder: Path, keyring: Keyring, pdf: bytes) -> None:
        self._folder, self._keyring, self._pdf = folder, keyring, pdf
        self._found = signatures(Document(pdf))
        (folder / "a.pdf").write_bytes(pdf)
        (folder / "root.pem").write_bytes(keyring.root_pem)

    def verdicts(self) -> dict[str, str]:
        """What each judge says."""
        judges = (self._pdfsig, self._qpdf, self._openssl_cms, self._openssl_ts, self._own)
        return {name: judge() for name, judge in zip(JUDGES, judges, strict=True)}

    def _pdfsig(self) -> str:
        said = self._run("pdfsig", "-nocert", "a.pdf")
        return "ok" if "Signature Validation: Signature is Valid." in said and "is Invalid" not in said else "invalid"

    def _qpdf(self) -> str:
        return "ok" if "No syntax or stream encoding errors" in self._run("qpdf", "--check", "a.pdf") else "damaged"

    def _openssl_cms(self) -> str:
        (signer,) = (one for one in self._found if not one.document_timestamp)
        self._cut(signer)
        said = self._run(
            *("openssl", "cms", "-verify", "-binary", "-cades", "-purpose", "any", "-CAfile", "root.pem"),
            *("-inform", "DER", "-in", "x.p7s", "-content", "x.tbs", "-out", "/dev/null"),
        )
        return "ok" if "CAdES Verification successful" in said else "not verified"

    def _openssl_ts(self) -> str:
        verdicts = []
        for one in self._found:
            if one.token is None:
                continue
            self._cut(one)
            stamped = "x.tbs" if one.document_timestamp else "x.value"
            token = one.cms_der if one.document_timestamp else one.token_der
            (self._folder / "x.tst").write_bytes(token or b"")
            said = self._run(
                *("openssl", "ts", "-verify", "-token_in", "-in", "x.tst", "-data", stamped, "-CAfile", "root.pem")
            )
            verdicts.append("Verification: OK" in said)
        return ("ok" if all(verdicts) else "not verified") if verdicts else "–"

    def _own(self) -> str:
        now = datetime.now(UTC)
        report = verify(
            self._pdf,
            name="a.pdf",
            anchors=self._keyring.trust_anchors(),
            at=now,
            crls_der=self._keyring.crls((), now),
            certificates_der=self._keyring.issuers.certificates_der,
        )
        return "ok" if report.passed else report.document.indication

    def _cut(self, one: FoundSignature) -> None:
        start, length, after, rest = one.byte_range
        (self._folder / "x.tbs").write_bytes(self._pdf[start : start + length] + self._pdf[after : after + rest])
        (self._folder / "x.p7s").write_bytes(one.cms_der)
        (self._folder / "x.value").write_bytes(one.value)

    def _run(self, program: str, *arguments: str) -> str:
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: python -m tools.system_packages")
        done = subprocess.run(
            [program, *arguments], cwd=self._folder, capture_output=True, text=True, check=False, timeout=60
        )
        return done.stdout + done.stderr


def _document() -> bytes:
    """One page with one empty signature field."""
    pdf = PdfFile()
    pages, form = pdf.reserve(), pdf.reserve()
    content = pdf.add_stream(b"0.8 g 60 60 475 722 re 1 w S")
    page = pdf.reserve()
    field = pdf.add(f"<</Type /Annot /Subtype /Widget /FT /Sig /T ({FIELD}) /Rect [0 0 0 0] /F 132 /P {page} 0 R>>")
    pdf.put(
        page,
        f"<</Type /Page /Parent {pages} 0 R /MediaBox [0 0 595 842] /Resources <<>> /Contents {content} 0 R"
        f" /Annots [{field} 0 R]>>",
    )
    pdf.put(pages, f"<</Type /Pages /Kids [{page} 0 R] /Count 1>>")
    pdf.put(form, f"<</Fields [{field} 0 R] /SigFlags 3>>")
    root = pdf.add(f"<</Type /Catalog /Pages {pages} 0 R /AcroForm {form} 0 R>>")
    return pdf.finish(root=root, info=pdf.add("<<>>"), identifier=bytes(16))


def table(found: list[Row]) -> str:
    """The rows as people read them."""
    head = ("custody", "level", "algorithm", *JUDGES)
    lines = [head, *((row.custody, row.level, row.algorithm, *_cells(row)) for row in found)]
    whole = [line for line in lines if len(line) == len(head)]
    widths = [max(len(line[place]) for line in whole) for place in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=False)).rstrip() for line in lines
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (row.refused,) if row.refused else tuple(row.verdicts[judge] for judge in JUDGES)


def main() -> None:
    """Print the table; the exit status is 1 when a judge disagrees."""
    with tempfile.TemporaryDirectory() as folder:
        found = list(rows(Path(folder)))
    print(table(found))
    sys.exit(0 if all(row.good for row in found) else 1)


if __name__ == "__main__":
    main()
