"""What is accepted from a browser: a request that proves possession, and a value over the very attributes."""

from pathlib import Path

import pytest
from asn1crypto import csr as asn1_csr
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import AttributeOID
from hypothesis import given
from hypothesis import strategies as st

from keys.algorithms import P256_ORDER, spki_of
from keys.browser_held import MAXIMUM_REQUEST_BYTES, accept_request, check_value, raw_to_der
from keys.encoded import encoded
from keys.errors import (
    AlgorithmNotAllowed,
    KeysError,
    MalformedRequest,
    NoProofOfPossession,
    UnexpectedContent,
    WrongChallenge,
    WrongValue,
    WrongValueLength,
)
from keys.issuing.authority import IssuedCertificate
from tests.keys.conftest import CHALLENGE, Program, raw_value, request_of

ATTRIBUTES = b"\x31\x04\x30\x02\x05\x00"
Key = ec.EllipticCurvePrivateKey


def test_a_browsers_request_gives_its_public_key(browser_key: Key) -> None:
    assert spki_of(accept_request(request_of(browser_key), CHALLENGE)) == spki_of(browser_key.public_key())


def test_a_request_made_by_openssl_is_accepted(tmp_path: Path, openssl: Program) -> None:
    made = openssl(
        *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"),
        *("-subj", "/CN=anything", "-keyout", "k.pem", "-outform", "DER", "-out", "r.der"),
    )
    assert made.returncode == 0, made.stderr
    spki = openssl("pkey", "-in", "k.pem", "-pubout").stdout.encode()
    key = accept_request((tmp_path / "r.der").read_bytes(), None)
    assert spki_of(key) == spki_of(serialization.load_pem_public_key(spki))  # type: ignore[arg-type]


@pytest.mark.parametrize("algorithm", ["P-384", "P-521", "secp256k1", "RSA", "Ed25519"])
def test_other_curves_and_kinds_of_key_are_refused(algorithm: str) -> None:
    keys = {
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "secp256k1": lambda: ec.generate_private_key(ec.SECP256K1()),
        "RSA": lambda: rsa.generate_private_key(65537, 2048),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
    }
    key = keys[algorithm]()
    digest = None if algorithm == "Ed25519" else hashes.SHA256()
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, digest)
    with pytest.raises(AlgorithmNotAllowed):
        accept_request(request.public_bytes(serialization.Encoding.DER), None)


def test_a_request_signed_with_another_digest_is_refused(browser_key: Key) -> None:
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(browser_key, hashes.SHA512())
    with pytest.raises(AlgorithmNotAllowed, match="sha512"):
        accept_request(request.public_bytes(serialization.Encoding.DER), None)


def test_a_request_for_somebody_elses_key_is_refused(browser_key: Key) -> None:
    """The thief knows the public key, and signs the request with his own."""
    request = asn1_csr.CertificationRequest.load(request_of(browser_key))
    own = ec.generate_private_key(ec.SECP256R1())
    request["signature"] = own.sign(encoded(request["certification_request_info"]), ec.ECDSA(hashes.SHA256()))
    with pytest.raises(NoProofOfPossession):
        accept_request(request.dump(force=True), CHALLENGE)


def test_a_request_changed_after_signing_is_refused(browser_key: Key) -> None:
    changed = request_of(browser_key).replace(CHALLENGE, CHALLENGE.replace(b"1", b"2"))
    with pytest.raises(NoProofOfPossession):
        accept_request(changed, CHALLENGE.replace(b"1", b"2"))


@pytest.mark.parametrize("challenge", [None, b"challenge-of-invitation-2", b""])
def test_a_request_for_another_invitation_is_refused(browser_key: Key, challenge: bytes | None) -> None:
    with pytest.raises(WrongChallenge):
        accept_request(request_of(browser_key, challenge or None), CHALLENGE)


def test_wishes_for_extensions_are_refused(browser_key: Key) -> None:
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(browser_key, hashes.SHA256())
    )
    with pytest.raises(UnexpectedContent, match="extensions"):
        accept_request(request.public_bytes(serialization.Encoding.DER), None)


def test_attributes_nobody_asked_for_are_refused(browser_key: Key) -> None:
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([]))
        .add_attribute(AttributeOID.CHALLENGE_PASSWORD, CHALLENGE)
        .add_attribute(AttributeOID.UNSTRUCTURED_NAME, b"more")
        .sign(browser_key, hashes.SHA256())
    )
    with pytest.raises(UnexpectedContent):
        accept_request(request.public_bytes(serialization.Encoding.DER), CHALLENGE)


def test_bytes_that_are_no_request_are_refused(browser_key: Key) -> None:
    whole = request_of(browser_key)
    for junk in (b"", b"junk", whole[:-1], whole + b"\0", b"\x30\x80" + whole, b"\x30" * (MAXIMUM_REQUEST_BYTES + 1)):
        with pytest.raises(MalformedRequest):
            accept_request(junk, None)


@given(position=st.integers(0, 230), value=st.integers(0, 255))
def test_a_changed_byte_never_passes_and_never_raises_anything_else(position: int, value: int) -> None:
    whole = bytearray(REQUEST)
    changed = position < len(whole) and whole[position] != value
    whole[position % len(whole)] = value
    if changed:
        with pytest.raises(KeysError):
            accept_request(bytes(whole), CHALLENGE)


REQUEST = request_of(ec.generate_private_key(ec.SECP256R1()))


def test_a_raw_value_becomes_the_der_value_that_verifies(browser_key: Key, issued: IssuedCertificate) -> None:
    der = check_value(issued.der, ATTRIBUTES, raw_value(browser_key, ATTRIBUTES))
    browser_key.public_key().verify(der, ATTRIBUTES, ec.ECDSA(hashes.SHA256()))


def test_a_value_over_something_else_is_refused(browser_key: Key, issued: IssuedCertificate) -> None:
    with pytest.raises(WrongValue):
        check_value(issued.der, ATTRIBUTES, raw_value(browser_key, b"\x31\x04\x30\x02\x05\x01"))


def test_a_value_by_another_key_is_refused(issued: IssuedCertificate) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(WrongValue):
        check_value(issued.der, ATTRIBUTES, raw_value(other, ATTRIBUTES))


def test_only_a_set_of_attributes_is_ever_checked(browser_key: Key, issued: IssuedCertificate) -> None:
    """A value over a bare digest or any other text proves nothing about a document."""
    for text in (b"", b"\x30\x02\x05\x00", b"I agree"):
        with pytest.raises(WrongValue):
            check_value(issued.der, text, raw_value(browser_key, text))


@pytest.mark.parametrize("length", [0, 63, 65, 70, 96])
def test_a_value_of_another_length_is_refused(issued: IssuedCertificate, length: int) -> None:
    with pytest.raises(WrongValueLength, match=f"{length} bytes"):
        check_value(issued.der, ATTRIBUTES, b"\1" * length)


@pytest.mark.parametrize(("r", "s"), [(0, 1), (1, 0), (P256_ORDER, 1), (1, P256_ORDER), (2**256 - 1, 1)])
def test_numbers_outside_the_group_are_refused(r: int, s: int) -> None:
    with pytest.raises(WrongValue):
        raw_to_der(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def test_a_certificate_that_is_none_is_refused(browser_key: Key) -> None:
    with pytest.raises(WrongValue):
        check_value(b"junk", ATTRIBUTES, raw_value(browser_key, ATTRIBUTES))
