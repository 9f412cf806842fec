"""What a process keeps of files that it verified: their structure, under the SHA-256 of all their bytes.

It holds where the last table is, which fields are still empty and that nothing forbids another signature. Trust, time
and revocation are never kept: they are judged anew whenever they are asked about. Entries do not change, a file can
only be found by its own digest, and the oldest make room when there are too many bytes of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from types import MappingProxyType

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.plain_der import NotPlain
from signing_service.verification.plain_objects import Plain
from signing_service.verification.plain_sections import Sections
from signing_service.verification.reading import STRICT, open_strictly
from signing_service.verification.references import References
from signing_service.verification.report import INTACT, TOTAL_FAILED, Report
from signing_service.verification.signature_contents import lock_of
from signing_service.verification.signature_fields import signature_fields

Key = tuple[int, int]
LIMIT = 8 * 1024 * 1024
EACH, FIELD = 1_000, 1_500
"""About how many bytes an entry and each of its fields take."""

QUIET = frozenset({"none", "maintenance", "signing"})


@dataclass(frozen=True, slots=True)
class EmptyField:
    """A signature field without a value, as it is written."""

    name: str
    entries: Mapping[bytes, Plain]


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A verified file in which more fields may be signed."""

    sha256: bytes
    length: int
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
        return EACH + FIELD * len(self.empty)

    def grown(self, digest: bytes, length: int, section: tuple[int, int], signed: Key) -> KnownFile:
        """The same file with one of its fields signed by one more section, whose table and size are given."""
        rest = MappingProxyType({key: field for key, field in self.empty.items() if key != signed})
        return replace(
            self,
            sha256=digest,
            length=length,
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
        self._files: OrderedDict[bytes, KnownFile] = OrderedDict()
        self._lock = Lock()

    def at(self, digest: bytes) -> KnownFile | None:
        """The file with this SHA-256, if it is known."""
        with self._lock:
            found = self._files.get(digest)
            if found is not None:
                self._files.move_to_end(digest)
            return found

    def keep(self, file: KnownFile | None) -> None:
        """Remember a file; None is nothing to remember."""
        if file is None or file.cost > self._limit:
            return
        with self._lock:
            if file.sha256 not in self._files:
                self._files[file.sha256] = file
                self._cost += file.cost
            while self._cost > self._limit:
                _, gone = self._files.popitem(last=False)
                self._cost -= gone.cost

    def __len__(self) -> int:
        return len(self._files)


def known_file(pdf: bytes, report: Report) -> KnownFile | None:
    """What to keep of a file after its report; None where another signature would not be a plain matter."""
    document = report.document
    if document.readable != STRICT or document.trailing_bytes or document.indication == TOTAL_FAILED:
        return None
    if report.file.sha256 != sha256(pdf).hexdigest() or not report.signatures:
        return None
    if any(one.integrity != INTACT or one.changes not in QUIET for one in report.signatures):
        return None
    if any(one.certification not in (None, 2, 3) for one in report.signatures):
        return None
    with suppress(NotPlain, KeyError, ValueError):
        return _known(pdf, open_strictly(pdf).reader, document.revisions)
    return None


def _locks(value: generic.PdfObject | None) -> bool:
    return isinstance(value, generic.DictionaryObject) and lock_of(value) is not None


def _known(pdf: bytes, reader: PdfFileReader | None, number: int) -> KnownFile:
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
    return KnownFile(
        sha256(pdf).digest(), len(pdf), table, size, ("R", *root), named, last + 1, number, MappingProxyType(empty)
    )
