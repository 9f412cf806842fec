"""Ceremonies on a real server, as many as a test wants, each with its round open and its signatories ready.

What leads up to the round is done by operations over the same database; for the press the signatories come over HTTP,
with cookies and keys of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import inspect, select

from signing_service.cli.demo_people import SignatoryPerson
from signing_service.cli.demo_server import Server
from signing_service.db import files, schema
from signing_service.db.models.agreements import Agreement, AgreementVersion
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Signatory
from signing_service.ids import new_id
from signing_service.services import Services
from tests.factories import case as cases
from tests.factories.browser_sessions import browser_session
from tests.factories.installation import services_in

COUNTED = ("signature.applied", "round.signed")


@dataclass
class Room:
    """One ceremony with an open round."""

    case: cases.Case
    signatories: list[SignatoryPerson]

    def newest_pdf(self) -> bytes:
        with self.case.services.db.read() as session:
            wanted = select(DocumentRevision.sha256).where(DocumentRevision.agreement_id == self.case.agreement_id)
            newest = session.scalars(wanted.order_by(DocumentRevision.number.desc())).first()
            assert newest is not None
            return files.get(session, newest)

    def log_says(self) -> dict[str, int]:
        """How often the log has what must be there exactly so often."""
        with self.case.services.db.read() as session:
            found = Counter(session.scalars(select(LogEntry.type).where(LogEntry.agreement == self.case.agreement_id)))
        return {kind: found[kind] for kind in COUNTED}


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
        self.frozen = cases.frozen(self.services)

    def open(self, number: int) -> Room:
        """A ceremony of its own, round open, everybody ready."""
        case = cases.planned(self.another(f"SCA-2026-{number:04d}"))
        case.command("open_doors")
        people = [self._ready(case, token) for token in cases.invitation_links(case)]
        case.command("go_live")
        case.command("open_round")
        return Room(case, people)

    def another(self, number: str) -> cases.Case:
        """One more agreement over the same sealed document: drafting and sealing it again would prove nothing here."""
        agreement_id = new_id("agr")
        with self.services.db.write() as session:
            original = session.get_one(Agreement, self.frozen.agreement_id)
            session.add(copy_of(original, id=agreement_id, number=number))
            session.flush()
            for table, prefix in ((AgreementVersion, "ver"), (DocumentRevision, "rev"), (Signatory, "sig")):
                for row in session.scalars(select(table).where(table.agreement_id == original.id)):
                    session.add(copy_of(row, id=new_id(prefix), agreement_id=agreement_id))
        return cases.Case(self.services, self.frozen.staff, agreement_id)

    def _ready(self, case: cases.Case, token: str) -> SignatoryPerson:
        """A signatory who went the whole way to being ready, as a browser that comes back with its cookie."""
        seat, session_token = cases.identified_with_token(case, token)
        seat.be_ready()
        signatory_id = seat.actor.signatory_id
        assert signatory_id is not None
        person = SignatoryPerson(self.server.base_url)
        person.api = f"/api/v1/seats/{signatory_id}"
        person.resume(seat.key, seat.document())
        cookie, person.csrf = browser_session({"seats": {signatory_id: session_token}})
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
