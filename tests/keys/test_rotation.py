"""Rotation and import of the issuing authority: the new one issues, the old one goes on answering; OpenSSL judges."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from keys.errors import AlgorithmNotAllowed, ImportRefused, RootKeyOffline
from keys.issuers import Issuer
from keys.issuing import profiles
from keys.issuing.authority import IssuedCertificate
from keys.issuing.certificates import Content, make_certificate
from keys.issuing.ocsp import Status
from keys.keyring import Keyring
from keys.renewal import renew_certificate
from keys.rotation import import_issuing, rotate_issuing
from tests.keys.conftest import CHALLENGE, MASTER_KEY, NOW, SUBJECT, Program, crl_pem, pem, request_of

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def folder(keyring_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(keyring_folder, tmp_path / "keys"))


def opened(folder: Path) -> Keyring:
    return Keyring.open(folder, MASTER_KEY, clock=lambda: LATER)


def issue(keyring: Keyring) -> IssuedCertificate:
    request = request_of(ec.generate_private_key(ec.SECP256R1()))
    return keyring.issuing.issue(request, SUBJECT, invitation_id="inv_1", now=LATER, expected_challenge=CHALLENGE)


def verdict(openssl: Program, folder: Path, keyring: Keyring, leaf: bytes, revoked: list[tuple[int, str]]) -> str:
    """`openssl verify -crl_check` with every generation's certificate and list at hand."""
    lines = [(serial, LATER, "superseded") for serial, _ in revoked]
    lists = keyring.crls(lines, LATER + timedelta(minutes=1), dict(revoked))
    (folder / "roots.pem").write_bytes(b"".join(pem(root) for root in keyring.roots_der))
    (folder / "chain.pem").write_bytes(b"".join(pem(der) for der in keyring.issuers.certificates_der))
    (folder / "crls.pem").write_bytes(b"".join(crl_pem(crl) for crl in lists))
    (folder / "leaf.pem").write_bytes(pem(leaf))
    at = str(int((LATER + timedelta(minutes=2)).timestamp()))
    result = openssl(
        *("verify", "-x509_strict", "-crl_check", "-purpose", "smimesign", "-attime", at),
        *("-CAfile", "roots.pem", "-untrusted", "chain.pem", "-CRLfile", "crls.pem", "leaf.pem"),
    )
    return result.stdout + result.stderr


def test_after_a_rotation_old_and_new_certificates_verify(folder: Path, tmp_path: Path, openssl: Program) -> None:
    old = issue(opened(folder))
    made = rotate_issuing(folder, MASTER_KEY, NOW)
    after = opened(folder)
    assert made.name == "issuing-2"
    new = issue(after)
    for certificate in (old.der, new.der, after.seal.certificate_der):
        assert verdict(openssl, tmp_path, after, certificate, []).strip() == "leaf.pem: OK"
    assert after.issuing.certificate.subject != opened(folder).issuers.all[0].certificate.subject
    points = x509.load_der_x509_certificate(new.der).extensions.get_extension_for_class(x509.CRLDistributionPoints)
    assert points.value[0].full_name[0].value.endswith("/pki/issuing-2.crl")


def test_the_old_authority_goes_on_listing_what_it_revoked(folder: Path, tmp_path: Path, openssl: Program) -> None:
    old = issue(opened(folder))
    rotate_issuing(folder, MASTER_KEY, NOW)
    after = opened(folder)
    assert "certificate revoked" in verdict(openssl, tmp_path, after, old.der, [(old.serial, "issuing")])
    newest, first, _root = (
        x509.load_der_x509_crl(der)
        for der in after.crls([(old.serial, LATER, "superseded")], LATER, {old.serial: "issuing"})
    )
    assert len(list(newest)) == 0
    assert [line.serial_number for line in first] == [old.serial]


def test_each_generation_answers_in_its_own_name(folder: Path, tmp_path: Path, openssl: Program) -> None:
    old = issue(opened(folder))
    rotate_issuing(folder, MASTER_KEY, NOW)
    after = opened(folder)
    first, second = after.issuers.all
    assert after.issuers.of(old.der) is first
    for issuer, serial in ((first, old.serial), (second, issue(after).serial)):
        assert "Response verify OK" in _asked(openssl, tmp_path, after, issuer, serial)


def _asked(openssl: Program, folder: Path, keyring: Keyring, issuer: Issuer, serial: int) -> str:
    answer = issuer.responder(LATER).answer(Status(serial), "sha1", LATER)
    (folder / "answer.der").write_bytes(answer.der)
    (folder / "issuer.pem").write_bytes(pem(issuer.authority.certificate_der))
    (folder / "roots.pem").write_bytes(keyring.root_pem)
    result = openssl(
        *("ocsp", "-respin", "answer.der", "-issuer", "issuer.pem", "-serial", str(serial), "-no_nonce"),
        *("-CAfile", "roots.pem", "-verify_other", "issuer.pem", "-attime", str(int(LATER.timestamp()) + 60)),
        *("-validity_period", "1000000000"),
    )
    return result.stdout + result.stderr


def test_without_the_root_key_there_is_no_rotation(folder: Path) -> None:
    (folder / "root.key").unlink()
    with pytest.raises(RootKeyOffline):
        rotate_issuing(folder, MASTER_KEY, NOW)
    assert len(opened(folder).issuers.all) == 1


def test_the_seal_and_the_newest_authority_can_be_renewed_after_a_rotation(folder: Path) -> None:
    rotate_issuing(folder, MASTER_KEY, NOW)
    key = opened(folder).issuing.certificate.public_key()
    renew_certificate(folder, MASTER_KEY, "issuing", LATER)
    renew_certificate(folder, MASTER_KEY, "seal", LATER)
    after = opened(folder)
    assert after.issuing.certificate.public_key() == key
    assert after.issuers.of(after.seal.certificate_der) is after.issuers.current


def test_a_certificate_that_names_a_machine_is_worthless(folder: Path, tmp_path: Path, openssl: Program) -> None:
    """Who steals the issuing key cannot certify a web server that a reader accepts."""
    after = opened(folder)
    stolen = after.issuers.current.key
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(after.issuing.certificate.subject)
    builder = (
        builder.public_key(stolen.public_key())
        .serial_number(9)
        .not_valid_before(NOW)
        .not_valid_after(NOW + timedelta(days=2))
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("bank.example")]), critical=True)
    forged = builder.sign(stolen, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    assert "excluded subtree violation" in verdict(openssl, tmp_path, after, forged, [])


class Elsewhere:
    """An authority that exists already, with a root of its own."""

    def __init__(self, key: object = None) -> None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        self.key = key or ec.generate_private_key(ec.SECP256R1())
        root = Content(_name("Old root"), root_key.public_key())
        self.root = make_certificate(profiles.ROOT, root, issuer=None, issuer_key=root_key, now=NOW)
        issuing = Content(_name("Old issuing authority"), self.key.public_key())
        self.issuing = make_certificate(
            profiles.ISSUING_AUTHORITY, issuing, issuer=self.root, issuer_key=root_key, now=NOW
        )
        self.chain = [self.issuing, self.root]

    def chain_pem(self) -> bytes:
        return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in self.chain)

    def key_pem(self, passphrase: bytes | None = None) -> bytes:
        encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    def given(self, folder: Path, **changes: object) -> object:
        arguments = {"chain_pem": self.chain_pem(), "key_pem": self.key_pem(), "passphrase": None, "now": LATER}
        return import_issuing(folder, MASTER_KEY, **(arguments | changes))  # type: ignore[arg-type]


def _name(text: str) -> x509.Name:
    return x509.Name.from_rfc4514_string(f"CN={text},O=Existing Authority,C=FI")


def test_an_imported_authority_issues_and_is_trusted(folder: Path, tmp_path: Path, openssl: Program) -> None:
    elsewhere = Elsewhere()
    elsewhere.given(folder, key_pem=elsewhere.key_pem(b"secret"), passphrase=b"secret")
    after = opened(folder)
    assert after.issuing.certificate == elsewhere.issuing
    for certificate in (issue(after).der, after.seal.certificate_der):
        assert verdict(openssl, tmp_path, after, certificate, []).strip() == "leaf.pem: OK"
    assert len(after.roots_der) == 2


def test_what_cannot_be_imported_is_said_and_changes_nothing(folder: Path) -> None:
    elsewhere, other = Elsewhere(), Elsewhere()
    cases: list[tuple[str, dict[str, object]]] = [
        ("the key does not belong", {"key_pem": other.key_pem()}),
        ("its passphrase is needed", {"key_pem": elsewhere.key_pem(b"secret")}),
        ("the key is not encrypted", {"passphrase": b"secret"}),
        ("the passphrase may be wrong", {"key_pem": elsewhere.key_pem(b"secret"), "passphrase": b"other"}),
        ("not PEM", {"chain_pem": b"rubbish"}),
        ("first and the root last", {"chain_pem": elsewhere.issuing.public_bytes(serialization.Encoding.PEM)}),
        ("not by the next one", {"chain_pem": elsewhere.chain_pem()[: elsewhere.chain_pem().rindex(b"-----BEGIN")]
            + other.root.public_bytes(serialization.Encoding.PEM)}),
        ("not valid now", {"now": NOW + timedelta(days=4000)}),
    ]  # fmt: skip
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for words, changes in cases:
        with pytest.raises(ImportRefused, match=words):
            elsewhere.given(folder, **changes)
    with pytest.raises(AlgorithmNotAllowed):
        elsewhere.given(folder, key_pem=_rsa_pem())
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def _rsa_pem() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
