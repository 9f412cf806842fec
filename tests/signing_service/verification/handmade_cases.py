"""Honest documents written byte by byte: what producers really write and libraries of ours would not."""

import re
from collections.abc import Callable, Mapping

from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric import ed448

from tests.signing_service.verification.handmade import (
    CATALOG,
    FIELD,
    PAGES,
    PLAIN,
    RANGE,
    SPACE,
    Layout,
    cms_of,
    filled,
    signature_dictionary,
    written,
)
from tests.signing_service.verification.honest import Honest
from tests.signing_service.verification.worlds import pki


def one(
    layout: Layout = PLAIN,
    *,
    catalog: bytes = CATALOG,
    field: bytes = FIELD,
    value: bytes | None = None,
    objects: Mapping[int, bytes] | None = None,
    **how: object,
) -> bytes:
    """One signature; its dictionary is object 5, its field and widget object 6."""
    whole = {1: catalog, **PAGES, 5: value or signature_dictionary(), 6: field, **(objects or {})}
    return filled(written(whole, layout), **how)  # type: ignore[arg-type]


def second(previous: bytes, layout: Layout = PLAIN, **how: object) -> bytes:
    """One more revision that signs in a second field; catalog and page are written again as they were."""
    found = {number: re.findall(rb"\n%d 0 obj\s+(.*?)\s+endobj" % number, previous, re.S) for number in (1, 3)}
    objects = {
        1: (found[1] or [CATALOG])[0].replace(b"[6 0 R]", b"[6 0 R 18 0 R]"),
        3: (found[3] or [PAGES[3]])[0].replace(b"[6 0 R]", b"[6 0 R 18 0 R]"),
        17: signature_dictionary(),
        18: FIELD.replace(b"Sig1", b"Sig2").replace(b"5 0 R", b"17 0 R"),
    }
    return filled(written(objects, layout, previous), **how)  # type: ignore[arg-type]


def spread(text: bytes) -> bytes:
    """Hexadecimal digits in lines of sixty-four."""
    return b"\n".join(text[place : place + 64] for place in range(0, len(text), 64))


def mixed(text: bytes) -> bytes:
    half = len(text) // 2
    return text[:half].upper() + text[half:]


def rewritten_field(pdf: bytes) -> bytes:
    """One more revision that writes the field with its signature again, as some programs do without need."""
    field = re.findall(rb"6 0 obj\s+(.*?)\s+endobj", pdf, re.S)[0]
    return written({6: field}, PLAIN, pdf)


def granted() -> bytes:
    """A form whose producer granted usage rights: signed, and no field leads to it."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/Perms<</UR3 7 0 R>>/AcroForm<</Fields[]>>>>"
    return filled(written({1: catalog, **PAGES, **NO_WIDGET, 7: signature_dictionary(more=RIGHTS)}))


def signed_after(pdf: bytes) -> bytes:
    catalog = b"<</Type/Catalog/Pages 2 0 R/Perms<</UR3 7 0 R>>/AcroForm<</Fields[6 0 R]/SigFlags 3>>>>"
    return filled(written({1: catalog, 3: PAGES[3], 5: signature_dictionary(), 6: FIELD}, PLAIN, pdf))


RIGHTS = (
    b"/Reference[<</Type/SigRef/TransformMethod/UR3/TransformParams<</Type/TransformParams/V/2.2"
    b"/Document[/FullSave]/Form[/FillIn/Import/Export]/Signature[/Modify]>>>>]"
)
BROKEN_STORE = b"/DSS<</Certs[99 0 R 4 0 R null]/CRLs 5/VRI 77 0 R>>/AcroForm"
NO_FONT = PAGES[3].replace(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", b" 99 0 R")
DIRECT = FIELD.replace(b"5 0 R", signature_dictionary())


def prepared(count: int) -> bytes:
    """Fields for `count` signatures in the first revision, signed one after another."""
    fields = range(10, 10 + count)
    form = b" ".join(b"%d 0 R" % number for number in fields)
    objects = {1: CATALOG.replace(b"6 0 R", form), **PAGES, 3: PAGES[3].replace(b"6 0 R", form)}
    empty = {number: FIELD.replace(b"/V 5 0 R", b"").replace(b"Sig1", b"Sig%d" % number) for number in fields}
    pdf = written({**objects, **empty})
    for place, number in enumerate(fields):
        value = 10 + count + place
        signed = empty[number].replace(b"/FT/Sig", b"/FT/Sig/V %d 0 R" % value)
        pdf = filled(written({number: signed, value: signature_dictionary(space=SMALL)}, PLAIN, pdf))
    return pdf


def digest_named_as_signature(signed: bytes) -> bytes:
    """ecdsa-with-SHA256 stated where SHA-256 belongs, twice; neither place is signed."""
    made = cms.ContentInfo.load(cms_of(signed))
    content = made["content"]
    for place in (content["digest_algorithms"][0], content["signer_infos"][0]["digest_algorithm"]):
        place["algorithm"] = ECDSA_WITH_SHA256
    whole: bytes = made.dump(force=True)
    return whole


def by_ed448(signed: bytes) -> bytes:
    """By a key on Curve448, whose digest is SHAKE256 with 512 bits (RFC 8419 clause 3.2)."""
    private = ed448.Ed448PrivateKey.generate()
    return cms_of(signed, signer=pki().signer(pki().signatory("Ed", key=private), private), digest="shake256")


WOVEN = CATALOG.replace(b"/AcroForm", b"/Outlines 20 0 R/AcroForm")
WEB = {  # 14 places with 14 links each: more paths than can be followed
    number: b"<</Title(Place %d)/SeeAlso[%s]>>" % (number, b" ".join(b"%d 0 R" % other for other in range(20, 34)))
    for number in range(20, 34)
}
APART = {3: PAGES[3].replace(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", b" 8 0 R")}
FONT, BIG5 = b"<</Type/Font/Subtype/Type1/BaseFont/%s>>", b"\xb2\xd3\xa9\xfa\xc5\xe9"
TITLED = CATALOG.replace(b"/AcroForm", b"/Outlines 8 0 R/AcroForm")
ESCAPES = rb"(a\	b) (\8\9) (\400\53z) (\q) (two \%slines) (\(nested (twice\))) (\1)" % b"\r\n"


def astray() -> bytes:
    """Signed in an update whose table names no earlier one, as a program does that had to look for the objects."""
    base = written({1: b"<</Type/Catalog/Pages 2 0 R>>", **PAGES, **NO_WIDGET})
    update = written({1: CATALOG, 3: PAGES[3], 5: signature_dictionary(), 6: FIELD}, PLAIN, base)
    return filled(re.sub(rb"/Prev \d+", lambda found: b"/Prev 0".ljust(len(found[0])), update))


def respelt() -> bytes:
    """A page written again for a second signature, its box in the numbers of a program that calculates."""
    box, again = b"[0 0 595.276 841.89]", b"[0.0 0 595.27603 841.8900]"
    page = PAGES[3].replace(b"[0 0 595 842]", box)
    objects = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 18 0 R]"),
        3: page.replace(box, again).replace(b"[6 0 R]", b"[6 0 R 18 0 R]"),
        17: signature_dictionary(),
        18: FIELD.replace(b"Sig1", b"Sig2").replace(b"5 0 R", b"17 0 R"),
    }
    return filled(written(objects, PLAIN, one(objects={3: page})))


def filled_in(name: bytes = b"/T(place)", value: bytes = b"") -> bytes:
    """A tagged form whose program writes anew how the filled field looks, and the resources of that."""
    look = b"<</Type/XObject/Subtype/Form/BBox[0 0 150 20]/Resources 32 0 R/Length %d>>stream\n%s\nendstream"
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/Rect[50 600 200 620]/P 3 0 R/F 4/StructParent 0/AP<</N 31 0 R>>"
    form = {
        1: CATALOG.replace(b"[6 0 R]", b"[6 0 R 30 0 R]").replace(b"/AcroForm", b"/StructTreeRoot 33 0 R/AcroForm"),
        3: PAGES[3].replace(b"[6 0 R]", b"[6 0 R 30 0 R]"),
        30: field + name + value + b">>",
        31: look % (0, b""),
        32: b"<</Font<<>>>>",
        33: b"<</Type/StructTreeRoot/K 34 0 R/ParentTree<</Nums[0 34 0 R]>>/ParentTreeNextKey 1>>",
        34: b"<</Type/StructElem/S/Form/P 33 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 30 0 R>>>>",
    }
    shown = b"/Tx BMC BT /F1 12 Tf 2 5 Td (Turku) Tj ET EMC"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    update = {
        30: field.replace(b"200 620", b"200.0 620.001") + name + b"/V(Turku)/BS<</S/S/W 1>>>>",
        31: look % (len(shown), shown),
        32: b"<</Font<</F1 35 0 R>>>>",
        35: font,
    }
    return written(update, PLAIN, one(objects=form, catalog=form[1]))


SMALL = 6_000
ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
NO_APPEARANCE = FIELD.replace(b"/F 132", b"/F 132/AP<</N 0 0 R>>")
NESTED = b"<</FT/Sig/T(contract)/Kids[9 0 R]>>"
KID = b"<</T(parties)/Parent 6 0 R/Kids[10 0 R]>>"
LEAF = FIELD.replace(b"/FT/Sig", b"/Parent 9 0 R").replace(b"Sig1", b"buyer")
ON_PAGE = {3: PAGES[3].replace(b"[6 0 R]", b"[10 0 R]")}
NO_WIDGET = {3: PAGES[3].replace(b"/Annots[6 0 R]", b"")}
RECORD = signature_dictionary()

ROWS: tuple[tuple[str, Callable[[], bytes], int], ...] = (
    ("plain", one, 1),
    ("PDF 1.3", lambda: one(Layout(header=b"%PDF-1.3")), 1),
    ("PDF 2.0, cross-reference stream", lambda: one(Layout(header=b"%PDF-2.0", xref="stream")), 1),
    ("lines end with CR", lambda: one(Layout(eol=b"\r")), 1),
    ("lines end with CRLF", lambda: one(Layout(eol=b"\r\n")), 1),
    ("bytes before the header, counted", lambda: one(Layout(before=b"From: a@example.org\n\n")), 1),
    ("bytes before the header, not counted", lambda: one(Layout(before=b"\xef\xbb\xbf\n", counted_from=1)), 1),
    ("startxref three bytes late", lambda: one(Layout(startxref_off=3)), 1),
    ("startxref two bytes early", lambda: one(Layout(startxref_off=-2)), 1),
    ("no endobj", lambda: one(Layout(endobj=b"")), 1),
    ("comments between objects", lambda: one(Layout(between=b"% made by hand \xe4\xf6\n")), 1),
    ("zeros at the end", lambda: one() + bytes(20), 1),
    ("blank lines at the end", lambda: one() + b"\r\n \r\n", 1),
    ("no end-of-file marker", lambda: one(Layout(end=b"")), 1),
    ("no line end after the marker, then a revision", lambda: second(one(Layout(end=b"%%EOF"))), 2),
    ("no marker between revisions", lambda: second(one(Layout(end=b""))), 2),
    ("zeros between revisions", lambda: second(one() + bytes(8)), 2),
    ("hybrid cross-reference", lambda: one(Layout(header=b"%PDF-1.5", xref="hybrid")), 1),
    ("table, then a stream", lambda: second(one(), Layout(xref="stream")), 2),
    ("stream, then a table", lambda: second(one(Layout(xref="stream"))), 2),
    ("hybrid, twice", lambda: second(one(Layout(xref="hybrid")), Layout(xref="hybrid")), 2),
    ("two signatures, CRLF", lambda: second(one(Layout(eol=b"\r\n")), Layout(eol=b"\r\n")), 2),
    ("gap without the brackets", lambda: one(inside=True), 1),
    ("contents over many lines", lambda: one(written_as=spread), 1),
    ("contents in capitals and small letters", lambda: one(written_as=mixed), 1),
    ("an odd number of digits", lambda: one(value=signature_dictionary(space=SPACE + 1)), 1),
    ("range with much room", lambda: one(value=RECORD.replace(RANGE, RANGE[:-1] + b" " * 200 + b"]")), 1),
    (
        "range in another object",
        lambda: one(value=RECORD.replace(RANGE, b"7 0 R"), objects={7: RANGE}),
        1,
    ),
    (
        "contents in another object",
        lambda: one(
            value=b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange"
            + RANGE
            + b"/Contents 7 0 R>>",
            objects={7: b"<" + b"0" * SPACE + b">"},
        ),
        1,
    ),
    (
        "signature inside its field",
        lambda: one(field=DIRECT, value=b"null"),
        1,
    ),
    ("no type of the dictionary", lambda: one(value=RECORD.replace(b"/Type/Sig", b"")), 1),
    ("no filter", lambda: one(value=RECORD.replace(b"/Filter/Adobe.PPKLite", b"")), 1),
    (
        "names with escapes",
        lambda: one(
            value=RECORD.replace(b"/Adobe.PPKLite", b"/Adobe#2EPPKLite").replace(
                b"/SubFilter/adbe.", b"/SubFilter/adbe#2e"
            )
        ),
        1,
    ),
    ("another filter", lambda: one(value=RECORD.replace(b"Adobe.PPKLite", b"Entrust.PPKEF")), 1),
    ("dotted name of three levels", lambda: one(field=NESTED, objects={9: KID, 10: LEAF, **ON_PAGE}), 1),
    ("a name with dots in it", lambda: one(field=FIELD.replace(b"(Sig1)", b"(a.b..c)")), 1),
    ("name in UTF-16", lambda: one(field=FIELD.replace(b"(Sig1)", b"<FEFF7B7E7F72>")), 1),
    (
        "name in UTF-8",
        lambda: one(Layout(header=b"%PDF-2.0"), field=FIELD.replace(b"(Sig1)", b"(\xef\xbb\xbf\xe7\xad\xbe)")),
        1,
    ),
    ("no name", lambda: one(field=FIELD.replace(b"/T(Sig1)", b"")), 1),
    ("field without a widget", lambda: one(field=b"<</FT/Sig/T(Sig1)/V 5 0 R>>", objects=NO_WIDGET), 1),
    (
        "field and widget apart",
        lambda: one(
            field=b"<</FT/Sig/T(Sig1)/V 5 0 R/Kids[10 0 R]>>",
            objects={10: b"<</Type/Annot/Subtype/Widget/Parent 6 0 R/P 3 0 R/Rect[0 0 0 0]/F 132>>", **ON_PAGE},
        ),
        1,
    ),
    (
        "two widgets of one field",
        lambda: one(
            field=b"<</FT/Sig/T(Sig1)/V 5 0 R/Kids[10 0 R 11 0 R]>>",
            objects=dict.fromkeys((10, 11), b"<</Type/Annot/Subtype/Widget/Parent 6 0 R/P 3 0 R/Rect[0 0 0 0]/F 132>>")
            | {3: PAGES[3].replace(b"[6 0 R]", b"[10 0 R 11 0 R]")},
        ),
        1,
    ),
    ("only on the page, no form", lambda: one(catalog=b"<</Type/Catalog/Pages 2 0 R>>"), 1),
    ("only on the page, empty form", lambda: one(catalog=CATALOG.replace(b"[6 0 R]", b"[]")), 1),
    (
        "form and list of fields apart",
        lambda: one(
            catalog=CATALOG.replace(b"<</Fields[6 0 R]/SigFlags 3>>", b" 7 0 R"),
            objects={7: b"<</Fields 9 0 R/SigFlags 3>>", 9: b"[6 0 R]"},
        ),
        1,
    ),
    ("page turned", lambda: one(objects={3: PAGES[3].replace(b"/Contents", b"/Rotate 90/Contents")}), 1),
    ("field of no type", lambda: one(field=FIELD.replace(b"/FT/Sig", b"")), 1),
    ("a resource that is not there, twice", lambda: second(one(objects={3: NO_FONT})), 2),
    (
        "null and nothing among the fields",
        lambda: one(catalog=CATALOG.replace(b"[6 0 R]", b"[99 0 R null 6 0 R <<>> 5]")),
        1,
    ),
    ("an entry of the field twice", lambda: one(field=FIELD.replace(b"/F 132", b"/F 132/F 4")), 1),
    ("two markers at the end", lambda: one(Layout(end=b"%%EOF\n%%EOF\n")), 1),
    ("two markers at the end, twice", lambda: second(one(Layout(end=b"%%EOF\n%%EOF\n"))), 2),
    ("length of a stream that is wrong, twice", lambda: second(one(objects={4: PAGES[4].replace(b"46", b"9")})), 2),
    ("a revision that does not find the one before", lambda: astray(), 1),
    ("numbers in another spelling", lambda: respelt(), 2),
    (
        "a length that is its own stream's, twice",
        lambda: second(one(objects={4: PAGES[4].replace(b"46", b"4 0 R")})),
        2,
    ),
    ("length of a stream not there, twice", lambda: second(one(objects={4: PAGES[4].replace(b"46", b"99 0 R")})), 2),
    ("security store that cannot be read", lambda: one(catalog=CATALOG.replace(b"/AcroForm", BROKEN_STORE)), 1),
    ("appearance that is object 0", lambda: one(field=NO_APPEARANCE), 1),
    ("appearance that is object 0, twice", lambda: second(one(field=NO_APPEARANCE)), 2),
    ("digest named as a signature algorithm", lambda: one(make=digest_named_as_signature), 1),
    ("Ed448 with SHAKE256", lambda: one(make=by_ed448), 1),
    ("places that all lead to each other, twice", lambda: second(one(catalog=WOVEN, objects=WEB)), 2),
    ("a font called in its country's encoding, twice", lambda: second(one(objects={**APART, 8: FONT % BIG5})), 2),
    ("a name with a lonely number sign, twice", lambda: second(one(objects={**APART, 8: FONT % b"No#9"})), 2),
    (
        "strings with needless backslashes, twice",
        lambda: second(one(objects={8: b"[%s]" % ESCAPES}, catalog=TITLED)),
        2,
    ),
    ("references of the signature to nothing", lambda: one(value=signature_dictionary(more=b"/Reference 99 0 R")), 1),
    ("time that is no time", lambda: one(value=RECORD.replace(b"D:20261122120000Z", b"yesterday")), 1),
    ("name of the format as a string", lambda: one(value=signature_dictionary(subfilter=b"(adbe.pkcs7.detached)")), 1),
    ("earlier cross-reference far outside", lambda: one(Layout(trailer=b"/Prev 99999999")), 1),
    ("signature inside its field, twice", lambda: rewritten_field(one(field=DIRECT, value=b"null")), 1),
    ("eight signatures in prepared fields", lambda: prepared(8), 8),
    ("sixty-four signatures in prepared fields", lambda: prepared(64), 64),
    ("usage rights only", lambda: granted(), 0),
    ("usage rights, then a signature", lambda: signed_after(granted()), 1),
)

NOT_PASSING = ("usage rights only", "only on the page, no form", "only on the page, empty form")
HANDMADE: tuple[Honest, ...] = (
    *(
        Honest(
            f"by hand: {name}",
            make,
            count,
            "signing" if count > 1 or name.endswith("twice") else "none",
            passes=name not in NOT_PASSING,
        )
        for name, make, count in ROWS
    ),
    Honest("by hand: a field of a tagged form filled", filled_in, 1, "form_fill"),
    Honest("by hand: a field without a name filled", lambda: filled_in(b"", b"/V()"), 1, "form_fill"),
)
