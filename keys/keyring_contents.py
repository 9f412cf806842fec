"""What a new folder of keys contains: fresh keys, their certificates, and a manifest that names nothing secret.

Pure but for randomness: it returns the files, `key_folder` writes them, `keyring` reads them again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from keys import manifests
from keys.issuing import profiles
from keys.issuing.certificates import Content, Pointers, make_certificate
from keys.issuing.revocation import ROOT_CRL_LIFE, build_crl
from keys.issuing.subjects import ORGANISATION_MAXIMUM, checked_country, checked_email, checked_text
from keys.passphrases import Secret
from keys.software import SoftwareKey, encrypted_pkcs8

MANIFEST = "keyring.json"
ROOT_CRL = "root.crl"
ROOT, ISSUING, SEAL, TIMESTAMP, LOG = "root", "issuing", "seal", "timestamp", "log"
KEY_NAMES = (ROOT, ISSUING, SEAL, TIMESTAMP, LOG)

# The time stamp authority stands under the root: a stolen issuing key cannot make stamps of an earlier day.
ISSUER_OF = {ISSUING: ROOT, SEAL: ISSUING, TIMESTAMP: ROOT}
PROFILE_OF = {
    ROOT: profiles.ROOT,
    ISSUING: profiles.ISSUING_AUTHORITY,
    SEAL: profiles.SEAL,
    TIMESTAMP: profiles.TIMESTAMP_AUTHORITY,
}
TITLE_OF = {
    ROOT: "Root",
    ISSUING: "Issuing authority",
    SEAL: "Seal",
    TIMESTAMP: "Time stamp authority",
}


def title_of_generation(name: str) -> str:
    """The title in a generation's common name. Each has its own, so that two lists never speak in one name."""
    return f"{TITLE_OF[ISSUING]} {name.rpartition('-')[2]}" if "-" in name else TITLE_OF[ISSUING]


@dataclass(frozen=True, slots=True)
class KeyringFacts:
    """Who operates the service. `base_url` is the public address under which lists and certificates are served, without
    a slash at the end; `email` stands in the seal's certificate; `demo` marks keys that production refuses."""

    organisation: str
    country: str
    email: str
    base_url: str
    demo: bool = False


def pointers(base_url: str, authority: str) -> Pointers:
    """Where the list and the certificate of one authority (`root`, `issuing`, `issuing-2` …) are published."""
    return Pointers(
        crl_url=f"{base_url}/pki/{authority}.crl",
        issuer_url=f"{base_url}/pki/{authority}.cer",
        # the root's key is meant to be offline: its list is all there is
        ocsp_url=None if authority == ROOT else f"{base_url}/pki/ocsp",
    )


def new_files(facts: KeyringFacts, master_key: bytes | Secret, now: datetime) -> dict[str, bytes]:
    """Every file of a new folder by name. Raises `MasterKeyTooShort` or `InvalidSubject`."""
    salt, passphrases = manifests.new_passphrases(master_key)
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in KEY_NAMES if name != LOG}
    certificates = _certificates(facts, keys, now)
    root_crl = build_crl(certificates[ROOT], keys[ROOT], (), now, life=ROOT_CRL_LIFE)
    log_key = ed25519.Ed25519PrivateKey.generate()
    all_keys: Mapping[str, SoftwareKey] = {**keys, LOG: log_key}
    files = {f"{name}.key": encrypted_pkcs8(key, passphrases.for_purpose(name)) for name, key in all_keys.items()}
    for name, certificate in certificates.items():
        files[f"{name}.pem"] = certificate.public_bytes(serialization.Encoding.PEM)
    files[ROOT_CRL] = root_crl
    files[MANIFEST] = manifests.written(asdict(facts), salt, passphrases, now)
    return files


def _certificates(
    facts: KeyringFacts, keys: Mapping[str, ec.EllipticCurvePrivateKey], now: datetime
) -> dict[str, x509.Certificate]:
    made = {ROOT: make_own_certificate(ROOT, facts, keys[ROOT].public_key(), None, keys[ROOT], now)}
    for name, issuer in ISSUER_OF.items():
        made[name] = make_own_certificate(name, facts, keys[name].public_key(), made[issuer], keys[issuer], now)
    return made


def make_own_certificate(
    name: str,
    facts: KeyringFacts,
    public_key: ec.EllipticCurvePublicKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
    *,
    issuer_name: str | None = None,
    title: str | None = None,
) -> x509.Certificate:
    """One of the service's own certificates; the root without issuer. `issuer_name` and `title` differ from the usual
    after a rotation only."""
    where = None if issuer is None else pointers(facts.base_url, issuer_name or ISSUER_OF[name])
    content = Content(_own_name(facts, title or TITLE_OF[name]), public_key, checked_email(facts.email), pointers=where)
    return make_certificate(PROFILE_OF[name], content, issuer=issuer, issuer_key=issuer_key, now=now)


def _own_name(facts: KeyringFacts, title: str) -> x509.Name:
    organisation = checked_text(facts.organisation, "organisation", ORGANISATION_MAXIMUM)
    demo = "DEMO " if facts.demo else ""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, checked_country(facts.country)),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{demo}{title} of the signing service"),
        ]
    )
