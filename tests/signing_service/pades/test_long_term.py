"""Closing a document makes every signature last, from local data only, and says no when it cannot."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from keys.errors import TimestampUnavailable
from signing_service.pades import errors
from signing_service.pades.long_term import close, levels, renew
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import (
    FIELD_A,
    FIELD_B,
    NOW,
    Holder,
    document,
    good_answer,
    keyring,
    sealed,
    signatory,
    signed,
)

LISTED = NOW + timedelta(minutes=1)  # the time of the revocation lists, and of the time stamps
LATER = NOW + timedelta(minutes=2)


def closed(pdf: bytes, *, crls: Iterable[bytes] | None = None, function=close, **changes: object) -> bytes:
    arguments: dict[str, object] = {
        "crls_der": keyring().crls((), LISTED) if crls is None else crls,
        "certificates_der": (keyring().issuing_der,),
        "trust_roots_der": (keyring().root_der,),
        "timestamper": keyring().timestamp_source,
        "now": LATER,
    }
    return function(pdf, **(arguments | changes))


@pytest.fixture(scope="module")
def holder() -> Holder:
    return signatory()


@pytest.fixture(scope="module")
def open_document(holder: Holder) -> bytes:
    return signed(signed(sealed(), holder, FIELD_A), signatory("Anna Müller"), FIELD_B)


@pytest.fixture(scope="module")
def closed_document(open_document: bytes) -> bytes:
    return closed(open_document)


def test_levels_are_read_from_the_file(open_document: bytes, closed_document: bytes) -> None:
    assert levels(open_document) == {"Seal": "B-T", FIELD_A: "B-T", FIELD_B: "B-T"}
    assert levels(closed_document) == {"Seal": "B-LTA", FIELD_A: "B-LTA", FIELD_B: "B-LTA"}


def test_a_signature_without_time_stamp_is_b_b() -> None:
    assert levels(signed(sealed(), signatory(), stamped=False))[FIELD_A] == "B-B"


def test_the_closing_time_stamp_makes_up_for_a_missing_one() -> None:
    without = signed(sealed(), signatory(), stamped=False)
    last = closed(without)
    assert levels(last)[FIELD_A] == "B-LTA"
    assert levels(without)[FIELD_A] == "B-B"


def test_a_store_without_a_time_stamp_over_it_is_b_lt(closed_document: bytes) -> None:
    end_of_store = closed_document.rindex(b"%%EOF", 0, -6) + 6
    assert set(levels(closed_document[:end_of_store]).values()) == {"B-LT"}


def test_nothing_has_levels_when_nothing_is_signed() -> None:
    assert levels(document()) == {}


def test_closing_adds_two_revisions_and_changes_nothing(open_document: bytes, closed_document: bytes) -> None:
    assert closed_document.startswith(open_document)
    added = closed_document[len(open_document) :]
    assert added.count(b"%%EOF") == 2
    assert added.count(b"/ETSI.RFC3161") == 1


def test_strangers_accept_the_closed_document(closed_document: bytes, tmp_path: Path) -> None:
    path = tmp_path / "closed.pdf"
    path.write_bytes(closed_document)
    judges.qpdf_accepts(path)
    judges.pdfsig_accepts(path, 3)
    for status in judges.pyhanko_accepts(closed_document, keyring().root_der, LATER):
        assert status.docmdp_ok


def test_openssl_verifies_the_document_time_stamp(closed_document: bytes, tmp_path: Path) -> None:
    stamp = judges.extract(closed_document)[-1]
    judges.openssl_accepts_token(stamp.cms_der, stamp.covered, keyring().root_pem, tmp_path)


def test_the_store_alone_proves_every_signature(closed_document: bytes) -> None:
    judges.pyhanko_needs_nothing_else(closed_document, keyring().root_der, LISTED)


def test_with_ocsp_answers_the_signatures_pass_when_their_certificates_have_ended(holder: Holder) -> None:
    certificates = (holder.certificate_der, keyring().seal.certificate_der)
    answers = [good_answer(certificate, LISTED) for certificate in certificates]
    last = closed(signed(sealed(), holder), ocsps_der=answers)
    assert set(levels(last).values()) == {"B-LTA"}
    judges.pyhanko_passes_in(last, keyring().root_der, LATER, 3)


def test_a_closed_document_is_not_closed_again(closed_document: bytes) -> None:
    with pytest.raises(errors.AlreadyClosed) as caught:
        closed(closed_document)
    assert caught.value.code == "signature.already_closed"


def test_a_closed_document_can_be_renewed(closed_document: bytes, tmp_path: Path) -> None:
    renewed = closed(closed_document, function=renew)
    assert renewed.startswith(closed_document)
    assert set(levels(renewed).values()) == {"B-LTA"}
    path = tmp_path / "renewed.pdf"
    path.write_bytes(renewed)
    judges.qpdf_accepts(path)
    judges.pyhanko_needs_nothing_else(renewed, keyring().root_der, LISTED)


def test_a_document_without_signatures_cannot_be_closed() -> None:
    with pytest.raises(errors.NothingToClose):
        closed(document())


def test_a_document_with_bytes_after_its_end_cannot_be_closed(open_document: bytes) -> None:
    with pytest.raises(errors.TrailingBytes):
        closed(open_document + b"more")


def test_a_broken_signature_is_not_closed(open_document: bytes) -> None:
    changed = open_document.replace(b"0.8 g 60 60", b"0.8 g 60 61")
    assert changed != open_document
    with pytest.raises(errors.RevisionInvalid, match="Seal"):
        closed(changed)


def test_a_missing_revocation_list_is_named(open_document: bytes) -> None:
    with pytest.raises(errors.MissingEvidence) as caught:
        closed(open_document, crls=keyring().crls((), LISTED)[1:])
    assert "DEMO Seal" in str(caught.value)


def test_a_revocation_list_that_has_ended_is_no_evidence(open_document: bytes) -> None:
    with pytest.raises(errors.MissingEvidence):
        closed(open_document, crls=keyring().crls((), NOW - timedelta(days=400)))


def test_another_root_is_no_root(open_document: bytes) -> None:
    with pytest.raises(errors.MissingEvidence):
        closed(open_document, trust_roots_der=(keyring().issuing_der,), certificates_der=(), crls=())


def test_a_certificate_revoked_before_the_signature_stops_the_closing(open_document: bytes, holder: Holder) -> None:
    revoked = [(holder.serial, NOW - timedelta(minutes=30), "key_compromise")]
    with pytest.raises(errors.CertificateRevoked, match="王小明"):
        closed(open_document, crls=keyring().crls(revoked, LISTED))


def test_a_certificate_revoked_after_the_signature_does_not(open_document: bytes, holder: Holder) -> None:
    revoked = [(holder.serial, NOW + timedelta(seconds=61), "cessation_of_operation")]
    assert set(levels(closed(open_document, crls=keyring().crls(revoked, LISTED))).values()) == {"B-LTA"}


def test_an_authority_that_is_down_leaves_the_document_open(open_document: bytes) -> None:
    class Down:
        name = "down"

        def token(self, sha256_imprint: bytes) -> bytes:
            raise TimestampUnavailable(reasons="test")

    with pytest.raises(TimestampUnavailable):
        closed(open_document, timestamper=Down())


def test_a_wrong_token_is_not_put_into_the_document(open_document: bytes) -> None:
    class Wrong:
        name = "wrong"

        def token(self, sha256_imprint: bytes) -> bytes:
            return keyring().timestamp_source.token(bytes(32))

    with pytest.raises(errors.WrongTimestamp):
        closed(open_document, timestamper=Wrong())


def test_a_time_stamp_older_than_the_lists_it_should_cover_is_refused(open_document: bytes) -> None:
    with pytest.raises(errors.WrongTimestamp, match="before"):
        closed(open_document, crls=keyring().crls((), LATER))


def test_a_damaged_document_has_no_levels() -> None:
    with pytest.raises(errors.UnreadableDocument):
        levels(b"%PDF-1.7\nnothing\nstartxref\n0\n%%EOF\n")
