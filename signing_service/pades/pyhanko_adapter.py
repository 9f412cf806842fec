"""The one place where pyHanko is called; its exceptions leave as `PadesError`s. No network is ever used from here.

pyHanko reads a document strictly before it is certified, validates certificate paths, and writes the revisions of a
closing. The revisions of single signatures are written by `placement` and `cms`, many times faster.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    RevokedError,
    ValidationError,
)

from keys.encoded import encoded
from signing_service.pades.errors import CertificateRevoked, MissingEvidence, RevisionInvalid, UnreadableDocument
from signing_service.pades.material import Material, Wanted


@dataclass(frozen=True, slots=True)
class WithGap:
    """A document with an empty gap from `start` to `end`, `<` and `>` included, and the SHA-256 of all but the gap."""

    pdf: bytes
    start: int
    end: int
    digest: bytes


def require_readable(pdf: bytes) -> None:
    """Every object of the file can be read by a strict parser other than ours; asked once, when a file is certified."""
    try:
        reader: Any = PdfFileReader(BytesIO(pdf), strict=True)
        for number in range(1, int(reader.trailer["/Size"])):
            reader.get_object(Reference(number, 0, reader), never_decrypt=True)
        len(reader.root["/Pages"]["/Kids"])
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


def place_document_timestamp(pdf: bytes, field_name: str, reserve: int) -> WithGap:
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
    start, end = digest.reserved_region_start, digest.reserved_region_end
    return WithGap(output.getvalue(), start, end, digest.document_digest)


def _writer(pdf: bytes) -> Any:
    try:
        return IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    except Exception as error:  # a damaged file can make the parser fail in any way
        raise UnreadableDocument(reason=type(error).__name__) from error


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
        return tuple(encoded(member) for member in path)
    except RevokedError as error:
        raise CertificateRevoked(subject=subject) from error
    except (PathError, ValidationError, CRLValidationError, OCSPValidationError, ValueError) as error:
        raise MissingEvidence(subject=subject, reason=type(error).__name__) from error
