"""What cannot be signed is refused by name before anybody is asked to sign."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from signing_service.pades import errors
from signing_service.pades.prepare import prepare
from tests.signing_service.pades.factory import (
    FIELD_A,
    FIELD_B,
    NOW,
    document,
    prepared,
    sealed,
    signatory,
    signed,
    stranger,
)


def _with_certificate(certificate_der: bytes) -> None:
    prepare(document(), field_name=FIELD_A, certificate_der=certificate_der, at=NOW)


def test_a_field_that_the_document_does_not_have() -> None:
    with pytest.raises(errors.UnknownField) as caught:
        prepared(sealed(), signatory(), "Signatory_party_z_9")
    assert caught.value.code == "signature.unknown_field"
    assert "Signatory_party_z_9" in str(caught.value)


def test_no_field_is_ever_added() -> None:
    attempt = prepared(sealed(), signatory())
    assert attempt.tail.count(b"/FT /Sig") == 1


def test_a_field_that_is_signed_already() -> None:
    once = signed(sealed(), signatory())
    with pytest.raises(errors.FieldAlreadySigned):
        prepared(once, signatory())


def test_a_seal_that_does_not_come_first() -> None:
    once = signed(document(), signatory())
    with pytest.raises(errors.NotFirstSignature):
        prepared(once, signatory(), FIELD_B, certify=True)


@pytest.mark.parametrize(
    "base",
    [
        b"",
        b"Dear reader,\nstartxref\n0\n%%EOF\n",
        document().replace(b"xref\n0 8", b"xref\n0 7"),
        document().replace(b"/Root 1 0 R", b"/Root 9 0 R"),
        document().replace(b"/Pages 2 0 R", b"/Pages 2 0 Q"),
        document().replace(b"/Fields", b"/Fxelds"),
    ],
    ids=["empty", "text", "short table", "no root", "broken reference", "no fields"],
)
def test_a_base_that_cannot_be_read(base: bytes) -> None:
    with pytest.raises((errors.UnreadableDocument, errors.TrailingBytes, errors.UnknownField)):
        prepared(base, signatory())


@pytest.mark.parametrize("trailing", [b"x", b"\n\n", b"<!-- hidden -->\n", b"%%EOF\n", b"\x00", b"startxref\n%%EOF\n"])
def test_a_base_with_bytes_after_its_end(trailing: bytes) -> None:
    with pytest.raises(errors.TrailingBytes):
        prepared(sealed() + trailing, signatory())


def test_a_base_that_was_cut_short() -> None:
    with pytest.raises(errors.TrailingBytes):
        prepared(sealed()[:-3], signatory())


def test_a_certificate_that_has_ended() -> None:
    with pytest.raises(errors.UnusableCertificate, match="not valid at this time"):
        _with_certificate(stranger(ec.generate_private_key(ec.SECP256R1()), begins=NOW - timedelta(days=9), days=8))


def test_a_certificate_that_has_not_begun() -> None:
    with pytest.raises(errors.UnusableCertificate):
        _with_certificate(stranger(ec.generate_private_key(ec.SECP256R1()), begins=NOW + timedelta(days=1)))


def test_a_certificate_for_something_else_than_signing() -> None:
    with pytest.raises(errors.UnusableCertificate, match="key usage"):
        _with_certificate(stranger(ec.generate_private_key(ec.SECP256R1()), may_sign=False))


def test_bytes_that_are_no_certificate() -> None:
    with pytest.raises(errors.UnusableCertificate):
        _with_certificate(b"\x30\x03\x02\x01\x01")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (ec.generate_private_key(ec.SECP256K1()), "secp256k1"),
        (rsa.generate_private_key(public_exponent=65537, key_size=1024), "RSA 1024"),
    ],
    ids=["secp256k1", "RSA-1024"],
)
def test_a_key_of_another_kind(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, kind: str) -> None:
    with pytest.raises(errors.UnsupportedKey, match=kind):
        _with_certificate(stranger(key))


def test_the_base_is_not_changed_by_preparing() -> None:
    base = sealed()
    attempt = prepared(base, signatory())
    assert attempt.pdf.startswith(base)
    assert attempt.pdf == base + attempt.tail
    assert attempt.base_length == len(base)


def test_preparing_twice_gives_two_different_attempts_that_both_wait() -> None:
    base, holder = sealed(), signatory()
    one = prepared(base, holder)
    other = prepared(base, holder, at=NOW + timedelta(seconds=1))
    assert one.document_digest != other.document_digest
    assert one.base_sha256 == other.base_sha256
