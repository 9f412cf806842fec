"""A signed document is judged by strangers: pdfsig, qpdf, openssl and pyHanko's validation."""

from datetime import timedelta
from pathlib import Path

import pytest

from keys.encoded import encoded
from tests.signing_service.pades import judges
from tests.signing_service.pades.factory import (
    FIELD_A,
    FIELD_B,
    NOW,
    document,
    keyring,
    prepared,
    sealed,
    signatory,
    signed,
)


@pytest.fixture(scope="module")
def signed_by_two() -> bytes:
    first = signed(sealed(), signatory(), FIELD_A)
    return signed(first, signatory("Anna Müller"), FIELD_B)


@pytest.fixture
def file(signed_by_two: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed_by_two)
    return path


def test_pdfsig_finds_three_valid_signatures(file: Path) -> None:
    judges.pdfsig_accepts(file, 3)


def test_qpdf_finds_no_fault_in_the_structure(file: Path) -> None:
    judges.qpdf_accepts(file)


def test_openssl_verifies_each_signature_as_cades(signed_by_two: bytes, tmp_path: Path) -> None:
    for part in judges.extract(signed_by_two):
        judges.openssl_accepts_cms(part, keyring().root_pem, tmp_path)


def test_openssl_verifies_each_time_stamp_over_the_signature_value(signed_by_two: bytes, tmp_path: Path) -> None:
    for part in judges.extract(signed_by_two):
        assert part.token_der is not None
        value = part.signer["signature"].native
        judges.openssl_accepts_token(part.token_der, value, keyring().root_pem, tmp_path)


def test_pyhanko_trusts_each_signature_and_permits_every_change(signed_by_two: bytes) -> None:
    statuses = judges.pyhanko_accepts(signed_by_two, keyring().root_der, NOW + timedelta(minutes=5))
    assert [status.docmdp_ok for status in statuses] == [True, True, True]
    assert all(status.timestamp_validity is not None for status in statuses)


def test_signatories_approve_and_the_seal_does_not(signed_by_two: bytes) -> None:
    seal, *signatories = judges.extract(signed_by_two)
    assert "commitment_type" not in seal.signed_attributes
    for part in signatories:
        (commitment,) = part.signed_attributes["commitment_type"]
        assert commitment["commitment_type_id"].native == "proof_of_approval"


def test_no_signature_claims_a_time_of_its_own(signed_by_two: bytes) -> None:
    for part in judges.extract(signed_by_two):
        assert "signing_time" not in part.signed_attributes
        assert "signing_certificate_v2" in part.signed_attributes


def test_signatures_carry_their_chain(signed_by_two: bytes) -> None:
    for part in judges.extract(signed_by_two):
        carried = {encoded(choice.chosen) for choice in part.signed_data["certificates"]}
        assert keyring().issuing_der in carried
        assert len(carried) == 2


def test_the_seal_permits_filling_and_signing_only(signed_by_two: bytes) -> None:
    assert signed_by_two.count(b"/TransformMethod /DocMDP") == 1
    statuses = judges.pyhanko_accepts(signed_by_two, keyring().root_der, NOW + timedelta(minutes=5))
    assert statuses[0].docmdp_ok


def test_every_revision_begins_with_the_one_before() -> None:
    base = document()
    certified = sealed()
    first = signed(certified, signatory())
    assert certified.startswith(base)
    assert first.startswith(certified)


def test_without_a_time_stamp_source_the_signature_is_valid_and_has_no_token(tmp_path: Path) -> None:
    path = tmp_path / "b-b.pdf"
    path.write_bytes(signed(sealed(), signatory(), stamped=False))
    judges.pdfsig_accepts(path, 2)
    assert judges.extract(path.read_bytes())[1].token_der is None


def test_what_the_browser_looks_for_is_in_the_signed_attributes() -> None:
    attempt = prepared(sealed(), signatory())
    wanted = bytes.fromhex("06092a864886f70d01090431220420") + attempt.document_digest
    assert attempt.signed_attributes[0] == 0x31
    assert wanted in attempt.signed_attributes


def test_a_signature_in_a_document_without_seal_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "unsealed.pdf"
    path.write_bytes(signed(document(), signatory()))
    judges.pdfsig_accepts(path, 1)
    judges.qpdf_accepts(path)


def test_sixty_four_signatories_in_sequence(tmp_path: Path) -> None:
    fields = tuple(f"Signatory_{number}" for number in range(64))
    document_bytes = sealed(fields)
    for number, field in enumerate(fields):
        document_bytes = signed(document_bytes, signatory(f"Signatory {number}"), field)
    path = tmp_path / "many.pdf"
    path.write_bytes(document_bytes)
    judges.pdfsig_accepts(path, 65)
    judges.qpdf_accepts(path)
    last = judges.extract(document_bytes)[-1]
    judges.openssl_accepts_cms(last, keyring().root_pem, tmp_path)
