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


def noted(reader: PdfFileReader, covered: Iterable[int]) -> list[Finding]:
    """The finding about a file that was a rehearsal when it was made, or when something in it was signed.

    `covered`: the revisions that signatures cover. A mark that was added after them says nothing, and words in the text
    of a real document are no mark.
    """
    for revision in sorted({0, *(one for one in covered if one >= 0)}):
        with forgiving:  # a catalogue that cannot be read says nothing
            if _KEY in reader.get_historical_root(revision):
                return [finding("document.rehearsal")]
    return []


def made_in_one(certificates: Iterable[x509.Certificate]) -> bool:
    """Whether one of the certificates of a signature belongs to rehearsals."""
    return any(is_rehearsal(encoded(certificate)) for certificate in certificates)
