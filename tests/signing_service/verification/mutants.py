"""Attacks and accidents, one row each: its family, its name, how it is made, and what the report must say (any of)."""

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing_service.verification import mutations as by
from tests.signing_service.verification.documents import Signing, base_pdf, sign
from tests.signing_service.verification.worlds import agreement, archived, basic, certified, pki, stamped, with_store

name = generic.pdf_name
Bytes = Callable[[], bytes]
BROKEN, UNEXPLAINED = "integrity:broken", "changes:unexplained"
FORM = ("signature.byte_range", "signature.malformed", "document.unreadable", "document.rebuilt")


@dataclass(frozen=True)
class Mutant:
    """One row; `told` are words of which at least one must be said."""

    family: str
    name: str
    make: Bytes
    told: tuple[str, ...]


@cache
def two() -> bytes:
    """Two signatures in two prepared fields."""
    pdf = base_pdf(empty_fields=["Sig1", "Sig2"])
    for field in ("Sig1", "Sig2"):
        pdf = sign(pdf, pki(), Signing(pki().signatory(), field))
    return pdf


def half() -> bytes:
    """Two prepared fields, the first one signed."""
    pdf = base_pdf(empty_fields=["Sig1", "Sig2"])
    return sign(pdf, pki(), Signing(pki().signatory(), "Sig1"))


def root_entry(key: str, value: Callable[[IncrementalPdfFileWriter], generic.PdfObject]) -> Callable[[bytes], bytes]:
    """An update that puts something into the catalog."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[name(key)] = value(writer)
        writer.update_root()

    return lambda pdf: by.update(pdf, change)


def page_entry(key: str, value: Callable[[IncrementalPdfFileWriter], generic.PdfObject]) -> Callable[[bytes], bytes]:
    """An update that puts something into the first page."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name(key)] = value(writer)
        writer.update_container(page)

    return lambda pdf: by.update(pdf, change)


def field_entry(field: str, key: str, value: generic.PdfObject | None) -> Callable[[bytes], bytes]:
    """An update that sets or removes (None) an entry of a form field."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            node = reference.get_object()
            if str(node["/T"]) == field and value is None:
                del node[key]
            elif str(node["/T"]) == field:
                node[name(key)] = value
            writer.update_container(node)

    return lambda pdf: by.update(pdf, change)


def numbers(*values: int) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(value) for value in values])


def stream(data: bytes, **entries: generic.PdfObject) -> generic.StreamObject:
    return generic.StreamObject({name(f"/{key}"): value for key, value in entries.items()}, stream_data=data)


def script(_: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    return generic.DictionaryObject({name("/S"): name("/JavaScript"), name("/JS"): generic.pdf_string("app.alert(1)")})


def content(text: bytes) -> Callable[[IncrementalPdfFileWriter], generic.PdfObject]:
    return lambda writer: writer.add_object(stream(b"BT /F1 20 Tf 72 700 Td (" + text + b") Tj ET"))


def shadowed(pdf: bytes, first: bytes, second: bytes) -> bytes:
    """Prepared before signing: an object that is signed but not shown, to be switched to afterwards."""
    hidden: list[generic.IndirectObject] = []

    def prepare(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name("/Contents")] = content(first)(writer)
        hidden.append(content(second)(writer))
        page[name("/PieceInfo")] = generic.DictionaryObject({name("/Shadow"): hidden[0]})
        writer.update_container(page)

    prepared = sign(by.update(pdf, prepare), pki(), Signing(pki().signatory()))

    def switch(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name("/Contents")] = page["/PieceInfo"].raw_get("/Shadow")
        writer.update_container(page)

    return by.update(prepared, switch)


def shadow_hide(pdf: bytes) -> bytes:
    """A picture laid over the text before signing is taken away afterwards: the annotation that hid it goes."""
    covered = by.add_annotation(pdf, "/Square")
    signed = sign(covered, pki(), Signing(pki().signatory()))

    def uncover(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        page[name("/Annots")] = generic.ArrayObject([])
        writer.update_container(page)

    return by.update(signed, uncover)


def replace_font(pdf: bytes) -> bytes:
    """Hide and replace through a resource: the letters stay, what they look like changes."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        fonts = generic.DictionaryObject(
            {name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"), name("/BaseFont"): name("/Symbol")}
        )
        resources = generic.DictionaryObject({name("/Font"): generic.DictionaryObject({name("/F1"): fonts})})
        page[name("/Resources")] = resources
        writer.update_container(page)

    return by.update(pdf, change)


def other_catalog(pdf: bytes) -> bytes:
    """Wrapping by a second catalog: the trailer's Root leads to other pages, the form to the old signature."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = generic.DictionaryObject(
            {
                name("/Type"): name("/Page"),
                name("/MediaBox"): numbers(0, 0, 612, 792),
                name("/Contents"): content(b"x")(writer),
            }
        )
        page_ref = writer.add_object(page)
        tree = generic.DictionaryObject(
            {
                name("/Type"): name("/Pages"),
                name("/Count"): generic.NumberObject(1),
                name("/Kids"): generic.ArrayObject([page_ref]),
            }
        )
        writer.root[name("/Pages")] = writer.add_object(tree)
        writer.update_root()

    return by.update(pdf, change)


def range_numbers(pdf: bytes) -> tuple[int, int, int]:
    start, end = by.last_signature_place(pdf)
    return start - 1, end + 1, len(pdf) - end - 1


def moved_range(change: Callable[[int, int, int], str]) -> Bytes:
    return lambda: by.byte_range(two(), change(*range_numbers(two())))


def wrapped(pdf: bytes) -> bytes:
    """Wrapping: forged bytes between the two signed parts, the second part moved behind them."""
    start, end = by.last_signature_place(pdf)
    forged = b"\n9 0 obj<</Forged true>>endobj\n" + b" " * 200
    gap, after, rest = start - 1, end + 1 + len(forged), len(pdf) - end - 1
    return by.byte_range(pdf[: end + 1] + forged + pdf[end + 1 :], f"0 {gap} {after} {rest}")


def replaced(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda pdf: pdf.replace(old, new.ljust(len(old)), 1)


def raw_update(pdf: bytes, objects: bytes, *, trailer: bool = True) -> bytes:
    """Objects written behind the end by hand, with a classic cross-reference or with none at all."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    size = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    places = [(int(m.group(1)), len(pdf) + m.start()) for m in re.finditer(rb"(?m)^(\d+) 0 obj", objects)]
    whole = pdf + objects
    if not trailer:
        return whole
    table = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places)
    xref = b"xref\n" + table + b"trailer\n<</Size %d/Root %s/Prev %d>>\n" % (size + 9, root, start)
    return whole + xref + b"startxref\n%d\n%%%%EOF\n" % len(whole)


def page_number(pdf: bytes) -> int:
    return int(re.findall(rb"(?m)^(\d+) 0 obj\s*<<[^>]*?/Contents", pdf)[0])


def forged_page(pdf: bytes) -> bytes:
    return b"%d 0 obj\n<</Type/Page/MediaBox[0 0 612 792]>>\nendobj\n" % page_number(pdf)


def object_stream(pdf: bytes) -> bytes:
    """A page replaced inside a compressed object stream of a further revision."""
    number, previous = page_number(pdf), int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    size = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    head = b"%d 0 " % number
    data = zlib.compress(head + b"<</Type/Page/MediaBox[0 0 612 792]>>")
    holder = b"%d 0 obj\n<</Type/ObjStm/N 1/First %d/Filter/FlateDecode/Length %d>>stream\n" % (
        size,
        len(head),
        len(data),
    )
    whole = pdf + holder + data + b"\nendstream\nendobj\n"
    rows = b"\x02" + size.to_bytes(4, "big") + b"\x00" + b"\x01" + len(pdf).to_bytes(4, "big") + b"\x00"
    rows += b"\x01" + len(whole).to_bytes(4, "big") + b"\x00"
    entries = b"/Index[%d 1 %d 2]" % (number, size)
    own = b"%d 0 obj\n<</Type/XRef/W[1 4 1]%s/Size %d/Root %s/Prev %d/Length %d>>stream\n"
    own %= (size + 1, entries, size + 2, root, previous, len(rows))
    return whole + own + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(whole)


def bomb(pdf: bytes, filters: int = 1) -> bytes:
    """A cross-reference stream that grows a thousand times when it is read."""
    data = bytes(100 * 1024 * 1024)
    for _ in range(filters):
        data = zlib.compress(data, 9)
    number = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    kinds = b"[" + b"/FlateDecode " * filters + b"]"
    head = b"%d 0 obj\n<</Type/XRef/W[1 4 1]/Size %d/Root 1 0 R/Filter%s/Length %d>>stream\n"
    return (
        pdf
        + head % (number, number, kinds, len(data))
        + data
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
    )


def of(make: Bytes, mutate: Callable[[bytes], bytes]) -> Bytes:
    return lambda: mutate(make())


def many_fields(pdf: bytes) -> bytes:
    return root_entry("/AcroForm", lambda _: generic.DictionaryObject({name("/Fields"): generic.ArrayObject([])}))(pdf)


def cyclic_pages(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        tree = writer.root["/Pages"]
        tree[name("/Kids")] = generic.ArrayObject([writer.root.raw_get("/Pages")])
        writer.update_container(tree)

    return by.update(pdf, change)


def own_parent(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        node = writer.root["/AcroForm"]["/Fields"][0]
        node[name("/Parent")] = writer.root["/AcroForm"]["/Fields"].raw_get(0)
        writer.update_container(node)

    return by.update(pdf, change)


MUTANTS: tuple[Mutant, ...] = (
    Mutant("changed bytes", "a number of the page", of(agreement, by.flip_byte), (BROKEN,)),
    Mutant("changed bytes", "a letter of the producer", of(basic, replaced(b"ReportLab", b"ReportLaB")), (BROKEN,)),
    Mutant(
        "changed bytes", "the name of the format", of(stamped, by.other_subfilter), ("signature.unknown_subfilter",)
    ),
    Mutant("changed bytes", "one bit of the value", of(two, by.damage_value), (BROKEN,)),
    Mutant("changed bytes", "the DER of the contents", of(two, by.damage_contents), FORM),
    Mutant("changed bytes", "the header's version", of(basic, replaced(b"%PDF-1.", b"%PDF-2.")), (BROKEN,)),
    Mutant("changed bytes", "the filter's name", of(basic, replaced(b"/Adobe.PPKLite", b"/Adobe.PPKLitf")), (BROKEN,)),
    Mutant("universal forgery", "contents of zeros", of(two, by.zero_contents), FORM),
    Mutant("universal forgery", "no contents", of(two, lambda p: _last(p, b"/Contents", b"/Kontents")), FORM),
    Mutant("universal forgery", "no byte range", of(two, lambda p: _last(p, b"/ByteRange", b"/ByteRonge")), FORM),
    Mutant("universal forgery", "contents that are null", of(two, lambda p: _contents(p, b"null")), FORM),
    Mutant("universal forgery", "contents of one byte", of(two, lambda p: _contents(p, b"<00>")), FORM),
    Mutant("universal forgery", "an empty byte range", moved_range(lambda g, a, r: ""), FORM),
    Mutant("universal forgery", "three numbers", moved_range(lambda g, a, r: f"0 {g} {a}"), FORM),
    Mutant("universal forgery", "a negative number", moved_range(lambda g, a, r: f"0 {g} -{a} {r}"), FORM),
    Mutant("universal forgery", "a word among the numbers", moved_range(lambda g, a, r: f"0 {g} null {r}"), FORM),
    Mutant("universal forgery", "all numbers nought", moved_range(lambda g, a, r: "0 0 0 0"), FORM),
    Mutant("signature wrapping", "forged bytes in the gap", of(two, wrapped), (*FORM, "document.cut_short")),
    Mutant("signature wrapping", "a wider gap", moved_range(lambda g, a, r: f"0 {g} {a + 8} {r - 8}"), FORM),
    Mutant("signature wrapping", "a gap that begins early", moved_range(lambda g, a, r: f"0 {g - 4} {a} {r}"), FORM),
    Mutant("signature wrapping", "not from the start", moved_range(lambda g, a, r: f"8 {g - 8} {a} {r}"), FORM),
    Mutant("signature wrapping", "parts exchanged", moved_range(lambda g, a, r: f"0 {a} {g} {r}"), FORM),
    Mutant("signature wrapping", "past the end", moved_range(lambda g, a, r: f"0 {g} {a} {r + 500}"), FORM),
    Mutant("signature wrapping", "ends early", moved_range(lambda g, a, r: f"0 {g} {a} {r - 40}"), (BROKEN,)),
    Mutant("signature wrapping", "another catalog", of(stamped, other_catalog), (UNEXPLAINED,)),
    Mutant(
        "signature wrapping",
        "a field with another's signature",
        of(half, lambda p: by.point_at_other(p, "Sig2", "Sig1")),
        ("signature.shared_value",),
    ),
    Mutant("incremental saving", "page replaced", of(stamped, by.replace_page), (UNEXPLAINED,)),
    Mutant("incremental saving", "page replaced, long-term file", of(archived, by.replace_page), (UNEXPLAINED,)),
    Mutant("incremental saving", "page added", of(stamped, by.add_page), (UNEXPLAINED,)),
    Mutant(
        "incremental saving",
        "page turned",
        of(stamped, page_entry("/Rotate", lambda _: generic.NumberObject(90))),
        (UNEXPLAINED,),
    ),
    Mutant(
        "incremental saving",
        "page cropped",
        of(stamped, page_entry("/CropBox", lambda _: numbers(0, 0, 90, 90))),
        (UNEXPLAINED,),
    ),
    Mutant("incremental saving", "script on opening", of(stamped, by.add_script), (UNEXPLAINED,)),
    Mutant(
        "incremental saving",
        "other actions",
        of(stamped, root_entry("/AA", lambda w: generic.DictionaryObject({name("/WC"): script(w)}))),
        (UNEXPLAINED,),
    ),
    Mutant(
        "incremental saving",
        "layers added",
        of(
            stamped,
            root_entry("/OCProperties", lambda _: generic.DictionaryObject({name("/D"): generic.DictionaryObject({})})),
        ),
        (UNEXPLAINED,),
    ),
    Mutant(
        "incremental saving",
        "language changed",
        of(stamped, root_entry("/Lang", lambda _: generic.pdf_string("fi"))),
        (UNEXPLAINED,),
    ),
    Mutant(
        "incremental saving",
        "written by hand, with a table",
        lambda: raw_update(basic(), forged_page(basic())),
        (UNEXPLAINED,),
    ),
    Mutant(
        "incremental saving",
        "written by hand, no table",
        lambda: raw_update(basic(), forged_page(basic()), trailer=False),
        ("document.trailing_bytes", "document.cut_short"),
    ),
    Mutant(
        "incremental saving",
        "signature taken out",
        of(two, lambda p: by.remove_signature(p, "Sig1")),
        ("document.signature_removed",),
    ),
    Mutant(
        "incremental saving",
        "form taken out",
        of(basic, many_fields),
        ("document.signature_removed", "signature.not_in_form"),
    ),
    Mutant("incremental saving", "comment after signing", of(stamped, by.add_annotation), ("changes:annotation",)),
    Mutant(
        "shadow",
        "replace: another signed stream",
        lambda: shadowed(base_pdf(), b"pay 100", b"pay 100000"),
        (UNEXPLAINED,),
    ),
    Mutant(
        "shadow", "hide: the cover taken away", lambda: shadow_hide(base_pdf()), ("changes:annotation", UNEXPLAINED)
    ),
    Mutant("shadow", "hide and replace: the font", of(stamped, replace_font), (UNEXPLAINED,)),
    Mutant(
        "shadow",
        "hide and replace: the resources emptied",
        of(stamped, page_entry("/Resources", lambda _: generic.DictionaryObject({}))),
        (UNEXPLAINED,),
    ),
    Mutant(
        "shadow",
        "contents made empty",
        of(stamped, page_entry("/Contents", lambda w: w.add_object(stream(b"")))),
        (UNEXPLAINED,),
    ),
    Mutant(
        "certification", "evil annotation, level 1", lambda: by.add_annotation(certified(1)), ("change.not_permitted",)
    ),
    Mutant(
        "certification", "evil annotation, level 2", lambda: by.add_annotation(certified(2)), ("change.not_permitted",)
    ),
    Mutant(
        "certification",
        "stamp laid over, level 2",
        lambda: by.add_annotation(certified(2), "/Stamp"),
        ("change.not_permitted",),
    ),
    Mutant(
        "certification", "sneaky signature field", lambda: by.add_visible_field(certified(2)), ("change.not_permitted",)
    ),
    Mutant(
        "certification",
        "form filled, level 1",
        lambda: by.fill_field(certified(1), "Text1", "x"),
        ("change.not_permitted",),
    ),
    Mutant("certification", "page replaced, level 3", lambda: by.replace_page(certified(3)), (UNEXPLAINED,)),
    Mutant("certification", "script, level 3", lambda: by.add_script(certified(3)), (UNEXPLAINED,)),
    Mutant("truncation", "the end cut off", of(two, by.truncated), ("document.cut_short", "document.rebuilt")),
    Mutant(
        "truncation",
        "half the file",
        of(two, lambda p: p[: len(p) // 2]),
        ("document.rebuilt", "document.unreadable", "document.cut_short"),
    ),
    Mutant(
        "truncation",
        "the last cross-reference gone",
        of(basic, lambda p: p[: p.rindex(b"startxref")]),
        (BROKEN, "document.rebuilt", "document.cut_short", *FORM),
    ),
    Mutant("trailing data", "a web page", of(stamped, by.trailing_junk), ("document.trailing_bytes",)),
    Mutant(
        "trailing data",
        "five thousand bytes",
        of(stamped, lambda p: by.trailing_junk(p, b"x" * 5000)),
        ("document.trailing_bytes",),
    ),
    Mutant(
        "trailing data",
        "another PDF",
        of(stamped, lambda p: p + base_pdf()),
        ("document.trailing_bytes", UNEXPLAINED, BROKEN, *FORM),
    ),
    Mutant(
        "trailing data",
        "bytes behind the value",
        of(basic, lambda p: p[: by.last_signature_place(p)[1] - 8] + b"deadbeef" + p[by.last_signature_place(p)[1] :]),
        ("signature.padding",),
    ),
    Mutant("overlapping field", "over the whole page", of(stamped, by.add_visible_field), ("change.covering_field",)),
    Mutant(
        "overlapping field",
        "a signed box made larger",
        of(two, field_entry("Sig1", "/Rect", numbers(0, 0, 600, 780))),
        (UNEXPLAINED, "changes:form_fill", "change.covering_field"),
    ),
    Mutant(
        "duplicate objects",
        "a page twice, the later one counts",
        lambda: raw_update(with_store(), forged_page(with_store()) * 2),
        (UNEXPLAINED,),
    ),
    Mutant(
        "duplicate objects",
        "a page again before the end",
        of(basic, lambda p: p.replace(b"xref\n0", forged_page(p) + b"xref\n0", 1)),
        (BROKEN, *FORM),
    ),
    Mutant("object streams", "a page inside a stream", of(basic, object_stream), (UNEXPLAINED,)),
    Mutant("object streams", "the same, long-term file", of(archived, object_stream), (UNEXPLAINED,)),
    Mutant("cycles", "pages that hold themselves", of(stamped, cyclic_pages), (UNEXPLAINED,)),
    Mutant(
        "cycles",
        "a field that is its own parent",
        of(two, own_parent),
        (UNEXPLAINED,),
    ),
    Mutant(
        "bombs",
        "a cross-reference that explodes",
        of(basic, bomb),
        ("document.trailing_bytes", "document.unreadable", "document.rebuilt", "document.cut_short"),
    ),
    Mutant(
        "bombs",
        "the same, packed twice",
        of(basic, lambda p: bomb(p, 2)),
        ("document.trailing_bytes", "document.unreadable", "document.rebuilt", "document.cut_short"),
    ),
)


def _last(pdf: bytes, old: bytes, new: bytes) -> bytes:
    place = pdf.rindex(old)
    return pdf[:place] + new + pdf[place + len(old) :]


def _contents(pdf: bytes, text: bytes) -> bytes:
    start, end = by.last_signature_place(pdf)
    return pdf[: start - 1] + text.ljust(end - start + 2) + pdf[end + 1 :]
