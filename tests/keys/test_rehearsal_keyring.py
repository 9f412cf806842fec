"""The keys of rehearsals: a folder and a root of their own, and certificates that nobody takes for real ones."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from keys.errors import KeyringDamaged, WrongMasterKey
from keys.issuing.authority import IssuedCertificate
from keys.issuing.profiles import REHEARSAL, REHEARSAL_ONLY, REHEARSAL_POLICY, SIGNATORY
from keys.issuing.subjects import SubjectFacts
from keys.keyring import Keyring
from keys.own_certificates import Authorities, accept
from keys.rehearsal_errors import AuthorityMixed, RehearsalKeysRefused
from keys.rehearsal_keyring import RehearsalKeyring
from keys.rehearsals import TITLE, is_rehearsal
from keys.rotation import import_issuing
from tests.factories.case import certification_request

MASTER = b"m" * 32
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rehearsal") / "keys"


@pytest.fixture(scope="module")
def keyring(folder: Path) -> RehearsalKeyring:
    return RehearsalKeyring(folder, MASTER)


def issued(keyring: RehearsalKeyring, name: str = "林志远 Lin Zhiyuan") -> IssuedCertificate:
    request = certification_request(ec.generate_private_key(ec.SECP256R1()), "x")
    return keyring.issue(request, name=name, country="CN", rehearsal_id="reh_0f", now=NOW)


def test_a_certificate_says_what_it_is_to_people_and_to_programs(keyring: RehearsalKeyring) -> None:
    certificate = x509.load_der_x509_certificate(issued(keyring).der)
    (name,) = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == f"{TITLE} · 林志远 Lin Zhiyuan"
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical
    assert [one.dotted_string for one in purposes.value] == [REHEARSAL_ONLY]
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert not usage.content_commitment
    (policy,) = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert policy.policy_identifier.dotted_string == REHEARSAL_POLICY
    assert certificate.not_valid_after_utc - NOW == timedelta(days=1)
    for absent in (x509.CRLDistributionPoints, x509.AuthorityInformationAccess, x509.SubjectAlternativeName):
        with pytest.raises(x509.ExtensionNotFound):
            certificate.extensions.get_extension_for_class(absent)


@pytest.mark.parametrize("purpose", ["smimesign", "sslclient", "sslserver", "timestampsign"])
def test_openssl_takes_it_for_nothing_even_under_a_trusted_root(
    keyring: RehearsalKeyring, folder: Path, tmp_path: Path, purpose: str
) -> None:
    made = x509.load_der_x509_certificate(issued(keyring).der)
    (tmp_path / "leaf.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    at = str(int(NOW.timestamp()) + 60)
    given = ["-CAfile", folder / "root.pem", "-untrusted", folder / "issuing.pem", tmp_path / "leaf.pem"]
    said = subprocess.run(
        ["openssl", "verify", "-attime", at, "-purpose", purpose, *given], capture_output=True, text=True, check=False
    )
    assert said.returncode != 0
    assert "unsuitable certificate purpose" in said.stderr


def test_a_long_name_gives_way_to_the_warning(keyring: RehearsalKeyring) -> None:
    certificate = x509.load_der_x509_certificate(issued(keyring, "A" * 60).der)
    assert [one.value for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)] == [TITLE]


def test_the_folder_holds_one_key_and_the_next_process_opens_it(keyring: RehearsalKeyring, folder: Path) -> None:
    first = issued(keyring)
    assert sorted(one.name for one in folder.iterdir()) == ["issuing.key", "issuing.pem", "rehearsal.json", "root.pem"]
    assert oct((folder / "issuing.key").stat().st_mode)[-3:] == "600"
    again = RehearsalKeyring(folder, MASTER).authority(NOW)
    assert first.chain_der == (again.certificate_der,)
    assert is_rehearsal(again.certificate_der)


def test_another_master_key_and_an_edited_manifest_are_refused(
    keyring: RehearsalKeyring, folder: Path, tmp_path: Path
) -> None:
    keyring.authority(NOW)
    with pytest.raises(WrongMasterKey):
        RehearsalKeyring(folder, b"x" * 32).authority(NOW)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
        (copy / file.name).chmod(0o600)
    manifest = (copy / "rehearsal.json").read_text()
    (copy / "rehearsal.json").write_text(manifest.replace('"format": 1', '"format": 1,\n  "more": 1'))
    with pytest.raises(KeyringDamaged):
        RehearsalKeyring(copy, MASTER).authority(NOW)


def test_each_authority_keeps_to_its_own_kind(keyring: RehearsalKeyring, ready_keys: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    subject = SubjectFacts("Lin Zhiyuan", "SCEA", "lin@example.org", "sig_1", "CN")
    now = datetime.now(UTC)
    with pytest.raises(AuthorityMixed):
        keyring.authority(NOW).issue_for_key(key, subject, SIGNATORY, invitation_id="inv_1", now=NOW)
    with pytest.raises(AuthorityMixed):
        Keyring.open(ready_keys, MASTER).issuing.issue_for_key(key, subject, REHEARSAL, invitation_id="i", now=now)


def test_the_real_keyring_knows_nothing_of_rehearsals(ready_keys: Path) -> None:
    opened = Keyring.open(ready_keys, MASTER)
    known = (*opened.roots_der, *opened.issuers.certificates_der, opened.seal.certificate_der)
    assert not any(is_rehearsal(der) for der in known)


def test_a_certificate_of_a_rehearsal_is_no_own_certificate(keyring: RehearsalKeyring) -> None:
    certificate = issued(keyring)
    with pytest.raises(RehearsalKeysRefused):
        accept(certificate.der, Authorities(others_too=True), NOW)
    trusted = Authorities(roots=(keyring.authority(NOW).certificate_der,))
    with pytest.raises(RehearsalKeysRefused):
        accept(certificate.der, trusted, NOW)


def test_the_authority_of_rehearsals_is_not_imported_as_the_issuing_one(
    keyring: RehearsalKeyring, folder: Path, ready_keys: Path
) -> None:
    keyring.authority(NOW)
    chain = (folder / "issuing.pem").read_bytes() + (folder / "root.pem").read_bytes()
    stolen = keyring.authority(NOW)._key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(RehearsalKeysRefused):
        import_issuing(ready_keys, MASTER, chain_pem=chain, key_pem=stolen, passphrase=None, now=NOW)
