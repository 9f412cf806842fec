"""One signature on a sealed agreement, beside pyHanko's plain signer on the same bytes; both judged by pdfsig."""

from __future__ import annotations

import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.table import Row, compare
from keys.issuing.subjects import SubjectFacts
from signing_service.db import schema
from signing_service.operations import documents
from signing_service.pades.complete import complete
from signing_service.pades.prepare import prepare
from signing_service.services import build
from tests.factories import case as cases
from tests.factories.installation import settings_in

ROUNDS = 15
FIELD = "Signatory_party_a_1"


def rows() -> list[Row]:
    """B-B and B-T, without a visible stamp on either side."""
    with tempfile.TemporaryDirectory() as folder:
        services = build(settings_in(Path(folder)))
        schema.upgrade(services.db)
        case = cases.frozen(services)
        host = case.staff["host"]
        pdf, _name = documents.download(services, host, case.agreement_id)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = SubjectFacts("Bench", "Bench", "bench@example.org", "bench-1", "CN")
        request = cases.certification_request(key, "Bench")
        issued = services.keyring.issuing.issue(request, subject, invitation_id="bench", now=services.clock())
        chain = (services.keyring.issuing_der,)

        def ours(*, stamped: bool) -> bytes:
            prepared = prepare(pdf, field_name=FIELD, certificate_der=issued.der, chain_der=chain)
            value = key.sign(prepared.signed_attributes, ec.ECDSA(hashes.SHA256()))
            return complete(prepared, value, services.timestamps if stamped else None)

        signer = _pyhanko(key, issued.der, services.keyring.issuing_der)

        def theirs() -> bytes:
            out = BytesIO()
            metadata = signers.PdfSignatureMetadata(
                field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
            )
            signers.sign_pdf(
                IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer, existing_fields_only=True, output=out
            )
            return out.getvalue()

        for signed in (ours(stamped=False), ours(stamped=True), theirs()):
            _judge(signed, Path(folder) / "judged.pdf")
        size = f"{len(pdf) // 1024} KB"
        return [
            compare(f"B-B, {size}", lambda: ours(stamped=False), "pyHanko B-B", theirs, rounds=ROUNDS, target=100),
            compare(f"B-T, {size}", lambda: ours(stamped=True), "pyHanko B-B", theirs, rounds=ROUNDS, target=100),
        ]


def _pyhanko(key: ec.EllipticCurvePrivateKey, certificate: bytes, issuer: bytes) -> signers.SimpleSigner:
    store = SimpleCertificateStore()
    store.register(asn1_x509.Certificate.load(issuer))
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=store,
    )


def _judge(pdf: bytes, file: Path) -> None:
    file.write_bytes(pdf)
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    if said.count("Signature is Valid.") != 2:
        raise SystemExit(f"pdfsig does not accept what was measured:\n{said}")
