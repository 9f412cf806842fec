"""What a CSC provider says of one credential, in both versions of the API, as one frozen object.

Nothing of it is believed but the certificate, and that only as far as its issuer is trusted by whoever verifies.
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from keys.holder_errors import ProviderNotUsable

MOST_CERTIFICATES = 10


@dataclass(frozen=True, slots=True)
class Credential:
    """`certificate_der` and its issuers, nearest first; `wants`: of PIN and OTP what the person has to type; `sends`:
    the provider sends the one-time password when asked; `mode`: explicit, implicit or oauth2code; `scal`: 1 or 2."""

    id: str
    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    status: str
    algorithms: tuple[str, ...]
    mode: str
    scal: str
    wants: tuple[str, ...]
    sends: bool


def credential_of(provider: str, credential_id: str, answer: Mapping[str, Any]) -> Credential:
    """Read credentials/info (v1.0.4 §11.5, v2 §11.5); raises `ProviderNotUsable`."""
    key, cert = _table(answer.get("key")), _table(answer.get("cert"))
    try:
        ders = [b64decode(one, validate=True) for one in cert.get("certificates", [])][:MOST_CERTIFICATES]
        read = [x509.load_der_x509_certificate(der).public_bytes(serialization.Encoding.DER) for der in ders]
        algorithms = tuple(str(one) for one in key.get("algo", []))
    except (ValueError, TypeError) as error:
        raise ProviderNotUsable(provider=provider, reason="its certificates cannot be read") from error
    if not read:
        raise ProviderNotUsable(provider=provider, reason="it holds no certificate")
    wants, sends = _factors_v2(answer) if "auth" in answer else _factors_v1(answer)
    mode = _table(answer.get("auth")).get("mode") or answer.get("authMode") or ""
    return Credential(
        id=credential_id,
        certificate_der=read[0],
        chain_der=tuple(der for der in read[1:] if not _is_root(der)),
        status=str(key.get("status", "")),
        algorithms=algorithms,
        mode=str(mode),
        scal=str(answer.get("SCAL", "1")),
        wants=wants,
        sends=sends,
    )


def _factors_v1(answer: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    pin, otp = _table(answer.get("PIN")), _table(answer.get("OTP"))
    wants = tuple(
        name for name, said in (("PIN", pin), ("OTP", otp)) if said.get("presence") in ("true", True, "optional")
    )
    return wants, "OTP" in wants and otp.get("type") == "online"


def _factors_v2(answer: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    objects = _table(answer.get("auth")).get("objects")
    said = [_table(one) for one in objects] if isinstance(objects, list) else []
    names = {str(one.get("id", "")) for one in said}
    sends = any(one.get("id") == "OTP" and one.get("generator") for one in said)
    return tuple(name for name in ("PIN", "OTP") if name in names), sends


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_root(der: bytes) -> bool:
    """A signature does not carry its root: whoever trusts it has it already."""
    certificate = x509.load_der_x509_certificate(der)
    return certificate.subject == certificate.issuer
