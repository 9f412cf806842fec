"""EU trusted lists (ETSI TS 119 612): which authorities are qualified, since when, for what; read by pyHanko.

A list is used only when its XML signature is that of a certificate that the list of lists, or the operator, names.
Services that are granted now become anchors; those granted in the past count for qualification at their time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import x509
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.qualified import eutl_parse
from pyhanko.sign.validation.qualified.assess import QualificationAssessor
from pyhanko.sign.validation.qualified.q_status import QualificationResult
from pyhanko.sign.validation.qualified.tsp import QcCertType, QTSTServiceInformation, TSPRegistry
from pyhanko_certvalidator.authority import CertTrustAnchor
from pyhanko_certvalidator.path import ValidationPath

from keys.encoded import encoded
from keys.errors import FetchRefused, TrustedListRefused
from keys.trust.anchors import TrustAnchors

SIGNATURE, SEAL = "esign", "eseal"


@dataclass(frozen=True, slots=True)
class Qualified:
    """What the lists say of a certificate: qualified or not, for what, with a device, by which service."""

    qualified: bool
    certificate_type: str = ""
    device: bool = False
    service: str = ""


class _Services(TSPRegistry):
    """Services that issue certificates; those that stamp time apart, because one of them qualifies no certificate."""

    def __init__(self) -> None:
        super().__init__()
        self.stamps = TSPRegistry()

    def register_tst(self, qtst_service_info: QTSTServiceInformation) -> None:
        self.stamps.register_tst(qtst_service_info)


@dataclass
class TrustedLists:
    """The services of all lists read so far, and what went wrong with others (one line each)."""

    registry: _Services = field(default_factory=_Services)
    problems: list[str] = field(default_factory=list)
    territories: list[str] = field(default_factory=list)

    def add(self, xml: bytes, signers: Sequence[bytes], name: str = "") -> None:
        """Read one list; raises `TrustedListRefused` unless one of `signers` (DER) signed it."""
        try:
            _, errors = eutl_parse.trust_list_to_registry(xml.decode("utf-8"), _certificates(signers), self.registry)
        except SignatureValidationError as error:
            raise TrustedListRefused(name=name, reason="its signature is not that of its operator") from error
        except Exception as error:  # XML of strangers: the parsers raise anything
            raise TrustedListRefused(name=name, reason="it cannot be read") from error
        self.problems.extend(f"{name}: {error}"[:300] for error in errors)
        self.territories.append(name)

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
        wanted = {one.upper() for one in territories}
        try:
            read = eutl_parse.validate_and_parse_lotl(list_of_lists.decode("utf-8"), _certificates(signers))
        except SignatureValidationError as error:
            raise TrustedListRefused(name="LOTL", reason="its signature is not that of its operator") from error
        except Exception as error:  # see add
            raise TrustedListRefused(name="LOTL", reason="it cannot be read") from error
        for pointer in read.references:
            if eutl_parse.LOTL_RULE in pointer.scheme_rules or (wanted and pointer.territory.upper() not in wanted):
                continue
            try:
                own = [encoded(certificate) for certificate in pointer.tlso_certs]
                self.add(fetch(pointer.location_uri), own, pointer.territory)
            except (FetchRefused, TrustedListRefused) as error:
                self.problems.append(str(error))

    def anchors(self) -> TrustAnchors:
        """Authorities of services that are granted now: of certificates for signing, of time stamps for time."""
        authorities = self.registry.known_certificate_authorities
        stamps = self.registry.stamps
        granted = self._granted(stamps, stamps.known_timestamp_authorities)
        return TrustAnchors(tuple(self._granted(self.registry, authorities)), tuple(granted))

    def _granted(self, registry: TSPRegistry, authorities: Iterable[object]) -> Iterable[bytes]:
        for authority in authorities:
            services = registry.applicable_service_definitions(authority, None)  # type: ignore[arg-type]
            if any(service.base_info.valid_until is None for service in services):
                yield encoded(authority.certificate)  # type: ignore[attr-defined]  # the registry makes them of certificates

    def assess(self, path: Sequence[bytes], at: datetime) -> Qualified:
        """The qualification of the first certificate of a validated path (DER, leaf first, anchor last) at a time.

        It must have been qualified when it was issued and at `at`.
        """
        certificates = _certificates(path)
        leaf, anchor = certificates[0], certificates[-1]
        chain = ValidationPath(
            CertTrustAnchor(anchor), certificates[1:-1][::-1], leaf if len(certificates) > 1 else None
        )
        assessor = QualificationAssessor(self.registry)
        results = [assessor.check_entity_cert_qualified(chain, moment) for moment in (leaf.not_valid_before, at)]
        return _said(results[-1], qualified=all(result.status.qualified for result in results))


def _said(result: QualificationResult, *, qualified: bool) -> Qualified:
    if not qualified:
        return Qualified(False)
    kinds = {QcCertType.QC_ESIGN: SIGNATURE, QcCertType.QC_ESEAL: SEAL}
    service = result.service_definition.base_info.service_name if result.service_definition else ""
    status = result.status
    return Qualified(True, kinds.get(status.qc_type, "other"), status.qc_key_security.is_qscd, service)


def _certificates(ders: Iterable[bytes]) -> list[x509.Certificate]:
    return [x509.Certificate.load(der) for der in ders]
