"""The parsing of what browsers send to the JSON interface, and the shapes of what they get back.

marshmallow refuses unknown keys; every message names the field.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError, fields, validate

from signing_service.errors import N_, InvalidInput

SHA256 = validate.Regexp(r"^[0-9a-f]{64}\Z", error=N_("64 hexadecimal digits"))
COMMAND_KEY = validate.Regexp(r"^[A-Za-z0-9_-]{8,80}\Z", error=N_("8 to 80 letters, digits, - or _"))
CSR_MAX = 8192
CERTIFICATE_MAX = 64 * 1024


class Base64Bytes(fields.Field[bytes]):
    """Bytes as base64 text (RFC 4648 §4, with padding)."""

    def __init__(self, *, maximum: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.maximum = maximum

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bytes:
        if not isinstance(value, str) or len(value) > self.maximum * 2:
            raise ValidationError(N_("base64 text, not that long"))
        try:
            return base64.b64decode(value, validate=True)
        except ValueError as error:  # binascii.Error is one; letters beyond ASCII are another
            raise ValidationError(N_("this is not base64")) from error


class Words(fields.String):
    """What a person typed: text that can be kept, so no half of a character (a lone surrogate)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValidationError(N_("this text holds half a character")) from error
        return text


class Empty(Schema):
    """A command without parameters."""


class PagesRead(Schema):
    """Pages (from 1) that were on the screen."""

    pages = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 5000)), required=True, validate=validate.Length(1, 5000)
    )
    document_sha256 = fields.String(required=True, validate=SHA256)


class AcceptedConsent(Schema):
    """Which sentence was accepted."""

    text_id = fields.String(required=True, validate=validate.Length(1, 60))
    language = fields.String(required=True, validate=validate.OneOf(["zh-Hans", "en", "de", "fi"]))
    sha256 = fields.String(required=True, validate=SHA256)


class Ready(Schema):
    """The arm of two-phase signing."""

    csr = Base64Bytes(required=True, maximum=CSR_MAX)
    challenge_signature = Base64Bytes(required=True, maximum=256)
    consent = fields.Nested(AcceptedConsent, required=True)
    document_sha256 = fields.String(required=True, validate=SHA256)
    command_key = fields.String(required=True, validate=COMMAND_KEY)


class OwnCertificate(Schema):
    """A certificate file, PEM or DER, with its chain if it is there."""

    certificate = Base64Bytes(required=True, maximum=CERTIFICATE_MAX)


class OwnReady(OwnCertificate):
    """The arm of two-phase signing with one's own certificate."""

    confirmed_sha256 = fields.String(required=True, validate=SHA256)
    consent = fields.Nested(AcceptedConsent, required=True)
    document_sha256 = fields.String(required=True, validate=SHA256)
    command_key = fields.String(required=True, validate=COMMAND_KEY)


class Drawing(Schema):
    """Strokes for the stamp; none at all takes the drawing back. `pades.drawing` knows what strokes are."""

    strokes = fields.Raw(required=True)


class Decline(Schema):
    """A refusal with its reason."""

    reason = Words(required=True, validate=validate.Length(1, 1000))
    command_key = fields.String(required=True, validate=COMMAND_KEY)


class Press(Schema):
    """The press on “Sign and bind”."""

    document_sha256 = fields.String(required=True, validate=SHA256)
    command_key = fields.String(required=True, validate=COMMAND_KEY)


class PasskeyAnswer(Schema):
    """What `navigator.credentials.get()` gave."""

    credential_id = Base64Bytes(required=True, maximum=1024)
    authenticator_data = Base64Bytes(required=True, maximum=8192)
    client_data_json = Base64Bytes(required=True, maximum=8192)
    signature = Base64Bytes(required=True, maximum=2048)


class NewPasskey(Schema):
    """What `navigator.credentials.create()` gave."""

    credential_id = Base64Bytes(required=True, maximum=1024)
    attestation_object = Base64Bytes(required=True, maximum=32768)
    client_data_json = Base64Bytes(required=True, maximum=8192)
    command_key = fields.String(required=True, validate=COMMAND_KEY)


class Value(Schema):
    """The signature value, raw r‖s, with the passkey's confirmation where one is wanted."""

    value = Base64Bytes(required=True, maximum=256)
    passkey = fields.Nested(PasskeyAnswer, load_default=None)
    command_key = fields.String(required=True, validate=COMMAND_KEY)


class HostCommand(Schema):
    """One of the host's commands."""

    command = fields.String(required=True, validate=validate.Length(1, 40))
    expected_version = fields.Integer(required=True, strict=True)
    command_key = fields.String(required=True, validate=COMMAND_KEY)
    reason = Words(load_default="", validate=validate.Length(0, 1000))


def parsed(schema: Schema) -> dict[str, Any]:
    """The request's JSON object, checked; raises `InvalidInput` naming the first wrong field."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested deeper than anything of ours
        body = None
    if not isinstance(body, dict):
        raise InvalidInput(field="body", problem=N_("a JSON object is needed"))
    try:
        return dict(schema.load(body))
    except ValidationError as error:
        field, problem = first_problem(dict(error.messages_dict))
        raise InvalidInput(field=field, problem=problem) from error


def first_problem(messages: Mapping[Any, Any], prefix: str = "") -> tuple[str, str]:
    """Path and message of the first problem of a marshmallow error."""
    name, inner = next(iter(messages.items()))
    path = prefix.rstrip(".") if name == "_schema" else f"{prefix}{name}"
    if isinstance(inner, Mapping):
        return first_problem(inner, f"{path}.")
    return path, str(inner[0])
