"""Small signed PDFs to start from, one for each structure that the verification reads in its own way.

They are made once into a folder, with the certificates that trust them, so that a number gives the same file again as
long as the folder is kept.
"""

from __future__ import annotations

import io
import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter

from keys.trust.anchors import TrustAnchors
from tests.signing_service.verification import mutations as by
from tests.signing_service.verification.documents import (
    Signing,
    add_store,
    base_pdf,
    long_term,
    sign,
    sign_encapsulated,
    sign_raw,
    stamp,
)
from tests.signing_service.verification.honest import by_openssl, encrypted, one_after_another, rewritten, several
from tests.signing_service.verification.pki import NOW
from tests.signing_service.verification.worlds import pki

RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True, slots=True)
class Seed:
    """One file and the signed parts of its signatures: the end of the first part, begin and end of the second."""

    name: str
    pdf: bytes
    signed: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Seeds:
    """All seeds, and what they are judged with."""

    all: tuple[Seed, ...]
    anchors: TrustAnchors
    crls: tuple[bytes, ...]


def signed_parts(pdf: bytes) -> tuple[tuple[int, int, int], ...]:
    """Where the signatures of an honest file say that their bytes lie, read with a pattern and nothing else."""
    found = [(int(a), int(b), int(b) + int(c)) for a, b, c in RANGE.findall(pdf)]
    return tuple(one for one in found if one[0] < one[1] <= one[2] <= len(pdf))


def folder(place: Path, *, fresh: bool = False) -> Seeds:
    """The seeds of a folder, made when there are none or `fresh` ones are asked for."""
    known = place / "trust.json"
    if fresh or not known.exists():
        _make(place)
    trust = json.loads(known.read_text(encoding="ascii"))
    root = b64decode(trust["root"])
    seeds = tuple(_seed(path.stem, path.read_bytes()) for path in sorted(place.glob("*.pdf")))
    return Seeds(seeds, TrustAnchors((root,), (root,)), tuple(b64decode(crl) for crl in trust["crls"]))


def _seed(name: str, pdf: bytes) -> Seed:
    return Seed(name, pdf, signed_parts(pdf))


def _make(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.pdf"):
        old.unlink()
    seeds = Seeds(tuple(_seed(name, make()) for name, make in MAKERS.items()), pki().anchors, pki().crls())
    for number, seed in enumerate(seeds.all):
        (place / f"{number:02}-{seed.name}.pdf").write_bytes(seed.pdf)
    trust = {
        "root": b64encode(seeds.anchors.signing[0]).decode(),
        "crls": [b64encode(crl).decode() for crl in seeds.crls],
    }
    (place / "trust.json").write_text(json.dumps(trust), encoding="ascii")


def _signed(base: bytes, subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES, *, stamped: bool = False) -> bytes:
    return sign(base, pki(), Signing(pki().signatory(), stamped=stamped), subfilter=subfilter)


def _archived(base: bytes) -> bytes:
    kept = add_store(_signed(base, stamped=True), pki(), pki().crls())
    return stamp(kept, pki(), NOW + timedelta(minutes=1))


def _with_attachment() -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(base_pdf()))
    data = embed.EmbeddedFileObject.from_file_data(writer, data=b'{"a": 1}', mime_type="application/json")
    embed.embed_file(writer, embed.FileSpec("agreement.json", embedded_data=data))
    output = io.BytesIO()
    writer.write(output)
    return _signed(output.getvalue())


def _with_layers_and_names() -> bytes:
    """Optional content, a named script, nested page tree nodes: what prepared content is made of."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        name, array = generic.pdf_name, generic.ArrayObject
        layer = writer.add_object(generic.DictionaryObject({name("/Type"): name("/OCG")}))
        order = generic.DictionaryObject({name("/Order"): array([layer])})
        writer.root[name("/OCProperties")] = generic.DictionaryObject(
            {name("/OCGs"): array([layer]), name("/D"): order}
        )
        action = generic.DictionaryObject({name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("1")})
        names = generic.DictionaryObject({name("/Names"): array([generic.pdf_string("a"), action])})
        writer.root[name("/Names")] = generic.DictionaryObject({name("/JavaScript"): names})
        writer.update_root()

    return _signed(by.update(base_pdf(), change))


def _field_tree() -> bytes:
    """Signature and text fields below other fields, filled in after signing."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        name = generic.pdf_name
        form = writer.root["/AcroForm"]
        kids = [reference.reference for reference in form.raw_get("/Fields")]
        parent = writer.add_object(
            generic.DictionaryObject(
                {
                    name("/T"): generic.pdf_string("Form"),
                    name("/Kids"): generic.ArrayObject(
                        generic.IndirectObject(kid.idnum, kid.generation, writer) for kid in kids
                    ),
                }
            )
        )
        form[name("/Fields")] = generic.ArrayObject([parent])
        writer.update_container(form)

    based = by.update(base_pdf(text_field="Text1"), change)
    return _signed(based)


def _hybrid() -> bytes:
    """A classic cross-reference with a stream beside it (ISO 32000-2, 7.5.8.4), and one object in an object stream."""
    pdf = base_pdf()
    root = re.findall(rb"/Root (\d+ 0 R)", pdf)[-1]
    size, previous = int(re.findall(rb"/Size (\d+)", pdf)[-1]), int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    hidden, holder, listing = size, size + 1, size + 2
    data = zlib.compress(b"%d 0 <</Type/Metadata/Hidden true>>" % hidden)
    first = len(b"%d 0 " % hidden)
    body = b"%d 0 obj\n<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>stream\n" % (holder, first, len(data))
    whole = pdf + body + data + b"\nendstream\nendobj\n"
    rows = b"\x02" + holder.to_bytes(4, "big") + b"\x00" + b"\x01" + len(pdf).to_bytes(4, "big") + b"\x00"
    at = len(whole)
    whole += (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 1]/Index[%d 2]/Root %s/Length %d>>stream\n%s\nendstream\nendobj\n"
        % (
            *(listing, listing + 1, hidden, root, len(rows)),
            rows,
        )
    )
    table = len(whole)
    whole += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size %d/Root %s/Prev %d/XRefStm %d>>\n" % (
        *(listing + 1, root, previous),
        at,
    )
    whole += b"startxref\n%d\n%%%%EOF\n" % table
    return sign(whole, pki(), Signing(pki().signatory(), stamped=False), strict=False)


MAKERS: dict[str, Callable[[], bytes]] = {
    "unsigned": base_pdf,
    "classic": lambda: _signed(base_pdf()),
    "stamped": lambda: _signed(base_pdf(), stamped=True),
    "object-streams": lambda: _signed(rewritten(base_pdf(), "--object-streams=generate")),
    "linearised": lambda: _signed(rewritten(base_pdf(), "--linearize", "--object-streams=generate")),
    "hybrid": _hybrid,
    "encrypted": encrypted,
    "archived": lambda: _archived(base_pdf(pages=1)),
    "archived-streams": lambda: _archived(rewritten(base_pdf(pages=1), "--object-streams=generate")),
    "agreement": lambda: long_term(pki(), 2),
    "eight": lambda: several(8),
    "new-fields": lambda: one_after_another(3),
    "field-tree": _field_tree,
    "filled": lambda: by.fill_field(
        sign(base_pdf(text_field="Text1"), pki(), Signing(pki().signatory(), stamped=False, certify=2)), "Text1", "yes"
    ),
    "annotated": lambda: by.add_annotation(
        sign(base_pdf(), pki(), Signing(pki().signatory(), stamped=False, certify=3))
    ),
    "attachment": _with_attachment,
    "layers": _with_layers_and_names,
    "updated": lambda: by.replace_page(_signed(by.add_page(base_pdf()))),
    "adobe": lambda: _signed(base_pdf(), SigSeedSubFilter.ADOBE_PKCS7_DETACHED),
    "encapsulated": lambda: sign_encapsulated(base_pdf(), pki(), pki().signatory()),
    "raw-rsa": lambda: sign_raw(base_pdf(), pki()),
    "foreign": lambda: by_openssl(),
    "foreign-ber": lambda: by_openssl("-stream", "-indef"),
    "foreign-bare": lambda: by_openssl("-noattr"),
}
