"""Comments: quotes that are found again, who sees what, what settles one, what stops freezing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements import comments
from agreements.clause_errors import (
    CommentClosed,
    CommentsBlock,
    QuoteNotFound,
    TextInvisible,
    TextMissing,
    TextTooLong,
)
from agreements.clauses import ResolvedClause
from agreements.comments import Quote, Remark, check_closing, quote, require_none_blocking, seen_by, stands
from tests.agreements import cases

A, B = comments.party({"en": "Association"}), comments.party({"en": "Centre"})


def clause(clause_id: str = "mechanism") -> ResolvedClause:
    return next(one for one in cases.version().clauses if one.id == clause_id)


def test_a_quote_is_found_in_its_language_with_its_place() -> None:
    found = quote(clause(), "online or\n in person")
    assert found is not None
    assert (found.lang, found.text) == ("en", "online or in person")
    assert comments.clause_text(clause(), "en")[found.start :].startswith("online or in person")
    chinese = quote(clause(), "联合工作组", "zh-Hans")
    assert chinese is not None
    assert chinese.lang == "zh-Hans"
    assert quote(clause(), "  ") is None


def test_of_several_places_the_nearest_counts() -> None:
    text = comments.clause_text(clause(), "en")
    places = [at for at in range(len(text)) if text.startswith("Working Group", at)]
    assert len(places) > 2
    for place in places:
        assert quote(clause(), "Working Group", "en", near=place) == Quote("en", "Working Group", place)


def test_a_quote_that_does_not_stand_is_refused() -> None:
    with pytest.raises(QuoteNotFound):
        quote(clause(), "three times a year")
    with pytest.raises(QuoteNotFound):
        quote(clause(), "online or in person", "zh-Hans")
    with pytest.raises(TextTooLong):
        quote(clause(), "x" * 1001)


def test_a_quote_whose_words_changed_no_longer_stands() -> None:
    group = dict(cases.raw()["joint_group"])
    before = cases.version()
    found = quote(clause(), comments.clause_text(clause(), "en")[-200:], "en")
    meets = quote(clause(), "The Working Group meets at least", "en")
    assert stands(found, "mechanism", before)
    changed = cases.version(joint_group={**group, "members": int(group["members"]) + 1})
    text = comments.clause_text(next(one for one in changed.clauses if one.id == "mechanism"), "en")
    assert stands(meets, "mechanism", changed) is ("The Working Group meets at least" in text)
    assert not stands(Quote("en", "words of yesterday", 0), "mechanism", changed)
    assert not stands(None, "no_such_clause", changed)
    assert stands(None, "mechanism", changed)


def test_who_sees_what() -> None:
    internal, shared, of_a = Remark(shared=False), Remark(shared=True), Remark(shared=False, party=A)
    assert [seen_by(one, None, A) for one in (internal, shared, of_a)] == [False, True, True]
    assert [seen_by(one, None, B) for one in (internal, shared, of_a)] == [False, True, False]
    assert seen_by(shared, of_a, A)
    assert not seen_by(shared, of_a, B), "a reply is not seen without what it answers"
    assert not seen_by(internal, shared, A)


@given(st.booleans(), st.sampled_from([None, A, B]), st.booleans(), st.sampled_from([None, A, B]))
def test_nothing_internal_is_ever_seen_outside(
    shared: bool, party: comments.Party | None, up: bool, whose: comments.Party | None
) -> None:
    remark, parent = Remark(shared, party), Remark(up, whose)
    for reader in (A, B):
        if seen_by(remark, parent, reader):
            assert shared or party == reader
            assert up or whose == reader


def test_settling() -> None:
    assert check_closing("open", "resolved", "") == ""
    assert check_closing("open", "wont_do", " Stays as agreed. ") == "Stays as agreed."
    with pytest.raises(TextMissing):
        check_closing("open", "wont_do", "  ")
    with pytest.raises(CommentClosed):
        check_closing("resolved", "wont_do", "x")


def test_blocking_comments_are_named() -> None:
    require_none_blocking(())
    with pytest.raises(CommentsBlock) as refused:
        require_none_blocking([("term", "Who decides?"), ("costs", "x" * 100)])
    assert refused.value.params["count"] == 2
    assert "term: Who decides?; costs: xxx" in str(refused.value)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x00b", "a\u2066b", "\ufeffa", "a\x1bb"])
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    with pytest.raises(TextInvisible):
        comments.words(text)


def test_words_are_kept_as_they_were_written() -> None:
    assert comments.words(" <b>fett</b> & 甲\r\n乙 ") == "<b>fett</b> & 甲\n乙"
    with pytest.raises(TextTooLong):
        comments.words("x" * 4001)
    with pytest.raises(TextTooLong):
        comments.words("x" * 1_000_000)
    with pytest.raises(TextMissing):
        comments.words(" \n ")
