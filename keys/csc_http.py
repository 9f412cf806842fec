"""The HTTP side of a CSC provider: the operator's address, TLS, an access token of our own, limits, errors by name.

The service signs in as itself (OAuth 2.0 client credentials, RFC 6749 §4.4; CSC v1.0.4 §8.3) and keeps the token in
memory until shortly before it ends. Redirects are not followed and a proxy of the environment is not used, so that no
answer can send a request, with a PIN in it, to another host.
"""

import json
import re
import ssl
import threading
import time
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx

from keys.holder_errors import (
    CredentialUnknown,
    ProviderAddressInvalid,
    ProviderNotUsable,
    ProviderRefused,
    ProviderUnavailable,
)
from keys.holders import ProviderSettings
from keys.passphrases import Secret

TIMEOUT_SECONDS = 10.0
"""For each call as a whole; three calls and a token happen inside the turn of a signature."""

MAXIMUM_ANSWER_BYTES = 256 * 1024
TOKEN_MARGIN_SECONDS = 30.0
TOKEN_SECONDS = 300.0
"""How long a token is kept when the provider does not say."""

_REASONS: Mapping[str, str] = {
    "invalid_pin": "wrong PIN",
    "invalid_otp": "wrong one-time password",
    "invalid_request": "the request was not accepted",
    "invalid_client": "this service is not known there",
    "invalid_token": "the sign-in of this service has ended",
    "access_denied": "access denied",
    "unauthorized_client": "this service may not do this",
    "expired_token": "the authorisation has ended",
}
_CODE = re.compile(r"[a-z_]{1,40}")


class CscHttp:
    """Calls to one provider. `version` is 1 or 2, by the address the operator gave (`…/csc/v1`, `…/csc/v2`)."""

    def __init__(self, settings: ProviderSettings, *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.name = settings.title
        self._settings = settings
        self._url = _address(settings)
        self.version = 2 if re.search(r"/v2(/|$)", self._url.path) else 1
        self._timeout = timeout_seconds
        self._lock = threading.Lock()
        self._token: Secret | None = None
        self._token_ends = 0.0
        self._client = httpx.Client(
            timeout=timeout_seconds,
            follow_redirects=False,
            trust_env=False,
            verify=_trusted(settings.authorities),
            headers={"Accept": "application/json"},
        )

    def call(
        self, method: str, body: Mapping[str, Any], *, authorised: bool = True, may_be_empty: bool = False
    ) -> Mapping[str, Any]:
        """POST one method of the API; the JSON object it answers. Raises from the `ProviderError` tree.

        A token that the provider does not accept any more is fetched anew, once.
        """
        status, content = self._post(method, body, self._access_token() if authorised else None)
        if authorised and status == httpx.codes.UNAUTHORIZED and _code_of(content) in ("invalid_token", ""):
            self._forget_token()
            status, content = self._post(method, body, self._access_token())
        self._require_good(status, content)
        if may_be_empty and not content.strip():
            return {}
        return self._object(content)

    def _post(self, method: str, body: Mapping[str, Any], token: Secret | None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal().decode()}"
        return self._exchange(f"{self._url}/{method}", json.dumps(body).encode(), headers)

    def _access_token(self) -> Secret:
        with self._lock:
            if self._token is None or time.monotonic() >= self._token_ends:
                self._token = self._new_token()
            return self._token

    def _forget_token(self) -> None:
        with self._lock:
            self._token = None

    def _new_token(self) -> Secret:
        secret = self._settings.client_secret.read()
        form = httpx.QueryParams(
            {
                "grant_type": "client_credentials",
                "client_id": self._settings.client_id,
                "client_secret": secret.reveal().decode(),
            }
        )
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        status, content = self._exchange(f"{self._url}/oauth2/token", str(form).encode(), kind)
        self._require_good(status, content)
        answer = self._object(content)
        token, lasts = answer.get("access_token"), answer.get("expires_in", TOKEN_SECONDS)
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise ProviderNotUsable(provider=self.name, reason="it holds no access token")
        seconds = float(lasts) if isinstance(lasts, int | float) else TOKEN_SECONDS
        self._token_ends = time.monotonic() + max(0.0, seconds - TOKEN_MARGIN_SECONDS)
        return Secret(token.encode())

    def _exchange(self, url: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        deadline = time.monotonic() + self._timeout
        try:
            with self._client.stream("POST", url, content=content, headers=dict(headers)) as reply:
                body = bytearray()
                for part in reply.iter_bytes():
                    body += part
                    if len(body) > MAXIMUM_ANSWER_BYTES:
                        raise ProviderNotUsable(provider=self.name, reason="it is too long")
                    if time.monotonic() > deadline:  # httpx limits each wait, not their sum
                        raise ProviderUnavailable(provider=self.name, reason=f"longer than {self._timeout:g} s")
                return reply.status_code, bytes(body)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise ProviderUnavailable(provider=self.name, reason=type(error).__name__) from None  # it holds the request

    def _require_good(self, status: int, content: bytes) -> None:
        if status in (httpx.codes.OK, httpx.codes.NO_CONTENT):
            return
        if 300 <= status < 400:
            raise ProviderNotUsable(provider=self.name, reason="it points to another address")
        code = _code_of(content)
        if status == httpx.codes.NOT_FOUND or code == "invalid_credential":
            raise CredentialUnknown(provider=self.name)
        if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
            raise ProviderUnavailable(provider=self.name, reason=f"HTTP {status}")
        raise ProviderRefused(provider=self.name, reason=_REASONS.get(code, code or f"HTTP {status}"))

    def _object(self, content: bytes) -> Mapping[str, Any]:
        try:
            found = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise ProviderNotUsable(provider=self.name, reason="it is no JSON") from error
        if not isinstance(found, dict):
            raise ProviderNotUsable(provider=self.name, reason="it is no JSON object")
        return found

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _code_of(content: bytes) -> str:
    """The error code of an answer (v1.0.4 §10.1). The provider's own text is not shown: it could hold anything."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    code = found.get("error", "") if isinstance(found, dict) else ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _address(settings: ProviderSettings) -> httpx.URL:
    """HTTPS; plain HTTP only to the loopback, where nobody listens in. Raises `ProviderAddressInvalid`."""
    try:
        url = httpx.URL(settings.url)
    except httpx.InvalidURL as error:
        raise ProviderAddressInvalid(provider=settings.title) from error
    if not url.host or url.userinfo or url.query or (url.scheme != "https" and not _is_loopback(url)):
        raise ProviderAddressInvalid(provider=settings.title)
    return url


def _is_loopback(url: httpx.URL) -> bool:
    try:
        return url.scheme == "http" and ip_address(url.host).is_loopback
    except ValueError:
        return False


def _trusted(authorities: Path | None) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authorities) if authorities else None)
