"""pyHanko's own signer on the same bytes: plain `sign_pdf`, and with its documented options for speed."""

from __future__ import annotations

from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from keys.timestamping.pyhanko_adapter import pyhanko_timestamper
from keys.timestamping.sources import TimestampSource


def signer(key: ec.EllipticCurvePrivateKey, certificate: bytes, issuer: bytes) -> signers.SimpleSigner:
    """A signer with the key at hand."""
    store = SimpleCertificateStore()
    store.register(asn1_x509.Certificate.load(issuer))
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=store,
    )


def plain(pdf: bytes, field: str, by: signers.SimpleSigner) -> bytes:
    """`sign_pdf` as the documentation shows it."""
    out = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata(field), by, existing_fields_only=True, output=out)
    return out.getvalue()


def stamped(pdf: bytes, field: str, by: signers.SimpleSigner, source: TimestampSource) -> bytes:
    """The same with a time stamp of that source: B-T."""
    out = BytesIO()
    stamper = pyhanko_timestamper(source)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    signers.sign_pdf(writer, metadata(field), by, timestamper=stamper, existing_fields_only=True, output=out)
    return out.getvalue()


def in_place(pdf: bytes, field: str, by: signers.SimpleSigner) -> bytes:
    """The same without the dry run that measures the signature, and without copying the file."""
    out = BytesIO(pdf)
    signers.sign_pdf(
        IncrementalPdfFileWriter(out),
        metadata(field),
        by,
        existing_fields_only=True,
        bytes_reserved=8192,
        in_place=True,
    )
    return out.getvalue()


def metadata(field: str) -> signers.PdfSignatureMetadata:
    """PAdES with SHA-256."""
    return signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
