"""Honest documents get the verdict, level, time and changes that they deserve."""

import re
import subprocess
from datetime import timedelta

import pytest
from pyhanko.sign.fields import SigSeedSubFilter

from keys.issuing.profiles import SEAL_POLICY, IdentityAssurance
from keys.trust.anchors import TrustAnchors
from signing_service.verification.reading import open_strictly
from signing_service.verification.verify import verify
from tests.signing_service.verification.documents import (
    Signing,
    add_store,
    base_pdf,
    sign,
    sign_encapsulated,
    stamp,
)
from tests.signing_service.verification.mutations import flip_byte
from tests.signing_service.verification.pki import NOW, Pki
from tests.signing_service.verification.worlds import (
    SOON,
    agreement,
    archived,
    basic,
    certified,
    codes,
    judge,
    only,
    pki,
    stamped,
    stranger,
    verdict,
    with_store,
)
from tools.fuzz.updates import with_revision

YEARS_LATER = NOW + timedelta(days=4 * 365)


@pytest.mark.parametrize(
    ("pdf", "level", "proved"),
    [(basic, "B-B", False), (stamped, "B-T", True), (with_store, "B-LT", True), (archived, "B-LTA", True)],
)
def test_every_level_passes_and_is_read_back(pdf, level, proved):
    report = judge(pdf())
    entry = only(report, "Sig1")
    assert verdict(entry) == ("TOTAL_PASSED", None)
    assert report.document.indication == "TOTAL_PASSED"
    assert (entry.level, report.document.level) == (level, level)
    assert entry.integrity == "intact"
    assert (entry.best_signature_time == NOW) is proved
    assert report.document.readable == "strict"
    assert report.document.trailing_bytes == 0


@pytest.mark.parametrize("count", [1, 2, 4])
def test_agreements_with_several_signatories_pass(count):
    report = judge(agreement(count))
    assert report.document.indication == "TOTAL_PASSED"
    people = [entry for entry in report.signatures if entry.kind == "signature"]
    assert [entry.field for entry in people] == ["Seal", *(f"Sig{place + 1}" for place in range(count))]
    assert {entry.level for entry in people} == {"B-LTA"}
    assert [entry.changes for entry in people] == ["signing"] * count + ["maintenance"]
    assert people[0].certification == 2
    assert [entry.revision for entry in report.signatures] == sorted(entry.revision for entry in report.signatures)
    assert not report.errors


def test_document_stamps_are_entries_of_their_own():
    report = judge(archived())
    entry = report.signatures[-1]
    assert entry.kind == "document_timestamp"
    assert verdict(entry) == ("TOTAL_PASSED", None)
    assert entry.best_signature_time == NOW + timedelta(minutes=1)
    assert entry.changes == "none"


def test_steps_are_numbered_and_say_what_they_looked_at():
    steps = only(judge(archived()), "Sig1").steps
    assert [step.n for step in steps] == list(range(1, len(steps) + 1))
    assert [step.code for step in steps] == [
        "format",
        "byte_range",
        "digest",
        "value",
        "stamps",
        "time",
        "chain",
        "revocation",
        "acceptance",
        "coverage",
        "changes",
        "level",
    ]
    assert all(step.what and step.detail for step in steps)
    assert "sha256" in steps[2].detail


def test_the_timeline_names_every_revision():
    report = judge(agreement())
    assert [entry.change for entry in report.revisions] == [
        "original",
        "before_signing",
        "signing",
        "signing",
        "signing",
        "signing",
        "maintenance",
        "maintenance",
    ]
    assert report.revisions[-1].end == len(agreement())
    assert report.revisions[-1].sha256 == report.file.sha256
    assert report.document.revisions == len(report.revisions)


def test_without_revocation_information_nothing_passes():
    report = verify(basic(), name="a.pdf", anchors=pki().anchors, at=SOON)
    assert verdict(only(report, "Sig1")) == ("INDETERMINATE", "TRY_LATER")
    assert report.document.indication == "INDETERMINATE"
    assert "signature.no_revocation_information" in codes(report)


def test_embedded_revocation_information_is_enough():
    report = verify(with_store(), name="a.pdf", anchors=pki().anchors, at=SOON)
    assert report.passed


def test_an_unknown_root_is_undecided_but_intact():
    report = judge(stamped(), world=stranger())
    entry = only(report, "Sig1")
    assert verdict(entry) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert entry.integrity == "intact"
    assert "signature.untrusted_root" in codes(report)


def test_anchors_count_per_purpose():
    signing_only = TrustAnchors(pki().anchors.signing, ())
    report = verify(with_store(), name="a.pdf", anchors=signing_only, at=SOON)
    entry = only(report, "Sig1")
    assert verdict(entry) == ("TOTAL_PASSED", None)
    assert entry.best_signature_time is None
    assert "signature.stamp_not_trusted" in codes(report)


def test_expired_without_a_stamp_is_undecided():
    certificate = pki().signatory("Short", not_after=NOW + timedelta(minutes=10))
    pdf = sign(base_pdf(), pki(), Signing(certificate, stamped=False))
    assert verdict(only(judge(pdf), "Sig1")) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")


def test_expired_but_stamped_in_time_with_revocation_information_passes():
    certificate = pki().signatory("Short", not_after=NOW + timedelta(minutes=10))
    pdf = add_store(sign(base_pdf(), pki(), Signing(certificate)), pki(), pki().crls())
    assert only(judge(pdf), "Sig1").method == "proved_time"
    assert judge(pdf).passed


def test_expired_and_stamped_but_nothing_known_about_revocation_does_not_pass():
    certificate = pki().signatory("Short", not_after=NOW + timedelta(minutes=10))
    pdf = sign(base_pdf(), pki(), Signing(certificate))
    report = verify(pdf, name="a.pdf", anchors=pki().anchors, at=SOON)
    assert only(report, "Sig1").indication == "INDETERMINATE"


def test_years_later_the_archive_still_passes():
    report = verify(archived(), name="a.pdf", anchors=pki().anchors, at=YEARS_LATER)
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)
    assert report.document.indication == "TOTAL_PASSED"
    assert "signature.revocation_not_current" in codes(report)


def test_when_the_stamps_authority_has_expired_too_nothing_holds_any_more():
    report = verify(archived(), name="a.pdf", anchors=pki().anchors, at=NOW + timedelta(days=6 * 365))
    assert report.document.indication == "INDETERMINATE"
    assert {entry.integrity for entry in report.signatures} == {"intact"}


def test_a_renewed_stamp_carries_the_older_ones():
    """The second stamp was made while the first still held; it proves the first after the first authority expired."""
    world = Pki("renewal", now=NOW)
    later = Pki("renewal later", now=NOW + timedelta(days=4 * 365))
    pdf = sign(base_pdf(), world, Signing(world.signatory()))
    pdf = stamp(add_store(pdf, world, world.crls()), world, NOW + timedelta(minutes=1))
    pdf = stamp(add_store(pdf, later, later.crls()), later, later.now)
    anchors = world.anchors.and_also(later.anchors)
    report = verify(pdf, name="a.pdf", anchors=anchors, at=NOW + timedelta(days=6 * 365))
    assert [entry.indication for entry in report.signatures] == ["TOTAL_PASSED"] * 3


def test_years_later_a_basic_signature_does_not():
    report = verify(basic(), name="a.pdf", anchors=pki().anchors, at=YEARS_LATER, crls_der=pki().crls())
    assert verdict(only(report, "Sig1")) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE")


def test_revoked_before_signing_is_undecided_whatever_the_stamp_says():
    world = Pki("revoked")
    certificate = world.signatory()
    world.revoked[certificate.serial_number] = NOW - timedelta(days=1)
    for is_stamped in (False, True):
        pdf = sign(base_pdf(), world, Signing(certificate, stamped=is_stamped))
        report = judge(pdf, world=world)
        assert verdict(only(report, "Sig1")) == ("INDETERMINATE", "REVOKED_NO_POE")
        assert "signature.revoked" in codes(report)


def test_revoked_after_the_proved_time_passes():
    world = Pki("revoked later")
    certificate = world.signatory()
    world.revoked[certificate.serial_number] = NOW + timedelta(minutes=30)
    pdf = sign(base_pdf(), world, Signing(certificate))
    lists = world.crls(at=NOW + timedelta(minutes=40))
    report = verify(pdf, name="a.pdf", anchors=world.anchors, at=SOON, crls_der=lists)
    assert verdict(only(report, "Sig1")) == ("TOTAL_PASSED", None)


def test_revoked_and_expired_later_is_still_not_passed():
    """A certificate revoked before signing must not become good again by expiring."""
    world = Pki("revoked and expired")
    certificate = world.signatory(not_after=NOW + timedelta(minutes=10))
    world.revoked[certificate.serial_number] = NOW - timedelta(hours=2)
    pdf = add_store(sign(base_pdf(), world, Signing(certificate)), world, world.crls())
    assert only(judge(pdf, world=world), "Sig1").indication == "INDETERMINATE"


def test_short_term_certificates_need_no_revocation_information_of_their_own():
    certificate = pki().signatory("Brief", short_term=True)
    pdf = sign(base_pdf(), pki(), Signing(certificate, stamped=False))
    report = verify(pdf, name="a.pdf", anchors=pki().anchors, at=SOON, crls_der=[pki().crl("Root")])
    assert report.passed


def test_signed_before_the_certificate_was_valid_fails():
    certificate = pki().signatory("Future", not_before=NOW + timedelta(minutes=30))
    pdf = sign(base_pdf(), pki(), Signing(certificate))
    assert verdict(only(judge(pdf), "Sig1")) == ("TOTAL_FAILED", "NOT_YET_VALID")


def test_a_stamp_alone_is_not_a_signature():
    report = judge(stamp(base_pdf(), pki()))
    assert report.signatures[0].indication == "TOTAL_PASSED"
    assert "document.no_signature" in codes(report)


def test_no_signature_at_all():
    report = judge(base_pdf())
    assert report.document.indication == "INDETERMINATE"
    assert report.signatures == ()
    assert codes(report) == {"document.no_signature"}


def test_empty_fields_are_listed_and_harm_nothing():
    pdf = sign(base_pdf(empty_fields=["Sig1", "Sig2"]), pki(), Signing(pki().signatory(), "Sig1"))
    report = judge(pdf)
    assert report.passed
    assert report.empty_fields == ("Sig2",)
    assert "signature.empty_field" in codes(report)


@pytest.mark.parametrize(
    ("policy", "custody"),
    [(IdentityAssurance.EMAIL_VERIFIED.policy, "browser_held"), (SEAL_POLICY, "software_seal"), (None, None)],
)
def test_custody_is_read_from_the_certificate_policy(policy, custody):
    pdf = sign(base_pdf(), pki(), Signing(pki().signatory("Policy", policy=policy)))
    assert only(judge(pdf), "Sig1").custody == custody


def test_certification_allows_signing_and_maintenance():
    pdf = sign(certified(2), pki(), Signing(pki().signatory("Second"), "Sig2", at=NOW + timedelta(seconds=5)))
    report = judge(pdf)
    assert report.passed, codes(report)
    assert only(report, "Seal").changes == "signing"


def test_a_signature_over_an_encapsulated_digest_is_read_but_not_trusted():
    pdf = sign_encapsulated(base_pdf(), pki(), pki().signatory())
    entry = only(judge(pdf), "Sig1")
    assert entry.subfilter == "adbe.pkcs7.sha1"
    assert (entry.integrity, entry.level) == ("intact", "none")
    assert verdict(entry) == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE")  # SHA-1 over the document
    assert verdict(only(judge(flip_byte(pdf)), "Sig1")) == ("TOTAL_FAILED", "HASH_FAILURE")


def test_an_older_adobe_signature_passes_without_a_pades_level():
    subfilter = SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    report = judge(sign(base_pdf(), pki(), Signing(pki().signatory()), subfilter=subfilter))
    assert report.passed
    assert only(report, "Sig1").level == "none"


@pytest.mark.parametrize(
    "options", [["--linearize"], ["--object-streams=generate"], ["--object-streams=generate", "--linearize"]]
)
def test_other_producers_structures_are_read(tmp_path, options):
    plain, written = tmp_path / "plain.pdf", tmp_path / "written.pdf"
    plain.write_bytes(base_pdf())
    subprocess.run(["qpdf", str(plain), *options, str(written)], check=True)  # apt install qpdf
    pdf = sign(written.read_bytes(), pki(), Signing(pki().signatory()))
    report = judge(add_store(pdf, pki(), pki().crls()))
    assert report.passed
    assert report.document.revisions == 3
    assert only(report, "Sig1").changes == "maintenance"


def test_a_file_encrypted_without_a_password_for_reading_is_read(tmp_path):
    assert judge(encrypted(tmp_path, "")).passed


def test_a_file_locked_by_a_password_is_said_to_be_locked(tmp_path):
    report = judge(encrypted(tmp_path, "secret"))
    assert codes(report) == {"document.encrypted"}
    assert report.document.readable == "no"


def encrypted(folder, password: str, *options: str, change=lambda pdf: pdf) -> bytes:
    plain, locked = folder / "plain.pdf", folder / "locked.pdf"
    plain.write_bytes(base_pdf())
    subprocess.run(["qpdf", str(plain), *options, "--encrypt", password, "owner", "256", "--", str(locked)], check=True)
    pdf = change(locked.read_bytes())
    return sign(pdf, pki(), Signing(pki().signatory()), password=password, strict=False)


def test_a_string_that_was_never_encrypted_is_read_as_it_stands(tmp_path):
    """A later program wrote it so into a file whose strings are encrypted."""
    pdf = encrypted(tmp_path, "", "--object-streams=disable")
    number, catalog = re.findall(rb"\n(\d+) 0 obj\s+<<(.{,600}?/Type /Catalog.*?)>>\s+endobj", pdf, re.S)[-1]
    titled = {int(number): b"<<%s/Outlines 900 0 R>>\n" % catalog, 900: b"<</Title(Never encrypted by anybody)>>\n"}
    reader = open_strictly(with_revision(pdf, titled)).reader
    assert reader is not None
    assert reader.root["/Outlines"]["/Title"] == "Never encrypted by anybody"


def test_a_field_that_got_the_number_of_a_cross_reference_stream_has_its_name(tmp_path):
    """Some writers do not count that stream. What stands in it is not encrypted; what has its number now is."""

    def renumber(pdf: bytes) -> bytes:
        found = next(re.finditer(rb"(\d+) 0 obj\s+<< /Type /XRef", pdf))
        return pdf[: found.start(1)] + b"%d" % (int(found[1]) + 3) + pdf[found.end(1) :]

    report = judge(encrypted(tmp_path, "", "--object-streams=generate", change=renumber))
    assert report.passed
    assert [entry.field for entry in report.signatures] == ["Sig1"]
