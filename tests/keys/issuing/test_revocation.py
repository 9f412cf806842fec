"""Revocation lists: complete, growing in number, and with the reason that was given."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509

from keys.errors import NaiveTime
from keys.issuing.revocation import CRL_LIFE, ROOT_CRL_LIFE, RevocationReason, RevokedCertificate, crl_number
from keys.keyring import Keyring
from tests.keys.conftest import NOW


def test_a_list_names_every_revoked_certificate_with_time_and_reason(keyring: Keyring) -> None:
    revoked = [RevokedCertificate(number, NOW, reason) for number, reason in enumerate(RevocationReason, start=1)]
    crl = x509.load_der_x509_crl(keyring.issuing_crl(revoked, NOW))
    assert [entry.serial_number for entry in crl] == [1, 2, 3, 4, 5, 6, 7]
    assert {entry.revocation_date_utc for entry in crl} == {NOW}
    first, *others = list(crl)
    assert not list(first.extensions)  # RFC 5280 §5.3.1: "unspecified" is said by silence
    reasons = [entry.extensions.get_extension_for_class(x509.CRLReason).value.reason for entry in others]
    assert x509.ReasonFlags.key_compromise in reasons
    assert len(set(reasons)) == 6


def test_a_plain_tuple_does_as_well(keyring: Keyring) -> None:
    crl = x509.load_der_x509_crl(keyring.issuing_crl([(7, NOW, "superseded")], NOW))
    assert crl.get_revoked_certificate_by_serial_number(7) is not None


def test_a_revocation_never_fails_for_its_words(keyring: Keyring) -> None:
    crl = x509.load_der_x509_crl(keyring.issuing_crl([(7, NOW, "lost on the way")], NOW))
    entry = crl.get_revoked_certificate_by_serial_number(7)
    assert entry is not None
    assert not list(entry.extensions)


def test_lists_are_signed_by_their_issuer_and_tell_when_the_next_comes(keyring: Keyring) -> None:
    issuing, root = (x509.load_der_x509_crl(der) for der in keyring.crls([], NOW))
    assert issuing.is_signature_valid(keyring.issuing.certificate.public_key())  # type: ignore[arg-type]
    root_key = x509.load_der_x509_certificate(keyring.root_der).public_key()
    assert root.is_signature_valid(root_key)  # type: ignore[arg-type]
    assert issuing.last_update_utc == NOW
    assert issuing.next_update_utc == NOW + CRL_LIFE
    assert root.next_update_utc == NOW + ROOT_CRL_LIFE


def test_numbers_grow_with_time(keyring: Keyring) -> None:
    moments = [NOW, NOW + timedelta(microseconds=1), NOW + timedelta(days=4000)]
    numbers = [
        x509.load_der_x509_crl(keyring.issuing_crl([], moment))
        .extensions.get_extension_for_class(x509.CRLNumber)
        .value.crl_number
        for moment in moments
    ]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == crl_number(NOW)


def test_a_list_says_that_expired_certificates_stay_on_it(keyring: Keyring) -> None:
    crl = x509.load_der_x509_crl(keyring.issuing_crl([], NOW))
    assert crl.extensions.get_extension_for_oid(x509.ObjectIdentifier("2.5.29.60"))


def test_a_time_without_zone_is_refused(keyring: Keyring) -> None:
    with pytest.raises(NaiveTime):
        keyring.issuing_crl([], datetime(2026, 11, 22))
