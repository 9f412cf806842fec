"""One more signature on a file that was verified before, judged without looking at what came before it again.

Only a section as this service writes it is taken: every byte after the known file belongs to the signed field, its
signature, its stamp, or the table. The signature itself, its time stamp, trust and time are judged as in a whole
report, and its entry is the same. Anything else gives None: then the whole file is to be verified.
"""

from __future__ import annotations

import asyncio
import re
from binascii import unhexlify
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import x509
from pyhanko.pdf_utils import generic

from keys.trust.anchors import TrustAnchors
from signing_service.verification.evidence import from_cms
from signing_service.verification.examination import Examination
from signing_service.verification.examined import Examined
from signing_service.verification.findings import Finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import ByteRange, check_integrity
from signing_service.verification.known_files import Key, KnownFile, KnownFiles
from signing_service.verification.once import facts_about, one_report
from signing_service.verification.plain_cms import signed_data_in
from signing_service.verification.plain_der import NotPlain, plainly
from signing_service.verification.plain_objects import Plain, dictionary_in, object_at, span_is_object
from signing_service.verification.plain_sections import was_signed
from signing_service.verification.policy import DEFAULT, named
from signing_service.verification.reading import STRICT, Opened
from signing_service.verification.references import references
from signing_service.verification.report import Signature
from signing_service.verification.running_digest import RunningDigest, SignedParts
from signing_service.verification.signature_contents import OpenedSignature, padding_is_clean
from signing_service.verification.signature_fields import FormField
from signing_service.verification.supplied import Supplied
from signing_service.verification.trust import Judge
from signing_service.verification.verdicts import Verdict

END = re.compile(rb"startxref\n(\d{1,10})\n%%EOF\n\Z")
TABLE = re.compile(rb"xref\n((?:\d{1,10} \d{1,5}\n(?:\d{10} \d{5} n \n)+)+)trailer\n")
RUN = re.compile(rb"(\d{1,10}) (\d{1,5})\n((?:\d{10} \d{5} n \n)+)")
BEFORE = re.compile(rb"\d{1,10} 0 obj\n<</ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] */Contents (?=<[0-9a-f])")
BEHIND = re.compile(
    rb">\n/Type /Sig /Filter /Adobe\.PPKLite /SubFilter /ETSI\.CAdES\.detached /M \(D:(\d{14})Z\)"
    rb" /Name (?:<[0-9a-f]*>|\([^()\\]*\))>>\nendobj\n"
)


@dataclass(frozen=True)
class OneMore:
    """The entry of the new signature, what there is to say about it, and what may be known of the file from now on."""

    signature: Signature
    findings: tuple[Finding, ...]
    file: KnownFile


def one_more(
    pdf: bytes,
    files: KnownFiles,
    *,
    anchors: TrustAnchors,
    at: datetime | None = None,
    crls_der: Sequence[bytes] = (),
    certificates_der: Sequence[bytes] = (),
    policy: str = DEFAULT,
) -> OneMore | None:
    """The verdict on the last signature of a file whose bytes before it are known; None: verify the whole file."""
    marker = pdf.rfind(b"%%EOF\n", 0, max(0, len(pdf) - 6))
    known = files.at(pdf, marker + 6) if marker > 0 else None
    if known is None:
        return None
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    signing = tuple(x509.Certificate.load(der) for der in anchors.signing)
    stamping = tuple(x509.Certificate.load(der) for der in anchors.timestamping)
    judge = Judge(signing, stamping, moment, named(policy))
    supplied = Supplied(anchors, tuple(certificates_der), tuple(crls_der))
    with one_report(files.facts_of(supplied)), forgiving:  # NotPlain, or whatever else: for the whole report
        tail = _tail(pdf, known)
        running = RunningDigest(pdf)
        running.goes_on(len(known.pdf), "sha256", known.digest)
        examination = _Continued(Opened(None, STRICT, "", len(pdf)), pdf, judge, supplied.evidence(), running)
        entry = asyncio.run(examination.judged(known, tail))
        verdict = Verdict(entry, known.number + 1, None, judge.policy)
        files.keep_facts(supplied, facts_about(supplied.items()))
        grown = known.grown(pdf, (tail.table, tail.size), tail.field)
        return OneMore(verdict.signature(), tuple(verdict.findings), grown)
    return None


@dataclass(frozen=True, slots=True)
class _Tail:
    """What one plain section added: the field, its byte range, and the contents and claimed time of the signature."""

    field: Key
    value: Key
    table: int
    size: int
    signed: ByteRange
    contents: bytes
    claimed: datetime


@plainly
def _tail(pdf: bytes, known: KnownFile) -> _Tail:
    """Raises NotPlain unless every byte after the known file is accounted for by one signature in an empty field."""
    end = END.search(pdf, len(pdf) - 40)
    table = int(end.group(1)) if end is not None else -1
    found = TABLE.match(pdf, table) if table >= len(known.pdf) else None
    if end is None or found is None:
        raise NotPlain("table")
    trailer = dictionary_in(pdf, found.end(), end.start())
    size = int(_word(trailer.get(b"/Size")))
    if set(trailer) - {b"/Root", b"/Info", b"/Size", b"/Prev", b"/ID"} or int(_word(trailer[b"/Prev"])) != known.table:
        raise NotPlain("trailer")
    if trailer.get(b"/Root") != known.root or trailer.get(b"/Info") != known.information:
        raise NotPlain("trailer")
    places = _spans(pdf, len(known.pdf), _places(found.group(1)), table)
    if pdf.count(b"obj", len(known.pdf), table) != 2 * len(places):  # another one that no table names
        raise NotPlain("objects")
    signed = [key for key in places if key in known.empty]
    fresh = [key for key in places if key not in known.empty]
    if len(signed) != 1 or any(not known.size <= number < size or generation for number, generation in fresh):
        raise NotPlain("something else was written")
    if any(number >= size for number, _, _ in references(pdf[len(known.pdf) : table])):
        raise NotPlain("a number that is waited for")
    now, is_stream = object_at(pdf, places[signed[0]][0], signed[0])
    value = now.get(b"/V")
    if is_stream or not was_signed(known.empty[signed[0]].entries, now) or not isinstance(value, tuple):
        raise NotPlain("the field")
    return _of_signature(pdf, signed[0], value[1:], places[value[1:]], (table, size))


def _of_signature(pdf: bytes, field: Key, value: Key, span: tuple[int, int], section: tuple[int, int]) -> _Tail:
    before = BEFORE.match(pdf, *span)
    if before is None:
        raise NotPlain("signature")
    last = pdf.index(b">", before.end(), span[1])
    behind = BEHIND.fullmatch(pdf, last, span[1])
    start, after, rest = (int(before[place]) for place in (1, 2, 3))
    if behind is None or (before.end(), last + 1) != (start, after) or after + rest != len(pdf):
        raise NotPlain("byte range")
    claimed = datetime.strptime(behind[1].decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    contents = unhexlify(pdf[start + 1 : last])
    if not padding_is_clean(contents):
        raise NotPlain("padding")
    return _Tail(field, value, *section, ByteRange(0, start, after, len(pdf)), contents, claimed)


def _word(value: Plain) -> bytes:
    if not isinstance(value, tuple) or value[0] != "word" or not value[1].isdigit():
        raise NotPlain("number")
    return bytes(value[1])


def _places(table: bytes) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for run in RUN.finditer(table):
        lines = run.group(3).splitlines()
        if len(lines) != int(run.group(2)):
            raise NotPlain("table")
        for number, line in enumerate(lines, int(run.group(1))):
            key = number, int(line[11:16])
            if key in found:
                raise NotPlain("twice")
            found[key] = int(line[:10])
    return found


def _spans(pdf: bytes, begun: int, places: Mapping[Key, int], table: int) -> dict[Key, tuple[int, int]]:
    """Where each object begins and ends; together they fill everything from the known file to the table."""
    ordered = sorted(places.items(), key=lambda item: item[1])
    ends = [place for _, place in ordered[1:]] + [table]
    if not ordered or ordered[0][1] != begun:
        raise NotPlain("gap")
    found = {key: (place, end) for (key, place), end in zip(ordered, ends, strict=True)}
    if not all(span_is_object(pdf, place, end, key) for key, (place, end) in found.items()):
        raise NotPlain("gap")
    return found


class _Continued(Examination):
    """An examination of what was added only: there is no reader of the whole file."""

    def __post_init__(self) -> None:
        """Nothing is opened."""

    async def judged(self, known: KnownFile, tail: _Tail) -> Examined:
        """The new signature examined as in a whole report."""
        entry = Examined(_field(known.empty[tail.field].name, tail))
        entry.claimed, entry.byte_range = tail.claimed, tail.signed
        where = tail.signed
        parts = SignedParts(self.pdf, 0, (where.gap_start, where.gap_end), where.end, self.running)
        entry.embedded = OpenedSignature(tail.contents, signed_data_in(tail.contents))
        entry.integrity = check_integrity(entry.embedded.signed_data, parts)
        entry.embedded.certificate = entry.integrity.certificate
        if entry.integrity.certificate is None:
            raise NotPlain("certificate")
        entry.digest_algorithm = entry.integrity.algorithm
        entry.covered, entry.revision = True, known.revisions
        own = from_cms(entry.embedded.signed_data)
        evidence = self.local.plus(own)
        await self._judge_signature(entry, (), evidence)
        entry.level = self._level(entry, entry.embedded, (), own, evidence)
        return entry


def _field(name: str, tail: _Tail) -> FormField:
    entries = {"/Type": "/Sig", "/SubFilter": "/ETSI.CAdES.detached"}
    value = generic.DictionaryObject({generic.NameObject(k): generic.NameObject(v) for k, v in entries.items()})
    return FormField(name, "/Sig", value, value, tail.value, holder=tail.field)
