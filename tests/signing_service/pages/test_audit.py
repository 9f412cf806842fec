"""The auditor's page: who did what and when, with proofs to take away."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import text

from signing_service.audit.actions import Action
from signing_service.operations import audit_log
from signing_service.pages.audit import CHART_HEIGHT, CHART_WIDTH, growth
from signing_service.pages.entry_words import WORDS
from signing_service.permissions import SYSTEM
from signing_service.worker import run_once
from tests.signing_service.pages.conftest import House

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_entries_newest_first_with_person_agreement_and_details(frozen_house: House) -> None:
    page = frozen_house.signed_in("auditor").open("/audit")
    sealed = next(row for row in page.all("//tbody/tr") if "document.sealed" in row)
    assert "Document sealed by the service" in sealed
    assert "罗安 Luo An" in sealed
    assert "SCA-2020-017" in sealed
    assert "pdf_sha256" in sealed
    numbers = [int(number) for number in page.all("//tbody/tr/th")]
    assert numbers == sorted(numbers, reverse=True)


def test_one_agreement_only(frozen_house: House) -> None:
    auditor = frozen_house.signed_in("auditor")
    page = auditor.press(auditor.open("/audit"), "Show", {"agreement": frozen_house.case.agreement_id})
    rows = page.all("//tbody/tr")
    assert rows
    assert all("SCA-2020-017" in row for row in rows)


def test_older_entries_are_one_press_away(frozen_house: House) -> None:
    auditor = frozen_house.signed_in("auditor")
    page = auditor.open("/audit?before=5")
    assert page.all("//tbody/tr/th") == ["4", "3", "2", "1", "0"]


def test_the_whole_log_is_checked_on_demand(frozen_house: House) -> None:
    run_once(frozen_house.case.services)
    auditor = frozen_house.signed_in("auditor")
    page = auditor.press(auditor.open("/audit"), "Check the whole log")
    assert page.status == 200
    verdict = page.all("//div[contains(@class, 'verdict')]")
    assert verdict
    assert "The log is whole and unchanged" in verdict[0]


def test_a_changed_entry_is_named(frozen_house: House) -> None:
    run_once(frozen_house.case.services)
    with frozen_house.case.services.db.write() as session:
        for trigger in session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            session.execute(text(f"DROP TRIGGER {trigger}"))
        session.execute(text("UPDATE log_entry SET encoded = CAST(replace(encoded, 'legal', 'admin') AS BLOB)"))
    auditor = frozen_house.signed_in("auditor")
    page = auditor.press(auditor.open("/audit"), "Check the whole log")
    verdict = page.all("//div[contains(@class, 'verdict')]")[0]
    assert "The log does not hold" in verdict
    assert "entry 0, person.created: changed" in verdict


def test_proof_checkpoint_and_key_can_be_taken_away(frozen_house: House) -> None:
    run_once(frozen_house.case.services)
    auditor = frozen_house.signed_in("auditor")
    page = auditor.open("/audit")
    assert "/log/1" in page.all("//pre")[0]
    proof = auditor.client.get("/audit/3.tlog-proof")
    assert proof.status_code == 200
    assert proof.mimetype == "text/plain"
    key = frozen_house.stranger().client.get("/audit/log.vkey").get_data(as_text=True)
    assert key.startswith("127.0.0.1:8000/log/1+")
    assert frozen_house.stranger().client.get("/audit/3.tlog-proof").status_code == 401


def test_only_auditors_read_the_log(staffed_house: House) -> None:
    assert staffed_house.signed_in("legal").open("/audit").status == 403
    assert staffed_house.stranger().open("/audit").status == 401


def test_every_action_has_words() -> None:
    assert set(WORDS) == set(Action)


def test_growth_is_a_step_line_over_the_whole_width() -> None:
    found = growth([(NOON + timedelta(minutes=10), 9), (NOON, 4), (NOON + timedelta(minutes=5), 7)])
    assert found is not None
    assert (found.least, found.most, found.first) == (4, 9, NOON)
    corners = [tuple(float(part) for part in corner.split(",")) for corner in found.line.split()]
    assert corners[0] == (0.0, CHART_HEIGHT)
    assert corners[-1][0] == CHART_WIDTH
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners))


def test_one_entry_draws_nothing() -> None:
    assert growth([(NOON, 1)]) is None


def test_a_row_edited_by_hand_is_shown_and_named(frozen_house: House) -> None:
    """SQLite then keeps text where bytes were; the page must not fail over it."""
    edited = frozen_house.case.services.settings.data_dir / "service.sqlite3"
    with sqlite3.connect(edited) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("""UPDATE log_entry SET encoded = replace(encoded, '"v":1', '"v":2') WHERE idx = 5""")
    auditor = frozen_house.signed_in("auditor")
    assert auditor.open("/audit").status == 200
    found = audit_log.check(frozen_house.case.services, SYSTEM)
    assert any(problem.index == 5 for problem in found)
