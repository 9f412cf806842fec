"""What a file carries that an auditor may want to take along: certificates, revocation answers, stamps, signatures.

The bytes are given as they stand in the file. Nothing is judged, nothing is fetched; what cannot be read is left out.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import find_cms_attribute_iter
from pyhanko.sign.validation import EmbeddedPdfSignature

from keys.encoded import encoded, first
from signing_service.verification.evidence import from_cms, from_security_store
from signing_service.verification.forgiving import forgiving
from signing_service.verification.reading import open_leniently, open_strictly
from signing_service.verification.signature_fields import signature_fields
from signing_service.verification.stamps import MAX_STAMPS, authority_name, token_time

CERTIFICATE, CRL, OCSP, TIME_STAMP, CMS = "certificate", "crl", "ocsp", "timestamp", "cms"
KINDS = (CERTIFICATE, CRL, OCSP, TIME_STAMP, CMS)
SUFFIXES = {CERTIFICATE: "cer", CRL: "crl", OCSP: "ors", TIME_STAMP: "tst", CMS: "p7s"}
MEDIA_TYPES = {
    CERTIFICATE: "application/pkix-cert",  # RFC 2585
    CRL: "application/pkix-crl",  # RFC 2585
    OCSP: "application/ocsp-response",  # RFC 6960
    TIME_STAMP: "application/vnd.etsi.timestamp-token",
    CMS: "application/pkcs7-signature",  # RFC 8551
}
MAX_MATERIALS = 1000


@dataclass(frozen=True, slots=True)
class Material:
    """One thing out of the file: its kind, whose or of when it is (as the file says), SHA-256 (hex) and DER."""

    kind: str
    of: str
    sha256: str
    data: str

    @property
    def der(self) -> bytes:
        """The bytes as they stand in the file."""
        return base64.b64decode(self.data)


def materials(pdf: bytes) -> tuple[Material, ...]:
    """Everything of the five kinds, each once, in the order of the kinds; empty for a file that cannot be read."""
    opened = open_strictly(pdf)
    if opened.reader is None:
        opened = open_leniently(pdf)
    if opened.reader is None:
        return ()
    found: dict[tuple[str, str], Material] = {}
    with forgiving:
        for material in _all(opened.reader):
            found.setdefault((material.kind, material.sha256), material)
            if len(found) >= MAX_MATERIALS:
                break
    return tuple(sorted(found.values(), key=lambda one: KINDS.index(one.kind)))


def _all(reader: PdfFileReader) -> Iterator[Material]:
    for one in signature_fields(reader):
        if one.field is None:
            continue
        with forgiving:  # an empty or broken field carries nothing
            signature = EmbeddedPdfSignature(reader, one.field, one.name)
            yield from _of_signature(signature.signed_data, signature.pkcs7_content, one.name, one.is_timestamp)
    with forgiving:
        store = from_security_store(reader)
        yield from _certificates(store.certificates)
        yield from _lists(answer.crl_data for answer in store.crls)
        yield from _answers(answer.ocsp_response_data for answer in store.ocsps)


def _of_signature(signed: cms.SignedData, whole: bytes, field: str, is_stamp: bool) -> Iterator[Material]:
    yield _material(TIME_STAMP if is_stamp else CMS, field, first(whole))  # zeros follow up to the reserved length
    yield from _of_signed_data(signed)
    stamps = find_cms_attribute_iter(signed["signer_infos"][0]["unsigned_attrs"], "signature_time_stamp_token")
    for _, token in zip(range(MAX_STAMPS), stamps, strict=False):
        with forgiving:
            inner = token["content"]
            yield _material(TIME_STAMP, f"{authority_name(inner)} {token_time(inner) or ''}".strip(), encoded(token))
            yield from _of_signed_data(inner)


def _of_signed_data(signed: cms.SignedData) -> Iterator[Material]:
    known = from_cms(signed)
    yield from _certificates(known.certificates)
    yield from _lists(answer.crl_data for answer in known.crls)
    yield from _answers(answer.ocsp_response_data for answer in known.ocsps)


def _certificates(found: Iterable[x509.Certificate]) -> Iterator[Material]:
    for one in found:
        yield _material(CERTIFICATE, _named(one.subject), encoded(one))


def _lists(found: Iterable[crl.CertificateList]) -> Iterator[Material]:
    for one in found:
        yield _material(CRL, _named(one.issuer), encoded(one))


def _answers(found: Iterable[ocsp.OCSPResponse]) -> Iterator[Material]:
    for one in found:
        yield _material(OCSP, str(one.response_data["produced_at"].native), encoded(one))


def _named(name: x509.Name) -> str:
    """The common name, else all of the name."""
    return str(name.native.get("common_name") or name.human_friendly)


def _material(kind: str, of: str, der: bytes) -> Material:
    return Material(kind, of[:200], hashlib.sha256(der).hexdigest(), base64.b64encode(der).decode("ascii"))
