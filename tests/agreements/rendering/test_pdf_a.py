"""The list of rules finds what breaks them; a list that finds nothing proves nothing."""

from __future__ import annotations

import pytest

from tests.agreements.rendering.pdf_a import broken_rules
from tests.agreements.rendering.tools import rendered
from tests.agreements.rendering.versions import version

BREAKS = [
    (b"<pdfaid:part>3<", b"<pdfaid:part>2<", "6.6.4"),
    (b"/AFRelationship /Source", b"/AFRelationship /Sauces", "6.8"),
    (b"/GTS_PDFA1", b"/GTS_PDFX1", "6.2.3"),
    (b"/FontFile2", b"/FontFileX", "6.2.11.4"),
    (b"/ToUnicode", b"/ToUnicade", "6.2.11.7"),
    (b"/Marked true", b"/Marked null", "6.7"),
    (b"/ViewerPreferences <</DisplayDocTitle true>>", b"/OpenAction <</S /JavaScript /JS (x)      >>", "6.5"),
    (b"/SigFlags 3", b"/XFA (x)   ", "6.4.1"),
    (b"/F 4 /Rect", b"/F 2 /Rect", "6.3.2"),
    (b"/AP <</N", b"/AP <</D", "6.3.3"),
]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return rendered(version(articles=2)).pdf


def test_a_rendered_agreement_breaks_none(pdf: bytes) -> None:
    assert broken_rules(pdf) == []


@pytest.mark.parametrize(
    ("sound", "broken", "clause"), BREAKS, ids=[f"{one[2]}-{one[1].decode()[:20]}" for one in BREAKS]
)
def test_each_rule_is_found_broken(pdf: bytes, sound: bytes, broken: bytes, clause: str) -> None:
    assert len(sound) == len(broken), "the places of the objects must stay"
    assert sound in pdf
    assert any(found.startswith(clause) for found in broken_rules(pdf.replace(sound, broken)))
