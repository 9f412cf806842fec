"""What an attacker or an accident does to a signed PDF, one function each: bytes in, bytes out."""

import io
import re
from collections.abc import Callable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

name = generic.pdf_name


def update(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """One more revision made by `change`."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def flip_byte(pdf: bytes, marker: bytes = b"/MediaBox") -> bytes:
    """One byte of the signed range changed, without breaking the structure."""
    place = pdf.index(marker)
    place = pdf.index(b"612" if b"612" in pdf[place : place + 60] else b"595", place)
    return pdf[:place] + b"9" + pdf[place + 1 :]


def replace_page(pdf: bytes) -> bytes:
    """The first page shows other content, by incremental update."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        stream = generic.StreamObject(stream_data=b"BT /F1 24 Tf 72 700 Td (We owe you nothing.) Tj ET")
        page[name("/Contents")] = writer.add_object(stream)
        writer.update_container(page)

    return update(pdf, change)


def add_annotation(pdf: bytes, subtype: str = "/FreeText") -> bytes:
    """A comment laid over the first page, by incremental update."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name(subtype),
                name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (72, 700, 400, 740))),
                name("/Contents"): generic.pdf_string("page cancelled"),
                name("/DA"): generic.pdf_string("/Helv 12 Tf 0 g"),
            }
        )
        reference = writer.add_object(note)
        if "/Annots" in page:
            page["/Annots"].append(reference)
            writer.update_container(page["/Annots"])
        else:
            page[name("/Annots")] = generic.ArrayObject([reference])
        writer.update_container(page)

    return update(pdf, change)


def add_page(pdf: bytes) -> bytes:
    """One more page at the end, by incremental update."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        tree = writer.root["/Pages"]
        first = tree["/Kids"][0]
        page = generic.DictionaryObject({key: first.raw_get(key) for key in first if key != "/Annots"})
        page[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
        tree["/Kids"].append(writer.add_object(page))
        tree[name("/Count")] = generic.NumberObject(int(tree["/Count"]) + 1)
        writer.update_container(tree)
        writer.update_container(tree["/Kids"])

    return update(pdf, change)


def add_script(pdf: bytes) -> bytes:
    """An action that runs on opening, by incremental update."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        script = generic.DictionaryObject(
            {name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert('x')")}
        )
        writer.root[name("/OpenAction")] = writer.add_object(script)
        writer.update_root()

    return update(pdf, change)


def add_visible_field(pdf: bytes) -> bytes:
    """A new visible signature field over the page, left empty."""
    return update(
        pdf,
        lambda writer: append_signature_field(writer, SigFieldSpec("Evil", on_page=0, box=(0, 0, 600, 700))),
    )


def fill_field(pdf: bytes, field: str, value: str) -> bytes:
    """A value into a text field, by incremental update."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            node = reference.get_object()
            if str(node["/T"]) == field:
                node[name("/V")] = generic.pdf_string(value)
                writer.update_container(node)

    return update(pdf, change)


def remove_signature(pdf: bytes, field: str) -> bytes:
    """The value of a signature field taken away, by incremental update."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            node = reference.get_object()
            if str(node["/T"]) == field:
                del node["/V"]
                writer.update_container(node)

    return update(pdf, change)


def point_at_other(pdf: bytes, field: str, other: str) -> bytes:
    """One signature field made to point at the signature of another."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        nodes = {str(ref.get_object()["/T"]): ref.get_object() for ref in writer.root["/AcroForm"]["/Fields"]}
        nodes[field][name("/V")] = nodes[other].raw_get("/V")
        writer.update_container(nodes[field])

    return update(pdf, change)


def rewrite_identically(pdf: bytes) -> bytes:
    """The page written again unchanged, by incremental update."""
    return update(pdf, lambda writer: writer.update_container(writer.root["/Pages"]["/Kids"][0]))


def trailing_junk(pdf: bytes, junk: bytes = b"<html>not signed</html>") -> bytes:
    return pdf + junk


def truncated(pdf: bytes, keep: int = -700) -> bytes:
    return pdf[:keep]


def cut_last_revision(pdf: bytes, revisions: int = 1) -> bytes:
    """The file as it was before its last revisions: a complete, valid earlier state."""
    end = len(pdf)
    for _ in range(revisions):
        end = pdf.rindex(b"%%EOF", 0, pdf.rindex(b"%%EOF", 0, end)) + len(b"%%EOF")
        end += 1 if pdf[end : end + 1] == b"\n" else 0
    return pdf[:end]


def last_signature_place(pdf: bytes) -> tuple[int, int]:
    """Where the hex contents of the last signature stand."""
    match = list(re.finditer(rb"/Contents <([0-9a-fA-F]+)>", pdf))[-1]
    return match.start(1), match.end(1)


def zero_contents(pdf: bytes) -> bytes:
    start, end = last_signature_place(pdf)
    return pdf[:start] + b"0" * (end - start) + pdf[end:]


def damage_contents(pdf: bytes) -> bytes:
    """Hex digits inside the CMS changed so that it is no DER any more."""
    start, _ = last_signature_place(pdf)
    return pdf[:start] + b"ff00ff00" + pdf[start + 8 :]


def damage_value(pdf: bytes) -> bytes:
    """One bit of the last signature value flipped inside the CMS."""
    reader = PdfFileReader(io.BytesIO(pdf))
    value = reader.embedded_signatures[-1].signer_info["signature"].native.hex().encode()
    start, end = last_signature_place(pdf)
    place = pdf.lower().index(value, start, end) + len(value) - 1
    return pdf[:place] + (b"0" if pdf[place : place + 1] != b"0" else b"1") + pdf[place + 1 :]


def byte_range(pdf: bytes, numbers: str) -> bytes:
    """Another byte range of the same printed length in the last signature."""
    match = list(re.finditer(rb"/ByteRange \[[^\]]*\]", pdf))[-1]
    text = f"/ByteRange [{numbers}".encode()
    return pdf[: match.start()] + text.ljust(match.end() - match.start() - 1) + b"]" + pdf[match.end() :]


def other_subfilter(pdf: bytes) -> bytes:
    """A SubFilter of the same length that nobody knows, in the last signature."""
    place = pdf.rindex(b"/ETSI.CAdES.detached")
    return pdf[:place] + b"/GBT38540.SM2.eseal " + pdf[place + 20 :]
