"""Signed notes (C2SP signed-note) with Ed25519: write, parse, verify, and the key text ("vkey").

Stricter than the specification asks where laxness would only help an attacker: base64 must be canonical, a note has at
most 100 signatures and a million bytes. ML-DSA signatures of others are carried along unread; what a note *says* is
`checkpoint`'s affair, and a witness's cosignature is `witness`'s.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from signing_service.audit.errors import MalformedNote, UntrustedNote

ED25519: Final = 0x01
"""Signature type byte of a plain Ed25519 note signature."""

ED25519_COSIGNATURE: Final = 0x04
"""Signature type byte of a time-stamped witness cosignature (C2SP tlog-cosignature)."""

MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100

_SIGNATURE_LINE = re.compile(r"— (?P<name>[^ ]+) (?P<value>[A-Za-z0-9+/=]+)")
_VKEY = re.compile(r"(?P<name>[^+]+)\+(?P<key_id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/=]+)")


class Signer(Protocol):
    """Whoever signs notes under a name; the key may live elsewhere, so signing may be slow or fail."""

    @property
    def verifier(self) -> VerifierKey:
        """The public half: name, key id and public key."""
        ...

    def sign(self, text: str) -> bytes:
        """Return the signature value over the text of a note, without the key id."""
        ...


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and the public key known for it. Equal keys under two names are two verifier keys."""

    name: str
    public_key: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise MalformedNote(reason="a key name must not be empty nor hold spaces or '+'")
        if self.algorithm not in (ED25519, ED25519_COSIGNATURE):
            raise MalformedNote(reason=f"unknown signature type {self.algorithm:#04x}")
        if len(self.public_key) != 32:
            raise MalformedNote(reason="an Ed25519 public key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """First four bytes of SHA-256(name ‖ newline ‖ type ‖ public key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public_key).digest()[:4]

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the key as text: name+keyid+base64(type ‖ public key)."""
        key = b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read a key text. Raises `MalformedNote`, also when the key id is not the key's."""
        match = _VKEY.fullmatch(text)
        if match is None:
            raise MalformedNote(reason="a key reads name+id+base64")
        key = decode_base64(match["key"])
        if not key:
            raise MalformedNote(reason="the key is empty")
        verifier = cls(match["name"], key[1:], key[0])
        if verifier.key_id.hex() != match["key_id"]:
            raise MalformedNote(reason="the key id does not belong to the key")
        return verifier

    def accepts(self, message: bytes, value: bytes) -> bool:
        """Return whether `value` is this key's plain Ed25519 signature over `message`."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(value, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line; nothing says yet that it is valid."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """Return the line as it stands in a note, newline included."""
        return f"— {self.name} {b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A parsed note. Its text must be ignored until `verified_by` has accepted it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def serialize(self) -> str:
        """Return the note's own bytes again, as text."""
        return self.text + "\n" + "".join(signature.line() for signature in self.signatures)


@dataclass(frozen=True, slots=True)
class Ed25519Signer:
    """Signs notes with a private key held in this process."""

    name: str
    private_key: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public half under this name."""
        return VerifierKey(self.name, self.private_key.public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        """Sign the text, final newline included, blank line not."""
        return self.private_key.sign(text.encode())


def sign(text: str, signers: Sequence[Signer]) -> SignedNote:
    """Return `text` signed by each signer in order. Raises `MalformedNote` when the text cannot be a note's."""
    _check_text(text)
    if not signers:
        raise MalformedNote(reason="nobody signs it")
    signatures = []
    for signer in signers:
        verifier = signer.verifier
        signatures.append(NoteSignature(verifier.name, verifier.key_id, signer.sign(text)))
    return SignedNote(text, tuple(signatures))


def parse(note: str | bytes) -> SignedNote:
    """Take a note apart without trusting it. Raises `MalformedNote`."""
    if len(note) > MAX_NOTE_BYTES:
        raise MalformedNote(reason="it is too long")
    if isinstance(note, bytes):
        try:
            note = note.decode()
        except UnicodeDecodeError as error:
            raise MalformedNote(reason="it is not UTF-8") from error
    head, separator, tail = note.rpartition("\n\n")
    if not separator:
        raise MalformedNote(reason="no blank line stands before the signatures")
    text = head + "\n"
    _check_text(text)
    if not tail.endswith("\n"):
        raise MalformedNote(reason="the last line is not ended")
    return SignedNote(text, parse_signatures(tail))


def parse_signatures(lines: str) -> tuple[NoteSignature, ...]:
    """Read one or more signature lines, each ended by a newline. Raises `MalformedNote`."""
    rows = lines.split("\n")
    if rows.pop() != "" or not rows:
        raise MalformedNote(reason="it has no signature lines")
    if len(rows) > MAX_SIGNATURES:
        raise MalformedNote(reason=f"it has more than {MAX_SIGNATURES} signatures")
    return tuple(_parse_line(row) for row in rows)


def verified_by(note: SignedNote, known: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
    """Return the known plain keys whose signatures hold; unknown signatures are ignored, as the specification asks.

    Raises `UntrustedNote` when a signature of a known key is wrong, or when none of a known key is there.
    """
    keys = {(key.name, key.key_id): key for key in known if key.algorithm == ED25519}
    message = note.text.encode()
    held: dict[VerifierKey, None] = {}
    for signature in note.signatures:
        key = keys.get((signature.name, signature.key_id))
        if key is None:
            continue
        if not key.accepts(message, signature.value):
            raise UntrustedNote(reason=f"the signature of {key.name} is wrong")
        held[key] = None
    if not held:
        raise UntrustedNote(reason="no known key signed it")
    return tuple(held)


def is_key_name(name: str) -> bool:
    """Return whether `name` may name a key: not empty, no spaces of any script, no '+', no control characters."""
    return bool(name) and "+" not in name and not any(sign.isspace() or sign < " " for sign in name)


def decode_base64(text: str) -> bytes:
    """Decode standard base64, refusing any other spelling of the same bytes. Raises `MalformedNote`."""
    try:
        value = b64decode(text, validate=True)
    except ValueError as error:
        raise MalformedNote(reason="it holds text that is not base64") from error
    if b64encode(value).decode() != text:
        raise MalformedNote(reason="it holds base64 that is not canonical")
    return value


def _parse_line(row: str) -> NoteSignature:
    match = _SIGNATURE_LINE.fullmatch(row)
    if match is None or not is_key_name(match["name"]):
        raise MalformedNote(reason="a signature line does not read '— name base64'")
    value = decode_base64(match["value"])
    if len(value) < 5:
        raise MalformedNote(reason="a signature is too short")
    return NoteSignature(match["name"], value[:4], value[4:])


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise MalformedNote(reason="the text does not end in a newline")
    if any(character < " " and character != "\n" for character in text):
        raise MalformedNote(reason="the text holds control characters")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise MalformedNote(reason="the text is not UTF-8") from error
