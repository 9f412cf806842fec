"""The key holders of one installation at work: its token, the seals in it, its providers; each opened when first used.

A token that is absent or a provider that is down stops nothing but the signature that wants it. Safe to share between
threads.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from keys.csc_http import CscHttp
from keys.holder_errors import NotTheirSeal, ProviderUnknown, TokenAbsent
from keys.holders import KeyHolders, ProviderSettings, SealSettings
from keys.pkcs11 import HardwareKey, HardwareSeal
from keys.pkcs11_token import Token
from keys.remote_csc import CscProvider
from keys.trust.anchors import certificates_in


@dataclass(frozen=True, slots=True)
class OrganisationSeal:
    """A seal of an organisation that the operator keeps: its settings' name and title, and who signs with it."""

    name: str
    title: str
    organisation: str
    custodian: HardwareSeal


class HeldElsewhere:
    """What the file of key holders sets up."""

    def __init__(self, holders: KeyHolders) -> None:
        self._holders = holders
        self._lock = threading.Lock()
        self._token: Token | None = None
        self._seals: dict[str, OrganisationSeal] = {}
        self._providers: dict[str, CscProvider] = {}

    @property
    def has_seals(self) -> bool:
        """Whether the operator keeps seals of organisations."""
        return bool(self._holders.seals)

    @property
    def providers(self) -> tuple[ProviderSettings, ...]:
        """The providers a person may choose from."""
        return self._holders.providers

    def token(self) -> Token:
        """The token of this installation; raises `TokenAbsent` when none is set up."""
        settings = self._holders.token
        if settings is None:
            raise TokenAbsent(token="of this service")  # noqa: S106 - a name
        with self._lock:
            if self._token is None:
                self._token = Token(settings.module, settings.label, settings.pin.read)
            return self._token

    def own_keys(self) -> Mapping[str, HardwareKey]:
        """The service's own keys that are in the token, by the keyring's names; raises from `HardwareError`."""
        settings = self._holders.token
        if settings is None:
            return {}
        labels = {"seal": settings.seal, "issuing": settings.issuing}
        return {name: HardwareKey(self.token(), label) for name, label in labels.items() if label is not None}

    def seal_of(self, names: tuple[str, ...]) -> OrganisationSeal:
        """The seal whose certificate names the organisation, by one of its names exactly.

        Raises `NotTheirSeal`: nobody signs with the seal of another organisation. Raises from `HardwareError`.
        """
        for settings in self._holders.seals:
            seal = self._seal(settings)
            if seal.organisation in names:
                return seal
        raise NotTheirSeal(organisation=names[0] if names else "")

    def seal_with(self, certificate_der: bytes) -> OrganisationSeal:
        """The seal of that certificate; raises `NotTheirSeal` when it was taken away."""
        for settings in self._holders.seals:
            seal = self._seal(settings)
            if seal.custodian.certificate_der == certificate_der:
                return seal
        raise NotTheirSeal(organisation="")

    def provider(self, name: str) -> CscProvider:
        """A provider by its name in the settings; raises `ProviderUnknown`. No other address is ever called."""
        settings = next((one for one in self._holders.providers if one.name == name), None)
        if settings is None:
            raise ProviderUnknown
        with self._lock:
            if name not in self._providers:
                self._providers[name] = CscProvider(CscHttp(settings))
            return self._providers[name]

    def _seal(self, settings: SealSettings) -> OrganisationSeal:
        token = self.token()
        with self._lock:
            found = self._seals.get(settings.name)
            if found is None:
                found = self._seals[settings.name] = _opened(token, settings)
            return found

    def __repr__(self) -> str:
        return "<HeldElsewhere>"


def _opened(token: Token, settings: SealSettings) -> OrganisationSeal:
    key = HardwareKey(token, settings.key)
    der = key.certificate()
    certificate = x509.load_der_x509_certificate(der)
    chain = certificates_in(settings.chain) if settings.chain else ()
    names = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    organisation = str(names[0].value) if names else ""
    return OrganisationSeal(
        settings.name, settings.title, organisation, HardwareSeal(key, der, _issuers(certificate, chain))
    )


def _issuers(certificate: x509.Certificate, others: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Those of the file that issued one another, nearest first, without the root."""
    found: list[bytes] = []
    read = {der: x509.load_der_x509_certificate(der) for der in others}
    current = certificate
    while True:
        above = next((der for der, one in read.items() if der not in found and _issued(current, one)), None)
        if above is None or read[above].subject == read[above].issuer:
            return tuple(found)
        found.append(above)
        current = read[above]


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
