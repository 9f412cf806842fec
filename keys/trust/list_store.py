"""Trusted lists as they are kept in the trust folder: fetched or brought, checked, then written, with a log of their
own.

In `lists` of the folder stand `LOTL.xml` (the list of lists), one `<territory>.xml` for each list, `sources.json`
(where and when each was had) and `log.jsonl` (one line for each that was tried). Signatures are checked before anything
is written and again when it is read; an older list never takes the place of a newer one.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from keys.clock import in_utc
from keys.errors import FetchRefused, TrustedListRefused
from keys.trust.fetching import Fetcher
from keys.trust.folder import TrustFolder
from keys.trust.trusted_lists import OF_LISTS, ListFacts, Pointer, TrustedLists, pointers

LOTL_ADDRESS = "https://ec.europa.eu/tools/lotl/eu-lotl.xml"
MAXIMUM_BYTES = 32 * 1024 * 1024
TIMEOUT_SECONDS = 60.0
REDIRECTS = 3
FETCHER = Fetcher(timeout_seconds=TIMEOUT_SECONDS, maximum_bytes=MAXIMUM_BYTES, redirects=REDIRECTS)
"""Lists are large and some of their publishers redirect; everything else is as strict as for any address."""

_TERRITORY = re.compile(r"(?!LOTL)[A-Z]{2,8}")


@dataclass(frozen=True, slots=True)
class Tried:
    """One list that was tried: what it says of itself, or why the one that is stored, if any, stays."""

    territory: str
    address: str
    facts: ListFacts | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ListStore:
    """The lists of one trust folder."""

    folder: TrustFolder

    @property
    def path(self) -> Path:
        """Where the lists and those who may sign them stand."""
        return self.folder.path / "lists"

    def fetch(
        self,
        now: datetime,
        *,
        address: str = LOTL_ADDRESS,
        territories: Iterable[str] = (),
        get: Callable[[str], bytes] = FETCHER.get,
    ) -> tuple[Tried, ...]:
        """Fetch a list of lists and the lists it names, and keep each one that is right and not older than ours.

        Raises `FetchRefused` or `TrustedListRefused`, and changes nothing, when the list of lists cannot be used.
        """
        whole = get(address)
        facts, named = pointers(whole, self.folder.list_signers(), territories)
        self._not_older(OF_LISTS, facts)
        done = [self._kept(OF_LISTS, address, whole, facts, now)]
        done.extend(self._fetched(pointer, get, now) for pointer in named)
        return tuple(done)

    def add(self, xml: bytes, source: str, now: datetime) -> Tried:
        """Keep a list that the operator brings as a file; one of `list_signers` must have signed it."""
        facts = TrustedLists().add(xml, self.folder.list_signers(), source)
        territory = facts.territory.upper()
        if not _TERRITORY.fullmatch(territory):
            raise TrustedListRefused(name=source, reason="it names no territory")
        self._not_older(territory, facts)
        return self._kept(territory, source, xml, facts, now)

    def load(self) -> TrustedLists:
        """Every list that is kept and rightly signed; what is not is among the problems."""
        read, own = TrustedLists(), self.folder.list_signers()
        named = self._named(read, own)
        sources = self._sources()
        for file in sorted(self.path.glob("*.xml")):
            if file.stem == OF_LISTS:
                continue
            signers = (*named.get(file.stem, ()), *own)
            try:
                read.add(file.read_bytes(), signers, file.stem, str(sources.get(file.stem, {}).get("address", "")))
            except (TrustedListRefused, OSError) as error:
                read.problems.append(str(error))
        return read

    def _named(self, read: TrustedLists, own: tuple[bytes, ...]) -> dict[str, tuple[bytes, ...]]:
        """Territory → who may sign its list, as the kept list of lists says."""
        file = self.path / f"{OF_LISTS}.xml"
        if not file.exists():
            return {}
        try:
            return {pointer.territory: pointer.signers for pointer in pointers(file.read_bytes(), own)[1]}
        except (TrustedListRefused, OSError) as error:
            read.problems.append(str(error))
            return {}

    def _fetched(self, pointer: Pointer, get: Callable[[str], bytes], now: datetime) -> Tried:
        try:
            xml = get(pointer.address)
            facts = TrustedLists().add(xml, pointer.signers, pointer.territory, pointer.address)
            if facts.territory.upper() != pointer.territory or not _TERRITORY.fullmatch(pointer.territory):
                raise TrustedListRefused(name=pointer.territory, reason=f"it is the one of {facts.territory}")
            self._not_older(pointer.territory, facts)
            return self._kept(pointer.territory, pointer.address, xml, facts, now)
        except (FetchRefused, TrustedListRefused) as error:
            tried = Tried(pointer.territory, pointer.address, problem=str(error))
            self._log(tried, now)
            return tried

    def _not_older(self, territory: str, facts: ListFacts) -> None:
        if facts.sequence < int(str(self._sources().get(territory, {}).get("sequence", 0))):
            raise TrustedListRefused(name=territory, reason="it is older than the one that is kept")

    def _kept(self, territory: str, address: str, xml: bytes, facts: ListFacts, now: datetime) -> Tried:
        self._write(f"{territory}.xml", xml)
        sources = self._sources() | {territory: _source(address, facts, now)}
        self._write("sources.json", json.dumps(sources, indent=1, sort_keys=True).encode() + b"\n")
        tried = Tried(territory, address, facts)
        self._log(tried, now)
        return tried

    def _sources(self) -> dict[str, dict[str, object]]:
        file = self.path / "sources.json"
        return dict(json.loads(file.read_bytes())) if file.exists() else {}

    def _write(self, name: str, content: bytes) -> None:
        """Whole or not at all: a service may be reading."""
        self.path.mkdir(parents=True, exist_ok=True)
        draft = self.path / f".{name}.new"
        draft.write_bytes(content)
        draft.replace(self.path / name)

    def _log(self, tried: Tried, now: datetime) -> None:
        line: dict[str, object] = {"territory": tried.territory, "result": tried.problem or "kept"}
        line |= _source(tried.address, tried.facts, now)
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, sort_keys=True) + "\n")


def _source(address: str, facts: ListFacts | None, now: datetime) -> dict[str, object]:
    told: dict[str, object] = {"address": address, "at": in_utc(now).isoformat()}
    if facts is not None:
        dates = {"issued_at": facts.issued_at, "next_update_at": facts.next_update_at}
        told |= {"sha256": facts.sha256, "sequence": facts.sequence}
        told |= {name: moment.isoformat() if moment else None for name, moment in dates.items()}
    return told
