"""Only what stands in the table is accepted, and a refusal says what it was and why."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from keys.algorithms import TABLE, describe_spki, p256_from_spki, reason_for, require_p256, spki_of
from keys.errors import AlgorithmNotAllowed

OTHERS = {
    "ECDSA P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ECDSA P-521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "RSA 2048": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


def test_every_line_of_the_table_gives_its_reason() -> None:
    assert all(line.reason for line in TABLE)
    assert [line.name for line in TABLE if "sign" in line.use] == ["ECDSA P-256 with SHA-256", "SHA-256"]


@pytest.mark.parametrize("name", OTHERS)
def test_another_key_is_refused_by_name_and_with_a_reason(name: str) -> None:
    public = OTHERS[name]().public_key()
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    for refuse in (lambda: p256_from_spki(spki), lambda: require_p256(public)):
        with pytest.raises(AlgorithmNotAllowed) as refusal:
            refuse()
        assert name in str(refusal.value)
        assert refusal.value.params["reason"] == reason_for(name)


def test_a_p256_key_is_accepted_and_comes_back_unchanged() -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert p256_from_spki(spki_of(public)).public_numbers() == public.public_numbers()
    assert describe_spki(spki_of(public)) == "ECDSA P-256"


def test_bytes_that_are_no_key_are_refused() -> None:
    for junk in (b"", b"\x30\x00", b"junk" * 20):
        with pytest.raises(AlgorithmNotAllowed):
            p256_from_spki(junk)
    with pytest.raises(AlgorithmNotAllowed):
        require_p256("a key")
