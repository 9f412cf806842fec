"""The partner's review: what a reviewer sees, says and proposes, and what legal staff make of it."""

from __future__ import annotations

import pytest

from agreements.clause_errors import (
    ClauseNotOpen,
    ClauseRefused,
    CommentClosed,
    CommentsBlock,
    NothingProposed,
    ProposalDecided,
    TextMissing,
    TranslationsStale,
)
from signing_service.errors import ChangedMeanwhile, InvalidInput, NotFound, NotPermitted, ReviewClosed
from signing_service.operations import (
    approvals,
    comments,
    documents,
    mails,
    partner_review,
    proposals,
    reviewers,
    versions,
)
from signing_service.operations.comments import NewComment
from signing_service.permissions import Actor
from tests.factories.case import Case
from tests.factories.reviewers import Drafted, drafted

ONLINE = ("online or in person", "online")


@pytest.fixture
def case(staffed: Case) -> Drafted:
    return drafted(staffed)


def approve(case: Drafted, number: int) -> str:
    """Bring a version through both approvals; returns its hash."""
    services, staff = case.case.services, case.case.staff
    sha256 = versions.read(services, case.legal, case.agreement_id, number).sha256
    approvals.submit(services, case.legal, case.agreement_id, sha256)
    for who in ("legal_review", "management"):
        approvals.decide(services, staff[who], case.agreement_id, "approve", sha256)
    return sha256


def mailed(case: Drafted, kind: str) -> list[str]:
    found = mails.outbox(case.case.services, case.case.staff["outbox"], case.agreement_id)
    return [m.recipient for m in found if m.kind == kind]


# --- comments -------------------------------------------------------------------------------------------------------


def test_a_comment_is_found_again_and_says_when_its_words_changed(case: Drafted) -> None:
    services = case.case.services
    new = NewComment(1, "term", "Why so long?", "thirty-six (36) months", "en")
    comments.add(services, case.legal, case.agreement_id, new)
    comments.add(services, case.legal, case.agreement_id, NewComment(1, "costs", "Fine."))
    (fine, found) = sorted(comments.read(services, case.legal, case.agreement_id).comments, key=lambda c: c.words)
    assert (found.quote is not None and found.quote.text, found.changed, fine.changed) == (
        "thirty-six (36) months",
        False,
        False,
    )
    case.save(term={"count": 48, "unit": "months"})
    (fine, found) = sorted(comments.read(services, case.legal, case.agreement_id).comments, key=lambda c: c.words)
    assert (found.changed, found.version_number, fine.changed) == (True, 1, False)


def test_a_blocking_comment_stops_freezing_until_it_is_settled(case: Drafted) -> None:
    services = case.case.services
    sha256 = approve(case, 1)
    new = NewComment(1, "costs", "Who pays the interpreter?")
    with pytest.raises(NotPermitted):
        comments.add(services, case.case.staff["management"], case.agreement_id, new, blocking=True)
    comment = comments.add(services, case.legal, case.agreement_id, new, blocking=True)
    with pytest.raises(CommentsBlock) as refused:
        documents.freeze(services, case.case.staff["host"], case.agreement_id, sha256)
    assert "costs: Who pays the interpreter?" in str(refused.value)
    with pytest.raises(TextMissing):
        comments.close(services, case.legal, case.agreement_id, comment, "wont_do", "")
    comments.close(services, case.legal, case.agreement_id, comment, "wont_do", "Each its own.")
    assert documents.freeze(services, case.case.staff["host"], case.agreement_id, sha256).kind == "sealed"
    with pytest.raises(ReviewClosed):
        comments.add(services, case.legal, case.agreement_id, new)


def test_a_settled_comment_takes_no_reply_and_is_not_settled_again(case: Drafted) -> None:
    services = case.case.services
    comment = comments.add(services, case.legal, case.agreement_id, NewComment(1, "costs", "Fine?"))
    comments.reply(services, case.case.staff["host"], case.agreement_id, comment, "Yes.")
    comments.close(services, case.legal, case.agreement_id, comment, "resolved", "")
    with pytest.raises(CommentClosed):
        comments.reply(services, case.legal, case.agreement_id, comment, "More.")
    with pytest.raises(CommentClosed):
        comments.close(services, case.legal, case.agreement_id, comment, "resolved", "")
    (found,) = comments.read(services, case.legal, case.agreement_id).comments
    assert [one.words for one in found.replies] == ["Yes."]
    assert (found.state, found.closed_by) == ("resolved", case.legal.name)


# --- what a reviewer sees -------------------------------------------------------------------------------------------


def test_a_reviewer_sees_the_shared_version_and_nothing_else(case: Drafted) -> None:
    services = case.case.services
    comments.add(services, case.legal, case.agreement_id, NewComment(1, "costs", "Internal: do not tell."))
    shown = comments.add(services, case.legal, case.agreement_id, NewComment(1, "costs", "Is this clear?"), shared=True)
    comments.reply(services, case.legal, case.agreement_id, shown, "They will not ask.")
    reader = case.reviewer()
    case.save(term={"count": 48, "unit": "months"})
    found = partner_review.read(services, reader)
    assert found.room.version == 1
    assert [(c.words, [r.words for r in c.replies]) for one in found.clauses for c in one.comments] == [
        ("Is this clear?", [])
    ]
    with pytest.raises(NotFound):
        partner_review.changes(services, reader)
    reviewers.share(services, case.legal, case.agreement_id, reader.id, 2)
    room, redline = partner_review.changes(services, reader)
    assert (room.previous, room.version) == (1, 2)
    assert [one.path for one in redline.values] == ["term"]
    assert mailed(case, "version_shared") == ["reader.b@partner.example"]


def test_another_party_sees_comments_and_proposals_only_when_legal_shares_them(case: Drafted) -> None:
    services = case.case.services
    ours, theirs = case.reviewer(1), case.reviewer(0)
    comment = partner_review.comment(services, ours, NewComment(1, "costs", "Too much for us."))
    proposal = partner_review.propose(services, ours, case.proposal(ours, "mechanism", ONLINE))
    assert [c.words for c in said(case, ours)] == ["Too much for us."]
    assert said(case, theirs) == []
    assert partner_review.read(services, theirs).proposals == ()
    with pytest.raises(NotFound):
        partner_review.reply(services, theirs, comment, "Aha.")
    comments.share(services, case.legal, case.agreement_id, comment)
    proposals.share(services, case.legal, case.agreement_id, proposal)
    assert [c.words for c in said(case, theirs)] == ["Too much for us."]
    assert [p.id for p in partner_review.read(services, theirs).proposals] == [proposal]
    with pytest.raises(ChangedMeanwhile):
        comments.share(services, case.legal, case.agreement_id, comment)


def said(case: Drafted, reader: Actor) -> list[comments.CommentView]:
    return [c for one in partner_review.read(case.case.services, reader).clauses for c in one.comments]


def test_a_reviewer_can_say_that_there_is_nothing_more(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    partner_review.done(services, reader, 1)
    with pytest.raises(ChangedMeanwhile):
        partner_review.done(services, reader, 1)
    (row,) = reviewers.read(services, case.legal, case.agreement_id).reviewers
    assert [number for number, when in row.shared if when is not None] == [1]


# --- proposals ------------------------------------------------------------------------------------------------------


def test_an_accepted_proposal_is_the_drafts_wording_and_the_other_language_falls_behind(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    proposal = partner_review.propose(services, reader, case.proposal(reader, "mechanism", ONLINE, explanation="Far."))
    assert mailed(case, "proposal_received") == ["shen.yue@chengdu.example"]
    (found,) = proposals.read(services, case.legal, case.agreement_id).proposals
    assert (found.unbound, found.problems, found.made_for) == ((), (), None)
    proposals.accept(services, case.legal, case.agreement_id, proposal, found.seen_sha256, "Gladly.")
    number = case.save_version()
    version = versions.read(services, case.legal, case.agreement_id, number).version
    clause = next(one for one in version.clauses if one.id == "mechanism")
    assert "a year, online." in clause.paragraphs[1]["en"]
    assert [(one.clause_id, one.kind) for one in version.deviations] == [("mechanism", "custom")]
    assert "{{joint_group.meetings|times}}" in version.deviations[0].sources["en"]
    sha256 = approve(case, number)
    with pytest.raises(TranslationsStale):
        documents.freeze(services, case.case.staff["host"], case.agreement_id, sha256)
    assert mailed(case, "proposal_decided") == ["reader.b@partner.example"]
    (told,) = partner_review.read(services, reader).proposals
    assert (told.state, told.decision_words, told.decided_by) == ("accepted", "Gladly.", case.legal.name)
    with pytest.raises(ProposalDecided):
        proposals.reject(services, case.legal, case.agreement_id, proposal, "No.")


def test_values_of_an_accepted_proposal_follow_the_form(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    proposal = partner_review.propose(services, reader, case.proposal(reader, "mechanism", ONLINE))
    case.save(joint_group={**case.values["joint_group"], "meetings": 7})
    (found,) = proposals.read(services, case.legal, case.agreement_id).proposals
    assert found.made_for is not None, "the clause reads otherwise by now"
    proposals.accept(services, case.legal, case.agreement_id, proposal, found.seen_sha256)
    version = versions.read(services, case.legal, case.agreement_id, case.save_version()).version
    text = next(one for one in version.clauses if one.id == "mechanism").paragraphs[1]
    assert "at least seven times a year, online." in text["en"]
    assert "七次" in text["zh-Hans"]


def test_accepting_what_was_not_looked_at_is_refused(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    proposal = partner_review.propose(services, reader, case.proposal(reader, "mechanism", ONLINE))
    (found,) = proposals.read(services, case.legal, case.agreement_id).proposals
    case.save(joint_group={**case.values["joint_group"], "meetings": 7})
    with pytest.raises(ChangedMeanwhile):
        proposals.accept(services, case.legal, case.agreement_id, proposal, found.seen_sha256)
    (again,) = proposals.read(services, case.legal, case.agreement_id).proposals
    assert again.state == "open"
    proposals.accept(services, case.legal, case.agreement_id, proposal, again.seen_sha256)


def test_a_second_proposal_for_the_same_clause_is_looked_at_anew(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    first = partner_review.propose(services, reader, case.proposal(reader, "mechanism", ONLINE))
    second = partner_review.propose(services, reader, case.proposal(reader, "mechanism", ("promptly", "at once")))
    seen = {one.id: one.seen_sha256 for one in proposals.read(services, case.legal, case.agreement_id).proposals}
    proposals.accept(services, case.legal, case.agreement_id, first, seen[first])
    with pytest.raises(ChangedMeanwhile):
        proposals.accept(services, case.legal, case.agreement_id, second, seen[second])
    now = next(one for one in proposals.read(services, case.legal, case.agreement_id).proposals if one.id == second)
    assert now.made_for is not None


def test_a_rewritten_value_is_told_and_waits_for_the_other_language(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    desk = partner_review.clause(services, reader, "mechanism")
    chair = desk.wordings["en"].paragraphs[1].text.split("chaired by ")[1].rstrip(".")
    proposal = partner_review.propose(services, reader, case.proposal(reader, "mechanism", (chair, "Party B alone")))
    (found,) = proposals.read(services, case.legal, case.agreement_id).proposals
    assert [(one.path, one.text) for one in found.unbound] == [("joint_group.chair", chair)]
    assert found.problems
    with pytest.raises(ClauseRefused):
        proposals.accept(services, case.legal, case.agreement_id, proposal, found.seen_sha256)
    assert found.sources is not None
    chinese = found.sources["zh-Hans"].replace("{{joint_group.chair}}", "乙方单独")
    sources = {**found.sources, "zh-Hans": chinese}
    proposals.accept(services, case.legal, case.agreement_id, proposal, found.seen_sha256, "", sources)
    (told,) = partner_review.read(services, reader).proposals
    assert (told.state, told.amended) == ("accepted", True)


def test_rejecting_needs_words(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    proposal = partner_review.propose(services, reader, case.proposal(reader, "mechanism", ONLINE))
    with pytest.raises(TextMissing):
        proposals.reject(services, case.legal, case.agreement_id, proposal, " ")
    proposals.reject(services, case.legal, case.agreement_id, proposal, "In person matters.")
    (told,) = partner_review.read(services, reader).proposals
    assert (told.state, told.decision_words) == ("rejected", "In person matters.")


def test_what_cannot_be_proposed(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    with pytest.raises(ClauseNotOpen):
        partner_review.propose(services, reader, case.proposal(reader, "term", ("This Agreement", "It")))
    with pytest.raises(NothingProposed):
        partner_review.propose(services, reader, case.proposal(reader, "costs"))
    silent = case.reviewer(0, may_propose=False)
    with pytest.raises(NotPermitted):
        partner_review.propose(services, silent, case.proposal(silent, "mechanism", ONLINE))


def test_a_form_sent_twice_is_one_proposal(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    new = case.proposal(reader, "mechanism", ONLINE, key="frm_1")
    assert partner_review.propose(services, reader, new) == partner_review.propose(services, reader, new)
    with pytest.raises(ChangedMeanwhile):
        partner_review.propose(services, reader, case.proposal(reader, "costs", ("Party", "party"), key="frm_1"))


def test_invitations_name_what_is_wrong(case: Drafted) -> None:
    for field, wrong in (("party", 7), ("email", "nobody"), ("language", "xx"), ("days", 31), ("days", 0)):
        with pytest.raises(InvalidInput) as refused:
            case.invite(**{field: wrong})
        assert refused.value.params["field"] == field
    with pytest.raises(NotFound):
        case.invite(version=2)
    with pytest.raises(TextMissing):
        case.invite(name=" ")


def test_nothing_is_taken_any_more_once_frozen(case: Drafted) -> None:
    services, reader = case.case.services, case.reviewer()
    new = case.proposal(reader, "mechanism", ONLINE)
    documents.freeze(services, case.case.staff["host"], case.agreement_id, approve(case, 1))
    assert not partner_review.read(services, reader).room.open
    for act in (
        lambda: partner_review.propose(services, reader, new),
        lambda: partner_review.comment(services, reader, NewComment(1, "costs", "Late.")),
        lambda: partner_review.done(services, reader, 1),
        lambda: case.invite(0),
    ):
        with pytest.raises(ReviewClosed):
            act()
