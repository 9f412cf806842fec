"""Attacks on the difference between programs: a revision that signs, and that one reads this way and another that.

`shows` says whether poppler or pdfium, as they are on this machine, show what the attacker wrote.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.signing_service.verification.handmade import PAGES, PLAIN, Layout, filled, signature_dictionary, written
from tests.signing_service.verification.handmade_mutants import (
    CATALOG,
    FIRST,
    FONT,
    FORM,
    INTENT,
    PAGE,
    PAINT,
    PREPARED,
    SHOWN,
    SIGNED,
    half,
)
from tests.signing_service.verification.mutants import UNEXPLAINED, Mutant

FIELD = SIGNED.replace(b"17 0 R", b"195 0 R")
EVIL_PAGE = PAGE.replace(b"/Contents 4 0 R", b"/Contents 199 0 R")
EVIL_CATALOG = CATALOG.replace(b"/Pages 2 0 R", b"/Pages 202 0 R")
EVIL_PAGES = {199: PAINT, 200: EVIL_PAGE, 201: EVIL_CATALOG, 202: PAGES[2].replace(b"3 0 R", b"200 0 R")}


@dataclass(frozen=True)
class Case:
    """One file, and whether a program that people use shows the red page in it."""

    name: str
    make: Callable[[], bytes]
    shows: bool = True


def signing(layout: Layout = PLAIN, **more: bytes) -> bytes:
    """The second field signed, not yet filled; `o4` is object 4."""
    objects = {195: signature_dictionary(), 18: FIELD} | {int(name[1:]): body for name, body in more.items()}
    return written(objects, layout, half())


def page(contents: bytes) -> Callable[[], bytes]:
    return lambda: filled(signing(o3=PAGE.replace(b"/Contents 4 0 R", contents), o199=PAINT))


def table(change: Callable[[bytes], bytes], **more: bytes) -> Callable[[], bytes]:
    """The table of the second revision, its trailer and what follows changed before it is signed."""

    def make() -> bytes:
        whole = signing(**(more or {"o4": PAINT}))
        start = whole.rindex(b"xref\n", 0, whole.rindex(b"startxref"))
        changed = change(whole[start:])
        assert changed != whole[start:]
        return filled(whole[:start] + changed)

    return make


def without(number: int) -> Callable[[bytes], bytes]:
    """No entry for an object that is alone in its run."""
    return lambda text: re.sub(rb"\n%d 1\n\d{10} 00000 n \n" % number, b"\n", text, count=1)


def moved(by: int) -> Callable[[bytes], bytes]:
    """No entry for the contents, and the last line points beside the table: programs repair such a file."""

    def change(text: bytes) -> bytes:
        place = re.compile(rb"startxref\n(\d+)")
        return place.sub(lambda found: b"startxref\n%d" % (int(found[1]) + by), without(4)(text))

    return change


def old_entry(*, first: bool) -> Callable[[bytes], bytes]:
    """A second entry for the contents, which leads to the old ones."""
    entry = b"4 1\n%010d 00000 n \n" % half().index(b"4 0 obj")
    return lambda text: (
        text.replace(b"xref\n", b"xref\n" + entry, 1) if first else text.replace(b"trailer", entry + b"trailer")
    )


def hybrid() -> bytes:
    """The table has the old contents, the stream for newer programs the new ones."""
    whole = signing(o4=PAINT)
    start = whole.rindex(b"xref\n", 0, whole.rindex(b"startxref"))
    row = b"\x01" + whole.rindex(b"4 0 obj", 0, start).to_bytes(4, "big") + b"\x00"
    head = b"196 0 obj\n<</Type/XRef/W[1 4 1]/Index[4 1]/Size 197/Root 1 0 R/Length %d>>stream\r\n" % len(row)
    stream = head + row + b"\r\nendstream\nendobj\n"
    text = re.sub(rb"\n4 1\n\d{10}", b"\n4 1\n%010d" % half().index(b"4 0 obj"), whole[start:], count=1)
    text = text.replace(b"/Size 196", b"/Size 197/XRefStm %d" % start)
    return filled(whole[:start] + stream + re.sub(rb"startxref\n\d+", b"startxref\n%d" % (start + len(stream)), text))


STREAMS = Layout(xref="stream")
FIRST_OF_TWO, SECOND_OF_TWO = b"\x02\x00\x00\x00\x5a\x00", b"\x02\x00\x00\x00\x5a\x01"  # in object stream 90


def packed(place: bytes) -> Callable[[], bytes]:
    """The page twice in an object stream, as it was and another; `place` says which one is meant."""

    def make() -> bytes:
        objects = {1: CATALOG, **PAGES, 3: PAGE, 5: signature_dictionary(), 6: FIRST, 16: SHOWN, 18: PREPARED}
        first = filled(written({**objects, 19: FORM, 20: FONT, 21: INTENT}, STREAMS))
        later = {195: signature_dictionary(), 18: FIELD, 199: PAINT, 3: PAGE}
        whole = written(later, replace(STREAMS, packed=(3,), again=((3, EVIL_PAGE),)), first)
        assert whole.count(FIRST_OF_TWO) == 1
        return filled(whole.replace(FIRST_OF_TWO, place))

    return make


CASES: tuple[Case, ...] = (
    Case("a page twice in an object stream", packed(FIRST_OF_TWO), shows=False),
    Case("a page twice in an object stream, the other one meant", packed(SECOND_OF_TWO)),
    Case("contents twice, the other ones last", page(b"/Contents 4 0 R/Contents 199 0 R")),
    Case("contents twice, the other ones first", page(b"/Contents 199 0 R/Contents 4 0 R"), shows=False),
    Case("contents twice, once with an escape", page(b"/Contents 4 0 R/Con#74ents 199 0 R")),
    Case("a catalog twice", lambda: filled(signing(replace(PLAIN, trailer=b"/Root 201 0 R"), **_named(EVIL_PAGES)))),
    Case("two entries, the old one last", table(old_entry(first=False))),
    Case("two entries, the old one first", table(old_entry(first=True))),
    Case(
        "another generation",
        table(lambda text: text.replace(b"\n4 1\n", b"\n4 1\n").replace(b" 00000 n", b" 00001 n", 1)),
    ),
    Case("contents that no table names", table(without(4)), shows=False),
    Case("contents that no table names, and a table that is not found", table(moved(1))),
    Case("the same, three bytes before", table(moved(-3))),
    Case("a hybrid table and its stream", hybrid, shows=False),
)


def _named(objects: dict[int, bytes]) -> dict[str, bytes]:
    return {f"o{number}": body for number, body in objects.items()}


AMBIGUOUS_MUTANTS: tuple[Mutant, ...] = tuple(
    Mutant("read differently", case.name, case.make, (UNEXPLAINED,)) for case in CASES
)
