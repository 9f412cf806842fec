"""Usage rights: what a form's producer signed so that a reading program may fill and save it (ISO 32000-1, 12.8.2.3).

They are made like a signature and are none of anybody's: no field leads to them, and they are not counted as one.
"""

from pyhanko.pdf_utils.reader import PdfFileReader

from signing_service.verification.forgiving import forgiving
from signing_service.verification.pdf_access import entry, items

ENTRIES = ("/UR3", "/UR")


def usage_rights(reader: PdfFileReader) -> frozenset[int]:
    """Where the signed parts before the contents of usage rights end, in any revision."""
    found: set[int] = set()
    for index in range(reader.xrefs.total_revisions):
        with forgiving:  # a catalog that cannot be read grants nothing
            permissions = entry(reader.get_historical_resolver(index).root, "/Perms")
            for key in ENTRIES:
                numbers = [int(str(item)) for item in items(entry(entry(permissions, key), "/ByteRange"))]
                found |= {numbers[0] + numbers[1]} if len(numbers) == 4 else set()
    return frozenset(found)
