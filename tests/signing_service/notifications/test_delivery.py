"""How mails leave: whole or not at all, once as far as a reader can tell, and again after a failure."""

from __future__ import annotations

import email
import email.policy
import smtplib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from signing_service.db.models.mails import Mail
from signing_service.errors import NotFound
from signing_service.notifications import messages, outbox
from signing_service.notifications.delivery import FolderMailer, Letter, MailNotDelivered, SmtpMailer, mailer
from signing_service.operations import mails, people
from signing_service.permissions import ANONYMOUS
from tests.attacks.unchanged import nothing_changes
from tests.factories.case import Case

LETTER = Letter(
    id="mai_1",
    sender="signing@chengdu.example",
    recipient="lin@aalto.example",
    subject="邀请您签署：战略合作协议",
    body="林知远，您好：\n\nhttps://sign.example/s/t0ken\n",
    created_at=datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
)


class Post:
    """An SMTP server that keeps what it was given, or refuses."""

    def __init__(self, *, fails: bool = False) -> None:
        self.sent: list[Any] = []
        self.calls: list[object] = []
        self.fails = fails

    def __call__(self, host: str, port: int, timeout: float) -> Post:
        self.calls.append((host, port, timeout))
        return self

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def has_extn(self, name: str) -> bool:
        return name == "starttls"

    def starttls(self) -> None:
        self.calls.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.calls.append((user, password))

    def send_message(self, message: Any) -> None:
        if self.fails:
            raise smtplib.SMTPServerDisconnected("gone")
        self.sent.append(message)


def test_a_mail_in_the_folder_is_a_mail(tmp_path: Path) -> None:
    FolderMailer(tmp_path / "mail").deliver(LETTER)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == "mai_1.eml"
    read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (read["To"], read["Subject"]) == (LETTER.recipient, LETTER.subject)
    assert read["Message-ID"] == "<mai_1@chengdu.example>"
    assert read.get_content().replace("\r\n", "\n") == LETTER.body


def test_delivering_twice_is_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        FolderMailer(tmp_path).deliver(LETTER)
    assert [file.name for file in tmp_path.iterdir()] == ["mai_1.eml"]


def test_a_folder_that_cannot_be_written_is_a_named_failure(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(MailNotDelivered):
        FolderMailer(tmp_path / "mail").deliver(LETTER)


def test_over_smtp_with_tls_and_a_password_with_odd_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post()
    monkeypatch.setattr(smtplib, "SMTP", post)
    SmtpMailer("smtp://user%40host:p%3Aw@mail.example:587").deliver(LETTER)
    assert post.calls == [("mail.example", 587, 20), "starttls", ("user@host", "p:w")]
    assert post.sent[0]["Subject"] == LETTER.subject


def test_a_server_that_hangs_up_is_a_named_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP_SSL", Post(fails=True))
    with pytest.raises(MailNotDelivered):
        SmtpMailer("smtps://mail.example").deliver(LETTER)


def test_which_way_mails_go(tmp_path: Path) -> None:
    assert mailer(tmp_path, None) == FolderMailer(tmp_path)
    assert mailer(tmp_path, "smtp://mail.example") == SmtpMailer("smtp://mail.example")


def test_what_waits_leaves_oldest_first_and_once(staffed: Case) -> None:
    for address in ("shen.yue@chengdu.example", "katja.brandt@chengdu.example"):
        people.request_link(staffed.services, ANONYMOUS, address)
    assert mails.deliver_due(staffed.services) == 2
    with nothing_changes(staffed.services):
        assert mails.deliver_due(staffed.services) == 0
    assert len(list(staffed.services.settings.mail_dir.iterdir())) == 2


def test_a_failure_is_kept_with_the_mail_and_tried_again(staffed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    people.request_link(staffed.services, ANONYMOUS, "shen.yue@chengdu.example")
    folder = staffed.services.settings.mail_dir
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where the folder should be")
    assert mails.deliver_due(staffed.services) == 0
    with staffed.services.db.read() as session:
        assert session.query(Mail.failure, Mail.delivered_at).all() == [("FileExistsError", None)]
    folder.unlink()
    assert mails.deliver_due(staffed.services) == 1
    with staffed.services.db.read() as session:
        assert [row.failure for row in session.query(Mail.failure)] == [None]


def test_a_mail_of_an_act_that_failed_is_never_written(staffed: Case) -> None:
    """The mail stands in the act's own transaction: rolled back with it, nobody is told anything."""

    def act(session: Session) -> None:
        message = messages.code(to="a@b.example", name="A", language="en", code="000000", minutes=10)
        outbox.queue(session, message, now=staffed.services.clock())
        session.flush()
        raise RuntimeError("the act failed")

    with nothing_changes(staffed.services), pytest.raises(RuntimeError), staffed.services.db.write() as session:
        act(session)


def test_with_a_mail_server_there_is_no_outbox_to_read_and_no_secret_kept(
    staffed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtplib, "SMTP", Post())
    settings = replace(staffed.services.settings, smtp_url="smtp://mail.example")
    services = replace(staffed.services, settings=settings)
    people.request_link(services, ANONYMOUS, "shen.yue@chengdu.example")
    assert mails.deliver_due(services) == 1
    with services.db.read() as session:
        assert "/enter/" not in session.query(Mail.body).one()[0]
    with pytest.raises(NotFound):
        mails.outbox(services, staffed.staff["outbox"])
