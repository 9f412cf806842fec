"""Asking an authority what became of a certificate: an OCSP answer if it names a responder (RFC 6960), else its list.

Everything goes through the fence of `fetching`; every question is noted with what became of it. An answer is only kept
when it speaks of the certificate and is signed by whom it must be signed by. Whether it is recent enough is judged
elsewhere.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

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

OCSP, CRL = "ocsp", "crl"
REQUEST = "application/ocsp-request"
LONGEST_GET = 255
"""Bytes of a request that may be put into an address (RFC 6960, appendix A.1)."""

MOST_ADDRESSES = 2
_DIGESTS = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: which kind, at which address, and the answer (DER), or why there is none."""

    kind: str
    url: str
    der: bytes = b""
    problem: str = ""


@dataclass
class StatusQuestions:
    """The questions of one run; a list that was had is not fetched again."""

    fetcher: Fetcher
    lists: dict[str, bytes] = field(default_factory=dict)

    def about(self, certificate: x509.Certificate, issuer: x509.Certificate | None) -> Iterator[Asked]:
        """Ask until one answer can be used; never raises for what a stranger's address or answer is like.

        A responder whose own certificate says so (`id-pkix-ocsp-nocheck`) is not asked about in lists.
        """
        if issuer is not None:
            for url in _responders(certificate):
                asked = self._answer(url, certificate, issuer)
                yield asked
                if asked.der:
                    return
        if not _has_no_check(certificate):
            for url in _list_addresses(certificate):
                asked = self._list(url)
                yield asked
                if asked.der:
                    return

    def _answer(self, url: str, certificate: x509.Certificate, issuer: x509.Certificate) -> Asked:
        request = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1()).build()  # noqa: S303
        try:
            body = self._exchanged(url, request.public_bytes(serialization.Encoding.DER))
        except FetchRefused as error:
            return Asked(OCSP, url, problem=str(error)[:200])
        if answers_for(body, certificate, issuer):
            return Asked(OCSP, url, body)
        return Asked(OCSP, url, problem="the answer is not about this certificate, or not signed by whom it must be")

    def _exchanged(self, url: str, request: bytes) -> bytes:
        """By POST; some responders know GET only."""
        try:
            return self.fetcher.post(url, request, REQUEST)
        except FetchRefused as error:
            if len(request) > LONGEST_GET or not str(error.params.get("reason", "")).startswith("HTTP"):
                raise
        return self.fetcher.get(f"{url.rstrip('/')}/{quote(base64.b64encode(request), safe='')}")

    def _list(self, url: str) -> Asked:
        if url not in self.lists:
            try:
                body = self.fetcher.get(url)
                x509.load_der_x509_crl(body)
            except FetchRefused as error:
                return Asked(CRL, url, problem=str(error)[:200])
            except ValueError:
                return Asked(CRL, url, problem="what came is no revocation list")
            self.lists[url] = body
        return Asked(CRL, url, self.lists[url])


def loaded(ders: Iterable[bytes]) -> list[x509.Certificate]:
    """Certificates that can be read; the others are left out."""
    found = []
    for der in ders:
        try:
            certificate = x509.load_der_x509_certificate(der)
            _ = certificate.extensions
        except ValueError:
            continue
        found.append(certificate)
    return found


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
        signers = [issuer, *(one for one in loaded(carried) if _is_delegated(one, issuer))]
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


def _responders(certificate: x509.Certificate) -> list[str]:
    try:
        described = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return [
        one.access_location.value
        for one in described
        if one.access_method == AuthorityInformationAccessOID.OCSP
        and isinstance(one.access_location, x509.UniformResourceIdentifier)
    ][:MOST_ADDRESSES]


def _list_addresses(certificate: x509.Certificate) -> list[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name for point in points for name in (point.full_name or ())]
    return [name.value for name in names if isinstance(name, x509.UniformResourceIdentifier)][:MOST_ADDRESSES]


def _has_no_check(certificate: x509.Certificate) -> bool:
    try:
        certificate.extensions.get_extension_for_class(x509.OCSPNoCheck)
    except x509.ExtensionNotFound:
        return False
    return True
