"""Answers of keys in browsers that a passkey has to confirm: the value and the assertion, checked and kept together.

The value is WebCrypto's r‖s as in every browser; beside it stands what the authenticator answered to the challenge,
which is the SHA-256 of the same signed attributes. Both are checked before anything is stored.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import select

from keys import passkeys as rules
from keys.browser_held import raw_to_der
from keys.passkey_errors import PasskeyConfirmationMissing, PasskeyCounterBack, PasskeyNotSetUp
from keys.passkeys import Assertion, Site
from signing_service.audit.actions import Action as Recorded
from signing_service.audit.details.passkeys import PasskeyConfirmed
from signing_service.db.models.passkeys import Passkey, PasskeyAssertion
from signing_service.operations import rows
from signing_service.operations.finished import Finished, Opened, stamped
from signing_service.operations.operation import Act, query
from signing_service.operations.signing_facts import Attempt
from signing_service.permissions import Action, Actor
from signing_service.services import Services


@dataclass(frozen=True, slots=True)
class Wanted:
    """The passkey that has to confirm one signature, as it stood when the value arrived."""

    passkey_id: str
    passkey: rules.Passkey
    site: Site


def live(act: Act, signatory_id: str, invitation_id: str | None) -> Passkey | None:
    """The passkey that was set up through this invitation and not withdrawn."""
    return act.session.scalar(
        select(Passkey).where(
            Passkey.signatory_id == signatory_id,
            Passkey.invitation_id == invitation_id,
            Passkey.withdrawn_at.is_(None),
        )
    )


def answer_of(value: bytes, assertion: Assertion) -> bytes:
    """Value and confirmation as the one answer that `finish` reads."""
    return _written({"value": _text(value), **_parts(assertion)})


def finish(services: Services, actor: Actor, opened: Opened, answer: bytes) -> Finished:
    """Check the confirmation of exactly these attributes, then the value; raises from `PasskeyRefused`."""
    attributes = opened.prepared.signed_attributes
    wanted = _wanted(services, actor)
    value, assertion = _read(answer)
    count = rules.check_assertion(wanted.passkey, assertion, attributes, wanted.site)
    counts = {"before": wanted.passkey.sign_count, "after": count}
    evidence = _written({"passkey": wanted.passkey_id, **counts, **_parts(assertion)})
    return replace(stamped(services, opened, raw_to_der(value)), evidence=evidence)


@query(Action.SIGN)
def _wanted(act: Act) -> Wanted:
    row = live(act, act.actor.signatory_id or "", act.actor.invitation_id)
    if row is None:
        raise PasskeyNotSetUp
    known = rules.Passkey(rules.from_base64url(row.credential_id), row.public_key_der, row.sign_count)
    return Wanted(row.id, known, Site(row.rp_id, row.origin))


def keep(act: Act, attempt: Attempt, finished: Finished) -> None:
    """Store the confirmation beside its signature and move the counter, in the transaction that stores both."""
    facts = json.loads(finished.evidence)
    row = act.session.get_one(Passkey, facts["passkey"], with_for_update=True, populate_existing=True)
    if row.withdrawn_at is not None:
        raise PasskeyNotSetUp
    if row.sign_count != facts["before"]:
        raise PasskeyCounterBack(before=row.sign_count, after=facts["after"])
    answer = _assertion(facts)
    kept = PasskeyAssertion(
        attempt_id=attempt.id,
        passkey_id=row.id,
        authenticator_data=answer.authenticator_data,
        client_data_json=answer.client_data_json,
        signature=answer.signature,
        sign_count_before=facts["before"],
        sign_count=facts["after"],
        given_at=act.now,
    )
    act.session.add(kept)
    row.sign_count = facts["after"]
    _record(act, attempt, kept)


def _record(act: Act, attempt: Attempt, kept: PasskeyAssertion) -> None:
    seat = rows.seat(act, attempt.signatory_id)
    parts = kept.authenticator_data + kept.client_data_json + kept.signature
    details = PasskeyConfirmed(
        signatory=attempt.signatory_id,
        passkey=kept.passkey_id,
        attempt=attempt.id,
        attributes_sha256=hashlib.sha256(attempt.signed_attributes).hexdigest(),
        evidence_sha256=hashlib.sha256(parts).hexdigest(),
        sign_count=kept.sign_count,
        ceremony=seat.ceremony_id,
        seat=seat.id,
    )
    agreement_id = rows.signatory(act, attempt.signatory_id).agreement_id
    act.record(Recorded.PASSKEY_CONFIRMED, details, agreement=agreement_id)


def _read(answer: bytes) -> tuple[bytes, Assertion]:
    """A bare value, or anything else, confirms nothing."""
    try:
        facts = json.loads(answer)
        return b64decode(facts["value"], validate=True), _assertion(facts)
    except (ValueError, KeyError, TypeError):
        raise PasskeyConfirmationMissing from None


def _assertion(facts: dict[str, Any]) -> Assertion:
    return Assertion(**{part.name: b64decode(facts[part.name], validate=True) for part in fields(Assertion)})


def _parts(assertion: Assertion) -> dict[str, str]:
    return {part.name: _text(getattr(assertion, part.name)) for part in fields(Assertion)}


def _text(data: bytes) -> str:
    return b64encode(data).decode()


def _written(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
