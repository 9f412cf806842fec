"""Revocation asked for online: only when wanted, only what is missing, kept as evidence, never inside our own house."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import pytest

from keys.errors import FetchRefused
from keys.timestamping import HttpAuthority
from keys.timestamping.trusted import TrustedSource
from keys.trust.anchors import TrustAnchors
from keys.trust.fetching import Fetcher
from signing_service.pades.complete import complete
from signing_service.pades.prepare import prepare
from signing_service.verification import online
from signing_service.verification.online import Answers, judged_online
from signing_service.verification.replay import replay, replay_without_file
from signing_service.verification.report import Report
from signing_service.verification.verify import verify
from tests.factories.foreign_pki import ForeignPki, running
from tests.signing_service.pades.factory import FIELD_A, Holder, appearance, document
from tests.signing_service.verification.worlds import agreement, codes, only, pki, verdict


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignPki]:
    with running(tmp_path_factory.mktemp("foreign")) as started:
        yield started


def signed(authority: ForeignPki, name: str) -> bytes:
    """B-T, with no revocation information inside."""
    holder = Holder(authority.key(name), authority.certificate(name), (authority.certificate("interm"),))
    prepared = prepare(
        document((FIELD_A,)),
        field_name=FIELD_A,
        certificate_der=holder.certificate_der,
        chain_der=holder.chain_der,
        appearance=appearance("Aino Foreign"),
    )
    stamps = TrustedSource(HttpAuthority(authority.tsa_url), (authority.certificate("root"),))
    return complete(prepared, holder.sign(prepared.signed_attributes), stamps)


@pytest.fixture(scope="module")
def pdf(authority: ForeignPki) -> bytes:
    return signed(authority, "signer")


@dataclass(frozen=True)
class Watched(Fetcher):
    """Lets through what a test allows, and remembers every address that was wanted."""

    wanted: list[str] = field(default_factory=list)

    def _exchange(self, method, url, *rest):
        self.wanted.append(f"{method} {url}")
        return super()._exchange(method, url, *rest)


def through(authority: ForeignPki) -> Watched:
    return Watched(open_for=frozenset({authority.base.removeprefix("http://")}))


def judged(pdf: bytes, root: bytes, fetcher: Fetcher) -> Report:
    def once(answers: Answers) -> Report:
        return verify(
            pdf, name="a.pdf", anchors=TrustAnchors((root,), (root,)), crls_der=answers.crls, ocsps_der=answers.ocsps
        )

    return judged_online(once, fetcher, partial(datetime.now, UTC))


@pytest.fixture(scope="module")
def asked(authority: ForeignPki, pdf: bytes) -> tuple[Report, Watched]:
    fetcher = through(authority)
    return judged(pdf, authority.certificate("root"), fetcher), fetcher


def test_without_it_nothing_is_known_and_with_it_the_signature_passes(authority, pdf, asked) -> None:
    root = authority.certificate("root")
    offline = verify(pdf, name="a.pdf", anchors=TrustAnchors((root,), (root,)))
    assert verdict(only(offline, FIELD_A)) == ("INDETERMINATE", "TRY_LATER")
    assert offline.evidence.fetched == ()
    report, fetcher = asked
    assert verdict(only(report, FIELD_A)) == ("TOTAL_PASSED", None)
    assert [address.split("/")[-2:] for address in fetcher.wanted[:1]] == [["ocsp", "interm"]]


def test_each_question_is_a_step_with_its_source_and_each_answer_is_evidence(asked) -> None:
    report, _ = asked
    steps = [step for step in only(report, FIELD_A).steps if step.code == "online"]
    assert len(steps) >= 3  # the signatory, the issuer, the time stamp authority
    assert all(step.detail.startswith("Source: online. http://127.0.0.1") for step in steps)
    assert [step.n for step in only(report, FIELD_A).steps] == list(range(1, len(only(report, FIELD_A).steps) + 1))
    kept = report.evidence
    assert {one.kind for one in kept.fetched} == {"ocsp", "crl"}
    assert len(kept.ocsps) == 1
    assert kept.crls
    assert all(one.sha256 and one.at for one in kept.fetched)


def test_a_replay_needs_no_network_with_the_file_and_without(asked, pdf) -> None:
    sent = Report.from_json(json.loads(json.dumps(asked[0].to_json())))
    for again in (replay(sent, pdf), replay_without_file(sent)):
        assert verdict(only(again, FIELD_A)) == ("TOTAL_PASSED", None)
        assert again.evidence.fetched == sent.evidence.fetched
        assert [step for step in only(again, FIELD_A).steps if step.code == "online"]


def test_a_revoked_certificate_is_found_out(authority) -> None:
    report = judged(signed(authority, "revoked"), authority.certificate("root"), through(authority))
    assert not report.passed
    assert "signature.revoked" in codes(report)
    assert only(report, FIELD_A).revocation[0].reason == "key_compromise"


def test_behind_the_fence_nothing_is_reached_and_the_report_says_which_address_was_refused(authority, pdf) -> None:
    report = judged(pdf, authority.certificate("root"), Fetcher())
    assert verdict(only(report, FIELD_A)) == ("INDETERMINATE", "TRY_LATER")
    steps = [step.detail for step in only(report, FIELD_A).steps if step.code == "online"]
    assert steps
    assert all("Nothing usable" in detail for detail in steps)


def test_nobody_is_asked_about_a_certificate_of_an_authority_that_is_not_trusted(authority, pdf) -> None:
    """Or any file could make us call any address."""
    fetcher = through(authority)
    report = judged(pdf, pki().anchors.signing[0], fetcher)
    assert verdict(only(report, FIELD_A)) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert fetcher.wanted == []


def test_what_the_file_says_itself_is_not_asked_for() -> None:
    fetcher = Watched()
    report = judged_online(
        lambda _: verify(agreement(), name="a.pdf", anchors=pki().anchors, at=pki().now), fetcher, lambda: pki().now
    )
    assert fetcher.wanted == []
    assert report.evidence.fetched == ()


def test_the_questions_of_one_file_end_with_their_time(authority, pdf, monkeypatch) -> None:
    monkeypatch.setattr(online, "SECONDS", -1.0)
    fetcher = through(authority)
    assert not judged(pdf, authority.certificate("root"), fetcher).passed
    assert fetcher.wanted == []


def test_an_authority_that_knows_get_only_is_asked_by_get(authority, pdf) -> None:
    @dataclass(frozen=True)
    class NoPost(Watched):
        def post(self, url, content, kind):
            raise FetchRefused(host="responder", reason="HTTP 405")

    fetcher = NoPost(open_for=through(authority).open_for)
    report = judged(pdf, authority.certificate("root"), fetcher)
    assert any(one.startswith("GET") and "/ocsp/interm/" in one for one in fetcher.wanted)
    assert report.passed
