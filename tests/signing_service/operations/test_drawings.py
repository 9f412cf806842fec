"""A signatory's drawing: inside what is signed, in the log by its hash only, and gone once it stands in the PDF."""

from __future__ import annotations

import json

from sqlalchemy import select

from signing_service.db.models.audit import LogEntry
from signing_service.db.models.drawings import SeatDrawing
from signing_service.operations import documents, drawings, invitations, refusals, verification
from signing_service.permissions import ANONYMOUS
from signing_service.verification import visible
from tests.factories.case import Case
from tests.factories.handwriting import handwriting, strokes

INK = b"/Ink Do"


def kept(case: Case) -> list[str]:
    """The hashes of the drawings that are kept now."""
    with case.services.db.read() as session:
        return list(session.scalars(select(SeatDrawing.sha256)))


def prepared_with(case: Case) -> list[str | None]:
    """What the log says of the drawing of each signature that was prepared; nothing of any drawing stands elsewhere."""
    with case.services.db.read() as session:
        entries = [json.loads(entry) for entry in session.scalars(select(LogEntry.encoded).order_by(LogEntry.idx))]
    assert not any("[[" in json.dumps(entry, separators=(",", ":")) for entry in entries)
    return [entry["data"].get("drawing_sha256") for entry in entries if entry["type"] == "signature.prepared"]


def newest(case: Case) -> bytes:
    data, _name = documents.download(case.services, case.staff["auditor"], case.agreement_id)
    return data


def test_it_is_signed_with_the_document_and_kept_nowhere_else(round_open: Case) -> None:
    lin, zhou = round_open.seats
    drawings.keep(lin.services, lin.actor, strokes())
    assert drawings.mine(lin.services, lin.actor) == handwriting()
    assert lin.board().drawing == drawings.DrawingOfSeat(offered=True, sha256=handwriting().sha256)
    lin.sign("command-key-1")
    zhou.sign("command-key-2")
    assert prepared_with(round_open) == [handwriting().sha256, None]
    assert kept(round_open) == []
    pdf = newest(round_open)
    assert pdf.count(INK) == 1
    report = verification.by_number(round_open.services, ANONYMOUS, "SCA-2020-017").to_json()
    assert report["document"]["indication"] == "TOTAL_PASSED", report["findings"]
    assert {one["change"] for one in report["revisions"]} == {"original", "signing"}
    assert visible.marks(pdf) == ()


def test_the_newest_drawing_counts_and_one_that_was_taken_back_does_not(round_open: Case) -> None:
    lin, zhou = round_open.seats
    for slant in (0.0, 1.0):
        drawings.keep(lin.services, lin.actor, strokes(slant))
        drawings.keep(zhou.services, zhou.actor, strokes(slant))
    drawings.clear(zhou.services, zhou.actor)
    lin.sign("command-key-1")
    zhou.sign("command-key-2")
    assert prepared_with(round_open) == [handwriting(1.0).sha256, None]


def test_who_declines_leaves_no_drawing_of_anybody(doors_open: Case) -> None:
    for seat in doors_open.seats:
        drawings.keep(seat.services, seat.actor, strokes())
    assert len(kept(doors_open)) == 2
    refusals.decline(doors_open.services, doors_open.seats[0].actor, "The price has changed.")
    assert kept(doors_open) == []


def test_a_new_link_and_a_broken_off_ceremony_leave_none(doors_open: Case) -> None:
    for seat in doors_open.seats:
        drawings.keep(seat.services, seat.actor, strokes())
    invitations.reissue(doors_open.services, doors_open.staff["host"], doors_open.seats[0].actor.signatory_id or "")
    assert len(kept(doors_open)) == 1
    doors_open.command("abort", "The delegations have left.")
    assert kept(doors_open) == []
