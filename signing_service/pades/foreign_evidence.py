"""Revocation information of authorities that are not ours, fetched for one file before it is closed.

For every certificate in the signatures and their time stamps whose root is not ours: an OCSP answer if its certificate
names a responder, else the list it names. What cannot be had is left out; whether what is there is enough is judged by
`evidence.collect`, which names the certificate that lacks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog
from cryptography import x509

from keys.encoded import encoded
from keys.trust.fetching import Fetcher
from keys.trust.status import OCSP, StatusQuestions, loaded
from signing_service.pades.document import Document
from signing_service.pades.material import Material
from signing_service.pades.signatures import reading_asn1, signatures

MOST_CERTIFICATES = 64
"""A crafted file could name thousands of addresses."""

log = structlog.get_logger("closing")


def gather(pdf: bytes, *, own_roots: Iterable[bytes], fetcher: Fetcher) -> Material:
    """What foreign authorities say about the certificates of a file. Never raises for what cannot be fetched."""
    with reading_asn1():
        found = signatures(Document(pdf))
        ders = {encoded(c) for one in found for c in one.certificates}
        ders |= {encoded(c) for one in found if one.token for c in one.token.certificates}
    certificates = loaded(sorted(ders))
    own = {x509.load_der_x509_certificate(root).subject for root in own_roots}
    by_subject = {certificate.subject: certificate for certificate in certificates}
    foreign = [c for c in certificates if c.subject != c.issuer and not _is_under(c, by_subject, own)]
    questions = StatusQuestions(fetcher)
    answers: list[bytes] = []
    for certificate in foreign[:MOST_CERTIFICATES]:
        for asked in questions.about(certificate, by_subject.get(certificate.issuer)):
            if asked.problem:
                log.warning("no status", kind=asked.kind, address=asked.url[:200], reason=asked.problem)
            elif asked.kind == OCSP:
                answers.append(asked.der)
    return Material((), tuple(questions.lists.values()), tuple(answers))


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
