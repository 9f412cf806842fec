"""Issued certificates: what they contain and do not contain, and that OpenSSL follows the chain with revocation."""

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from keys.algorithms import spki_of
from keys.errors import AuthorityNotValid, InvalidSubject, NoProofOfPossession, WrongChallenge
from keys.issuing.authority import IssuedCertificate
from keys.issuing.profiles import ARC, PROFILES, IdentityAssurance
from keys.issuing.revocation import RevocationReason, RevokedCertificate
from keys.keyring import Keyring
from tests.keys.conftest import CHALLENGE, NOW, SUBJECT, Program, crl_pem, pem, request_of

Key = ec.EllipticCurvePrivateKey


def verify(openssl: Program, folder: Path, keyring: Keyring, leaf: bytes, revoked: list[RevokedCertificate]) -> str:
    """What `openssl verify` says about a leaf, with the revocation of the whole chain, an hour after NOW."""
    later = NOW + timedelta(hours=1)
    (folder / "root.pem").write_bytes(keyring.root_pem)
    (folder / "chain.pem").write_bytes(pem(keyring.issuing_der))
    (folder / "leaf.pem").write_bytes(pem(leaf))
    (folder / "crls.pem").write_bytes(b"".join(crl_pem(crl) for crl in keyring.crls(revoked, later)))
    result = openssl(
        *("verify", "-x509_strict", "-crl_check_all", "-purpose", "smimesign", "-attime", str(int(later.timestamp()))),
        *("-CAfile", "root.pem", "-untrusted", "chain.pem", "-CRLfile", "crls.pem", "leaf.pem"),
    )
    return result.stdout + result.stderr


def test_openssl_follows_the_chain_of_a_signatory(
    tmp_path: Path, openssl: Program, keyring: Keyring, issued: IssuedCertificate
) -> None:
    assert verify(openssl, tmp_path, keyring, issued.der, []).strip() == "leaf.pem: OK"


def test_openssl_follows_the_chain_of_the_seal(tmp_path: Path, openssl: Program, keyring: Keyring) -> None:
    assert verify(openssl, tmp_path, keyring, keyring.seal.certificate_der, []).strip() == "leaf.pem: OK"


def test_openssl_sees_a_revocation(
    tmp_path: Path, openssl: Program, keyring: Keyring, issued: IssuedCertificate
) -> None:
    revoked = [RevokedCertificate(issued.serial, NOW + timedelta(minutes=5), RevocationReason.KEY_COMPROMISE)]
    assert "certificate revoked" in verify(openssl, tmp_path, keyring, issued.der, revoked)


def test_the_certificate_says_exactly_what_the_profile_says(keyring: Keyring, issued: IssuedCertificate) -> None:
    certificate = x509.load_der_x509_certificate(issued.der)
    name = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert name == {
        NameOID.COUNTRY_NAME: "CN",
        NameOID.ORGANIZATION_NAME: SUBJECT.organisation,
        NameOID.SERIAL_NUMBER: "signatory-1",
        NameOID.COMMON_NAME: "王小明",
    }
    found = {extension.value.__class__: extension for extension in certificate.extensions}
    usage = found[x509.KeyUsage].value
    assert usage.content_commitment
    assert not any((usage.digital_signature, usage.key_cert_sign, usage.crl_sign, usage.key_encipherment))
    assert not found[x509.BasicConstraints].value.ca
    assert [oid.dotted_string for oid in found[x509.ExtendedKeyUsage].value] == [
        "1.3.6.1.5.5.7.3.4",
        "1.3.6.1.5.5.7.3.36",
    ]
    assert found[x509.SubjectAlternativeName].value.get_values_for_type(x509.RFC822Name) == ["wang@example.cn"]
    assert [p.policy_identifier.dotted_string for p in found[x509.CertificatePolicies].value] == [f"{ARC}.1.1"]
    assert found[x509.CRLDistributionPoints].value[0].full_name[0].value.endswith("/pki/issuing.crl")
    assert found[x509.AuthorityInformationAccess].value[0].access_location.value.endswith("/pki/issuing.cer")
    assert {extension.oid._name for extension in certificate.extensions if extension.critical} == {
        "basicConstraints",
        "keyUsage",
    }
    assert len(found) == 9  # and the two key identifiers: nothing else


def test_nothing_of_the_invitation_stands_in_the_certificate(keyring: Keyring, browser_key: Key) -> None:
    made = keyring.issuing.issue(
        request_of(browser_key), SUBJECT, invitation_id="inv_secret", now=NOW, expected_challenge=CHALLENGE
    )
    assert made.invitation_id == "inv_secret"
    assert b"inv_secret" not in made.der
    assert CHALLENGE not in made.der


def test_it_lives_seven_days_and_forgives_clocks_a_minute_behind(issued: IssuedCertificate) -> None:
    assert issued.not_before == NOW - timedelta(minutes=1)
    assert issued.not_after == NOW + timedelta(days=7)


def test_the_issued_key_is_the_requested_key(issued: IssuedCertificate, browser_key: Key) -> None:
    held = x509.load_der_x509_certificate(issued.der).public_key()
    assert isinstance(held, ec.EllipticCurvePublicKey)
    assert spki_of(held) == spki_of(browser_key.public_key())
    digest = hashes.Hash(hashes.SHA256())
    digest.update(spki_of(browser_key.public_key()))
    assert issued.spki_sha256 == digest.finalize().hex()


def test_serial_numbers_are_random_of_159_bits_and_differ(keyring: Keyring, browser_key: Key) -> None:
    request = request_of(browser_key)
    serials = {keyring.issuing.issue(request, SUBJECT, invitation_id="i", now=NOW).serial for _ in range(20)}
    assert len(serials) == 20
    assert {serial.bit_length() for serial in serials} == {159}


@pytest.mark.parametrize("assurance", IdentityAssurance)
def test_each_identity_assurance_has_its_own_policy(
    keyring: Keyring, browser_key: Key, assurance: IdentityAssurance
) -> None:
    subject = dataclasses.replace(SUBJECT, assurance=assurance)
    made = keyring.issuing.issue(request_of(browser_key), subject, invitation_id="i", now=NOW)
    policies = x509.load_der_x509_certificate(made.der).extensions.get_extension_for_class(x509.CertificatePolicies)
    assert [p.policy_identifier.dotted_string for p in policies.value] == [assurance.policy]
    assert len({one.policy for one in IdentityAssurance}) == len(IdentityAssurance)


def test_a_refused_request_gets_no_certificate(keyring: Keyring, browser_key: Key) -> None:
    request = request_of(browser_key)
    with pytest.raises(WrongChallenge):
        keyring.issuing.issue(request, SUBJECT, invitation_id="i", now=NOW, expected_challenge=b"other")
    with pytest.raises(NoProofOfPossession):
        keyring.issuing.issue(request.replace(CHALLENGE, CHALLENGE[::-1]), SUBJECT, invitation_id="i", now=NOW)
    with pytest.raises(InvalidSubject, match="invitation"):
        keyring.issuing.issue(request, SUBJECT, invitation_id="", now=NOW)


@pytest.mark.parametrize("days", [-1, 10 * 365 - 3, 4000])
def test_nothing_is_issued_outside_the_authoritys_own_life(keyring: Keyring, browser_key: Key, days: int) -> None:
    with pytest.raises(AuthorityNotValid):
        keyring.issuing.issue(request_of(browser_key), SUBJECT, invitation_id="i", now=NOW + timedelta(days=days))


def test_the_chain_of_an_issued_certificate_ends_below_the_root(keyring: Keyring, issued: IssuedCertificate) -> None:
    assert issued.chain_der == (keyring.issuing_der,)
    assert keyring.root_der not in issued.chain_der


def test_the_issuing_authority_can_make_no_authority_and_no_time_stamps(keyring: Keyring) -> None:
    issuing = keyring.issuing.certificate.extensions
    assert issuing.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    purposes = issuing.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert "1.3.6.1.5.5.7.3.8" not in [oid.dotted_string for oid in purposes]


def test_profiles_are_named_and_only_authorities_may_issue() -> None:
    assert {name for name, profile in PROFILES.items() if profile.is_authority} == {
        "root",
        "issuing_authority",
        "rehearsal_root",
        "rehearsal_authority",
    }
