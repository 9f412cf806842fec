"""What the live screens show: seat, host console and stage, each out of committed rows only.

All three are the same facts seen from three places. A name appears on the stage as it stands in the agreement; mail
addresses appear nowhere but on the person's own seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from sqlalchemy import select

from agreements.rendering import page_images
from keys.custody import CustodyKind, words
from signing_service.ceremonies import conduct
from signing_service.ceremonies.consent import ConsentText, sentence
from signing_service.db import files
from signing_service.db.models.audit import LogHead
from signing_service.db.models.ceremonies import Ceremony, Seat
from signing_service.db.models.people import Person
from signing_service.db.models.signatories import Certificate, Signatory
from signing_service.errors import NotFound
from signing_service.operations import drawings, passkeys, preflights, rows, ways
from signing_service.operations.operation import Act, query
from signing_service.operations.preflights import Preflight
from signing_service.permissions import Action

PRESENT_WITHIN = timedelta(seconds=30)
LANGUAGES = ("zh-Hans", "en", "de", "fi")


@dataclass(frozen=True, slots=True)
class SeatTile:
    """One signatory as everybody in the room may see them."""

    signatory_id: str
    party: Mapping[str, str]
    name: str
    title: Mapping[str, str]
    state: str
    present: bool
    signed_at: datetime | None
    custody_words: Mapping[str, str]
    outside: str = "browser"


@dataclass(frozen=True, slots=True)
class CeremonyFacts:
    """The show: titles, state and the version that commands must carry back."""

    id: str
    title: Mapping[str, str]
    state: str
    version: int
    starts_at: datetime
    zone: str
    round_state: str
    host_name: str


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What is being signed: number, version, hashes."""

    id: str
    number: str
    title: Mapping[str, str]
    state: str
    version: int
    version_sha256: str
    document_sha256: str
    pages: int
    sign_until_at: datetime | None
    sign_until_zone: str | None


@dataclass(frozen=True, slots=True)
class Board:
    """One moment of a ceremony. `final_sha256` is set once the document is closed, `rehearsal` while one is running."""

    ceremony: CeremonyFacts
    agreement: AgreementFacts
    seats: tuple[SeatTile, ...]
    allowed: tuple[str, ...]
    final_sha256: str | None
    last_event: int
    server_time: datetime
    rehearsal: Preflight | None = None

    @property
    def signed(self) -> int:
        """How many have signed."""
        return sum(1 for s in self.seats if s.state == conduct.Seat.SIGNED)


@dataclass(frozen=True, slots=True)
class SeatBoard:
    """The board as one signatory sees it, with what only they may know."""

    board: Board
    me: SeatTile
    email: str
    field_name: str
    seat_id: str
    challenge: str
    invitation_id: str
    certificate_serial: str | None
    outside: str
    pages_read: tuple[int, ...]
    consent: ConsentText
    passkey: passkeys.SeatPasskey
    drawing: drawings.DrawingOfSeat
    downloads: Mapping[str, str | None] = field(default_factory=dict)


@query(Action.CEREMONY_HOST)
def host(act: Act, ceremony_id: str) -> Board:
    """The host console's board."""
    return board(act, rows.ceremony(act, ceremony_id))


@query(Action.CEREMONY_WATCH)
def stage(act: Act, ceremony_id: str) -> Board:
    """The stage's board; the stage link names one ceremony and shows no other."""
    if act.actor.kind == "stage" and act.actor.ceremony_id != ceremony_id:
        raise NotFound(what=rows.CEREMONY)
    return board(act, rows.ceremony(act, ceremony_id))


@query(Action.SEAT_TAKE)
def seat(act: Act, language: str | None = None) -> SeatBoard:
    """The board of the signatory who asks; the consent sentence in `language`."""
    return seat_board(act, language)


def seat_board(act: Act, language: str | None) -> SeatBoard:
    """The same inside an operation."""
    signatory = rows.signatory(act, act.actor.signatory_id)
    place = rows.seat(act, signatory.id)
    facts = board(act, rows.ceremony(act, place.ceremony_id))
    me = next(tile for tile in facts.seats if tile.signatory_id == signatory.id)
    certificate = live_certificate(act, signatory.id)
    return SeatBoard(
        board=facts,
        me=me,
        email=signatory.email,
        field_name=signatory.field_name,
        seat_id=place.id,
        challenge=place.challenge,
        invitation_id=act.actor.invitation_id or "",
        certificate_serial=_serial(certificate) if certificate else None,
        outside=ways.of(signatory).outside,
        pages_read=tuple(place.pages_read),
        consent=consent_for(facts.agreement, me, language or signatory.language),
        passkey=passkeys.seat_passkey(act, signatory, act.actor.invitation_id),
        drawing=drawings.of_seat(act, signatory, rows.ceremony(act, place.ceremony_id)),
    )


def consent_for(agreement: AgreementFacts, me: SeatTile, language: str) -> ConsentText:
    """The sentence bound to this version, party and role."""
    return sentence(
        language,
        title=pick(agreement.title, language),
        version=agreement.version,
        short_hash=agreement.version_sha256[:12],
        party=pick(me.party, language),
        role=pick(me.title, language),
        way=me.outside,
    )


def _serial(certificate: Certificate) -> str:
    """The serial number that stands in it, hexadecimal."""
    if certificate.issued_here:
        return certificate.serial
    return f"{x509.load_der_x509_certificate(certificate.der).serial_number:x}"


def live_certificate(act: Act, signatory_id: str) -> Certificate | None:
    """The signatory's certificate that is neither revoked nor expired."""
    return act.session.scalar(
        select(Certificate)
        .where(
            Certificate.signatory_id == signatory_id,
            Certificate.revoked_at.is_(None),
            Certificate.not_after > act.now,
        )
        .order_by(Certificate.not_before.desc())
        .limit(1)
    )


def board(act: Act, ceremony: Ceremony) -> Board:
    """The facts of one ceremony as they stand in this transaction."""
    agreement = rows.agreement(act, ceremony.agreement_id)
    rows.signatories(act, ceremony.agreement_id)  # all in one statement; each tile then finds its own
    tiles = tuple(_tile(act, s) for s in rows.seats(act, ceremony.id))
    newest = rows.head(act, ceremony.agreement_id)
    someone_signed = any(t.state == conduct.Seat.SIGNED for t in tiles)
    return Board(
        ceremony=_ceremony(act, ceremony),
        agreement=_agreement(act, ceremony.agreement_id),
        seats=tiles,
        allowed=tuple(
            c.value
            for c in conduct.allowed(
                ceremony.state, ceremony.round_state, someone_signed=someone_signed, ended=rows.has_ended(agreement)
            )
        ),
        final_sha256=newest.sha256 if newest.kind == "closed" else None,
        last_event=(act.session.scalar(select(LogHead.size)) or 0) - 1,
        server_time=act.now,
        rehearsal=preflights.of(act, ceremony),
    )


def pick(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, or in English, or in any language there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _ceremony(act: Act, ceremony: Ceremony) -> CeremonyFacts:
    return CeremonyFacts(
        id=ceremony.id,
        title=ceremony.title,
        state=ceremony.state,
        version=ceremony.row_version,
        starts_at=ceremony.starts_at,
        zone=ceremony.zone,
        round_state=ceremony.round_state,
        host_name=act.session.get_one(Person, ceremony.host_id).name,
    )


def _agreement(act: Act, agreement_id: str) -> AgreementFacts:
    row = rows.agreement(act, agreement_id)
    number = row.frozen_version or row.newest_version
    shown = rows.sealed(act, agreement_id)
    return AgreementFacts(
        id=row.id,
        number=row.number or row.id,
        title=row.title,
        state=row.state,
        version=number,
        version_sha256=rows.version_row(act, agreement_id, number).sha256,
        document_sha256=shown.sha256,
        pages=_pages(act, shown.sha256),
        sign_until_at=row.sign_until_at,
        sign_until_zone=row.sign_until_zone,
    )


#: Page counts by content hash: immutable, so remembering them is safe.
_PAGES: dict[str, int] = {}


def _pages(act: Act, sha256: str) -> int:
    if sha256 not in _PAGES:
        _PAGES[sha256] = page_images.page_count(files.get(act.session, sha256))
    return _PAGES[sha256]


def _tile(act: Act, seat: Seat) -> SeatTile:
    signatory = act.session.get_one(Signatory, seat.signatory_id)
    seen, custody = seat.last_seen_at, CustodyKind(signatory.custody)
    return SeatTile(
        signatory_id=signatory.id,
        party=signatory.party,
        name=signatory.name,
        title=signatory.title,
        state=seat.state,
        present=seen is not None and act.now - seen <= PRESENT_WITHIN,
        signed_at=seat.signed_at,
        custody_words={lang: words(custody, lang, ahead=seat.signed_at is None) for lang in LANGUAGES},
        outside=ways.of(signatory).outside,
    )
