"""Each main and sub-indication of EN 319 102-1 on a file made for it; the default policy unless one is named."""

import dataclasses
import io
from datetime import timedelta
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.ades.api import CAdESSignedAttrSpec
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from keys.trust.anchors import TrustAnchors
from signing_service.verification.policy import UnknownPolicy, named, names
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.mutations import damage_contents, damage_value, flip_byte, replace_page
from tests.signing_service.verification.pki import NOW, Pki, _private, asn1, rsa_key
from tests.signing_service.verification.worlds import (
    SOON,
    archived,
    basic,
    both_ways,
    codes,
    only,
    pki,
    stamped,
    verdict,
)


def signed_so(world, certificate, *, stamped=True, content_stamped=False, digest="sha256", signer=None) -> bytes:
    """One signature with what `sign` has no word for: another digest, a stamp on the content before signing."""
    metadata = signers.PdfSignatureMetadata(
        field_name="Sig1",
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm=digest,
        cades_signed_attr_spec=CAdESSignedAttrSpec(timestamp_content=content_stamped),
    )
    stamper = world.stamper() if stamped or content_stamped else None
    maker = signers.PdfSigner(metadata, signer=signer or world.signer(certificate), timestamper=stamper)
    output = io.BytesIO()
    maker.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(base_pdf())), output=output, bytes_reserved=32768)
    return output.getvalue()


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Case:
    """A file, the world that judges it, and the control time."""

    pdf: bytes
    world: Pki
    at: object = SOON
    crls: tuple[bytes, ...] | None = None
    anchors: TrustAnchors | None = None

    def report(self, policy: str = "default"):
        crls = self.world.crls() if self.crls is None else self.crls
        anchors = self.anchors or self.world.anchors
        return both_ways(self.pdf, name="a.pdf", anchors=anchors, at=self.at, crls_der=crls, policy=policy)


def altered() -> Case:
    return Case(flip_byte(stamped()), pki())


def wrong_value() -> Case:
    return Case(damage_value(stamped()), pki())


def unknown_root() -> Case:
    return Case(basic(), pki(), anchors=TrustAnchors())


def no_answer() -> Case:
    return Case(basic(), pki(), crls=())


def expired() -> Case:
    certificate = pki().signatory("Short", not_after=NOW + 10 * MINUTE)
    return Case(sign(base_pdf(), pki(), Signing(certificate, stamped=False)), pki())


def moved_clock() -> Case:
    return Case(basic(), pki(), at=NOW + 800 * DAY)


def too_early() -> Case:
    certificate = pki().signatory("Future", not_before=NOW + 30 * MINUTE)
    return Case(sign(base_pdf(), pki(), Signing(certificate)), pki())


@cache
def _revoked_world() -> tuple[Pki, object]:
    world = Pki("sub-indications: revoked")
    certificate = world.signatory()
    world.revoked[certificate.serial_number] = NOW - DAY
    return world, certificate


def revoked() -> Case:
    world, certificate = _revoked_world()
    return Case(sign(base_pdf(), world, Signing(certificate)), world)


def revoked_before_the_content_was_stamped() -> Case:
    world, certificate = _revoked_world()
    return Case(signed_so(world, certificate, content_stamped=True), world)


def expired_before_the_content_was_stamped() -> Case:
    certificate = pki().signatory("Short", not_after=NOW - DAY)
    return Case(signed_so(pki(), certificate, content_stamped=True), pki())


def wrong_authority() -> Case:
    """Time stamped by somebody who is trusted for signing only, and expired since: no time is proved."""
    certificate = pki().signatory("Short", not_after=NOW + 10 * MINUTE)
    pdf = sign(base_pdf(), pki(), Signing(certificate))
    return Case(pdf, pki(), anchors=TrustAnchors(pki().anchors.signing, ()))


def answered_after_the_end() -> Case:
    """The only list was made when the certificate had expired and need not stand on it any more."""
    certificate = pki().signatory("Short", not_after=NOW + 10 * MINUTE)
    pdf = sign(base_pdf(), pki(), Signing(certificate))
    return Case(pdf, pki(), at=NOW + 3 * HOUR, crls=pki().crls(at=NOW + 2 * HOUR))


def sha1_now() -> Case:
    pdf = signed_so(pki(), pki().signatory(), stamped=False, digest="sha1")
    return Case(pdf, pki())


@cache
def _old(prefix: str, year: int) -> Pki:
    return Pki(f"sub-indications: {prefix}", now=NOW.replace(year=year), years=20)


def sha1_of_old_without_proof() -> Case:
    """Made when SHA-1 was accepted, with a chain that lives long; nothing proves that it is not of today."""
    world = _old("old", 2010)
    certificate = world.signatory("Old", not_after=NOW + 365 * DAY)
    return Case(signed_so(world, certificate, stamped=False, digest="sha1"), world, crls=world.crls(at=NOW))


def rsa_1024() -> Case:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    certificate = pki().signatory("Small key", key=small)
    signer = SimpleSigner(signing_cert=asn1(certificate), signing_key=_private(small), cert_registry=_issuer())
    return Case(signed_so(pki(), certificate, stamped=False, signer=signer), pki())


def _issuer() -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    store.register(asn1(pki().issuing))
    return store


def malformed() -> Case:
    return Case(damage_contents(stamped()), pki())


def changed_afterwards() -> Case:
    return Case(replace_page(stamped()), pki())


def answer_out_of_date() -> Case:
    """The newest list should have been replaced long before the file is looked at."""
    return Case(basic(), pki(), crls=pki().crls(at=NOW - 60 * DAY))


def clock_before_the_certificate() -> Case:
    certificate = pki().signatory("Future", not_before=NOW + 30 * MINUTE)
    return Case(sign(base_pdf(), pki(), Signing(certificate, stamped=False)), pki(), at=NOW + 10 * MINUTE)


def issuer_revoked() -> Case:
    world = Pki("sub-indications: issuer revoked")
    world.revoked[world.issuing.serial_number] = NOW - DAY
    return Case(sign(base_pdf(), world, Signing(world.signatory())), world)


def wrong_authority_while_valid() -> Case:
    """Nobody needs its time as long as certificate and revocation data hold now."""
    return Case(stamped(), pki(), anchors=TrustAnchors(pki().anchors.signing, ()))


def not_for_signing() -> Case:
    """The certificate of the time stamp authority used to sign a document."""
    signer = SimpleSigner(
        signing_cert=asn1(pki().tsa), signing_key=_private(rsa_key(pki().prefix)), cert_registry=_issuer()
    )
    return Case(signed_so(pki(), pki().tsa, stamped=False, signer=signer), pki())


#: EN 319 102-1 clause 5.1.3: the file → main indication, sub-indication; and the finding that says it in words.
TABLE = [
    (altered, "TOTAL_FAILED", "HASH_FAILURE", "signature.hash_mismatch"),
    (wrong_value, "TOTAL_FAILED", "SIG_CRYPTO_FAILURE", "signature.value_invalid"),
    (too_early, "TOTAL_FAILED", "NOT_YET_VALID", None),
    (revoked_before_the_content_was_stamped, "TOTAL_FAILED", "REVOKED", "signature.revoked"),
    (unknown_root, "INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", "signature.untrusted_root"),
    (no_answer, "INDETERMINATE", "TRY_LATER", "signature.no_revocation_information"),
    (expired, "INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", "signature.outside_validity"),
    (moved_clock, "INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", "signature.outside_validity"),
    (wrong_authority, "INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", "signature.stamp_not_trusted"),
    (expired_before_the_content_was_stamped, "INDETERMINATE", "EXPIRED", "signature.outside_validity"),
    (revoked, "INDETERMINATE", "REVOKED_NO_POE", "signature.revoked"),
    (answered_after_the_end, "INDETERMINATE", "NO_POE", "signature.revocation_too_late"),
    (sha1_now, "INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE", "signature.weak_algorithm"),
    (rsa_1024, "INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE", "signature.weak_algorithm"),
    (malformed, "TOTAL_FAILED", "FORMAT_FAILURE", "signature.malformed"),
    (changed_afterwards, "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE", "change.unexplained"),
    (answer_out_of_date, "INDETERMINATE", "TRY_LATER", "signature.no_revocation_information"),
    (clock_before_the_certificate, "INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", "signature.outside_validity"),
    (issuer_revoked, "INDETERMINATE", "REVOKED_CA_NO_POE", "signature.revoked"),
    (wrong_authority_while_valid, "TOTAL_PASSED", None, "signature.stamp_not_trusted"),
    (not_for_signing, "INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE", "signature.chain_problem"),
    (sha1_of_old_without_proof, "INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", "signature.weak_algorithm"),
]


@pytest.mark.parametrize(("case", "main", "sub", "code"), TABLE, ids=[row[0].__name__ for row in TABLE])
def test_each_indication(case, main, sub, code):
    report = case().report()
    entry = only(report, "Sig1")
    assert verdict(entry) == (main, sub)
    assert code is None or code in codes(report)
    assert entry.reason["en"]
    assert report.policy.name == "default"


def test_missing_answers_are_said_and_let_pass_for_old_files():
    report = no_answer().report("lenient-archive")
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert "signature.no_revocation_information" in codes(report)


def test_a_revoked_certificate_passes_under_no_policy():
    for name in names():
        assert not revoked().report(name).passed


def test_the_strict_policy_wants_a_proved_time():
    report = Case(basic(), pki()).report("strict")
    assert verdict(only(report, "Sig1")) == ("INDETERMINATE", "SIG_CONSTRAINTS_FAILURE")
    assert "signature.policy_time" in codes(report)
    assert Case(basic(), pki()).report("default").passed


def test_an_announced_end_counts_in_the_strict_policy_only():
    """RSA with 2048 bits ends with 2028 in the suite; the stamps' authority has such a key."""
    case = Case(archived(), pki(), at=NOW + 3 * 365 * DAY, crls=())
    assert case.report("default").passed
    strict = case.report("strict")
    assert not strict.passed
    uses = {(use.name, use.bits, use.accepted) for use in strict.signatures[-1].algorithms}
    assert ("rsa", 2048, False) in uses


def test_a_policy_that_does_not_exist_is_refused():
    with pytest.raises(UnknownPolicy, match="default"):
        named("../default")


def test_the_report_names_every_algorithm_and_every_answer():
    entry = only(Case(archived(), pki()).report(), "Sig1")
    assert {use.name for use in entry.algorithms} >= {"sha256", "ec"}
    assert all(use.accepted for use in entry.algorithms)
    assert {fact.kind for fact in entry.revocation} == {"crl"}
    assert {fact.status for fact in entry.revocation} == {"good"}
