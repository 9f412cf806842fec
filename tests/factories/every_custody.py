"""One room in which every way of signing has a seat: browser, passkey, own program, hardware module, provider.

Everything goes through the operations; keys outside the service are held by real programs: openssl and pyHanko, a token
of SoftHSM2, a provider in a process of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml
from cryptography.hazmat.primitives.serialization import Encoding
from pkcs11 import Attribute, ObjectClass

from agreements.templates import LIBRARY
from keys.custody import CustodyKind
from keys.held_elsewhere import HeldElsewhere
from keys.holders import KeyHolders, SealSettings
from keys.own_certificates import Authorities
from keys.passkeys import Site
from keys.pkcs11_ceremony import KeyKind, create_key, store_certificate
from keys.pkcs11_token import Token
from keys.timestamping import HttpAuthority, TimestampSource
from signing_service.cli import demo_case
from signing_service.operations import agreements, custodies, mails, passkey_answers, signatures
from signing_service.services import Services
from tests.factories import case as cases
from tests.factories import held_keys as held
from tests.factories.authenticator import Authenticator, set_up
from tests.factories.case import Case, Seat
from tests.factories.foreign_authority import ForeignAuthority
from tests.factories.own_programs import OwnProgram, authority_list, authority_root, be_ready, own_program, taken
from tests.factories.own_programs import prepared as asked
from tests.factories.providers import RunningProvider
from tests.factories.tokens import SoftHsm
from tests.peers.csc_people import PEOPLE

SITE = Site("localhost", "http://localhost:8000")
SAMPLE = LIBRARY / "strategic_cooperation" / "samples" / "three_parties.yaml"
NOBODY = "http://127.0.0.1:9/tsa"
"""The port of discard: no time stamp authority listens there."""

KEY_KINDS = {"P-256": KeyKind.P256, "P-384": KeyKind.P384, "RSA-3072": KeyKind.RSA3072}
PROGRAM_KINDS = {"P-256": "p256", "P-384": "p384", "RSA-2048": "rsa2048", "RSA-3072": "rsa3072"}
PEOPLE_OF = {person.account: person for person in PEOPLE}
CREDENTIALS = {
    ("CSC v1", "P-256"): ("matti@example.fi", "matti-ec"),
    ("CSC v1", "RSA-3072"): ("matti@example.fi", "matti-rsa"),
    ("CSC v2", "P-256"): ("anna@example.de", "anna-ec"),
    ("CSC v2", "RSA-3072"): ("anna@example.de", "anna-rsa"),
}


@dataclass(frozen=True)
class Kind:
    """Who holds the key, how the answer comes back where there is a choice, and the kind of key."""

    custody: CustodyKind
    form: str
    algorithm: str

    @property
    def name(self) -> str:
        return f"{self.custody.value}, {self.form}" if self.form else self.custody.value


EVERY: tuple[Kind, ...] = (
    Kind(CustodyKind.PKCS11, "", "P-256"),
    Kind(CustodyKind.PKCS11, "", "P-384"),
    Kind(CustodyKind.PKCS11, "", "RSA-3072"),
    Kind(CustodyKind.BROWSER_HELD, "", "P-256"),
    Kind(CustodyKind.BROWSER_HELD_PASSKEY, "", "P-256"),
    *(Kind(CustodyKind.OWN_CERTIFICATE, form, name) for form in ("value", "CMS", "PDF") for name in PROGRAM_KINDS),
    *(Kind(CustodyKind.REMOTE_PROVIDER, version, name) for version, name in CREDENTIALS),
)

COVER: tuple[Kind, ...] = (
    Kind(CustodyKind.PKCS11, "", "P-384"),
    Kind(CustodyKind.BROWSER_HELD, "", "P-256"),
    Kind(CustodyKind.BROWSER_HELD_PASSKEY, "", "P-256"),
    Kind(CustodyKind.OWN_CERTIFICATE, "value", "RSA-2048"),
    Kind(CustodyKind.OWN_CERTIFICATE, "CMS", "P-384"),
    Kind(CustodyKind.OWN_CERTIFICATE, "PDF", "RSA-3072"),
    Kind(CustodyKind.REMOTE_PROVIDER, "CSC v1", "P-256"),
    Kind(CustodyKind.REMOTE_PROVIDER, "CSC v2", "RSA-3072"),
)
"""Every custody, form and algorithm at least once."""


class Outside:
    """The holders outside the service, and what an operator knows of their authorities."""

    def __init__(
        self, folder: Path, soft_hsm: SoftHsm, csc: RunningProvider, kinds: Sequence[Kind], people: str = "Lin"
    ) -> None:
        self.csc = csc
        self._people = people
        self._folder = folder
        self._authority = ForeignAuthority("Seal Trust Service")
        self._seals: list[SealSettings] = []
        self._serials: list[int] = []
        self._made = soft_hsm.new_token(f"matrix {secrets.token_hex(8)}")
        wanted = [kind for kind in kinds if kind.custody is CustodyKind.PKCS11]
        for number, kind in enumerate(wanted):
            label = f"seal-{kind.algorithm.lower()}"
            self._seals.append(self._sealed_by(label, KEY_KINDS[kind.algorithm], _organisation(number)))
        providers = [csc.settings(1, "v1"), csc.settings(2, "v2")]
        token = held.token_settings(self._made, folder)
        self.held = HeldElsewhere(KeyHolders(token, tuple(self._seals), tuple(providers)))

    def _sealed_by(self, label: str, kind: KeyKind, organisation: str) -> SealSettings:
        key = create_key(self._made.open(), label, kind)
        certificate = self._authority.issue(key.public_key, f"Seal of {organisation}"[:64], organisation)
        store_certificate(key, certificate)
        self._serials.append(certificate.serial_number)
        chain = self._folder / "chain.pem"
        chain.write_bytes(self._authority.root_pem + self._authority.issuing.public_bytes(Encoding.PEM))
        return SealSettings(label, f"Seal of {organisation}", label, chain)

    def program(self, kind: Kind) -> OwnProgram:
        """The signatory's own key and certificate, a different one for each seat."""
        return own_program(PROGRAM_KINDS[kind.algorithm], f"{self._people} {kind.form} {kind.algorithm}")

    @property
    def roots_der(self) -> tuple[bytes, ...]:
        """What the operator trusts besides."""
        return (self._authority.root.public_bytes(Encoding.DER), authority_root(), self.csc.root_der)

    def lists_der(self) -> tuple[bytes, ...]:
        """The authorities' revocation lists, made now."""
        return (*self._authority.lists_der(), authority_list(), *self.csc.lists_der())

    def lists_with_the_seals_revoked(self) -> tuple[bytes, ...]:
        """As `lists_der`, but every seal stands on the list of its authority."""
        return self._authority.lists_der(*self._serials)

    def holders_of_others(self) -> KeyHolders:
        """The same token with the seal of an organisation that signs nothing here."""
        sealed = self._sealed_by("another", KeyKind.P256, "Another Organisation Ltd")
        return KeyHolders(held.token_settings(self._made, self._folder), (sealed,))

    @contextmanager
    def exchanged_key(self, label: str) -> Iterator[None]:
        """Meanwhile another private key of the token has that label."""
        token = self._made.open()
        stranger = create_key(token, f"stranger-{label}", KeyKind.P256).label
        _swap(token, label, stranger)
        try:
            yield
        finally:
            _swap(token, label, stranger)

    def authorities(self) -> Authorities:
        """As the operator put them beside the service today."""
        return Authorities(self.roots_der, self.lists_der(), others_too=False)


@dataclass
class Chair:
    """A seat with its way of signing."""

    kind: Kind
    seat: Seat
    outside: Outside
    passkey: Authenticator | None = None

    @property
    def field_name(self) -> str:
        return self.seat.board().field_name

    @property
    def provider(self) -> str:
        return self.kind.form.replace("CSC ", "")

    @property
    def passkey_wanted(self) -> bool:
        return self.kind.custody is CustodyKind.BROWSER_HELD_PASSKEY

    def be_ready(self) -> None:
        match self.kind.custody:
            case CustodyKind.BROWSER_HELD:
                self.seat.be_ready()
            case CustodyKind.BROWSER_HELD_PASSKEY:
                self.passkey = set_up(self.seat, SITE)
                self.seat.be_ready()
            case CustodyKind.OWN_CERTIFICATE:
                be_ready(self.seat, self.outside.program(self.kind))
            case CustodyKind.PKCS11:
                held.be_ready(self.seat)
            case CustodyKind.REMOTE_PROVIDER:
                held.be_ready(self.seat, self.provider, CREDENTIALS[self.kind.form, self.kind.algorithm][1])

    def prepared(self, command_key: str = "matrix-command-1") -> signatures.Ready:
        return asked(self.seat, command_key)

    def answer(self, attempt: signatures.Ready) -> bytes:
        """What the holder of the key sends for this attempt."""
        seat, custody = self.seat, self.kind.custody
        if custody is CustodyKind.BROWSER_HELD:
            return seat.value(attempt)
        if custody is CustodyKind.BROWSER_HELD_PASSKEY:
            assert self.passkey is not None
            return passkey_answers.answer_of(seat.value(attempt), self.passkey.confirm(attempt.signed_attributes))
        if custody is CustodyKind.OWN_CERTIFICATE:
            return self.own_answer(attempt, self.outside.program(self.kind))
        return held.typed_answer(*self.typed())

    def own_answer(self, attempt: signatures.Ready, program: OwnProgram) -> bytes:
        """What that program makes of what the signatory downloads, in the form of this seat."""
        if self.kind.form == "value":
            return program.value(taken(self.seat, attempt, "attributes.der"))
        if self.kind.form == "CMS":
            return program.pades_cms(taken(self.seat, attempt, "bytes.bin"))
        return program.pdf(taken(self.seat, attempt, "document.pdf"), self.field_name)

    def typed(self) -> tuple[str, str]:
        """PIN and one-time password, where the provider wants them."""
        if self.kind.custody is not CustodyKind.REMOTE_PROVIDER:
            return "", ""
        person = PEOPLE_OF[CREDENTIALS[self.kind.form, self.kind.algorithm][0]]
        return person.pin, person.otp

    def complete(self, attempt: signatures.Ready, answer: bytes) -> signatures.Signed:
        return signatures.complete(self.seat.services, self.seat.actor, attempt.attempt_id, answer)

    def sign(self) -> signatures.Signed:
        attempt = self.prepared()
        _pin, otp = self.typed()
        if otp:
            self.outside.csc.client(2 if self.provider == "v2" else 1).send_otp(
                CREDENTIALS[self.kind.form, self.kind.algorithm][1]
            )
        return self.complete(attempt, self.answer(attempt))


@dataclass
class Room:
    """An agreement whose signatories sign each in another way."""

    case: Case
    chairs: list[Chair]

    def open_round(self) -> None:
        """Everybody gets ready; the host opens the round."""
        for chair in self.chairs:
            chair.be_ready()
        self.case.command("go_live")
        self.case.command("open_round")

    def go_on_with(self, services: Services) -> None:
        """Everybody goes on with these services."""
        self.case.services = services
        for chair in self.chairs:
            chair.seat.services = services


def _swap(token: Token, one: str, other: str) -> None:
    """Exchange the labels of two private keys."""

    def work(session: Any) -> None:
        first, second = (token.find(session, label, ObjectClass.PRIVATE_KEY) for label in (one, other))
        first[Attribute.LABEL], second[Attribute.LABEL] = other, one

    token.use(work)
    token.close()


def services_for(services: Services, outside: Outside, timestamps: TimestampSource | None = None) -> Services:
    """The installation with these holders, at an address where passkeys work; `timestamps` other than its own."""
    settings = replace(services.settings, base_url=SITE.origin)
    return replace(
        services,
        settings=settings,
        held=outside.held,
        authorities=outside.authorities(),
        timestamps=timestamps or services.timestamps,
    )


def nobody_stamps() -> TimestampSource:
    """A time stamp authority that is down."""
    return HttpAuthority(NOBODY)


def frozen(services: Services, staff: Any, kinds: Sequence[Kind], number: str) -> Case:
    """An agreement with a box for each of the kinds, drafted, approved and frozen."""
    values = _values(kinds, number)
    return Case(services, staff, demo_case.approved_and_frozen(services, staff, values))


def doors_open(case: Case, outside: Outside, kinds: Sequence[Kind]) -> Room:
    """The same with everybody identified, each with their way of signing chosen."""
    cases.planned(case)
    chosen = _by_email(kinds)
    for signatory_id, email in _signatories(case):
        if chosen[email].custody is not CustodyKind.BROWSER_HELD:
            custodies.choose(case.services, case.staff["host"], signatory_id, chosen[email].custody.value)
    case.command("open_doors")
    invited = {m.recipient: m.links[0].rsplit("/", 1)[1] for m in _invitations(case)}
    chairs = [Chair(kind, cases.identified(case, invited[email]), outside) for email, kind in chosen.items()]
    case.seats = [chair.seat for chair in chairs]
    return Room(case, chairs)


def _invitations(case: Case) -> list[mails.MailRow]:
    found = mails.outbox(case.services, case.staff["outbox"], case.agreement_id)
    return [one for one in found if one.kind == "invitation"]


def _signatories(case: Case) -> list[tuple[str, str]]:
    view = agreements.read(case.services, case.staff["host"], case.agreement_id)
    return [(one.id, one.email) for one in view.signatories]


def _organisation(number: int) -> str:
    return str(_sample()["parties"][number]["legal_name"]["en"])


def _sample() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    return found


def _by_email(kinds: Sequence[Kind]) -> dict[str, Kind]:
    return {f"seat{number}@matrix.example": kind for number, kind in enumerate(kinds)}


def _values(kinds: Sequence[Kind], number: str) -> dict[str, Any]:
    """The sample of three parties; the seat of the n-th seal is at the n-th party."""
    values = _sample()
    values["agreement_no"] = number
    pattern = deepcopy(values["parties"][0]["representatives"][0])
    for party in values["parties"]:
        party["representatives"] = []
    for place, (email, kind) in enumerate(_by_email(kinds).items()):
        name = f"Wang {place} {kind.algorithm}"
        person = {**pattern, "name": name, "name_latin": name, "email": email}
        values["parties"][place % 3]["representatives"].append(person)
    return values
