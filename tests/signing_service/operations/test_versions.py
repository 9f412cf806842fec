"""Saving a version from the draft's form: every problem at its field, nothing saved, nothing typed is lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from agreements.errors import InvalidFields
from signing_service.cli.demo_case import TEMPLATE, flat, sample
from signing_service.errors import ChangedMeanwhile, InvalidInput
from signing_service.operations import drafts, versions
from tests.attacks.unchanged import log_types, nothing_changes
from tests.attacks.visitor import Visitor, Web, words
from tests.factories.case import Case

REFUSED = ("access.refused",)


@dataclass
class Form:
    """The draft's form on somebody's screen."""

    person: Visitor
    path: str

    @classmethod
    def begun(cls, web: Web) -> Form:
        person = web.staff("legal")
        person.open("/agreements/new")
        return cls(person, person.send("/agreements/new", {"template_id": TEMPLATE}).location)

    def row_version(self) -> str:
        return self.person.open(self.path).text.split('name="row_version" value="', 1)[1].split('"', 1)[0]

    def save(self, do: str = "version", row_version: str | None = None, **changes: Any) -> Any:
        """Send the sample with these fields changed (`a__0__b` is the field a.0.b; None leaves it out)."""
        typed = flat(sample())
        for name, value in changes.items():
            field = name.replace("__", ".")
            if value is None:
                typed = {key: kept for key, kept in typed.items() if key != field and not key.startswith(f"{field}.")}
            else:
                typed[field] = value
        return self.person.send(self.path, {**typed, "row_version": row_version or self.row_version(), "do": do})


@pytest.fixture
def web(staffed: Case) -> Web:
    return Web(staffed)


@pytest.fixture
def form(web: Web) -> Form:
    return Form.begun(web)


def test_a_complete_draft_becomes_version_one(form: Form) -> None:
    answer = form.save()
    assert answer.status_code == 303
    assert answer.location.endswith("/versions/1")


FIELDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("a missing number", {"agreement_no": ""}, "agreement_no", "This is needed"),
    ("a missing name", {"parties__0__legal_name__en": ""}, "parties.0.legal_name.en", "This is needed"),
    (
        "a wrong address",
        {"parties__0__representatives__0__email": "nobody"},
        "parties.0.representatives.0.email",
        "address",
    ),
    ("a wrong country", {"parties__0__address__country": "XX"}, "parties.0.address.country", "country"),
    (
        "a wrong check digit",
        {"parties__0__identifiers__0__value": "52510100MJX000173X"},
        "parties.0.identifiers.0.value",
        "typing mistake",
    ),
    ("meetings as words", {"joint_group__meetings": "twice"}, "joint_group.meetings", "number"),
    ("meetings beyond the limit", {"joint_group__meetings": "9999"}, "joint_group.meetings", "The most is 12"),
]


@pytest.mark.parametrize(("changes", "field", "said"), [row[1:] for row in FIELDS], ids=[row[0] for row in FIELDS])
def test_a_wrong_field_is_named_where_it_stands(
    form: Form, staffed: Case, changes: dict[str, str], field: str, said: str
) -> None:
    size = len(log_types(staffed.services))
    answer = form.save(**changes)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#([\w.-]+)"', answer.text.split('class="error-summary"')[1].split("</ul>")[0]) == [
        field
    ]
    at_the_field = answer.text.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert said.lower() in at_the_field.lower()
    assert "The draft is saved as you typed it" in words(answer)
    assert log_types(staffed.services, size) == ("draft.saved", "access.refused")


def test_a_field_the_template_does_not_have_is_named(form: Form) -> None:
    answer = form.save(joint_group__color="red")
    assert answer.status_code == 422
    assert "The template does not ask for this." in words(answer)


def test_every_problem_is_told_at_once(form: Form) -> None:
    answer = form.save(agreement_no="", parties__1__legal_name__en="", joint_group__meetings="x")
    assert answer.status_code == 422
    named = set(re.findall(r'<a href="#([\w.]+)"', answer.text.split('class="error-summary"', 1)[1].split("</ul>")[0]))
    assert {"agreement_no", "parties.1.legal_name.en", "joint_group.meetings"} <= named
    assert "fields need you" in words(answer)


def test_what_was_typed_is_kept_although_it_is_wrong(form: Form) -> None:
    form.save(agreement_no="", joint_group__meetings="twice")
    shown = form.person.open(form.path).text
    assert 'value="twice"' in shown


def test_an_operation_refuses_with_every_problem(staffed: Case) -> None:
    legal = staffed.staff["legal"]
    agreement_id = drafts.start(staffed.services, legal, TEMPLATE)
    with nothing_changes(staffed.services, REFUSED), pytest.raises(InvalidFields) as refused:
        versions.save(staffed.services, legal, agreement_id, 1)
    assert len(refused.value.problems) > 10


def test_a_number_that_is_taken(web: Web, form: Form) -> None:
    assert form.save().status_code == 303
    second = Form.begun(web)
    answer = second.save()
    assert answer.status_code == 422
    assert "this number belongs to another agreement already" in words(answer)
    assert second.save(agreement_no="SCA-2020-018").status_code == 303


def test_a_draft_that_somebody_else_saved_meanwhile(web: Web, form: Form) -> None:
    """The second editor is told who was first, keeps what they typed, and decides themselves."""
    old = form.row_version()
    colleague = Form(web.staff("legal_review"), form.path)
    assert colleague.save("save", joint_group__meetings="3").status_code == 303
    with nothing_changes(web.case.services, REFUSED):
        answer = form.save("save", old, joint_group__meetings="4")
    assert answer.status_code == 409
    assert "Katja Brandt saved this draft while you were writing" in words(answer)
    assert 'value="4"' in answer.text
    assert 'value="3"' in form.person.open(form.path).text


def test_a_version_of_an_old_draft(staffed: Case) -> None:
    legal = staffed.staff["legal"]
    agreement_id = drafts.start(staffed.services, legal, TEMPLATE)
    drafts.save(staffed.services, legal, agreement_id, flat(sample()), 1)
    with nothing_changes(staffed.services, REFUSED), pytest.raises(ChangedMeanwhile, match="The draft"):
        versions.save(staffed.services, legal, agreement_id, 1)


def test_a_frozen_agreement_is_not_edited(frozen: Case) -> None:
    legal = frozen.staff["legal"]
    with nothing_changes(frozen.services, REFUSED), pytest.raises(ChangedMeanwhile):
        drafts.save(frozen.services, legal, frozen.agreement_id, {"agreement_no": "X"}, 2)
    with nothing_changes(frozen.services, REFUSED), pytest.raises(ChangedMeanwhile):
        versions.save(frozen.services, legal, frozen.agreement_id, 2)


def test_an_identical_version_is_not_a_second_one(form: Form, staffed: Case) -> None:
    assert form.save().location.endswith("/versions/1")
    assert form.save().location.endswith("/versions/1")
    assert log_types(staffed.services).count("version.saved") == 1


def test_a_template_there_is_not(web: Web) -> None:
    legal = web.staff("legal")
    with nothing_changes(web.case.services, REFUSED):
        answer = legal.send("/agreements/new", {"template_id": "treaty_of_westphalia"})
        assert answer.status_code == 404
    assert "There is no template here" in words(answer)


def test_a_number_somebody_else_took_between_the_two_looks(staffed: Case) -> None:
    legal = staffed.staff["legal"]
    ids = [drafts.start(staffed.services, legal, TEMPLATE) for _ in range(2)]
    rows = [drafts.save(staffed.services, legal, one, flat(sample()), 1) for one in ids]
    versions.save(staffed.services, legal, ids[0], rows[0])
    with nothing_changes(staffed.services, REFUSED), pytest.raises(InvalidInput, match=r"^agreement_no:"):
        versions.save(staffed.services, legal, ids[1], rows[1])
