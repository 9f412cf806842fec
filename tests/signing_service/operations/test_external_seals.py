"""A PDF sealed on a platform in China is kept as evidence: the same file by its SHA-256, and never called verified."""

import hashlib
from typing import Any

import pytest

from signing_service import errors
from signing_service import sealed_file_errors as refusals
from signing_service.operations import audit_log, documents, external_seals
from signing_service.operations.external_seals import MOST_BYTES, Offered
from tests.attacks.visitor import Web, page
from tests.factories.case import Case
from tests.factories.sealed_elsewhere import layers, script, sealed, sm2_cms, text_field

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def _add(case: Case, data: bytes, who: str = "host", **more: Any) -> str:
    offered = Offered(data, "盖章协议.pdf", **more)
    return external_seals.add(case.services, case.staff[who], case.agreement_id, offered)


def test_the_file_is_kept_byte_for_byte_and_recorded(frozen: Case) -> None:
    data = sealed()
    before = documents.download(frozen.services, frozen.staff["host"], frozen.agreement_id)[0]
    sha256 = hashlib.sha256(data).hexdigest()
    kept = _add(frozen, data, note="E-seal of the zone", stated_sha256=sha256.upper())
    (row,) = external_seals.of_agreement(frozen.services, frozen.staff["auditor"], frozen.agreement_id)
    assert (row.sha256, row.format, row.name) == (sha256, "gbt-38540", "盖章协议.pdf")
    assert external_seals.read(frozen.services, frozen.staff["auditor"], frozen.agreement_id, kept)[0] == data
    newest = next(
        one
        for one in audit_log.entries(frozen.services, frozen.staff["auditor"]).entries
        if one.type.startswith("external_seal")
    )
    assert newest.type == "external_seal.added"
    assert documents.download(frozen.services, frozen.staff["host"], frozen.agreement_id)[0] == before
    external_seals.withdraw(frozen.services, frozen.staff["host"], frozen.agreement_id, kept, "wrong file")
    (row,) = external_seals.of_agreement(frozen.services, frozen.staff["auditor"], frozen.agreement_id)
    assert row.withdrawn_at is not None


def test_who_signs_sees_what_was_attached(doors_open: Case) -> None:
    """Named with its SHA-256, and called evidence: it is no signature of this agreement."""
    data = sealed()
    kept = _add(doors_open, data)
    withdrawn = _add(doors_open, sealed(sm2_cms()))
    external_seals.withdraw(doors_open.services, doors_open.staff["host"], doors_open.agreement_id, withdrawn, "old")
    seat = doors_open.seats[0]
    (row,) = external_seals.attached(seat.services, seat.actor)
    assert (row.id, row.sha256) == (kept, hashlib.sha256(data).hexdigest())
    said = page(Web(doors_open).at_seat(seat).open(f"/seat/{seat.actor.signatory_id}"), 200)
    assert "Attached as evidence" in said
    assert "盖章协议.pdf" in said
    assert row.sha256 in said
    with pytest.raises(errors.NotPermitted):
        external_seals.attached(seat.services, doors_open.staff["host"])


def test_a_cms_with_sm2_is_told_apart(frozen: Case) -> None:
    _add(frozen, sealed(sm2_cms()))
    (row,) = external_seals.of_agreement(frozen.services, frozen.staff["host"], frozen.agreement_id)
    assert row.format == "sm2-cms"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (lambda: b"%PDF-1.7\nrubbish", refusals.SealedFileUnreadable),
        (lambda: sealed(encrypted=True), refusals.SealedFileEncrypted),
        (lambda: sealed(OpenAction=script()), refusals.SealedFileActive),
        (lambda: sealed(OCProperties=layers()), refusals.SealedFileLayered),
        (lambda: sealed(AcroForm=text_field()), refusals.SealedFileForm),
        (lambda: sealed(b""), refusals.SealedFileUnsealed),
        (lambda: b"0" * (MOST_BYTES + 1), errors.TooLarge),
    ],
    ids=["unreadable", "encrypted", "script", "layers", "text field", "no seal", "too large"],
)
def test_what_is_refused_is_named_and_nothing_is_kept(frozen: Case, data: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        _add(frozen, data())
    assert caught.type is error
    assert external_seals.of_agreement(frozen.services, frozen.staff["host"], frozen.agreement_id) == ()


def test_another_file_than_the_platform_states(frozen: Case) -> None:
    with pytest.raises(refusals.SealedFileOther):
        _add(frozen, sealed(), stated_sha256="0" * 64)


def test_an_auditor_adds_nothing(frozen: Case) -> None:
    with pytest.raises(errors.NotPermitted):
        _add(frozen, sealed(), who="auditor")
