"""A language that fell behind stops freezing, visibly, until it follows or a person confirms it; the hash stays."""

from __future__ import annotations

from typing import Any

import pytest

from agreements.clause_errors import NothingStale, TranslationsStale
from agreements.translations import Stale
from signing_service.cli.demo_case import TEMPLATE, flat, sample
from signing_service.db.models.agreements import Agreement, Draft
from signing_service.errors import ChangedMeanwhile
from signing_service.operations import agreements, approvals, documents, drafts, translations, versions
from signing_service.operations.operation import Act, query
from signing_service.operations.packages import template_of
from signing_service.permissions import Action
from tests.factories.case import Case

BACKGROUND = "双方在循环经济领域互补，愿意长期合作。"


@query(Action.DRAFT_EDIT)
def stale(act: Act, agreement_id: str) -> tuple[tuple[Stale, ...], int]:
    """What fell behind in the draft, and the draft's row version."""
    draft = act.session.get_one(Draft, agreement_id)
    template = template_of(act, act.session.get_one(Agreement, agreement_id))
    return translations.stale(draft, template), draft.row_version


def behind(case: Case, agreement_id: str) -> list[tuple[str, str]]:
    return [(one.path, one.lang) for one in stale(case.services, case.staff["legal"], agreement_id)[0]]


def row_version(case: Case, agreement_id: str) -> int:
    return stale(case.services, case.staff["legal"], agreement_id)[1]


def save(case: Case, agreement_id: str, values: dict[str, Any]) -> str:
    """Save the draft and a version of it; returns the version's hash."""
    services, legal = case.services, case.staff["legal"]
    saved = drafts.save(services, legal, agreement_id, flat(values), row_version(case, agreement_id))
    return versions.save(services, legal, agreement_id, saved).sha256


def approve(case: Case, agreement_id: str, sha256: str) -> None:
    approvals.submit(case.services, case.staff["legal"], agreement_id, sha256)
    for who in ("legal_review", "management"):
        approvals.decide(case.services, case.staff[who], agreement_id, "approve", sha256)


@pytest.fixture
def edited(staffed: Case) -> tuple[Case, str, str]:
    """The sample saved once, then its Chinese background edited by itself, saved as version 2 and approved."""
    agreement_id = drafts.start(staffed.services, staffed.staff["legal"], TEMPLATE)
    values = sample()
    save(staffed, agreement_id, values)
    values["background"]["zh-Hans"] = BACKGROUND
    sha256 = save(staffed, agreement_id, values)
    approve(staffed, agreement_id, sha256)
    return staffed, agreement_id, sha256


def test_a_stale_translation_blocks_freezing(edited: tuple[Case, str, str]) -> None:
    case, agreement_id, sha256 = edited
    assert ("background", "en") in behind(case, agreement_id)
    with pytest.raises(TranslationsStale):
        documents.freeze(case.services, case.staff["host"], agreement_id, sha256)
    assert agreements.read(case.services, case.staff["host"], agreement_id).row.state == "approved"


def test_a_confirmation_frees_the_very_same_version(edited: tuple[Case, str, str]) -> None:
    case, agreement_id, sha256 = edited
    for path, lang in behind(case, agreement_id):
        at = row_version(case, agreement_id)
        translations.confirm(case.services, case.staff["legal"], agreement_id, path, lang, at)
    assert behind(case, agreement_id) == []
    assert documents.freeze(case.services, case.staff["host"], agreement_id, sha256).kind == "sealed"


def test_a_confirmation_of_other_words_does_not_free_the_version(edited: tuple[Case, str, str]) -> None:
    """The draft was edited after the version was approved; who confirms the draft has not read the version."""
    case, agreement_id, sha256 = edited
    services, legal = case.services, case.staff["legal"]
    values = sample()
    values["background"]["zh-Hans"] = BACKGROUND.replace("长期", "永久")
    drafts.save(services, legal, agreement_id, flat(values), row_version(case, agreement_id))
    for path, lang in behind(case, agreement_id):
        translations.confirm(services, legal, agreement_id, path, lang, row_version(case, agreement_id))
    with pytest.raises(TranslationsStale):
        documents.freeze(services, case.staff["host"], agreement_id, sha256)


def test_a_confirmation_of_an_older_page_or_of_nothing_is_refused(edited: tuple[Case, str, str]) -> None:
    case, agreement_id, _ = edited
    services, legal = case.services, case.staff["legal"]
    at = row_version(case, agreement_id)
    with pytest.raises(ChangedMeanwhile):
        translations.confirm(services, legal, agreement_id, "background", "en", at - 1)
    with pytest.raises(NothingStale):
        translations.confirm(services, legal, agreement_id, "place", "en", at)
    assert ("background", "en") in behind(case, agreement_id)
