"""The bytes of values that were read are the bytes that came, whatever their lengths."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from keys.encoded import each, encoded, first
from keys.issuing import profiles
from keys.issuing.certificates import Content, make_certificate

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
NOT_THE_SHORTEST_TRUE = b"\xfe"


def test_a_certificate_whose_length_looks_indefinite_keeps_its_bytes() -> None:
    honest = next(der for der in certificates_of_every_length() if der[3] == 0x80)
    critical = honest.index(bytes.fromhex("0603551d0f0101ff")) + 7  # TRUE may be any byte but 0 outside DER
    changed = honest[:critical] + NOT_THE_SHORTEST_TRUE + honest[critical + 1 :]
    assert asn1_x509.Certificate.load(changed).dump() == honest, "asn1crypto no longer mends: keys.encoded may go"
    assert encoded(asn1_x509.Certificate.load(changed)) == changed
    assert encoded(asn1_x509.Certificate.load(honest)) == honest


def test_a_value_that_was_looked_into_keeps_its_bytes() -> None:
    der = next(certificates_of_every_length())
    certificate = asn1_x509.Certificate.load(der)
    assert certificate.native
    assert certificate.issuer.human_friendly
    assert encoded(certificate) == der
    assert encoded(certificate.issuer) in der
    assert encoded(certificate["tbs_certificate"]["serial_number"]) in der


@given(st.lists(st.binary(max_size=300)), st.binary(max_size=3))
def test_values_in_a_row_are_cut_where_they_end(contents: list[bytes], padding: bytes) -> None:
    values = [core.OctetString(content).dump() for content in contents]
    assert list(each(b"".join(values))) == values
    if values:
        assert first(b"".join(values) + padding) == values[0]


@pytest.mark.parametrize("data", [b"", b"\x30", b"\x30\x05\x00", b"\x30\x82\xff"])
def test_a_value_that_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"(?i)insufficient"):
        first(data)


def certificates_of_every_length() -> Iterator[bytes]:
    """A letter of the name stands twice in a self-signed certificate; its signature's length varies by chance."""
    for letters in itertools.cycle(range(1, 65)):
        for units in ("", "u" * 40, "u" * 64):
            key = ec.generate_private_key(ec.SECP256R1())
            names = [x509.NameAttribute(NameOID.COMMON_NAME, "n" * letters)]
            names += [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, units)] if units else []
            content = Content(x509.Name(names), key.public_key())
            made = make_certificate(profiles.SEAL, content, issuer=None, issuer_key=key, now=NOW)
            yield made.public_bytes(serialization.Encoding.DER)
