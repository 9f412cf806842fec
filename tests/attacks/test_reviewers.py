"""Attack: a reviewer, or somebody with their link, reaching what is not theirs or changing what is not open."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from signing_service.accounts.tokens import new_token
from signing_service.db.models.comments import Comment
from signing_service.db.models.proposals import Proposal
from signing_service.db.models.reviewers import ReviewCode, ReviewLink, ReviewSession
from signing_service.logs import without_link_tokens
from signing_service.operations import comments, partner_review, proposals, reviewers
from signing_service.operations.comments import NewComment
from signing_service.permissions import RULES, Action, Actor
from tests.attacks.unchanged import log_types, nothing_changes
from tests.attacks.visitor import Visitor, Web, page, words
from tests.factories import case as cases
from tests.factories.case import Case
from tests.factories.installation import StoppedClock
from tests.factories.reviewers import Drafted, drafted

ONLINE = ("online or in person", "online")
REFUSED = ("access.refused",)
TRIED = ("review_code",)


@pytest.fixture
def server() -> None:
    """What a reviewer reaches is not a matter of the database; the operations are tested on both."""


@dataclass
class Siege:
    """The application with a drafted agreement, a reviewer of Party B inside and their link."""

    web: Web
    draft: Drafted
    token: str
    visitor: Visitor
    home: str

    @property
    def services(self) -> Any:
        return self.web.case.services

    @property
    def reviewer_id(self) -> str:
        return self.home.rpartition("/")[2]

    def form(self, clause_id: str = "mechanism", **changes: str) -> dict[str, str]:
        """A proposal as the page would send it, with some fields made by hand."""
        actor = Actor(self.reviewer_id, "reviewer", reviewer_id=self.reviewer_id)
        new = self.draft.proposal(actor, clause_id, *([ONLINE] if clause_id == "mechanism" else []))
        found = {f"title.{lang}": text for lang, text in new.titles.items()}
        found |= {f"text.{lang}": text for lang, text in new.texts.items()}
        found |= {"version": str(new.version), "form_key": new.form_key, "do": "send"}
        return found | changes

    def proposals(self) -> list[str]:
        with self.services.db.read() as session:
            return list(session.scalars(select(Proposal.id)))


def entered(web: Web, token: str, visitor: Visitor | None = None) -> tuple[Visitor, str]:
    visitor = visitor or web.stranger()
    visitor.open(f"/r/{token}")
    assert visitor.send(f"/r/{token}/code").status_code == 303
    answer = visitor.send(f"/r/{token}", {"code": web.code()})
    assert answer.status_code == 303, answer.text
    visitor.open(answer.location)
    return visitor, answer.location


@pytest.fixture
def siege(staffed: Case) -> Siege:
    draft, web = drafted(staffed), Web(staffed)
    token = draft.invite()
    visitor, home = entered(web, token)
    return Siege(web, draft, token, visitor, home)


# --- the link -------------------------------------------------------------------------------------------------------


def test_a_mail_scanner_opens_nothing(staffed: Case) -> None:
    web, token = Web(staffed), drafted(staffed).invite()
    visitor = web.stranger()
    with nothing_changes(staffed.services):
        for _ in range(3):
            assert visitor.open(f"/r/{token}").status_code == 200
    size = len(log_types(staffed.services))
    assert visitor.call(f"/r/{token}/opened", {}).status_code == 200
    assert visitor.call(f"/r/{token}/opened", {}).status_code == 200
    assert log_types(staffed.services, size) == ("invitation.opened",)


def test_the_page_behind_the_link_shows_nothing_personal_and_no_text(staffed: Case) -> None:
    web, token = Web(staffed), drafted(staffed).invite()
    said = words(web.stranger().open(f"/r/{token}"))
    for secret in ("Reader B", "reader.b@", "Strategic", "SCA-2020-017", "Sichuan", "Working"):
        assert secret not in said, secret
    assert "r•••@partner.example" in said


def test_guessed_and_cut_links_are_unknown_at_every_door(siege: Siege) -> None:
    visitor = siege.web.stranger()
    with nothing_changes(siege.services):
        for token in (new_token(), siege.token[:-1], siege.token[1:], siege.token.swapcase(), "x" * 5000):
            page(visitor.open(f"/r/{token}"), 404, "link.unknown")
            page(visitor.send(f"/r/{token}", {"code": "123456"}), 404, "link.unknown")
            page(visitor.send(f"/r/{token}/code"), 404, "link.unknown")
            page(visitor.call(f"/r/{token}/opened", {}), 404, "link.unknown")


def test_a_link_of_one_kind_is_none_of_the_other(siege: Siege, invited_beside: str) -> None:
    """A reviewer's link is no signatory's, and a signatory's no reviewer's."""
    visitor = siege.web.stranger()
    with nothing_changes(siege.services):
        page(visitor.open(f"/s/{siege.token}"), 404, "link.unknown")
        page(visitor.open(f"/r/{invited_beside}"), 404, "link.unknown")
        page(visitor.open(f"/enter/{siege.token}"), 200)
        page(visitor.send(f"/enter/{siege.token}"), 404, "link.unknown")


@pytest.fixture
def invited_beside(siege: Siege) -> str:
    """Another agreement of the same house, whose signatories are invited; the token of one of them."""
    other = cases.planned(cases.frozen(siege.services, number="SCA-2020-099", case=siege.web.case))
    return cases.invitation_links(other)[0]


def test_a_withdrawn_link_ends_and_so_does_the_browser_it_let_in(siege: Siege) -> None:
    reviewers.revoke(siege.services, siege.draft.legal, siege.draft.agreement_id, siege.reviewer_id)
    with nothing_changes(siege.services):
        page(siege.visitor.open(f"/r/{siege.token}"), 410, "link.revoked")
        page(siege.visitor.send(f"/r/{siege.token}/code"), 410, "link.revoked")
        assert siege.visitor.open(siege.home).status_code == 401
        assert siege.visitor.send(f"{siege.home}/clauses/costs", {"words": "x"}).status_code == 401


def test_a_replaced_link_ends_and_the_new_one_works(siege: Siege) -> None:
    reviewers.reissue(siege.services, siege.draft.legal, siege.draft.agreement_id, siege.reviewer_id, 7)
    assert siege.visitor.open(siege.home).status_code == 401
    page(siege.visitor.open(f"/r/{siege.token}"), 410, "link.revoked")
    again = siege.draft.link("reader.b@partner.example")
    assert entered(siege.web, again)[1] == siege.home


def test_an_expired_link_lets_nobody_in_and_ends_what_it_let_in(siege: Siege, clock: StoppedClock) -> None:
    with siege.services.db.write() as session:
        for one in session.scalars(select(ReviewSession)):
            one.expires_at = one.expires_at.replace(year=one.expires_at.year + 1)  # a session as long as one likes
    clock.forward(days=14, minutes=1)
    visitor = siege.web.stranger()
    page(visitor.open(f"/r/{siege.token}"), 410, "link.expired")
    page(visitor.send(f"/r/{siege.token}/code"), 410, "link.expired")
    assert siege.visitor.open(siege.home).status_code == 401


def test_codes_are_guessed_five_times_and_then_worth_nothing(staffed: Case) -> None:
    web, token = Web(staffed), drafted(staffed).invite()
    visitor = web.stranger()
    visitor.open(f"/r/{token}")
    visitor.send(f"/r/{token}/code")
    right = web.code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for left in (4, 3, 2, 1):
        with nothing_changes(staffed.services, recorded=("code.refused",), but=TRIED):
            assert f"You have {left} tries left" in words(visitor.send(f"/r/{token}", {"code": wrong}))
    assert visitor.send(f"/r/{token}", {"code": wrong}).status_code == 410
    with nothing_changes(staffed.services):
        assert visitor.send(f"/r/{token}", {"code": right}).status_code == 410
    for _ in range(5):
        assert visitor.send(f"/r/{token}/code").status_code == 303
    with nothing_changes(staffed.services):
        page(visitor.send(f"/r/{token}/code"), 429)


def test_tokens_and_codes_stand_nowhere(siege: Siege) -> None:
    with siege.services.db.read() as session:
        kept = repr([session.execute(select(kind)).all() for kind in (ReviewLink.token_sha256, ReviewCode.code_mac)])
    assert siege.token not in kept
    assert without_link_tokens(None, "", {"path": f"/r/{siege.token}/code"})["path"] == "/r/…/code"


def test_no_session_can_be_fixed_beforehand(siege: Siege) -> None:
    """What an attacker put into a victim's browser before the sign-in opens nothing afterwards."""
    attacker = siege.web.stranger()
    before = attacker.http.get_cookie("signing")
    assert before is not None
    second = siege.draft.invite(0)
    victim = Visitor(siege.web.app)
    victim.http.set_cookie("signing", before.value)
    victim.open("/sign-in")
    _victim, home = entered(siege.web, second, victim)
    assert attacker.open(home).status_code == 401
    assert victim.open(home).status_code == 200
    assert victim.open(siege.home).status_code == 401


# --- other doors ----------------------------------------------------------------------------------------------------


def test_a_reviewer_reaches_no_page_of_the_staff_and_no_seat(siege: Siege, invited_beside: str) -> None:
    agreement = siege.draft.agreement_id
    with nothing_changes(siege.services):
        for path in (
            "/agreements/new",
            f"/agreements/{agreement}",
            f"/agreements/{agreement}/draft",
            f"/agreements/{agreement}/versions/1",
            f"/agreements/{agreement}/comments",
            f"/agreements/{agreement}/proposals",
            f"/agreements/{agreement}/reviewers",
            f"/agreements/{agreement}/document.pdf",
            f"/seat/{siege.reviewer_id}",
            f"/api/v1/seats/{siege.reviewer_id}",
            "/audit",
            "/outbox",
        ):
            assert siege.visitor.open(path).status_code == 401, path
        posted = siege.visitor.send(f"/agreements/{agreement}/comments", {"words": "x", "version": "1"})
        assert posted.status_code == 401


def test_a_signatory_reaches_no_review(siege: Siege, invited_beside: str) -> None:
    seat = cases.identified(siege.web.case, invited_beside)
    visitor = siege.web.at_seat(seat)
    with nothing_changes(siege.services):
        assert visitor.open(siege.home).status_code == 401
        assert visitor.open(f"/review/{visitor.signatory_id}").status_code == 401


def test_the_staff_reach_no_review_and_see_no_codes(siege: Siege) -> None:
    for who in ("legal", "host", "management", "auditor"):
        person = siege.web.staff(who)
        assert person.open(siege.home).status_code == 401, who
        assert person.open("/outbox").status_code == 403, who
    listed = siege.web.staff("legal").open(f"/agreements/{siege.draft.agreement_id}/reviewers").text
    assert siege.token not in listed
    assert siege.web.code() not in listed


def test_the_table_gives_a_reviewer_one_action() -> None:
    reader = Actor("rvw_1", "reviewer", reviewer_id="rvw_1")
    may = {action for action, rules in RULES.items() if any(rule(reader) for rule in rules)}
    stranger = {action for action, rules in RULES.items() if any(rule(Actor("x", "anonymous")) for rule in rules)}
    assert may - stranger == {Action.REVIEW_TAKE_PART}
    assert not any(rule(Actor("x", "reviewer")) for rule in RULES[Action.REVIEW_TAKE_PART])


# --- other people's words -------------------------------------------------------------------------------------------


def test_a_reviewer_reads_nothing_internal_and_nothing_of_another_party(siege: Siege) -> None:
    services, draft = siege.services, siege.draft
    agreement = draft.agreement_id
    internal = comments.add(services, draft.legal, agreement, NewComment(1, "costs", "Our floor is low."))
    other = draft.reviewer(0)
    theirs = partner_review.comment(services, other, NewComment(1, "costs", "Party A is short of money."))
    proposal = partner_review.propose(services, other, draft.proposal(other, "mechanism", ONLINE, explanation="Quiet."))
    said = siege.visitor.open(siege.home).text + siege.visitor.open(f"{siege.home}/clauses/costs").text
    for secret in ("Our floor is low.", "Party A is short", "Quiet.", internal, theirs, proposal):
        assert secret not in said, secret
    with nothing_changes(services, recorded=(*REFUSED, *REFUSED)):
        for comment_id in (internal, theirs):
            answer = siege.visitor.send(f"{siege.home}/clauses/costs", {"answers": comment_id, "words": "Aha."})
            assert answer.status_code == 404


def test_a_version_that_was_not_shared_is_not_there(siege: Siege) -> None:
    siege.draft.save(term={"count": 48, "unit": "months"})
    assert "forty-eight" not in siege.visitor.open(siege.home).text
    with nothing_changes(siege.services, recorded=(*REFUSED, *REFUSED)):
        assert siege.visitor.open(f"{siege.home}/changes").status_code == 404
        form = {"version": "2", "clause_id": "costs", "words": "I know."}
        assert siege.visitor.send(f"{siege.home}/clauses/costs", form).status_code == 404
        answer = siege.visitor.send(f"{siege.home}/clauses/mechanism/proposal", siege.form(version="2"))
        assert answer.status_code == 404
    with nothing_changes(siege.services):
        for number in ("2", "0", "-1", "99999999999999999999", "x"):
            looked = siege.form(version=number, do="look")
            assert siege.visitor.send(f"{siege.home}/clauses/mechanism/proposal", looked).status_code == 404


def test_a_comment_shared_on_a_version_that_was_not_is_not_there_either(siege: Siege) -> None:
    siege.draft.save(term={"count": 48, "unit": "months"})
    new = NewComment(2, "term", "Is forty-eight right?", "forty-eight (48) months", "en")
    comments.add(siege.services, siege.draft.legal, siege.draft.agreement_id, new, shared=True)
    assert "forty-eight" not in siege.visitor.open(siege.home).text
    reviewers.share(siege.services, siege.draft.legal, siege.draft.agreement_id, siege.reviewer_id, 2)
    assert "Is forty-eight right?" in siege.visitor.open(siege.home).text


def test_the_own_session_opens_no_other_review(siege: Siege) -> None:
    """Not another reviewer's of the same agreement, nor one of another agreement, by changing the address."""
    _visitor, other = entered(siege.web, siege.draft.invite(0))
    with nothing_changes(siege.services):
        assert siege.visitor.open(other).status_code == 401
        assert siege.visitor.send(f"{other}/done", {"version": "1"}).status_code == 401


# --- proposals made by hand -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("clause_id", ["term", "nature", "parties"])
def test_a_locked_clause_is_not_opened_by_a_form_made_by_hand(siege: Siege, clause_id: str) -> None:
    form = siege.form(clause_id)
    form["text.en"] += " And more."
    with nothing_changes(siege.services, recorded=REFUSED):
        answer = siege.visitor.send(f"{siege.home}/clauses/{clause_id}/proposal", form)
        assert answer.status_code == 403
    assert "not open to proposals" in words(answer)


def test_a_proposal_for_a_clause_that_is_not_there(siege: Siege) -> None:
    with nothing_changes(siege.services):
        for clause_id in ("nowhere", "exclusivity", "%00", "'"):
            form = siege.form()
            assert siege.visitor.send(f"{siege.home}/clauses/{clause_id}/proposal", form).status_code == 404


def test_who_may_only_comment_proposes_nothing(siege: Siege) -> None:
    visitor, home = entered(siege.web, siege.draft.invite(0, may_propose=False))
    with nothing_changes(siege.services, recorded=REFUSED):
        page(visitor.open(f"{home}/clauses/mechanism/proposal"), 403, "service.not_permitted")
        assert visitor.send(f"{home}/clauses/mechanism/proposal", siege.form()).status_code == 403


def test_a_form_is_one_proposal_however_often_it_is_sent(siege: Siege) -> None:
    form = siege.form()
    for _ in range(3):
        assert siege.visitor.send(f"{siege.home}/clauses/mechanism/proposal", form).status_code == 303
    assert len(siege.proposals()) == 1
    costs = siege.form("costs", form_key=form["form_key"])
    costs["text.en"] += " Always."
    with nothing_changes(siege.services, recorded=REFUSED):
        assert siege.visitor.send(f"{siege.home}/clauses/costs/proposal", costs).status_code == 409


def test_a_proposal_is_decided_once_and_in_its_own_agreement(siege: Siege) -> None:
    siege.visitor.send(f"{siege.home}/clauses/mechanism/proposal", siege.form())
    (proposal,) = siege.proposals()
    legal, agreement = siege.web.staff("legal"), siege.draft.agreement_id
    other = cases.frozen(siege.services, number="SCA-2020-098", case=siege.web.case).agreement_id
    seen = proposals.read(siege.services, siege.draft.legal, agreement).proposals[0].seen_sha256
    with nothing_changes(siege.services, recorded=(*REFUSED, *REFUSED, *REFUSED)):
        form = {"seen_sha256": seen, "words": "x"}
        page(legal.send(f"/agreements/{other}/proposals/{proposal}/accept", form), 409)
        stale = {"seen_sha256": "0" * 64}
        assert legal.send(f"/agreements/{agreement}/proposals/{proposal}/accept", stale).status_code == 409
        page(legal.send(f"/agreements/{agreement}/proposals/prp_x/reject", form), 404)
    for person in map(siege.web.staff, ("management", "host", "auditor", "outbox")):
        with nothing_changes(siege.services, recorded=REFUSED):
            answer = person.send(f"/agreements/{agreement}/proposals/{proposal}/accept", form)
            page(answer, 403, "service.not_permitted")
    assert legal.send(f"/agreements/{agreement}/proposals/{proposal}/accept", form).status_code == 303
    with nothing_changes(siege.services, recorded=REFUSED):
        assert legal.send(f"/agreements/{agreement}/proposals/{proposal}/accept", form).status_code == 409


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("right\u202eto left", 422),
        ("zero\u200bwidth", 422),
        ("null\x00", 422),
        ("esc\x1b[31m", 422),
        ("x" * 1_000_000, 422),
        ("", 422),
        ("[end]", 422),
        ("{{agreement_no}}", 422),
        ("[when exclusivity]\nx\n[end]", 422),
        ("<script>alert(1)</script>", 422),
        ("\n\n".join("x" * 61), 422),
    ],
    ids=range(11),
)
def test_what_no_clause_may_hold_is_refused_and_changes_nothing(siege: Siege, text: str, status: int) -> None:
    form = siege.form()
    form["text.en"] = text
    recorded = () if "\x00" in text else REFUSED
    with nothing_changes(siege.services, recorded=recorded):
        answer = siege.visitor.send(f"{siege.home}/clauses/mechanism/proposal", form)
    assert answer.status_code == status
    if 0 < len(text) < 100_000 and "\x00" not in text:
        assert "Everything you typed still stands below." in words(answer)


def test_markup_in_comments_and_explanations_is_text(siege: Siege) -> None:
    bad = "<img src=x onerror=alert(1)><b>bold</b> {{ 7*7 }} {% set x = 1 %}"
    form = {"version": "1", "clause_id": "costs", "words": bad}
    assert siege.visitor.send(f"{siege.home}/clauses/costs", form).status_code == 303
    sent = siege.visitor.send(f"{siege.home}/clauses/mechanism/proposal", siege.form(explanation=bad))
    assert sent.status_code == 303
    legal, agreement = siege.web.staff("legal"), siege.draft.agreement_id
    for answer in (
        siege.visitor.open(siege.home),
        legal.open(f"/agreements/{agreement}/comments"),
        legal.open(f"/agreements/{agreement}/versions/1"),
        legal.open(f"/agreements/{agreement}/proposals"),
    ):
        assert answer.status_code == 200
        assert "<img src=x" not in answer.text
        assert bad in html.unescape(answer.text)


@pytest.mark.parametrize("text", ["\u202e", "a\u2066b", "x" * 4001, "x" * 1_000_000, " \n\t "])
def test_comments_hold_what_can_be_read(siege: Siege, text: str) -> None:
    with nothing_changes(siege.services, recorded=REFUSED):
        form = {"version": "1", "clause_id": "costs", "words": text}
        assert siege.visitor.send(f"{siege.home}/clauses/costs", form).status_code == 422


def test_a_text_of_many_megabytes_is_refused(siege: Siege) -> None:
    with nothing_changes(siege.services, recorded=REFUSED):
        form = {"version": "1", "clause_id": "costs", "words": "x" * (5 * 1024 * 1024)}
        assert siege.visitor.send(f"{siege.home}/clauses/costs", form).status_code in (413, 422)


def test_what_comes_back_after_the_end_is_ones_own_and_plain(siege: Siege) -> None:
    """The page that gives unsent words back gives none that another site sent, and never markup."""
    reviewers.revoke(siege.services, siege.draft.legal, siege.draft.agreement_id, siege.reviewer_id)
    form = {"words": "</textarea><script>alert(1)</script>", "csrf_token": siege.visitor.csrf}
    answer = siege.visitor.http.post(f"{siege.home}/clauses/costs", data=form)
    assert answer.status_code == 401
    assert "<script>alert" not in answer.text
    assert "&lt;/textarea&gt;" in answer.text
    forged = siege.visitor.http.post(
        f"{siege.home}/clauses/costs", data={"words": "Send money."}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert forged.status_code == 400
    assert "Send money." not in forged.text


def test_a_reviewer_does_not_mark_block_share_or_settle(siege: Siege) -> None:
    """Fields that the page never sends are not read."""
    form = {"version": "1", "clause_id": "costs", "words": "Stop!", "blocking": "yes", "audience": "shared"}
    assert siege.visitor.send(f"{siege.home}/clauses/costs", form).status_code == 303
    with siege.services.db.read() as session:
        (row,) = session.scalars(select(Comment))
        assert (row.blocking, row.shared, row.person_id) == (False, False, None)
