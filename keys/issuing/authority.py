"""The certificate authority: takes a request that proves possession of a key and issues a certificate for it.

It does not know whether the person may have one, nor whether their invitation had one before: the caller decides and
records both. It keeps no ledger; serial numbers are random.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.algorithms import spki_of
from keys.browser_held import accept_request
from keys.clock import in_utc
from keys.errors import AuthorityNotValid, InvalidSubject, IssuedKeyDiffers
from keys.issuing.certificates import Content, Pointers, make_certificate
from keys.issuing.profiles import REHEARSALS, SIGNATORY, Profile
from keys.issuing.revocation import CRL_LIFE, build_crl
from keys.issuing.subjects import SubjectFacts, email_of, name_of
from keys.rehearsal_errors import AuthorityMixed
from keys.rehearsals import is_rehearsal


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """What was issued. `chain_der` holds the issuers, nearest first, without the root; `spki_sha256` is lower-case
    hex over SubjectPublicKeyInfo; `invitation_id` is for the caller's record and stands nowhere in the certificate."""

    der: bytes
    serial: int
    not_before: datetime
    not_after: datetime
    spki_sha256: str
    chain_der: tuple[bytes, ...]
    invitation_id: str
    profile: str

    @property
    def sha256(self) -> str:
        """The certificate's fingerprint, lower-case hex."""
        return sha256(self.der).hexdigest()


class CertificateAuthority:
    """One authority: its certificate, its key, its own issuers. Safe to share between threads.

    `pointers` are the URLs written into what it issues: *its* revocation list and *its* certificate. `chain` holds its
    own issuers, nearest first, without the root.
    """

    def __init__(
        self,
        certificate: x509.Certificate,
        key: ec.EllipticCurvePrivateKey,
        *,
        pointers: Pointers,
        chain: tuple[x509.Certificate, ...] = (),
    ) -> None:
        self.certificate = certificate
        self.pointers = pointers
        self._key = key
        own = certificate.public_bytes(serialization.Encoding.DER)
        self.certificate_der = own
        issuers = tuple(one.public_bytes(serialization.Encoding.DER) for one in chain)
        self._chain_of_issued = () if certificate.subject == certificate.issuer else (own, *issuers)

    def issue(
        self,
        csr_der: bytes,
        subject: SubjectFacts,
        profile: Profile = SIGNATORY,
        *,
        invitation_id: str,
        now: datetime,
        expected_challenge: bytes | None = None,
    ) -> IssuedCertificate:
        """A certificate for the key in the request, after proof of possession.

        Raises the `RequestRefused` family, `AlgorithmNotAllowed`, `InvalidSubject`, or `AuthorityNotValid` when this
        authority's certificate does not cover the whole life of the new one.
        """
        if not invitation_id:
            raise InvalidSubject(field="invitation", reason="a certificate belongs to one invitation")
        key = accept_request(csr_der, expected_challenge)
        return self.issue_for_key(key, subject, profile, invitation_id=invitation_id, now=now)

    def issue_for_key(
        self,
        key: ec.EllipticCurvePublicKey,
        subject: SubjectFacts,
        profile: Profile,
        *,
        invitation_id: str,
        now: datetime,
    ) -> IssuedCertificate:
        """The same for a key whose possession is already proven, e.g. one made a moment ago in this process."""
        if is_rehearsal(self.certificate_der) is not (profile in REHEARSALS):
            raise AuthorityMixed
        self._require_cover(now, profile)
        content = Content(
            subject=name_of(subject),
            public_key=key,
            email=email_of(subject) if profile.has_email else None,
            assurance_policy=subject.assurance.policy if profile.states_assurance else None,
            pointers=self.pointers,
        )
        made = make_certificate(profile, content, issuer=self.certificate, issuer_key=self._key, now=now)
        der = made.public_bytes(serialization.Encoding.DER)
        self._prove(der, key)
        return IssuedCertificate(
            der=der,
            serial=made.serial_number,
            not_before=made.not_valid_before_utc,
            not_after=made.not_valid_after_utc,
            spki_sha256=sha256(spki_of(key)).hexdigest(),
            chain_der=self._chain_of_issued,
            invitation_id=invitation_id,
            profile=profile.name,
        )

    def build_crl(
        self, revoked: Sequence[tuple[int, datetime, str]], now: datetime, *, life: timedelta = CRL_LIFE
    ) -> bytes:
        """This authority's complete revocation list in DER."""
        return build_crl(self.certificate, self._key, revoked, now, life=life)

    def _require_cover(self, now: datetime, profile: Profile) -> None:
        first, last = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if not first <= in_utc(now).replace(microsecond=0) <= last - profile.life:
            raise AuthorityNotValid(not_before=first.isoformat(), not_after=last.isoformat())

    def _prove(self, der: bytes, key: ec.EllipticCurvePublicKey) -> None:
        """Read the certificate back as a stranger would: same key as requested, signed by this authority."""
        read = x509.load_der_x509_certificate(der)
        read_key = read.public_key()
        if not isinstance(read_key, ec.EllipticCurvePublicKey) or spki_of(read_key) != spki_of(key):
            raise IssuedKeyDiffers
        try:
            read.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise IssuedKeyDiffers from error

    def __repr__(self) -> str:
        return f"<CertificateAuthority {self.certificate.subject.rfc4514_string()}>"
