"""The service's own certification signature: it comes first, is invisible, and permits filling and signing only.

The same path as every other signature; only the key holder in the middle is the service's custodian. It is called a
seal, never a person's signature.
"""

from datetime import datetime

from keys.custody import Custodian
from keys.timestamping.sources import TimestampSource
from signing_service.pades.complete import complete
from signing_service.pades.prepare import prepare

SEAL_FIELD = "Seal"


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
