"""Validation policies as data: what a verification demands beyond the procedure of EN 319 102-1.

A policy is a file in `policies/`, named by its SHA-256 in every report. The dates of algorithms follow ETSI TS 119 312
(suites.json). An end that was announced for a day after the suite's publication may still be moved by a later edition:
`announced_expiry` says whether it already counts. Nothing is judged here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from signing_service.verification.report import PolicyFacts

FOLDER = Path(__file__).parent / "policies"
DEFAULT = "default"
REQUIRED, IF_AVAILABLE, ACCEPTED, REFUSED = "required", "if_available", "accepted", "refused"


class UnknownPolicy(ValueError):
    """There is no policy of that name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Until when an algorithm is accepted: by digest name, and by kind of key with the least number of bits."""

    published: date
    digests: Mapping[str, date | None]
    keys: Mapping[str, tuple[tuple[int, date | None], ...]]

    def digest_until(self, name: str) -> tuple[bool, date | None]:
        """Whether a digest is in the suite at all, and its last day (None: no end is known)."""
        return name in self.digests, self.digests.get(name)

    def key_until(self, kind: str, bits: int) -> tuple[bool, date | None]:
        """The same for a key of this kind and size."""
        fitting = [until for least, until in self.keys.get(kind, ()) if bits >= least]
        return bool(fitting), fitting[-1] if fitting else None


@dataclass(frozen=True, slots=True)
class Policy:
    """One named policy. `revocation` and `without_pointer` (a certificate that names no CRL and no responder) are
    `required`, or `if_available`/`accepted`: what is missing is said and does not decide. `stale_lists`: trusted lists
    past their next update are `accepted` and named, or `refused`."""

    name: str
    title: str
    base: str
    suite: Suite
    announced_counts: bool
    revocation: str
    without_pointer: str
    proved_time: bool
    changes: tuple[str, ...]
    stale_lists: str
    sha256: str

    def last_moment(self, until: date | None) -> datetime | None:
        """The moment from which an algorithm with this last day is refused under this policy, if there is one."""
        if until is None or (until > self.suite.published and not self.announced_counts):
            return None
        return datetime(until.year, until.month, until.day, tzinfo=UTC)

    def facts(self) -> PolicyFacts:
        """As it stands in the report."""
        return PolicyFacts(self.name, self.title, self.base, self.sha256)


def names() -> tuple[str, ...]:
    """The names of all policies, the default first."""
    found = sorted(path.stem for path in FOLDER.glob("*.json") if path.stem != "suites")
    return (DEFAULT, *(name for name in found if name != DEFAULT))


@cache
def named(name: str) -> Policy:
    """The policy of that name; raises UnknownPolicy."""
    if name not in names():
        raise UnknownPolicy(f"there is no policy {name!r}; there are {', '.join(names())}")
    content, suites = (FOLDER / f"{name}.json").read_bytes(), (FOLDER / "suites.json").read_bytes()
    data = json.loads(content)
    return Policy(
        name=data["name"],
        title=data["title"],
        base=data["base"],
        suite=_suite(json.loads(suites)[data["suite"]]),
        announced_counts=data["announced_expiry"] == "fail",
        revocation=data["revocation"],
        without_pointer=data["without_pointer"],
        proved_time=data["proved_time"],
        changes=tuple(data["changes"]),
        stale_lists=data["stale_lists"],
        sha256=sha256(content + suites).hexdigest(),
    )


def _suite(data: Mapping[str, object]) -> Suite:
    digests, keys = data["digests"], data["keys"]
    assert isinstance(digests, dict)
    assert isinstance(keys, dict)
    return Suite(
        published=date.fromisoformat(str(data["published"])),
        digests=MappingProxyType({name: _day(until) for name, until in digests.items()}),
        keys=MappingProxyType({kind: tuple((int(n), _day(day)) for n, day in rows) for kind, rows in keys.items()}),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
