"""Trusted lists of our own making: read only when rightly signed, anchors out of them, qualification when signed."""

from functools import cache

import pytest

from keys.errors import FetchRefused, TrustedListRefused
from keys.trust.trusted_lists import TrustedLists
from signing_service.verification.qualification import qualified
from signing_service.verification.verify import verify
from tests.keys.trust.lists import history, list_of_lists, operator, service, trusted_list, with_device
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.pki import DER, Pki
from tests.signing_service.verification.worlds import SOON, only, pki, stamped

LONG_AGO, ADDRESS = "2020-01-01T00:00:00Z", "https://lists.example/de.xml"


@cache
def people():
    return {name: operator(name) for name in ("Union", "Germany", "Nobody")}


def der(name: str) -> bytes:
    return people()[name][1].public_bytes(DER)


def lists(services: str) -> TrustedLists:
    """What the list of lists leads to, fetched from a folder of one file."""
    files = {ADDRESS: trusted_list(services, people()["Germany"])}
    read = TrustedLists()
    read.add_all(
        list_of_lists({"DE": (ADDRESS, people()["Germany"][1])}, people()["Union"]), [der("Union")], files.__getitem__
    )
    return read


def authority(**changes) -> str:
    return service("CA/QC", pki().root, LONG_AGO, **changes) + service("TSA/QTST", pki().root, LONG_AGO)


def signed_by(*statements: str) -> bytes:
    return sign(base_pdf(), pki(), Signing(pki().signatory("Qualified", statements=statements)))


def level(pdf: bytes, read: TrustedLists) -> str:
    report = verify(pdf, name="a.pdf", anchors=pki().anchors, at=SOON, crls_der=pki().crls())
    assert report.passed
    return only(qualified(report, read), "Sig1").qualification.level


def test_anchors_come_out_of_the_lists():
    read = lists(authority())
    assert read.problems == []
    report = verify(stamped(), name="a.pdf", anchors=read.anchors(), at=SOON, crls_der=pki().crls())
    assert report.passed


@pytest.mark.parametrize(
    ("statements", "extra", "expected"),
    [
        (("compliance", "device"), "", "QES"),
        (("compliance",), "", "AdES-QC"),
        (("compliance",), "with device", "QES"),
        (("compliance", "device", "seal"), "", "QSeal"),
        (("compliance", "seal"), "", "AdESeal-QC"),
        ((), "", "not_qualified"),
    ],
)
def test_what_certificate_and_list_say_together(statements, extra, expected):
    read = lists(authority(extra=with_device() if extra else ""))
    assert level(signed_by(*statements), read) == expected


def test_what_was_withdrawn_before_signing_is_not_qualified():
    read = lists(authority(status="withdrawn", history=history("CA/QC", pki().root, "2016-07-01T00:00:00Z")))
    assert level(signed_by("compliance", "device"), read) == "not_qualified"
    assert read.anchors().signing == ()


def test_what_was_withdrawn_after_signing_was_qualified_then():
    gone = service(
        "CA/QC",
        pki().root,
        "2026-11-25T00:00:00Z",
        status="withdrawn",
        history=history("CA/QC", pki().root, LONG_AGO),
    )
    assert level(signed_by("compliance", "device"), lists(gone)) == "QES"


def test_without_a_list_nothing_is_assessed():
    report = verify(stamped(), name="a.pdf", anchors=pki().anchors, at=SOON, crls_der=pki().crls())
    assert only(report, "Sig1").qualification.level == "not_assessed"


def test_another_authority_is_not_qualified():
    other = service("CA/QC", Pki("another authority").root, LONG_AGO)
    assert level(signed_by("compliance", "device"), lists(other)) == "not_qualified"


def test_a_list_signed_by_nobody_in_charge_is_refused():
    with pytest.raises(TrustedListRefused):
        TrustedLists().add(trusted_list(authority(), people()["Nobody"]), [der("Germany")])


def test_a_list_changed_by_one_letter_is_refused():
    changed = trusted_list(authority(), people()["Germany"]).replace(b"Provider<", b"Pretender<")
    with pytest.raises(TrustedListRefused):
        TrustedLists().add(changed, [der("Germany")])


def test_a_list_of_lists_of_nobody_is_refused():
    with pytest.raises(TrustedListRefused):
        TrustedLists().add_all(list_of_lists({}, people()["Nobody"]), [der("Union")], lambda _: b"")


def test_one_list_that_cannot_be_had_is_a_problem_and_not_the_end():
    def fetch(_address: str) -> bytes:
        raise FetchRefused(host="lists.example", reason="HTTP 500")

    read = TrustedLists()
    pointers = {"DE": (ADDRESS, people()["Germany"][1])}
    read.add_all(list_of_lists(pointers, people()["Union"]), [der("Union")], fetch)
    assert ["HTTP 500" in problem for problem in read.problems] == [True]
