"""Values computed ahead, on several processors: the same report, with or without them, and one bad value stays one."""

from __future__ import annotations

import re
import threading
from functools import cache

import pytest
from asn1crypto import cms

from signing_service.verification import values_ahead
from signing_service.verification.plain_values import Question
from signing_service.verification.verify import verify
from tests.signing_service.verification.worlds import SOON, agreement, judge, judge_both_ways, pki

COUNT = 12
pytestmark = pytest.mark.slow


@cache
def many() -> bytes:
    return agreement(COUNT)


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values_ahead.os, "sched_getaffinity", lambda _: {0, 1})


@pytest.fixture
def computing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the threads that computed a value; the first one waits for another to have computed one."""
    seen: list[str] = []
    elsewhere = threading.Event()
    here = threading.current_thread().name
    answer = Question.answer

    def told(question: Question, key: object) -> bool:
        seen.append(threading.current_thread().name)
        if seen[-1] == here:
            elsewhere.wait(timeout=10)
        else:
            elsewhere.set()
        return answer(question, key)

    monkeypatch.setattr(Question, "answer", told)
    return seen


@pytest.mark.usefixtures("two_processors")
def test_every_value_is_computed_once_and_some_of_them_elsewhere(computing: list[str]) -> None:
    report = judge(many())
    assert report.passed
    assert len(set(computing)) == 2
    assert 2 * COUNT < len(computing) < 5 * COUNT


@pytest.mark.usefixtures("two_processors")
def test_the_report_is_the_same_to_the_last_word() -> None:
    assert judge_both_ways(many()).passed


@pytest.mark.usefixtures("two_processors")
def test_one_bad_value_is_one_broken_value() -> None:
    """Those before it hold, those behind it covered other bytes."""
    report = judge_both_ways(changed_in_a_value(many()))
    inner = [entry.sub_indication for entry in report.signatures if entry.integrity == "broken"]
    assert [entry.integrity for entry in report.signatures[:4]] == ["intact"] * 4
    assert inner == ["SIG_CRYPTO_FAILURE", *["HASH_FAILURE"] * (len(report.signatures) - 5)]


def changed_in_a_value(pdf: bytes) -> bytes:
    """One bit of the fifth signature's value changed."""
    written = [found[1] for found in re.finditer(rb"/Contents <([0-9A-F]{1000,})>", pdf)][4]
    signer = cms.ContentInfo.load(bytes.fromhex(written.decode()))["content"]["signer_infos"][0]
    middle = pdf.index(signer["signature"].native.hex().upper().encode()) + 40
    return pdf[:middle] + b"%X" % (int(pdf[middle : middle + 1], 16) ^ 1) + pdf[middle + 1 :]


def test_without_a_thread_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = pki().crls()
    whole = verify(many(), name="a.pdf", anchors=pki().anchors, at=SOON, crls_der=lists)

    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    assert verify(many(), name="a.pdf", anchors=pki().anchors, at=SOON, crls_der=lists) == whole
