"""A client of one trust service provider that speaks the Cloud Signature Consortium API, v1.0.4 or v2.

It lists a person's credentials, shows their certificates, has a signature authorised for one hash (SCAL2), and gets it.
The address is the operator's, never a person's; redirects are not followed; answers are bounded in time and size; every
value is verified before it is given. A PIN or one-time password passes through and is kept nowhere. It signs hashes
only: documents stay here (no signatures/signDoc).
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from keys.csc_answers import Credential, credential_of
from keys.csc_http import CscHttp
from keys.errors import AlgorithmNotAllowed, WrongValue
from keys.holder_errors import CredentialUnusable, ProviderNotUsable, ProviderWrongSignature
from keys.passphrases import Secret
from keys.signer_keys import require, verify

SHA256_OID = "2.16.840.1.101.3.4.2.1"
RSA_OID = "1.2.840.113549.1.1.1"
RSA_SHA256_OID = "1.2.840.113549.1.1.11"
ECDSA_SHA256_OID = "1.2.840.10045.4.3.2"
MOST_CREDENTIALS = 20
"""Pages of the list are not turned: who has more credentials than this names the one they mean."""


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What a person types for one signature; either may be empty, as the credential wants it."""

    pin: Secret
    otp: Secret


class CscProvider:
    """One provider. Safe to share between threads."""

    def __init__(self, http: CscHttp) -> None:
        self._http = http
        self.name = http.name

    def info(self) -> Mapping[str, Any]:
        """What the provider says of itself (11.1): `specs`, `methods`, its name."""
        return self._http.call("info", {}, authorised=False)

    def credentials(self, account: str) -> tuple[str, ...]:
        """The identifiers of a person's credentials (11.4 credentials/list), at most `MOST_CREDENTIALS`."""
        wanted: dict[str, Any] = {"userID": account, "maxResults": MOST_CREDENTIALS}
        found = self._http.call("credentials/list", wanted).get("credentialIDs")
        if not isinstance(found, list) or not all(isinstance(one, str) and 0 < len(one) <= 200 for one in found):
            raise ProviderNotUsable(provider=self.name, reason="the list of credentials")
        return tuple(found[:MOST_CREDENTIALS])

    def credential(self, credential_id: str) -> Credential:
        """One credential with its certificates (11.5 credentials/info).

        Raises `CredentialUnusable` when nothing can be signed with it here.
        """
        wanted = {"credentialID": credential_id, "certificates": "chain", "certInfo": True, "authInfo": True}
        found = credential_of(self.name, credential_id, self._http.call("credentials/info", wanted))
        self._require_usable(found)
        return found

    def send_otp(self, credential_id: str) -> None:
        """Have the provider send a one-time password to the person (11.7 credentials/sendOTP)."""
        self._http.call("credentials/sendOTP", {"credentialID": credential_id}, may_be_empty=True)

    def sign(
        self, credential_id: str, certificate_der: bytes, signed_attributes: bytes, authorisation: Authorisation
    ) -> bytes:
        """The value over the DER SET of signed attributes: authorised for its hash alone, then signed, then verified.

        Raises `ProviderWrongSignature` for a value of another key or over another hash; nothing else is returned.
        """
        digest = sha256(signed_attributes).digest()
        credential = self.credential(credential_id)
        if not hmac.compare_digest(credential.certificate_der, certificate_der):
            raise CredentialUnusable(reason="it holds another certificate than the one that was bound")
        activation = self._authorise(credential, digest, authorisation)
        value = self._sign_hash(credential, digest, activation)
        try:
            verify(require(_key(certificate_der)), value, signed_attributes)
        except WrongValue as error:
            raise ProviderWrongSignature(provider=self.name) from error
        return value

    def _authorise(self, credential: Credential, digest: bytes, authorisation: Authorisation) -> Secret:
        """Signature activation data for this one hash (11.6 credentials/authorize)."""
        encoded = b64encode(digest).decode()
        wanted: dict[str, Any] = {"credentialID": credential.id, "numSignatures": 1}
        typed = {"PIN": authorisation.pin.reveal().decode(), "OTP": authorisation.otp.reveal().decode()}
        given = {name: typed[name] for name in credential.wants if typed[name]}
        if self._http.version == 2:
            data = [{"id": name, "value": value} for name, value in given.items()]
            wanted |= {"hashes": [encoded], "hashAlgorithmOID": SHA256_OID, "authData": data}
        else:
            wanted |= {"hash": [encoded], **given}
        sad = self._http.call("credentials/authorize", wanted).get("SAD")
        if not isinstance(sad, str) or not sad:
            raise ProviderNotUsable(provider=self.name, reason="it holds no activation data")
        return Secret(sad.encode())

    def _sign_hash(self, credential: Credential, digest: bytes, activation: Secret) -> bytes:
        """The bare value (11.9 signatures/signHash)."""
        encoded = b64encode(digest).decode()
        wanted: dict[str, Any] = {
            "credentialID": credential.id,
            "SAD": activation.reveal().decode(),
            "signAlgo": _algorithm(credential),
        }
        if self._http.version == 2:
            wanted |= {"hashes": [encoded], "hashAlgorithmOID": SHA256_OID, "operationMode": "S"}
        else:
            wanted |= {"hash": [encoded], "hashAlgo": SHA256_OID}
        values = self._http.call("signatures/signHash", wanted).get("signatures")
        if not isinstance(values, list) or len(values) != 1:
            raise ProviderNotUsable(provider=self.name, reason="it holds no single value")
        try:
            return b64decode(values[0], validate=True)
        except (ValueError, TypeError) as error:
            raise ProviderNotUsable(provider=self.name, reason="it holds no single value") from error

    def _require_usable(self, credential: Credential) -> None:
        """The key is enabled and of an accepted kind. Validity and key usage are checked where it is used."""
        if credential.status not in ("enabled", ""):
            raise CredentialUnusable(reason="it is disabled at the provider")
        if credential.mode not in ("explicit", "implicit"):
            raise CredentialUnusable(reason="it wants an authorisation that is not offered here")
        try:
            require(_key(credential.certificate_der))
        except AlgorithmNotAllowed as error:
            raise CredentialUnusable(reason=str(error)) from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __repr__(self) -> str:
        return f"<CscProvider {self.name}>"


def _key(certificate_der: bytes) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        return require(x509.load_der_x509_certificate(certificate_der).public_key())
    except ValueError as error:
        raise CredentialUnusable(reason="its certificate cannot be read") from error


def _algorithm(credential: Credential) -> str:
    """The signature algorithm with SHA-256; the bare RSA identifier where the provider lists no other (v1 §11.9)."""
    if isinstance(_key(credential.certificate_der), ec.EllipticCurvePublicKey):
        return ECDSA_SHA256_OID
    only_bare = RSA_OID in credential.algorithms and RSA_SHA256_OID not in credential.algorithms
    return RSA_OID if only_bare else RSA_SHA256_OID
