"""What the log records about itself: erased disclosures, legal holds, and the continuation under a new origin."""

from __future__ import annotations

from dataclasses import dataclass, field

from signing_service.audit.details.form import DISCLOSED


@dataclass(frozen=True, slots=True)
class DisclosureErased:
    """Personal data beside an entry was erased; the actor decided, `second_person` agreed.

    `index` is the entry, `digests` are the disclosures that were dropped; `legal_basis` is a code such as gdpr_17_1.
    """

    index: int
    digests: tuple[str, ...]
    second_person: str
    legal_basis: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """Nothing about the agreement of this entry may be erased until the hold is lifted."""

    hold: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """A hold ended."""

    hold: str
    words: str = field(default="", metadata=DISCLOSED)


@dataclass(frozen=True, slots=True)
class LogContinued:
    """Entries that had been signed were lost; the log goes on under a new origin and says so.

    The new log begins with the `kept` entries that were saved. The old one had been signed at `previous_size` entries
    with the root `previous_root_sha256`.
    """

    previous_origin: str
    previous_size: int
    previous_root_sha256: str
    kept: int
    words: str = field(default="", metadata=DISCLOSED)
