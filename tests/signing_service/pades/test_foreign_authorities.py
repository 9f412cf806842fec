"""A signature under a foreign authority, stamped by a foreign one, is closed with what those authorities say: B-LTA."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from keys.errors import TimestampUntrusted
from keys.timestamping import HttpAuthority
from keys.timestamping.trusted import TrustedSource
from keys.trust.anchors import TrustAnchors
from keys.trust.fetching import Fetcher
from keys.trust.status import answers_for
from signing_service.pades import errors, foreign_evidence, long_term
from signing_service.pades.complete import complete
from signing_service.pades.prepare import prepare
from signing_service.verification.verify import verify
from tests.factories.foreign_pki import ForeignPki, running
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import FIELD_A, Holder, appearance, document
from tests.signing_service.verification.worlds import codes

FENCE = Fetcher(allow_private=True)
INSIDE = Fetcher()


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignPki]:
    with running(tmp_path_factory.mktemp("foreign")) as started:
        yield started


@pytest.fixture(scope="module")
def root(pki: ForeignPki) -> bytes:
    return pki.certificate("root")


@pytest.fixture(scope="module")
def stamps(pki: ForeignPki, root: bytes) -> TrustedSource:
    return TrustedSource(HttpAuthority(pki.tsa_url), (root,))


def signed(pki: ForeignPki, name: str, stamps: TrustedSource) -> bytes:
    """B-T by a holder of a foreign certificate."""
    holder = Holder(pki.key(name), pki.certificate(name), (pki.certificate("interm"),))
    prepared = prepare(
        document((FIELD_A,)),
        field_name=FIELD_A,
        certificate_der=holder.certificate_der,
        chain_der=holder.chain_der,
        appearance=appearance("Aino Foreign"),
    )
    return complete(prepared, holder.sign(prepared.signed_attributes), stamps)


@pytest.fixture(scope="module")
def open_document(pki: ForeignPki, stamps: TrustedSource) -> bytes:
    return signed(pki, "signer", stamps)


def closed(pdf: bytes, root: bytes, stamps: TrustedSource, fetcher: Fetcher = FENCE) -> bytes:
    found = foreign_evidence.gather(pdf, own_roots=(), fetcher=fetcher)
    return long_term.close(
        pdf,
        crls_der=found.crls,
        ocsps_der=found.ocsps,
        certificates_der=(),
        trust_roots_der=(root,),
        timestamper=stamps,
        now=datetime.now(UTC),
    )


@pytest.fixture(scope="module")
def closed_document(open_document: bytes, root: bytes, stamps: TrustedSource) -> bytes:
    return closed(open_document, root, stamps)


def test_a_foreign_signature_reaches_b_lta(closed_document: bytes, tmp_path: Path) -> None:
    assert long_term.levels(closed_document) == {FIELD_A: "B-LTA"}
    assert b"/OCSPs" in closed_document
    assert long_term.last_stamp(closed_document).authority == "Foreign time stamp authority"
    path = tmp_path / "closed.pdf"
    path.write_bytes(closed_document)
    judges.qpdf_accepts(path)
    judges.pdfsig_accepts(path, 1)


def test_years_later_b_lta_passes_and_b_t_does_not_and_says_why(
    open_document: bytes, closed_document: bytes, root: bytes
) -> None:
    later = datetime.now(UTC) + timedelta(days=6 * 365)  # the signatory's certificate ended in 2028
    last = verify(closed_document, name="a.pdf", anchors=TrustAnchors.from_pem(root), at=later)
    assert last.passed, codes(last)
    bare = verify(open_document, name="a.pdf", anchors=TrustAnchors.from_pem(root), at=later)
    assert bare.document.indication == "INDETERMINATE"
    assert {"signature.outside_validity", "signature.time_not_proved"} <= codes(bare)


def test_behind_the_fence_nothing_is_fetched_and_the_close_says_what_is_missing(
    open_document: bytes, root: bytes, stamps: TrustedSource
) -> None:
    with pytest.raises(errors.MissingEvidence, match="Foreign"):
        closed(open_document, root, stamps, INSIDE)


def test_a_foreign_certificate_revoked_before_it_signed_is_refused_by_name(
    pki: ForeignPki, root: bytes, stamps: TrustedSource
) -> None:
    with pytest.raises(errors.CertificateRevoked, match="Revoked Foreign"):
        closed(signed(pki, "revoked", stamps), root, stamps)


def test_an_answer_of_the_wrong_responder_is_no_evidence(pki: ForeignPki) -> None:
    leaf, issuer = (x509.load_der_x509_certificate(pki.certificate(name)) for name in ("signer", "interm"))
    query = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA256()).build()
    der = query.public_bytes(serialization.Encoding.DER)
    answers = {name: FENCE.post(pki.ocsp_url(name), der, "application/ocsp-request") for name in ("interm", "intruder")}
    assert answers_for(answers["interm"], leaf, issuer)
    assert not answers_for(answers["intruder"], leaf, issuer), "delegated by the root, not the issuer"
    assert not answers_for(answers["interm"], issuer, issuer), "it speaks of another certificate"


def test_a_foreign_time_stamp_authority_that_nobody_chose_is_refused(pki: ForeignPki) -> None:
    with pytest.raises(TimestampUntrusted):
        TrustedSource(HttpAuthority(pki.tsa_url), (pki.certificate("signer"),)).token(bytes(32))
