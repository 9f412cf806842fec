"""Attack: doing or seeing what is somebody else's. Roles, other people's agreements, the log, its private tiles."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.people import Person
from signing_service.errors import NotPermitted
from signing_service.operations import audit_log, ceremonies
from signing_service.permissions import RULES, Action
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Web, page, problem
from tests.factories import case as cases
from tests.factories import directory
from tests.factories.case import Case

REFUSED = ("access.refused",)

#: (role of the person, what they try) → nobody of that role may; everything needs a role of its own.
TRIED: dict[str, tuple[str, dict[str, str]]] = {
    "start an agreement": ("/agreements/new", {"template_id": "strategic_cooperation"}),
    "change the draft": ("/agreements/{agreement}/draft", {"do": "save", "row_version": "2"}),
    "submit": ("/agreements/{agreement}/submit", {"version_sha256": "0" * 64}),
    "decide": ("/agreements/{agreement}/decision", {"version_sha256": "0" * 64, "verdict": "approve"}),
    "adapt the route": ("/agreements/{agreement}/route", {"do": "save", "row_version": "0"}),
    "delegate": (
        "/delegations",
        {"delegate": "per_0", "begins_on": "2999-01-01", "ends_on": "2999-01-02", "zone": "UTC"},
    ),
    "revoke a delegation": ("/delegations/del_0/revoke", {}),
    "freeze": ("/agreements/{agreement}/freeze", {"version_sha256": "0" * 64}),
    "plan": (
        "/agreements/{agreement}/ceremony",
        {"title_zh": "签", "title_en": "S", "day": "2030-01-01", "time": "10:00", "zone": "UTC"},
    ),
    "send a new link": ("/ceremonies/{ceremony}/invitations", {"invited": "{seat}"}),
    "check the log": ("/audit/check", {}),
    "enter an organisation": ("/organisations/new", {"do": "save", "legal_name.en": "X"}),
    "change an organisation": ("/organisations/{organisation}/edit", {"do": "save", "row_version": "1"}),
    "archive an organisation": ("/organisations/{organisation}/archive", {"do": "archive", "row_version": "1"}),
    "hand in evidence": ("/organisations/{organisation}/evidence", {"about": "x", "dated": "2020-01-01"}),
    "withdraw evidence": ("/organisations/{organisation}/evidence/evd_0/withdraw", {}),
    "import organisations": ("/organisations/import/confirmed", {"table": ""}),
    "take the directory home": ("/organisations/export", {}),
    "withdraw": ("/agreements/{agreement}/withdraw", {"reason": "x", "row_version": "1"}),
    "ask for void": ("/agreements/{agreement}/void", {"reason": "x", "row_version": "1"}),
    "confirm void": ("/agreements/{agreement}/void/confirm", {"ending": "end_1"}),
    "drop void": ("/agreements/{agreement}/void/drop", {"ending": "end_1"}),
    "set the last day": ("/agreements/{agreement}/deadline", {"until_day": "2030-01-01", "row_version": "1"}),
    "amend": ("/agreements/{agreement}/successors/amends", {"number": "SCA-1"}),
    "replace": ("/agreements/{agreement}/successors/supersedes", {"number": "SCA-1"}),
}
MAY = {
    "start an agreement": {"legal", "legal_review"},
    "change the draft": {"legal", "legal_review"},
    "submit": {"legal", "legal_review"},
    "decide": {"legal", "legal_review", "management", "management_2"},
    "adapt the route": {"legal", "legal_review"},
    "delegate": {"legal", "legal_review", "management", "management_2"},
    "revoke a delegation": {"legal", "legal_review", "management", "management_2"},
    "freeze": {"legal", "legal_review", "host"},
    "plan": {"host"},
    "send a new link": {"host"},
    "check the log": {"auditor", "outbox"},
    "enter an organisation": {"legal"},
    "change an organisation": {"legal"},
    "archive an organisation": {"legal"},
    "hand in evidence": {"legal"},
    "withdraw evidence": {"legal"},
    "import organisations": {"legal"},
    "take the directory home": {"legal"},
    "withdraw": {"legal", "legal_review", "host"},
    "ask for void": {"legal", "legal_review"},
    "confirm void": {"legal", "legal_review", "management", "management_2"},
    "drop void": {"legal", "legal_review", "management", "management_2"},
    "set the last day": {"legal", "legal_review", "host"},
    "amend": {"legal", "legal_review"},
    "replace": {"legal", "legal_review"},
}


@pytest.mark.parametrize("who", ["legal", "management", "host", "auditor", "outbox"])
def test_a_role_does_what_it_may_and_nothing_else(web_doors: Web, who: str) -> None:
    case, person = web_doors.case, web_doors.staff(who)
    ids = {
        "agreement": case.agreement_id,
        "ceremony": case.ceremony_id,
        "seat": case.seats[0].actor.signatory_id,
        "organisation": directory.entered(case),
    }
    for name, (path, form) in TRIED.items():
        if who in MAY[name]:
            continue
        filled = {key: value.format(**ids) for key, value in form.items()}
        with nothing_changes(case.services, REFUSED):
            said = page(person.send(path.format(**ids), filled), 403, "service.not_permitted")
        assert "You may not do this" in said, name


def test_a_host_command_needs_the_host(web_doors: Web) -> None:
    body = {"command": "go_live", "expected_version": 2, "command_key": "command-key-1"}
    path = f"/api/v1/ceremonies/{web_doors.case.ceremony_id}/commands"
    for who in ("legal", "management", "auditor", "outbox"):
        person = web_doors.staff(who)
        with nothing_changes(web_doors.case.services, REFUSED):
            problem(person.call(path, body), 403, "service.not_permitted")


@pytest.mark.parametrize("path", ["/log/entries", "/log/proof/0", "/audit", "/audit/0.tlog-proof"])
def test_the_entries_of_the_log_are_for_auditors(web_doors: Web, path: str) -> None:
    seated, legal = web_doors.at_seat(web_doors.case.seats[0]), web_doors.staff("legal")
    with nothing_changes(web_doors.case.services):
        assert web_doors.stranger().open(path).status_code == 401
        assert seated.open(path).status_code == 401
        assert legal.open(path).status_code == 403
    audit_log.publish_checkpoint(web_doors.case.services)
    assert web_doors.staff("auditor").open(path).status_code == 200


def test_tiles_of_entries_are_private_and_hash_tiles_are_not(web_doors: Web) -> None:
    """C2SP tlog-tiles serves `entries` beside the hashes; ours hold what only authorised readers may see."""
    visitor, auditor = web_doors.stranger(), web_doors.staff("auditor")
    audit_log.publish_checkpoint(web_doors.case.services)
    size = int(visitor.open("/log/checkpoint").text.splitlines()[1])
    assert visitor.open(f"/log/tile/0/000.p/{size}").status_code == 200
    with nothing_changes(web_doors.case.services):
        for path in (f"entries/000.p/{size}", "entries/000", "entries/000.p/1"):
            assert visitor.open(f"/log/tile/{path}").status_code == 404
            assert auditor.open(f"/log/tile/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "0/999",
        "0/000.p/0",
        "0/000.p/257",
        "64/000",
        "-1/000",
        "0/../../etc/passwd",
        "0/00",
        "%00",
        "0/000.p/9999999999",
        "ä",
    ],
)
def test_a_tile_that_is_not_there_is_not_found(web_doors: Web, path: str) -> None:
    assert web_doors.stranger().open(f"/log/tile/{path}").status_code == 404


def test_a_proof_that_is_not_there_is_not_found(web_doors: Web) -> None:
    auditor = web_doors.staff("auditor")
    for index in (10**6, 2**63, 2**70):
        assert auditor.open(f"/log/proof/{index}").status_code == 404


def test_what_everybody_may_see_of_the_log_holds_nothing_personal(web_doors: Web) -> None:
    """Checkpoint, key and hash tiles: no name, no address, no id of a person."""
    visitor = web_doors.stranger()
    audit_log.publish_checkpoint(web_doors.case.services)
    seen = visitor.open("/log/checkpoint").data + visitor.open("/log/vkey").data
    size = int(visitor.open("/log/checkpoint").text.splitlines()[1])
    seen += visitor.open(f"/log/tile/0/000.p/{size}").data
    for seat in web_doors.case.seats:
        for secret in (seat.actor.id, seat.actor.name, seat.board().email):
            assert secret.encode() not in seen


def test_a_signatory_reads_the_own_agreement_only(doors_open: Case) -> None:
    """A second agreement is frozen beside: its pages, its PDF and its hashes are not for this signatory."""
    other = cases.frozen(doors_open.services, number="SCA-2020-018", case=doors_open)
    web = Web(doors_open)
    seated = web.at_seat(doors_open.seats[0])
    with doors_open.services.db.read() as session:
        wanted = select(DocumentRevision.sha256).where(DocumentRevision.agreement_id == other.agreement_id)
        foreign = session.scalars(wanted.where(DocumentRevision.kind == "sealed")).one()
    own = seated.seat.document_sha256
    assert own != foreign
    assert seated.open(f"{seated.api}/documents/{own}.pdf").status_code == 200
    with nothing_changes(doors_open.services):
        for path in (f"{foreign}.pdf", f"{foreign}/pages/1.png", f"{foreign}/pages/1.json"):
            problem(seated.open(f"{seated.api}/documents/{path}"), 404, "service.not_found")
        for path in (f"{own}/pages/0.png", f"{own}/pages/999.png", f"{own}/pages/999.json"):
            problem(seated.open(f"{seated.api}/documents/{path}"), 404, "service.not_found")


def test_a_receipt_is_for_who_signed(web_doors: Web) -> None:
    seated = web_doors.at_seat(web_doors.case.seats[0])
    with nothing_changes(web_doors.case.services):
        problem(seated.open(f"{seated.api}/receipt"), 404, "service.not_found")


def test_the_outbox_is_for_operators(web_doors: Web) -> None:
    """It holds links and codes: whoever reads it is everybody."""
    for who in ("legal", "management", "host", "auditor"):
        page(web_doors.staff(who).open("/outbox"), 403, "service.not_permitted")
    page(web_doors.stranger().open("/outbox"), 401)
    assert web_doors.staff("outbox").open("/outbox").status_code == 200


def test_who_was_dismissed_is_out_at_once(staffed: Case) -> None:
    web = Web(staffed)
    legal = web.staff("legal")
    with staffed.services.db.write() as session:
        session.get_one(Person, staffed.staff["legal"].id).active = False
    assert legal.open("/agreements/new").status_code == 401


def test_the_internal_actions_are_for_the_service_itself() -> None:
    for action in (Action.CLOSE, Action.OPERATE):
        assert [rule.__name__ for rule in RULES[action]] == ["system"]


def test_a_refusal_is_recorded_with_what_was_tried(web_doors: Web) -> None:
    """At the door and behind it: who tried what stays in the log, and looking around does not."""
    services, auditor = web_doors.case.services, web_doors.case.staff["auditor"]
    with nothing_changes(services, REFUSED), pytest.raises(NotPermitted):
        ceremonies.conduct_ceremony(services, auditor, web_doors.case.ceremony_id, "go_live", 2)
    visitor = web_doors.staff("auditor")
    with nothing_changes(services, REFUSED):
        page(visitor.send("/agreements/new", {"template_id": "strategic_cooperation"}), 403)
    with nothing_changes(services):
        page(visitor.open("/agreements/new"), 403)
    newest = audit_log.entries(services, auditor).entries[0]
    assert (newest.actor_name, newest.details) == (
        "Ines Falk",
        {"operation": "agreements.start", "reason": "service.not_permitted"},
    )
