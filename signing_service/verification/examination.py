"""The examination of one open PDF: every signature on its own, in numbered steps, document time stamps first.

It gathers what the report says about signatures. The verdict of the document is made in verify.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import FieldMDPSpec
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from signing_service.verification.changes import ChangeReview, ChangesAfter
from signing_service.verification.evidence import Evidence, from_cms, from_security_store
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import (
    ByteRange,
    Integrity,
    check_integrity,
    document_digest,
    read_byte_range,
)
from signing_service.verification.levels import LevelFacts, chain_of, level_of
from signing_service.verification.report import INTACT, UNDECIDABLE
from signing_service.verification.signature_fields import DETACHED, ENCAPSULATED, TIMESTAMP, FormField, signature_fields
from signing_service.verification.stamps import StampResult, judge_stamps, token_time, tokens_of
from signing_service.verification.trust import Judge, Judgement

SUPPORTED = (*DETACHED, ENCAPSULATED, TIMESTAMP)
MAX_SIGNATURES = 200


class StrictReadingFailed(Exception):
    """An object that strict reading refuses came up while a signature was examined."""


@dataclass
class Examined:
    """What is known of one signature so far; filled in step by step, then only read."""

    one: FormField
    embedded: EmbeddedPdfSignature | None = None
    byte_range: ByteRange = field(default_factory=lambda: ByteRange(0, 0, 0, 0, "malformed"))
    integrity: Integrity = field(default_factory=lambda: Integrity(UNDECIDABLE, b"", None, None, None))
    digest_algorithm: str = ""
    revision: int = -1
    covered: bool = False
    problem: str = ""
    permission: int | None = None
    lock: FieldMDPSpec | None = None
    stamps: tuple[StampResult, ...] = ()
    proved: datetime | None = None
    judgement: Judgement | None = None
    changes: ChangesAfter = field(default_factory=lambda: ChangesAfter("none"))
    level: str = "none"
    claimed: datetime | None = None

    @property
    def is_timestamp(self) -> bool:
        return self.one.is_timestamp

    @property
    def intact(self) -> bool:
        return self.integrity.state == INTACT and self.covered


@dataclass
class Examination:
    """One open file under one judge."""

    reader: PdfFileReader
    pdf: bytes
    judge: Judge
    local: Evidence
    review: ChangeReview = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    empty_fields: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.review = ChangeReview(self.reader)

    async def run(self) -> list[Examined]:
        """Examine every filled signature field; the result is in the order of signing."""
        entries = self._open_fields()
        store = from_security_store(self.reader)
        known = store.plus(self.local)
        for entry in entries:
            with forgiving:
                known = known.plus(from_cms(entry.embedded.signed_data) if entry.embedded else Evidence())
        stamped = [entry for entry in entries if entry.is_timestamp and entry.embedded is not None]
        for entry in sorted(stamped, key=lambda item: -item.revision):
            await self._judge_document_stamp(entry, stamped, known)
        for entry in entries:
            if not entry.is_timestamp and entry.embedded is not None:
                await self._judge_signature(entry, stamped, known)
        self._read_levels(entries, store, known)
        self._review_changes(entries)
        return entries

    def _open_fields(self) -> list[Examined]:
        entries: list[Examined] = []
        for one in signature_fields(self.reader):
            if one.value is None and not one.broken:
                self.empty_fields.append(one.name)
                self.findings.append(finding("signature.empty_field", f"signature:{one.name}", field=one.name))
            elif len(entries) < MAX_SIGNATURES:
                entries.append(self._open(one))
            else:
                self.findings.append(finding("document.too_many_signatures", limit=MAX_SIGNATURES))
                break
        self._name_shared_values(entries)
        return sorted(entries, key=lambda entry: (entry.revision < 0, entry.revision))

    def _name_shared_values(self, entries: Sequence[Examined]) -> None:
        seen: dict[tuple[int, int], str] = {}
        for entry in entries:
            reference, name = entry.one.value_ref, entry.one.name
            if reference is not None and reference in seen:
                where = f"signature:{name}"
                self.findings.append(finding("signature.shared_value", where, field=name, other=seen[reference]))
                entry.problem = entry.problem or "shared_value"
            elif reference is not None:
                seen[reference] = name

    def _open(self, one: FormField) -> Examined:
        """Parse one signature and check its integrity; whatever goes wrong stays with this field."""
        entry = Examined(one)
        if one.broken or one.field is None or not isinstance(one.value, generic.DictionaryObject):
            entry.problem = "malformed"
            return entry
        entry.claimed = _claimed_time(one.value)
        with forgiving:
            entry.byte_range = read_byte_range(one.value, self.pdf)
        if one.subfilter not in SUPPORTED:
            entry.problem = "unknown_subfilter"
            return entry
        try:
            entry.embedded = EmbeddedPdfSignature(self.reader, one.field, one.name)
            entry.revision = entry.embedded.signed_revision
            algorithm = "sha1" if one.subfilter == ENCAPSULATED else entry.embedded.external_md_algorithm
        except misc.PdfStrictReadError as cause:
            raise StrictReadingFailed(str(cause)) from cause
        except MemoryError:
            raise
        except Exception:  # a signature that cannot be parsed raises anything; it is one entry of the report
            entry.embedded, entry.problem = None, "malformed"
            return entry
        self._measure(entry, entry.embedded, algorithm)
        return entry

    def _measure(self, entry: Examined, embedded: EmbeddedPdfSignature, algorithm: str) -> None:
        """Byte range, digest, value, coverage and the permissions that this signature sets."""
        if entry.byte_range.problem:
            entry.problem = "byte_range"
            return
        try:
            digest = document_digest(self.pdf, entry.byte_range, algorithm)
            entry.digest_algorithm = algorithm
            entry.integrity = check_integrity(embedded.signed_data, digest)
            coverage = embedded.evaluate_signature_coverage()
            entry.covered = coverage >= SignatureCoverageLevel.ENTIRE_REVISION
            level = embedded.docmdp_level
            entry.permission = int(level.value) if level is not None else None
            entry.lock = embedded.fieldmdp
        except misc.PdfStrictReadError as cause:
            raise StrictReadingFailed(str(cause)) from cause
        except MemoryError:
            raise
        except Exception:  # see _open
            entry.problem = "not_analysed"

    def _later_proof(self, revision: int, stamped: Sequence[Examined]) -> datetime | None:
        """The earliest time proved by a document time stamp of a later revision (EN 319 102-1 clause 5.6.2.3)."""
        proofs = [
            moment
            for entry in stamped
            if entry.revision > revision and entry.intact and entry.judgement is not None and entry.judgement.passed
            if entry.embedded is not None and (moment := token_time(entry.embedded.signed_data)) is not None
        ]
        return min(proofs, default=None)

    async def _judge_document_stamp(self, entry: Examined, stamped: Sequence[Examined], known: Evidence) -> None:
        if entry.embedded is None or entry.integrity.state != INTACT:
            return
        proof = self._later_proof(entry.revision, stamped)
        digest = entry.integrity.digest
        with forgiving:  # see _judge_signature
            entry.judgement = await self.judge.timestamp(entry.embedded.signed_data, lambda _: digest, known, proof)
            if entry.judgement.passed and entry.covered:
                entry.proved = token_time(entry.embedded.signed_data)

    async def _judge_signature(self, entry: Examined, stamped: Sequence[Examined], known: Evidence) -> None:
        if entry.embedded is None or entry.integrity.state != INTACT:
            return
        later = self._later_proof(entry.revision, stamped)
        with forgiving:  # pyHanko on hostile ASN.1 may raise anything: then there is no judgement
            for token in tokens_of(entry.embedded.signer_info):
                known = known.plus(from_cms(token))
            entry.stamps = await judge_stamps(entry.embedded.signer_info, known, self.judge, later)
            proofs = [stamp.time for stamp in entry.stamps if stamp.proves and stamp.time is not None]
            entry.proved = min([*proofs, *([later] if later else [])], default=None)
            entry.judgement = await self.judge.signature(
                entry.embedded.signed_data,
                None if entry.one.subfilter == ENCAPSULATED else entry.integrity.digest,
                known,
                entry.proved,
                entry.digest_algorithm,
            )

    def _read_levels(self, entries: Sequence[Examined], store: Evidence, known: Evidence) -> None:
        stamps = [entry for entry in entries if entry.is_timestamp and entry.intact]
        for entry in entries:
            if entry.embedded is None or entry.is_timestamp or entry.integrity.state != INTACT:
                continue
            with forgiving:
                entry.level = self._level(entry, entry.embedded, stamps, store, known)

    def _level(
        self,
        entry: Examined,
        embedded: EmbeddedPdfSignature,
        stamps: Sequence[Examined],
        store: Evidence,
        known: Evidence,
    ) -> str:
        """The level of one signature, read from the store as it is and as it was under each later document stamp."""
        own = from_cms(embedded.signed_data)
        under = [
            from_security_store(self.reader.get_historical_resolver(stamp.revision)).plus(own)
            for stamp in stamps
            if stamp.revision > entry.revision
        ]
        facts = LevelFacts(
            subfilter=entry.one.subfilter,
            signed_attributes=embedded.signer_info["signed_attrs"],
            has_signature_stamp=any(stamp.integrity == INTACT for stamp in entry.stamps),
            chains=self._chains(entry, known),
            store=store.plus(own),
            stores_under_stamps=tuple(under),
        )
        return level_of(facts)

    def _chains(self, entry: Examined, known: Evidence) -> tuple[tuple[x509.Certificate, ...], ...]:
        """Chains whose revocation information must be embedded: the signer's and those of the intact time stamps."""
        path = entry.judgement.path if entry.judgement else ()
        chains = [chain_of(entry.embedded.signer_cert, path, known.certificates)] if entry.embedded else []
        for stamp in entry.stamps:
            if stamp.integrity == INTACT and stamp.judgement is not None:
                own = from_cms(stamp.token).certificates
                leaf = stamp.judgement.path[0] if stamp.judgement.path else own[0] if own else None
                if leaf is not None:
                    chains.append(chain_of(leaf, stamp.judgement.path, (*own, *known.certificates)))
        return tuple(chains)

    def _review_changes(self, entries: Sequence[Examined]) -> None:
        certified = [entry for entry in entries if entry.permission is not None and entry.intact]
        for entry in entries:
            if entry.revision < 0 or not entry.covered:
                continue
            in_force = [item.permission for item in certified if item.permission and item.revision <= entry.revision]
            permission = min(in_force, default=None)
            entry.changes = ChangesAfter("unexplained", not_permitted="class")
            with forgiving:  # a file that breaks the review stays unexplained
                entry.changes = self.review.after(entry.revision, permission, entry.permission is not None, entry.lock)


def _claimed_time(value: generic.DictionaryObject) -> datetime | None:
    """The /M entry: a claim of the signer's program, proving nothing."""
    moment: datetime | None = None
    with forgiving:  # absent or malformed
        moment = generic.parse_pdf_date(value["/M"], strict=False)
    return moment if moment is not None and moment.tzinfo is not None else None
