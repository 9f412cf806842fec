"""Setting up a passkey: what the browser is asked for, and what is accepted from it (W3C WebAuthn level 3, §7.1).

The attestation is verified in itself and kept whole. It is not traced to a vendor's root: an auditor who wants to know
the make of an authenticator does that with the kept bytes. Who the person is, is not decided here.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import serialization
from webauthn import verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationFormat,
    AttestationObject,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from keys.passkey_errors import (
    PasskeyOtherSite,
    PasskeyRegistrationRefused,
    PasskeyUnreadable,
    PasskeyUserUnverified,
)
from keys.passkeys import MAXIMUM_BYTES, Site, check_client_data, to_base64url

ALGORITHMS = (COSEAlgorithmIdentifier.ECDSA_SHA_256, COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256)
"""What every openssl can verify; RSA because the authenticator of many PCs makes nothing else."""

TIMEOUT_MS = 120_000


@dataclass(frozen=True, slots=True)
class Registered:
    """A passkey as it was set up. `backed_up`: it may be copied between its owner's devices by their provider."""

    credential_id: bytes
    public_key_der: bytes
    algorithm: str
    sign_count: int
    aaguid: str
    attestation_format: str
    backed_up: bool


def creation_options(site: Site, *, challenge: bytes, user_id: bytes, name: str, display_name: str) -> dict[str, Any]:
    """PublicKeyCredentialCreationOptionsJSON (§5.1.8); user verification is required, not preferred."""
    return {
        "rp": {"id": site.rp_id, "name": site.rp_id},
        "user": {"id": to_base64url(user_id), "name": name, "displayName": display_name},
        "challenge": to_base64url(challenge),
        "pubKeyCredParams": [{"type": "public-key", "alg": int(one)} for one in ALGORITHMS],
        "timeout": TIMEOUT_MS,
        "authenticatorSelection": {"residentKey": "preferred", "userVerification": "required"},
        # a maker's own word that the key lies in its hardware is worth more than our record of it
        "attestation": "direct",
    }


def accept_registration(
    credential_id: bytes, attestation_object: bytes, client_data_json: bytes, *, challenge: bytes, site: Site
) -> Registered:
    """The new passkey, if it answers this challenge on this site with a verified user.

    Raises `PasskeyUnreadable`, `PasskeyOtherContent`, `PasskeyOtherOrigin`, `PasskeyOtherSite`,
    `PasskeyUserUnverified` or `PasskeyRegistrationRefused`.
    """
    if max(len(attestation_object), len(client_data_json)) > 4 * MAXIMUM_BYTES:
        raise PasskeyUnreadable(reason="it is far too long")
    check_client_data(client_data_json, "webauthn.create", challenge, site)
    verified = _verified(credential_id, attestation_object, client_data_json, challenge, site)
    if verified.credential_id != credential_id:
        raise PasskeyRegistrationRefused(reason="it names two credentials")
    decoded = decode_credential_public_key(verified.credential_public_key)
    key = decoded_public_key_to_cryptography(decoded)
    return Registered(
        credential_id=verified.credential_id,
        public_key_der=key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
        algorithm="ES256" if decoded.alg == ALGORITHMS[0] else "RS256",
        sign_count=verified.sign_count,
        aaguid=verified.aaguid,
        attestation_format=AttestationFormat(verified.fmt).value,
        backed_up=verified.credential_backed_up,
    )


def _verified(
    credential_id: bytes, attestation_object: bytes, client_data_json: bytes, challenge: bytes, site: Site
) -> VerifiedRegistration:
    answer = RegistrationCredential(
        id=to_base64url(credential_id),
        raw_id=credential_id,
        response=AuthenticatorAttestationResponse(client_data_json, attestation_object),
    )
    try:
        _name_refusal(parse_attestation_object(attestation_object), site)
        return verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.rp_id,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
    except WebAuthnException as error:
        # the library quotes what it was sent: its words are for the cause, not for a page
        raise PasskeyRegistrationRefused(reason="its attestation does not hold") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise PasskeyUnreadable(reason="its attestation is malformed") from error


def _name_refusal(found: AttestationObject, site: Site) -> None:
    """The two refusals a person can do something about, by name; the rest is the library's word."""
    if found.auth_data.rp_id_hash != sha256(site.rp_id.encode()).digest():
        raise PasskeyOtherSite(expected=site.rp_id)
    if not found.auth_data.flags.uv:
        raise PasskeyUserUnverified
