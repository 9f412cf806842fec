"""Freezing: only the approved version, only with every character drawn; nothing half-frozen is left behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agreements.course_errors import NotPermittedInState
from agreements.rendering.errors import UnknownGlyph
from signing_service.cli.demo_case import TEMPLATE, flat, sample
from signing_service.errors import ChangedMeanwhile, NotFound
from signing_service.operations import agreements, approvals, ceremonies, documents, drafts, versions
from tests.attacks.unchanged import nothing_changes
from tests.attacks.visitor import Web, page, words
from tests.factories.case import Case

REFUSED = ("access.refused",)


def approved(case: Case, purpose: str | None = None, *, signs: tuple[str, str] | None = None) -> tuple[str, str]:
    """An approved agreement with that name of a party and of its signatory; returns id and hash of the version."""
    services, who = case.services, case.staff
    values = sample()
    if purpose is not None:
        values["parties"][0]["legal_name"]["zh-Hans"] = purpose
    if signs is not None:
        values["parties"][0]["representatives"][0] |= {"name": signs[0], "name_latin": signs[1]}
    agreement_id = drafts.start(services, who["legal"], TEMPLATE)
    row_version = drafts.save(services, who["legal"], agreement_id, flat(values), 1)
    sha256 = versions.save(services, who["legal"], agreement_id, row_version).sha256
    approvals.submit(services, who["legal"], agreement_id, sha256)
    approvals.decide(services, who["legal_review"], agreement_id, "approve", sha256)
    approvals.decide(services, who["management"], agreement_id, "approve", sha256)
    return agreement_id, sha256


@pytest.mark.parametrize(("sign", "codepoint"), [("𠮷", "U+20BB7"), ("🖋", "U+1F58B"), ("ꦗ", "U+A997")])
def test_a_character_no_face_can_draw_stops_freezing_and_is_named(staffed: Case, sign: str, codepoint: str) -> None:
    """A blank in a binding text would be worse than no text: the page names the character and where it stands."""
    agreement_id, sha256 = approved(staffed, f"阿尔托{sign}大学")
    host = Web(staffed).staff("host")
    host.open(f"/agreements/{agreement_id}/freeze")
    with nothing_changes(staffed.services):
        answer = host.send(f"/agreements/{agreement_id}/freeze", {"version_sha256": sha256})
    said = page(answer, 422, "rendering.unknown_glyph")
    assert f"“{sign}” ({codepoint}," in said
    assert " in " in said.split(codepoint)[1]
    assert agreements.read(staffed.services, staffed.staff["host"], agreement_id).row.state == "approved"


def test_the_operation_names_the_place(staffed: Case) -> None:
    agreement_id, sha256 = approved(staffed, "阿尔托𠮷大学")
    with pytest.raises(UnknownGlyph) as refused:
        documents.freeze(staffed.services, staffed.staff["host"], agreement_id, sha256)
    assert refused.value.params["character"] == "𠮷"
    assert refused.value.params["place"]


@pytest.mark.parametrize(
    ("own", "latin", "shown"),
    [
        ("林知远", "Lin Zhiyuan", "林知远 Lin Zhiyuan"),
        ("Aino Virtanen", "", "Aino Virtanen"),
        ("文" * 40, "w" * 23, f"{'文' * 40} {'w' * 23}"),
        ("文" * 40, "w" * 24, "文" * 40),
        ("文" * 64, "", "文" * 64),
    ],
    ids=["both", "one script", "both just fit", "both are too long", "the longest"],
)
def test_a_signatory_is_shown_as_their_certificate_will_name_them(
    staffed: Case, own: str, latin: str, shown: str
) -> None:
    agreement_id, sha256 = approved(staffed, signs=(own, latin))
    documents.freeze(staffed.services, staffed.staff["host"], agreement_id, sha256)
    read = agreements.read(staffed.services, staffed.staff["host"], agreement_id)
    assert read.signatories[0].name == shown


def test_another_version_than_the_approved_one_is_not_frozen(staffed: Case) -> None:
    agreement_id, _ = approved(staffed)
    with nothing_changes(staffed.services), pytest.raises((ChangedMeanwhile, NotFound)):
        documents.freeze(staffed.services, staffed.staff["host"], agreement_id, "0" * 64)


def test_a_draft_is_not_frozen(staffed: Case) -> None:
    services, who = staffed.services, staffed.staff
    agreement_id = drafts.start(services, who["legal"], TEMPLATE)
    row_version = drafts.save(services, who["legal"], agreement_id, flat(sample()), 1)
    sha256 = versions.save(services, who["legal"], agreement_id, row_version).sha256
    with nothing_changes(services), pytest.raises(NotPermittedInState):
        documents.freeze(services, who["host"], agreement_id, sha256)


def test_freezing_twice(frozen: Case) -> None:
    view = agreements.read(frozen.services, frozen.staff["host"], frozen.agreement_id)
    with nothing_changes(frozen.services), pytest.raises(NotPermittedInState):
        documents.freeze(frozen.services, frozen.staff["host"], frozen.agreement_id, view.versions[0].sha256)


def test_a_version_saved_while_the_pdf_was_made_wins(staffed: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and storing the author saves a changed version: what was rendered is thrown away."""
    agreement_id, sha256 = approved(staffed)
    services, legal = staffed.services, staffed.staff["legal"]
    seal = documents.__dict__["seal"]

    def sealed(*args: object) -> bytes:
        values = sample()
        values["joint_group"] = {**values["joint_group"], "meetings": 1}
        row_version = drafts.read(services, legal, agreement_id, "en").row_version
        row_version = drafts.save(services, legal, agreement_id, flat(values), row_version)
        versions.save(services, legal, agreement_id, row_version)
        return bytes(seal(*args))

    monkeypatch.setattr(documents, "seal", sealed)
    with pytest.raises(NotPermittedInState):
        documents.freeze(services, staffed.staff["host"], agreement_id, sha256)
    view = agreements.read(services, staffed.staff["host"], agreement_id)
    assert (view.row.state, view.document, view.signatories) == ("draft", None, ())


def test_a_page_there_is_not(frozen: Case) -> None:
    view = agreements.read(frozen.services, frozen.staff["host"], frozen.agreement_id)
    assert view.document is not None
    for number in (0, -1, view.document.pages + 1):
        with pytest.raises(NotFound):
            documents.page_png(
                frozen.services, frozen.staff["host"], frozen.agreement_id, view.document.sha256, number, 800
            )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"title_zh": "", "title_en": ""}, "Write the title that the stage shows."),
        ({"day": "2020-01-01"}, "This moment is past. Choose a later one."),
        ({"day": "tomorrow"}, "Enter day and time"),
        ({"time": "25:00"}, "Enter day and time"),
        ({"zone": "Mars/Olympus"}, "Choose one of the time zones."),
        ({"title_en": "x" * 201}, "at most 200 characters"),
    ],
)
def test_planning_with_a_wrong_field(frozen: Case, form: dict[str, str], said: str) -> None:
    host = Web(frozen).staff("host")
    path = f"/agreements/{frozen.agreement_id}/ceremony"
    right = {"title_zh": "签约", "title_en": "Signing", "day": "2035-05-05", "time": "10:00", "zone": "Asia/Shanghai"}
    host.open(path)
    with nothing_changes(frozen.services, REFUSED if "200" in said else ()):
        answer = host.send(path, right | form)
        assert answer.status_code == 422
    assert said in words(answer)


def test_planning_twice(at_stage: Callable[[str], Case]) -> None:
    case = at_stage("invited")
    with nothing_changes(case.services, REFUSED), pytest.raises(NotPermittedInState):
        ceremonies.plan(
            case.services,
            case.staff["host"],
            case.agreement_id,
            title={"en": "Again"},
            starts_at=case.services.clock(),
            zone="UTC",
        )
