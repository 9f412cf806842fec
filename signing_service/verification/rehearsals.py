"""Rehearsals are named as what they are, whoever trusts their root: the copy by its mark, the certificate by its arc.

Offline and out of the file alone. A mark that a later revision took away still counts.
"""

from collections.abc import Iterable

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from agreements.rendering.rehearsal import MARK
from keys.encoded import encoded
from keys.rehearsals import is_rehearsal
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving

_KEY = f"/{MARK}"


def noted(pdf: bytes, reader: PdfFileReader | None = None) -> list[Finding]:
    """The finding about a file that says of itself, now or in an earlier revision, that it is a rehearsal."""
    marked = _KEY.encode("ascii") in pdf
    with forgiving:  # the catalogue may be packed, or its name written in another way
        marked = marked or (reader is not None and _KEY in reader.root)
    return [finding("document.rehearsal")] if marked else []


def made_in_one(certificates: Iterable[x509.Certificate]) -> bool:
    """Whether one of the certificates of a signature belongs to rehearsals."""
    return any(is_rehearsal(encoded(certificate)) for certificate in certificates)
