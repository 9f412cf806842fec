"""How the boards of `operations.boards` are written as JSON; addresses are added here and nowhere below."""

from __future__ import annotations

from typing import Any

from flask import url_for

from signing_service.accounts.tokens import stage_token
from signing_service.door import actor, services
from signing_service.moments import iso
from signing_service.operations.boards import Board, SeatBoard, SeatTile


def host_json(board: Board) -> dict[str, Any]:
    """The host console's board."""
    ceremony_id = board.ceremony.id
    token = stage_token(services().settings.master_key, ceremony_id)
    return _board(board) | {
        "api": f"/api/v1/ceremonies/{ceremony_id}",
        "events": f"/live/ceremonies/{ceremony_id}/events",
        "me": {"id": actor().id},
        "rehearsal": _preflight(board),
        "stage_url": f"{services().settings.base_url}/stage/{ceremony_id}/{token}",
    }


def _preflight(board: Board) -> dict[str, Any] | None:
    running = board.rehearsal
    if running is None:
        return None
    return {
        "id": running.id,
        "expires_at": iso(running.expires_at),
        "practised": running.practised,
        "seats": {
            one.signatory_id: {
                "opened": one.opened,
                "shown": one.shown,
                "key_made": one.key_made,
                "signed": one.signed_at is not None,
            }
            for one in running.seats.values()
        },
    }


def stage_json(board: Board, token: str) -> dict[str, Any]:
    """The stage's board."""
    ceremony_id = board.ceremony.id
    return _board(board) | {
        "api": f"/api/v1/stage/{ceremony_id}/{token}",
        "events": f"/live/stage/{ceremony_id}/{token}/events",
    }


def rehearsal_json(seat: SeatBoard) -> dict[str, Any]:
    """The board of one who practises: the same shapes at another address."""
    answer = _seat(seat, f"/api/v1/seats/{seat.me.signatory_id}/rehearsal")
    answer["downloads"]["receipt"] = None
    return answer


def seat_json(seat: SeatBoard) -> dict[str, Any]:
    """One signatory's board, with the rehearsal that they may practise in."""
    answer, me, running = (
        _seat(seat, f"/api/v1/seats/{seat.me.signatory_id}"),
        seat.me.signatory_id,
        seat.board.rehearsal,
    )
    if running is not None:
        mine = running.seats.get(me)
        answer["rehearsal"] = {"practised": mine is not None and mine.signed_at is not None}
    return answer


def _seat(seat: SeatBoard, api: str) -> dict[str, Any]:
    board, me = seat.board, seat.me
    document = f"{api}/documents/{board.agreement.document_sha256}"
    signed = me.signed_at is not None
    answer = _board(board)
    answer["agreement"] |= {
        "document_url": f"{document}.pdf",
        "page_url": f"{document}/pages/{{n}}.png?width={{w}}",
        "words_url": f"{document}/pages/{{n}}.json",
    }
    return answer | {
        "api": api,
        "rehearsal": None,
        "events": f"/live/seats/{me.signatory_id}/events",
        "me": _tile(me)
        | {
            "field_name": seat.field_name,
            "email": seat.email,
            "seat_id": seat.seat_id,
            "challenge": seat.challenge,
            "invitation_id": seat.invitation_id,
            "certificate_serial": seat.certificate_serial,
            "outside": seat.outside,
            "pages_read": list(seat.pages_read),
        },
        "consent": {
            "text_id": seat.consent.text_id,
            "language": seat.consent.language,
            "text": seat.consent.text,
            "sha256": seat.consent.sha256,
        },
        "passkey": {
            "offered": seat.passkey.offered,
            "required": seat.passkey.required,
            "rp_id": seat.passkey.rp_id,
            "credential_id": seat.passkey.credential_id,
        },
        "drawing": {"offered": seat.drawing.offered, "sha256": seat.drawing.sha256},
        "downloads": {
            "document": f"{api}/document.pdf" if signed else None,
            "receipt": f"{api}/receipt" if signed else None,
        },
    }


def _board(board: Board) -> dict[str, Any]:
    ceremony, agreement = board.ceremony, board.agreement
    return {
        "ceremony": {
            "id": ceremony.id,
            "title": dict(ceremony.title),
            "state": ceremony.state,
            "version": ceremony.version,
            "starts_at": iso(ceremony.starts_at),
            "zone": ceremony.zone,
            "round_state": ceremony.round_state,
            "host_name": ceremony.host_name,
            "allowed": list(board.allowed),
        },
        "conference": dict(ceremony.title),
        "agreement": {
            "id": agreement.id,
            "number": agreement.number,
            "title": dict(agreement.title),
            "state": agreement.state,
            "version": agreement.version,
            "version_sha256": agreement.version_sha256,
            "document_sha256": agreement.document_sha256,
            "pages": agreement.pages,
            "sign_until": iso(agreement.sign_until_at) if agreement.sign_until_at else None,
        },
        "seats": [_tile(s) for s in board.seats],
        "signed": board.signed,
        "of": len(board.seats),
        "final": _final(board),
        "server_time": iso(board.server_time),
        "last_event": board.last_event,
    }


def _final(board: Board) -> dict[str, str] | None:
    if board.final_sha256 is None:
        return None
    number = board.agreement.number
    return {
        "document_sha256": board.final_sha256,
        "number": number,
        "verify_url": f"{services().settings.base_url}/verify/{number}",
        "qr_url": url_for("qr.code", number=number),
    }


def _tile(tile: SeatTile) -> dict[str, Any]:
    return {
        "signatory_id": tile.signatory_id,
        "party": dict(tile.party),
        "name": tile.name,
        "title": dict(tile.title),
        "state": tile.state,
        "present": tile.present,
        "signed_at": iso(tile.signed_at) if tile.signed_at else None,
        "custody_words": dict(tile.custody_words),
    }
