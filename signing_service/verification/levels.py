"""The PAdES baseline level that a signature has in the file as it is (EN 319 142-1): B-B, B-T, B-LT, B-LTA or none.

Read back from what is there, never from what was asked for; whether it is trusted is another axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms, x509

from keys.encoded import encoded
from signing_service.verification.certificate_facts import (
    is_never_checked,
    is_self_issued,
    is_short_term,
    issuer_of,
    serial_number,
)
from signing_service.verification.evidence import Evidence
from signing_service.verification.once import once
from signing_service.verification.revocation import same_name


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """What a level is read from: the store as it was under each later document time stamp, and as it is now."""

    subfilter: str
    signed_attributes: cms.CMSAttributes | frozenset[str]
    has_signature_stamp: bool
    chains: tuple[tuple[x509.Certificate, ...], ...]
    store: Evidence
    stores_under_stamps: tuple[Evidence, ...]


def level_of(facts: LevelFacts) -> str:
    """The highest baseline level whose requirements are met by the file's own contents."""
    if facts.subfilter != "/ETSI.CAdES.detached" or not _is_baseline(facts.signed_attributes):
        return "none"
    if not facts.has_signature_stamp and not facts.stores_under_stamps:
        return "B-B"
    if not _is_complete(facts.chains, facts.store):
        return "B-T"
    covered = any(_is_complete(facts.chains, store) for store in facts.stores_under_stamps)
    return "B-LTA" if covered else "B-LT"


def _is_baseline(attributes: cms.CMSAttributes | frozenset[str]) -> bool:
    """Signing certificate reference and message digest present, signing-time absent (EN 319 142-1 table 1)."""
    names = attributes if isinstance(attributes, frozenset) else {item["type"].native for item in attributes or ()}
    referenced = "signing_certificate_v2" in names or "signing_certificate" in names
    return referenced and "message_digest" in names and "signing_time" not in names


def _is_complete(chains: Sequence[Sequence[x509.Certificate]], store: Evidence) -> bool:
    """Whether revocation information is embedded for every certificate below the anchors."""
    return bool(chains) and all(chain and all(_is_covered(entry, store) for entry in chain) for chain in chains)


@once(lambda certificate, store: (id(certificate), id(store)))
def _is_covered(certificate: x509.Certificate, store: Evidence) -> bool:
    if is_self_issued(certificate) or is_never_checked(certificate) or is_short_term(certificate):
        return True
    issuer = issuer_of(certificate)
    if any(same_name(encoded(container.crl_data.issuer), issuer) for container in store.crls):
        return True
    return serial_number(certificate) in store.answers_by_serial


def chain_of(
    leaf: x509.Certificate, path: Sequence[x509.Certificate], known: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """The chain below its anchor: the validated path without its last member, else what can be linked by names."""
    if len(path) > 1:
        return tuple(path[:-1])
    chain = [leaf]
    while len(chain) < 10 and not chain[-1].self_issued:
        issuer = next((item for item in known if item.subject == chain[-1].issuer and item not in chain), None)
        if issuer is None:
            break
        chain.append(issuer)
    return tuple(item for item in chain if item is leaf or not item.self_issued)
