"""Strangers' files on both databases: sealed, found by their token only, gone after an hour."""

from __future__ import annotations

import pytest

from signing_service.errors import ResultGone
from signing_service.operations import judged_files, verification
from signing_service.permissions import ANONYMOUS
from signing_service.services import Services
from signing_service.worker import run_once
from tests.factories.installation import StoppedClock
from tests.signing_service.verification.worlds import basic


def test_kept_for_an_hour_and_given_back_as_it_was(services: Services, clock: StoppedClock) -> None:
    report = verification.upload(services, ANONYMOUS, basic(), "a.pdf", "en")
    token = judged_files.keep(services, ANONYMOUS, basic(), report)
    back = judged_files.shown(services, ANONYMOUS, token, with_pdf=True)
    assert back.pdf == basic()
    assert back.report == report
    assert {one.kind for one in back.exhibits.materials} == {"certificate", "cms"}
    assert judged_files.shown(services, ANONYMOUS, token).pdf == b""
    clock.forward(minutes=59)
    run_once(services)
    assert judged_files.shown(services, ANONYMOUS, token).report == report
    clock.forward(minutes=2)
    with pytest.raises(ResultGone):
        judged_files.shown(services, ANONYMOUS, token)
    run_once(services)
    assert judged_files.forget_due(services) == 0, "the worker has deleted it"


def test_forgetting_twice_is_no_mistake(services: Services) -> None:
    report = verification.upload(services, ANONYMOUS, basic(), "a.pdf", "en")
    first, second = (judged_files.keep(services, ANONYMOUS, basic(), report) for _ in range(2))
    judged_files.forget(services, ANONYMOUS, first)
    judged_files.forget(services, ANONYMOUS, first)
    judged_files.forget(services, ANONYMOUS, "nobody’s")
    with pytest.raises(ResultGone):
        judged_files.shown(services, ANONYMOUS, first)
    assert judged_files.shown(services, ANONYMOUS, second).report == report
