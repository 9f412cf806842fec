"""Key files: encrypted, readable by their owner only, and every way of being wrong has its own words."""

import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from keys.errors import KeyFileExposed, KeyFileUnreadable
from keys.keyring import Keyring
from keys.passphrases import Secret
from keys.software import encrypted_pkcs8, read_key, write_file
from tests.keys.conftest import Program

PASSPHRASE = Secret(b"0" * 64)


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "seal.key"
    write_file(path, encrypted_pkcs8(ec.generate_private_key(ec.SECP256R1()), PASSPHRASE))
    return path


def test_a_key_file_is_encrypted_for_its_owner_and_comes_back(key_file: Path) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in key_file.read_bytes()
    assert isinstance(read_key(key_file, PASSPHRASE), ec.EllipticCurvePrivateKey)


def test_openssl_opens_the_file_with_the_same_passphrase_only(key_file: Path, openssl: Program) -> None:
    opened = openssl("pkey", "-in", key_file.name, "-passin", "pass:" + "0" * 64, "-noout", "-text")
    assert "prime256v1" in opened.stdout
    assert openssl("pkey", "-in", key_file.name, "-passin", "pass:wrong", "-noout").returncode != 0


def test_a_key_file_is_never_overwritten(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(FileExistsError):
        write_file(key_file, b"other")
    assert key_file.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileExposed, match=f"mode {mode:o}"):
        read_key(key_file, PASSPHRASE)


def test_wrong_passphrase_damage_and_absence_name_the_file_and_not_its_folder(key_file: Path) -> None:
    damaged = key_file.with_name("damaged.key")
    write_file(damaged, key_file.read_bytes()[:-80])
    for path, passphrase in (
        (key_file, Secret(b"1" * 64)),
        (damaged, PASSPHRASE),
        (Path("/nowhere/x.key"), PASSPHRASE),
    ):
        with pytest.raises(KeyFileUnreadable) as refusal:
            read_key(path, passphrase)
        assert path.name in str(refusal.value)
        assert str(path.parent) not in str(refusal.value)


def test_a_file_that_is_not_encrypted_or_holds_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    plain = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    rsa_key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(PASSPHRASE.reveal()),
    )
    for name, content in (("plain.key", plain), ("rsa.key", rsa_key)):
        write_file(tmp_path / name, content)
        with pytest.raises(KeyFileUnreadable):
            read_key(tmp_path / name, PASSPHRASE)


def test_the_seal_signs_with_the_key_in_its_certificate(keyring: Keyring) -> None:
    attributes = b"\x31\x02\x05\x00"
    value = keyring.seal.sign(attributes)
    public = x509.load_der_x509_certificate(keyring.seal.certificate_der).public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(value, attributes, ec.ECDSA(hashes.SHA256()))
    assert len(value) <= 72
    assert repr(keyring.seal) == "<SoftwareSeal>"
