"""Keys in a hardware module: what they sign holds for others, and each way of not having them has its own name."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp

from keys import holder_errors as errors
from keys.errors import AlgorithmNotAllowed, InvalidSubject
from keys.passphrases import Secret
from keys.pkcs11 import HardwareEcKey, HardwareKey, HardwareSeal
from keys.pkcs11_ceremony import KeyKind, SealSubject, certificate_request, create_key, store_certificate
from keys.pkcs11_token import Token
from tests.factories.foreign_authority import ForeignAuthority
from tests.factories.tokens import NewToken, SoftHsm

SUBJECT = SealSubject("JZFZ Architectural Design Co. Ltd. 基准方中", "CN", "Seal of JZFZ", "NTRCN-91510100")
SIGNED = b"\x31\x03abc"


@pytest.fixture(scope="module")
def token(soft_hsm: SoftHsm) -> NewToken:
    """One token with a key of each kind."""
    made = soft_hsm.new_token("both kinds")
    opened = made.open()
    create_key(opened, "p256", KeyKind.P256)
    create_key(opened, "p384", KeyKind.P384)
    create_key(opened, "rsa", KeyKind.RSA3072)
    return made


@pytest.mark.parametrize(("label", "bits"), [("p256", 256), ("p384", 384)])
def test_a_key_on_a_curve_signs_for_everybody(token: NewToken, label: str, bits: int) -> None:
    key = HardwareKey(token.open(), label)
    assert isinstance(key.public_key, ec.EllipticCurvePublicKey)
    assert key.public_key.key_size == bits
    key.public_key.verify(key.sign(SIGNED), SIGNED, ec.ECDSA(hashes.SHA256()))


def test_an_rsa_key_signs_for_everybody(token: NewToken) -> None:
    key = HardwareKey(token.open(), "rsa")
    assert isinstance(key.public_key, rsa.RSAPublicKey)
    key.public_key.verify(key.sign(SIGNED), SIGNED, padding.PKCS1v15(), hashes.SHA256())


def test_a_private_key_does_not_leave_the_token(token: NewToken) -> None:
    opened = token.open()
    for label in ("p256", "rsa"):
        found = opened.use(lambda s, label=label: opened.find(s, label, pkcs11.ObjectClass.PRIVATE_KEY))
        assert found[pkcs11.Attribute.SENSITIVE] is True
        assert found[pkcs11.Attribute.EXTRACTABLE] is False
        assert found[pkcs11.Attribute.NEVER_EXTRACTABLE] is True
    key = HardwareEcKey(HardwareKey(opened, "p256"))
    with pytest.raises(AlgorithmNotAllowed):
        key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def test_our_own_certificates_are_not_issued_with_p384(token: NewToken) -> None:
    with pytest.raises(AlgorithmNotAllowed, match="issued with P-256"):
        HardwareEcKey(HardwareKey(token.open(), "p384"))


@pytest.mark.parametrize("label", ["p256", "p384", "rsa"])
def test_a_request_goes_to_any_authority_and_its_certificate_comes_beside_the_key(
    soft_hsm: SoftHsm, label: str, token: NewToken
) -> None:
    key = HardwareKey(token.open(), label)
    request = x509.load_pem_x509_csr(certificate_request(key, SUBJECT))
    assert request.is_signature_valid
    assert request.public_key() == key.public_key
    assert SUBJECT.organisation in [a.value for a in request.subject]
    with pytest.raises(errors.HardwareCertificateAbsent):
        key.certificate()
    mine = ForeignAuthority("A trust service").issue(key.public_key, SUBJECT.common_name, SUBJECT.organisation)
    store_certificate(key, mine)
    store_certificate(key, mine)
    der = mine.public_bytes(serialization.Encoding.DER)
    assert HardwareKey(token.open(), label).certificates() == (der,)
    seal = HardwareSeal(key, key.certificate(), ())
    assert len(seal.sign(SIGNED)) > 60


def test_a_certificate_of_another_key_is_refused(token: NewToken) -> None:
    key = HardwareKey(token.open(), "p256")
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    foreign = ForeignAuthority("A trust service").issue(other, "Another", "Another organisation")
    with pytest.raises(errors.HardwareCertificateDiffers):
        store_certificate(key, foreign)
    with pytest.raises(errors.HardwareCertificateDiffers):
        HardwareSeal(key, foreign.public_bytes(serialization.Encoding.DER), ())


def test_a_missing_module(tmp_path: Path) -> None:
    token = Token(tmp_path / "nothing.so", "any", lambda: Secret(b"1"))
    with pytest.raises(errors.ModuleMissing, match=r"nothing\.so") as caught:
        HardwareKey(token, "p256")
    assert str(tmp_path) not in str(caught.value)


def test_an_absent_token(soft_hsm: SoftHsm) -> None:
    with pytest.raises(errors.TokenAbsent, match="never made"):
        HardwareKey(Token(soft_hsm.module, "never made", lambda: Secret(b"1")), "p256")


def test_an_absent_key(token: NewToken) -> None:
    with pytest.raises(errors.HardwareKeyAbsent, match="no such"):
        HardwareKey(token.open(), "no such")


def test_a_label_is_given_once(token: NewToken) -> None:
    with pytest.raises(errors.HardwareKeyExists):
        create_key(token.open(), "p256", KeyKind.P256)
    with pytest.raises(InvalidSubject):
        create_key(token.open(), "", KeyKind.P256)


def test_two_keys_of_one_label_are_never_chosen_between(soft_hsm: SoftHsm) -> None:
    opened = soft_hsm.new_token("twins").open()
    for _ in range(2):
        opened.use(lambda s: s.generate_keypair(pkcs11.KeyType.RSA, 1024, store=True, label="twin"))
    with pytest.raises(errors.HardwareKeyAmbiguous):
        HardwareKey(opened, "twin")


def test_a_short_rsa_key_is_refused(soft_hsm: SoftHsm) -> None:
    opened = soft_hsm.new_token("short").open()
    opened.use(lambda s: s.generate_keypair(pkcs11.KeyType.RSA, 1024, store=True, label="short"))
    with pytest.raises(AlgorithmNotAllowed, match="RSA 1024"):
        HardwareKey(opened, "short")


def test_a_mechanism_that_the_token_does_not_offer(token: NewToken) -> None:
    opened = token.open()
    with pytest.raises(errors.MechanismUnsupported, match="CKM_ECDSA_SHA256"):
        opened.use(lambda s: opened.require(s, pkcs11.Mechanism.ECDSA_SHA256))
    with pytest.raises(errors.MechanismUnsupported):
        opened.sign("p256", b"x", pkcs11.Mechanism.ECDSA_SHA256)


def test_a_wrong_pin_is_tried_once_and_a_new_one_at_once(soft_hsm: SoftHsm) -> None:
    made = soft_hsm.new_token("pins")
    made.open().use(lambda s: None)
    pkcs11.lib(str(soft_hsm.module)).reinitialize()  # nobody is logged in
    asked: list[bytes] = []
    pins = [b"00000000"]

    def pin() -> Secret:
        asked.append(pins[-1])
        return Secret(pins[-1])

    token = Token(made.module, made.label, pin)
    for _ in range(20):
        with pytest.raises(errors.TokenPinWrong) as caught:
            create_key(token, "k", KeyKind.P256)
        assert "00000000" not in str(caught.value)
    pins.append(made.pin.encode())
    assert create_key(token, "k", KeyKind.P256).sign(SIGNED)


def test_no_pin_at_all(token: NewToken) -> None:
    with pytest.raises(errors.TokenPinMissing):
        HardwareKey(token.open(pin=""), "p256")


def test_a_session_that_was_lost_comes_back(token: NewToken) -> None:
    opened = token.open()
    key = HardwareKey(opened, "p256")
    key.sign(SIGNED)
    pkcs11.lib(str(token.module)).reinitialize()  # what a module does when its device was unplugged
    assert key.sign(SIGNED)


def test_a_token_that_is_taken_out_and_put_back(soft_hsm: SoftHsm) -> None:
    made = soft_hsm.new_token("coming and going")
    key = create_key(made.open(), "k", KeyKind.P256)
    away = soft_hsm.folder / "away"
    shutil.move(soft_hsm.folder / "tokens", away)
    (soft_hsm.folder / "tokens").mkdir()
    pkcs11.lib(str(soft_hsm.module)).reinitialize()
    try:
        with pytest.raises(errors.TokenAbsent):
            key.sign(SIGNED)
    finally:
        shutil.rmtree(soft_hsm.folder / "tokens")
        shutil.move(away, soft_hsm.folder / "tokens")
    assert key.sign(SIGNED)


def test_threads_share_one_token(token: NewToken) -> None:
    key = HardwareKey(token.open(), "p256")
    values: list[bytes] = []
    threads = [threading.Thread(target=lambda: values.append(key.sign(SIGNED))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(values)) == 8


def test_a_process_that_was_forked_signs_for_itself(token: NewToken) -> None:
    key = HardwareKey(token.open(), "p256")
    key.sign(SIGNED)
    child = os.fork()
    if child == 0:
        try:
            key.sign(SIGNED)
            os._exit(0)
        except BaseException:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert key.sign(SIGNED)


def test_nothing_shows_the_pin(token: NewToken) -> None:
    opened = token.open()
    key = HardwareKey(opened, "p256")
    shown: list[Callable[[], str]] = [lambda: repr(opened), lambda: repr(key), lambda: repr(vars(opened))]
    assert all(token.pin not in show() for show in shown)


def test_the_authority_answers_and_lists_with_a_key_in_the_token(token: NewToken) -> None:
    """Certificates, revocation lists and OCSP answers: whatever `cryptography` builds."""
    key = HardwareEcKey(HardwareKey(token.open(), "p256"))
    authority = ForeignAuthority("Any")
    one = authority.issue(key.public_key(), "Someone", "Somewhere")
    now = one.not_valid_before_utc
    answer = (
        ocsp.OCSPResponseBuilder()
        .add_response(one, authority.issuing, hashes.SHA1(), ocsp.OCSPCertStatus.GOOD, now, now, None, None)
        .responder_id(ocsp.OCSPResponderEncoding.NAME, one)
        .sign(key, hashes.SHA256())
    )
    key.public_key().verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(hashes.SHA256()))
    builder = x509.CertificateRevocationListBuilder().issuer_name(one.subject).last_update(now)
    listed = builder.next_update(now + timedelta(days=1)).sign(key, hashes.SHA256())
    assert listed.is_signature_valid(key.public_key())
