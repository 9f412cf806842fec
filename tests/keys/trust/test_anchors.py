"""Anchors are read from PEM and DER, per purpose, and what holds none is refused by name."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.errors import AnchorUnreadable
from keys.keyring import Keyring
from keys.trust.anchors import MAXIMUM_BYTES, TrustAnchors, certificates_in
from tests.keys.conftest import pem


def test_pem_der_and_files_give_the_same_anchor(keyring: Keyring, tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(b"# a comment before it\n" + keyring.root_pem)
    for source in (keyring.root_pem, keyring.root_der, path):
        assert TrustAnchors.from_pem(source).signing == (keyring.root_der,)


def test_many_certificates_in_one_text_are_all_read_once(keyring: Keyring) -> None:
    both = keyring.root_pem + pem(keyring.issuing_der) + keyring.root_pem
    assert TrustAnchors.from_pem(both).signing == (keyring.root_der, keyring.issuing_der)
    assert TrustAnchors.from_pem([keyring.root_pem, keyring.issuing_der]).signing == (
        keyring.root_der,
        keyring.issuing_der,
    )


def test_a_purpose_can_have_its_own_anchors(keyring: Keyring) -> None:
    apart = TrustAnchors.from_pem(signing=keyring.root_pem, timestamping=keyring.issuing_der)
    assert apart.signing == (keyring.root_der,)
    assert apart.timestamping == (keyring.issuing_der,)
    assert TrustAnchors.from_pem(keyring.root_pem).timestamping == (keyring.root_der,)
    assert TrustAnchors.from_pem(keyring.root_pem, timestamping=()).timestamping == ()


def test_two_sets_are_put_together_without_doubles(keyring: Keyring) -> None:
    root, issuing = TrustAnchors.from_pem(keyring.root_pem), TrustAnchors.from_pem(keyring.issuing_der)
    both = root.and_also(issuing).and_also(root)
    assert both.signing == (keyring.root_der, keyring.issuing_der)
    assert len(both.fingerprints()) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        b"\x30\x03\x02\x01\x01",
    ],
)
def test_what_holds_no_certificate_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "partners.pem"
    path.write_bytes(content)
    with pytest.raises(AnchorUnreadable, match=r"partners\.pem"):
        certificates_in(path)


def test_a_private_key_among_the_anchors_is_pointed_out(keyring: Keyring) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(AnchorUnreadable, match="private key"):
        TrustAnchors.from_pem(keyring.root_pem + key)


def test_a_missing_or_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnchorUnreadable, match="cannot be opened"):
        certificates_in(tmp_path / "none.pem")
    huge = tmp_path / "huge.pem"
    with huge.open("wb") as file:
        file.truncate(MAXIMUM_BYTES + 1)
    with pytest.raises(AnchorUnreadable, match="too long"):
        certificates_in(huge)
    with pytest.raises(AnchorUnreadable, match="too long"):
        certificates_in(b"\0" * (MAXIMUM_BYTES + 1))
