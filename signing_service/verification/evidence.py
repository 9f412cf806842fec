"""What is known locally for judging certificates: what the CMS and the DSS embed first, then what the caller supplied.

Nothing is fetched. Unreadable items are left out one by one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from signing_service.verification.forgiving import forgiving
from signing_service.verification.pdf_access import entry

MAX_ITEMS = 500


@dataclass(frozen=True)
class Evidence:
    """Certificates and revocation answers; `embedded` counts those that the file itself carries."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[CRLContainer, ...] = ()
    ocsps: tuple[OCSPContainer, ...] = ()
    embedded: int = 0

    def plus(self, other: "Evidence") -> "Evidence":
        """Both together, own items first."""
        return Evidence(
            self.certificates + other.certificates,
            self.crls + other.crls,
            self.ocsps + other.ocsps,
            self.embedded + other.embedded,
        )


def from_caller(
    certificates_der: Sequence[bytes], crls_der: Sequence[bytes], ocsps_der: Sequence[bytes] = ()
) -> Evidence:
    """Certificates, CRLs and OCSP responses supplied from outside the file, DER."""
    return Evidence(
        tuple(_each(certificates_der, x509.Certificate.load)),
        tuple(CRLContainer(item) for item in _each(crls_der, crl.CertificateList.load)),
        tuple(_containers(_each(ocsps_der, ocsp.OCSPResponse.load))),
    )


def from_security_store(handler: PdfHandler) -> Evidence:
    """What the document security store of one revision carries (EN 319 142-1, 5.4.2)."""
    store = None
    with forgiving:  # there may be none, or one that cannot be read
        store = handler.root["/DSS"]
    if not isinstance(store, generic.DictionaryObject):
        return Evidence()
    certificates = tuple(_each(_streams(store, "/Certs", DecodePurpose.CERTIFICATE), x509.Certificate.load))
    crls = tuple(
        CRLContainer(item) for item in _each(_streams(store, "/CRLs", DecodePurpose.CRL), crl.CertificateList.load)
    )
    answers = _each(_streams(store, "/OCSPs", DecodePurpose.OCSP_RESPONSE), ocsp.OCSPResponse.load)
    ocsps = tuple(_containers(answers))
    return Evidence(certificates, crls, ocsps, len(crls) + len(ocsps))


def from_cms(signed_data: cms.SignedData) -> Evidence:
    """Certificates of a CMS, its own CRLs, and Adobe's revocation archival attribute."""
    certificates = tuple(
        choice.chosen.untag() for choice in signed_data["certificates"] if choice.name == "certificate"
    )
    crls: list[CRLContainer] = []
    ocsps: list[OCSPContainer] = []
    for choice in signed_data["crls"] or ():
        if choice.name == "certificate_list":
            crls.append(CRLContainer(choice.chosen))
    for attribute in signed_data["signer_infos"][0]["signed_attrs"] or ():
        if attribute["type"].native == "adobe_revocation_info_archival":
            archive = attribute["values"][0]
            crls.extend(CRLContainer(item) for item in archive["crl"] or ())
            ocsps.extend(_containers(archive["ocsp"] or ()))
    return Evidence(certificates, tuple(crls), tuple(ocsps), len(crls) + len(ocsps))


def _containers(answers: Iterable[ocsp.OCSPResponse]) -> list[OCSPContainer]:
    return [container for answer in answers for container in OCSPContainer.load_multi(answer)]


def _streams(store: generic.DictionaryObject, key: str, purpose: DecodePurpose) -> list[bytes]:
    found: list[bytes] = []
    references = entry(store, key)
    if not isinstance(references, generic.ArrayObject):
        return found
    for index in range(min(len(references), MAX_ITEMS)):
        with forgiving:  # one broken stream must not hide the others; hostile files raise anything
            found.append(references[index].read_data(purpose))
    return found


def _each(items: Iterable[bytes], load: Callable[[bytes], Any]) -> list[Any]:
    """The items that parse; asn1crypto parses lazily, so one member is read to force it."""
    loaded: list[Any] = []
    for item in items:
        with forgiving:  # hostile bytes may raise anything
            value = load(item)
            _ = value.serial_number if isinstance(value, x509.Certificate) else value.native
            loaded.append(value)
    return loaded
