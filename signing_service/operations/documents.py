"""Freezing an approved version into a sealed PDF, and reading what was frozen.

Rendering and sealing happen between two transactions, because the second uses a private key. What the transaction then
stores is checked again: the agreement must still be approved, for the very version that was rendered.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from agreements.deadlines import Deadline
from agreements.lifecycle import Command, State
from agreements.lifecycle import next_state as lifecycle_next
from agreements.party_fields import LONGEST_NAME
from agreements.rendering import RenderedAgreement, page_images, render
from agreements.versions import Version
from keys.errors import TimestampError
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.agreements import DocumentDownloaded, DocumentFrozen, DocumentSealed
from signing_service.audit.details.signatures import SignatureTimestampPending
from signing_service.db import files
from signing_service.db.models.agreements import Agreement
from signing_service.db.models.documents import DocumentRevision
from signing_service.db.models.signatories import Signatory
from signing_service.errors import N_, ChangedMeanwhile, NotFound
from signing_service.ids import new_id
from signing_service.operations import bases, blocking, deadlines, packages, rows, translations, ways
from signing_service.operations.operation import Act, command, query
from signing_service.pades import bases as signable
from signing_service.pades import skeleton
from signing_service.pades.bases import Base
from signing_service.pades.seal import SEAL_FIELD, seal
from signing_service.permissions import Action, Actor
from signing_service.services import Services

PDF = "application/pdf"

#: The language a signatory is first addressed in; they may change it on every page.
LANGUAGE_OF = {"CN": "zh-Hans", "DE": "de", "AT": "de", "FI": "fi"}


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision of the PDF as pages show it."""

    number: int
    kind: str
    sha256: str
    created_at: datetime
    signatory_name: str | None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """The newest revision of an agreement's PDF."""

    sha256: str
    revision: int
    kind: str
    pages: int


@dataclass(frozen=True, slots=True)
class _Freezable:
    number: int
    version: Version
    agreement_no: str


@dataclass(frozen=True, slots=True)
class _Sealed:
    pdf: bytes
    base: Base
    stamp_missing: str


def freeze(
    services: Services, actor: Actor, agreement_id: str, version_sha256: str, deadline: Deadline | None = None
) -> RevisionRow:
    """Render and seal the approved version; returns the sealed revision. `deadline` is the last day for signing.

    Raises `ChangedMeanwhile` when `version_sha256` is not the newest version any more, the lifecycle's error when the
    agreement is not approved, TranslationsStale when a language fell behind, CommentsBlock while a blocking comment is
    open, and the renderer's for a missing glyph.
    """
    plan = _freezable(services, actor, agreement_id, version_sha256)
    verify_url = f"{services.settings.base_url}/verify/{plan.agreement_no}"
    rendered = render(plan.version, number=plan.number, verify_url=verify_url, fonts=services.fonts)
    sealed_pdf, missing = _sealed(services, rendered.pdf)
    base = signable.read(sealed_pdf)
    services.bases.keep(base)
    return _store(services, actor, agreement_id, plan, rendered, _Sealed(sealed_pdf, base, missing), deadline)


def _sealed(services: Services, pdf: bytes) -> tuple[bytes, str]:
    """With a time stamp; without one, and the code of why, when none can be had: the closing stamp proves it later."""
    try:
        return seal(pdf, services.keyring.seal, services.timestamps), ""
    except TimestampError as error:
        return seal(pdf, services.keyring.seal, None), error.code


@query(Action.DOCUMENT_FREEZE)
def _freezable(act: Act, agreement_id: str, version_sha256: str) -> _Freezable:
    row = rows.agreement(act, agreement_id)
    lifecycle_next(State(row.state), Command.FREEZE)
    saved = rows.version_row(act, agreement_id, row.newest_version)
    if saved.sha256 != version_sha256:
        raise ChangedMeanwhile(what=N_("The approved version"))
    translations.require_fresh(act, row)
    blocking.require_none(act, row)
    return _Freezable(saved.number, rows.version(act, agreement_id, saved.number), row.number or row.id)


@command(Action.DOCUMENT_FREEZE)
def _store(
    act: Act,
    agreement_id: str,
    plan: _Freezable,
    rendered: RenderedAgreement,
    made: _Sealed,
    deadline: Deadline | None,
) -> RevisionRow:
    row = rows.agreement_locked(act, agreement_id)
    blocking.require_none(act, row)
    rows.move(act, row, Command.FREEZE)
    if rows.version_row(act, agreement_id, row.newest_version).sha256 != plan.version.sha256:
        raise ChangedMeanwhile(what=N_("The approved version"))
    row.frozen_version = plan.number
    if deadline is not None:
        deadlines.keep(act, row, deadline)
    boxes = [{"name": f.name, "page": f.page, "rect": list(f.rect), "block_id": f.block_id} for f in rendered.fields]
    frozen = _add_revision(act, agreement_id, 1, "frozen", rendered.pdf, boxes)
    sealed = _add_revision(act, agreement_id, 2, "sealed", made.pdf, None)
    sealed.skeleton = bases.row_of(made.base)
    files.put(act.session, skeleton.layout_bytes(made.base.skeleton.layout), bases.JSON)
    _add_signatories(act, row, plan.version)
    act.record(
        Recorded.DOCUMENT_FROZEN,
        DocumentFrozen(
            version=plan.number,
            version_sha256=plan.version.sha256,
            pdf_sha256=frozen.sha256,
            pages=rendered.pages,
            fields=tuple(f.name for f in rendered.fields),
        ),
        agreement=agreement_id,
    )
    custodian = act.services.keyring.seal
    act.record(
        Recorded.DOCUMENT_SEALED,
        DocumentSealed(
            base_sha256=frozen.sha256,
            pdf_sha256=sealed.sha256,
            certificate_sha256=hashlib.sha256(custodian.certificate_der).hexdigest(),
            custody=custodian.kind.value,
        ),
        agreement=agreement_id,
    )
    if made.stamp_missing:
        pending = SignatureTimestampPending(SEAL_FIELD, sealed.sha256, made.stamp_missing)
        act.record(Recorded.SIGNATURE_TIMESTAMP_PENDING, pending, agreement=agreement_id)
    return RevisionRow(sealed.number, sealed.kind, sealed.sha256, sealed.created_at, None)


def _add_revision(
    act: Act, agreement_id: str, number: int, kind: str, pdf: bytes, boxes: list[dict[str, object]] | None
) -> DocumentRevision:
    revision = DocumentRevision(
        id=new_id("rev"),
        agreement_id=agreement_id,
        number=number,
        kind=kind,
        sha256=files.put(act.session, pdf, PDF),
        fields=boxes,
        created_at=act.now,
    )
    act.session.add(revision)
    return revision


def _add_signatories(act: Act, agreement: Agreement, version: Version) -> None:
    holding = packages.template_of(act, agreement).key_holding
    for position, block in enumerate(version.signature_blocks, start=1):
        country = version.parties[block.party_index].country
        act.session.add(
            Signatory(
                id=new_id("sig"),
                agreement_id=agreement.id,
                position=position,
                block_id=block.id,
                field_name=block.field_name,
                party=dict(block.party),
                name=_display_name(block.person_name, block.person_name_latin),
                title=dict(block.person_title),
                email=block.email,
                country=country,
                language=LANGUAGE_OF.get(country, "en"),
                custody=ways.or_default(act.services, holding.get(block.id.rpartition("_")[0], "")).value,
            )
        )


def _display_name(name: str, latin: str | None) -> str:
    """The name in its own script, followed by the Latin form where there is another and a certificate holds both."""
    both = f"{name} {latin}"
    return both if latin and latin != name and len(both) <= LONGEST_NAME else name


@command(Action.DOCUMENT_READ)
def download(act: Act, agreement_id: str) -> tuple[bytes, str]:
    """The newest revision of the PDF and a file name for it; a download is recorded."""
    row = _readable(act, agreement_id)
    newest = rows.head(act, agreement_id)
    act.record(Recorded.DOCUMENT_DOWNLOADED, DocumentDownloaded(newest.kind, newest.sha256), agreement=agreement_id)
    return files.get(act.session, newest.sha256), f"{row.number or row.id}.pdf"


@query(Action.DOCUMENT_READ)
def revision_bytes(act: Act, agreement_id: str, sha256: str) -> bytes:
    """The PDF of one revision of the agreement, named by its SHA-256."""
    _readable(act, agreement_id)
    if all(r.sha256 != sha256 for r in rows.revisions(act, agreement_id)):
        raise NotFound(what=N_("document"))
    return files.get(act.session, sha256)


def page_png(services: Services, actor: Actor, agreement_id: str, sha256: str, page: int, width: int) -> bytes:
    """One page (from 1) as PNG, `width` pixels wide."""
    pdf = revision_bytes(services, actor, agreement_id, sha256)
    _require_page(pdf, page)
    return page_images.page_png(pdf, page - 1, width)


def page_words(
    services: Services, actor: Actor, agreement_id: str, sha256: str, page: int
) -> tuple[page_images.Word, ...]:
    """The words of one page (from 1) with their boxes as fractions of the page."""
    pdf = revision_bytes(services, actor, agreement_id, sha256)
    _require_page(pdf, page)
    return page_images.page_words(pdf, page - 1)


def _require_page(pdf: bytes, page: int) -> None:
    if not 1 <= page <= page_images.page_count(pdf):
        raise NotFound(what=N_("page"))


def _readable(act: Act, agreement_id: str) -> Agreement:
    """The agreement, if the actor may read it: staff every one, a signatory only their own."""
    row = rows.agreement(act, agreement_id)
    if act.actor.kind == "signatory" and rows.signatory(act, act.actor.signatory_id).agreement_id != agreement_id:
        raise NotFound(what=N_("document"))
    return row
