"""A trust service provider in a process of its own: CSC API v1.0.4 under /csc/v1 and v2 under /csc/v2, over TLS.

    python -m tests.peers.csc_provider FOLDER

It has its own certificate authority and real keys, and its rules are real: an access token of the client, a person's
PIN and one-time password, activation data that is bound to credential and hashes, ends after a minute and works once.
It prints its port when it listens, and writes `root.pem` (its authority) and `tls.pem` (its server) into the folder.
`POST /test/mode` makes it misbehave; what it was asked stands under `/test/seen`.
"""

from __future__ import annotations

import ipaddress
import secrets
import ssl
import sys
import threading
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask, Response, jsonify, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from tests.factories.foreign_authority import ForeignAuthority
from tests.peers.csc_people import CLIENT_ID, CLIENT_SECRET, PEOPLE, Person

SHA256_OID = "2.16.840.1.101.3.4.2.1"
ALGORITHMS = {"ec": ["1.2.840.10045.4.3.2"], "rsa": ["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"]}
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Refused(Exception):
    """An error answer of the API: status and code."""

    def __init__(self, code: str, status: int = 400) -> None:
        self.code, self.status = code, status


@dataclass
class Activation:
    """Activation data that was given out."""

    credential: str
    hashes: list[str]
    ends: float
    used: bool = False


@dataclass
class Provider:
    """Everything it knows."""

    authority: ForeignAuthority
    keys: dict[str, tuple[Key, x509.Certificate]] = field(default_factory=dict)
    making: threading.Lock = field(default_factory=threading.Lock)
    tokens: set[str] = field(default_factory=set)
    activations: dict[str, Activation] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    mode: str = ""
    last_value: str = ""
    wrong_pins: int = 0

    def certified(self, credential: str) -> tuple[Key, x509.Certificate]:
        """The key of a credential, made when it is first asked for, and its certificate."""
        with self.making:
            if credential not in self.keys:
                person = person_of(credential)
                kind = person.credentials[credential]
                made: Key = (
                    rsa.generate_private_key(65537, 3072) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
                )
                issued = self.authority.issue(made.public_key(), person.name, person.organisation)
                self.keys[credential] = (made, issued)
            return self.keys[credential]

    def sign(self, credential: str, digest: bytes) -> bytes:
        if self.mode == "other_hash":
            digest = bytes(32)
        key = ec.generate_private_key(ec.SECP256R1()) if self.mode == "other_key" else self.certified(credential)[0]
        prehashed = Prehashed(hashes.SHA256())
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(digest, padding.PKCS1v15(), prehashed)
        return key.sign(digest, ec.ECDSA(prehashed))


def person_of(credential: str) -> Person:
    """Whose credential it is."""
    for person in PEOPLE:
        if credential in person.credentials:
            return person
    raise Refused("invalid_request")


def application(provider: Provider) -> Flask:
    """The web application."""
    app = Flask(__name__)

    @app.before_request
    def listen() -> Response | None:
        if request.path.startswith("/test/"):
            return None
        provider.seen.append(request.path)
        match provider.mode:
            case "down":
                return Response("out of order", 503)
            case "redirect":
                return redirect("http://127.0.0.1:9/inside", 307)  # type: ignore[return-value]  # werkzeug's base class
            case "huge":
                return Response(b'{"x":"' + b"x" * 2_000_000 + b'"}', mimetype="application/json")
            case "no_json":
                return Response("<html>", mimetype="application/json")
            case "slow":
                time.sleep(3)
        return None

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[Response, int]:
        text = "<b>text of the provider</b>"
        return jsonify(error=error.code, error_description=text), error.status

    @app.errorhandler(HTTPException)
    def unknown(error: HTTPException) -> tuple[str, int]:
        return "no", error.code or 500

    register_test_routes(app, provider)
    for version in (1, 2):
        register(app, provider, version)
    return app


def register_test_routes(app: Flask, provider: Provider) -> None:
    """How a test sets it up."""

    @app.post("/test/mode")
    def mode() -> dict[str, Any]:
        provider.mode = request.get_json()["mode"]
        return {}

    @app.get("/test/seen")
    def seen() -> dict[str, Any]:
        return {"paths": provider.seen, "wrong_pins": provider.wrong_pins}

    @app.get("/test/lists")
    def lists() -> dict[str, Any]:
        gone = [provider.certified(one)[1].serial_number for one in request.args.getlist("revoked")]
        return {"lists": [b64encode(one).decode() for one in provider.authority.lists_der(*gone)]}

    @app.post("/test/forget-tokens")
    def forget() -> dict[str, Any]:
        provider.tokens.clear()
        return {}


def register(app: Flask, provider: Provider, version: int) -> None:
    """One version of the API."""
    base = f"/csc/v{version}"

    def body() -> dict[str, Any]:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in provider.tokens:
            raise Refused("invalid_token", 401)
        return dict(request.get_json())

    @app.post(f"{base}/info", endpoint=f"info{version}")
    def info() -> dict[str, Any]:
        specs = "2.0.0.2" if version == 2 else "1.0.4.0"
        methods = ["credentials/list", "credentials/info", "credentials/authorize", "signatures/signHash"]
        return {"specs": specs, "name": "Test Trust Service", "authType": ["oauth2client"], "methods": methods}

    @app.post(f"{base}/oauth2/token", endpoint=f"token{version}")
    def token() -> dict[str, Any]:
        form = request.form
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            raise Refused("invalid_client", 401)
        if form.get("grant_type") != "client_credentials":
            raise Refused("unsupported_grant_type")
        made = secrets.token_urlsafe(32)
        provider.tokens.add(made)
        return {"access_token": made, "token_type": "Bearer", "expires_in": 3600}

    @app.post(f"{base}/credentials/list", endpoint=f"list{version}")
    def credentials() -> dict[str, Any]:
        account = body().get("userID")
        for person in PEOPLE:
            if person.account == account:
                return {"credentialIDs": list(person.credentials)}
        raise Refused("invalid_request")

    @app.post(f"{base}/credentials/info", endpoint=f"credential{version}")
    def credential() -> dict[str, Any]:
        return described(provider, str(body()["credentialID"]), version)

    @app.post(f"{base}/credentials/sendOTP", endpoint=f"otp{version}")
    def otp() -> tuple[str, int]:
        provider.sent.add(str(body()["credentialID"]))
        return "", 204

    @app.post(f"{base}/credentials/authorize", endpoint=f"authorize{version}")
    def authorize() -> dict[str, Any]:
        return authorised(provider, body(), version)

    @app.post(f"{base}/signatures/signHash", endpoint=f"sign{version}")
    def sign() -> dict[str, Any]:
        return signed(provider, body(), version)


def described(provider: Provider, credential: str, version: int) -> dict[str, Any]:
    """credentials/info."""
    person = person_of(credential)
    kind = person.credentials[credential]
    chain = [provider.certified(credential)[1], provider.authority.issuing, provider.authority.root]
    answer: dict[str, Any] = {
        "key": {"status": "disabled" if provider.mode == "disabled" else "enabled", "algo": ALGORITHMS[kind]},
        "cert": {"certificates": [b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]},
        "SCAL": "2",
        "multisign": 1,
    }
    if version == 2:
        objects = [{"type": "Password", "id": "PIN"}]
        if person.otp:
            objects.append({"type": "Password", "id": "OTP", "generator": "totp"})
        return answer | {"auth": {"mode": "explicit", "expression": "PIN", "objects": objects}}
    otp = {"presence": "true", "type": "online"} if person.otp else {"presence": "false"}
    return answer | {"authMode": "explicit", "PIN": {"presence": "true"}, "OTP": otp}


def authorised(provider: Provider, body: dict[str, Any], version: int) -> dict[str, Any]:
    """credentials/authorize: both factors, then activation data for exactly these hashes."""
    credential = str(body["credentialID"])
    person = person_of(credential)
    given = {one["id"]: one["value"] for one in body.get("authData", [])} if version == 2 else body
    if given.get("PIN") != person.pin:
        provider.wrong_pins += 1
        raise Refused("invalid_pin")
    if person.otp and (given.get("OTP") != person.otp or credential not in provider.sent):
        raise Refused("invalid_otp")
    provider.sent.discard(credential)
    wanted = body["hashes" if version == 2 else "hash"]
    if len(wanted) != int(body["numSignatures"]) or any(len(b64decode(one)) != 32 for one in wanted):
        raise Refused("invalid_request")
    if version == 2 and body.get("hashAlgorithmOID") != SHA256_OID:
        raise Refused("invalid_request")
    made = secrets.token_urlsafe(24)
    lasts = -1 if provider.mode == "expired" else 60
    provider.activations[made] = Activation(credential, list(wanted), time.monotonic() + lasts)
    if provider.mode == "used":
        provider.activations[made].used = True
    return {"SAD": made, "expiresIn": 60}


def signed(provider: Provider, body: dict[str, Any], version: int) -> dict[str, Any]:
    """signatures/signHash: the activation data is for this credential, these hashes, now, and once."""
    activation = provider.activations.get(str(body.get("SAD")))
    credential, wanted = body["credentialID"], body["hashes" if version == 2 else "hash"]
    if activation is None or activation.used or activation.credential != credential:
        raise Refused("invalid_request")
    if activation.ends < time.monotonic():
        raise Refused("expired_token")
    if activation.hashes != wanted or body["signAlgo"] not in ALGORITHMS[person_of(credential).credentials[credential]]:
        raise Refused("invalid_request")
    activation.used = True
    value = b64encode(provider.sign(credential, b64decode(wanted[0]))).decode()
    if provider.mode == "replay" and provider.last_value:
        value = provider.last_value
    provider.last_value = value
    return {"signatures": [value]}


def tls(folder: Path) -> ssl.SSLContext:
    """A certificate for this machine's loopback, which is its own root."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    made = (
        builder.not_valid_after(now + timedelta(days=1)).add_extension(host, critical=False).sign(key, hashes.SHA256())
    )
    (folder / "tls.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem", folder / "tls.key")
    return context


def main(folder: Path) -> None:
    """Listen until the standard input is closed by whoever started it."""
    provider = Provider(ForeignAuthority("Test Trust Service"))
    (folder / "root.pem").write_bytes(provider.authority.root_pem)
    server = make_server("127.0.0.1", 0, application(provider), threaded=True, ssl_context=tls(folder))
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
