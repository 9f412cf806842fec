"""Certificates and revocation information as DER, and the question that is put to them. Data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509

from keys.encoded import encoded
from signing_service.pades.document import Document


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate to be proven valid at a time; `stamping`: it has to be a time stamp authority's."""

    certificate_der: bytes
    at: datetime
    stamping: bool


@dataclass(frozen=True, slots=True)
class Others:
    """Signers' certificates (DER) of authorities that are not ours, and the roots accepted for them alone."""

    certificates: frozenset[bytes] = frozenset()
    roots: tuple[bytes, ...] = ()


OURS_ONLY = Others()


@dataclass(frozen=True)
class Material:
    """Certificates and revocation information in DER, from wherever."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    @cached_property
    def by_subject(self) -> Mapping[bytes, x509.Certificate]:
        loaded = (x509.Certificate.load(certificate) for certificate in self.certificates)
        return {encoded(certificate.subject): certificate for certificate in loaded}

    @cached_property
    def crl_issuers(self) -> frozenset[bytes]:
        return frozenset(encoded(asn1_crl.CertificateList.load(crl).issuer) for crl in self.crls)

    @cached_property
    def listed_at(self) -> datetime:
        """The time of the newest revocation list or OCSP answer."""
        lists = (asn1_crl.CertificateList.load(one)["tbs_cert_list"]["this_update"].native for one in self.crls)
        answers = (single["this_update"].native for answer in self.ocsps for single in _answers(answer))
        return max((*lists, *answers), default=datetime.min.replace(tzinfo=UTC))

    @cached_property
    def answered_serials(self) -> frozenset[int]:
        """Serial numbers that a successful OCSP answer speaks of."""
        answers = (single for answer in self.ocsps for single in _answers(answer))
        return frozenset(single["cert_id"]["serial_number"].native for single in answers)


def security_store(document: Document) -> Material:
    """The document security store (ISO 32000-2, 12.8.4.3); empty when there is none."""
    if "DSS" not in document.root:
        return Material()
    store = document.dictionary(document.root["DSS"])
    parts = [
        tuple(document.stream(stream) for stream in document.array(store.get(key, [])))
        for key in ("Certs", "CRLs", "OCSPs")
    ]
    return Material(*parts)


def _answers(ocsp_der: bytes) -> Sequence[asn1_ocsp.SingleResponse]:
    response = asn1_ocsp.OCSPResponse.load(ocsp_der)
    if response["response_status"].native != "successful":
        return ()
    answers: Sequence[asn1_ocsp.SingleResponse] = response.response_data["responses"]
    return answers
