"""What is known of one signature while it is examined; the verdict and its words are made of it."""

from dataclasses import dataclass
from datetime import datetime

from pyhanko.sign.fields import FieldMDPSpec

from signing_service.verification.change_facts import ChangesAfter
from signing_service.verification.integrity import MALFORMED, ByteRange, Integrity
from signing_service.verification.rehearsals import made_in_one
from signing_service.verification.report import INTACT, UNDECIDABLE
from signing_service.verification.signature_contents import OpenedSignature
from signing_service.verification.signature_fields import FormField
from signing_service.verification.stamps import StampResult
from signing_service.verification.trust import Judgement

UNDECIDED = Integrity(UNDECIDABLE, b"", None, None, None)
NOTHING = ChangesAfter("none")


@dataclass(repr=False)
class Examined:
    """What is known of one signature so far; filled in step by step, then only read.

    No `repr`: the event loop makes one of every result, and that of a CMS costs more than checking it.
    """

    one: FormField
    embedded: OpenedSignature | None = None
    byte_range: ByteRange = MALFORMED
    integrity: Integrity = UNDECIDED
    digest_algorithm: str = ""
    revision: int = -1
    covered: bool = False
    problem: str = ""
    permission: int | None = None
    lock: FieldMDPSpec | None = None
    stamps: tuple[StampResult, ...] = ()
    proved: datetime | None = None
    judgement: Judgement | None = None
    changes: ChangesAfter = NOTHING
    level: str = "none"
    claimed: datetime | None = None

    @property
    def is_timestamp(self) -> bool:
        return self.one.is_timestamp

    @property
    def rehearsed(self) -> bool:
        """Whether its certificate, or one above it, belongs to rehearsals."""
        path = self.judgement.path if self.judgement is not None else ()
        return self.embedded is not None and made_in_one((self.embedded.signer_cert, *path))

    @property
    def intact(self) -> bool:
        return self.integrity.state == INTACT and self.covered
