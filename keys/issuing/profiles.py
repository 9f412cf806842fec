"""What each kind of certificate contains and how long it lives, as data.

A profile never names a person or an address; those come from `SubjectFacts` and the authority's `Endpoints`. Which
extension a profile has is decided here, how it is encoded in `certificates.py`.

Our own object identifiers stand under 2.25.<UUID>, an arc that anyone may use without registration (ITU-T X.667 §7).
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ARC = "2.25.121138850987241423721122653578205939296"
"""2.25.<UUID 5b227e7a-5b0c-4d5a-9598-fef863694660 as an integer>: made once for this project, never to change."""

TIMESTAMP_POLICY = f"{ARC}.2.1"
"""Best-practice time stamps by the built-in authority: they prove order, not independence."""

SEAL_POLICY = f"{ARC}.3.1"
"""A seal of the service itself."""

REHEARSAL_ARC = f"{ARC}.4"
"""All of rehearsals: a certificate in which this arc stands is never taken for a real one (`keys.rehearsals`)."""

REHEARSAL_POLICY = f"{REHEARSAL_ARC}.1"
"""Made for practising: no identity is stated and nothing signed with it binds anybody."""

REHEARSAL_ONLY = f"{REHEARSAL_ARC}.2"
"""An extended key usage that nobody else knows, alone and critical: no verifier may take the key for signing."""

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"  # RFC 9336
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"  # RFC 6960 §4.2.2.2


class IdentityAssurance(StrEnum):
    """How the identity behind a signatory's certificate was checked; each has its policy identifier."""

    EMAIL_VERIFIED = "email_verified"
    VOUCHED_BY_HOST = "vouched_by_host"
    DOCUMENT_CHECKED = "document_checked"
    FEDERATED = "federated"

    @property
    def policy(self) -> str:
        """The certificate policy identifier of this assurance."""
        return f"{ARC}.1.{_ASSURANCE_NUMBERS[self]}"


_ASSURANCE_NUMBERS = {  # stand in certificates: never renumbered, only added to
    IdentityAssurance.EMAIL_VERIFIED: 1,
    IdentityAssurance.VOUCHED_BY_HOST: 2,
    IdentityAssurance.DOCUMENT_CHECKED: 3,
    IdentityAssurance.FEDERATED: 4,
}


class KeyUse(StrEnum):
    """The bits of keyUsage (RFC 5280 §4.2.1.3) that our profiles use."""

    DIGITAL_SIGNATURE = "digital_signature"
    CONTENT_COMMITMENT = "content_commitment"
    CERTIFICATE_SIGN = "key_cert_sign"
    CRL_SIGN = "crl_sign"


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of certificate. `path_length` is None for certificates that may not issue."""

    name: str
    life: timedelta
    key_usage: frozenset[KeyUse]
    extended_key_usage: tuple[str, ...] = ()
    extended_key_usage_critical: bool = False
    is_authority: bool = False
    path_length: int | None = None
    policies: tuple[str, ...] = ()
    has_email: bool = False
    states_assurance: bool = False
    has_pointers: bool = True
    backdate: timedelta = timedelta(0)
    names_no_machine: bool = False
    """Name constraints (RFC 5280 §4.2.1.10): nothing below may name a host or an IP address."""
    never_checked: bool = False
    """id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1): its short life takes the place of revocation."""


ROOT = Profile(
    name="root",
    life=timedelta(days=20 * 365),
    key_usage=frozenset({KeyUse.CERTIFICATE_SIGN, KeyUse.CRL_SIGN}),
    is_authority=True,
    path_length=1,
    has_pointers=False,
    # an issuer is a little older than what it issues, which in turn is backdated
    backdate=timedelta(minutes=10),
)

ISSUING_AUTHORITY = Profile(
    name="issuing_authority",
    life=timedelta(days=10 * 365),
    key_usage=frozenset({KeyUse.CERTIFICATE_SIGN, KeyUse.CRL_SIGN}),
    is_authority=True,
    # whoever steals this key cannot make certificates for servers or time stamps that a careful reader accepts
    extended_key_usage=(EMAIL_PROTECTION, DOCUMENT_SIGNING, OCSP_SIGNING),
    path_length=0,
    names_no_machine=True,
    backdate=timedelta(minutes=5),
)

SIGNATORY = Profile(
    name="signatory",
    life=timedelta(days=7),
    # nonRepudiation alone: the key makes commitments and nothing else (EN 319 412-2 §4.3.2, type A)
    key_usage=frozenset({KeyUse.CONTENT_COMMITMENT}),
    # without emailProtection pdfsig trusts no chain
    extended_key_usage=(EMAIL_PROTECTION, DOCUMENT_SIGNING),
    has_email=True,
    states_assurance=True,
    # other people's clocks run a little behind ours
    backdate=timedelta(minutes=1),
)

SEAL = Profile(
    name="seal",
    life=timedelta(days=2 * 365),
    key_usage=frozenset({KeyUse.CONTENT_COMMITMENT}),
    extended_key_usage=(EMAIL_PROTECTION, DOCUMENT_SIGNING),
    policies=(SEAL_POLICY,),
    has_email=True,
    backdate=timedelta(minutes=1),
)

TIMESTAMP_AUTHORITY = Profile(
    name="timestamp_authority",
    life=timedelta(days=5 * 365),
    key_usage=frozenset({KeyUse.DIGITAL_SIGNATURE}),
    # RFC 3161 §2.3: exactly this one, and critical
    extended_key_usage=(TIME_STAMPING,),
    extended_key_usage_critical=True,
    policies=(TIMESTAMP_POLICY,),
    backdate=timedelta(minutes=1),
)

OCSP_RESPONDER = Profile(
    name="ocsp_responder",
    life=timedelta(days=14),
    key_usage=frozenset({KeyUse.DIGITAL_SIGNATURE}),
    extended_key_usage=(OCSP_SIGNING,),
    has_pointers=False,
    never_checked=True,
    backdate=timedelta(minutes=1),
)

REHEARSAL_ROOT = Profile(
    name="rehearsal_root",
    life=timedelta(days=10 * 365),
    key_usage=frozenset({KeyUse.CERTIFICATE_SIGN}),
    extended_key_usage=(REHEARSAL_ONLY,),
    extended_key_usage_critical=True,
    policies=(REHEARSAL_POLICY,),
    is_authority=True,
    path_length=1,
    has_pointers=False,
    backdate=timedelta(minutes=10),
)

REHEARSAL_AUTHORITY = Profile(
    name="rehearsal_authority",
    life=timedelta(days=10 * 365) - timedelta(minutes=10),
    key_usage=frozenset({KeyUse.CERTIFICATE_SIGN}),
    extended_key_usage=(REHEARSAL_ONLY,),
    extended_key_usage_critical=True,
    policies=(REHEARSAL_POLICY,),
    is_authority=True,
    path_length=0,
    has_pointers=False,
    names_no_machine=True,
    backdate=timedelta(minutes=5),
)

REHEARSAL = Profile(
    name="rehearsal",
    life=timedelta(days=1),
    # without nonRepudiation: the key can commit nobody to anything (X.509 §9.2.2.3)
    key_usage=frozenset({KeyUse.DIGITAL_SIGNATURE}),
    extended_key_usage=(REHEARSAL_ONLY,),
    extended_key_usage_critical=True,
    policies=(REHEARSAL_POLICY,),
    has_pointers=False,
    backdate=timedelta(minutes=1),
)

REHEARSALS = (REHEARSAL_ROOT, REHEARSAL_AUTHORITY, REHEARSAL)

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (ROOT, ISSUING_AUTHORITY, SIGNATORY, SEAL, TIMESTAMP_AUTHORITY, OCSP_RESPONDER, *REHEARSALS)
}
"""All profiles by name, as they stand in the log."""
