"""The lock between rehearsals and the real thing, both ways, at the one place where certificate and document meet.

A certificate of a rehearsal signs only a document whose catalogue has the mark; on a document with the mark nothing but
such a certificate signs. Both are seen in the bytes themselves; no row of a database is asked.
"""

from agreements.rendering.rehearsal import MARK
from keys.rehearsals import is_rehearsal
from signing_service.pades.document import Document
from signing_service.pades.errors import RehearsalCertificate, RehearsalDocument


def marked(document: Document) -> bool:
    """Whether a document says of itself that it is a copy to practise with."""
    return MARK in document.root


def require_fit(certificate_der: bytes, chain_der: tuple[bytes, ...], rehearsal: bool) -> None:
    """Raise `RehearsalCertificate` or `RehearsalDocument` unless certificate and document are of one kind."""
    if not rehearsal:
        if any(is_rehearsal(der) for der in (certificate_der, *chain_der)):
            raise RehearsalCertificate
    elif not is_rehearsal(certificate_der):
        raise RehearsalDocument
