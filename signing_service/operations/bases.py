"""What has to be at hand before a signature can be computed inside a turn: the base of the revision and the stamp.

Both are made outside any transaction and before the turn where that is possible: while the signatory becomes ready, or
when this process first hears of them. In the turn nothing is drawn, parsed or hashed that is longer than a tail.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from keys.custody import CustodyKind, brief
from signing_service.db import files
from signing_service.db.models.documents import DocumentRevision
from signing_service.operations import attempts, seat_drawings, signing_facts
from signing_service.operations.operation import REFUSALS, Act, query
from signing_service.operations.signing_facts import Facts
from signing_service.pades import bases, drawing, skeleton, stamps
from signing_service.pades.appearance import Texts
from signing_service.pades.bases import Base
from signing_service.pades.errors import BaseChanged
from signing_service.pades.prepare import read_ahead
from signing_service.pades.skeleton import EmptyField, Layout
from signing_service.pades.stamps import Stamp
from signing_service.permissions import Action, Actor
from signing_service.services import Services

JSON = "application/json"
SHOWN = ("zh-Hans", "en")
"""The languages of a stamp."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A skeleton as its row has it, and the layout it refers to."""

    skeleton: dict[str, object]
    layout: bytes


@dataclass(frozen=True, slots=True)
class Cold:
    """What this process does not have at hand yet. `pdf` is the whole revision, None when only the stamp is missing;
    `drawing` what the signatory drew for it."""

    field_name: str
    texts: Texts
    sha256: str
    pdf: bytes | None
    kept: Kept | None
    drawing: bytes | None


def at_hand(act: Act, facts: Facts) -> tuple[Base, Stamp | None] | Cold:
    """The base and the stamp of a signatory's next signature, or what is needed to make them."""
    texts = _texts(act.services, facts)
    base = act.services.bases.at(facts.head_sha256)
    if base is None:
        return _cold(act, facts, texts)
    field = base.skeleton.empty_field(facts.field_name)
    stamp = stamps.kept(texts, field, facts.drawing_sha256) if _visible(field) else None
    if stamp is None and _visible(field):
        return Cold(facts.field_name, texts, facts.head_sha256, None, None, _drawing(act, facts))
    return base, stamp


def make(services: Services, cold: Cold) -> None:
    """Make what was missing, outside any transaction.

    Raises `BaseChanged`, `UnreadableDocument`, `TrailingBytes`, `UnknownGlyph`, `StampDoesNotFit` or `FontsNotFound`.
    """
    base = services.bases.at(cold.sha256)
    if base is None and cold.pdf is not None:
        base = _restored(cold.pdf, cold.kept) if cold.kept is not None else bases.read(cold.pdf)
        services.bases.keep(base)
    if base is None:
        return
    field = base.skeleton.empty_field(cold.field_name)
    if _visible(field):
        stamps.drawn(cold.texts, field, drawing.of_bytes(cold.drawing) if cold.drawing else None)


def warm(services: Services, actor: Actor) -> None:
    """Have everything at hand for this signatory; once per process: when they become ready, while they
    wait, or else when they press.

    Raises like `make`, and what the certificate's reader raises.
    """
    if actor.signatory_id is None or actor.signatory_id in services.warmed:
        return
    ahead = _ahead(services, actor)
    if ahead is not None:
        read_ahead(ahead.certificate_der, ahead.chain_der)
        if ahead.cold is not None:
            make(services, ahead.cold)
        services.warmed.add(actor.signatory_id)


def warm_ahead(services: Services, actor: Actor) -> None:
    """The same for one who does not press yet. What cannot be made is told to them when they press."""
    with suppress(*REFUSALS):
        warm(services, actor)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What can be made before the press."""

    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    cold: Cold | None


@query(Action.SIGN)
def _ahead(act: Act) -> _Ahead | None:
    """None for one who has signed already, or cannot sign yet."""
    facts = signing_facts.facts(act, act.actor.signatory_id)
    if facts is None or facts.completed_attempt is not None or facts.certificate is None:
        return None
    found = at_hand(act, facts)
    chain = attempts.chain_of(act, facts.certificate.der, facts.certificate.above)
    return _Ahead(facts.certificate.der, chain, found if isinstance(found, Cold) else None)


def read(act: Act, facts: Facts) -> Base:
    """The base of the newest revision, from its bytes. Raises `BaseChanged` or `UnreadableDocument`."""
    cold = _cold(act, facts, _texts(act.services, facts))
    if cold.pdf is None:
        raise BaseChanged()
    return _restored(cold.pdf, cold.kept) if cold.kept is not None else bases.read(cold.pdf)


def _cold(act: Act, facts: Facts, texts: Texts) -> Cold:
    pdf = files.get(act.session, facts.head_sha256)
    wanted = (DocumentRevision.agreement_id == facts.agreement_id, DocumentRevision.number == facts.head_number)
    row = act.session.scalar(select(DocumentRevision.skeleton).where(*wanted))
    kept = Kept(row, files.get(act.session, str(row["layout"]))) if row else None
    return Cold(facts.field_name, texts, facts.head_sha256, pdf, kept, _drawing(act, facts))


def _drawing(act: Act, facts: Facts) -> bytes | None:
    kept = seat_drawings.of(act, facts.signatory_id) if facts.drawing_sha256 is not None else None
    return kept.strokes if kept is not None else None


def _restored(pdf: bytes, kept: Kept) -> Base:
    return bases.restored(pdf, kept.skeleton, _layout(kept.layout))


@lru_cache(maxsize=128)
def _layout(data: bytes) -> Layout:
    return skeleton.layout_of(data)


def row_of(base: Base) -> dict[str, object]:
    """A base's skeleton as its row keeps it; the layout is a file of its own."""
    return {**skeleton.plain(base.skeleton), "layout": base.skeleton.layout.sha256}


def _visible(field: EmptyField) -> bool:
    return field.width > 0 and field.height > 0


def _texts(services: Services, facts: Facts) -> Texts:
    return Texts(
        name=facts.name,
        party=tuple((lang, facts.party[lang]) for lang in SHOWN if lang in facts.party),
        title=tuple((lang, facts.title[lang]) for lang in SHOWN if lang in facts.title),
        custody=tuple((lang, brief(CustodyKind(facts.custody), lang)) for lang in SHOWN),
        fonts=services.settings.fonts_dir / "pdf",
    )
