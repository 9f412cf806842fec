"""Closing and renewing where another authority, or a changed one of ours, comes in: certificates of signatories' own,
an imported issuing authority, a seal that was revoked.
"""

from __future__ import annotations

import pytest
from cryptography.x509 import load_der_x509_crl

from keys.keyring import Keyring
from keys.own_certificates import Authorities
from keys.renewal import renew_certificate
from keys.rotation import import_issuing
from keys.seal_replacement import replace_seal
from signing_service.operations import renewals, signatures, status_answers
from signing_service.pades import long_term
from signing_service.permissions import ANONYMOUS, SYSTEM
from signing_service.worker import run_once
from tests.factories import case as cases
from tests.factories import own_programs
from tests.factories.case import Case
from tests.factories.foreign_authority import ForeignAuthority
from tests.factories.installation import MASTER_KEY, StoppedClock
from tests.factories.own_programs import own_program
from tests.signing_service.operations.test_closing import (
    Failing,
    approved,
    freeze,
    judged,
    proof,
    revisions,
    sign_all,
    using,
)
from tests.signing_service.verification.worlds import codes

__all__ = ("approved",)
pytestmark = pytest.mark.parametrize("server", ["sqlite"], indirect=True)


def begun(case: Case) -> None:
    """Everybody gets ready; the host opens the round."""
    for seat in case.seats:
        seat.be_ready()
    case.command("go_live")
    case.command("open_round")


def test_what_a_signatory_signed_with_an_own_certificate_is_renewed_too(doors_open: Case, clock: StoppedClock) -> None:
    """Its authority is known here only as one of signatories' own certificates, or not at all."""
    program = own_program()
    seat = own_programs.round_open(doors_open, program)
    attempt = own_programs.prepared(seat)
    value = program.value(own_programs.taken(seat, attempt, "attributes.der"))
    signatures.complete(seat.services, seat.actor, attempt.attempt_id, value)
    doors_open.seats[1].sign("command-key-2")
    run_once(doors_open.services)
    before = revisions(doors_open)[-1]
    assert before[0] == "closed"
    settings = doors_open.services.settings
    clock.forward(hours=1)
    renew_certificate(settings.keys_dir, MASTER_KEY, "timestamp", clock())
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
    case = using(doors_open, keyring=keyring, timestamps=keyring.timestamp_source)
    assert renewals.renew(case.services, SYSTEM, case.agreement_id)
    assert long_term.levels(revisions(case)[-1][1])[seat.board().field_name] == "B-T"
    known = Authorities((own_programs.authority_root(),), (own_programs.authority_list(),))
    clock.forward(hours=1)
    renew_certificate(settings.keys_dir, MASTER_KEY, "timestamp", clock())
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
    case = using(case, keyring=keyring, timestamps=keyring.timestamp_source, authorities=known)
    assert renewals.renew(case.services, SYSTEM, case.agreement_id)
    assert long_term.levels(revisions(case)[-1][1])[seat.board().field_name] == "B-LTA"


def test_an_agreement_signed_under_an_imported_authority_is_closed_and_renewed(
    doors_open: Case, clock: StoppedClock
) -> None:
    """Its issuing key is ours now, its root is not: that one's list is the operator's to provide."""
    elsewhere = ForeignAuthority("Existing Authority")
    settings = doors_open.services.settings
    keys = {"chain_pem": elsewhere.issuing_pem, "key_pem": elsewhere.issuing_key_pem}
    import_issuing(settings.keys_dir, MASTER_KEY, passphrase=None, now=clock(), **keys)
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
    case = using(doors_open, keyring=keyring, timestamps=keyring.timestamp_source)
    begun(case)
    sign_all(case)
    clock.forward(seconds=2)
    run_once(case.services)
    assert proof(case).waiting_for == "signature.missing_evidence"
    case = using(case, authorities=Authorities(revocation_lists=elsewhere.lists_der()))
    clock.forward(minutes=1)
    run_once(case.services)
    kind, pdf = revisions(case)[-1]
    assert kind == "closed", proof(case)
    assert set(long_term.levels(pdf).values()) == {"B-LTA"}
    report = judged(case, pdf)
    assert report.passed, codes(report)
    signers = {one.signer.issuer for one in report.signatures if one.kind == "signature" and one.signer is not None}
    assert len(signers) == 2, "the seal is from before, the signatories' certificates are from the imported one"
    clock.forward(hours=1)
    renew_certificate(settings.keys_dir, MASTER_KEY, "timestamp", clock())
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
    case = using(case, keyring=keyring, timestamps=keyring.timestamp_source)
    assert renewals.renew(case.services, SYSTEM, case.agreement_id)
    assert judged(case, revisions(case)[-1][1]).passed


def test_what_was_sealed_before_the_seal_was_revoked_is_closed_and_holds(round_open: Case, clock: StoppedClock) -> None:
    settings = round_open.services.settings
    clock.forward(minutes=1)
    old = round_open.services.keyring.seal.certificate_der
    made = replace_seal(settings.keys_dir, MASTER_KEY, "key_compromise", clock())
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
    case = using(round_open, keyring=keyring, timestamps=keyring.timestamp_source)
    crl = load_der_x509_crl(status_answers.revocation_list(case.services, ANONYMOUS, "issuing"))
    assert crl.get_revoked_certificate_by_serial_number(made.serial) is not None
    assert keyring.seal.certificate_der != old
    sign_all(case)
    run_once(case.services)
    kind, pdf = revisions(case)[-1]
    assert kind == "closed", proof(case)
    report = judged(case, pdf)
    assert report.passed, codes(report)


def test_what_was_sealed_without_a_stamp_is_not_closed_once_the_seal_is_revoked(
    approved: Case, clock: StoppedClock
) -> None:
    case = using(approved, timestamps=Failing(approved.services))
    freeze(case)
    settings = case.services.settings
    replace_seal(settings.keys_dir, MASTER_KEY, "key_compromise", clock())
    keyring = Keyring.open(settings.keys_dir, MASTER_KEY, clock=clock)
    case = cases.planned(using(case, keyring=keyring, timestamps=keyring.timestamp_source))
    case.command("open_doors")
    case.seats = [cases.identified(case, link) for link in cases.invitation_links(case)]
    begun(case)
    sign_all(case)
    clock.forward(seconds=2)
    run_once(case.services)
    assert proof(case).waiting_for == "signature.certificate_revoked"
