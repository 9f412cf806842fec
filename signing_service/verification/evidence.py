"""What is known locally for judging certificates: what the CMS and the DSS embed first, then what the caller supplied.

Nothing is fetched. Unreadable items are left out one by one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asn1crypto import cms, crl, ocsp, x509
from cryptography.x509 import InvalidVersion, load_der_x509_crl
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from keys.encoded import encoded
from signing_service.verification.certificate_facts import serial_of
from signing_service.verification.forgiving import forgiving
from signing_service.verification.once import once, once_each
from signing_service.verification.pdf_access import entry
from signing_service.verification.plain_certificates import der_of, parsed, plain_certificate
from signing_service.verification.plain_cms import plain_cms
from signing_service.verification.plain_der import NotPlain, if_plain
from signing_service.verification.plain_names import Reading, by_name
from signing_service.verification.plain_revocation import PlainAnswer, PlainList, plain_answer, plain_list
from signing_service.verification.plain_store import stream_at

MAX_ITEMS = 500
ADOBE_ARCHIVE = bytes.fromhex("2a864886f72f010108")


@dataclass(frozen=True, eq=False)
class Evidence:
    """Certificates and revocation answers, each once."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[CRLContainer, ...] = ()
    ocsps: tuple[OCSPContainer, ...] = ()

    def plus(self, other: "Evidence") -> "Evidence":
        """Both together, own items first; this very object when the other brings nothing new."""
        joined = self._joined.get(id(other))
        if joined is None:
            joined = self._joined[id(other)] = self._plus(other), other
        return joined[0]

    def _plus(self, other: "Evidence") -> "Evidence":
        certificates = tuple(one for der, one in other.by_der.items() if der not in self.by_der)
        crls = tuple(one for der, one in other._lists.items() if der not in self._lists)
        ocsps = tuple(one for key, one in other._answers.items() if key not in self._answers)
        if not certificates and not crls and not ocsps:
            return self
        brought = (*map(id, certificates), *map(id, crls), *map(id, ocsps))
        if brought not in self._grown:
            grown = Evidence(self.certificates + certificates, self.crls + crls, self.ocsps + ocsps)
            self._grown[brought] = grown
        return self._grown[brought]

    @cached_property
    def _joined(self) -> "dict[int, tuple[Evidence, Evidence]]":
        """What became of it by adding another, which is kept so that its id stays its own."""
        return {}

    @cached_property
    def _grown(self) -> "dict[tuple[int, ...], Evidence]":
        """What became of it by adding; each holds what was added, so their ids stay theirs."""
        return {}

    @classmethod
    def joined(cls, parts: Iterable["Evidence"]) -> "Evidence":
        """All of them together, in their order."""
        every = tuple(parts)
        certificates = {der: one for part in reversed(every) for der, one in part.by_der.items()}
        lists = {der: one for part in reversed(every) for der, one in part._lists.items()}
        answers = {key: one for part in reversed(every) for key, one in part._answers.items()}
        return cls(
            tuple(certificates[der] for der in dict.fromkeys(der for part in every for der in part.by_der)),
            tuple(lists[der] for der in dict.fromkeys(der for part in every for der in part._lists)),
            tuple(answers[key] for key in dict.fromkeys(key for part in every for key in part._answers)),
        )

    @cached_property
    def by_der(self) -> dict[bytes, x509.Certificate]:
        """The certificates by their bytes."""
        return {der_of(one): one for one in self.certificates}

    @cached_property
    def _lists(self) -> dict[bytes, CRLContainer]:
        return {encoded(one.crl_data): one for one in self.crls}

    @cached_property
    def _answers(self) -> dict[tuple[bytes, int], OCSPContainer]:
        return {(encoded(one.ocsp_response_data), one.index): one for one in self.ocsps}

    @cached_property
    def by_serial(self) -> dict[bytes, tuple[x509.Certificate, ...]]:
        """The certificates by their serial numbers as they are encoded."""
        found: dict[bytes, tuple[x509.Certificate, ...]] = {}
        for one in self.certificates:
            serial = serial_of(one)
            found[serial] = (*found.get(serial, ()), one)
        return found

    def signers_of(self, signed_data: cms.SignedData) -> tuple[x509.Certificate, ...]:
        """Those of the certificates that may be meant by the signer of a CMS: by serial number where it names one."""
        with if_plain:
            return self.by_serial.get(plain_cms(signed_data).serial, ())
        with forgiving:
            named = signed_data["signer_infos"][0]["sid"]
            if named.name == "issuer_and_serial_number":
                return self.by_serial.get(bytes(named.chosen["serial_number"].contents), ())
        return self.certificates

    @cached_property
    def names(self) -> dict[Reading, frozenset[bytes]]:
        """The certificates by how their subjects read; raises NotPlain when one of them cannot be read plainly."""
        return by_name(self.by_der)

    @cached_property
    def plain_lists(self) -> tuple[PlainList, ...]:
        """All lists in their plain form; raises NotPlain when one of them has another."""
        return tuple(plain_list(der) for der in self._lists)

    @cached_property
    def plain_answers(self) -> dict[bytes, tuple[PlainAnswer, ...]]:
        """All answers in their plain form, by the serial number they are about; raises NotPlain like `plain_lists`."""
        found: dict[bytes, tuple[PlainAnswer, ...]] = {}
        for der, _ in self._answers:
            answer = plain_answer(der)
            found[answer.serial] = (*found.get(answer.serial, ()), answer)
        return found

    @cached_property
    def answers_by_serial(self) -> dict[int, list[OCSPContainer]]:
        """The OCSP answers by the serial number they are about, unreadable ones left out."""
        found: dict[int, list[OCSPContainer]] = {}
        for (der, _), container in self._answers.items():
            with forgiving:
                found.setdefault(_serial(der, container), []).append(container)
        return found


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
    certificates = tuple(_each(_streams(handler, store, "/Certs", DecodePurpose.CERTIFICATE), x509.Certificate.load))
    crls = tuple(
        CRLContainer(item)
        for item in _each(_streams(handler, store, "/CRLs", DecodePurpose.CRL), crl.CertificateList.load)
    )
    answers = _each(_streams(handler, store, "/OCSPs", DecodePurpose.OCSP_RESPONSE), ocsp.OCSPResponse.load)
    ocsps = tuple(_containers(answers))
    return Evidence(certificates, crls, ocsps)


@once(id)
def from_cms(signed_data: cms.SignedData) -> Evidence:
    """Certificates of a CMS, its own CRLs, and Adobe's revocation archival attribute."""
    with if_plain:
        signed = plain_cms(signed_data)
        if ADOBE_ARCHIVE not in signed.attributes:
            return _certificates_alone(signed.certificates)
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
    return Evidence(certificates, tuple(crls), tuple(ocsps))


@once_each
def _certificates_alone(ders: tuple[bytes, ...]) -> Evidence:
    return Evidence(tuple(parsed(der) for der in ders))


def _containers(answers: Iterable[ocsp.OCSPResponse]) -> list[OCSPContainer]:
    return [container for answer in answers for container in _contained(answer)]


def _contained(answer: ocsp.OCSPResponse) -> list[OCSPContainer]:
    try:
        plain_answer(encoded(answer))
    except NotPlain:
        return OCSPContainer.load_multi(answer)
    return [OCSPContainer(answer)]


def _serial(der: bytes, container: OCSPContainer) -> int:
    try:
        return int.from_bytes(plain_answer(der).serial, "big", signed=True)
    except NotPlain:
        single = container.extract_single_response()
        if single is None:
            raise
        return int(single["cert_id"]["serial_number"].native)


def _streams(handler: PdfHandler, store: generic.DictionaryObject, key: str, purpose: DecodePurpose) -> list[bytes]:
    found: list[bytes] = []
    references = entry(store, key)
    if not isinstance(references, generic.ArrayObject):
        return found
    for index in range(min(len(references), MAX_ITEMS)):
        with forgiving:  # one broken stream must not hide the others; hostile files raise anything
            found.append(_held(handler, references, index, purpose))
    return found


def _held(handler: PdfHandler, references: generic.ArrayObject, index: int, purpose: DecodePurpose) -> bytes:
    """What one of the streams holds; read from its bytes where it is as plain as most are."""
    named = references.raw_get(index)
    if isinstance(handler, PdfFileReader) and isinstance(named, generic.IndirectObject) and not handler.encrypted:
        with if_plain:
            place = handler.xrefs[named.reference]
            if isinstance(place, int):
                return stream_at(handler.stream.getvalue(), place, (named.idnum, named.generation))
    data: bytes = references[index].read_data(purpose)
    return data


def _each(items: Iterable[bytes], load: Callable[[bytes], Any]) -> list[Any]:
    """The items that parse; asn1crypto parses lazily, so one member is read to force it."""
    loaded: list[Any] = []
    for item in items:
        with forgiving:  # hostile bytes may raise anything
            value = load(item)
            if not _is_plain(value, item):
                _read_through(value, item)
            loaded.append(value)
    return loaded


def _read_through(value: Any, item: bytes) -> None:
    """Raises whatever there is to raise where an item is not one; a list of revoked certificates may be a long one."""
    if isinstance(value, x509.Certificate):
        _ = value.serial_number
    elif not isinstance(value, crl.CertificateList) or not _parses(item):
        _ = value.native


@once_each
def _parses(item: bytes) -> bool:
    """Whether a list parses as a whole, asked of a parser that is quick with long ones."""
    try:
        load_der_x509_crl(item)
    except (ValueError, InvalidVersion):
        return False
    return True


def _is_plain(value: object, item: bytes) -> bool:
    """Whether it was read whole already, strictly and at a fraction of the price."""
    read = {crl.CertificateList: plain_list, ocsp.OCSPResponse: plain_answer, x509.Certificate: plain_certificate}
    try:
        return bool(read[type(value)](item))
    except NotPlain:
        return False
