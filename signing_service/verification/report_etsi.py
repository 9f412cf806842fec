"""The report as XML of ETSI TS 119 102-2 V1.4.1: what the standard has an element for, taken from our own report.

Not signed. Certificates of chains are contained, others named by their digest. Each step is a validation constraint.
What the standard has no element for stands in its extension points: changes after a signature, custody, qualification.
"""

import base64
from collections.abc import Iterable
from xml.etree import ElementTree

from signing_service.verification.plain_data import format_time
from signing_service.verification.report import SIGNATURE, Certificate, Report, RevocationFact, Signature

VR, DS = "http://uri.etsi.org/19102/v1.4.1#", "http://www.w3.org/2000/09/xmldsig#"
XADES, OWN = "http://uri.etsi.org/01903/v1.3.2#", "urn:signing-service:report:1"
PREFIXES = {"vr": VR, "ds": DS, "xades": XADES, "own": OWN}
OURS = "urn:signing-service"
URN = "urn:etsi:019102"
INDICATIONS = {"TOTAL_PASSED": "total-passed", "TOTAL_FAILED": "total-failed", "INDETERMINATE": "indeterminate"}
STATUSES = {
    "passed": "applied",
    "failed": "applied",
    "indeterminate": "applied",
    "noted": "applied",
    "skipped": "disabled",
}
RESULTS = {"passed": "passed", "failed": "failed", "indeterminate": "indeterminate"}
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
        for fact in {fact.sha256: fact for entry in report.signatures for fact in entry.revocation}.values():
            _revocation(objects, fact)
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
    _constraints(_add(place, "ValidationConstraintsEvaluationReport"), entry, report)
    times = _add(place, "ValidationTimeInfo")
    _add(times, "ValidationTime", format_time(report.document.judged_at))
    _proof(_add(times, "BestSignatureTime"), entry, report)
    if entry.document_digest and entry.document_digest_algorithm in DIGESTS:
        signed = _add(place, "SignersDocument")
        _digest(signed, entry.document_digest_algorithm, entry.document_digest)
    if entry.subfilter or entry.timestamps:
        _attributes(_add(place, "SignatureAttributes"), entry)
    if entry.signer is not None:
        signer = _add(place, "SignerInformation")
        _refer(signer, "SignerCertificate", entry.signer)
        _add(signer, "Signer", entry.signer.subject)
    if entry.qualification is not None and entry.qualification.level != "not_assessed":
        quality = _add(place, "SignatureQuality")
        _add(quality, "SignatureQualityInformation", f"{OURS}:qualification:{entry.qualification.level}")
    process = _add(place, "SignatureValidationProcess")
    _add(process, "SignatureValidationProcessID", f"{URN}:validationprocess:{PROCESSES.get(entry.level, 'Basic')}")
    _status(place, entry.indication, entry.sub_indication, entry)
    _other(_add(place, "OtherInformation"), entry)


def _constraints(place: Element, entry: Signature, report: Report) -> None:
    """The policy, and each step with what it looked at (clause 4.2.5)."""
    if report.policy is not None:
        applied = _add(place, "SignatureValidationPolicy")
        identifier = ElementTree.SubElement(_add(applied, "SignaturePolicyIdentifier"), f"{{{XADES}}}SignaturePolicyId")
        name = ElementTree.SubElement(identifier, f"{{{XADES}}}SigPolicyId")
        ElementTree.SubElement(name, f"{{{XADES}}}Identifier").text = f"{OURS}:policy:{report.policy.name}"
        hashed = ElementTree.SubElement(identifier, f"{{{XADES}}}SigPolicyHash")
        _digest_of(hashed, "sha256", report.policy.sha256)
        _add(applied, "PolicyName", f"{report.policy.name}: {report.policy.title}")
    for step in entry.steps:
        one = _add(place, "ValidationConstraint")
        _add(one, "ValidationConstraintIdentifier", f"{OURS}:step:{step.code}")
        parameter = _add(one, "ValidationConstraintParameter")
        _add(parameter, "Type", f"{OURS}:detail")
        _add(parameter, "Value", step.detail)
        _add(_add(one, "ConstraintStatus"), "Status", f"{URN}:constraintStatus:{STATUSES[step.result]}")
        if step.result in RESULTS:
            status = _add(one, "ValidationStatus")
            _add(status, "MainIndication", f"{URN}:mainindication:{RESULTS[step.result]}")


def _proof(place: Element, entry: Signature, report: Report) -> None:
    """The best signature time: proved by a stamp, else the time of this validation (clause 4.2.6)."""
    _add(place, "POETime", format_time(entry.best_signature_time or report.document.judged_at))
    _add(place, "TypeOfProof", f"{URN}:poetype:{'validation' if entry.best_signature_time is None else 'provided'}")


def _other(place: Element, entry: Signature) -> None:
    """What the standard has no element for: changes after the signature, level, custody, qualification."""
    ours = ElementTree.SubElement(place, f"{{{OWN}}}Axes")
    facts = {"Integrity": entry.integrity, "ChangesAfter": entry.changes, "Level": entry.level}
    facts |= {"Custody": entry.custody} if entry.custody else {}
    facts |= {"Qualification": entry.qualification.level} if entry.qualification else {}
    for name, value in facts.items():
        ElementTree.SubElement(ours, f"{{{OWN}}}{name}").text = value
    for name in entry.changed_fields:
        ElementTree.SubElement(ours, f"{{{OWN}}}ChangedField").text = _printable(name)


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
        data = _add(status, "AssociatedValidationReportData")
        chain = _add(data, "CertificateChain")
        _refer(chain, "SigningCertificate", entry.certificates[0])
        for item in entry.certificates[1:-1]:
            _refer(chain, "IntermediateCertificate", item)
        if len(entry.certificates) > 1:
            _refer(chain, "TrustAnchor", entry.certificates[-1])
        related = [fact for fact in entry.revocation if fact.sha256]
        for digest in dict.fromkeys(fact.sha256 for fact in related):
            _add(data, "RelatedValidationObject").set("VOReference", f"revocation-{digest}")
        _revoked(data, entry)
        _refused(data, entry)


def _revoked(data: Element, entry: Signature) -> None:
    chain = {item.sha256: item for item in entry.certificates}
    for fact in entry.revocation:
        if fact.revoked_at is not None and fact.certificate_sha256 in chain:
            place = _add(data, "RevocationStatusInformation")
            _refer(place, "ValidationObjectId", chain[fact.certificate_sha256])
            _add(place, "RevocationTime", format_time(fact.revoked_at))
            _add(place, "RevocationObject").set("VOReference", f"revocation-{fact.sha256}")
            return


def _refused(data: Element, entry: Signature) -> None:
    """The first algorithm that the policy refuses (clause 4.2.12.6)."""
    for use in entry.algorithms:
        if not use.accepted:
            _, _, place = use.where.partition(":")
            item = entry.certificates[int(place or 0)]
            crypto = _add(data, "CryptoInformation")
            _refer(crypto, "ValidationObjectId", item)
            _add(crypto, "Algorithm", DIGESTS.get(use.name, f"{OURS}:algorithm:{use.name}-{use.bits}"))
            _add(crypto, "SecureAlgorithm", "false")
            if use.not_after is not None:
                _add(crypto, "NotAfter", format_time(use.not_after))
            return


def _revocation(objects: Element, fact: RevocationFact) -> None:
    place = _add(objects, "ValidationObject")
    place.set("id", f"revocation-{fact.sha256}")
    _add(place, "ObjectType", f"{URN}:validationObject:{'CRL' if fact.kind == 'crl' else 'OCSPResponse'}")
    _digest(_add(place, "ValidationObjectRepresentation"), "sha256", fact.sha256)


def _certificate(objects: Element, item: Certificate) -> None:
    place = _add(objects, "ValidationObject")
    place.set("id", _name(item))
    _add(place, "ObjectType", f"{URN}:validationObject:certificate")
    representation = _add(place, "ValidationObjectRepresentation")
    if item.der:
        _add(representation, "base64", item.der)
    else:
        _digest(representation, "sha256", item.sha256)


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
    """The signer first: what a chain holds of the same certificate is richer and comes later."""
    if entry.signer is not None:
        yield entry.signer
    yield from entry.certificates


def _refer(place: Element, tag: str, item: Certificate) -> None:
    _add(place, tag).set("VOReference", _name(item))


def _name(item: Certificate) -> str:
    return f"certificate-{item.sha256}"


def _digest(place: Element, algorithm: str, digest: str) -> None:
    _digest_of(_add(place, "DigestAlgAndValue"), algorithm, digest)


def _digest_of(both: Element, algorithm: str, digest: str) -> None:
    ElementTree.SubElement(both, f"{{{DS}}}DigestMethod").set("Algorithm", DIGESTS[algorithm])
    value = ElementTree.SubElement(both, f"{{{DS}}}DigestValue")
    value.text = base64.b64encode(bytes.fromhex(digest)).decode("ascii")


def _add(place: Element, tag: str, text: str | None = None) -> Element:
    made = ElementTree.SubElement(place, f"{{{VR}}}{tag}")
    if text is not None:
        made.text = _printable(text)
    return made


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
