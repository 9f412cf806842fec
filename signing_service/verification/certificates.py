"""Facts of certificates for the report, and the custody word that a certificate states by its policy."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from asn1crypto import x509

from keys.custody import CustodyKind
from keys.issuing.profiles import SEAL_POLICY, IdentityAssurance
from signing_service.verification.certificate_facts import plainly_read
from signing_service.verification.once import once, once_each
from signing_service.verification.plain_certificates import (
    MAIL_NAME,
    OCSP_SIGNING,
    POLICIES,
    PURPOSES,
    TIME_STAMPING,
    PlainCertificate,
    der_of,
    plain_certificate,
)
from signing_service.verification.plain_der import NotPlain, if_plain
from signing_service.verification.plain_names import told
from signing_service.verification.report import Certificate

SIGNATORY_POLICIES = {assurance.policy: assurance for assurance in IdentityAssurance}


@once(lambda certificate, role: (id(certificate), role))
def describe(certificate: x509.Certificate, role: str) -> Certificate:
    """The facts of one certificate; `role` is signatory, authority, anchor, timestamp or other."""
    with if_plain:
        return _described_plainly(plainly_read(certificate), role)
    names = certificate.subject.native
    validity = certificate["tbs_certificate"]["validity"]
    return Certificate(
        role=role,
        common_name=_first(names, "common_name"),
        organisation=_first(names, "organization_name"),
        email=_email(certificate),
        country=_first(names, "country_name"),
        subject=certificate.subject.human_friendly,
        issuer=certificate.issuer.human_friendly,
        serial=str(certificate.serial_number),
        not_before=validity["not_before"].native,
        not_after=validity["not_after"].native,
        sha256=sha256(der_of(certificate)).hexdigest(),
        policies=policies(certificate),
    )


def describe_chain(path: Sequence[x509.Certificate], leaf_role: str) -> tuple[Certificate, ...]:
    """A validated path, leaf first, its last member being the anchor."""
    return _described_chain(tuple(path), leaf_role)


@once(lambda path, leaf_role: (*map(id, path), leaf_role))
def _described_chain(path: tuple[x509.Certificate, ...], leaf_role: str) -> tuple[Certificate, ...]:
    last = len(path) - 1
    roles = [leaf_role if place == 0 else "anchor" if place == last else "authority" for place in range(len(path))]
    return tuple(_described_whole(item, role) for item, role in zip(path, roles, strict=True))


def _described_plainly(plain: PlainCertificate, role: str) -> Certificate:
    """The same facts; raises NotPlain where one of them needs the general reader."""
    mails = [item.content for item in plain.alternative_names if item.tag == MAIL_NAME]
    subject, names = _read_name(plain.subject)
    mail = mails[0].decode("ascii", "replace") if mails else _first(names, "email_address")
    if "\ufffd" in mail or "xn--" in mail:
        raise NotPlain("name in another script")
    return Certificate(
        role=role,
        common_name=_first(names, "common_name"),
        organisation=_first(names, "organization_name"),
        email=mail,
        country=_first(names, "country_name"),
        subject=subject,
        issuer=_read_name(plain.issuer)[0],
        serial=str(int.from_bytes(plain.serial, "big", signed=True)),
        not_before=plain.begins,
        not_after=plain.ends,
        sha256=sha256(plain.der).hexdigest(),
        policies=_policies_in(plain.extensions[POLICIES].whole) if POLICIES in plain.extensions else (),
    )


def is_for_services(certificate: x509.Certificate) -> bool:
    """Whether its only purposes are to stamp times or to answer for revocation: such a key signs no document
    (RFC 5280 §4.2.1.12). Every other purpose is left to who issued it; programs of the field use many."""
    with if_plain:
        plain = plain_certificate(der_of(certificate))
        return PURPOSES in plain.extensions and set(plain.purposes) <= {TIME_STAMPING, OCSP_SIGNING}
    stated = certificate.extended_key_usage_value
    return stated is not None and {one.native for one in stated} <= {"time_stamping", "ocsp_signing"}


@once_each
def _read_name(name: bytes) -> tuple[str, Mapping[str, object]]:
    with if_plain:
        return told(name)
    read = x509.Name.load(name)
    return str(read.human_friendly), read.native


@once_each
def _policies_in(der: bytes) -> tuple[str, ...]:
    return tuple(item["policy_identifier"].dotted for item in x509.CertificatePolicies.load(der))


@once(lambda certificate, role: (id(certificate), role))
def _described_whole(certificate: x509.Certificate, role: str) -> Certificate:
    return replace(describe(certificate, role), der=base64.b64encode(der_of(certificate)).decode("ascii"))


def policies(certificate: x509.Certificate) -> tuple[str, ...]:
    """Certificate policy identifiers in dotted form."""
    with if_plain:
        extensions = plainly_read(certificate).extensions
        return _policies_in(extensions[POLICIES].whole) if POLICIES in extensions else ()
    value = certificate.certificate_policies_value
    return tuple(item["policy_identifier"].dotted for item in value) if value is not None else ()


def custody_of(certificate: x509.Certificate, expected: str | None) -> str | None:
    """Who held the key: what our log says, else what the certificate policy says, else nothing is known."""
    if expected is not None:
        return expected
    for policy in policies(certificate):
        if policy == SEAL_POLICY:
            return CustodyKind.SOFTWARE_SEAL.value
        if policy in SIGNATORY_POLICIES:
            return CustodyKind.BROWSER_HELD.value
    return None


def assurance_of(certificate: Certificate) -> IdentityAssurance | None:
    """How the identity was checked, for certificates of our own authority."""
    return next((SIGNATORY_POLICIES[item] for item in certificate.policies if item in SIGNATORY_POLICIES), None)


def _first(names: Mapping[str, object], key: str) -> str:
    value = names.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value or "")


def _email(certificate: x509.Certificate) -> str:
    alternative = certificate.subject_alt_name_value
    for name in alternative or ():
        if name.name == "rfc822_name":
            return str(name.native)
    return _first(certificate.subject.native, "email_address")
