"""Reviewers of the parties in front of a drafted agreement: invited, identified, acting through the operations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from signing_service.cli import demo_case
from signing_service.operations import (
    drafts,
    mails,
    partner_review,
    review_links,
    reviewers,
    versions,
)
from signing_service.operations.partner_review import NewProposal
from signing_service.permissions import ANONYMOUS, Actor
from tests.factories.case import Case

ADDRESSES = {0: "reader.a@partner.example", 1: "reader.b@partner.example"}


@dataclass
class Drafted:
    """A case with an agreement in its first saved version, and what its people do with it."""

    case: Case
    agreement_id: str
    row_version: int = 1
    values: dict[str, Any] = field(default_factory=demo_case.sample)

    @property
    def legal(self) -> Actor:
        return self.case.staff["legal"]

    def save(self, **changes: Any) -> int:
        """Save the draft with these values changed, and a version of it; returns its number."""
        services = self.case.services
        self.values = {**self.values, **changes}
        self.row_version = drafts.read(services, self.legal, self.agreement_id, "en").row_version
        typed = demo_case.flat(self.values)
        self.row_version = drafts.save(services, self.legal, self.agreement_id, typed, self.row_version)
        return versions.save(services, self.legal, self.agreement_id, self.row_version).number

    def save_version(self) -> int:
        """A version of the draft as it is."""
        services = self.case.services
        row_version = drafts.read(services, self.legal, self.agreement_id, "en").row_version
        return versions.save(services, self.legal, self.agreement_id, row_version).number

    def invite(self, party: int = 1, **changes: Any) -> str:
        """Invite a reviewer of a party; returns the token of the mailed link."""
        facts: dict[str, Any] = {
            "name": f"Reader {chr(ord('A') + party)}",
            "email": ADDRESSES.get(party, "x@partner.example"),
            "language": "en",
            "party": party,
            "version": 1,
            "days": 14,
            "may_propose": True,
        }
        reviewers.invite(self.case.services, self.legal, self.agreement_id, reviewers.Invited(**{**facts, **changes}))
        return self.link(changes.get("email", ADDRESSES.get(party, "")))

    def link(self, email: str) -> str:
        """The token in the newest invitation to an address."""
        found = mails.outbox(self.case.services, self.case.staff["outbox"], self.agreement_id)
        newest = next(m for m in found if m.kind == "review_invitation" and m.recipient == email)
        return newest.links[0].rpartition("/")[2]

    def identified(self, token: str) -> tuple[Actor, str]:
        """Open the link and enter the code; returns the reviewer and the token of the session."""
        services = self.case.services
        review_links.opened(services, ANONYMOUS, token)
        review_links.send_code(services, ANONYMOUS, token)
        found = mails.outbox(services, self.case.staff["outbox"])
        code = next(m.code for m in found if m.kind == "code")
        accepted = review_links.identify(services, ANONYMOUS, token, code or "")
        actor = review_links.reviewer_actor(services, ANONYMOUS, accepted.token)
        assert actor is not None
        return actor, accepted.token

    def reviewer(self, party: int = 1, **changes: Any) -> Actor:
        """An identified reviewer of a party."""
        return self.identified(self.invite(party, **changes))[0]

    def proposal(
        self, reader: Actor, clause_id: str, *changes: tuple[str, str], lang: str = "en", key: str = "", **more: Any
    ) -> NewProposal:
        """A proposal of a reviewer that replaces words of a clause in one language."""
        desk = partner_review.clause(self.case.services, reader, clause_id)
        titles = {one: wording.title for one, wording in desk.wordings.items()}
        texts = {one: wording.text for one, wording in desk.wordings.items()}
        for old, new in changes:
            assert old in texts[lang], (old, texts[lang])
            texts[lang] = texts[lang].replace(old, new)
        return NewProposal(desk.room.version, clause_id, titles, texts, form_key=key or desk.form_key, **more)


def drafted(case: Case) -> Drafted:
    """An agreement with one saved version."""
    services = case.services
    agreement_id = drafts.start(services, case.staff["legal"], demo_case.TEMPLATE)
    found = Drafted(case, agreement_id)
    found.save()
    return found
