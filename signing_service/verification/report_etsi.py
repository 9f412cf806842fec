"""The report as XML of ETSI TS 119 102-2 V1.4.1: what the standard has an element for, taken from our own report.

Not signed. Certificates are named by their digest. What the standard has no element for (changes after a signature,
custody, findings) stays in the JSON report.
"""

import base64
from collections.abc import Iterable
from xml.etree import ElementTree

from signing_service.verification.plain_data import format_time
from signing_service.verification.report import SIGNATURE, Certificate, Report, Signature

VR, DS = "http://uri.etsi.org/19102/v1.4.1#", "http://www.w3.org/2000/09/xmldsig#"
PREFIXES = {"vr": VR, "ds": DS}
URN = "urn:etsi:019102"
INDICATIONS = {"TOTAL_PASSED": "total-passed", "TOTAL_FAILED": "total-failed", "INDETERMINATE": "indeterminate"}
PROCESSES = {"B-B": "Basic", "B-T": "LTVM", "B-LT": "LTVM", "B-LTA": "LTA"}  # EN 319 102-1 clauses 5.3, 5.5, 5.6
DIGESTS = {
    "sha1": "http://www.w3.org/2000/09/xmldsig#sha1",
    "sha224": "http://www.w3.org/2001/04/xmldsig-more#sha224",
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
    "sha3_256": "http://www.w3.org/2007/05/xmldsig-more#sha3-256",
    "sha3_384": "http://www.w3.org/2007/05/xmldsig-more#sha3-384",
    "sha3_512": "http://www.w3.org/2007/05/xmldsig-more#sha3-512",
}
Element = ElementTree.Element


def report_etsi(report: Report) -> str:
    """One XML document. Without signatures it has one indeterminate entry, because the schema wants at least one."""
    root = Element(f"{{{VR}}}ValidationReport")
    for entry in [entry for entry in report.signatures if entry.kind == SIGNATURE]:
        _signature(_add(root, "SignatureValidationReport"), entry, report)
    stamps = [entry for entry in report.signatures if entry.kind != SIGNATURE]
    if len(root) == 0:
        _status(_add(root, "SignatureValidationReport"), "INDETERMINATE", "SIGNED_DATA_NOT_FOUND")
    certificates = {item.sha256: item for entry in report.signatures for item in _certificates(entry)}
    if certificates or stamps:
        objects = _add(root, "SignatureValidationObjects")
        for item in certificates.values():
            _certificate(objects, item)
        for number, entry in enumerate(stamps, 1):
            _document_stamp(objects, f"stamp-{number}", entry, report)
    for prefix, uri in PREFIXES.items():
        ElementTree.register_namespace(prefix, uri)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _signature(place: Element, entry: Signature, report: Report) -> None:
    """The members in the order of clause 4.2."""
    identifier = _add(place, "SignatureIdentifier")
    _add(identifier, "HashOnly", "false")
    _add(identifier, "DocHashOnly", "false")
    _add(identifier, "DAIdentifier", entry.field)
    times = _add(place, "ValidationTimeInfo")
    _add(times, "ValidationTime", format_time(report.document.judged_at))
    best = _add(times, "BestSignatureTime")
    _add(best, "POETime", format_time(entry.best_signature_time or report.document.judged_at))
    _add(best, "TypeOfProof", f"{URN}:poetype:validation")
    if entry.document_digest and entry.document_digest_algorithm in DIGESTS:
        signed = _add(place, "SignersDocument")
        _digest(signed, entry.document_digest_algorithm, entry.document_digest)
    if entry.subfilter or entry.timestamps:
        _attributes(_add(place, "SignatureAttributes"), entry)
    if entry.signer is not None:
        signer = _add(place, "SignerInformation")
        _refer(signer, "SignerCertificate", entry.signer)
        _add(signer, "Signer", entry.signer.subject)
    process = _add(place, "SignatureValidationProcess")
    _add(process, "SignatureValidationProcessID", f"{URN}:validationprocess:{PROCESSES.get(entry.level, 'Basic')}")
    _status(place, entry.indication, entry.sub_indication, entry)


def _attributes(place: Element, entry: Signature) -> None:
    for stamp in entry.timestamps:
        if stamp.time is not None:
            _add(_add(place, "SignatureTimeStamp"), "TimeStampValue", format_time(stamp.time))
    if entry.subfilter:
        _add(_add(place, "SubFilter"), "SubFilterElement", entry.subfilter)


def _status(place: Element, indication: str, sub: str | None, entry: Signature | None = None) -> None:
    status = _add(place, "SignatureValidationStatus")
    _add(status, "MainIndication", f"{URN}:mainindication:{INDICATIONS[indication]}")
    if sub:
        _add(status, "SubIndication", f"{URN}:subindication:{sub}")
    if entry is not None and entry.certificates:
        chain = _add(_add(status, "AssociatedValidationReportData"), "CertificateChain")
        _refer(chain, "SigningCertificate", entry.certificates[0])
        for item in entry.certificates[1:-1]:
            _refer(chain, "IntermediateCertificate", item)
        if len(entry.certificates) > 1:
            _refer(chain, "TrustAnchor", entry.certificates[-1])


def _certificate(objects: Element, item: Certificate) -> None:
    place = _add(objects, "ValidationObject")
    place.set("id", _name(item))
    _add(place, "ObjectType", f"{URN}:validationObject:certificate")
    _digest(_add(place, "ValidationObjectRepresentation"), "sha256", item.sha256)


def _document_stamp(objects: Element, name: str, entry: Signature, report: Report) -> None:
    """A document time stamp is a validation object with a report of its own (clause 4.4.8)."""
    place = _add(objects, "ValidationObject")
    place.set("id", name)
    _add(place, "ObjectType", f"{URN}:validationObject:timestamp")
    representation = _add(place, "ValidationObjectRepresentation")
    if entry.document_digest and entry.document_digest_algorithm in DIGESTS:
        _digest(representation, entry.document_digest_algorithm, entry.document_digest)
    else:
        _digest(representation, "sha256", report.file.sha256)
    _signature(_add(place, "ValidationReport"), entry, report)


def _certificates(entry: Signature) -> Iterable[Certificate]:
    yield from entry.certificates
    if entry.signer is not None:
        yield entry.signer


def _refer(place: Element, tag: str, item: Certificate) -> None:
    _add(place, tag).set("VOReference", _name(item))


def _name(item: Certificate) -> str:
    return f"certificate-{item.sha256}"


def _digest(place: Element, algorithm: str, digest: str) -> None:
    both = _add(place, "DigestAlgAndValue")
    ElementTree.SubElement(both, f"{{{DS}}}DigestMethod").set("Algorithm", DIGESTS[algorithm])
    value = ElementTree.SubElement(both, f"{{{DS}}}DigestValue")
    value.text = base64.b64encode(bytes.fromhex(digest)).decode("ascii")


def _add(place: Element, tag: str, text: str | None = None) -> Element:
    made = ElementTree.SubElement(place, f"{{{VR}}}{tag}")
    if text is not None:
        made.text = "".join(character for character in text if character.isprintable())
    return made
