"""Names in a certificate look like what they are; what cannot stand there is refused by field."""

import dataclasses

import pytest
from cryptography.x509.oid import NameOID

from keys.errors import InvalidSubject
from keys.issuing.subjects import SubjectFacts, email_of, name_of
from tests.keys.conftest import SUBJECT


def changed(**facts: str) -> SubjectFacts:
    return dataclasses.replace(SUBJECT, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["王小明", "張偉", "Yhteistyö Äijälä", "Jürgen Müller", "O'Brien-Smith, Dr.", "𠮷田"])
def test_names_in_any_script_are_written_as_they_are(name: str) -> None:
    written = name_of(changed(display_name=name)).get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert written == name


def test_a_name_is_written_in_composed_form() -> None:
    decomposed = name_of(changed(display_name="Mu\u0308ller")).get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert decomposed == "Müller"


def test_a_long_official_name_of_an_organisation_is_kept_whole() -> None:
    long_name = "Chengdu Jinjiang Greenway Construction and Investment Group Company Limited 成都锦江绿道"
    written = name_of(changed(organisation=long_name)).get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value
    assert written == long_name


@pytest.mark.filterwarnings("ignore:Attribute's length")
def test_the_length_of_a_name_is_counted_in_characters() -> None:
    assert name_of(changed(display_name="王" * 64)).get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "王" * 64


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("display_name", "", "display name"),
        ("display_name", "   ", "display name"),
        ("display_name", "x" * 65, "display name"),
        ("display_name", "Wang\u202egnaW", "invisible"),
        ("display_name", "Wang\u200bXiaoming", "invisible"),
        ("display_name", "Wang\nCN=Root", "invisible"),
        ("organisation", "x" * 201, "organisation"),
        ("organisation", "A\0B", "organisation"),
        ("country", "cn", "country"),
        ("country", "CHN", "country"),
        ("country", "", "country"),
        ("serial_number", "编号1", "serial number"),
        ("serial_number", "x" * 65, "serial number"),
    ],
)
def test_what_cannot_stand_in_a_name_is_refused(field: str, value: str, said: str) -> None:
    with pytest.raises(InvalidSubject, match=said):
        name_of(changed(**{field: value}))


def test_the_domain_of_an_address_is_written_in_ascii() -> None:
    assert email_of(changed(email="info@müller.example")) == "info@xn--mller-kva.example"


@pytest.mark.parametrize(("identifier", "written"), [("sig_5f2c", "sig-5f2c"), ("PNOFI-131052-308T", None)])
def test_identifiers_are_written_in_printable_characters(identifier: str, written: str | None) -> None:
    name = name_of(changed(serial_number=identifier))
    assert name.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value == (written or identifier)
    assert b"\x13" + bytes((len(identifier),)) + (written or identifier).encode() in name.public_bytes()


@pytest.mark.parametrize(
    "email", ["", "wang", "@example.cn", "wang@", "王@example.cn", "a b@example.cn", "a@b", "a@b..cn"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(InvalidSubject, match="e-mail"):
        email_of(changed(email=email))
