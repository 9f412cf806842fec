"""The examination of one open PDF: every signature on its own, in numbered steps, document time stamps first.

It gathers what the report says about signatures. The verdict of the document is made in verify.py.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from asn1crypto import cms, x509
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.change_facts import ChangesAfter
from signing_service.verification.changes import ChangeReview
from signing_service.verification.cms_check import as_prescribed, with_certificate
from signing_service.verification.coverage import covered_revision, innermost_ends
from signing_service.verification.evidence import Evidence, from_cms, from_security_store
from signing_service.verification.examined import Examined
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving, unless_strict
from signing_service.verification.integrity import (
    Integrity,
    check_integrity,
    read_byte_range,
)
from signing_service.verification.levels import LevelFacts, chain_of, level_of
from signing_service.verification.plain_cms import attribute_names, plain_cms
from signing_service.verification.plain_der import if_plain
from signing_service.verification.reading import Opened, RevisionEnd, revision_ends
from signing_service.verification.report import BROKEN, INTACT, UNDECIDABLE
from signing_service.verification.running_digest import RunningDigest, SignedParts
from signing_service.verification.signature_contents import (
    NoSignature,
    OpenedSignature,
    lock_of,
    open_contents,
    permission_of,
)
from signing_service.verification.signature_fields import (
    ENCAPSULATED,
    FormField,
    form_fields,
    is_supported,
    signatures_among,
)
from signing_service.verification.stamps import judge_stamps, token_time, tokens_of
from signing_service.verification.trust import Judge
from signing_service.verification.values_ahead import compute_ahead

MAX_SIGNATURES = 200
PLAIN_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z", re.ASCII)
UNKNOWN = ChangesAfter("unexplained", not_permitted="class")


class StrictReadingFailed(Exception):
    """An object that strict reading refuses came up while a signature was examined."""


@dataclass(repr=False)
class Examination:
    """One open file under one judge."""

    opened: Opened
    pdf: bytes
    judge: Judge
    local: Evidence
    running: RunningDigest
    """Over the beginnings of `pdf`."""
    reader: PdfFileReader = field(init=False)
    ends: tuple[RevisionEnd, ...] = field(init=False)
    review: ChangeReview = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    empty_fields: list[str] = field(default_factory=list)
    store: Evidence = field(default_factory=Evidence)
    _stores: dict[int, Evidence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.opened.reader is None:
            raise ValueError("the file is not open")
        self.reader = self.opened.reader
        self.ends = revision_ends(self.opened, self.pdf, self.running)
        self.review = ChangeReview(self.reader, rebuilt=bool(self.opened.rebuilt))

    async def run(self) -> list[Examined]:
        """Examine every filled signature field; the result is in the order of signing."""
        self.store = from_security_store(self.reader)
        outside = self.store.plus(self.local)
        entries = self._open_fields(outside)
        known = await self.judge_all(entries, outside)
        self._read_levels(entries, self.store, known)
        self._review_changes(entries)
        return entries

    async def judge_all(self, entries: Sequence[Examined], outside: Evidence) -> Evidence:
        """Judge every signature that was opened, document time stamps first; returns all evidence that is known."""
        known = Evidence.joined((outside, *_carried(entries)))
        stamped = [entry for entry in entries if entry.is_timestamp and entry.embedded is not None]
        for entry in sorted(stamped, key=lambda item: -item.revision):
            await self._judge_document_stamp(entry, stamped, known)
        for entry in entries:
            if not entry.is_timestamp and entry.embedded is not None:
                await self._judge_signature(entry, stamped, known)
        return known

    def _open_fields(self, outside: Evidence) -> list[Examined]:
        entries: list[Examined] = []
        seen: dict[tuple[int, int], str] = {}
        fields = form_fields(self.reader)
        self.review.now = fields
        for one in signatures_among(fields, self.reader):
            where = f"signature:{one.name}"
            if one.value is None and not one.broken:
                self.empty_fields.append(one.name)
                self.findings.append(finding("signature.empty_field", where, field=one.name))
            elif one.value_ref is not None and one.value_ref in seen:
                other = seen[one.value_ref]
                self.findings.append(finding("signature.shared_value", where, field=one.name, other=other))
            elif len(entries) < MAX_SIGNATURES:
                entries.append(self._open(one))
                if one.value_ref is not None:
                    seen[one.value_ref] = one.name
                if one.astray:
                    self.findings.append(finding("signature.not_in_form", where, field=one.name))
            else:
                self.findings.append(finding("document.too_many_signatures", limit=MAX_SIGNATURES))
                break
        with forgiving:  # only for speed
            compute_ahead(entry.embedded.signed_data for entry in entries if entry.embedded is not None)
        for entry in entries:
            if entry.embedded is not None and isinstance(entry.one.value, generic.DictionaryObject):
                with _kept_apart(entry):
                    self._measure(entry, entry.embedded, entry.one.value, outside)
        return sorted(entries, key=lambda entry: (entry.revision < 0, entry.revision, entry.byte_range.end))

    def _open(self, one: FormField) -> Examined:
        """Parse one signature; whatever goes wrong stays with this field."""
        entry = Examined(one)
        if one.broken or one.field is None or not isinstance(one.value, generic.DictionaryObject):
            entry.problem = "malformed"
            return entry
        with _kept_apart(entry):
            entry.claimed = _claimed_time(one.value)
            entry.byte_range = read_byte_range(one.value, self.pdf)
            entry.embedded = open_contents(one.value, one.subfilter)
        return entry

    def _measure(
        self, entry: Examined, embedded: OpenedSignature, value: generic.DictionaryObject, outside: Evidence
    ) -> None:
        """Byte range, digest, value, coverage and the permissions that this signature sets."""
        if entry.byte_range.problem:
            entry.problem = "byte_range"
            return
        where = entry.byte_range
        parts = SignedParts(self.pdf, where.first, (where.gap_start, where.gap_end), where.end, self.running)
        entry.integrity = check_integrity(embedded.signed_data, parts, outside.signers_of(embedded.signed_data))
        entry.digest_algorithm = entry.integrity.algorithm
        if entry.integrity.certificate is not None:
            embedded.certificate = entry.integrity.certificate
            prescribed = as_prescribed(embedded.signed_data, detached=entry.one.subfilter != ENCAPSULATED)
            embedded.signed_data = with_certificate(prescribed, embedded.certificate)
        if not is_supported(entry.one.subfilter):
            entry.problem = "unknown_subfilter"
            if entry.integrity.state == BROKEN:  # a format that is not known may define its digest in another way
                entry.integrity = Integrity(UNDECIDABLE, entry.integrity.digest, None, None, None)
        covered = covered_revision(self.opened, self.pdf, self.ends, self._inside, entry.byte_range)
        changed = self._last_change(entry.one, covered)
        entry.covered = covered >= 0 and changed <= covered
        entry.revision = covered if entry.covered else changed
        entry.permission = permission_of(value, entry.one.field)
        entry.lock = lock_of(value)

    @cached_property
    def _inside(self) -> list[int]:
        return innermost_ends(self.opened)

    def _last_change(self, one: FormField, covered: int) -> int:
        """The revision that last wrote the signature dictionary, or the object that holds it."""
        changed = -1
        with forgiving:
            holder = one.value_ref or one.holder
            if holder is not None:
                changed = self.reader.xrefs.get_last_change(generic.Reference(*holder, pdf=self.reader))
        if 0 <= covered < changed and self.review.is_unchanged(one, covered):
            return covered  # written again with the same contents
        return changed

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
            for token in tokens_of(entry.embedded.signed_data):
                known = known.plus(from_cms(token))
            entry.stamps = await judge_stamps(entry.embedded.signed_data, known, self.judge, later)
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
        embedded: OpenedSignature,
        stamps: Sequence[Examined],
        store: Evidence,
        known: Evidence,
    ) -> str:
        """The level of one signature, read from the store as it is and as it was under each later document stamp."""
        own = from_cms(embedded.signed_data)
        under = [self._store_at(stamp.revision).plus(own) for stamp in stamps if stamp.revision > entry.revision]
        facts = LevelFacts(
            subfilter=entry.one.subfilter,
            signed_attributes=_names_of(embedded.signed_data),
            has_signature_stamp=any(stamp.integrity == INTACT for stamp in entry.stamps),
            chains=self._chains(entry, known),
            store=store.plus(own),
            stores_under_stamps=tuple(under),
        )
        return level_of(facts)

    def _store_at(self, revision: int) -> Evidence:
        """The security store as it was in one revision, read once."""
        if revision == self.reader.xrefs.total_revisions - 1:
            return self.store
        if revision not in self._stores:
            self._stores[revision] = from_security_store(self.reader.get_historical_resolver(revision))
        return self._stores[revision]

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
            entry.changes = UNKNOWN
            with unless_strict:  # a file that breaks the review stays unexplained
                entry.changes = self.review.after(entry.revision, permission, entry.permission is not None, entry.lock)


@contextmanager
def _kept_apart(entry: Examined) -> Iterator[None]:
    """Whatever goes wrong with one signature is said in its entry and stays there."""
    try:
        yield
    except NoSignature:
        entry.problem = "malformed" if is_supported(entry.one.subfilter) else "unknown_subfilter"
    except misc.PdfStrictReadError as cause:
        raise StrictReadingFailed(str(cause)) from cause
    except MemoryError:
        raise
    except Exception:  # a signature that cannot be parsed raises anything; it is one entry of the report
        entry.problem = "malformed" if entry.embedded is None else "not_analysed"


def _carried(entries: Sequence[Examined]) -> Iterator[Evidence]:
    """What each signature brings along."""
    for entry in entries:
        with forgiving:
            if entry.embedded is not None:
                yield from_cms(entry.embedded.signed_data)


def _names_of(signed_data: cms.SignedData) -> cms.CMSAttributes | frozenset[str]:
    """The names of the signed attributes; where they are not plain, the attributes."""
    with if_plain:
        return attribute_names(plain_cms(signed_data))
    return signed_data["signer_infos"][0]["signed_attrs"]


def _claimed_time(value: generic.DictionaryObject) -> datetime | None:
    """The /M entry: a claim of the signer's program, proving nothing."""
    moment: datetime | None = None
    with forgiving:  # absent or malformed
        text = str(value["/M"])
        if plain := PLAIN_DATE.fullmatch(text):
            year, month, day, hour, minute, second = map(int, plain.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        moment = generic.parse_pdf_date(text, strict=False)
    return moment if moment is not None and moment.tzinfo is not None else None
