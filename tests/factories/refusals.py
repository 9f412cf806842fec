"""What every custody has to refuse: nine attacks, each tried on every seat of one room, with the code each got.

A refusal counts only when the seat has no revision of the document. What makes no sense for a custody says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from agreements.errors import AgreementError
from keys.custody import CustodyKind
from keys.errors import KeysError
from keys.issuing.subjects import SubjectFacts
from keys.software import SoftwareSeal
from keys.timestamping import HttpAuthority
from keys.timestamping.trusted import TrustedSource
from signing_service.db import files
from signing_service.db.models.documents import DocumentRevision
from signing_service.errors import ServiceError
from signing_service.pades.complete import complete
from signing_service.pades.errors import PadesError
from signing_service.pades.prepare import prepare
from signing_service.pades.prepared import Prepared
from signing_service.pades.seal import SEAL_FIELD, seal
from signing_service.permissions import Actor
from signing_service.services import Services
from tests.factories import every_custody as every
from tests.factories.attacks_on_seats import Attacks
from tests.factories.case import certification_request
from tests.factories.every_custody import Chair, Kind, Room
from tests.factories.installation import StoppedClock
from tests.factories.providers import RunningProvider
from tests.factories.tokens import SoftHsm
from tests.keys.timestamping.peer import serving, with_another_nonce

BROWSER, PASSKEY = CustodyKind.BROWSER_HELD, CustodyKind.BROWSER_HELD_PASSKEY
OWN, PROVIDER, TOKEN = CustodyKind.OWN_CERTIFICATE, CustodyKind.REMOTE_PROVIDER, CustodyKind.PKCS11

KINDS: tuple[Kind, ...] = (
    Kind(TOKEN, "", "P-256"),
    Kind(BROWSER, "", "P-256"),
    Kind(PASSKEY, "", "P-256"),
    Kind(OWN, "value", "P-256"),
    Kind(OWN, "CMS", "P-256"),
    Kind(OWN, "PDF", "P-256"),
    Kind(PROVIDER, "CSC v1", "P-256"),
)
SPARE = Kind(BROWSER, "", "P-256")
"""Two more signatories, who sign or take the turn in between."""

ATTACKS = (
    "another person's certificate",
    "the wrong key",
    "a value over another digest",
    "a replayed value",
    "an expired lease",
    "a stale base",
    "an upload whose old bytes differ",
    "a revoked certificate",
    "a time stamp with the wrong nonce",
)
NOT_HERE = {
    ("a value over another digest", TOKEN): "the service gives the module what it signs",
    ("a replayed value", TOKEN): "the service gives the module what it signs",
    **{
        ("an upload whose old bytes differ", custody): "no document is uploaded"
        for custody in (BROWSER, PASSKEY, PROVIDER, TOKEN)
    },
}
NOT_FOR = {("an upload whose old bytes differ", form): "no document is uploaded" for form in ("value", "CMS")}


@dataclass(frozen=True)
class Refusal:
    """One attack on one custody; `code` is what it got, or `reason` says why it makes no sense there."""

    attack: str
    custody: str
    code: str
    reason: str = ""


class NothingRefused(Exception):
    """An attack went through."""


def refusals(
    services: Services, staff: Mapping[str, Actor], folder: Path, holders: Holders, clock: StoppedClock
) -> Iterator[Refusal]:
    """Every attack on every seat of a new agreement, and on the service's own seal.

    `services` go by the stopped `clock`; `folder` takes files of the holders: a hardware module and a provider.
    """
    kinds = (*KINDS, SPARE, SPARE)
    outside = every.Outside(folder, *holders, kinds, people="Kim")
    services = every.services_for(services, outside)
    case = every.frozen(services, staff, kinds, "SCA-2026-103")
    yield from _on_seats(every.doors_open(case, outside, kinds), clock)
    with services.db.read() as session:
        first = select(DocumentRevision.sha256).where(DocumentRevision.agreement_id == case.agreement_id)
        frozen = files.get(session, session.scalars(first.where(DocumentRevision.number == 1)).one())
    yield from _on_the_seal(services, frozen)


def _on_seats(room: Room, clock: StoppedClock) -> Iterator[Refusal]:
    """The doors are open and nobody is ready."""
    under = Attacks(room, clock)

    def each(attack: str, tried: Callable[[Chair], object], chairs: Sequence[Chair] | None = None) -> Iterator[Refusal]:
        for chair in chairs or under.chairs:
            custody, form = chair.kind.custody, chair.kind.form
            reason = NOT_HERE.get((attack, custody)) or NOT_FOR.get((attack, form)) or ""
            yield Refusal(attack, chair.kind.name, "" if reason else _code_at(chair, tried), reason)

    signing = [chair for chair in under.chairs if chair.passkey_wanted or chair.kind.form in ("CMS", "PDF")]
    yield from each(ATTACKS[0], under.another_certificate, [c for c in under.chairs if c not in signing])
    room.open_round()
    yield from each(ATTACKS[0], under.another_signer, signing)
    yield from each(ATTACKS[1], under.wrong_key)
    yield from each(ATTACKS[2], under.other_digest)
    yield from each(ATTACKS[3], under.replayed)
    yield from each(ATTACKS[4], under.too_late)
    stale = {chair.kind: under.answered(chair) for chair in under.chairs}
    clock.forward(minutes=2)
    under.spare.sign()
    yield from each(ATTACKS[5], lambda chair: chair.complete(*stale[chair.kind]))
    yield from each(ATTACKS[6], under.old_bytes)
    yield from each(ATTACKS[7], under.revoked)
    yield from each(ATTACKS[8], under.wrong_nonce)


def _on_the_seal(services: Services, frozen_pdf: bytes) -> Iterator[Refusal]:
    """It has no seat, so that only what reaches the file can go wrong."""
    custodian, other = services.keyring.seal, ec.generate_private_key(ec.SECP256R1())

    def prepared(minute: int = 0) -> Prepared:
        mine, chain = custodian.certificate_der, tuple(custodian.chain_der)
        at = services.clock() + timedelta(minutes=minute)
        return prepare(frozen_pdf, field_name=SEAL_FIELD, certificate_der=mine, chain_der=chain, certify=True, at=at)

    later = prepared(1)
    by_other = other.sign(later.signed_attributes, ec.ECDSA(hashes.SHA256()))
    earlier = custodian.sign(prepared().signed_attributes)
    theirs = services.keyring.issuing.issue(
        certification_request(other, "Somebody Else"),
        SubjectFacts("Somebody Else", "Elsewhere", "else@example.org", "SIG-2", "FI"),
        invitation_id="inv_1",
        now=services.clock(),
    )
    stranger = SoftwareSeal(ec.generate_private_key(ec.SECP256R1()), theirs.der, theirs.chain_der)
    keyring = services.keyring
    with serving(with_another_nonce(keyring.timestamp_authority)) as peer:
        authority = TrustedSource(
            HttpAuthority(peer.url, clock=services.clock), keyring.roots_der, clock=services.clock
        )
        tries: dict[str, Callable[[], object]] = {
            ATTACKS[0]: lambda: seal(frozen_pdf, stranger, None),
            ATTACKS[1]: lambda: complete(later, by_other, None),
            ATTACKS[2]: lambda: complete(later, custodian.sign(b"\x31\x00"), None),
            ATTACKS[3]: lambda: complete(later, earlier, None),
            ATTACKS[8]: lambda: seal(frozen_pdf, custodian, authority),
        }
        for attack in ATTACKS:
            tried = tries.get(attack)
            code = _code_of(tried) if tried is not None else ""
            reason = REPLACED if attack == ATTACKS[7] else NO_SEAT
            yield Refusal(attack, CustodyKind.SOFTWARE_SEAL.value, code, "" if code else reason)


Holders = tuple[SoftHsm, RunningProvider]
REPLACED = "it is replaced when it is revoked (keys replace-seal)"
NO_SEAT = "it is made in one step, before there is a seat"


def _code_of(tried: Callable[[], object]) -> str:
    try:
        tried()
    except (KeysError, PadesError) as refused:
        return refused.code
    raise NothingRefused(CustodyKind.SOFTWARE_SEAL.value)


def _code_at(chair: Chair, tried: Callable[[Chair], object]) -> str:
    try:
        said = tried(chair)
    except (KeysError, PadesError, ServiceError, AgreementError) as refused:
        if _has_signed(chair):
            raise NothingRefused(chair.kind.name) from refused
        return refused.code
    if isinstance(said, str):
        return said
    raise NothingRefused(chair.kind.name)


def _has_signed(chair: Chair) -> bool:
    with chair.seat.services.db.read() as session:
        wanted = select(DocumentRevision.id).where(DocumentRevision.signatory_id == chair.seat.actor.signatory_id)
        return session.scalars(wanted).first() is not None
