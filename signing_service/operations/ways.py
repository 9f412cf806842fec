"""The ways of signing, one per custody: how long the key holder may take, and how what comes back is checked.

One table. `operations.signatures` is the only path and asks it; a new kind of key is one more entry. What is common to
all – guards, turn, base, consent, storing, the log – is not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Protocol

from config import Settings
from keys.browser_held import raw_to_der
from keys.custody import CustodyKind
from keys.passkeys import site_of
from signing_service.errors import N_, InvalidInput
from signing_service.operations import held_answers, own_answers, passkey_answers
from signing_service.operations.finished import Finished, Opened, stamped
from signing_service.operations.operation import Act
from signing_service.operations.signing_facts import Attempt
from signing_service.permissions import Actor
from signing_service.services import Services

OWN_PROGRAM_TIME = timedelta(minutes=15)
"""For finding the card, opening the program and sending the file back. Nobody waits meanwhile."""


PROVIDER_TIME = timedelta(seconds=45)
"""For the calls to a provider, each bounded by `keys.csc_http.TIMEOUT_SECONDS`; PIN and code are typed before."""

PASSKEY_TIME = timedelta(seconds=60)
"""For finding the authenticator and giving it a finger, a face or a PIN; nobody does that in a browser's seconds."""


def nothing_more(act: Act, attempt: Attempt, finished: Finished) -> None:
    """For ways that leave no evidence but the signature itself."""


@dataclass(frozen=True, slots=True)
class Way:
    """How signatures of one custody are made.

    `issued_here`: our authority certifies the key when the seat gets ready; otherwise another's certificate is bound to
    the seat (`seats.arm`). `outside` names what the seat's page does meanwhile. `lease`: how long the answer may take;
    with `holds_turn` everybody else waits as long, without it a signature stored meanwhile makes the attempt stale.
    `finish` runs outside any transaction: it checks the answer and gives the finished revision, or raises a `KeysError`
    or `PadesError`. `keep` runs in the transaction that stores it. `by_person`: not a seal, so the stamp may show a
    drawing. `reserve`: bytes for the CMS object, None: counted.
    """

    kind: CustodyKind
    issued_here: bool
    outside: str
    lease: Callable[[Settings], timedelta]
    finish: Callable[[Services, Actor, Opened, bytes], Finished]
    holds_turn: bool = True
    keep: Callable[[Act, Attempt, Finished], None] = nothing_more
    by_person: bool = True
    reserve: int | None = None


def _raw_value(services: Services, _actor: Actor, opened: Opened, answer: bytes) -> Finished:
    """WebCrypto's r‖s."""
    return stamped(services, opened, raw_to_der(answer))


def _short(settings: Settings) -> timedelta:
    return timedelta(seconds=settings.lease_seconds)


def _unhurried(_settings: Settings) -> timedelta:
    return OWN_PROGRAM_TIME


def _provider_time(_settings: Settings) -> timedelta:
    return PROVIDER_TIME


def _passkey_time(settings: Settings) -> timedelta:
    return max(_short(settings), PASSKEY_TIME)


WAYS: Mapping[CustodyKind, Way] = MappingProxyType(
    {
        CustodyKind.BROWSER_HELD: Way(
            CustodyKind.BROWSER_HELD, issued_here=True, outside="browser", lease=_short, finish=_raw_value
        ),
        CustodyKind.BROWSER_HELD_PASSKEY: Way(
            CustodyKind.BROWSER_HELD_PASSKEY,
            issued_here=True,
            outside="passkey",
            lease=_passkey_time,
            finish=passkey_answers.finish,
            keep=passkey_answers.keep,
        ),
        CustodyKind.OWN_CERTIFICATE: Way(
            CustodyKind.OWN_CERTIFICATE,
            issued_here=False,
            outside="own_program",
            lease=_unhurried,
            finish=own_answers.finish,
            holds_turn=False,
            reserve=own_answers.RESERVE,
        ),
        CustodyKind.REMOTE_PROVIDER: Way(
            CustodyKind.REMOTE_PROVIDER,
            issued_here=False,
            outside="provider",
            lease=_provider_time,
            finish=held_answers.provider,
        ),
        CustodyKind.PKCS11: Way(
            CustodyKind.PKCS11,
            issued_here=False,
            outside="token",
            lease=_short,
            finish=held_answers.seal,
            by_person=False,
        ),
    }
)
"""The ways this service can go. What is not in it cannot be chosen for a signatory."""


class HasCustody(Protocol):
    """A signatory, or the facts of one."""

    @property
    def custody(self) -> str: ...


def of(signatory: HasCustody) -> Way:
    """The way of a signatory."""
    return WAYS[CustodyKind(signatory.custody)]


def offered(services: Services, kind: str) -> CustodyKind:
    """The kind of that name, if this service can go its way; raises `InvalidInput`."""
    if kind not in set_up(services):
        raise InvalidInput(field="custody", problem=N_("this way of signing is not offered here"))
    return CustodyKind(kind)


def set_up(services: Services) -> tuple[CustodyKind, ...]:
    """The ways that lead somewhere here: at an address that has passkeys, with a provider, with a seal."""
    there = {
        CustodyKind.BROWSER_HELD_PASSKEY: site_of(services.settings.base_url) is not None,
        CustodyKind.REMOTE_PROVIDER: bool(services.held.providers),
        CustodyKind.PKCS11: services.held.has_seals,
    }
    return tuple(kind for kind in WAYS if there.get(kind, True))


def or_default(services: Services, kind: str) -> CustodyKind:
    """What a template asks for, if this service can go its way; else the key is made in the signatory's browser."""
    return CustodyKind(kind) if kind in set_up(services) else CustodyKind.BROWSER_HELD
