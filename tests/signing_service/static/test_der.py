"""What the browser writes in DER is read by programs that know nothing of it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import NameOID

from keys.browser_held import accept_request

pytestmark = pytest.mark.browser

REQUEST = """async (der, name, challenge) => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const sign = async (bytes) => new Uint8Array(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, bytes));
  return der.certificationRequest({ spki, name, challenge, sign });
}"""


def test_openssl_verifies_a_request_made_in_the_browser(run: Callable[..., Any]) -> None:
    request = bytes(run("der", REQUEST, "李文 Li Wen", "aGVsbG8="))
    command = ["openssl", "req", "-inform", "DER", "-verify", "-noout", "-subject", "-nameopt", "utf8"]
    told = subprocess.run(command, input=request, capture_output=True, check=True)
    assert b"verify OK" in told.stderr
    assert "李文 Li Wen" in told.stdout.decode()


def test_our_own_reader_accepts_the_request_with_its_challenge(run: Callable[..., Any]) -> None:
    request = bytes(run("der", REQUEST, "Aino Virtanen", "aGVsbG8="))
    assert accept_request(request, b"aGVsbG8=").curve.name == "secp256r1"


def test_many_signatures_all_have_a_der_form_that_verifies(run: Callable[..., Any]) -> None:
    """Leading zeros and high bits of r and s come by chance; sixty requests meet several of them."""
    many = "async (der) => { const make = REQUEST; const all = []; for (let n = 0; n < 60; n += 1) "
    many += "all.push([...await make(der, `Signatory ${n}`, null)]); return all; }"
    for request in run("der", many.replace("REQUEST", REQUEST)):
        assert x509.load_der_x509_csr(bytes(request)).is_signature_valid


@pytest.mark.parametrize(("r", "s"), [(1, 2), (127, 128), (255, 256), (2**255, 2**256 - 1), (2**247, 5)])
def test_raw_values_are_written_as_integers_of_the_shortest_form(run: Callable[..., Any], r: int, s: int) -> None:
    raw = list(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    written = run("der", "(der, raw) => der.rawToDer(Uint8Array.from(raw))", raw)
    assert bytes(written) == encode_dss_signature(r, s)


def test_a_value_of_another_length_is_refused(run: Callable[..., Any]) -> None:
    told = run("der", "(der) => { try { der.rawToDer(new Uint8Array(63)); } catch (e) { return e.name; } }")
    assert told == "RangeError"


def test_a_long_name_is_cut_at_sixty_four_bytes_and_never_inside_a_character(run: Callable[..., Any]) -> None:
    request = x509.load_der_x509_csr(bytes(run("der", REQUEST, "李" * 80, None)))
    assert request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "李" * 21
