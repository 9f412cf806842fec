"""A signature between its two halves, as plain data: any process can complete it. No behaviour beyond reading it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PreparedTail:
    """What is appended to a document revision, its signature value still missing.

    Offsets are byte positions in the whole file; the gap from `reserved_start` to `reserved_end` includes `<` and `>`
    and lies in the tail. Digests: SHA-256.
    """

    tail: bytes
    base_length: int
    base_sha256: str
    field_name: str
    reserved_start: int
    reserved_end: int
    document_digest: bytes
    signed_attributes: bytes
    certificate_der: bytes
    chain_der: tuple[bytes, ...]

    @property
    def reserved(self) -> int:
        """Bytes set aside for the CMS object."""
        return (self.reserved_end - self.reserved_start - 2) // 2

    @property
    def length(self) -> int:
        """Length of the whole file."""
        return self.base_length + len(self.tail)

    def after(self, base_pdf: bytes) -> Prepared:
        """The same with its base in front."""
        return Prepared(
            base_pdf + self.tail,
            self.base_length,
            self.base_sha256,
            self.field_name,
            self.reserved_start,
            self.reserved_end,
            self.document_digest,
            self.signed_attributes,
            self.certificate_der,
            self.chain_der,
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """The same with its base in front: `pdf` is the whole file."""

    pdf: bytes
    base_length: int
    base_sha256: str
    field_name: str
    reserved_start: int
    reserved_end: int
    document_digest: bytes
    signed_attributes: bytes
    certificate_der: bytes
    chain_der: tuple[bytes, ...]

    @property
    def tail(self) -> bytes:
        """What was appended to the base."""
        return self.pdf[self.base_length :]

    @property
    def reserved(self) -> int:
        """Bytes set aside for the CMS object."""
        return (self.reserved_end - self.reserved_start - 2) // 2

    def without_base(self) -> PreparedTail:
        """What a store needs to keep that has the base."""
        return PreparedTail(
            self.tail,
            self.base_length,
            self.base_sha256,
            self.field_name,
            self.reserved_start,
            self.reserved_end,
            self.document_digest,
            self.signed_attributes,
            self.certificate_der,
            self.chain_der,
        )
