"""The partner's review over its pages: invited, read, commented, proposed, accepted; and nothing written is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from signing_service.operations import mails
from tests.factories.installation import StoppedClock
from tests.factories.reviewers import Drafted, drafted
from tests.signing_service.pages.conftest import House
from tests.signing_service.pages.visitor import Page, Visitor

ONLINE = ("online or in person", "online")


@dataclass
class Story:
    """A house with a drafted agreement and its people."""

    house: House
    draft: Drafted
    legal: Visitor

    @property
    def address(self) -> str:
        return f"/agreements/{self.draft.agreement_id}"

    def code(self) -> str:
        found = mails.outbox(self.house.case.services, self.house.case.staff["outbox"])
        return next(m.code for m in found if m.code is not None)

    def reader(self, token: str = "") -> tuple[Visitor, Page]:
        """A reviewer of Party B who entered the code, and the text on their screen."""
        token = token or self.draft.invite()
        visitor = self.house.stranger()
        visitor.press(visitor.open(f"/r/{token}"), "Send me a code")
        page = visitor.press(visitor.open(f"/r/{token}"), "Read the draft", {"code": self.code()})
        return visitor, page

    def proposed(self, visitor: Visitor, page: Page, **fill: str) -> Page:
        """Open the form for the working mechanism and send a change of its English words."""
        form = visitor.open(f"{page.address}/clauses/mechanism/proposal")
        text = form.field("text.en").text_content().replace(*ONLINE)
        return visitor.press(form, "Send the proposal", {"text.en": text, **fill})


@pytest.fixture
def story(staffed_house: House) -> Story:
    return Story(staffed_house, drafted(staffed_house.case), staffed_house.signed_in("legal"))


def test_from_the_invitation_to_the_accepted_clause(story: Story) -> None:
    page = story.legal.open(f"{story.address}/reviewers")
    filled = {"name": "Anna Berg", "email": "anna@partner.example", "party": "1", "language": "en"}
    page = story.legal.press(page, "Send the invitation", filled)
    assert "The invitation is on its way." in page.text
    assert "Anna Berg link sent" in page.text
    visitor, page = story.reader(story.draft.link("anna@partner.example"))
    assert page.heading == "Strategic Cooperation Agreement"
    assert "Only the drafters change this article; comment instead." in page.text
    page = story.proposed(visitor, page, explanation="Travel is costly.")
    assert "Your proposal is sent." in page.text
    assert "waits for an answer" in page.text
    page = story.legal.open(f"{story.address}/proposals")
    assert page.all("//section//del")[0].strip() == "taken out: or in person"
    assert "Travel is costly." in page.text
    page = story.legal.press(page, "Accept into the draft", {"words": "Agreed."})
    assert "Accepted into the draft" in page.text
    page = visitor.open(page_of(visitor))
    assert "accepted Agreed." in page.text
    page = visitor.press(page, "No more remarks")
    assert "no more remarks on this version" in page.text
    assert "no more remarks" in story.legal.open(f"{story.address}/reviewers").text


def page_of(visitor: Visitor) -> str:
    with visitor.client.session_transaction() as session:
        (reviewer_id,) = session["reviews"]
    return f"/review/{reviewer_id}"


def test_a_comment_on_both_sides(story: Story) -> None:
    visitor, page = story.reader()
    form = visitor.open(f"{page.address}/clauses/term")
    page = visitor.press(form, "Send the comment", {"words": "Too long.", "quote": "thirty-six (36) months"})
    assert "Your words are kept" in page.text
    assert "thirty-six (36) months Too long." in page.text
    text = story.legal.open(f"{story.address}/versions/1")
    assert "Too long. Article 13 · from the partner’s reviewer" in text.text
    assert text.all("//a[@href='#comments-term']") == ["1 comment"]
    listed = story.legal.open(f"{story.address}/comments")
    page = story.legal.press(listed, "Answer", {"words": "We will see."}, {"audience": "shared"})
    assert "We will see." in visitor.open(page_of(visitor)).text
    page = story.legal.press(page, "Won’t do", {"words": ""})
    assert page.status == 422
    assert "There are no words yet." in page.text
    page = story.legal.press(page, "Won’t do", {"words": "Agreed in Chengdu."})
    assert "The comment is settled." in page.text
    assert "Agreed in Chengdu." in visitor.open(page_of(visitor)).text


def test_an_internal_comment_is_shared_only_after_a_question(story: Story) -> None:
    form = story.legal.open(f"{story.address}/comments/new?version=1&clause=costs")
    page = story.legal.press(form, "Add the comment", {"words": "Ask their bank.", "blocking": "yes"})
    assert "Ask their bank. Article 11 · blocking · internal" in page.text
    visitor, page = story.reader()
    assert "Ask their bank." not in page.text
    listed = story.legal.open(f"{story.address}/comments")
    question = story.legal.open(listed.tree.xpath("//a[contains(@href, '/share')]")[0].get("href"))
    assert question.heading == "Share this comment with the other side?"
    assert "It cannot be made internal again." in question.text
    story.legal.press(question, "Share it")
    assert "Ask their bank." in visitor.open(page_of(visitor)).text


def test_a_quote_that_does_not_stand_keeps_the_words(story: Story) -> None:
    form = story.legal.open(f"{story.address}/comments/new?version=1&clause=costs")
    page = story.legal.press(form, "Add the comment", {"words": "What is this?", "quote": "not there at all"})
    assert page.status == 422
    assert "The quoted words do not stand in this clause." in page.text
    assert page.field("words").text_content() == "What is this?"
    assert page.field("quote").text_content() == "not there at all"


def test_a_refused_proposal_keeps_everything_that_was_typed(story: Story) -> None:
    visitor, page = story.reader()
    form = visitor.open(f"{page.address}/clauses/mechanism/proposal")
    page = visitor.press(form, "Send the proposal", {"explanation": "Because."})
    assert page.status == 422
    assert "Nothing differs from the wording as it stands." in page.text
    typed = form.field("text.en").text_content().strip() + " {{agreement_no}}"
    page = visitor.press(page, "Send the proposal", {"text.en": typed})
    assert page.status == 422
    assert "“{” is not used in clause texts" in page.text
    assert page.field("text.en").text_content().strip() == typed
    assert page.field("explanation").text_content() == "Because."


def test_the_change_is_shown_before_it_is_sent(story: Story) -> None:
    visitor, page = story.reader()
    form = visitor.open(f"{page.address}/clauses/mechanism/proposal")
    text = form.field("text.en").text_content().replace(*ONLINE)
    page = visitor.press(form, "Show the change", {"text.en": text})
    assert page.all("//section[@id='redline']//div//del") == ["taken out: or in person"]
    assert page.field("text.en").text_content().strip() == text.strip()
    assert visitor.open(page_of(visitor)).all("//*[@id='proposals']") == []


def test_what_was_written_comes_back_when_the_link_ended_meanwhile(story: Story, clock: StoppedClock) -> None:
    visitor, page = story.reader()
    form = visitor.open(f"{page.address}/clauses/mechanism/proposal")
    clock.forward(hours=13)
    page = visitor.press(form, "Send the proposal", {"explanation": "An hour of work."})
    assert page.status in (400, 401)
    assert page.heading == "Your review is closed in this browser"
    written = page.all("//textarea")
    assert "An hour of work." in written
    assert any("The Working Group meets" in one for one in written)


def test_what_changed_since_the_version_before(story: Story) -> None:
    visitor, page = story.reader()
    assert "What changed" not in page.text
    story.draft.save(term={"count": 48, "unit": "months"})
    listed = story.legal.open(f"{story.address}/reviewers")
    story.legal.press(listed, "Share the version")
    page = visitor.open(f"{page.address}/changes")
    assert page.heading == "What changed since version 1"
    assert "forty-eight" in page.text


def test_an_edited_clause_with_mistakes_is_shown_again(story: Story) -> None:
    visitor, page = story.reader()
    story.proposed(visitor, page)
    listed = story.legal.open(f"{story.address}/proposals")
    editor = story.legal.open(listed.tree.xpath("//a[contains(text(), 'Accept with changes')]")[0].get("href"))
    typed = editor.field("source.zh-Hans").text_content().strip() + "\n\n再一款。"
    page = story.legal.press(editor, "Accept these words", {"source.zh-Hans": typed, "words": "Almost."})
    assert page.status == 422
    assert "parts stand here" in page.text
    assert page.field("source.zh-Hans").text_content().strip() == typed
    assert page.field("words").text_content() == "Almost."
    fixed = typed.removesuffix("\n\n再一款。").replace("线上或者线下", "线上")
    page = story.legal.press(page, "Accept these words", {"source.zh-Hans": fixed})
    assert "Accepted into the draft" in page.text
    assert "accepted with changes" in visitor.open(page_of(visitor)).text


def test_a_decision_over_an_older_wording_shows_the_new_one(story: Story) -> None:
    visitor, page = story.reader()
    story.proposed(visitor, page)
    listed = story.legal.open(f"{story.address}/proposals")
    story.draft.save(joint_group={**story.draft.values["joint_group"], "meetings": 7})
    page = story.legal.press(listed, "Accept into the draft", {"words": "Yes."})
    assert page.status == 409
    assert "was changed meanwhile" in page.text
    assert "The article reads otherwise than in version 1" in page.text
    assert page.all("//textarea")[0] == "Yes."
    assert "Accepted into the draft" in story.legal.press(page, "Accept into the draft").text


def test_pages_without_anything_say_what_to_do(story: Story) -> None:
    assert "No proposals" in story.legal.open(f"{story.address}/proposals").text
    assert "No open comments" in story.legal.open(f"{story.address}/comments").text
    assert "Nobody yet." in story.legal.open(f"{story.address}/reviewers").text


def test_a_wrong_invitation_keeps_what_was_typed(story: Story) -> None:
    page = story.legal.open(f"{story.address}/reviewers")
    page = story.legal.press(page, "Send the invitation", {"name": "Anna Berg", "email": "nobody", "days": "14"})
    assert page.status == 422
    assert "this is not a mail address" in page.text
    assert page.field("name").get("value") == "Anna Berg"


def test_others_of_the_staff_comment_and_do_not_decide(story: Story) -> None:
    visitor, page = story.reader()
    story.proposed(visitor, page)
    manager = story.house.signed_in("management")
    page = manager.open(f"{story.address}/proposals")
    assert not [words for words in page.all("//button") if words.startswith(("Accept", "Reject"))]
    page = manager.open(f"{story.address}/comments/new?version=1&clause=costs")
    assert "Blocking" not in page.text
    assert "Your comment is kept." in manager.press(page, "Add the comment", {"words": "Fine."}).text
    assert manager.open(f"{story.address}/reviewers").status == 403
