"""What is told quickly of a path is what the general validator says, and it is told only when it is beyond doubt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from signing_service.verification.evidence import from_caller
from signing_service.verification.quick_trust import Asked, quick_path
from tests.signing_service.verification.pki import DER, NOW, Pki, _name, asn1

HOUR = timedelta(hours=1)


def path(
    world: Pki, leaf: x509.Certificate, *, at=NOW, crls=None, others=(), ocsps=(), stamps=False
) -> tuple[asn1_x509.Certificate, ...] | None:
    known = [one.public_bytes(DER) for one in (world.issuing, world.root, *others)]
    evidence = from_caller(known, world.crls() if crls is None else crls, ocsps)
    return quick_path(leaf.public_bytes(DER), (asn1(world.root),), evidence, Asked(at, False, stamps))


@pytest.fixture(scope="module")
def world() -> Pki:
    return Pki("quick")


def altered(
    world: Pki, change: Callable[[x509.CertificateBuilder], x509.CertificateBuilder], issuer: str = "Issuing"
) -> x509.Certificate:
    """A signatory's certificate with one thing about it made unusual."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name("Unusual", "Test"))
        .issuer_name(_name(issuer, "Test"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - HOUR)
        .not_valid_after(NOW + HOUR)
        .add_extension(x509.KeyUsage(False, True, False, False, False, False, False, False, False), critical=True)
    )
    return change(builder).sign(world.key(issuer), hashes.SHA256())


def unchanged(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    return builder


def test_a_plain_path_is_told(world):
    found = path(world, world.signatory())
    assert found is not None
    assert [one.subject.native["common_name"] for one in found] == ["Anna Virtanen", "Issuing", "Root"]
    assert path(world, altered(world, unchanged)) is not None
    assert path(world, world.tsa, stamps=True) is not None


def critical(builder):
    return builder.add_extension(
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), critical=True
    )


def unknown(builder):
    return builder.add_extension(
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), critical=False
    )


def other_list(builder):
    issuer = [x509.DirectoryName(_name("Somebody", "Test"))]
    return builder.add_extension(
        x509.CRLDistributionPoints([x509.DistributionPoint(None, None, None, issuer)]), critical=False
    )


def other_key(builder):
    return builder.add_extension(x509.AuthorityKeyIdentifier(b"\1" * 20, None, None), critical=False)


@pytest.mark.parametrize("change", [critical, unknown, other_list, other_key])
def test_nothing_is_told_of_a_certificate_with_something_unusual(world, change):
    assert path(world, altered(world, change)) is None


def test_nothing_is_told_of_a_certificate_that_another_key_signed(world):
    stranger = Pki("stranger to quick")
    assert path(world, stranger.signatory()) is None


def test_nothing_is_told_outside_its_time_or_that_of_the_list(world):
    leaf = world.signatory(not_before=NOW - HOUR, not_after=NOW + HOUR)
    assert path(world, leaf, at=NOW + 2 * HOUR) is None
    assert path(world, leaf, at=NOW - 2 * HOUR) is None
    assert path(world, leaf, crls=world.crls(at=NOW - 200 * HOUR)) is None
    assert path(world, leaf, crls=world.crls(at=NOW + HOUR)) is None
    assert path(world, leaf, crls=()) is None
    assert path(world, leaf, crls=world.crls()[:1]) is None


def test_nothing_is_told_against_a_list_or_an_answer(world):
    leaf = world.signatory()
    old, new = world.crls(), Pki("quick", revoked={leaf.serial_number: NOW - HOUR}).crls()
    assert path(world, leaf, crls=old) is not None
    assert path(world, leaf, crls=new) is None
    assert path(world, leaf, crls=(*old, *new)) is None
    assert path(world, leaf, ocsps=(answer(world, leaf, ocsp.OCSPCertStatus.GOOD),)) is not None
    assert path(world, leaf, ocsps=(answer(world, leaf, ocsp.OCSPCertStatus.REVOKED),)) is None
    assert path(world, leaf, ocsps=(answer(world, leaf, ocsp.OCSPCertStatus.UNKNOWN),)) is None


def answer(world: Pki, leaf: x509.Certificate, status: ocsp.OCSPCertStatus) -> bytes:
    revoked = status == ocsp.OCSPCertStatus.REVOKED
    made = ocsp.OCSPResponseBuilder().add_response(
        leaf,
        world.issuing,
        hashes.SHA256(),
        status,
        NOW - HOUR,
        NOW + HOUR,
        NOW - HOUR if revoked else None,
        None,
    )
    made = made.responder_id(ocsp.OCSPResponderEncoding.HASH, world.issuing)
    return made.sign(world.key("Issuing"), hashes.SHA256()).public_bytes(DER)


def test_a_list_that_the_issuer_did_not_sign_counts_for_nothing(world):
    forged = Pki("forger of lists")
    assert path(world, world.signatory(), crls=forged.crls()) is None


def test_nothing_is_told_where_a_name_leads_to_two(world):
    leaf = world.signatory()
    assert path(world, leaf, others=(Pki("twin of quick").issuing,)) is None


def test_an_authority_s_own_certificate_and_a_wrong_use_are_no_signatory_s(world):
    assert path(world, world.issuing) is None
    assert path(world, world.root) is None
    assert path(world, world.tsa) is not None, "the general validator lets it sign too"
    assert path(world, world.signatory(), stamps=True) is None
