"""From profile and subject to a signed X.509 certificate (RFC 5280). Pure: nothing is stored or looked up.

Who may have a certificate, and whether the key belongs to them, is decided by the callers.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID

from keys.clock import in_utc
from keys.issuing.profiles import KeyUse, Profile

SERIAL_BITS = 159
"""Random, positive, at most 20 octets (RFC 5280 §4.1.2.2)."""


@dataclass(frozen=True, slots=True)
class Pointers:
    """Where the issuer's revocation list and certificate are published, and who answers for it (URLs)."""

    crl_url: str
    issuer_url: str
    ocsp_url: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in one certificate beside its profile."""

    subject: x509.Name
    public_key: ec.EllipticCurvePublicKey
    email: str | None = None
    assurance_policy: str | None = None
    pointers: Pointers | None = None


def random_serial() -> int:
    """A serial number nobody can guess; two are never equal in practice, so no counter has to be kept."""
    return secrets.randbits(SERIAL_BITS - 1) | (1 << (SERIAL_BITS - 1))


def make_certificate(
    profile: Profile,
    content: Content,
    *,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """A certificate from `now` (less the profile's backdate) for the profile's life; without issuer self-signed."""
    start = in_utc(now).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(content.subject)
        .issuer_name(issuer.subject if issuer else content.subject)
        .public_key(content.public_key)
        .serial_number(random_serial())
        .not_valid_before(start - profile.backdate)
        .not_valid_after(start + profile.life)
        .add_extension(x509.BasicConstraints(profile.is_authority, profile.path_length), critical=True)
        .add_extension(_key_usage(profile), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(content.public_key), critical=False)
    )
    builder = _with_authority_key(builder, issuer, content.public_key)
    builder = _with_purposes(builder, profile, content)
    builder = _with_limits(_with_pointers(builder, profile, content), profile)
    return builder.sign(issuer_key, hashes.SHA256())


def _key_usage(profile: Profile) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=KeyUse.DIGITAL_SIGNATURE in profile.key_usage,
        content_commitment=KeyUse.CONTENT_COMMITMENT in profile.key_usage,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=KeyUse.CERTIFICATE_SIGN in profile.key_usage,
        crl_sign=KeyUse.CRL_SIGN in profile.key_usage,
        encipher_only=False,
        decipher_only=False,
    )


def _with_authority_key(
    builder: x509.CertificateBuilder, issuer: x509.Certificate | None, own_key: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    if issuer is None:
        return builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(own_key), critical=False)
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
    )


def _with_purposes(builder: x509.CertificateBuilder, profile: Profile, content: Content) -> x509.CertificateBuilder:
    if profile.extended_key_usage:
        purposes = [x509.ObjectIdentifier(oid) for oid in profile.extended_key_usage]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=profile.extended_key_usage_critical)
    policies = list(profile.policies)
    if profile.states_assurance and content.assurance_policy:
        policies.append(content.assurance_policy)
    if policies:
        stated = [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in policies]
        builder = builder.add_extension(x509.CertificatePolicies(stated), critical=False)
    if profile.has_email and content.email:
        names = x509.SubjectAlternativeName([x509.RFC822Name(content.email)])
        builder = builder.add_extension(names, critical=False)
    return builder


def _with_pointers(builder: x509.CertificateBuilder, profile: Profile, content: Content) -> x509.CertificateBuilder:
    if not profile.has_pointers or content.pointers is None:
        return builder
    crl = x509.DistributionPoint([x509.UniformResourceIdentifier(content.pointers.crl_url)], None, None, None)
    issuer = x509.AccessDescription(
        AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(content.pointers.issuer_url)
    )
    access = [issuer]
    if content.pointers.ocsp_url is not None:
        responder = x509.UniformResourceIdentifier(content.pointers.ocsp_url)
        access.append(x509.AccessDescription(AuthorityInformationAccessOID.OCSP, responder))
    builder = builder.add_extension(x509.CRLDistributionPoints([crl]), critical=False)
    return builder.add_extension(x509.AuthorityInformationAccess(access), critical=False)


def _with_limits(builder: x509.CertificateBuilder, profile: Profile) -> x509.CertificateBuilder:
    if profile.names_no_machine:
        everything = [x509.DNSName(""), *(x509.IPAddress(ip_network(net)) for net in ("0.0.0.0/0", "::/0"))]
        builder = builder.add_extension(x509.NameConstraints(None, everything), critical=True)
    if profile.never_checked:
        builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
    return builder
