"""A signature between its two halves, as plain data: any process can complete it. No behaviour beyond reading it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document revision whose signature value is still missing.

    Offsets are byte positions in `pdf`; the gap `pdf[reserved_start:reserved_end]` includes `<` and `>`. `pdf` begins
    with the base, so a store that has the base needs only `tail`. Digests: SHA-256.
    """

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
