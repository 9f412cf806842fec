"""Whom the operator trusts counts on every door of the verification: roots per purpose, trusted lists, online."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from keys.trust.fetching import Fetcher
from keys.trust.folder import TrustFolder
from keys.trust.list_store import ListStore
from keys.trust.store import TrustStore
from signing_service.operations import verification
from signing_service.permissions import ANONYMOUS
from signing_service.services import Services
from signing_service.verification.report_etsi import VR
from tests.agreements.rendering.tools import page_texts
from tests.factories.case import Case
from tests.factories.databases import Postgres
from tests.keys.trust.lists import operator, service, trusted_list
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page
from tests.signing_service.verification.documents import Signing, add_store, base_pdf, sign
from tests.signing_service.verification.pki import DER, NOW
from tests.signing_service.verification.worlds import SOON, only, pki, verdict

SINCE = "2020-01-01T00:00:00Z"


@pytest.fixture
def server() -> Postgres | None:
    """Whom one trusts stands in a folder: SQLite is enough here."""
    return None


@cache
def qualified_pdf() -> bytes:
    signed = sign(base_pdf(), pki(), Signing(pki().signatory("Qualified", statements=("compliance", "device"))))
    return add_store(signed, pki(), pki().crls())


@cache
def scheme_operator():
    return operator("Germany")


def trusting(services: Services, folder: Path, *, due: str = "2027-03-01T00:00:00Z") -> Services:
    """The services with a trust folder that holds one list; its operator vouches for the signatory's authority."""
    trusted = TrustFolder(folder)
    trusted.add("lists", scheme_operator()[1].public_bytes(DER), "Official Journal", NOW)
    granted = service("CA/QC", pki().root, SINCE) + service("TSA/QTST", pki().root, SINCE)
    ListStore(trusted).add(trusted_list(granted, scheme_operator(), next_update=due), "de.xml", NOW)
    return replace(services, trust=TrustStore(folder))


def judged(services: Services, policy: str = "default"):
    return verification.upload(services, ANONYMOUS, qualified_pdf(), "a.pdf", "en", SOON, policy)


@pytest.fixture
def services(at_stage: Callable[[str], Case]) -> Services:
    return at_stage("staffed").services


def test_a_list_of_the_folder_gives_anchors_and_qualification(services: Services, tmp_path: Path) -> None:
    assert verdict(only(judged(services), "Sig1")) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    report = judged(trusting(services, tmp_path))
    entry = only(report, "Sig1")
    assert verdict(entry) == ("TOTAL_PASSED", None)
    assert (entry.qualification.level, entry.qualification.territory) == ("QES", "DE")
    assert [one.territory for one in report.evidence.lists] == ["DE"]
    assert [step.result for step in entry.steps if step.code in ("lists", "qualification")] == ["passed", "passed"]


def test_a_stale_list_is_used_and_named_or_left_out_as_the_policy_says(services: Services, tmp_path: Path) -> None:
    stale = trusting(services, tmp_path, due="2026-11-10T00:00:00Z")
    usual = judged(stale)
    assert only(usual, "Sig1").qualification.level == "QES"
    assert [one.severity for one in usual.findings if one.code == "document.stale_list_used"] == ["warning"]
    assert next(step for step in only(usual, "Sig1").steps if step.code == "lists").detail.endswith("all the same: DE")
    strict = judged(stale, "strict")
    assert verdict(only(strict, "Sig1")) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND")
    assert "document.stale_list_refused" in {one.code for one in strict.findings}


def test_a_root_is_trusted_for_its_purpose_only(services: Services, tmp_path: Path) -> None:
    TrustFolder(tmp_path).add("signing", pki().root.public_bytes(DER), "known in person", NOW)
    trusted = replace(services, trust=TrustStore(tmp_path))
    report = judged(trusted)
    assert only(report, "Sig1").timestamps[0].sub_indication == "NO_CERTIFICATE_CHAIN_FOUND"
    TrustFolder(tmp_path).add("timestamping", pki().root.public_bytes(DER), "known in person", NOW)
    assert only(judged(trusted), "Sig1").timestamps[0].indication == "TOTAL_PASSED"


def test_nothing_is_fetched_unless_the_operator_said_so(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[str] = []
    monkeypatch.setattr(Fetcher, "_exchange", lambda *rest: wanted.append(str(rest)))
    judged(services)
    assert not services.settings.verify_online
    assert wanted == []


def press(house: House, **more: object) -> Page:
    stranger = house.stranger()
    file = {"file": (io.BytesIO(qualified_pdf()), "a.pdf")}
    return stranger.press(stranger.open("/verify"), "Check this file", more={**file, **more})


def test_time_and_rules_are_chosen_on_the_page_and_every_form_of_the_report_says_what_came_out(
    at_stage: Callable[[str], Case], tmp_path: Path
) -> None:
    case = at_stage("staffed")
    house = House(replace(case, services=trusting(case.services, tmp_path)))
    page = press(house, date="2026-11-22", time="13:00", policy="strict")
    assert "qualified electronic signature · DE Qualified CA/QC" in page.text
    assert "strict" in page.text
    client = house.stranger().client
    told = client.get(f"{page.address}/report.json").get_json()
    assert (told["policy"]["name"], told["document"]["judged_at"]) == ("strict", "2026-11-22T13:00:00Z")
    assert told["signatures"][0]["qualification"]["level"] == "QES"
    etsi = etree.fromstring(client.get(f"{page.address}/report.xml").data)
    assert etsi.findtext(f".//{{{VR}}}SignatureQualityInformation").endswith(":QES")
    (tmp_path / "report.pdf").write_bytes(client.get(f"{page.address}/report.pdf").data)
    assert "qualified electronic signature" in " ".join(page_texts(tmp_path / "report.pdf")).replace("\n", " ")
    again = client.get(f"{page.address}/at?policy=default&at=2026-11-22T13:00:00Z")
    assert "qualified electronic signature · DE Qualified CA/QC" in again.text
    api = client.post(
        "/api/v1/verification?policy=strict&at=2026-11-22T13:00:00Z",
        data=qualified_pdf(),
        content_type="application/pdf",
    )
    assert api.get_json()["signatures"][0]["qualification"]["level"] == "QES"
