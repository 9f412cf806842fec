"""Ceremonies on a real server, as many as a test wants, each with its round open and its signatories ready.

What leads up to the round is done by operations over the same database; for the press the signatories come over HTTP,
with cookies and keys of their own.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from sqlalchemy import select

from signing_service.cli.demo_people import SignatoryPerson
from signing_service.cli.demo_server import Server
from signing_service.db import files, schema
from signing_service.db.models.audit import LogEntry
from signing_service.db.models.documents import DocumentRevision
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


class Rooms:
    """A running server and the rooms on it. Use it with `with`."""

    def __init__(self, folder: Path, keys: Path) -> None:
        self.server = Server(
            folder,
            {
                "SIGNING_SECRET_KEY": "s" * 48,
                "SIGNING_MASTER_KEY": "bW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW0=",
                "SIGNING_LOG_ORIGIN": "127.0.0.1:8000/log/1",
            },
        )
        self.services: Services = services_in(folder, keys, None)
        schema.upgrade(self.services.db)
        self.staffed = cases.staffed(self.services)

    def open(self, number: int) -> Room:
        """A ceremony of its own, round open, everybody ready."""
        case = cases.invited(self.services, number=f"SCA-2026-{number:04d}", case=self.staffed)
        case.command("open_doors")
        people = [self._ready(case, token) for token in cases.invitation_links(case)]
        case.command("go_live")
        case.command("open_round")
        return Room(case, people)

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
