"""EU trusted lists (ETSI TS 119 612): which authorities are qualified, since when, for what; read by pyHanko.

A list is used only when its XML signature is that of a certificate that the list of lists, or the operator, names;
nobody is known beforehand. Services that are granted now become anchors; those granted in the past count for
qualification at their time. A list past the day of its next update is stale; whether it is used all the same is for who
asks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from types import ModuleType
from xml.etree import ElementTree

from asn1crypto import x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.qualified.assess import QualificationAssessor
from pyhanko.sign.validation.qualified.q_status import QualificationResult
from pyhanko.sign.validation.qualified.tsp import QcCertType, QTSTServiceInformation, TSPRegistry
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.path import ValidationPath

from keys.encoded import encoded
from keys.errors import FetchRefused, TrustedListRefused
from keys.trust.anchors import TrustAnchors

SIGNATURE, SEAL = "esign", "eseal"
OF_LISTS = "LOTL"
_LIST = "{http://uri.etsi.org/02231/v2#}"


@dataclass(frozen=True, slots=True)
class Qualified:
    """What lists say of a certificate: qualified or not, for what, with a device, by which service, of which list."""

    qualified: bool
    certificate_type: str = ""
    device: bool = False
    service: str = ""
    territory: str = ""


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What a list says of itself, out of its signed part: territory, number, when it was issued, when the next one is
    due (None: it does not say); and its SHA-256 and where it came from."""

    territory: str
    sequence: int
    issued_at: datetime | None
    next_update_at: datetime | None
    sha256: str
    source: str = ""

    def is_stale(self, at: datetime) -> bool:
        """Whether its operator should have issued another one by then (clause 5.3.15)."""
        return self.next_update_at is not None and self.next_update_at < at


class _Services(TSPRegistry):
    """Services that issue certificates; those that stamp time apart, because one of them qualifies no certificate."""

    def __init__(self) -> None:
        super().__init__()
        self.stamps = TSPRegistry()

    def register_tst(self, qtst_service_info: QTSTServiceInformation) -> None:
        self.stamps.register_tst(qtst_service_info)


@dataclass(frozen=True, slots=True)
class TrustedList:
    """One list that was rightly signed, and its services."""

    facts: ListFacts
    services: _Services

    def anchors(self) -> TrustAnchors:
        """Authorities of services that are granted now: of certificates for signing, of time stamps for time."""
        authorities = self.services.known_certificate_authorities
        stamps = self.services.stamps
        granted = _granted(stamps, stamps.known_timestamp_authorities)
        return TrustAnchors(tuple(_granted(self.services, authorities)), tuple(granted))

    def assess(self, path: Sequence[bytes], at: datetime) -> Qualified:
        """The qualification of the first certificate of a validated path (DER, leaf first, anchor last) at a time.

        It must have been qualified when it was issued and at `at`.
        """
        certificates = _certificates(path)
        leaf, anchor = certificates[0], certificates[-1]
        chain = ValidationPath(
            CertTrustAnchor(anchor), certificates[1:-1][::-1], leaf if len(certificates) > 1 else None
        )
        assessor = QualificationAssessor(self.services)
        results = [assessor.check_entity_cert_qualified(chain, moment) for moment in (leaf.not_valid_before, at)]
        every = all(result.status.qualified for result in results)
        return _said(results[-1], self.facts.territory, qualified=every)


@dataclass
class TrustedLists:
    """All lists read so far, and what went wrong with others (one line each)."""

    lists: list[TrustedList] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def add(self, xml: bytes, signers: Sequence[bytes], name: str = "", source: str = "") -> ListFacts:
        """Read one list; raises `TrustedListRefused` unless one of `signers` (DER) signed it."""
        signed = _signed(xml, signers, name)
        services = _Services()
        try:
            _, errors = _reader().trust_list_to_registry_unsafe(signed, services)
            facts = _facts(signed, xml, name, source)
        except Exception as error:  # XML of strangers: the parsers raise anything
            raise TrustedListRefused(name=name, reason="it cannot be read") from error
        self.problems.extend(f"{name}: {error}"[:300] for error in errors)
        self.lists.append(TrustedList(facts, services))
        return facts

    def add_all(
        self,
        list_of_lists: bytes,
        signers: Sequence[bytes],
        fetch: Callable[[str], bytes],
        territories: Iterable[str] = (),
    ) -> None:
        """Read a list of lists and every list it names; one that cannot be had or is not right is noted as a problem.

        Raises `TrustedListRefused` when the list of lists itself is not signed by one of `signers`.
        """
        for pointer in pointers(list_of_lists, signers, territories)[1]:
            try:
                self.add(fetch(pointer.address), pointer.signers, pointer.territory, pointer.address)
            except (FetchRefused, TrustedListRefused) as error:
                self.problems.append(str(error))

    def fresh(self, at: datetime) -> "TrustedLists":
        """Those only that were not stale at a time."""
        return TrustedLists([one for one in self.lists if not one.facts.is_stale(at)], self.problems)

    def anchors(self) -> TrustAnchors:
        """Authorities that are granted now in any of the lists."""
        found = TrustAnchors()
        for one in self.lists:
            found = found.and_also(one.anchors())
        return found

    def assess(self, path: Sequence[bytes], at: datetime) -> Qualified:
        """What the first list says that calls the certificate qualified, see `TrustedList.assess`."""
        for one in self.lists:
            found = one.assess(path, at)
            if found.qualified:
                return found
        return Qualified(False)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the list of lists says that a territory's list is, and whose certificates (DER) sign it."""

    territory: str
    address: str
    signers: tuple[bytes, ...]


def pointers(
    list_of_lists: bytes, signers: Sequence[bytes], territories: Iterable[str] = ()
) -> tuple[ListFacts, tuple[Pointer, ...]]:
    """A list of lists (facts, and its pointers, of these territories or of all); raises `TrustedListRefused`."""
    wanted = {one.upper() for one in territories}
    signed = _signed(list_of_lists, signers, OF_LISTS)
    try:
        read = _reader().parse_lotl_unsafe(signed)
        facts = _facts(signed, list_of_lists, OF_LISTS, "")
    except Exception as error:  # see TrustedLists.add
        raise TrustedListRefused(name=OF_LISTS, reason="it cannot be read") from error
    found = tuple(
        Pointer(one.territory.upper(), one.location_uri, tuple(encoded(signer) for signer in one.tlso_certs))
        for one in read.references
        if _reader().LOTL_RULE not in one.scheme_rules and (not wanted or one.territory.upper() in wanted)
    )
    return facts, found


def _reader() -> ModuleType:
    """pyHanko's reader of lists. It brings the classes of the whole ETSI schema, so it is imported where there is a
    list to read, not by every process that starts."""
    return import_module("pyhanko.sign.validation.qualified.eutl_parse")


def _signed(xml: bytes, signers: Sequence[bytes], name: str) -> str:
    """The part of a list that one of the signers signed. Without signers nobody did: the library would take its own."""
    if not signers:
        raise TrustedListRefused(name=name, reason="nobody is known who may sign it")
    if b"<!DOCTYPE" in xml:
        raise TrustedListRefused(name=name, reason="it brings a grammar of its own")
    try:
        # The public functions verify and read in one; the facts are to come out of the very same signed part.
        signed: str = _reader()._validate_and_extract_tl_data_multiple_certs(
            xml.decode("utf-8"), _certificates(signers), None
        )
    except SignatureValidationError as error:
        raise TrustedListRefused(name=name, reason="its signature is not that of its operator") from error
    except Exception as error:  # see TrustedLists.add
        raise TrustedListRefused(name=name, reason="it cannot be read") from error
    return signed


def _facts(signed: str, xml: bytes, name: str, source: str) -> ListFacts:
    root = ElementTree.fromstring(signed)  # noqa: S314  # the canonical form that was signed has no entities
    scheme = f"{_LIST}SchemeInformation/{_LIST}"
    return ListFacts(
        territory=(root.findtext(f"{scheme}SchemeTerritory") or name).strip()[:20],
        sequence=int(root.findtext(f"{scheme}TSLSequenceNumber") or 0),
        issued_at=_moment(root.findtext(f"{scheme}ListIssueDateTime")),
        next_update_at=_moment(root.findtext(f"{scheme}NextUpdate/{_LIST}dateTime")),
        sha256=sha256(xml).hexdigest(),
        source=source,
    )


def _moment(text: str | None) -> datetime | None:
    if not text or not text.strip():
        return None
    moment = datetime.fromisoformat(text.strip())
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _granted(registry: TSPRegistry, authorities: Iterable[object]) -> Iterable[bytes]:
    for authority in authorities:
        services = registry.applicable_service_definitions(authority, None)  # type: ignore[arg-type]
        if any(service.base_info.valid_until is None for service in services):
            yield encoded(authority.certificate)  # type: ignore[attr-defined]  # the registry makes them of certificates


def _said(result: QualificationResult, territory: str, *, qualified: bool) -> Qualified:
    if not qualified:
        return Qualified(False)
    kinds = {QcCertType.QC_ESIGN: SIGNATURE, QcCertType.QC_ESEAL: SEAL}
    service = result.service_definition.base_info.service_name if result.service_definition else ""
    status = result.status
    return Qualified(True, kinds.get(status.qc_type, "other"), status.qc_key_security.is_qscd, service, territory)


def _certificates(ders: Iterable[bytes]) -> list[x509.Certificate]:
    return [x509.Certificate.load(der) for der in ders]
