"""Rehearsals are named as what they are, whoever trusts their root: the copy by its mark, the certificate by its arc.

Offline and out of the file alone. A mark that a later revision took away still counts.
"""

from collections.abc import Iterable

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from keys.rehearsals import is_rehearsal
from signing_service.verification.findings import Finding, finding
from signing_service.verification.forgiving import forgiving
from signing_service.verification.once import once
from signing_service.verification.plain_certificates import der_of

KEY = "/XXRehearsal"
"""As `agreements.rendering.rehearsal` writes it; a PDF is verified without the code that composes one."""


def noted(reader: PdfFileReader, covered: Iterable[int]) -> list[Finding]:
    """The finding about a file that was a rehearsal when it was made, or when something in it was signed.

    `covered`: the revisions that signatures cover. A mark that was added after them says nothing, and words in the text
    of a real document are no mark.
    """
    seen: set[int] = set()
    for revision in sorted({0, *(one for one in covered if one >= 0)}):
        with forgiving:  # a catalogue that cannot be read says nothing
            named = reader.trailer.raw_get("/Root", revision=revision)
            place = reader.xrefs.get_historical_ref(named.reference, revision)
            if place in seen:
                continue
            if KEY in reader.get_historical_resolver(revision).root:
                return [finding("document.rehearsal")]
            if isinstance(place, int):  # at the same byte stands the same catalogue
                seen.add(place)
    return []


def made_in_one(certificates: Iterable[x509.Certificate]) -> bool:
    """Whether one of the certificates of a signature belongs to rehearsals."""
    return any(_says_so(certificate) for certificate in certificates)


@once(id)
def _says_so(certificate: x509.Certificate) -> bool:
    return is_rehearsal(der_of(certificate))
