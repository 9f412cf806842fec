"""A signature between its two halves, as plain data: any process can complete it. No behaviour beyond reading it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """What both forms say. Offsets are byte positions in the whole file; the gap from `reserved_start` to
    `reserved_end` includes `<` and `>` and lies behind the base. Digests: SHA-256."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedTail(_Prepared):
    """What is appended to a document revision, its signature value still missing."""

    tail: bytes

    @property
    def length(self) -> int:
        """Length of the whole file."""
        return self.base_length + len(self.tail)

    def after(self, base_pdf: bytes) -> Prepared:
        """The same with its base in front."""
        return Prepared(pdf=base_pdf + self.tail, **_common(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared(_Prepared):
    """The same with its base in front: `pdf` is the whole file."""

    pdf: bytes

    @property
    def tail(self) -> bytes:
        """What was appended to the base."""
        return self.pdf[self.base_length :]

    def without_base(self) -> PreparedTail:
        """What a store needs to keep that has the base."""
        return PreparedTail(tail=self.tail, **_common(self))


def _common(prepared: _Prepared) -> dict[str, Any]:
    return {field.name: getattr(prepared, field.name) for field in fields(_Prepared)}
