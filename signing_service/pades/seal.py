"""The service's own certification signature: it comes first, is invisible, and permits filling and signing only.

The same path as every other signature; only the key holder in the middle is the service's custodian. It is called a
seal, never a person's signature.
"""

from datetime import datetime
from typing import Protocol

from signing_service.pades.complete import complete
from signing_service.pades.prepare import prepare
from signing_service.pades.tokens import TimestampSource

SEAL_FIELD = "Seal"


class Custodian(Protocol):
    """What a seal needs of a key holder; every `keys.custody.Custodian` fulfils it."""

    @property
    def certificate_der(self) -> bytes: ...

    @property
    def chain_der(self) -> tuple[bytes, ...]: ...

    def sign(self, signed_attributes: bytes) -> bytes: ...


def seal(
    pdf: bytes,
    custodian: Custodian,
    timestamp: TimestampSource | None,
    field_name: str = SEAL_FIELD,
    *,
    at: datetime | None = None,
) -> bytes:
    """Certify the frozen document (DocMDP P=2). Raises what `prepare`, the custodian and `complete` raise."""
    prepared = prepare(
        pdf,
        field_name=field_name,
        certificate_der=custodian.certificate_der,
        chain_der=tuple(custodian.chain_der),
        certify=True,
        at=at,
    )
    return complete(prepared, custodian.sign(prepared.signed_attributes), timestamp)
