"""What a process keeps of files that it verified: their bytes and their structure.

It holds where the last table is, which fields are still empty and that nothing forbids another signature. Trust, time
and revocation are never kept: they are judged anew whenever they are asked about. Entries do not change, a file can
only be found by all of its own bytes, and the oldest make room when there are too many bytes of them.

Beside them are facts of the certificates and lists that the last caller brought: what they say and whose key signed
them, which their bytes alone decide.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from threading import Lock
from types import MappingProxyType
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.once import Facts
from signing_service.verification.plain_der import NotPlain
from signing_service.verification.plain_objects import Plain
from signing_service.verification.plain_sections import Sections
from signing_service.verification.reading import STRICT, open_strictly
from signing_service.verification.references import References
from signing_service.verification.report import INTACT, TOTAL_FAILED, Report
from signing_service.verification.signature_contents import lock_of
from signing_service.verification.signature_fields import signature_fields
from signing_service.verification.supplied import Supplied

Key = tuple[int, int]
LIMIT = 64 * 1024 * 1024
EACH, FIELD = 1_000, 1_500
"""About how many bytes an entry and each of its fields take beside the file."""
LAST = 16 * 1024
"""How many bytes at its end a file is looked for by; all of them are compared then."""

QUIET = frozenset({"none", "maintenance", "signing"})


@dataclass(frozen=True, slots=True)
class EmptyField:
    """A signature field without a value, as it is written."""

    name: str
    entries: Mapping[bytes, Plain]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A verified file in which more fields may be signed."""

    pdf: bytes = field(repr=False)
    digest: Any = field(repr=False, compare=False)
    """The SHA-256 over all of it, which goes on from a copy."""
    table: int
    size: int
    root: Plain
    information: Plain
    revisions: int
    number: int
    empty: Mapping[Key, EmptyField]

    @property
    def cost(self) -> int:
        """In bytes, roughly."""
        return len(self.pdf) + EACH + FIELD * len(self.empty)

    def grown(self, pdf: bytes, section: tuple[int, int], signed: Key) -> KnownFile:
        """The same file with one of its fields signed by one more section, whose table and size are given."""
        digest = self.digest.copy()
        digest.update(memoryview(pdf)[len(self.pdf) :])
        rest = MappingProxyType({key: one for key, one in self.empty.items() if key != signed})
        return replace(
            self,
            pdf=pdf,
            digest=digest,
            table=section[0],
            size=section[1],
            revisions=self.revisions + 1,
            number=self.number + 1,
            empty=rest,
        )


class KnownFiles:
    """Safe to share between threads."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._cost = limit, 0
        self._files: OrderedDict[tuple[int, bytes], KnownFile] = OrderedDict()
        self._lock = Lock()
        self._facts: tuple[Supplied, Facts] | None = None

    def at(self, pdf: bytes, length: int) -> KnownFile | None:
        """The file that the first `length` bytes are, if it is known."""
        wanted = _end_of(pdf, length)
        with self._lock:
            found = self._files.get(wanted)
            if found is not None:
                self._files.move_to_end(wanted)
        return found if found is not None and pdf.startswith(found.pdf) else None

    def keep(self, file: KnownFile | None) -> None:
        """Remember a file; None is nothing to remember."""
        if file is None or file.cost > self._limit:
            return
        key = _end_of(file.pdf, len(file.pdf))
        with self._lock:
            held = self._files.get(key)
            if held is not None and held.pdf == file.pdf:
                return
            self._cost += file.cost - (held.cost if held is not None else 0)
            self._files[key] = file
            while self._cost > self._limit:
                _, gone = self._files.popitem(last=False)
                self._cost -= gone.cost

    def facts_of(self, supplied: Supplied) -> Facts:
        """What is known of the certificates and lists that a caller brings, if they are those of the last one."""
        held = self._facts
        return held[1] if held is not None and held[0] == supplied else {}

    def keep_facts(self, supplied: Supplied, facts: Facts) -> None:
        """Remember them in place of those of the last caller."""
        self._facts = supplied, facts

    def __len__(self) -> int:
        return len(self._files)


def _end_of(pdf: bytes, length: int) -> tuple[int, bytes]:
    return length, sha256(memoryview(pdf)[max(0, length - LAST) : length]).digest()


def known_file(pdf: bytes, report: Report) -> KnownFile | None:
    """What to keep of a file after its report; None where another signature would not be a plain matter."""
    document = report.document
    if document.readable != STRICT or document.trailing_bytes or document.indication == TOTAL_FAILED:
        return None
    digest = sha256(pdf)
    if report.file.sha256 != digest.hexdigest() or not report.signatures:
        return None
    if any(one.integrity != INTACT or one.changes not in QUIET for one in report.signatures):
        return None
    if any(one.certification not in (None, 2, 3) for one in report.signatures):
        return None
    with suppress(NotPlain, KeyError, ValueError):
        return _known(pdf, digest, open_strictly(pdf).reader, document.revisions)
    return None


def _locks(value: generic.PdfObject | None) -> bool:
    return isinstance(value, generic.DictionaryObject) and lock_of(value) is not None


def _known(pdf: bytes, digest: Any, reader: PdfFileReader | None, number: int) -> KnownFile:
    if reader is None:
        raise NotPlain("not strictly readable")
    references = References(reader)
    sections = Sections(reader, frozenset, references)
    fields = signature_fields(reader)
    last = reader.xrefs.total_revisions - 1
    if any(one.broken or one.astray for one in fields) or any(_locks(one.value) for one in fields):
        raise NotPlain("a field that is not plain")
    empty = {
        one.holder: EmptyField(one.name, sections.dictionary(one.holder, last))
        for one in fields
        if one.value is None and one.holder is not None
    }
    root, encryption, information, size = sections.trailer(last)
    if encryption is not None or not isinstance(size, int) or not isinstance(root, tuple):
        raise NotPlain("trailer")
    if references.reach(size):
        raise NotPlain("a number that is waited for")
    named = ("R", *information) if isinstance(information, tuple) else None
    table = reader.xrefs.get_startxref_for_revision(last)
    return KnownFile(pdf, digest, table, size, ("R", *root), named, last + 1, number, MappingProxyType(empty))
