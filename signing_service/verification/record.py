"""What was read of a file's signatures, as the report keeps it, and the way back: evidence without the file.

Nothing is judged here. Where the CMS is kept, its value is verified anew by whoever judges it again; only the digest of
the signed bytes and what changed afterwards are the word of the first report.
"""

import base64
from collections.abc import Iterable, Sequence

from asn1crypto import parser, x509
from pyhanko.pdf_utils import generic

from keys.encoded import encoded
from signing_service.verification.change_facts import ChangesAfter
from signing_service.verification.cms_check import SEQUENCE_TAG
from signing_service.verification.evidence import Evidence, from_caller
from signing_service.verification.examined import Examined
from signing_service.verification.forgiving import forgiving
from signing_service.verification.integrity import ByteRange, Integrity
from signing_service.verification.report_evidence import FileRecord, SignatureRecord
from signing_service.verification.signature_contents import OpenedSignature, load_signed_data, padding_is_clean
from signing_service.verification.signature_fields import FormField

MOST_BYTES = 4 * 1024 * 1024
"""Of one file, in base64. Files that carry more are judged again with the file at hand."""


def record_of(entries: Sequence[Examined], store: Evidence) -> FileRecord | None:
    """The record of a file that could be read; None when it would be too long."""
    with forgiving:  # what strangers wrote may break anything; the report is as good without it
        record = FileRecord(
            tuple(_recorded(entry) for entry in entries),
            _all(encoded(one) for one in store.certificates),
            _all(sorted({encoded(one.crl_data) for one in store.crls})),
            _all(sorted({encoded(one.ocsp_response_data) for one in store.ocsps})),
        )
        held = (*record.certificates, *record.crls, *record.ocsps, *(one.contents for one in record.signatures))
        return record if sum(len(item) for item in held) <= MOST_BYTES else None
    return None


def evidence_of(record: FileRecord) -> Evidence:
    """What the security store of the file held."""
    return from_caller(_decoded(record.certificates), _decoded(record.crls), _decoded(record.ocsps))


def examined(record: SignatureRecord) -> Examined:
    """One signature as it was before it was judged; raises ValueError for a record that cannot be read."""
    certificate = x509.Certificate.load(base64.b64decode(record.certificate)) if record.certificate else None
    value = generic.DictionaryObject({})
    if record.subfilter:
        value[generic.pdf_name("/SubFilter")] = generic.pdf_name(record.subfilter)
    if record.is_timestamp:
        value[generic.pdf_name("/Type")] = generic.pdf_name("/DocTimeStamp")
    first_byte, gap_start, gap_end, end = record.byte_range
    return Examined(
        one=FormField(record.field, "/Sig", value, value),
        embedded=_opened(record, certificate),
        byte_range=ByteRange(first_byte, gap_start, gap_end, end, record.byte_range_problem),
        integrity=Integrity(
            record.integrity,
            bytes.fromhex(record.digest),
            record.digest_matches,
            record.value_valid,
            record.sub_indication,
            record.detail,
            record.digest_algorithm,
            certificate,
        ),
        digest_algorithm=record.digest_algorithm,
        revision=record.place,
        covered=record.covered,
        problem=record.problem,
        permission=record.permission,
        changes=ChangesAfter(record.changes, record.changed_fields, record.not_permitted, record.locked),
        level=record.level,
        claimed=record.claimed_time,
    )


def _opened(record: SignatureRecord, certificate: x509.Certificate | None) -> OpenedSignature | None:
    if not record.contents:
        return None
    contents = base64.b64decode(record.contents)
    return OpenedSignature(contents, load_signed_data(contents), certificate)


def _recorded(entry: Examined) -> SignatureRecord:
    found, changes, place = entry.integrity, entry.changes, entry.byte_range
    return SignatureRecord(
        field=entry.one.name,
        subfilter=entry.one.subfilter,
        is_timestamp=entry.is_timestamp,
        contents=_contents(entry),
        certificate=_certificate(entry),
        integrity=found.state,
        sub_indication=found.sub_indication,
        detail=found.detail,
        digest=found.digest.hex(),
        digest_algorithm=entry.digest_algorithm,
        digest_matches=found.digest_matches,
        value_valid=found.value_valid,
        byte_range=(place.first, place.gap_start, place.gap_end, place.end),
        byte_range_problem=place.problem,
        problem=entry.problem,
        place=entry.revision,
        covered=entry.covered,
        permission=entry.permission,
        changes=changes.kind,
        changed_fields=changes.fields,
        not_permitted=changes.not_permitted,
        locked=changes.locked,
        level=entry.level,
        claimed_time=entry.claimed,
    )


def _certificate(entry: Examined) -> str:
    found = entry.embedded.certificate if entry.embedded is not None else None
    return _encode(encoded(found)) if found is not None else ""


def _contents(entry: Examined) -> str:
    """The CMS in the form in which it was judged. What followed it inside its place, when that was not zeros, is kept
    as one byte: that it was there is a finding."""
    if entry.embedded is None:
        return ""
    whole: bytes = parser.emit(0, 1, SEQUENCE_TAG, entry.embedded.signed_data.contents)
    return _encode(whole if padding_is_clean(entry.embedded.contents, entry.one.value) else whole + b"\xff")


def _all(items: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(_encode(item) for item in items)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(items: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item) for item in items)
