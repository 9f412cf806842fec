"""Files that continue others: kept as what comes after, read back whole, never believed unseen; up and down again."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import text

from signing_service.db import files, schema
from signing_service.db.session import Database
from signing_service.services import Services

PDF = "application/pdf"
BASE, TAILS = b"%PDF base\n", (b"first\n", b"second\n", b"third\n")


def kept(database: Database) -> list[str]:
    """A base and three files, each continuing the one before; their digests."""
    whole = BASE
    with database.write() as session:
        digests = [files.put(session, BASE, PDF)]
        for tail in TAILS:
            whole += tail
            sha256 = hashlib.sha256(whole).hexdigest()
            files.put_after(session.connection(), digests[-1], tail, sha256, len(whole), PDF)
            digests.append(sha256)
    return digests


def test_they_come_back_whole(services: Services) -> None:
    digests = kept(services.db)
    with services.db.read() as session:
        wholes = [files.get(session, sha256) for sha256 in digests]
        assert files.get_all(session, digests) == dict(zip(digests, wholes, strict=True))
    assert wholes == [b"".join((BASE, *TAILS[:count])) for count in range(4)]


def test_the_end_comes_without_what_is_before(services: Services) -> None:
    digests, whole = kept(services.db), b"".join((BASE, *TAILS))
    with services.db.reading() as transaction:
        for position in range(len(whole) + 2):
            assert files.get_after(transaction.connection, digests[-1], position) == whole[position:]
        with pytest.raises(files.FileMissing):
            files.get_after(transaction.connection, "0" * 64, 0)


def test_an_end_whose_beginning_is_gone_is_not_given_out(services: Services) -> None:
    digests = kept(services.db)
    with services.db.write() as session:
        session.execute(text("DELETE FROM stored_file WHERE sha256 = :sha256"), {"sha256": digests[1]})
    with services.db.reading() as transaction:
        assert files.get_after(transaction.connection, digests[-1], len(BASE + TAILS[0])) == TAILS[1] + TAILS[2]
        with pytest.raises(files.FileMissing):
            files.get_after(transaction.connection, digests[-1], len(BASE))


def test_what_is_kept_is_only_what_comes_after(services: Services) -> None:
    digests = kept(services.db)
    with services.db.read() as session:
        found = session.execute(text("SELECT sha256, length(data) FROM stored_file")).all()
    sizes = {sha256: size for sha256, size in found if sha256 in digests}
    assert [sizes[sha256] for sha256 in digests] == [len(BASE), *map(len, TAILS)]


def test_a_base_that_was_changed_is_not_given_out(services: Services) -> None:
    with services.db.write() as session:
        base = files.put(session, b"other base", PDF)
        sha256 = hashlib.sha256(b"other base and more").hexdigest()
        files.put_after(session.connection(), base, b" and more", sha256, 19, PDF)
    with services.db.write() as session:
        session.execute(
            text("UPDATE stored_file SET data = :data WHERE sha256 = :sha256"), {"data": b"x", "sha256": base}
        )
    with services.db.read() as session, pytest.raises(files.FileMissing):
        files.get(session, sha256)


def test_taking_the_migration_back_puts_them_together(services: Services) -> None:
    digests = kept(services.db)
    schema.downgrade(services.db, "0013")
    with services.db.read() as session:
        rows = session.execute(text("SELECT sha256, data FROM stored_file")).all()
    wholes = {sha256: bytes(data) for sha256, data in rows}
    assert wholes[digests[3]] == BASE + b"".join(TAILS)
    schema.upgrade(services.db)
    with services.db.read() as session:
        assert files.get(session, digests[2]) == BASE + TAILS[0] + TAILS[1]
