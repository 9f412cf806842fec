"""A provider in another process, over TLS: its signatures hold for everybody, its refusals have names."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from keys import holder_errors as errors
from keys.csc_answers import credential_of
from keys.csc_http import MAXIMUM_ANSWER_BYTES, CscHttp
from keys.holders import SecretPlace
from keys.passphrases import Secret
from keys.remote_csc import Authorisation, CscProvider
from tests.factories.providers import RunningProvider
from tests.peers.csc_people import PEOPLE

MATTI, ANNA = PEOPLE
SIGNED = b"\x31\x03abc"


def typed(pin: str, otp: str = "") -> Authorisation:
    return Authorisation(Secret(pin.encode()), Secret(otp.encode()))


@pytest.fixture
def provider(csc: RunningProvider) -> RunningProvider:
    csc.behave()
    return csc


@pytest.fixture(params=[1, 2], ids=["v1", "v2"])
def client(request: pytest.FixtureRequest, provider: RunningProvider) -> CscProvider:
    return provider.client(request.param)


def test_what_the_provider_says_of_itself(client: CscProvider) -> None:
    assert "signatures/signHash" in client.info()["methods"]


def test_the_credentials_of_a_person_and_of_nobody_else(client: CscProvider) -> None:
    assert client.credentials(MATTI.account) == ("matti-ec", "matti-rsa")
    with pytest.raises(errors.ProviderRefused):
        client.credentials("nobody@example.org")


@pytest.mark.parametrize("credential", ["matti-ec", "matti-rsa"])
def test_a_signature_that_holds_for_everybody(client: CscProvider, credential: str) -> None:
    found = client.credential(credential)
    value = client.sign(credential, found.certificate_der, SIGNED, typed(MATTI.pin))
    key = x509.load_der_x509_certificate(found.certificate_der).public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(value, SIGNED, padding.PKCS1v15(), hashes.SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        key.verify(value, SIGNED, ec.ECDSA(hashes.SHA256()))
    assert len(found.chain_der) == 1  # the issuing authority; a root is not carried
    assert found.wants == ("PIN",)


def test_a_one_time_password_that_the_provider_sends(client: CscProvider) -> None:
    found = client.credential("anna-ec")
    assert (found.wants, found.sends) == (("PIN", "OTP"), True)
    with pytest.raises(errors.ProviderRefused, match="one-time password"):
        client.sign("anna-ec", found.certificate_der, SIGNED, typed(ANNA.pin, ANNA.otp))
    client.send_otp("anna-ec")
    assert client.sign("anna-ec", found.certificate_der, SIGNED, typed(ANNA.pin, ANNA.otp))


def test_a_wrong_pin_is_refused_by_name_and_sent_once(
    client: CscProvider, provider: RunningProvider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    before = provider.wrong_pins()
    found = client.credential("matti-ec")
    with pytest.raises(errors.ProviderRefused, match="wrong PIN") as caught:
        client.sign("matti-ec", found.certificate_der, SIGNED, typed("13371337"))
    assert provider.wrong_pins() == before + 1
    assert "13371337" not in caplog.text + str(caught.value) + repr(typed("13371337"))
    assert "text of the provider" not in str(caught.value)


def test_a_token_that_ended_is_fetched_anew(client: CscProvider, provider: RunningProvider) -> None:
    client.credentials(MATTI.account)
    provider.forget_tokens()
    assert client.credentials(MATTI.account)


def test_a_credential_that_is_disabled(client: CscProvider, provider: RunningProvider) -> None:
    provider.behave("disabled")
    with pytest.raises(errors.CredentialUnusable, match="disabled"):
        client.credential("matti-ec")


def test_another_certificate_than_the_bound_one(client: CscProvider) -> None:
    other = client.credential("matti-rsa").certificate_der
    with pytest.raises(errors.CredentialUnusable, match="another certificate"):
        client.sign("matti-ec", other, SIGNED, typed(MATTI.pin))


def test_a_wrong_client_secret(provider: RunningProvider) -> None:
    settings = replace(provider.settings(), client_secret=SecretPlace(None, "NO_SUCH_VARIABLE"))
    with pytest.raises(errors.ProviderRefused, match="not known there"):
        CscProvider(CscHttp(settings)).credentials(MATTI.account)


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("down", errors.ProviderUnavailable),
        ("huge", errors.ProviderNotUsable),
        ("no_json", errors.ProviderNotUsable),
        ("redirect", errors.ProviderNotUsable),
    ],
)
def test_a_provider_that_is_out_of_order(
    provider: RunningProvider, mode: str, error: type[errors.ProviderError]
) -> None:
    client = provider.client()
    client.credentials(MATTI.account)
    provider.behave(mode)
    with pytest.raises(error):
        client.credential("matti-ec")


def test_a_provider_that_is_slow(provider: RunningProvider) -> None:
    client = provider.client(timeout_seconds=0.3)
    provider.behave("slow")
    with pytest.raises(errors.ProviderUnavailable):
        client.info()


def test_a_provider_that_nobody_listens_for(provider: RunningProvider) -> None:
    settings = replace(provider.settings(), url="https://127.0.0.1:9/csc/v1")
    with pytest.raises(errors.ProviderUnavailable):
        CscProvider(CscHttp(settings)).info()


def test_a_provider_whose_server_is_not_trusted(provider: RunningProvider) -> None:
    settings = replace(provider.settings(), authorities=None)
    with pytest.raises(errors.ProviderUnavailable):
        CscProvider(CscHttp(settings)).info()


@pytest.mark.parametrize(
    "url",
    [
        "http://csc.example.org/csc/v1",
        "ftp://127.0.0.1/",
        "https://user:pass@csc.example/",
        "https://",
        "http://localhost/",
    ],
)
def test_an_address_without_tls_is_no_address(provider: RunningProvider, url: str) -> None:
    with pytest.raises(errors.ProviderAddressInvalid):
        CscHttp(replace(provider.settings(), url=url))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"cert": []},
        {"cert": {"certificates": ["!"]}},
        {"cert": {"certificates": 7}},
        {"cert": {"certificates": []}},
    ],
)
def test_an_answer_without_certificate(answer: dict[str, object]) -> None:
    with pytest.raises(errors.ProviderNotUsable):
        credential_of("P", "c", json.loads(json.dumps(answer)))


def test_the_limit_is_far_above_what_a_credential_needs(client: CscProvider) -> None:
    found = client.credential("matti-rsa")
    assert 10 * (len(found.certificate_der) + sum(map(len, found.chain_der))) < MAXIMUM_ANSWER_BYTES
    assert sha256(found.certificate_der).digest()
