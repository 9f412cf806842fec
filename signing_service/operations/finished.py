"""A prepared signature to be finished, the verified revision ready to be stored, and how a value becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from keys.errors import TimestampError
from keys.timestamping import longest_token
from signing_service.pades.bases import Base
from signing_service.pades.complete import complete_tail as embed
from signing_service.pades.prepared import Prepared, PreparedTail
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class Opened:
    """What a way is given to finish: the prepared tail, its base, and the base's bytes for who asks for them."""

    prepared: PreparedTail
    base: Base
    base_pdf: Callable[[], bytes]

    def whole(self) -> Prepared:
        """The prepared signature with its base in front."""
        return self.prepared.after(self.base_pdf())


@dataclass(frozen=True, slots=True)
class Finished:
    """`tail` is what is appended to the base, `level` what the file reached; `stamp_missing`: the code of why no time
    stamp could be had, empty when one stands or none was wanted.

    `base` is what the next signature continues. `evidence` is what the way wants kept beside the signature; its `keep`
    reads it.
    """

    tail: bytes
    base: Base
    level: str
    stamp_missing: str
    evidence: bytes = b""


def stamped(services: Services, opened: Opened, value: bytes) -> Finished:
    """Embed a value: B-T, or B-B when no time stamp can be had; the closing stamp proves it later.

    Raises a `PadesError`, `WrongValue` among them.
    """
    prepared, running = opened.prepared, opened.base.running
    if not services.settings.timestamp_each_signature:
        return continued(opened, embed(prepared, running, value, None), "B-B")
    try:
        return continued(opened, embed(prepared, running, value, services.timestamps), "B-T")
    except TimestampError as error:
        return continued(opened, embed(prepared, running, value, None), "B-B", error.code)


def token_room(services: Services) -> int:
    """Bytes of the longest token that `stamped` may embed."""
    return longest_token(services.timestamps) if services.settings.timestamp_each_signature else 0


def continued(opened: Opened, tail: bytes, level: str, stamp_missing: str = "") -> Finished:
    """A finished tail in the frame that was prepared: the base grows by it without reading the file."""
    return Finished(tail, opened.base.grown(tail, opened.prepared.field_name), level, stamp_missing)
