"""Signed PDFs for tests, made with pyHanko: any number of signers, any level, certified or not."""

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import core
from asn1crypto import crl as asn1_crl
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.validation.dss import DocumentSecurityStore
from reportlab.pdfgen.canvas import Canvas

from tests.signing_service.verification.pki import Pki, asn1, rsa_key


def base_pdf(pages: int = 2, empty_fields: Sequence[str] = (), text_field: str | None = None) -> bytes:
    """An unsigned PDF with a classic cross-reference table and optional empty signature fields."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=True)
    for page in range(pages):
        canvas.drawString(72, 720, f"Strategic cooperation agreement, page {page + 1}")
        if text_field and page == 0:
            canvas.acroForm.textfield(name=text_field, x=72, y=500, width=200, height=20, value="")
        canvas.showPage()
    canvas.save()
    if not empty_fields:
        return buffer.getvalue()
    writer = IncrementalPdfFileWriter(io.BytesIO(buffer.getvalue()))
    for place, name in enumerate(empty_fields):
        box = (72, 300 - 60 * place, 272, 350 - 60 * place)
        fields.append_signature_field(writer, SigFieldSpec(name, on_page=0, box=box))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


@dataclass
class Signing:
    """One act of signing: who, in which field, stamped or not, certifying or not."""

    certificate: x509.Certificate
    field: str = "Sig1"
    stamped: bool = True
    certify: int | None = None
    at: datetime | None = None


def sign(
    pdf: bytes,
    pki: Pki,
    act: Signing,
    *,
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
    password: str | None = None,
    strict: bool = True,
) -> bytes:
    """One more signature by incremental update; a hybrid cross-reference can be signed with `strict=False` only."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=strict)
    if password is not None:
        writer.encrypt(password)
    metadata = signers.PdfSignatureMetadata(
        field_name=act.field,
        subfilter=subfilter,
        md_algorithm="sha256",
        certify=act.certify is not None,
        docmdp_permissions=MDPPerm(act.certify or 2),
    )
    signer = signers.PdfSigner(
        metadata, signer=pki.signer(act.certificate), timestamper=pki.stamper(act.at) if act.stamped else None
    )
    output = io.BytesIO()
    signer.sign_pdf(writer, output=output, bytes_reserved=16384)
    return output.getvalue()


def sign_encapsulated(pdf: bytes, pki: Pki, certificate: x509.Certificate, field: str = "Sig1") -> bytes:
    """A signature of the oldest kind: the CMS holds the SHA-1 of the signed bytes (adbe.pkcs7.sha1)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    session = cms_embedder.PdfCMSEmbedder().write_cms(field_name=field, writer=writer)
    next(session)
    placeholder = signers.PdfSignedData(obj_type=generic.pdf_name("/Sig"), bytes_reserved=8192)
    placeholder[generic.pdf_name("/Filter")] = generic.pdf_name("/Adobe.PPKLite")
    placeholder[generic.pdf_name("/SubFilter")] = generic.pdf_name("/adbe.pkcs7.sha1")
    session.send(cms_embedder.SigObjSetup(sig_placeholder=placeholder))
    output = io.BytesIO()
    prepared, _ = session.send(cms_embedder.SigIOSetup(md_algorithm="sha1", output=output))
    digest = prepared.document_digest
    signer = pki.signer(certificate)
    signed = asyncio.run(signer.async_sign_general_data(digest, "sha256", detached=False))
    session.send(signed.dump())
    return output.getvalue()


def sign_with(
    pdf: bytes,
    make: Callable[[bytes], bytes],
    subfilter: str = "/adbe.pkcs7.detached",
    entries: Mapping[str, generic.PdfObject] | None = None,
) -> bytes:
    """A signature whose contents `make` gives for the signed bytes, whatever program it uses."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    session = cms_embedder.PdfCMSEmbedder().write_cms(field_name="Sig1", writer=writer)
    next(session)
    placeholder = signers.PdfSignedData(obj_type=generic.pdf_name("/Sig"), bytes_reserved=16384)
    placeholder[generic.pdf_name("/Filter")] = generic.pdf_name("/Adobe.PPKLite")
    placeholder[generic.pdf_name("/SubFilter")] = generic.pdf_name(subfilter)
    placeholder.update({generic.pdf_name(key): value for key, value in (entries or {}).items()})
    session.send(cms_embedder.SigObjSetup(sig_placeholder=placeholder))
    output = io.BytesIO()
    prepared, _ = session.send(cms_embedder.SigIOSetup(md_algorithm="sha256", output=output))
    whole = output.getvalue()
    session.send(make(whole[: prepared.reserved_region_start] + whole[prepared.reserved_region_end :]))
    return output.getvalue()


def sign_raw(pdf: bytes, pki: Pki) -> bytes:
    """A signature of the kind before CMS: a PKCS #1 value over SHA-1, certificates beside it (adbe.x509.rsa_sha1)."""
    private = rsa_key(f"{pki.prefix}/signatory")
    certificate = pki.signatory("Raw", key=private)

    def make(data: bytes) -> bytes:
        value = private.sign(data, padding.PKCS1v15(), hashes.SHA1())
        return bytes(core.OctetString(value).dump())

    chain = [generic.ByteStringObject(item.public_bytes(Encoding.DER)) for item in (certificate, pki.issuing)]
    held = {"/Cert": generic.ArrayObject(chain)}
    return sign_with(pdf, make, "/adbe.x509.rsa_sha1", held)


def add_store(pdf: bytes, pki: Pki, crls: Sequence[bytes], certificates: Sequence[x509.Certificate] = ()) -> bytes:
    """One revision with a document security store."""
    stream = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        output_stream=stream,
        sig_contents=None,
        certs=[asn1(item) for item in (pki.root, pki.issuing, pki.tsa, *certificates)],
        ocsps=[],
        crls=[asn1_crl.CertificateList.load(item) for item in crls],
    )
    return stream.getvalue()


def stamp(pdf: bytes, pki: Pki, at: datetime | None = None) -> bytes:
    """One document time stamp."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    output = io.BytesIO()
    signers.PdfTimeStamper(pki.stamper(at)).timestamp_pdf(writer, "sha256", output=output)
    return output.getvalue()


def long_term(pki: Pki, count: int = 3, *, certified: bool = True) -> bytes:
    """A certified agreement with `count` signatories, one store and one document time stamp: every signature B-LTA."""
    names = [f"Sig{place + 1}" for place in range(count)]
    pdf = base_pdf(empty_fields=names)
    if certified:
        pdf = sign(pdf, pki, Signing(pki.signatory("Service seal"), "Seal", certify=2))
    for place, name in enumerate(names):
        at = pki.now + timedelta(seconds=place + 1)
        pdf = sign(pdf, pki, Signing(pki.signatory(f"Signatory {place + 1}"), name, at=at))
    pdf = add_store(pdf, pki, pki.crls())
    return stamp(pdf, pki, pki.now + timedelta(minutes=1))
