"""A PDF signed with our certificates, lists and stamps in the eyes of others: pdfsig, OpenSSL and pyHanko.

Made with plain pyHanko on purpose: what is judged here is what `keys` issues, not how the service signs.
"""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.ades.report import AdESPassed, AdESStatus
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleCertificateStore, SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer
from reportlab.pdfgen.canvas import Canvas

from keys.issuing.authority import IssuedCertificate
from keys.keyring import Keyring
from keys.timestamping.pyhanko_adapter import pyhanko_timestamper
from tests.keys.conftest import FACTS, MASTER_KEY, SUBJECT, program, request_of

pytestmark = pytest.mark.slow

Key = ec.EllipticCurvePrivateKey


@pytest.fixture(scope="module")
def real_time(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """A keyring of today: pdfsig knows no other time."""
    return Keyring.create(tmp_path_factory.mktemp("keys") / "keys", MASTER_KEY, FACTS, datetime.now(UTC))


@pytest.fixture(scope="module")
def signatory(real_time: Keyring) -> tuple[Key, IssuedCertificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    issued = real_time.issuing.issue(request_of(key), SUBJECT, invitation_id="inv_1", now=datetime.now(UTC))
    return key, issued


def signed(keyring: Keyring, key: Key, certificate_der: bytes, *, closed: bool = False) -> bytes:
    """A one-page PDF signed B-T, or closed to B-LTA."""
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 720, "Strategic cooperation")
    canvas.save()
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    store = SimpleCertificateStore()
    store.register(asn1_x509.Certificate.load(keyring.issuing_der))
    signer = signers.SimpleSigner(
        asn1_x509.Certificate.load(certificate_der), asn1_keys.PrivateKeyInfo.load(private), store
    )
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(keyring.root_der)],
        other_certs=[asn1_x509.Certificate.load(keyring.issuing_der)],
        crls=[asn1_crl.CertificateList.load(der) for der in keyring.crls([], datetime.now(UTC))],
        revocation_mode="require",
        time_tolerance=timedelta(minutes=5),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name="Signatory_party_a_1",
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        embed_validation_info=closed,
        use_pades_lta=closed,
        validation_context=context if closed else None,
    )
    out = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(page.getvalue())),
        metadata,
        signer,
        timestamper=pyhanko_timestamper(keyring.timestamp_source),
    )
    return bytes(out.getvalue())


def test_pdfsig_trusts_a_signatory(
    real_time: Keyring, signatory: tuple[Key, IssuedCertificate], tmp_path: Path
) -> None:
    key, issued = signatory
    (tmp_path / "signed.pdf").write_bytes(signed(real_time, key, issued.der))
    (tmp_path / "root.pem").write_bytes(real_time.root_pem)
    (tmp_path / "nss").mkdir()
    certutil = program("certutil", "libnss3-tools", tmp_path)
    assert certutil("-N", "-d", "sql:nss", "--empty-password").returncode == 0
    assert certutil("-A", "-d", "sql:nss", "-n", "root", "-t", "CT,CT,CT", "-i", "root.pem", "-a").returncode == 0
    said = program("pdfsig", "poppler-utils", tmp_path)("-no-ocsp", "-nssdir", "nss", "signed.pdf").stdout
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "王小明" in said


def test_pyhanko_gives_a_closed_pdf_the_archival_verdict_years_later(
    real_time: Keyring, signatory: tuple[Key, IssuedCertificate]
) -> None:
    """The signatory's certificate has long expired; lists and stamps in the file carry the verdict."""
    key, issued = signatory
    result = judge(real_time, signed(real_time, key, issued.der, closed=True), timedelta(days=3 * 365))
    assert result is AdESPassed.OK


def test_pyhanko_gives_an_unclosed_pdf_no_such_verdict(
    real_time: Keyring, signatory: tuple[Key, IssuedCertificate]
) -> None:
    key, issued = signatory
    result = judge(real_time, signed(real_time, key, issued.der), timedelta(days=3 * 365))
    assert result.status is not AdESStatus.PASSED


def judge(keyring: Keyring, pdf: bytes, later: timedelta) -> object:
    """pyHanko's sub-indication at a later day, with that day's lists, trusting our root alone."""
    moment = datetime.now(UTC) + later
    todays = [
        CRLContainer(asn1_crl.CertificateList.load(keyring.root_crl(moment))),
        CRLContainer(asn1_crl.CertificateList.load(keyring.issuing_crl([], moment))),
    ]
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build([asn1_x509.Certificate.load(keyring.root_der)]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
        time_tolerance=timedelta(minutes=5),
    )
    spec = PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(),
            local_knowledge=LocalKnowledge(known_crls=todays),
        )
    )
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    timing = ValidationTimingInfo(moment, best_signature_time=moment, point_in_time_validation=True)
    return asyncio.run(ades_lta_validation(signature, spec, timing_info=timing)).ades_subindic
