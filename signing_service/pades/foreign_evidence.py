"""Revocation information of authorities that are not ours, fetched for one file before it is closed.

For every certificate in the signatures and their time stamps whose root is not ours: an OCSP answer if its certificate
names a responder, else the list it names. What cannot be had is left out; whether what is there is enough is judged by
`evidence.collect`, which names the certificate that lacks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from keys.encoded import encoded
from keys.errors import FetchRefused
from keys.trust.fetching import Fetcher
from signing_service.pades.document import Document
from signing_service.pades.material import Material
from signing_service.pades.signatures import reading_asn1, signatures

MOST_CERTIFICATES = 64
"""A crafted file could name thousands of addresses."""

_DIGESTS = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}

log = structlog.get_logger("closing")


def gather(pdf: bytes, *, own_roots: Iterable[bytes], fetcher: Fetcher) -> Material:
    """What foreign authorities say about the certificates of a file. Never raises for what cannot be fetched."""
    with reading_asn1():
        found = signatures(Document(pdf))
        ders = {encoded(c) for one in found for c in one.certificates}
        ders |= {encoded(c) for one in found if one.token for c in one.token.certificates}
    certificates = _loaded(ders)
    own = {x509.load_der_x509_certificate(root).subject for root in own_roots}
    by_subject = {certificate.subject: certificate for certificate in certificates}
    foreign = [c for c in certificates if c.subject != c.issuer and not _is_under(c, by_subject, own)]
    crls: dict[str, bytes] = {}
    answers: list[bytes] = []
    for certificate in foreign[:MOST_CERTIFICATES]:
        issuer = by_subject.get(certificate.issuer)
        answer = _answer(certificate, issuer, fetcher) if issuer is not None else None
        if answer is not None:
            answers.append(answer)
        elif not _has_no_check(certificate):
            _add_list(certificate, crls, fetcher)
    return Material((), tuple(crls.values()), tuple(answers))


def _loaded(ders: Iterable[bytes]) -> list[x509.Certificate]:
    loaded = []
    for der in sorted(ders):
        try:
            certificate = x509.load_der_x509_certificate(der)
            _ = certificate.extensions
        except ValueError:
            continue  # nothing can be fetched for it; the closing names it when it matters
        loaded.append(certificate)
    return loaded


def _is_under(
    certificate: x509.Certificate, by_subject: Mapping[x509.Name, x509.Certificate], roots: set[x509.Name]
) -> bool:
    """Whether the names lead to one of our roots. A wrong claim only means that nothing is fetched."""
    for _ in range(8):
        if certificate.issuer in roots:
            return True
        above = by_subject.get(certificate.issuer)
        if above is None or above is certificate:
            return False
        certificate = above
    return False


def _answer(certificate: x509.Certificate, issuer: x509.Certificate, fetcher: Fetcher) -> bytes | None:
    for url in _access(certificate, AuthorityInformationAccessOID.OCSP):
        request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
        try:
            body = fetcher.post(url, request.public_bytes(serialization.Encoding.DER), "application/ocsp-request")
        except FetchRefused as error:
            log.warning("no status answer", reason=str(error)[:200])
            continue
        if answers_for(body, certificate, issuer):
            return body
        log.warning("status answer not usable", address=url[:200])
    return None


def answers_for(answer_der: bytes, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether an answer speaks of the certificate and is signed by its issuer, or by a responder that the issuer itself
    delegated (RFC 6960 §4.2.2.2). Read leniently: times of many responders have fractions of a second."""
    try:
        response = asn1_ocsp.OCSPResponse.load(answer_der)
        if response["response_status"].native != "successful":
            return False
        basic = response.basic_ocsp_response
        serials = {one["cert_id"]["serial_number"].native for one in response.response_data["responses"]}
        carried = [encoded(one) for one in basic["certs"] or ()]
        signed, value = encoded(basic["tbs_response_data"]), basic["signature"].native
        digest = _DIGESTS[basic["signature_algorithm"].hash_algo]
        signers = [issuer, *(one for one in _loaded(carried) if _is_delegated(one, issuer))]
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
    return certificate.serial_number in serials and any(_verifies(one, value, signed, digest) for one in signers)


def _is_delegated(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _verifies(signer: x509.Certificate, value: bytes, signed: bytes, digest: hashes.HashAlgorithm) -> bool:
    key = signer.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, signed, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, padding.PKCS1v15(), digest)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _add_list(certificate: x509.Certificate, crls: dict[str, bytes], fetcher: Fetcher) -> None:
    for url in _list_addresses(certificate):
        if url in crls:
            return
        try:
            body = fetcher.get(url)
            x509.load_der_x509_crl(body)
        except (FetchRefused, ValueError) as error:
            log.warning("no revocation list", reason=str(error)[:200])
            continue
        crls[url] = body
        return


def _access(certificate: x509.Certificate, method: x509.ObjectIdentifier) -> list[str]:
    try:
        described = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [
        one.access_location.value
        for one in described
        if one.access_method == method and isinstance(one.access_location, x509.UniformResourceIdentifier)
    ][:2]


def _list_addresses(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name for point in points for name in (point.full_name or ())]
    return [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)][:2]


def _has_no_check(certificate: x509.Certificate) -> bool:
    try:
        certificate.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound:
        return False
    return True
