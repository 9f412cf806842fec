"""One more signature on a verified file: the entry of the whole report, from what is new alone, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from keys.trust.anchors import TrustAnchors
from signing_service.verification.known_files import KnownFiles, known_file
from signing_service.verification.one_more import one_more
from signing_service.verification.plain_values import Question
from signing_service.verification.supplied import Supplied
from signing_service.verification.verify import verify
from tests.signing_service.pades.factory import FIELD_A, FIELD_B, NOW, keyring, sealed, signatory, signed
from tests.signing_service.verification.mutations import add_annotation, replace_page
from tests.signing_service.verification.worlds import only

AT = NOW + timedelta(minutes=5)


@cache
def lists(revoked: tuple[int, ...] = ()) -> tuple[bytes, ...]:
    entries = [(serial, NOW + timedelta(seconds=1), "key_compromise") for serial in revoked]
    return keyring().crls(entries, NOW + timedelta(seconds=30))


@cache
def first() -> bytes:
    return signed(sealed(), signatory())


@cache
def holder():
    return signatory("Anna Virtanen")


@cache
def second() -> bytes:
    return signed(first(), holder(), FIELD_B)


def report(pdf: bytes, **changes):
    given = {"anchors": keyring().trust_anchors(), "at": AT, "crls_der": lists()} | changes
    return verify(pdf, name="a.pdf", **given)


def knowing(*pdfs: bytes) -> KnownFiles:
    files = KnownFiles()
    for pdf in pdfs:
        files.keep(known_file(pdf, report(pdf)))
    return files


def asked(pdf: bytes, files: KnownFiles, **changes):
    given = {"anchors": keyring().trust_anchors(), "at": AT, "crls_der": lists()} | changes
    return one_more(pdf, files, **given)


def test_its_entry_is_that_of_the_whole_report():
    found = asked(second(), knowing(first()))
    assert found is not None
    assert found.signature == only(report(second()), FIELD_B)
    assert found.signature.indication == "TOTAL_PASSED"
    assert found.signature.level == "B-T"


def test_a_file_becomes_known_by_its_last_signature():
    pdf = sealed()
    files = knowing(pdf)
    for name, field in (("Wang", FIELD_A), ("Anna", FIELD_B)):
        pdf = signed(pdf, signatory(name), field)
        found = asked(pdf, files)
        assert found is not None
        files.keep(found.file)
        assert found.signature == only(report(pdf), field)
    assert not found.file.empty


def test_trust_and_time_are_judged_anew_each_time():
    files = knowing(first())
    assert asked(second(), files).signature.indication == "TOTAL_PASSED"
    changes = {"crls_der": lists((holder().serial,))}, {"anchors": TrustAnchors()}, {"at": AT + timedelta(days=300)}
    seen = []
    for change in changes:
        found = asked(second(), files, **change)
        assert found.signature == only(report(second(), **change), FIELD_B)
        seen.append((found.signature.sub_indication, found.signature.method))
    assert seen == [("REVOKED_NO_POE", "now"), ("NO_CERTIFICATE_CHAIN_FOUND", "now"), (None, "proved_time")]


def test_nothing_is_known_of_another_file():
    files = knowing(first())
    other = bytearray(second())
    other[200] ^= 1
    assert asked(bytes(other), files) is None, "a byte before the new signature was changed"
    assert asked(second(), KnownFiles()) is None
    assert asked(first(), files) is None
    assert asked(b"", files) is None


def test_every_byte_after_the_known_file_counts():
    """Whatever byte is changed there: no verdict, not this one, or one that the whole report shares (a byte of the
    authority's certificate, which no signature covers and which is known anyway)."""
    files, whole = knowing(first()), second()
    passed = asked(whole, files)
    for place in [*range(len(first()), len(whole), 911), *range(len(whole) - 700, len(whole), 7)]:
        changed = whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :]
        found = asked(changed, files)
        assert found is None or found.signature.indication != "TOTAL_PASSED" or report(changed).passed, place
    assert passed.signature.indication == "TOTAL_PASSED"


@pytest.mark.parametrize("change", [add_annotation, replace_page, lambda pdf: pdf + b" ", lambda pdf: pdf + b"%%EOF\n"])
def test_anything_else_than_one_signature_is_for_the_whole_report(change):
    assert asked(change(second()), knowing(first(), second())) is None


def test_an_object_that_no_table_names_is_for_the_whole_report():
    """Hidden between the objects of the new section, which are where its table says."""
    whole, known = second(), knowing(first())
    assert asked(whole, known) is not None
    place = whole.index(b"endobj\n", len(first())) + 7
    assert asked(whole[:place] + b"4 0 obj\n<<>>\nendobj\n" + whole[place:], known) is None
    inside = whole.index(b"/Name ", len(first())) + 7
    assert asked(whole[:inside] + b"4 0 obj" + whole[inside + 7 :], known) is None


def test_two_signatures_at_once_are_for_the_whole_report():
    assert asked(second(), knowing(sealed())) is None


@pytest.mark.parametrize("change", [add_annotation, replace_page, lambda pdf: pdf[:-40]])
def test_a_file_that_is_not_beyond_doubt_is_not_kept(change):
    pdf = change(second())
    assert known_file(pdf, report(pdf)) is None


def test_a_report_says_nothing_of_other_bytes():
    """Whoever brings a good report with other bytes gets nothing kept."""
    assert known_file(first(), report(second())) is None


def other(pdf: bytes, number: int) -> bytes:
    """A file of the same length and with the same end."""
    return pdf[:20] + bytes((number,)) + pdf[21:]


def test_a_file_is_known_by_all_of_its_bytes():
    files, pdf = knowing(first()), first()
    assert files.at(pdf, len(pdf)) is not None
    assert files.at(pdf + b"whatever follows", len(pdf)) is not None
    assert files.at(other(pdf, 7), len(pdf)) is None
    assert files.at(pdf, len(pdf) - 1) is None
    assert files.at(pdf[:-1], len(pdf)) is None


def test_what_is_kept_is_bounded_and_cannot_be_changed():
    file, pdf = known_file(first(), report(first())), first()
    assert file.cost > len(pdf), "the file itself is kept"
    longer = [replace(file, pdf=pdf + bytes((number,))) for number in range(10)]
    files = KnownFiles(limit=3 * longer[0].cost)
    for one in longer:
        files.keep(one)
    assert len(files) == 3
    assert files.at(longer[0].pdf, len(pdf) + 1) is None
    assert files.at(longer[9].pdf, len(pdf) + 1) is not None
    files.keep(replace(longer[9], table=1))
    assert files.at(longer[9].pdf, len(pdf) + 1).table == file.table, "what is known first stays"
    with pytest.raises(TypeError):
        file.empty[1, 0] = None


def test_of_files_with_the_same_end_the_last_one_is_kept_and_counted_once():
    file, pdf = known_file(first(), report(first())), first()
    files = KnownFiles(limit=3 * file.cost)
    for number in range(10):
        files.keep(replace(file, pdf=other(pdf, number)))
    assert len(files) == 1
    files.keep(replace(file, pdf=pdf + b" "))
    assert files.at(other(pdf, 9), len(pdf)) is not None, "the others that were there take no room"


def test_what_is_too_long_is_not_kept():
    file = known_file(first(), report(first()))
    files = KnownFiles(limit=file.cost - 1)
    files.keep(file)
    files.keep(None)
    assert len(files) == 0


def test_values_in_what_the_caller_brings_again_are_computed_once(monkeypatch):
    """Of the list and of the authorities; of what stands in the file, each time."""
    files, computed = knowing(first()), []
    answer = Question.answer
    monkeypatch.setattr(Question, "answer", lambda self, key: computed.append(self) or answer(self, key))
    anchors, authorities = keyring().trust_anchors(), keyring().issuers.certificates_der
    brought = (*anchors.signing, *anchors.timestamping, *authorities, *lists())
    rounds = []
    for _ in range(2):
        assert asked(second(), files, certificates_der=authorities).signature.indication == "TOTAL_PASSED"
        rounds.append({one for one in computed if any(one.body in der for der in brought)})
        of_the_file = set(computed) - rounds[-1]
        assert len(of_the_file) >= 3, "the signature, its time stamp, their certificates"
        computed.clear()
    assert rounds[0]
    assert not rounds[1]


def test_other_lists_are_read_even_where_the_same_were_there_before():
    files = knowing(first())
    revoked = {"crls_der": lists((holder().serial,))}
    for changes, sub in (({}, None), (revoked, "REVOKED_NO_POE"), ({}, None), (revoked, "REVOKED_NO_POE")):
        assert asked(second(), files, **changes).signature.sub_indication == sub


def test_nothing_that_stands_in_a_file_is_a_fact_for_the_next():
    supplied = Supplied(keyring().trust_anchors(), (), lists())
    files = knowing(first())
    assert files.facts_of(supplied) == {}
    asked(second(), files)
    facts = files.facts_of(supplied)
    assert facts
    every = {
        one for answers in facts.values() for key in answers for one in (key if isinstance(key, tuple) else (key,))
    }
    assert every <= supplied.items()
    assert files.facts_of(Supplied(keyring().trust_anchors(), (), lists((1,)))) == {}
