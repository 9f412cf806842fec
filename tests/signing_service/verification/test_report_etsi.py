"""The ETSI TS 119 102-2 report: well formed, in the order of the schema, with the words of the standard."""

from xml.etree import ElementTree

import pytest

from signing_service.verification.report_etsi import VR, report_etsi
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.mutations import flip_byte, replace_page
from tests.signing_service.verification.test_sub_indications import rsa_1024
from tests.signing_service.verification.worlds import agreement, basic, judge, pki, stamped, stranger

# The sequence of SignatureValidationReportType in the published schema.
ORDER = [
    "SignatureIdentifier",
    "ValidationConstraintsEvaluationReport",
    "ValidationTimeInfo",
    "SignersDocument",
    "SignatureAttributes",
    "SignerInformation",
    "SignatureQuality",
    "SignatureValidationProcess",
    "SignatureValidationStatus",
]

AXES = "{urn:signing-service:report:1}Axes"


def parsed(report) -> ElementTree.Element:
    return ElementTree.fromstring(report_etsi(report))


def texts(root: ElementTree.Element, tag: str) -> list[str | None]:
    return [element.text for element in root.iter(f"{{{VR}}}{tag}")]


def names(element: ElementTree.Element) -> list[str]:
    return [child.tag.removeprefix(f"{{{VR}}}") for child in element]


def test_every_signature_has_a_report_and_every_stamp_an_object():
    root = parsed(judge(agreement()))
    assert names(root) == ["SignatureValidationReport"] * 4 + ["SignatureValidationObjects"]
    assert texts(root, "DAIdentifier")[:4] == ["Seal", "Sig1", "Sig2", "Sig3"]
    kinds = texts(root, "ObjectType")
    assert kinds.count("urn:etsi:019102:validationObject:timestamp") == 1


@pytest.mark.parametrize("report", [lambda: judge(agreement()), lambda: judge(basic()), lambda: judge(b"noise")])
def test_members_stand_in_the_order_of_the_schema(report):
    for tag in ("SignatureValidationReport", "ValidationReport"):
        for element in parsed(report()).iter(f"{{{VR}}}{tag}"):
            found = [name for name in names(element) if name in ORDER]
            assert found == sorted(found, key=ORDER.index)
            assert len(found) == len(set(found)) or tag == "ValidationReport"


def test_references_lead_to_objects():
    root = parsed(judge(agreement()))
    objects = {element.get("id") for element in root.iter(f"{{{VR}}}ValidationObject")}
    references = {element.get("VOReference") for element in root.iter() if element.get("VOReference")}
    assert references
    assert references <= objects


@pytest.mark.parametrize(
    ("report", "main", "sub"),
    [
        (lambda: judge(basic()), "total-passed", None),
        (lambda: judge(flip_byte(stamped())), "total-failed", "HASH_FAILURE"),
        (lambda: judge(stamped(), world=stranger()), "indeterminate", "NO_CERTIFICATE_CHAIN_FOUND"),
        (lambda: judge(replace_page(stamped())), "indeterminate", "SIG_CONSTRAINTS_FAILURE"),
        (lambda: judge(b"noise"), "indeterminate", "SIGNED_DATA_NOT_FOUND"),
    ],
)
def test_the_words_of_the_standard(report, main, sub):
    root = parsed(report())
    root = next(root.iter(f"{{{VR}}}SignatureValidationStatus"))
    assert texts(root, "MainIndication")[0] == f"urn:etsi:019102:mainindication:{main}"
    assert texts(root, "SubIndication")[:1] == ([f"urn:etsi:019102:subindication:{sub}"] if sub else [])


def test_hostile_names_stay_text():
    pdf = sign(base_pdf(), pki(), Signing(pki().signatory("<evil/> &\x07"), "<b>"))
    root = parsed(judge(pdf))
    assert texts(root, "DAIdentifier") == ["<b>"]


def test_every_step_is_a_constraint_and_the_policy_is_named():
    report = judge(agreement())
    root = parsed(report)
    first = next(root.iter(f"{{{VR}}}ValidationConstraintsEvaluationReport"))
    assert len(texts(first, "ConstraintStatus")) == len(report.signatures[0].steps)
    assert texts(root, "PolicyName")[0].startswith("default: ")


def test_what_the_standard_has_no_element_for_stands_in_its_extension_point():
    axes = {element.tag.rpartition("}")[2]: element.text for element in next(parsed(judge(agreement())).iter(AXES))}
    assert axes["ChangesAfter"] == "signing"
    assert axes["Qualification"] == "not_assessed"


def test_certificates_of_chains_are_contained_and_answers_are_named():
    root = parsed(judge(agreement()))
    assert root.find(f".//{{{VR}}}base64") is not None
    assert "urn:etsi:019102:validationObject:CRL" in texts(root, "ObjectType")


def test_an_algorithm_that_is_refused_is_named():
    root = parsed(rsa_1024().report())
    assert texts(root, "SecureAlgorithm") == ["false"]
    assert texts(root, "Algorithm") == ["urn:signing-service:algorithm:rsa-1024"]
