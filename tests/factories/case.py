"""The case of the tests: the demo's people and agreement, brought as far as a test needs it, through the operations."""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from signing_service.cli import demo_case
from signing_service.operations import (
    boards,
    ceremonies,
    documents,
    invitations,
    mails,
    people,
    rehearsals,
    seats,
    signatures,
)
from signing_service.permissions import ANONYMOUS, Actor
from signing_service.services import Services
from signing_service.worker import run_once


@dataclass
class Seat:
    """A signatory with a key of their own, acting through the operations."""

    services: Services
    actor: Actor
    token: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def board(self, language: str = "en") -> boards.SeatBoard:
        return boards.seat(self.services, self.actor, language)

    def read(self) -> None:
        agreement = self.board().board.agreement
        seats.pages_read(self.services, self.actor, range(1, agreement.pages + 1), agreement.document_sha256)

    def ready_request(self, **changes: Any) -> seats.ReadyRequest:
        return ready_request(self.board(), self.key, changes)

    def be_ready(self) -> None:
        seats.join(self.services, self.actor)
        self.read()
        seats.ready(self.services, self.actor, self.ready_request())

    def document(self) -> bytes:
        agreement = self.board().board.agreement
        return documents.revision_bytes(self.services, self.actor, agreement.id, agreement.document_sha256)

    @property
    def document_sha256(self) -> str:
        return self.board().board.agreement.document_sha256

    def prepare(self, command_key: str = "command-key-1") -> signatures.Outcome:
        return signatures.prepare(self.services, self.actor, self.document_sha256, command_key)

    def value(self, prepared: signatures.Ready) -> bytes:
        pdf = signatures.prepared_pdf(self.services, self.actor, prepared.attempt_id)
        return value_over(pdf, prepared, self.key)

    def sign(self, command_key: str = "command-key-1") -> signatures.Signed:
        prepared = self.prepare(command_key)
        assert isinstance(prepared, signatures.Ready), prepared
        return signatures.complete(self.services, self.actor, prepared.attempt_id, self.value(prepared))


def ready_request(
    board: boards.SeatBoard, key: ec.EllipticCurvePrivateKey, changes: Mapping[str, Any]
) -> seats.ReadyRequest:
    """What a browser sends that accepts the sentence on its board with this key; `changes`: what it says otherwise."""
    facts: dict[str, Any] = {
        "csr_der": certification_request(key, board.me.name),
        "challenge_signature": raw_signature(key, b64decode(board.challenge)),
        "consent_text_id": board.consent.text_id,
        "consent_language": board.consent.language,
        "consent_sha256": board.consent.sha256,
        "document_sha256": board.board.agreement.document_sha256,
    }
    return seats.ReadyRequest(**{**facts, **changes})


def value_over(pdf: bytes, prepared: signatures.Ready, key: ec.EllipticCurvePrivateKey) -> bytes:
    """Compare the digest as a browser does, then sign."""
    _, first, second, _ = prepared.byte_range
    digest = hashlib.sha256(pdf[:first] + pdf[second:]).digest()
    assert digest in prepared.signed_attributes, "the attributes are about the document the signatory computed"
    return raw_signature(key, prepared.signed_attributes)


@dataclass
class Case:
    """Everything a test may ask for."""

    services: Services
    staff: Mapping[str, Actor]
    agreement_id: str = ""
    ceremony_id: str = ""
    seats: list[Seat] = field(default_factory=list)

    def command(self, command: str, reason: str = "") -> None:
        version = boards.host(self.services, self.staff["host"], self.ceremony_id).ceremony.version
        ceremonies.conduct_ceremony(self.services, self.staff["host"], self.ceremony_id, command, version, reason)


def staffed(services: Services) -> Case:
    """The operator's people and nothing else."""
    return Case(services, demo_case.actors(services))


def approved(services: Services) -> Case:
    """The sample agreement, approved by both stages."""
    case = staffed(services)
    case.agreement_id, _sha256 = demo_case.approved(services, case.staff, demo_case.sample())
    return case


def frozen(services: Services, *, number: str | None = None, case: Case | None = None) -> Case:
    """The sample agreement, approved by both stages and frozen."""
    case = case or staffed(services)
    values = demo_case.sample()
    if number is not None:
        values["agreement_no"] = number
    agreement_id = demo_case.approved_and_frozen(services, case.staff, values)
    return Case(services, case.staff, agreement_id)


def invited(services: Services, **more: Any) -> Case:
    """The same with a planned ceremony and invitations in the outbox."""
    return planned(frozen(services, **more))


def planned(case: Case) -> Case:
    """Plan the ceremony of a frozen agreement."""
    services = case.services
    case.ceremony_id = ceremonies.plan(
        services,
        case.staff["host"],
        case.agreement_id,
        title=demo_case.CONFERENCE,
        starts_at=services.clock() + timedelta(minutes=30),
        zone=demo_case.ZONE,
    )
    return case


def rehearsing(services: Services, **more: Any) -> Case:
    """Invited, both signatories identified before the day, and a rehearsal running."""
    case = invited(services, **more)
    case.seats = [identified(case, link) for link in invitation_links(case)]
    rehearsals.start(services, case.staff["host"], case.ceremony_id)
    return case


def doors_open(services: Services, **more: Any) -> Case:
    """The same with the doors open and both signatories identified."""
    case = invited(services, **more)
    case.command("open_doors")
    case.seats = [identified(case, link) for link in invitation_links(case)]
    return case


def round_open(services: Services, **more: Any) -> Case:
    """The same with both signatories ready and the round open."""
    case = doors_open(services, **more)
    for seat in case.seats:
        seat.be_ready()
    case.command("go_live")
    case.command("open_round")
    return case


def completed(services: Services, **more: Any) -> Case:
    """The same signed by both and closed by the worker."""
    case = round_open(services, **more)
    for number, seat in enumerate(case.seats):
        seat.sign(f"command-key-{number}")
    run_once(services)
    return case


def invitation_links(case: Case) -> list[str]:
    """The tokens of the newest invitations, in the signatories' order."""
    found = mails.outbox(case.services, case.staff["outbox"], case.agreement_id)
    newest: dict[str, str] = {}
    for mail in reversed([m for m in found if m.kind == "invitation"]):
        newest[mail.recipient] = mail.links[0].rsplit("/", 1)[1]
    return list(newest.values())


def newest_code(case: Case, token: str) -> str:
    """The code in the newest mail for the owner of this link."""
    invitations.send_code(case.services, ANONYMOUS, token)
    code = next(m.code for m in mails.outbox(case.services, case.staff["outbox"]) if m.kind == "code")
    assert code is not None
    return code


def identified(case: Case, token: str) -> Seat:
    """Open the link and enter the code."""
    return identified_with_token(case, token)[0]


def identified_with_token(case: Case, token: str) -> tuple[Seat, str]:
    """The same, with the token of the seat session."""
    invitations.opened(case.services, ANONYMOUS, token)
    found = invitations.identify(case.services, ANONYMOUS, token, newest_code(case, token))
    actor = people.seat_actor(case.services, ANONYMOUS, found.token)
    assert actor is not None
    return Seat(case.services, actor, token), found.token


def certification_request(key: ec.EllipticCurvePrivateKey, name: str) -> bytes:
    """PKCS#10 for a key, DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.DER)


def raw_signature(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """r‖s, 64 bytes, as WebCrypto gives it."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def digits(text: str) -> str:
    """The first six-digit code in a text."""
    found = re.search(r"\b\d{6}\b", text)
    assert found is not None
    return found.group(0)
