"""The one table of who may do what. Deny by default: an action without a row is refused to everybody.

Predicates look only at the actor and at facts already loaded; they open no session. Every route and every operation
names one `Action`, and tests hold both lists against this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from signing_service.errors import NotPermitted, SignInNeeded


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `id` is the opaque id the audit log keeps.

    Staff carry `roles`; a signatory carries `signatory_id` and a partner's reviewer `reviewer_id`, both only once a
    one-time code was accepted.
    """

    id: str
    kind: str  # staff, signatory, reviewer, stage, system or anonymous
    roles: frozenset[str] = frozenset()
    signatory_id: str | None = None
    invitation_id: str | None = None
    ceremony_id: str | None = None
    reviewer_id: str | None = None
    language: str = "en"
    name: str = ""


ANONYMOUS = Actor(id="anonymous", kind="anonymous")
SYSTEM = Actor(id="system", kind="system")


class Action(StrEnum):
    """Everything a person can do here."""

    PUBLIC = "public"
    SIGN_IN = "people.sign_in"
    SIGN_OUT = "people.sign_out"
    TEMPLATE_READ = "templates.read"
    TEMPLATE_UPLOAD = "templates.upload"
    TEMPLATE_DECIDE = "templates.decide"
    AGREEMENT_READ = "agreements.read"
    AGREEMENT_START = "agreements.start"
    AGREEMENT_WITHDRAW = "agreements.withdraw"
    AGREEMENT_VOID = "agreements.void"
    AGREEMENT_VOID_CONFIRM = "agreements.confirm_void"
    DEADLINE_SET = "deadlines.set"
    DRAFT_EDIT = "drafts.edit"
    ORGANISATION_READ = "organisations.read"
    ORGANISATION_EDIT = "organisations.edit"
    CLAUSE_LIBRARY_READ = "clause_library.read"
    CLAUSE_LIBRARY_PROPOSE = "clause_library.propose"
    CLAUSE_LIBRARY_DECIDE = "clause_library.decide"
    VERSION_SAVE = "versions.save"
    COMMENT_ADD = "comments.add"
    COMMENT_SETTLE = "comments.settle"
    REVIEWER_INVITE = "reviewers.invite"
    REVIEW_TAKE_PART = "reviewers.take_part"
    PROPOSAL_DECIDE = "proposals.decide"
    REVIEW_SUBMIT = "approvals.submit"
    APPROVAL_DECIDE = "approvals.decide"
    ROUTE_EDIT = "approval_routes.edit"
    DELEGATE = "delegations.manage"
    DOCUMENT_FREEZE = "documents.freeze"
    DOCUMENT_READ = "documents.read"
    EXTERNAL_SEAL_KEEP = "external_seals.keep"
    INVITATION_SEND = "invitations.send"
    INVITATION_OPEN = "invitations.open"
    CEREMONY_PLAN = "ceremonies.plan"
    CEREMONY_HOST = "ceremonies.host"
    CEREMONY_REHEARSE = "ceremonies.rehearse"
    CEREMONY_WATCH = "ceremonies.watch"
    SEAT_TAKE = "seats.take"
    SEAT_REHEARSE = "seats.rehearse"
    SIGN = "signatures.sign"
    CERTIFICATE_READ = "certificates.read"
    CERTIFICATE_REVOKE = "certificates.revoke"
    CLOSE = "documents.close"
    VERIFY = "verification.verify"
    AUDIT_READ = "audit.read"
    OUTBOX_READ = "mails.read"
    OPERATE = "service.operate"


Predicate = Callable[[Actor], bool]


def anyone(_actor: Actor) -> bool:
    """True for everybody, signed in or not."""
    return True


def staff(actor: Actor) -> bool:
    """Any of the operator's people."""
    return actor.kind == "staff"


def role(*names: str) -> Predicate:
    """Staff with one of these roles."""

    def has_role(actor: Actor) -> bool:
        return actor.kind == "staff" and not actor.roles.isdisjoint(names)

    return has_role


def identified_signatory(actor: Actor) -> bool:
    """A signatory whose one-time code was accepted."""
    return actor.kind == "signatory" and actor.signatory_id is not None


def identified_reviewer(actor: Actor) -> bool:
    """A reviewer of a party whose one-time code was accepted."""
    return actor.kind == "reviewer" and actor.reviewer_id is not None


def stage_viewer(actor: Actor) -> bool:
    """Someone with the read-only stage link."""
    return actor.kind == "stage"


def system(actor: Actor) -> bool:
    """The service itself: worker, command line of the operator."""
    return actor.kind == "system"


#: Roles whose people may decide over a version. Nobody else can be named in a route or as a delegate.
APPROVING = ("legal", "management")

#: Action → any of these predicates suffices.
RULES: Mapping[Action, tuple[Predicate, ...]] = {
    Action.PUBLIC: (anyone,),
    Action.SIGN_IN: (anyone,),
    Action.SIGN_OUT: (anyone,),
    Action.TEMPLATE_READ: (role("legal", "management", "auditor", "admin"),),
    Action.TEMPLATE_UPLOAD: (role("legal", "admin"),),
    Action.TEMPLATE_DECIDE: (role("legal", "admin"),),
    Action.AGREEMENT_READ: (staff,),
    Action.AGREEMENT_START: (role("legal"),),
    Action.AGREEMENT_WITHDRAW: (role("legal", "host"),),
    Action.AGREEMENT_VOID: (role("legal"),),
    Action.AGREEMENT_VOID_CONFIRM: (role("legal", "management"),),
    Action.DEADLINE_SET: (role("legal", "host"),),
    Action.DRAFT_EDIT: (role("legal"),),
    Action.ORGANISATION_READ: (staff,),
    Action.ORGANISATION_EDIT: (role("legal"),),
    Action.CLAUSE_LIBRARY_READ: (role("legal", "management"),),
    Action.CLAUSE_LIBRARY_PROPOSE: (role("legal"),),
    Action.CLAUSE_LIBRARY_DECIDE: (role("legal"),),
    Action.VERSION_SAVE: (role("legal"),),
    Action.COMMENT_ADD: (role("legal", "management", "host"),),
    Action.COMMENT_SETTLE: (role("legal"),),
    Action.REVIEWER_INVITE: (role("legal"),),
    Action.REVIEW_TAKE_PART: (identified_reviewer,),
    Action.PROPOSAL_DECIDE: (role("legal"),),
    Action.REVIEW_SUBMIT: (role("legal"),),
    Action.APPROVAL_DECIDE: (role(*APPROVING),),
    Action.ROUTE_EDIT: (role("legal"),),
    Action.DELEGATE: (role(*APPROVING),),
    Action.DOCUMENT_FREEZE: (role("legal", "host"),),
    Action.DOCUMENT_READ: (staff, identified_signatory),
    Action.EXTERNAL_SEAL_KEEP: (role("legal", "host"),),
    Action.INVITATION_SEND: (role("host"),),
    Action.INVITATION_OPEN: (anyone,),
    Action.CEREMONY_PLAN: (role("host"),),
    Action.CEREMONY_HOST: (role("host"),),
    Action.CEREMONY_REHEARSE: (role("host"),),
    Action.CEREMONY_WATCH: (staff, identified_signatory, stage_viewer),
    Action.SEAT_TAKE: (identified_signatory,),
    Action.SEAT_REHEARSE: (identified_signatory,),
    Action.SIGN: (identified_signatory,),
    Action.CERTIFICATE_READ: (role("host", "admin", "auditor"),),
    Action.CERTIFICATE_REVOKE: (role("host", "admin"), system),
    Action.CLOSE: (system,),
    Action.VERIFY: (anyone,),
    Action.AUDIT_READ: (role("auditor", "admin"), system),
    Action.OUTBOX_READ: (role("admin"),),
    Action.OPERATE: (system,),
}


def require(actor: Actor, action: Action) -> None:
    """Raise `SignInNeeded` or `NotPermitted` unless a rule allows `actor` to do `action`."""
    if any(predicate(actor) for predicate in RULES.get(action, ())):
        return
    if actor.kind == "anonymous":
        raise SignInNeeded()
    raise NotPermitted(action=action.value)
