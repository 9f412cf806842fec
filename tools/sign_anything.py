"""Any folder of PDFs as a test of the verification: each is signed twice by pyHanko, and judged.

    python -m tools.sign_anything FOLDER…

Both signatures must be intact, and nothing but signing may have happened after the first, whatever the document is
like. A line for each file that is judged otherwise, and a count; the exit code is 1 if there was one. Files that
pyHanko cannot sign are counted apart. Nothing is kept but the files that were judged otherwise (`var/sign-anything`).
"""

import io
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, sign_pdf

from signing_service.verification.verify import verify
from tests.signing_service.verification.pki import NOW, Pki

KEPT = Path("var", "sign-anything")
FIELDS = {"FirstOfTwo": (20, 20, 140, 60), "SecondOfTwo": None}
"""One signature that is seen and one that is not."""
WANTED = [("intact", "signing"), ("intact", "none")]
OK, UNSIGNABLE = "as expected", "cannot be signed"


@cache
def pki() -> Pki:
    """Keys of this process, thrown away with it."""
    return Pki("any")


def signed_twice(pdf: bytes) -> bytes:
    """Two more revisions; raises whatever pyHanko raises on a file that it cannot write to."""
    signer = pki().signer(pki().signatory())
    for name, box in FIELDS.items():
        writer, output = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False), io.BytesIO()
        metadata = PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        place = SigFieldSpec(name, on_page=0, box=box)
        sign_pdf(writer, metadata, signer=signer, new_field_spec=place, output=output)
        pdf = output.getvalue()
    return pdf


def judged(path: Path) -> str:
    """What came of one file: OK, UNSIGNABLE, or what was said instead."""
    try:
        pdf = signed_twice(path.read_bytes())
    except Exception:  # a file that cannot be read or written to is none of ours
        return UNSIGNABLE
    report = verify(pdf, name=path.name, anchors=pki().anchors, at=NOW, crls_der=pki().crls())
    said = [(entry.integrity, entry.changes) for entry in report.signatures if entry.field in FIELDS]
    if said == WANTED:
        return OK
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / path.name).write_bytes(pdf)
    told = [item.text["en"] for item in report.findings if item.code.startswith(("change", "document"))]
    return f"{said} {' '.join(told)}"


def run(folders: Sequence[Path]) -> Counter[str]:
    """Judge every PDF below the folders; how many files each answer was given for, the answers otherwise as one."""
    logging.disable(logging.CRITICAL)
    paths = sorted(path for folder in folders for path in folder.rglob("*.pdf"))
    found: Counter[str] = Counter()
    with ProcessPoolExecutor() as pool:
        for path, answer in zip(paths, pool.map(judged, paths, chunksize=4), strict=True):
            found[answer if answer in (OK, UNSIGNABLE) else "otherwise"] += 1
            if answer not in (OK, UNSIGNABLE):
                print(f"{path}: {answer[:400]}", flush=True)
    return found


def main() -> int:
    """The exit code for the folders of the command line."""
    found = run([Path(name) for name in sys.argv[1:]])
    print(", ".join(f"{count} {answer}" for answer, count in sorted(found.items())) or "no PDF there")
    return 1 if found["otherwise"] or not found else 0


if __name__ == "__main__":
    sys.exit(main())
