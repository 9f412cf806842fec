"""Which certificates, revocation lists and OCSP answers show that the signatures of a file were valid when made.

`collect` builds and validates every path with local material only and returns what is worth keeping. `covers` asks
the other way round, of a file's own store: is there an issuer and revocation information for every certificate?
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from asn1crypto import crl as asn1_crl
from asn1crypto import x509

from keys.encoded import encoded
from signing_service.pades import pyhanko_adapter
from signing_service.pades.errors import MissingEvidence
from signing_service.pades.material import OURS_ONLY, Material, Others, Wanted
from signing_service.pades.signatures import FoundSignature

_LONGEST_PATH = 8


def wanted(found: Sequence[FoundSignature], now: datetime) -> tuple[Wanted, ...]:
    """The certificates to be proven, each at the time its signature is known to have existed."""
    signers: dict[bytes, Wanted] = {}
    authorities: dict[bytes, Wanted] = {}
    for signature in found:
        token = signature.token
        at = token.at if token is not None else now
        if not signature.document_timestamp:
            signer = signature.signer_certificate
            earlier = signers.get(signer.sha256)
            signers[signer.sha256] = Wanted(encoded(signer), min(at, earlier.at) if earlier else at, stamping=False)
        if token is not None:
            authority = token.signer_certificate
            before = authorities.get(authority.sha256)
            authorities[authority.sha256] = Wanted(
                encoded(authority), max(at, before.at) if before else at, stamping=True
            )
    return (*signers.values(), *authorities.values())


def collect(
    found: Sequence[FoundSignature],
    given: Material,
    roots: Iterable[bytes],
    now: datetime,
    others: Others = OURS_ONLY,
) -> Material:
    """What proves every signature, chosen from `given` and the files' own certificates.

    `others`: where nothing at hand shows the path of one of them, its signature keeps the level it has.

    Raises `MissingEvidence` or `CertificateRevoked`.
    """
    own = {encoded(c) for signature in found for c in signature.certificates}
    own |= {encoded(c) for signature in found if signature.token for c in signature.token.certificates}
    fresh = Material(tuple({*own, *given.certificates}), tuple(_fresh(given.crls, now)), given.ocsps)
    asked = wanted(found, now)
    needed = tuple(one for one in asked if one.certificate_der not in others.certificates)
    paths = list(pyhanko_adapter.validated_paths(needed, fresh, tuple(roots)))
    for one in asked:
        if one.certificate_der in others.certificates:
            with suppress(MissingEvidence):
                paths += pyhanko_adapter.validated_paths((one,), fresh, (*roots, *others.roots))
    certificates = tuple(dict.fromkeys(certificate for path in paths for certificate in path))
    issuers = {encoded(x509.Certificate.load(certificate).issuer) for certificate in certificates}
    crls = tuple(crl for crl in fresh.crls if encoded(asn1_crl.CertificateList.load(crl).issuer) in issuers)
    return Material(certificates, crls, given.ocsps)


def _fresh(crls: Iterable[bytes], now: datetime) -> Iterable[bytes]:
    """Lists that have not ended: an old one would not tell of a later revocation."""
    for crl in crls:
        try:
            ends = asn1_crl.CertificateList.load(crl)["tbs_cert_list"]["next_update"].native
        except (ValueError, TypeError) as error:
            raise MissingEvidence(subject="a revocation list", reason="it cannot be read") from error
        if ends is None or ends >= now:
            yield crl


def covers(signature: FoundSignature, store: Material) -> bool:
    """Whether `store` holds issuers and revocation information for the signer's and its time stamp's certificates."""
    certificates = [] if signature.document_timestamp else [signature.signer_certificate]
    if signature.token is not None:
        certificates.append(signature.token.signer_certificate)
    return all(_path_covered(certificate, store) for certificate in certificates)


def _path_covered(certificate: x509.Certificate, store: Material) -> bool:
    for _ in range(_LONGEST_PATH):
        if certificate.self_signed != "no":
            return True
        known = encoded(certificate.issuer) in store.crl_issuers or certificate.serial_number in store.answered_serials
        issuer = store.by_subject.get(encoded(certificate.issuer))
        if not known or issuer is None:
            return False
        certificate = issuer
    return False
