"""What the signatures of a file say of themselves: signer, time stamp, certificates. Read, not judged.

A time stamp counts only if it was made for this signature value and its own signature verifies.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from asn1crypto import cms, x509

from keys.encoded import encoded, first
from signing_service.pades import signed_data, tokens
from signing_service.pades.document import Document, Field
from signing_service.pades.errors import RevisionInvalid, UnreadableDocument, WrongTimestamp

DOCUMENT_TIMESTAMP = "ETSI.RFC3161"


@contextmanager
def reading_asn1() -> Iterator[None]:
    """asn1crypto reads lazily and fails late, in several ways; all mean that the file's content is malformed."""
    try:
        yield
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        raise UnreadableDocument(reason="a signature or a certificate in it cannot be read") from error


@dataclass(frozen=True)
class FoundSignature:
    """One filled signature field. `byte_range`: start, length, start, length; `contents`: the gap's bytes, padded."""

    field: str
    subfilter: str
    byte_range: tuple[int, int, int, int]
    contents: bytes

    @property
    def document_timestamp(self) -> bool:
        """It is a time stamp over the document, not somebody's signature."""
        return self.subfilter == DOCUMENT_TIMESTAMP

    @property
    def end(self) -> int:
        """Length of the revision that it covers."""
        return self.byte_range[2] + self.byte_range[3]

    def covered_digest(self, pdf: bytes) -> bytes:
        """SHA-256 over the byte range."""
        return self._covered(pdf, "sha256")

    def _covered(self, pdf: bytes, algorithm: str) -> bytes:
        start, length, after, rest = self.byte_range
        state = hashlib.new(algorithm, memoryview(pdf)[start : start + length])
        state.update(memoryview(pdf)[after : after + rest])
        return state.digest()

    def check(self, pdf: bytes) -> None:
        """Raise `RevisionInvalid` unless value, digest and certificate fit each other and the bytes of `pdf`."""
        if self.byte_range[0] != 0 or not 0 < self.byte_range[1] < self.byte_range[2] < self.end <= len(pdf):
            raise RevisionInvalid(reason=f"the byte range of the signature in {self.field} is out of order")
        try:
            signed_data.check(self._signed_data, lambda name: self._covered(pdf, name))
        except signed_data.Unverified as error:
            raise RevisionInvalid(reason=f"the signature in {self.field}: {error}") from error

    @cached_property
    def cms_der(self) -> bytes:
        """The CMS object, cut by its own length (it may itself end in zeros)."""
        return first(self.contents)

    @cached_property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        """All certificates of the CMS object."""
        return signed_data.certificates(self._signed_data)

    @cached_property
    def signer_certificate(self) -> x509.Certificate:
        """The certificate that the signer's identifier names."""
        return signed_data.signer_certificate(self._signed_data)

    @property
    def value(self) -> bytes:
        """The signature value, as it came."""
        value: bytes = self._signer["signature"].native
        return value

    @property
    def token_der(self) -> bytes | None:
        """The time stamp over the value (ContentInfo, DER), whatever it is worth."""
        for attribute in self._signer["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                return encoded(attribute["values"][0])
        return None

    @cached_property
    def token(self) -> "FoundToken | None":
        """The time stamp over the signature value; for a document time stamp, itself. None if absent or unfit."""
        if self.document_timestamp:
            return FoundToken(self._signed_data)
        for attribute in self._signer["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                token = attribute["values"][0]
                try:
                    tokens.check(encoded(token), hashlib.sha256(self._signer["signature"].native).digest())
                except WrongTimestamp:
                    return None
                return FoundToken(token["content"])
        return None

    @cached_property
    def _signed_data(self) -> cms.SignedData:
        return cms.ContentInfo.load(self.cms_der)["content"]

    @property
    def _signer(self) -> cms.SignerInfo:
        return self._signed_data["signer_infos"][0]


@dataclass(frozen=True)
class FoundToken:
    """A time stamp token inside a file."""

    signed_data: cms.SignedData

    @property
    def at(self) -> datetime:
        """The authority's time, UTC."""
        content = self.signed_data["encap_content_info"]["content"].parsed
        at: datetime = content["gen_time"].native
        return at

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        return signed_data.certificates(self.signed_data)

    @property
    def signer_certificate(self) -> x509.Certificate:
        return signed_data.signer_certificate(self.signed_data)


def signatures(document: Document) -> tuple[FoundSignature, ...]:
    """Every filled signature field, in the order of the form's fields. Raises `UnreadableDocument`."""
    return tuple(_found(document, field) for field in document.signature_fields() if field.value is not None)


def _found(document: Document, field: Field) -> FoundSignature:
    value = document.dictionary(field.value)
    contents = document.get(value.get("Contents"))
    numbers = [document.get(number) for number in document.array(value.get("ByteRange", []))]
    if len(numbers) != 4 or not all(isinstance(number, int) for number in numbers) or not isinstance(contents, bytes):
        raise UnreadableDocument(reason=f"the signature in {field.name} is incomplete")
    start, length, after, rest = (int(str(number)) for number in numbers)
    return FoundSignature(field.name, str(document.get(value.get("SubFilter"))), (start, length, after, rest), contents)
