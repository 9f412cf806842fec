"""Ceremonies on a real server, as many as a test wants, each with its round open and its signatories ready.

What leads up to the round is done once by operations over the same database, and copied; for the press the signatories
come over HTTP, with cookies and keys of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from agreements.rendering import page_images
from keys.issuing.subjects import SubjectFacts
from signing_service.accounts.tokens import new_token, token_sha256
from signing_service.ceremonies.conduct import Seat as Step
from signing_service.cli.demo_people import SignatoryPerson
from signing_service.cli.demo_server import Server
from signing_service.db import files, schema
from signing_service.db.models.agreements import Agreement, AgreementVersion
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.ceremonies import Ceremony, Seat
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Certificate, Consent, Invitation, SeatSession, Signatory
from signing_service.ids import new_id
from signing_service.services import Services
from tests.factories import case as cases
from tests.factories.browser_sessions import browser_session
from tests.factories.installation import services_in

COUNTED = ("signature.applied", "round.signed")


@dataclass(frozen=True)
class Guest:
    """A seated signatory: the token of the seat's session, and the key when one was made for them."""

    signatory_id: str
    token: str
    key: ec.EllipticCurvePrivateKey | None


@dataclass(frozen=True)
class _Seated:
    """The rows of one signatory who is ready."""

    invitation: Invitation
    session: SeatSession
    seat: Seat
    certificate: Certificate
    consent: Consent


_Row = TypeVar("_Row", Invitation, SeatSession, Seat, Certificate, Consent)


def _seated(session: Session, signatory_id: str) -> _Seated:
    def row(table: type[_Row]) -> _Row:
        return session.query(table).filter_by(signatory_id=signatory_id).one()

    return _Seated(row(Invitation), row(SeatSession), row(Seat), row(Certificate), row(Consent))


@dataclass(frozen=True)
class _Pattern:
    """A ceremony whose signatories are all ready, and the state of its agreement."""

    state: str
    ceremony: Ceremony
    seated: list[_Seated]


@dataclass
class Room:
    """One ceremony with an open round."""

    case: cases.Case
    signatories: list[SignatoryPerson]
    guests: list[Guest]

    def newest_pdf(self) -> bytes:
        with self.case.services.db.read() as session:
            wanted = select(DocumentRevision.sha256).where(DocumentRevision.agreement_id == self.case.agreement_id)
            newest = session.scalars(wanted.order_by(DocumentRevision.number.desc())).first()
            assert newest is not None
            return files.get(session, newest)

    def signed_pdf(self) -> bytes:
        """The newest revision that a signature made: what the worker adds when it closes the document is left out."""
        with self.case.services.db.read() as session:
            wanted = select(DocumentRevision.sha256).where(DocumentRevision.agreement_id == self.case.agreement_id)
            signed = wanted.where(DocumentRevision.kind == "signature").order_by(DocumentRevision.number.desc())
            newest = session.scalars(signed).first()
            assert newest is not None
            return files.get(session, newest)

    def log_says(self) -> dict[str, int]:
        """How often the log has what must be there exactly so often."""
        with self.case.services.db.read() as session:
            found = Counter(session.scalars(select(LogEntry.type).where(LogEntry.agreement == self.case.agreement_id)))
        return {kind: found[kind] for kind in COUNTED}


def _of(session: Session, table: Any, agreement_id: str) -> list[Any]:
    """The rows of an agreement, signatories in their order."""
    order = table.position if table is Signatory else table.id
    return list(session.scalars(select(table).where(table.agreement_id == agreement_id).order_by(order)))


def copy_of(row: Any, **changes: Any) -> Any:
    """A new row with the same values but for `changes`."""
    values = {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}
    return type(row)(**{**values, **changes})


class Rooms:
    """A running server and the rooms on it. Use it with `with`."""

    def __init__(self, folder: Path, keys: Path, **environment: str) -> None:
        self.server = Server(
            folder,
            {
                "SIGNING_SECRET_KEY": "s" * 48,
                "SIGNING_MASTER_KEY": "bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=",
                "SIGNING_LOG_ORIGIN": "127.0.0.1:8000/log/1",
                **environment,
            },
        )
        self.services: Services = services_in(folder, keys, None)
        schema.upgrade(self.services.db)
        self.frozen = self.played_from = cases.frozen(self.services)
        self._pattern: _Pattern | None = None

    def open(self, number: int, unready: int = 0) -> Room:
        """A ceremony of its own, round open, everybody ready.

        The first was brought there by the operations; the others are copies of it, each signatory with a key,
        a certificate, a session and a consent of their own. The last `unready` of them are only identified, and the
        round is then for the test to open.
        """
        case = self.another(f"SCA-2026-{number:04d}")
        pattern = self._pattern or self._played()
        self._pattern = pattern
        people: list[SignatoryPerson] = []
        guests: list[Guest] = []
        with self.services.db.write() as session:
            signatories = _of(session, Signatory, case.agreement_id)
            document = next(r.sha256 for r in _of(session, DocumentRevision, case.agreement_id) if r.kind == "sealed")
            shown = files.get(session, document)
            pages = page_images.page_count(shown)
            ceremony = copy_of(pattern.ceremony, id=new_id("cer"), agreement_id=case.agreement_id)
            agreement = session.get_one(Agreement, case.agreement_id)
            agreement.state, case.ceremony_id = pattern.state, ceremony.id
            session.add(ceremony)
            session.flush()
            for place, signatory in enumerate(signatories):
                seated = pattern.seated[place % len(pattern.seated)]
                ready = place < len(signatories) - unready
                guest = self._seat(session, seated, signatory, ceremony.id, pages, document if ready else None)
                guests.append(guest)
                if guest.key is not None:
                    people.append(self._person(guest, guest.key, shown))
        if not unready:
            case.command("open_round")
        return Room(case, people, guests)

    def _seat(
        self,
        session: Session,
        seated: _Seated,
        signatory: Signatory,
        ceremony_id: str,
        pages: int,
        document: str | None,
    ) -> Guest:
        """Seat a signatory as the pattern's is seated; with `document`, ready to sign it."""
        invitation = copy_of(
            seated.invitation, id=new_id("inv"), signatory_id=signatory.id, token_sha256=token_sha256(new_token())
        )
        session.add(invitation)
        session.flush()
        token = new_token()
        mine = {"signatory_id": signatory.id, "invitation_id": invitation.id}
        session.add(copy_of(seated.session, token_sha256=token_sha256(token), **mine))
        seat = copy_of(seated.seat, id=new_id("sea"), ceremony_id=ceremony_id, signatory_id=signatory.id)
        seat.pages_read = list(range(1, pages + 1))
        session.add(seat)
        if document is None:
            seat.state = Step.IDENTIFIED.value
            return Guest(signatory.id, token, None)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = SubjectFacts(signatory.name, signatory.party["en"], signatory.email, signatory.id, signatory.country)
        issued = self.services.keyring.issuing.issue(
            cases.certification_request(key, signatory.name),
            subject,
            invitation_id=invitation.id,
            now=self.services.clock(),
        )
        certified = {"serial": f"{issued.serial:x}", "der": issued.der, "spki_sha256": issued.spki_sha256}
        session.add(copy_of(seated.certificate, **certified, **mine))
        session.add(copy_of(seated.consent, id=new_id("con"), signatory_id=signatory.id, document_sha256=document))
        return Guest(signatory.id, token, key)

    def _played(self) -> _Pattern:
        """A ceremony that went the whole way, up to the moment before its round is opened."""
        case = cases.planned(self.another("SCA-2026-PATTERN", self.played_from))
        case.command("open_doors")
        for token in cases.invitation_links(case):
            cases.identified(case, token).be_ready()
        case.command("go_live")
        with self.services.db.read() as session:
            ceremony = session.get_one(Ceremony, case.ceremony_id)
            state = session.get_one(Agreement, case.agreement_id).state
            seated = []
            for signatory in _of(session, Signatory, case.agreement_id):
                seated.append(_seated(session, signatory.id))
            session.expunge_all()  # to be copied after the session has ended
        return _Pattern(state, ceremony, seated)

    def another(self, number: str, original: cases.Case | None = None) -> cases.Case:
        """One more agreement over the same sealed document: drafting and sealing it again would prove nothing here."""
        agreement_id, original = new_id("agr"), original or self.frozen
        with self.services.db.write() as session:
            agreement = session.get_one(Agreement, original.agreement_id)
            session.add(copy_of(agreement, id=agreement_id, number=number))
            session.flush()
            for table, prefix in ((AgreementVersion, "ver"), (DocumentRevision, "rev"), (Signatory, "sig")):
                for row in session.scalars(select(table).where(table.agreement_id == agreement.id)):
                    session.add(copy_of(row, id=new_id(prefix), agreement_id=agreement_id))
        return cases.Case(self.services, self.frozen.staff, agreement_id)

    def _person(self, guest: Guest, key: ec.EllipticCurvePrivateKey, shown: bytes) -> SignatoryPerson:
        """A signatory as a browser that comes back with its cookie."""
        person = SignatoryPerson(self.server.base_url)
        person.api = f"/api/v1/seats/{guest.signatory_id}"
        person.resume(key, shown)
        cookie, person.csrf = browser_session({"seats": {guest.signatory_id: guest.token}})
        person.http.cookies.set("signing", cookie)
        return person

    def __enter__(self) -> Rooms:
        self.server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()
        self.services.db.close()
