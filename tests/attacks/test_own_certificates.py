"""Attacks on signatures made outside: each is refused by its own name, nothing is stored, and the seat goes on.

The nine attacks that every custody refuses are in `test_refusals`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO

import pytest
from asn1crypto import pem as asn1_pem
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from keys import own_certificate_errors as refusals
from keys.errors import KeysError
from keys.own_certificates import Authorities
from signing_service.errors import AttemptExpired, CertificateRefused
from signing_service.operations import audit_log, own_certificates, signatures
from tests.factories.case import Case, Seat
from tests.factories.own_programs import (
    OwnProgram,
    authority,
    be_ready,
    own_program,
    own_way,
    prepared,
    revoked,
    round_open,
    taken,
)

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


@contextmanager
def refused(_case: Case, seat: Seat, error: type[Exception]) -> Iterator[None]:
    """Refused by that name; the document is what it was."""
    before = _revisions(seat)
    with pytest.raises(error) as caught:
        yield
    assert caught.type is error
    assert _revisions(seat) == before
    assert seat.board().me.state != "signed"


def _revisions(seat: Seat) -> str:
    with seat.services.db.read() as session:
        return repr(session.connection().exec_driver_sql("SELECT number, sha256 FROM document_revision").all())


def _answer(seat: Seat, attempt: signatures.Ready, answer: bytes) -> signatures.Signed:
    return signatures.complete(seat.services, seat.actor, attempt.attempt_id, answer)


def _of(program: OwnProgram, seat: Seat, attempt: signatures.Ready) -> bytes:
    return program.value(taken(seat, attempt, "attributes.der"))


def test_a_certificate_that_another_signatory_signs_with(doors_open: Case) -> None:
    first, second = doors_open.seats
    for seat in (first, second):
        own_way(doors_open, seat)
    be_ready(first, own_program())
    with refused(doors_open, second, refusals.OwnCertificateTaken):
        be_ready(second, own_program())


def test_another_certificate_than_the_one_that_was_confirmed(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    own_way(doors_open, seat)
    with refused(doors_open, seat, refusals.OwnCertificateNotConfirmed):
        be_ready(seat, own_program(), upload=own_program(name="Somebody Else").certificate)


def test_a_browser_key_at_a_seat_of_an_own_certificate(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    own_way(doors_open, seat)
    with refused(doors_open, seat, CertificateRefused):
        seat.be_ready()


def test_a_value_of_an_earlier_attempt(doors_open: Case) -> None:
    seat, program = round_open(doors_open, own_program()), own_program()
    first = prepared(seat)
    value, cms = _of(program, seat, first), program.cms(taken(seat, first, "bytes.bin"))
    doors_open.services.clock.forward(seconds=2)  # type: ignore[attr-defined]  # the stopped clock of the tests
    second = prepared(seat, "own-key-2")
    with refused(doors_open, seat, refusals.OwnValueWrong):
        _answer(seat, second, value)
    with refused(doors_open, seat, refusals.OtherDigest):
        _answer(seat, second, cms)
    with refused(doors_open, seat, AttemptExpired):
        _answer(seat, first, value)


def _rewritten(document: bytes) -> bytes:
    return document.replace(b"/Type", b"/Typf", 1)


def _with_annotation(document: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(document))
    page = writer.root["/Pages"]["/Kids"][0]
    writer.root["/Pages"]["/Kids"][0]["/Annots"] = generic.ArrayObject()
    writer.update_container(page)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _with_script(document: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(document))
    script = {"/S": generic.NameObject("/JavaScript"), "/JS": generic.TextStringObject("app.alert(1)")}
    writer.root["/OpenAction"] = generic.DictionaryObject({generic.NameObject(k): v for k, v in script.items()})
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (_rewritten, refusals.OldBytesChanged),
        (_with_annotation, refusals.MoreThanASignature),
        (_with_script, refusals.MoreThanASignature),
    ],
)
def test_a_pdf_that_changes_more(doors_open: Case, change: Callable[[bytes], bytes], error: type[KeysError]) -> None:
    seat = round_open(doors_open, own_program())
    attempt = prepared(seat)
    document = taken(seat, attempt, "document.pdf")
    signed = own_program().pdf(document, seat.board().field_name)
    if error is refusals.OldBytesChanged:
        answer = change(signed)
    else:
        answer = own_program().pdf(change(document), seat.board().field_name)
    with refused(doors_open, seat, error):
        _answer(seat, attempt, answer)


def test_a_change_after_the_signature(doors_open: Case) -> None:
    seat = round_open(doors_open, own_program())
    attempt = prepared(seat)
    signed = own_program().pdf(taken(seat, attempt, "document.pdf"), seat.board().field_name)
    with refused(doors_open, seat, refusals.MoreThanASignature):
        _answer(seat, attempt, _with_annotation(signed))
    with refused(doors_open, seat, refusals.OwnSignatureRefused):
        _answer(seat, attempt, signed + b"% trailing\n")


def test_the_field_of_another_signatory(doors_open: Case) -> None:
    seat = round_open(doors_open, own_program())
    attempt = prepared(seat)
    other = doors_open.seats[1].board().field_name
    with refused(doors_open, seat, refusals.OwnSignatureRefused):
        _answer(seat, attempt, own_program().pdf(taken(seat, attempt, "document.pdf"), other))


def test_an_expired_certificate(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    own_way(doors_open, seat)
    with refused(doors_open, seat, refusals.OwnCertificateNotValidNow):
        be_ready(seat, own_program(name="Late", until="20260101000000Z"))


def test_a_revoked_certificate_at_the_seat_and_between_being_ready_and_signing(doors_open: Case) -> None:
    program = own_program(name="Revoked")
    seat = round_open(doors_open, program)
    attempt = prepared(seat)
    value = _of(program, seat, attempt)
    knowing = Authorities((), (_der(revoked(program)),))
    seat.services = replace(seat.services, authorities=knowing)
    with refused(doors_open, seat, refusals.OwnCertificateRevoked):
        own_certificates.look(seat.services, seat.actor, program.certificate)
    with refused(doors_open, seat, refusals.OwnCertificateRevoked):
        _answer(seat, attempt, value)


@pytest.mark.parametrize(
    ("kind", "digest"), [("rsa1024", "sha256"), ("p256", "sha1")], ids=["a key of 1024 bits", "signed with SHA-1"]
)
def test_a_certificate_that_is_too_weak(doors_open: Case, kind: str, digest: str) -> None:
    seat = doors_open.seats[0]
    own_way(doors_open, seat)
    with refused(doors_open, seat, refusals.OwnCertificateTooWeak):
        be_ready(seat, own_program(kind, digest=digest))


def test_a_signature_with_sha1_or_without_its_certificate(doors_open: Case) -> None:
    seat = round_open(doors_open, own_program())
    attempt = prepared(seat)
    covered = taken(seat, attempt, "bytes.bin")
    with refused(doors_open, seat, refusals.WeakDigest):
        _answer(seat, attempt, own_program().cms(covered, "-md", "sha1"))
    with refused(doors_open, seat, refusals.NoCertificateReference):
        _answer(seat, attempt, own_program().cms(covered, cades=False))


def test_an_authority_that_is_not_listed_where_only_listed_ones_count(doors_open: Case) -> None:
    seat = doors_open.seats[0]
    own_way(doors_open, seat)
    seat.services = replace(seat.services, authorities=Authorities(others_too=False))
    with refused(doors_open, seat, refusals.OwnCertificateUnknownIssuer):
        be_ready(seat, own_program())
    root = _der((authority() / "root.pem").read_bytes())
    seat.services = replace(seat.services, authorities=Authorities((root,), others_too=False))
    looked = own_certificates.look(seat.services, seat.actor, own_program().certificate)
    assert looked.certificate.trust == "accepted-anchor"


@pytest.mark.parametrize(
    "rubbish", [b"", b"%PDF-1.7\n", b"\x30\x80", b"0" * 400, b"-----BEGIN CMS-----\nAAAA\n-----END CMS-----"]
)
def test_rubbish_is_refused_recorded_and_the_right_answer_still_counts(doors_open: Case, rubbish: bytes) -> None:
    seat = round_open(doors_open, own_program())
    attempt = prepared(seat)
    with pytest.raises(refusals.OwnSignatureRefused):
        _answer(seat, attempt, rubbish)
    newest = audit_log.entries(doors_open.services, doors_open.staff["auditor"]).entries[0]
    assert newest.type == "signature.failed"
    assert _answer(seat, attempt, _of(own_program(), seat, attempt)).revision == 3


def _der(pem: bytes) -> bytes:
    return bytes(asn1_pem.unarmor(pem)[2])
