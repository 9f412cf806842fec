"""People of the demo as programs: they use the service over HTTP only, with cookies, forms and keys of their own.

The signatory does what the browser's script does: makes a P-256 key, asks for a certificate, recomputes the digest of
the document it was shown, and signs only what contains that digest. Also used by tests that need many signatories.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

COORDINATE = 32
PATIENCE_SECONDS = 60.0
#: messageDigest (RFC 5652 §11.2) as it stands in signed attributes: OID, SET, OCTET STRING of 32 bytes.
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d01090431220420")
_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')
_MAIL = re.compile(r'<li class="mail".*?</li>', re.DOTALL)
_CODE = re.compile(r"<strong>(\d{6})</strong>")


class DemoFailed(Exception):
    """The service answered something the story has no place for; the text holds what it said."""


@cache
def authorities() -> ssl.SSLContext:
    """Read once for all visitors: it takes longer than all that one of them does."""
    return ssl.create_default_context()


class Visitor:
    """Somebody with a browser's cookies."""

    def __init__(self, base_url: str) -> None:
        self.http = httpx.Client(
            base_url=base_url,
            follow_redirects=True,
            timeout=60,
            headers={"Accept-Language": "en"},
            verify=authorities(),
        )
        self.csrf = ""

    def open(self, path: str) -> str:
        """GET a page; remembers its CSRF token."""
        answer = self.http.get(path)
        self._expect(answer)
        found = _CSRF.search(answer.text)
        self.csrf = found.group(1) if found else self.csrf
        return answer.text

    def send(self, path: str, form: Mapping[str, str]) -> httpx.Response:
        """POST a form as a page would; the answer after redirects."""
        answer = self.http.post(path, data={**form, "csrf_token": self.csrf})
        self._expect(answer)
        return answer

    def call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST JSON to the interface."""
        answer = self.http.post(path, json=body, headers={"X-CSRFToken": self.csrf})
        self._expect(answer)
        return dict(answer.json())

    def fetch(self, path: str) -> bytes:
        """GET bytes."""
        answer = self.http.get(path)
        self._expect(answer)
        return answer.content

    @staticmethod
    def _expect(answer: httpx.Response) -> None:
        if answer.is_error:
            path = answer.request.url.path
            raise DemoFailed(f"{answer.request.method} {path} → {answer.status_code}: {_reason(answer)}")


class StaffMember(Visitor):
    """One of the operator's people, signed in by a link."""

    def sign_in(self, link: str) -> None:
        """Open the link and press its button."""
        path = httpx.URL(link).raw_path.decode()
        self.open(path)
        self.send(path, {})
        self.open("/")


class SignatoryPerson(Visitor):
    """A signatory with a key that never leaves this object."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self.api = ""
        self.token = ""
        self.patience = PATIENCE_SECONDS
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.shown = b""

    def follow(self, link: str) -> None:
        """Open the invitation, tell that it was opened, ask for a code."""
        self.token = httpx.URL(link).path.removeprefix("/s/")
        self.open(f"/s/{self.token}")
        self.call(f"/s/{self.token}/opened", {})
        self.send(f"/s/{self.token}/code", {})

    def enter(self, code: str) -> None:
        """Prove who one is."""
        answer = self.send(f"/s/{self.token}", {"code": code})
        signatory_id = answer.url.path.removeprefix("/seat/")
        self.api = f"/api/v1/seats/{signatory_id}"
        self.open(answer.url.path)
        self.call(f"{self.api}/join", {})

    def resume(self, key: ec.EllipticCurvePrivateKey, shown: bytes) -> None:
        """Come back to a seat that is ready: with the key made before and the document shown before."""
        self._key, self.shown = key, shown

    def board(self) -> dict[str, Any]:
        """The seat as it stands."""
        return dict(self.http.get(self.api).json())

    def read(self) -> None:
        """Fetch the document, check its hash, display every page."""
        agreement = self.board()["agreement"]
        self.shown = self.fetch(agreement["document_url"])
        if hashlib.sha256(self.shown).hexdigest() != agreement["document_sha256"]:
            raise DemoFailed("the document is not the one announced")
        pages = list(range(1, agreement["pages"] + 1))
        self.call(f"{self.api}/pages", {"pages": pages, "document_sha256": agreement["document_sha256"]})

    def be_ready(self) -> dict[str, Any]:
        """Accept the sentence and get a certificate for one's own key."""
        board = self.board()
        return self.call(
            f"{self.api}/ready",
            {
                "csr": b64encode(self._request(board["me"]["name"])).decode(),
                "challenge_signature": b64encode(self.raw_signature(b64decode(board["me"]["challenge"]))).decode(),
                "consent": {key: board["consent"][key] for key in ("text_id", "language", "sha256")},
                "document_sha256": board["agreement"]["document_sha256"],
                "command_key": new_command_key(),
            },
        )

    def sign(self, command_key: str | None = None) -> dict[str, Any]:
        """Press; wait for the turn, check, sign; prepare again when another signature came first."""
        key = command_key or new_command_key()
        sha256 = hashlib.sha256(self.shown).hexdigest()
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            answer = self.http.post(
                f"{self.api}/signatures",
                json={"document_sha256": sha256, "command_key": key},
                headers={"X-CSRFToken": self.csrf},
            )
            if _prepare_again(answer):
                continue
            self._expect(answer)
            state = answer.json()
            if state["state"] == "signed":
                return dict(state)
            if state["state"] == "waiting":
                time.sleep(state["retry_ms"] / 1000)
                continue
            value = self.raw_signature(self.checked_attributes(state))
            answer = self.http.post(
                state["value_url"],
                json={"value": b64encode(value).decode(), "command_key": key},
                headers={"X-CSRFToken": self.csrf},
            )
            if not _prepare_again(answer):
                self._expect(answer)
                return dict(answer.json())
        raise DemoFailed("the turn to sign never came")

    def checked_attributes(self, state: Mapping[str, Any]) -> bytes:
        """The signed attributes, if they hold the digest of a document that begins with the one shown."""
        attributes = b64decode(state["signed_attributes"])
        prepared = self._prepared(state["prepared_url"])
        zero, first, second, rest = state["byte_range"]
        if zero != 0 or second + rest != len(prepared) or not prepared.startswith(self.shown):
            raise DemoFailed("the prepared document is not the one shown")
        digest = hashlib.sha256(prepared[:first] + prepared[second:]).digest()
        if MESSAGE_DIGEST + digest not in attributes:
            raise DemoFailed("the attributes to sign are about another document")
        return attributes

    def _prepared(self, path: str) -> bytes:
        """The prepared document; only what follows the one shown is fetched."""
        answer = self.http.get(path, headers={"Range": f"bytes={len(self.shown)}-"})
        self._expect(answer)
        return self.shown + answer.content if answer.status_code == 206 else answer.content

    def raw_signature(self, data: bytes) -> bytes:
        """ECDSA with SHA-256 as WebCrypto gives it: r‖s, 64 bytes."""
        r, s = decode_dss_signature(self._key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(COORDINATE, "big") + s.to_bytes(COORDINATE, "big")

    def _request(self, name: str) -> bytes:
        builder = x509.CertificateSigningRequestBuilder()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        request = builder.subject_name(subject).sign(self._key, hashes.SHA256())
        return request.public_bytes(serialization.Encoding.DER)


class OutboxReader(StaffMember):
    """Looks mails up where the embedded default puts them."""

    def newest_code(self, address: str) -> str:
        """The newest code mailed to an address."""
        for mail in self._mails(address):
            found = _CODE.search(mail)
            if found:
                return found.group(1)
        raise DemoFailed(f"no code was mailed to {address}")

    def invitation(self, address: str) -> str:
        """The newest invitation link mailed to an address."""
        for mail in self._mails(address):
            found = re.search(r"https?://[^\s\"<]+/s/[\w-]+", mail)
            if found:
                return found.group(0)
        raise DemoFailed(f"nobody invited {address}")

    def _mails(self, address: str) -> Iterator[str]:
        page = self.http.get("/outbox", params={"to": address}).text
        yield from _MAIL.findall(page)


def new_command_key() -> str:
    """A key that makes a repeated command the same command."""
    return secrets.token_urlsafe(18)


def _prepare_again(answer: httpx.Response) -> bool:
    """True when somebody else's signature came first or the turn was lost: ask again, the consent still holds."""
    if answer.status_code != httpx.codes.CONFLICT:
        return False
    return answer.json().get("code") in ("signature.stale_base", "signature.attempt_expired")


def _reason(answer: httpx.Response) -> str:
    if "json" in answer.headers.get("content-type", ""):
        return str(answer.json().get("detail", answer.text))
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return " ".join(text.split())[:400]
