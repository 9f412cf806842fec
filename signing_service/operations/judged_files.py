"""Files that strangers had judged: kept sealed for one hour so that their report can be looked at, then deleted.

Nothing of it goes into the log, because a stranger's file is nobody's business here. Who has the address of a result
can read it; nobody else can, the operator included.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import undefer

from signing_service.accounts import envelopes
from signing_service.accounts.tokens import new_token, token_sha256
from signing_service.db.models.judged_files import JudgedFile
from signing_service.errors import ResultGone, TooManyJudged
from signing_service.operations.operation import Act, command, query
from signing_service.permissions import SYSTEM, Action, Actor
from signing_service.services import Services
from signing_service.verification import exhibits as pictures
from signing_service.verification.exhibits import Exhibits
from signing_service.verification.plain_data import from_plain, to_plain
from signing_service.verification.report import Report

KEPT_FOR = timedelta(hours=1)
MOST_BYTES = 2 * 1024**3
"""Of all files together; a file has at most `max_upload_bytes`."""
PDF, REPORT = "pdf", "report"


@dataclass(frozen=True, slots=True)
class Judged:
    """A judged file as its address shows it. `pdf` is empty where only the report was asked for."""

    token: str
    expires_at: datetime
    report: Report
    exhibits: Exhibits
    pdf: bytes = b""

    def state(self, revision: int) -> str:
        """SHA-256 of the file as it was after that revision; empty when it has no such revision."""
        return next((entry.sha256 for entry in self.report.revisions if entry.n == revision), "")

    def upto(self, revision: int) -> bytes:
        """The file as it was after that revision; nothing when it has no such revision."""
        end = next((entry.end for entry in self.report.revisions if entry.n == revision), 0)
        return self.pdf[:end]


def keep(services: Services, actor: Actor, pdf: bytes, report: Report) -> str:
    """Keep a file with its report; returns the token of its address. Raises TooManyJudged."""
    token = new_token()
    told = {"report": report.to_json(), "exhibits": to_plain(pictures.exhibits(pdf, report))}
    packed = zlib.compress(json.dumps(told, ensure_ascii=False).encode())
    _keep(services, actor, token, envelopes.close(token, PDF, pdf), envelopes.close(token, REPORT, packed))
    return token


def shown(services: Services, actor: Actor, token: str, *, with_pdf: bool = False) -> Judged:
    """The report behind an address; raises ResultGone."""
    row = _row(services, actor, token, with_pdf)
    try:
        told: dict[str, Any] = json.loads(zlib.decompress(envelopes.open_(token, REPORT, row.sealed_report)))
        pdf = envelopes.open_(token, PDF, row.sealed_pdf) if with_pdf else b""
        report, carried = Report.from_json(told["report"]), from_plain(Exhibits, told["exhibits"])
    except (envelopes.EnvelopeBroken, ValueError, KeyError) as error:
        raise ResultGone() from error  # damaged, or written by an older version of this program
    return Judged(token, row.expires_at, report, carried, pdf)


def forget(services: Services, actor: Actor, token: str) -> None:
    """Delete a file and its report now; to forget what is gone already is no mistake."""
    try:
        judged = shown(services, actor, token)
    except ResultGone:
        return
    _forget(services, actor, token)
    pictures.remembered.forget({entry.sha256 for entry in judged.report.revisions})


def forget_due(services: Services) -> int:
    """Delete every file whose time is over; returns how many."""
    return _forget_due(services, SYSTEM) if _has_due(services, SYSTEM) else 0


@command(Action.VERIFY, recorded=False)  # a stranger's file leaves no trace in the log
def _keep(act: Act, token: str, sealed_pdf: bytes, sealed_report: bytes) -> None:
    size = len(sealed_pdf) + len(sealed_report)
    kept = act.session.scalar(select(func.coalesce(func.sum(JudgedFile.size), 0))) or 0
    if int(kept) + size > MOST_BYTES:
        raise TooManyJudged()
    act.session.add(
        JudgedFile(
            token_sha256=token_sha256(token),
            created_at=act.now,
            expires_at=act.now + KEPT_FOR,
            size=size,
            sealed_pdf=sealed_pdf,
            sealed_report=sealed_report,
        )
    )


@query(Action.VERIFY)
def _row(act: Act, token: str, with_pdf: bool) -> JudgedFile:
    options = [undefer(JudgedFile.sealed_pdf)] if with_pdf else []
    wanted = select(JudgedFile).where(JudgedFile.token_sha256 == token_sha256(token), JudgedFile.expires_at > act.now)
    row = act.session.scalar(wanted.options(*options))
    if row is None:
        raise ResultGone()
    act.session.expunge(row)
    return row


@command(Action.VERIFY, recorded=False)
def _forget(act: Act, token: str) -> None:
    act.session.execute(delete(JudgedFile).where(JudgedFile.token_sha256 == token_sha256(token)))


@query(Action.OPERATE)
def _has_due(act: Act) -> bool:
    return (
        act.session.scalar(select(JudgedFile.token_sha256).where(JudgedFile.expires_at <= act.now).limit(1)) is not None
    )


@command(Action.OPERATE, recorded=False)
def _forget_due(act: Act) -> int:
    over = select(JudgedFile.token_sha256).where(JudgedFile.expires_at <= act.now)
    gone = list(act.session.scalars(over))
    act.session.execute(delete(JudgedFile).where(JudgedFile.token_sha256.in_(gone)))
    return len(gone)
