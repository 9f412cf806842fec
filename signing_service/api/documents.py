"""A signatory's document: the PDF, its page images and words, the signed PDF, the receipt."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from agreements.rendering.page_images import Word
from signing_service.door import actor, door, services
from signing_service.errors import N_, NotFound
from signing_service.operations import audit_log, documents, passkey_evidence, seats
from signing_service.permissions import Action

WIDTHS = (200, 2400)
IMMUTABLE = "private, max-age=86400, immutable"

blueprint = Blueprint("api_documents", __name__, url_prefix="/api/v1/seats/<signatory_id>")


@door(blueprint, "/documents/<sha256>.pdf", Action.SEAT_TAKE)
def pdf(signatory_id: str, sha256: str) -> Response:
    """One revision, named by its hash."""
    data = documents.revision_bytes(services(), actor(), seats.my_agreement(services(), actor()), sha256)
    return as_lasting(Response(data, mimetype="application/pdf"))


@door(blueprint, "/documents/<sha256>/pages/<int:page>.png", Action.SEAT_TAKE)
def page_image(signatory_id: str, sha256: str, page: int) -> Response:
    """One page as an image, `?width=` pixels wide."""
    agreement_id = seats.my_agreement(services(), actor())
    png = documents.page_png(services(), actor(), agreement_id, sha256, page, page_width())
    return as_lasting(Response(png, mimetype="image/png"))


@door(blueprint, "/documents/<sha256>/pages/<int:page>.json", Action.SEAT_TAKE)
def page_words(signatory_id: str, sha256: str, page: int) -> Response:
    """The words of one page with their boxes as fractions of the page, for reading and selecting."""
    agreement_id = seats.my_agreement(services(), actor())
    return words_json(documents.page_words(services(), actor(), agreement_id, sha256, page))


@door(blueprint, "/document.pdf", Action.DOCUMENT_READ)
def newest(signatory_id: str) -> Response:
    """The newest revision, with every signature stored so far."""
    data, name = documents.download(services(), actor(), seats.my_agreement(services(), actor()))
    return as_attached(Response(data, mimetype="application/pdf"), name)


@door(blueprint, "/receipt", Action.DOCUMENT_READ)
def receipt(signatory_id: str) -> Response:
    """What proves one's own signature: the log entry's exact bytes, its inclusion proof, what a passkey confirmed."""
    index = seats.my_log_index(services(), actor())
    if index is None:
        raise NotFound(what=N_("receipt"))
    entry, proof = audit_log.receipt(services(), actor(), index)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        parts: dict[str, Any] = {
            f"entry-{index}.json": entry,
            f"entry-{index}.tlog-proof": proof,
            "log.vkey": f"{audit_log.verifier_key(services())}\n",
            **passkey_evidence.mine(services(), actor()),
        }
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return as_attached(Response(packed.getvalue(), mimetype="application/zip"), f"receipt-{index}.zip")


def page_width() -> int:
    """`?width=` of a page image, in pixels, within what is drawn."""
    wanted = request.args.get("width", 1000, type=int) or 1000
    return max(WIDTHS[0], min(WIDTHS[1], wanted))


def words_json(found: Sequence[Word]) -> Response:
    """Words with their boxes."""
    body = {"words": [{"text": w.text, "x0": w.x0, "y0": w.y0, "x1": w.x1, "y1": w.y1} for w in found]}
    return as_lasting(Response(json.dumps(body, ensure_ascii=False), mimetype="application/json"))


def as_lasting(response: Response) -> Response:
    """What is named by its hash never changes."""
    response.headers["Cache-Control"] = IMMUTABLE
    return response


def as_attached(response: Response, name: str) -> Response:
    """To be kept under a name."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
