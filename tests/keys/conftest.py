"""A keyring made once at a fixed time, requests as a browser makes them, and OpenSSL as a foreign judge."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import AttributeOID

from keys.issuing.authority import IssuedCertificate
from keys.issuing.subjects import SubjectFacts
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
MASTER_KEY = b"a master key of thirty-two bytes"
CHALLENGE = b"challenge-of-invitation-1"
FACTS = KeyringFacts(
    organisation="Sino-European New Economy Industry Innovation Center 中欧新经济产业创新中心",
    country="CN",
    email="seal@example.org",
    base_url="http://127.0.0.1:8000",
    demo=True,
)
SUBJECT = SubjectFacts(
    display_name="王小明",
    organisation="Sichuan Association of Circular Economy 四川省循环经济协会",
    email="wang@example.cn",
    serial_number="signatory-1",
    country="CN",
)


@pytest.fixture(scope="session")
def keyring_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keyring") / "keys"
    Keyring.create(folder, MASTER_KEY, FACTS, NOW, clock=lambda: NOW)
    return folder


@pytest.fixture(scope="session")
def keyring(keyring_folder: Path) -> Keyring:
    return Keyring.open(keyring_folder, MASTER_KEY, clock=lambda: NOW)


@pytest.fixture
def browser_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def request_of(key: ec.EllipticCurvePrivateKey, challenge: bytes | None = CHALLENGE) -> bytes:
    """A certificate request as the browser makes it: empty subject, the challenge as only attribute."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    if challenge is not None:
        builder = builder.add_attribute(AttributeOID.CHALLENGE_PASSWORD, challenge)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def raw_value(key: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    """What WebCrypto gives: r‖s, 64 bytes."""
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@pytest.fixture
def issued(keyring: Keyring, browser_key: ec.EllipticCurvePrivateKey) -> IssuedCertificate:
    return keyring.issuing.issue(
        request_of(browser_key), SUBJECT, invitation_id="inv_1", now=NOW, expected_challenge=CHALLENGE
    )


Program = Callable[..., "subprocess.CompletedProcess[str]"]


def program(name: str, package: str, folder: Path) -> Program:
    """Runs a program in a folder; a missing one is a failure that says how to get it."""
    if shutil.which(name) is None:
        pytest.fail(f"{name} is missing: apt-get install {package}")

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([name, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture
def openssl(tmp_path: Path) -> Program:
    return program("openssl", "openssl", tmp_path)


def pem(certificate_der: bytes) -> bytes:
    return x509.load_der_x509_certificate(certificate_der).public_bytes(serialization.Encoding.PEM)


def crl_pem(crl_der: bytes) -> bytes:
    return x509.load_der_x509_crl(crl_der).public_bytes(serialization.Encoding.PEM)
