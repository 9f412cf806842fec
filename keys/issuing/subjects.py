"""The facts about a certificate's subject, checked before they are written where nobody can change them.

Only what a profile asks for ends in a certificate. Names may be in any script; they are written as UTF-8, in NFC.
"""

import re
import unicodedata
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

from keys.errors import InvalidSubject
from keys.issuing.profiles import IdentityAssurance

COMMON_NAME_MAXIMUM = 64  # RFC 5280 appendix A.1, ub-common-name
ORGANISATION_MAXIMUM = 200
"""EN 319 412-2 lets an organisation's name be longer than RFC 5280's 64; official names often are."""

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SERIAL_NUMBER = re.compile(r"[A-Za-z0-9 '()+,./:=?_-]{1,64}")  # PrintableString, ub-serial-number


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """Who a certificate names. `display_name` is the *verified* name; `serial_number` tells two people of one name
    apart and says nothing personal; `country` is ISO 3166-1 alpha-2, upper case; `email` is ASCII."""

    display_name: str
    organisation: str
    email: str
    serial_number: str
    country: str
    assurance: IdentityAssurance = IdentityAssurance.EMAIL_VERIFIED


def name_of(subject: SubjectFacts) -> x509.Name:
    """The distinguished name C, O, serialNumber, CN; raises `InvalidSubject` naming the first bad fact."""
    country = checked_country(subject.country)
    organisation = checked_text(subject.organisation, "organisation", ORGANISATION_MAXIMUM)
    serial = _matching(
        subject.serial_number, _SERIAL_NUMBER, "serial number", "it has characters other than plain ones"
    )
    display_name = checked_text(subject.display_name, "display name", COMMON_NAME_MAXIMUM)
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            # PrintableString has no underscore, our identifiers have: `sig_5f2c` is written `sig-5f2c`
            x509.NameAttribute(NameOID.SERIAL_NUMBER, serial.replace("_", "-")),
            # cryptography counts bytes, X.520 characters; counted above
            x509.NameAttribute(NameOID.COMMON_NAME, display_name, _validate=False),
        ]
    )


def email_of(subject: SubjectFacts) -> str:
    """The e-mail address as it stands in the certificate; raises `InvalidSubject`."""
    return checked_email(subject.email)


def checked_email(email: str) -> str:
    """An e-mail address with its domain in ASCII form (RFC 5280 §4.2.1.6)."""
    local, at, domain = email.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise InvalidSubject(field="e-mail address", reason="its domain is not valid") from error
    return _matching(f"{local}{at}{ascii_domain}", _EMAIL, "e-mail address", "it is not a plain address")


def checked_country(country: str) -> str:
    """An ISO 3166-1 alpha-2 code in upper case."""
    return _matching(country, _COUNTRY, "country", "it is not two capital letters")


def _matching(value: str, pattern: re.Pattern[str], field: str, reason: str) -> str:
    if not pattern.fullmatch(value):
        raise InvalidSubject(field=field, reason=reason)
    return value


def checked_text(value: str, field: str, maximum: int) -> str:
    """A name in NFC without anything invisible in it; raises `InvalidSubject`."""
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise InvalidSubject(field=field, reason="it is empty")
    if len(text) > maximum:
        raise InvalidSubject(field=field, reason=f"it has more than {maximum} characters")
    # control, format (bidirectional overrides, zero width), unassigned, private use: a name must look like what it is
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} for character in text):
        raise InvalidSubject(field=field, reason="it contains an invisible or unassigned character")
    return text
