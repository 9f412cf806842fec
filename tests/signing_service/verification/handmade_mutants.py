"""Attacks hidden in a revision that also signs: written by hand, since no program would write them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.signing_service.verification.handmade import (
    FIELD,
    PAGES,
    PLAIN,
    Layout,
    filled,
    signature_dictionary,
    written,
)
from tests.signing_service.verification.honest import Honest
from tests.signing_service.verification.mutants import UNEXPLAINED, Mutant

FORM = b"<</Fields[6 0 R 18 0 R]/SigFlags 3/DR<</Font<</Helv 20 0 R>>>>/DA(/Helv 0 Tf)>>"
CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm 19 0 R/OutputIntents[21 0 R]>>"
PAGE = PAGES[3].replace(b"[6 0 R]", b"[6 0 R 18 0 R]")
SHOWN = b"<</Type/XObject/Subtype/Form/BBox[0 0 90 30]/Length 9>>stream\nq 0 g f Q\nendstream"
OTHER = b"<</Type/XObject/Subtype/Form/BBox[0 0 90 30]/Length 9>>stream\nq 1 g f Q\nendstream"
FIRST = FIELD.replace(b"/Rect[0 0 0 0]", b"/Rect[50 50 140 80]/AP<</N 16 0 R>>")
PREPARED = FIELD.replace(b"/V 5 0 R", b"").replace(b"Sig1", b"Sig2").replace(b"[0 0 0 0]", b"[200 50 290 80]")
SIGNED = PREPARED.replace(b"/FT/Sig", b"/FT/Sig/V 17 0 R")
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
INTENT = b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)>>"


def half() -> bytes:
    """The first of two prepared fields signed."""
    objects = {1: CATALOG, **PAGES, 3: PAGE, 5: signature_dictionary(), 6: FIRST, 16: SHOWN}
    objects |= {18: PREPARED, 19: FORM, 20: FONT, 21: INTENT}
    return filled(written(objects))


def signing_and(layout: Layout = PLAIN, **changed: bytes) -> Callable[[], bytes]:
    """The second field signed in a revision that also writes other objects: `o3` is object 3."""
    more = {int(name[1:]): body for name, body in changed.items()}
    return lambda: filled(written({17: signature_dictionary(), 18: SIGNED, 19: FORM} | more, layout, half()))


def freeing(number: int) -> bytes:
    """The second field signed, and an object in use declared free."""
    whole = written({17: signature_dictionary(), 18: SIGNED, 19: FORM}, PLAIN, half())
    place = whole.rindex(b"xref\n", 0, whole.rindex(b"startxref")) + 5
    free = b"%d 1\n0000000000 00001 f \n" % number
    return filled(whole[:place] + free + whole[place:])


TAGGED = CATALOG.replace(b"/AcroForm", b"/MarkInfo<</Marked true>>/StructTreeRoot 30 0 R/AcroForm")
TREE = b"<</Type/StructTreeRoot/K[31 0 R]/ParentTree<</Nums[0[32 0 R]]>>/ParentTreeNextKey 1>>"
DOCUMENT = b"<</Type/StructElem/S/Document/P 30 0 R/K[32 0 R]>>"
PARAGRAPH = b"<</Type/StructElem/S/P/P 31 0 R/Pg 3 0 R/K 0>>"
GROWN = TREE.replace(b"<</Nums[0[32 0 R]]>>/ParentTreeNextKey 1", b" 34 0 R/ParentTreeNextKey 2")
NUMBERS = b"<</Nums[0[32 0 R] 1 33 0 R]>>"
TAG = b"<</Type/StructElem/S/Form/P 31 0 R/Pg 3 0 R/K<</Type/OBJR/Obj 18 0 R>>>>"


def tagged() -> bytes:
    """Two prepared fields in a tagged document, the first signed."""
    objects = {1: TAGGED, **PAGES, 3: PAGE, 5: signature_dictionary(), 6: FIRST, 16: SHOWN, 18: PREPARED, 19: FORM}
    return filled(written({**objects, 20: FONT, 21: INTENT, 30: TREE, 31: DOCUMENT, 32: PARAGRAPH}))


def tagging(**changed: bytes) -> Callable[[], bytes]:
    """The second field signed, and a tag written for it, as programs do that keep documents accessible."""
    objects = {17: signature_dictionary(), 18: SIGNED, 19: FORM, 30: GROWN, 33: TAG, 34: NUMBERS}
    objects |= {31: DOCUMENT.replace(b"32 0 R", b"32 0 R 33 0 R")}
    more = {int(name[1:]): body for name, body in changed.items()}
    return lambda: filled(written({**objects, **more}, PLAIN, tagged()))


def property_exchanged() -> bytes:
    """A property of a tag, in an object of its own, says something else beside a second signature."""
    objects = {1: TAGGED, **PAGES, 3: PAGE, 5: signature_dictionary(), 6: FIRST, 16: SHOWN, 18: PREPARED, 19: FORM}
    told = PARAGRAPH.replace(b"/K 0", b"/K 0/A<</O/UserProperties/P 36 0 R>>")
    objects |= {20: FONT, 21: INTENT, 30: TREE, 31: DOCUMENT, 32: told, 36: b"[<</N(Price)/V 100>>]"}
    update = {17: signature_dictionary(), 18: SIGNED, 19: FORM, 36: b"[<</N(Price)/V 900>>]"}
    return filled(written(update, PLAIN, filled(written(objects))))


NOTHING: Mapping[int, bytes] = {}
PAINT = b"<</Length 26>>stream\n1 0 0 rg 0 0 600 800 re f  \nendstream"


def waiting(
    reference: bytes, layout: Layout = PLAIN, second: Layout = PLAIN, more: Mapping[int, bytes] = NOTHING
) -> Callable[[], bytes]:
    """The page's contents refer to an object that there is not yet; the revision that signs again brings it."""

    def make() -> bytes:
        objects = {1: CATALOG, **PAGES, 3: PAGE.replace(b"4 0 R", b"[4 0 R %s]" % reference, 1)}
        objects |= {5: signature_dictionary(), 6: FIRST, 16: SHOWN, 18: PREPARED, 19: FORM, 20: FONT, 21: INTENT}
        objects |= more
        later = {195: signature_dictionary(), 18: SIGNED.replace(b"17 0 R", b"195 0 R"), 99: PAINT}
        return filled(written(later, second, filled(written(objects, layout))))

    return make


def waiting_store() -> bytes:
    """The page's contents refer to an object that there is not yet; a certificate of the later store is it."""
    objects = {1: CATALOG, **PAGES, 3: PAGE.replace(b"4 0 R", b"[4 0 R 99 0 R]", 1), 5: signature_dictionary()}
    objects |= {6: FIRST, 16: SHOWN, 18: PREPARED, 19: FORM, 20: FONT, 21: INTENT}
    stored = {1: CATALOG.replace(b"/Pages", b"/DSS 98 0 R/Pages"), 98: b"<</Certs[99 0 R]>>", 99: PAINT}
    return written(stored, PLAIN, filled(written(objects)))


def waiting_picture() -> bytes:
    """The first signature's picture is drawn with a form that there is not yet; the second signature brings it."""
    drawn = SHOWN.replace(b"/BBox", b"/Resources<</XObject<</X 99 0 R>>>>/BBox").replace(b"q 0 g f Q", b"q /X Do Q")
    objects = {1: CATALOG, **PAGES, 3: PAGE, 5: signature_dictionary(), 6: FIRST, 16: drawn}
    objects |= {18: PREPARED, 19: FORM, 20: FONT, 21: INTENT}
    later = {95: signature_dictionary(), 18: SIGNED.replace(b"17 0 R", b"95 0 R"), 99: OTHER}
    return filled(written(later, PLAIN, filled(written(objects))))


STREAMS = Layout(xref="stream")
TEXT = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(Price)/V(1)/P 3 0 R/Rect[72 700 300 740]/F 4/AP<</N 23 0 R>>>>"
ALONE = TEXT.replace(b"/T(Price)", b"")
ROWS: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("a page's contents declared free", lambda: freeing(4)),
    ("its own box made larger", signing_and(o18=SIGNED.replace(b"[200 50 290 80]", b"[0 0 595 842]"))),
    ("the first signature's box made larger", signing_and(o6=FIRST.replace(b"[50 50 140 80]", b"[0 0 595 842]"))),
    ("the first signature's picture exchanged", signing_and(o16=OTHER)),
    ("the first signature hidden", signing_and(o6=FIRST.replace(b"/F 132", b"/F 134"))),
    ("the form's font exchanged", signing_and(o19=FORM.replace(b"20 0 R", b"42 0 R"), o42=OTHER)),
    ("a text field added", signing_and(o19=FORM.replace(b"18 0 R", b"18 0 R 22 0 R"), o22=TEXT, o23=OTHER)),
    ("a text laid on the page", signing_and(o3=PAGE.replace(b"18 0 R", b"18 0 R 22 0 R"), o22=ALONE, o23=OTHER)),
    ("a form of another kind added", signing_and(o19=FORM.replace(b"/DA", b"/XFA 22 0 R/DA"), o22=OTHER)),
    ("the page's contents exchanged", signing_and(o4=PAGES[4].replace(b"Frame contract.  ", b"Other contract.  "))),
    ("the page a little larger", signing_and(o3=PAGE.replace(b"[0 0 595 842]", b"[0 0 595 842.1]"))),
    ("the page's font exchanged", signing_and(o3=PAGE.replace(b"/Helvetica", b"/Symbol"))),
    ("the colours of the document exchanged", signing_and(o21=INTENT.replace(b"sRGB", b"CMYK"))),
    ("the field made a text field", signing_and(o18=SIGNED.replace(b"/FT/Sig", b"/FT/Tx"))),
    ("the first signature taken out", signing_and(o6=FIRST.replace(b"/V 5 0 R", b""))),
    ("the first field taken out", signing_and(o19=FORM.replace(b"6 0 R ", b""))),
    ("words of a tag exchanged", tagging(o32=PARAGRAPH.replace(b"/K 0", b"/K 0/ActualText(Other contract)"))),
    ("a new tag with words", tagging(o33=TAG.replace(b"/Pg", b"/ActualText(Other contract)/Pg"))),
    ("a property of a tag exchanged", property_exchanged),
    ("a tag taken out", tagging(o31=DOCUMENT.replace(b"32 0 R", b"33 0 R"))),
    ("what the page waited for", waiting(b"99 0 R")),
    ("what it waited for, a line apart", waiting(b"99\n0\r\nR")),
    ("what it waited for, a comment between", waiting(b"99 % of it\n0 %R\nR")),
    ("what it waited for, without a space", waiting(b"099 0R")),
    ("what it waited for, counted before", waiting(b"99 0 R", more={120: FONT})),
    ("what it waited for in an object stream", waiting(b"99 0 R", replace(STREAMS, packed=(3, 20)), STREAMS)),
    ("what the first signature's picture waited for", waiting_picture),
    ("a tag for other contents", tagging(o34=NUMBERS.replace(b"0[32 0 R]", b"0[33 0 R]"))),
    ("a script on opening", signing_and(o1=CATALOG.replace(b"/Pages", b"/OpenAction<</S/JavaScript/JS(x)>>/Pages"))),
    (
        "a script of the second field",
        signing_and(o18=SIGNED.replace(b"/F 132", b"/F 132/AA<</E<</S/JavaScript/JS(x)>>>>")),
    ),
)
UNSEEN = (
    PREPARED.replace(b"/FT/Sig", b"/FT/Sig/V 41 0 R")
    .replace(b"Sig2", b"Sig3")
    .replace(b"[200 50 290 80]", b"[0 0 0 0]")
)
MORE = FORM.replace(b"18 0 R", b"18 0 R 40 0 R")
SHOWS = PAGE.replace(b"18 0 R", b"18 0 R 40 0 R")


def adding(**changed: bytes) -> Callable[[], bytes]:
    """A field that nobody sees added and signed in a revision that may also write other objects."""
    more = {int(name[1:]): body for name, body in changed.items()}
    update = {3: SHOWS, 19: MORE, 40: UNSEEN, 41: signature_dictionary(), **more}
    return lambda: filled(written(update, PLAIN, half()))


ADDED: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("the first field left out", adding(o19=MORE.replace(b"6 0 R ", b""))),
    ("the page's font exchanged", adding(o3=SHOWS.replace(b"/Helvetica", b"/Symbol"))),
    ("other contents", adding(o3=SHOWS.replace(b"4 0 R", b"42 0 R", 1), o42=PAINT)),
    ("contents appended", adding(o3=SHOWS.replace(b"4 0 R", b"[4 0 R 42 0 R]", 1), o42=PAINT)),
    ("it covers the page", adding(o40=UNSEEN.replace(b"[0 0 0 0]", b"[0 0 595 842]/AP<</N 42 0 R>>"), o42=OTHER)),
    ("a script of its own", adding(o40=UNSEEN.replace(b"/F 132", b"/F 132/AA<</E<</S/JavaScript/JS(x)>>>>"))),
    ("a script on opening", adding(o1=CATALOG.replace(b"/Pages", b"/OpenAction<</S/JavaScript/JS(x)>>/Pages"))),
    ("a text laid on the page", adding(o3=SHOWS.replace(b"40 0 R", b"40 0 R 42 0 R"), o42=ALONE, o23=OTHER)),
    ("the first signature taken out", adding(o6=FIRST.replace(b"/V 5 0 R", b""))),
    ("the first signature's picture exchanged", adding(o16=OTHER)),
    ("the name of another field", adding(o40=UNSEEN.replace(b"Sig3", b"Sig1"))),
    ("the fonts of the form exchanged", adding(o19=MORE.replace(b"20 0 R", b"42 0 R"), o42=OTHER)),
    ("a form of another kind", adding(o19=MORE.replace(b"/DA", b"/XFA 42 0 R/DA"), o42=OTHER)),
)
TOLD = (UNEXPLAINED, "document.signature_removed", "signature.not_in_form", "change.covering_field")

HANDMADE_MUTANTS: tuple[Mutant, ...] = (
    *(Mutant("beside a signature", name, make, TOLD) for name, make in ROWS),
    *(Mutant("beside an added signature", name, make, TOLD) for name, make in ADDED),
    Mutant("beside a store", "a certificate that the page waited for", waiting_store, TOLD),
)


honest_second = signing_and()  # what the attacks are hidden in, alone


def shrunk() -> bytes:
    """The second field signed, its box made empty, as some programs do."""
    return signing_and(o18=re.sub(rb"\[200 50 290 80\]", b"[0 0 0 0]", SIGNED))()


def drawn_anew(before: bytes, now: bytes) -> Callable[[], bytes]:
    """A second signature, and a setting by which programs draw again the values that fields had."""

    def make() -> bytes:
        form = FORM.replace(b"18 0 R", b"18 0 R 22 0 R").replace(b"/DA(/Helv 0 Tf)", b"%s")
        objects = {1: CATALOG, **PAGES, 3: PAGE.replace(b"18 0 R", b"18 0 R 22 0 R"), 5: signature_dictionary()}
        objects |= {6: FIRST, 16: SHOWN, 18: PREPARED, 19: form % before, 20: FONT, 21: INTENT, 22: TEXT, 23: OTHER}
        later = {195: signature_dictionary(), 18: SIGNED.replace(b"17 0 R", b"195 0 R"), 19: form % now}
        return filled(written(later, PLAIN, filled(written(objects))))

    return make


DRAW, WHITE = b"/NeedAppearances true/DA(/Helv 0 Tf)", b"/NeedAppearances true/DA(/Helv 0 Tf 1 g)"
TURNED = PAGE.replace(b"/Contents", b"/Rotate 90/Rotate 0/Contents")


def tidied() -> bytes:
    """A page that had an entry twice, written again beside a second signature as every program shows it."""
    objects = {1: CATALOG, **PAGES, 3: TURNED, 5: signature_dictionary(), 6: FIRST, 16: SHOWN, 18: PREPARED}
    first = filled(written({**objects, 19: FORM, 20: FONT, 21: INTENT}))
    later = {195: signature_dictionary(), 18: SIGNED.replace(b"17 0 R", b"195 0 R")}
    return filled(written({**later, 3: TURNED.replace(b"/Rotate 90", b"")}, PLAIN, first))


BOXES = (
    Honest("by hand: an entry that was there twice, once", tidied, 2, "signing"),
    Honest("by hand: values to be drawn anew", drawn_anew(b"/DA(/Helv 0 Tf)", DRAW), 2, "form_fill"),
    Honest("by hand: values to be drawn in white", drawn_anew(DRAW, WHITE), 2, "form_fill"),
    Honest("by hand: a signature in a tagged document", tagging(), 2, "signing"),
    Honest("by hand: a second signature in a prepared box", honest_second, 2, "signing"),
    Honest("by hand: an added signature that nobody sees", adding(), 2, "signing"),
    Honest("by hand: the same, its box made empty", shrunk, 2, "signing"),
)
