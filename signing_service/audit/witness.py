"""Witness cosignatures (C2SP tlog-cosignature, Ed25519) and its side of `add-checkpoint` (tlog-witness).

A witness signs that the newest tree it saw of a log continues every earlier one. Pure: the witness's memory is handed
in and out, transport and storage belong to the doors.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from signing_service.audit import merkle
from signing_service.audit.checkpoint import Checkpoint, SignedCheckpoint, parse_body, parse_decimal, parse_signed
from signing_service.audit.errors import (
    MalformedCheckpoint,
    MalformedNote,
    MalformedProof,
    UntrustedNote,
    WitnessConflict,
    WitnessRefuses,
    WitnessUnknownLog,
)
from signing_service.audit.note import (
    ED25519_COSIGNATURE,
    MAX_NOTE_BYTES,
    NoteSignature,
    VerifierKey,
    decode_base64,
    parse,
    parse_signatures,
)
from signing_service.audit.tlog_proof import MAX_STEPS

SIZE_CONTENT_TYPE: Final = "text/x.tlog.size"
"""Content type of the answer 409, whose body is the size the witness knows."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """A confirmed cosignature: who saw the checkpoint as the log's newest, and when."""

    verifier: VerifierKey
    at: datetime


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the size the client believes the witness knows, the proof from there, the new checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str

    def serialize(self) -> str:
        """Return the body of the request."""
        lines = [f"old {self.old_size}", *(b64encode(step).decode() for step in self.proof)]
        return "\n".join(lines) + "\n\n" + self.note


@dataclass(frozen=True, slots=True)
class Ed25519Witness:
    """A witness's name and key. The key must be used for nothing else."""

    name: str
    private_key: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """The public half, of the cosignature type."""
        return VerifierKey(self.name, self.private_key.public_key().public_bytes_raw(), ED25519_COSIGNATURE)

    def cosign(self, checkpoint: Checkpoint, at: datetime) -> NoteSignature:
        """Sign a checkpoint as the newest seen at this time. The caller has checked that it continues the last one."""
        seconds = int(at.timestamp())
        value = self.private_key.sign(_message(checkpoint, seconds))
        return NoteSignature(self.name, self.verifier.key_id, seconds.to_bytes(8, "big") + value)


def check_cosignature(checkpoint: Checkpoint, line: str, known: Iterable[VerifierKey]) -> Cosignature | None:
    """Confirm one stored signature line; None when it is of a witness that is not known.

    Raises `MalformedNote` for text that is not one line, `UntrustedNote` when a known witness's signature is wrong.
    """
    signatures = parse_signatures(line)
    if len(signatures) != 1:
        raise MalformedNote(reason="a cosignature is one line")
    return _check(checkpoint, signatures[0], known)


def cosignatures(note: str, known: Iterable[VerifierKey]) -> tuple[Cosignature, ...]:
    """Return the confirmed cosignatures of known witnesses on a checkpoint, each witness once."""
    parsed = parse(note)
    checkpoint, keys = parse_body(parsed.text), tuple(known)
    found = (_check(checkpoint, signature, keys) for signature in parsed.signatures)
    return tuple({each.verifier: each for each in found if each is not None}.values())


def parse_request(body: str | bytes) -> AddCheckpoint:
    """Read the body of an `add-checkpoint` request. Raises `MalformedProof` (answer 400)."""
    if len(body) > MAX_NOTE_BYTES:
        raise MalformedProof(reason="it is too long")
    try:
        text = body.decode() if isinstance(body, bytes) else body
    except UnicodeDecodeError as error:
        raise MalformedProof(reason="it is not UTF-8") from error
    head, separator, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not separator or not first.startswith("old "):
        raise MalformedProof(reason="it does not begin with 'old <size>', or has no checkpoint")
    try:
        proof = tuple(decode_base64(line) for line in lines)
        old_size = parse_decimal(first.removeprefix("old "))
    except (MalformedNote, MalformedCheckpoint) as error:
        raise MalformedProof(reason=str(error.params["reason"])) from error
    if len(proof) > MAX_STEPS or any(len(step) != merkle.HASH_SIZE for step in proof):
        raise MalformedProof(reason="its steps are not hashes")
    return AddCheckpoint(old_size, proof, note)


def accept(request: AddCheckpoint, known_logs: Sequence[VerifierKey], last: Checkpoint | None) -> SignedCheckpoint:
    """Decide whether a witness that last cosigned `last` of this log may cosign the new checkpoint.

    The caller holds its memory of the log locked, and stores the result before it answers. Raises `WitnessUnknownLog`
    (404), `UntrustedNote` (403), `MalformedProof` (400), `WitnessConflict` (409), `WitnessRefuses` (422).
    """
    try:
        origin = parse_body(parse(request.note).text).origin
    except (MalformedNote, MalformedCheckpoint) as error:
        raise MalformedProof(reason=str(error.params["reason"])) from error
    if all(key.name != origin for key in known_logs):
        raise WitnessUnknownLog(origin=origin)
    signed = parse_signed(request.note, known_logs)
    if last is not None and last.origin != origin:
        raise ValueError("the memory handed in is of another log")
    if request.old_size > signed.size:
        raise MalformedProof(reason="the old size is above the new one")
    known_size, known_root = (last.size, last.root) if last else (0, merkle.EMPTY_ROOT)
    if request.old_size != known_size:
        raise WitnessConflict(size=known_size)
    if known_size == signed.size and known_root != signed.root:
        raise WitnessConflict(size=known_size)
    if not merkle.is_consistent(known_size, signed.size, known_root, signed.root, request.proof):
        raise WitnessRefuses(origin=origin, size=signed.size, known_size=known_size)
    return signed


def _check(checkpoint: Checkpoint, signature: NoteSignature, known: Iterable[VerifierKey]) -> Cosignature | None:
    for key in known:
        if key.algorithm == ED25519_COSIGNATURE and (key.name, key.key_id) == (signature.name, signature.key_id):
            seconds = int.from_bytes(signature.value[:8], "big")
            wrong = len(signature.value) != 72 or not key.accepts(_message(checkpoint, seconds), signature.value[8:])
            if wrong:
                raise UntrustedNote(reason=f"the cosignature of {key.name} is wrong")
            try:
                return Cosignature(key, datetime.fromtimestamp(seconds, UTC))
            except (ValueError, OverflowError) as error:
                raise UntrustedNote(reason=f"the time of {key.name} is out of range") from error
    return None


def _message(checkpoint: Checkpoint, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{checkpoint.body()}".encode()
