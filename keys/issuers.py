"""The generations of the issuing authority in one folder of keys: the newest issues, the older ones go on answering.

A rotation adds a generation and takes none away, so that what was issued before keeps its list and its OCSP answers. A
generation that was brought from outside carries its own chain and root. Files: `issuing.*`, then `issuing-2.*` …
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from threading import Lock

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from keys.issuing.authority import CertificateAuthority
from keys.issuing.ocsp import CertificateId, Responder, name_of_certificate

FIRST = "issuing"

KEPT = 1024
"""Certificates whose issuer is remembered: telling it means verifying a signature."""


def name_of_generation(number: int) -> str:
    """`issuing` for the first, `issuing-2` for the second …: the name of its files and of its addresses."""
    return FIRST if number == 1 else f"{FIRST}-{number}"


@dataclass(frozen=True)
class Issuer:
    """One generation. `chain` is what stands between it and its root; `root` is ours or that of an imported chain."""

    name: str
    authority: CertificateAuthority
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    root: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()
    _lock: Lock = field(default_factory=Lock, repr=False)
    _responders: list[Responder] = field(default_factory=list, repr=False)

    @property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate."""
        return self.authority.certificate

    @cached_property
    def certificates_der(self) -> tuple[bytes, ...]:
        """The authority's certificate and those between it and its root."""
        return tuple(one.public_bytes(serialization.Encoding.DER) for one in (self.certificate, *self.chain))

    def issued(self, certificate: x509.Certificate) -> bool:
        """Whether the certificate carries this authority's name and signature."""
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def asked_about(self, named: CertificateId) -> bool:
        """Whether an OCSP request speaks of this issuer."""
        return name_of_certificate(self.certificate, named.serial, named.digest) == named

    def responder(self, now: datetime) -> Responder:
        """The responder of this process, made when first needed and again before its certificate ends."""
        with self._lock:
            if not self._responders or not self._responders[-1].lasts(now):
                self._responders[:] = [Responder.delegated(self.certificate, self.key, now)]
            return self._responders[-1]


class Issuers:
    """All generations, oldest first. Never empty."""

    def __init__(self, generations: Sequence[Issuer]) -> None:
        self.all = tuple(generations)
        self._remembered = lru_cache(maxsize=KEPT)(self._issuer_of)

    @property
    def current(self) -> Issuer:
        """The one that issues."""
        return self.all[-1]

    def of(self, certificate_der: bytes) -> Issuer | None:
        """Which generation issued a certificate; None for a stranger's."""
        return self._remembered(certificate_der)

    def _issuer_of(self, certificate_der: bytes) -> Issuer | None:
        try:
            certificate = x509.load_der_x509_certificate(certificate_der)
        except ValueError:
            return None
        return next((one for one in self.all if one.issued(certificate)), None)

    def named(self, name: str) -> Issuer | None:
        """The generation of that name."""
        return next((one for one in self.all if one.name == name), None)

    def asked(self, named: CertificateId) -> Issuer | None:
        """The generation an OCSP request speaks of."""
        return next((one for one in self.all if one.asked_about(named)), None)

    @property
    def certificates_der(self) -> tuple[bytes, ...]:
        """Every certificate between the roots and what was issued, newest generation first."""
        return tuple(dict.fromkeys(der for one in reversed(self.all) for der in one.certificates_der))

    @property
    def roots_der(self) -> tuple[bytes, ...]:
        """The root of each generation, each once."""
        return tuple(dict.fromkeys(one.root.public_bytes(serialization.Encoding.DER) for one in self.all))

    def crls(
        self, revoked: Sequence[tuple[int, datetime, str]], now: datetime, issuer_of: Mapping[int, str]
    ) -> tuple[bytes, ...]:
        """Each generation's list, newest first. A line whose issuer is not told stands on every list."""
        return tuple(
            one.authority.build_crl([line for line in revoked if issuer_of.get(line[0], one.name) == one.name], now)
            for one in reversed(self.all)
        )
