"""The one place where pyHanko's readers, writers and signers are called; its exceptions leave as `PadesError`s.

pyHanko reads documents strictly, finds fields, writes new revisions with a gap for the signature and validates
certificate paths; the CMS object that goes into the gap is built by `cms`. No network is ever used from here.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.content import AnnotAppearances
from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp, PreparedByteRangeDigest, SignatureObject
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    RevokedError,
    ValidationError,
)

from signing_service.pades.errors import (
    CertificateRevoked,
    FieldAlreadySigned,
    MissingEvidence,
    NotFirstSignature,
    RevisionInvalid,
    UnknownField,
    UnreadableDocument,
)
from signing_service.pades.material import Material, Wanted
from signing_service.pades.signatures import FoundSignature


@dataclass(frozen=True, slots=True)
class OpenField:
    """An empty signature field of an opened document. `width` and `height` in points; zero: invisible."""

    writer: Any
    field: Any
    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A new revision whose signature is still missing: zeros fill `pdf[start:end]`, `<` and `>` included."""

    pdf: bytes
    start: int
    end: int
    digest: bytes


def open_field(base_pdf: bytes, name: str, *, first: bool) -> OpenField:
    """Read the document strictly and find its empty signature field `name`; `first`: no other may be filled."""
    try:
        writer = IncrementalPdfFileWriter(BytesIO(base_pdf), strict=True)
        found = [(value, ref) for _, value, ref in enumerate_sig_fields(writer, with_name=name)]
        filled = first and any(True for _ in enumerate_sig_fields(writer, filled_status=True))
        box = _box(found[0][1]) if len(found) == 1 else (0.0, 0.0)
    except Exception as error:  # a damaged file can make the parser fail in any way
        raise UnreadableDocument(reason=type(error).__name__) from error
    if writer.security_handler is not None:
        raise UnreadableDocument(reason="encrypted")
    if len(found) != 1:
        raise UnknownField(field=name)
    value, reference = found[0]
    if value is not None:
        raise FieldAlreadySigned(field=name)
    if filled:
        raise NotFirstSignature()
    return OpenField(writer, reference, name, *box)


def _box(field_reference: Any) -> tuple[float, float]:
    x0, y0, x1, y1 = (float(number) for number in get_single_field_annot(field_reference.get_object())["/Rect"])
    return abs(x1 - x0), abs(y1 - y0)


def place(
    opened: OpenField, *, stamp_pdf: bytes | None, certify: bool, reserve: int, at: datetime, name: str
) -> Placed:
    """Write the revision with `reserve` bytes set aside for the CMS object.

    `stamp_pdf`: a one-page PDF of the field's size, drawn as its appearance. `certify`: certification signature that
    permits form filling and signing only (DocMDP P=2). `at` and `name` are claims, written as /M and /Name.
    """
    placeholder = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, name=name, bytes_reserved=2 * reserve)
    rules = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS) if certify else None
    output = BytesIO()
    try:
        steps = PdfCMSEmbedder().write_cms(opened.name, opened.writer, existing_fields_only=True)
        field = next(steps).get_object()
        if stamp_pdf is not None:
            _set_appearance(opened.writer, field, stamp_pdf)
        steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=rules))
        digest, _ = steps.send(SigIOSetup("sha256", output=output))
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise RevisionInvalid(reason=type(error).__name__) from error
    return Placed(output.getvalue(), digest.reserved_region_start, digest.reserved_region_end, digest.document_digest)


def _set_appearance(writer: Any, field: Any, stamp_pdf: bytes) -> None:
    widget = get_single_field_annot(field)
    stamp = writer.import_page_as_xobject(PdfFileReader(BytesIO(stamp_pdf)))
    appearances: Any = AnnotAppearances(normal=stamp)
    widget["/AP"] = appearances.as_pdf_object()
    writer.update_container(widget)


def signatures(pdf: bytes) -> tuple[FoundSignature, ...]:
    """Every filled signature field, in the order of the form's fields."""
    try:
        reader = PdfFileReader(BytesIO(pdf), strict=True)
        filled = enumerate_sig_fields(reader, filled_status=True)
        return tuple(_found(name, reference.get_object()["/V"]) for name, _, reference in filled)
    except Exception as error:  # a damaged file can make the parser fail in any way
        raise UnreadableDocument(reason=type(error).__name__) from error


def _found(name: str, value: Any) -> FoundSignature:
    start, length, after, rest = (int(number) for number in value["/ByteRange"])
    subfilter = str(value["/SubFilter"]).removeprefix("/")
    return FoundSignature(name, subfilter, (start, length, after, rest), bytes(value["/Contents"]))


def security_store(pdf: bytes) -> Material:
    """The document security store (ISO 32000-2, 12.8.4.3) of the newest revision; empty when there is none."""
    try:
        root = PdfFileReader(BytesIO(pdf), strict=True).root
        if "/DSS" not in root:
            return Material()
        store = root["/DSS"]
        parts = (
            tuple(bytes(stream.get_object().data) for stream in store.get(key, ()))
            for key in ("/Certs", "/CRLs", "/OCSPs")
        )
        return Material(*parts)
    except Exception as error:  # a damaged file can make the parser fail in any way
        raise UnreadableDocument(reason=type(error).__name__) from error


def with_security_store(pdf: bytes, material: Material) -> bytes:
    """One more revision, which adds what is new of `material` to the document security store."""
    writer = _writer(pdf)
    output = BytesIO()
    try:
        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[x509.Certificate.load(certificate) for certificate in material.certificates],
            crls=[crl.CertificateList.load(one) for one in material.crls],
            ocsps=[ocsp.OCSPResponse.load(answer) for answer in material.ocsps],
        )
        writer.write(output)
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise RevisionInvalid(reason=type(error).__name__) from error
    return output.getvalue()


def place_document_timestamp(pdf: bytes, field_name: str, reserve: int) -> Placed:
    """One more revision with an invisible field and a gap of `reserve` bytes for a time stamp over all of it."""
    writer = _writer(pdf)
    output = BytesIO()
    try:
        embedder = PdfCMSEmbedder(SigFieldSpec(field_name))
        steps = embedder.write_cms(field_name, writer)
        next(steps)
        stamp: Any = DocumentTimestamp  # pyHanko leaves its constructor untyped
        steps.send(SigObjSetup(sig_placeholder=stamp(bytes_reserved=2 * reserve)))
        digest, _ = steps.send(SigIOSetup("sha256", output=output))
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise RevisionInvalid(reason=type(error).__name__) from error
    return _placed(output, digest)


def _writer(pdf: bytes) -> Any:
    try:
        return IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    except Exception as error:  # a damaged file can make the parser fail in any way
        raise UnreadableDocument(reason=type(error).__name__) from error


def _placed(output: BytesIO, digest: PreparedByteRangeDigest) -> Placed:
    start, end = digest.reserved_region_start, digest.reserved_region_end
    return Placed(output.getvalue(), start, end, digest.document_digest)


def validated_paths(
    wanted: Sequence[Wanted], material: Material, roots: tuple[bytes, ...]
) -> tuple[tuple[bytes, ...], ...]:
    """For each certificate its path, root first, every member but the root shown to be unrevoked at the time.

    Raises `MissingEvidence` or `CertificateRevoked`. RFC 5280, 6; nothing is fetched.
    """
    return asyncio.run(_paths(wanted, material, roots))


async def _paths(
    wanted: Sequence[Wanted], material: Material, roots: tuple[bytes, ...]
) -> tuple[tuple[bytes, ...], ...]:
    anchors = [x509.Certificate.load(root) for root in roots]
    others = [x509.Certificate.load(certificate) for certificate in material.certificates]
    crls = [crl.CertificateList.load(one) for one in material.crls]
    ocsps = [ocsp.OCSPResponse.load(answer) for answer in material.ocsps]
    paths = []
    for question in wanted:
        context = ValidationContext(
            trust_roots=anchors,
            other_certs=others,
            crls=crls,
            ocsps=ocsps,
            moment=question.at,
            revocation_mode="require",
            retroactive_revinfo=True,  # lists are newer than the signatures they speak of
            time_tolerance=timedelta(minutes=5),
        )
        paths.append(await _path(question, context))
    return tuple(paths)


async def _path(question: Wanted, context: ValidationContext) -> tuple[bytes, ...]:
    certificate = x509.Certificate.load(question.certificate_der)
    validator: Any = CertificateValidator(certificate, validation_context=context)
    subject = str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))
    try:
        if question.stamping:
            path = await validator.async_validate_usage(set(), {"time_stamping"})
        else:
            path = await validator.async_validate_path()
        return tuple(member.dump() for member in path)
    except RevokedError as error:
        raise CertificateRevoked(subject=subject) from error
    except (PathError, ValidationError, CRLValidationError, OCSPValidationError, ValueError) as error:
        raise MissingEvidence(subject=subject, reason=type(error).__name__) from error
