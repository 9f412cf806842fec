"""What passkeys confirmed of one agreement, as files that an outsider checks without this service."""

from __future__ import annotations

from sqlalchemy import select

from keys.passkey_evidence import PasskeyEvidence
from keys.passkeys import from_base64url
from signing_service.db.models.passkeys import Passkey, PasskeyAssertion
from signing_service.db.models.signatories import Signatory
from signing_service.db.models.signatures import SignatureAttempt
from signing_service.moments import iso
from signing_service.operations.operation import Act, query
from signing_service.permissions import Action

FOLDER = "passkeys"


@query(Action.AGREEMENT_READ)
def of_agreement(act: Act, agreement_id: str) -> dict[str, bytes]:
    """Name → content of every file, for each signature of the agreement that a passkey confirmed."""
    return files_of(act, agreement_id)


@query(Action.SEAT_TAKE)
def mine(act: Act) -> dict[str, bytes]:
    """The same for the asking signatory's own signature."""
    signatory = act.session.get_one(Signatory, act.actor.signatory_id)
    return files_of(act, signatory.agreement_id, signatory.id)


def files_of(act: Act, agreement_id: str, signatory_id: str | None = None) -> dict[str, bytes]:
    """The same inside an operation; with `signatory_id` of one signatory only."""
    found = (
        select(Signatory.field_name, SignatureAttempt, PasskeyAssertion, Passkey)
        .join(SignatureAttempt, SignatureAttempt.id == PasskeyAssertion.attempt_id)
        .join(Signatory, Signatory.id == SignatureAttempt.signatory_id)
        .join(Passkey, Passkey.id == PasskeyAssertion.passkey_id)
        .where(SignatureAttempt.agreement_id == agreement_id, SignatureAttempt.state == "completed")
        .order_by(Signatory.position)
    )
    if signatory_id is not None:
        found = found.where(Signatory.id == signatory_id)
    files: dict[str, bytes] = {}
    for field, attempt, answer, passkey in act.session.execute(found):
        files |= _files(_evidence(field, attempt, answer, passkey))
    return files


def _evidence(field: str, attempt: SignatureAttempt, answer: PasskeyAssertion, passkey: Passkey) -> PasskeyEvidence:
    return PasskeyEvidence(
        field=field,
        rp_id=passkey.rp_id,
        origin=passkey.origin,
        credential_id=from_base64url(passkey.credential_id),
        public_key_der=passkey.public_key_der,
        sign_count_before=answer.sign_count_before,
        authenticator_data=answer.authenticator_data,
        client_data_json=answer.client_data_json,
        signature=answer.signature,
        signed_attributes=attempt.signed_attributes,
        registered_at=iso(passkey.registered_at),
        registration_authenticator=passkey.aaguid,
        registration_attestation=passkey.attestation_object,
        registration_client_data_json=passkey.client_data_json,
    )


def _files(evidence: PasskeyEvidence) -> dict[str, bytes]:
    """One file for our checker, and the same parts bare for openssl."""
    name = f"{FOLDER}/{evidence.field}"
    return {
        f"{name}.passkey.json": evidence.to_json(),
        f"{name}.public_key.pem": evidence.public_key_pem,
        f"{name}.authenticator_data.bin": evidence.authenticator_data,
        f"{name}.client_data.json": evidence.client_data_json,
        f"{name}.value.bin": evidence.signature,
    }
