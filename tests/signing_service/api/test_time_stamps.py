"""The built-in time stamp authority over HTTP, and what it answers to rubbish."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import pytest
from asn1crypto import algos, cms, core, tsp

from tests.attacks.conftest import web_doors  # noqa: F401 - a fixture
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Web, problem
from tests.factories.databases import Postgres

QUERY = "application/timestamp-query"


@pytest.fixture
def server() -> Postgres | None:
    """A time stamp needs no database: SQLite is enough here."""
    return None


class Reply(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """TimeStampResp (RFC 3161 §2.4.2): the token is absent in a rejection."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("token", cms.ContentInfo, {"optional": True})]


def request(imprint: bytes, algorithm: str = "sha256") -> bytes:
    return bytes(
        tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {
                    "hash_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
                    "hashed_message": imprint,
                },
                "nonce": 42,
                "cert_req": True,
            }
        ).dump()
    )


def test_anybody_gets_a_stamp_without_a_session(web_doors: Web) -> None:  # noqa: F811
    imprint = hashlib.sha256(b"a document").digest()
    with nothing_changes(web_doors.case.services):
        answer = web_doors.app.test_client().post("/tsa", data=request(imprint), content_type=QUERY)
    assert (answer.status_code, answer.mimetype) == (200, "application/timestamp-reply")
    reply = Reply.load(answer.data)
    assert reply["status"]["status"].native == "granted"
    stamped = reply["token"]["content"]["encap_content_info"]["content"].parsed
    assert stamped["message_imprint"]["hashed_message"].native == imprint
    assert stamped["nonce"].native == 42


@pytest.mark.parametrize("body", [b"", b"rubbish", b"\x30\x80", b"\x30\x03\x02\x01\x01", b"\x00" * 4096])
def test_rubbish_is_rejected_in_the_words_of_the_protocol(web_doors: Web, body: bytes) -> None:  # noqa: F811
    """RFC 3161 §2.4.2: a request that cannot be read is a rejection, not a failure of the server."""
    answer = web_doors.app.test_client().post("/tsa", data=body, content_type=QUERY)
    assert answer.status_code == 200
    reply = Reply.load(answer.data)
    assert reply["status"]["status"].native == "rejection"
    assert reply["status"]["fail_info"].native
    assert isinstance(reply["token"], core.Void)


def test_a_digest_of_another_kind_is_rejected(web_doors: Web) -> None:  # noqa: F811
    body = request(hashlib.sha1(b"a document", usedforsecurity=False).digest(), "sha1")
    answer = web_doors.app.test_client().post("/tsa", data=body, content_type=QUERY)
    assert Reply.load(answer.data)["status"]["status"].native == "rejection"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "", "application/x-www-form-urlencoded"])
def test_another_kind_of_content_is_named(web_doors: Web, kind: str) -> None:  # noqa: F811
    answer = web_doors.app.test_client().post("/tsa", data=request(b"\x00" * 32), content_type=kind)
    assert "application/timestamp-query" in problem(answer, 422, "service.invalid_input")


def test_a_request_that_is_too_long(web_doors: Web) -> None:  # noqa: F811
    answer = web_doors.app.test_client().post("/tsa", data=b"\x30" * 9000, content_type=QUERY)
    problem(answer, 422, "service.invalid_input")


def test_a_stamp_is_not_given_to_a_get(web_doors: Web) -> None:  # noqa: F811
    problem(web_doors.app.test_client().get("/tsa"), 405, "http.405")
