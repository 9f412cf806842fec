"""The values of keys held elsewhere: a seal in the operator's token, a credential at a provider; outside transactions.

The certificate is looked at once more before the key is used: it may have expired or been revoked since it was bound.
"""

from __future__ import annotations

import json

from keys import own_certificates
from keys.holder_errors import CredentialUnknown, ProviderError
from keys.passphrases import Secret
from keys.remote_csc import Authorisation
from signing_service.db.models.provider_credentials import ProviderCredential
from signing_service.operations.finished import Finished, Opened, stamped
from signing_service.operations.operation import Act, query
from signing_service.pades.prepared import PreparedTail
from signing_service.permissions import Action, Actor
from signing_service.services import Services


def seal(services: Services, _actor: Actor, opened: Opened, _answer: bytes) -> Finished:
    """Sign with the organisation's seal in the token; raises from `HardwareError`."""
    prepared = opened.prepared
    held = services.held.seal_with(prepared.certificate_der)
    _require_still_good(services, prepared)
    return stamped(services, opened, held.custodian.sign(prepared.signed_attributes))


def provider(services: Services, actor: Actor, opened: Opened, answer: bytes) -> Finished:
    """Have the provider sign; `answer` is JSON with `pin` and `otp`, which go to the provider and nowhere else.

    Raises from `ProviderError`.
    """
    prepared = opened.prepared
    chosen, credential = _chosen(services, actor)
    _require_still_good(services, prepared)
    try:
        typed = json.loads(answer)
        given = Authorisation(Secret(str(typed["pin"]).encode()), Secret(str(typed["otp"]).encode()))
    except (ValueError, KeyError, TypeError):
        raise ProviderError from None  # its text would hold what was typed
    value = services.held.provider(chosen).sign(credential, prepared.certificate_der, prepared.signed_attributes, given)
    return stamped(services, opened, value)


@query(Action.SIGN)
def _chosen(act: Act) -> tuple[str, str]:
    row = act.session.get(ProviderCredential, act.actor.signatory_id or "")
    if row is None:
        raise CredentialUnknown(provider="")
    return row.provider, row.credential


def _require_still_good(services: Services, prepared: PreparedTail) -> None:
    own_certificates.accept_again(prepared.certificate_der, prepared.chain_der, services.authorities, services.clock())
