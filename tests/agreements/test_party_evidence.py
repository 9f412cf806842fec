"""What a number and an authority rest on, and which files may show it."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.evidence_files import JPEG, PDF, PNG, media_type_of, safe_name
from agreements.party_evidence import Evidence, about_number, about_person, unevidenced, verified
from tests.agreements.cases import THREE, version

NUMBER = {"scheme": "fi_business_id", "value": "9990174-8"}
A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
A_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
A_JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 30 + b"\xff\xd9"


def extract(day: int, about: str = "fi_business_id:9990174-8", subject: str = "register") -> Evidence:
    return Evidence(subject, about, "0" * 64, date(2020, 12, day))


def test_a_number_is_unverified_until_an_extract_is_there() -> None:
    assert verified(NUMBER, []) is None
    assert verified(NUMBER, [extract(1, "fi_business_id:0112038-9"), extract(1, subject="authority")]) is None
    assert verified(NUMBER, [extract(1), extract(9), extract(3)]) == extract(9)
    assert about_number(NUMBER) == extract(1).about


def test_who_is_without_a_document() -> None:
    parties = version(THREE).parties
    german = parties[1].representatives
    everybody = [(party.index, one.name) for party in parties for one in party.representatives]
    assert [(one.party_index, one.name) for one in unevidenced(parties, {})] == everybody
    known = {1: {about_person(german[0].name.upper(), german[0].email.upper())}}
    missing = unevidenced(parties, known)
    assert german[0].name not in [one.name for one in missing]
    assert len(missing) == len(everybody) - 1
    elsewhere = {0: {about_person(german[0].name, german[0].email)}}
    assert len(unevidenced(parties, elsewhere)) == len(everybody)


def test_a_document_is_about_a_name_and_an_address() -> None:
    assert about_person("Zhou Hui", "a@x.example") == about_person("ZHOU  HUI", "A@x.example")
    assert about_person("Zhou Hui", "a@x.example") != about_person("Zhou Hui", "b@x.example")
    assert about_person("Zhou Hui", "a@x.example") != about_person("Zhou Huan", "a@x.example")


@pytest.mark.parametrize(("data", "kind"), [(A_PDF, PDF), (A_PNG, PNG), (A_JPEG, JPEG), (A_JPEG + b"\x00\x00", JPEG)])
def test_kinds_by_content(data: bytes, kind: str) -> None:
    assert media_type_of(data) == kind


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"<html><script>alert(1)</script>" + A_PDF,
        b" " + A_PDF,
        b"\xef\xbb\xbf" + A_PDF,
        b"%PDF-1.7<script>%%EOF",
        A_PNG[:-1],
        b"GIF89a" + b"\x00" * 50,
        b"PK\x03\x04" + b"\x00" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        A_JPEG + b"<script>alert(1)</script>",
        A_PNG + b"<?php ?>",
        A_PDF + b"x" * 5000,
    ],
)
def test_everything_else_is_nothing(data: bytes) -> None:
    assert media_type_of(data) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("授权委托书.pdf", "授权委托书.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\secret\\a.PDF", "a.pdf"),
        ("page.html", "page.html.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie- x.pdf"),
        ("fdp\u202e.exe", "fdp.exe.pdf"),
        ("", "document.pdf"),
        (".pdf", "document.pdf"),
        ("...", "document.pdf"),
        ('a"b;c<d>.png', "a-b-c-d-.pdf"),
        ("x" * 3000, "x" * 100 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert safe_name(given, PDF) == kept
