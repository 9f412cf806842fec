"""What a passkey must have confirmed to count, each refusal by name, and the file that an outsider checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from keys import passkey_errors as refused
from keys.passkey_evidence import PasskeyEvidence
from keys.passkey_registration import accept_registration, creation_options
from keys.passkeys import Assertion, Site, challenge_for, check_assertion, site_of, to_base64url
from tests.factories.authenticator import PRESENT, SITE, VERIFIED, Authenticator

ATTRIBUTES = b"\x31\x04\x30\x02\x05\x00"
OTHER = b"\x31\x04\x30\x02\x05\x01"


@pytest.fixture
def device() -> Authenticator:
    return Authenticator(count=7)


def test_a_confirmation_of_these_attributes_counts_up(device: Authenticator) -> None:
    assert check_assertion(device.passkey, device.confirm(ATTRIBUTES), ATTRIBUTES, SITE) == 8


def test_an_authenticator_without_counter_says_zero_for_ever() -> None:
    device = Authenticator(count=0)
    assert check_assertion(device.passkey, device.confirm(ATTRIBUTES, count=0), ATTRIBUTES, SITE) == 0


def test_an_authenticator_with_an_rsa_key_counts_too(device: Authenticator) -> None:
    key = rsa.generate_private_key(65537, 2048)
    answer = device.confirm(ATTRIBUTES)
    signed = answer.authenticator_data + sha256(answer.client_data_json).digest()
    answer = replace(answer, signature=key.sign(signed, padding.PKCS1v15(), hashes.SHA256()))
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert check_assertion(replace(device.passkey, public_key_der=der, sign_count=1), answer, ATTRIBUTES, SITE) == 8


LIES: dict[str, tuple[dict[str, object], type[refused.PasskeyRefused]]] = {
    "wrong origin": ({"origin": "https://sign.example.com"}, refused.PasskeyOtherOrigin),
    "another port": ({"origin": "https://sign.example.org:8443"}, refused.PasskeyOtherOrigin),
    "a frame of another page": ({"more": {"crossOrigin": True}}, refused.PasskeyOtherOrigin),
    "wrong rpId": ({"rp_id": "example.org"}, refused.PasskeyOtherSite),
    "nobody there": ({"flags": VERIFIED}, refused.PasskeyUserAbsent),
    "nobody verified": ({"flags": PRESENT}, refused.PasskeyUserUnverified),
    "the counter stands still": ({"count": 7}, refused.PasskeyCounterBack),
    "the counter goes back": ({"count": 6}, refused.PasskeyCounterBack),
    "the counter goes to zero": ({"count": 0}, refused.PasskeyCounterBack),
    "a registration instead": ({"type": "webauthn.create"}, refused.PasskeyOtherContent),
}


@pytest.mark.parametrize("lie", LIES)
def test_each_lie_is_refused_by_name(device: Authenticator, lie: str) -> None:
    facts, kind = LIES[lie]
    remembered = device.passkey
    with pytest.raises(kind) as caught:
        check_assertion(remembered, device.confirm(ATTRIBUTES, **facts), ATTRIBUTES, SITE)
    assert type(caught.value) is kind


def test_a_confirmation_of_other_attributes_is_refused(device: Authenticator) -> None:
    remembered = device.passkey
    with pytest.raises(refused.PasskeyOtherContent):
        check_assertion(remembered, device.confirm(OTHER), ATTRIBUTES, SITE)


def test_another_persons_passkey_is_refused(device: Authenticator) -> None:
    with pytest.raises(refused.PasskeyOfAnother):
        check_assertion(device.passkey, Authenticator().confirm(ATTRIBUTES), ATTRIBUTES, SITE)


def test_another_key_under_the_same_name_is_refused(device: Authenticator) -> None:
    forger = Authenticator(credential_id=device.credential_id, count=7)
    with pytest.raises(refused.PasskeyWrongValue):
        check_assertion(device.passkey, forger.confirm(ATTRIBUTES), ATTRIBUTES, SITE)


TOUCHED: dict[str, Callable[[Assertion], Assertion]] = {
    "data": lambda a: replace(a, authenticator_data=a.authenticator_data[:33] + b"\0\0\1\0"),
    "client": lambda a: replace(a, client_data_json=a.client_data_json.replace(b"}", b',"x":1}')),
    "value": lambda a: replace(a, signature=a.signature[:-1] + bytes([a.signature[-1] ^ 1])),
}


@pytest.mark.parametrize("part", TOUCHED)
def test_no_part_may_be_touched(device: Authenticator, part: str) -> None:
    remembered, answer = device.passkey, device.confirm(ATTRIBUTES)
    with pytest.raises(refused.PasskeyWrongValue):
        check_assertion(remembered, TOUCHED[part](answer), ATTRIBUTES, SITE)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_what_is_no_answer_is_refused_and_never_breaks(data: bytes, client: bytes) -> None:
    device = Authenticator()
    with pytest.raises(refused.PasskeyRefused):
        check_assertion(device.passkey, Assertion(device.credential_id, data, client, b""), ATTRIBUTES, SITE)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://sign.example.org", Site("sign.example.org", "https://sign.example.org")),
        ("https://sign.example.org:443", Site("sign.example.org", "https://sign.example.org")),
        ("https://sign.example.org:8443", Site("sign.example.org", "https://sign.example.org:8443")),
        ("http://localhost:5000", Site("localhost", "http://localhost:5000")),
        ("http://127.0.0.1:8000", None),
        ("https://[::1]:8000", None),
        ("http://sign.example.org", None),
    ],
)
def test_where_passkeys_belong(address: str, expected: Site | None) -> None:
    assert site_of(address) == expected


def test_a_passkey_is_set_up_with_user_verification_required() -> None:
    options = creation_options(SITE, challenge=b"c" * 32, user_id=b"sig_1", name="lin", display_name="Lin Zhiyuan")
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["challenge"] == to_base64url(b"c" * 32)


def test_a_new_passkey_is_accepted_with_what_it_is(device: Authenticator) -> None:
    attestation, client = device.register(b"c" * 32)
    made = accept_registration(device.credential_id, attestation, client, challenge=b"c" * 32, site=SITE)
    assert made.public_key_der == device.passkey.public_key_der
    assert (made.algorithm, made.sign_count, made.attestation_format) == ("ES256", 7, "none")


def test_a_new_passkey_that_is_not_ours_is_refused_by_name(device: Authenticator) -> None:
    cases: list[tuple[type[refused.PasskeyRefused], Authenticator, bytes, int]] = [
        (refused.PasskeyOtherContent, device, b"d" * 32, PRESENT | VERIFIED),
        (refused.PasskeyUserUnverified, device, b"c" * 32, PRESENT),
        (refused.PasskeyOtherOrigin, replace(device, site=Site(SITE.rp_id, "https://evil.org")), b"c" * 32, 5),
        (refused.PasskeyOtherSite, replace(device, site=Site("evil.org", SITE.origin)), b"c" * 32, 5),
    ]
    for kind, other, challenge, flags in cases:
        attestation, client = other.register(challenge, flags)
        with pytest.raises(kind):
            accept_registration(other.credential_id, attestation, client, challenge=b"c" * 32, site=SITE)
    attestation, client = device.register(b"c" * 32)
    with pytest.raises(refused.PasskeyRegistrationRefused):
        accept_registration(b"another", attestation, client, challenge=b"c" * 32, site=SITE)
    with pytest.raises(refused.PasskeyRefused):
        accept_registration(device.credential_id, attestation[:-9], client, challenge=b"c" * 32, site=SITE)


def evidence_of(device: Authenticator, attributes: bytes) -> PasskeyEvidence:
    before, (attestation, client) = device.passkey, device.register(b"c" * 32)
    answer = device.confirm(attributes)
    return PasskeyEvidence(
        field="Signature1",
        rp_id=SITE.rp_id,
        origin=SITE.origin,
        credential_id=answer.credential_id,
        public_key_der=before.public_key_der,
        sign_count_before=before.sign_count,
        authenticator_data=answer.authenticator_data,
        client_data_json=answer.client_data_json,
        signature=answer.signature,
        signed_attributes=attributes,
        registered_at="2026-11-26T10:00:00Z",
        registration_authenticator="00000000-0000-0000-0000-000000000000",
        registration_attestation=attestation,
        registration_client_data_json=client,
    )


def test_the_file_of_a_confirmation_is_checked_without_us(device: Authenticator) -> None:
    read = PasskeyEvidence.from_json(evidence_of(device, ATTRIBUTES).to_json())
    assert read.check(ATTRIBUTES) == 8
    with pytest.raises(refused.PasskeyOtherContent):
        read.check(OTHER)
    assert challenge_for(ATTRIBUTES) == sha256(read.signed_attributes).digest()


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b'{"schema":"signing-service/passkey/1"}', b"\xff"])
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(refused.PasskeyUnreadable):
        PasskeyEvidence.from_json(content)
