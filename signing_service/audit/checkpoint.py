"""Checkpoints (C2SP tlog-checkpoint): the signed statement of how many entries a log has and what their root is.

Reads and writes the three lines and ties the signature to the origin. Whether a checkpoint may be signed at all is
decided in `publish`; extension lines of other logs are read past, ours has none.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from signing_service.audit.errors import MalformedCheckpoint, MalformedNote, UntrustedNote
from signing_service.audit.merkle import EMPTY_ROOT, HASH_SIZE
from signing_service.audit.note import SignedNote, Signer, VerifierKey, decode_base64, parse, sign, verified_by

MAX_SIZE: Final = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a log has and what their root is; nothing says yet that anybody signed it."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise MalformedCheckpoint(reason="the origin is empty")
        if not 0 <= self.size <= MAX_SIZE:
            raise MalformedCheckpoint(reason="the size is out of range")
        if len(self.root) != HASH_SIZE:
            raise MalformedCheckpoint(reason="the root is not 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise MalformedCheckpoint(reason="an empty log has one root only")

    def body(self) -> str:
        """Return the text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint whose signature by the log's own key was confirmed, with the note it came in."""

    checkpoint: Checkpoint
    note: SignedNote
    verifier: VerifierKey

    @property
    def size(self) -> int:
        """Number of entries it covers."""
        return self.checkpoint.size

    @property
    def root(self) -> bytes:
        """Root of the tree of those entries."""
        return self.checkpoint.root

    def text(self) -> str:
        """Return the whole note, cosignatures included."""
        return self.note.serialize()

    def own_part(self) -> str:
        """Return the note up to and including the log's own signature line: what a time stamp is taken over.

        These bytes stay the same when witnesses add their lines.
        """
        own = [
            signature
            for signature in self.note.signatures
            if (signature.name, signature.key_id) == (self.verifier.name, self.verifier.key_id)
        ]
        return SignedNote(self.note.text, (own[0],)).serialize()

    def imprint_sha256(self) -> str:
        """Return the SHA-256 that an RFC 3161 time stamp of this checkpoint covers, as lower-case hex."""
        return sha256(self.own_part().encode()).hexdigest()


def parse_body(text: str) -> Checkpoint:
    """Read the text of a checkpoint. Raises `MalformedCheckpoint`."""
    lines = text.split("\n")
    if lines.pop() != "" or len(lines) < 3:
        raise MalformedCheckpoint(reason="it has fewer than three lines")
    origin, size, root, *extensions = lines
    if not all(extensions):
        raise MalformedCheckpoint(reason="an extension line is empty")
    try:
        digest = decode_base64(root)
    except MalformedNote as error:
        raise MalformedCheckpoint(reason="the root is not canonical base64") from error
    return Checkpoint(origin, parse_decimal(size), digest, tuple(extensions))


def parse_signed(note: str | bytes, known: Iterable[VerifierKey]) -> SignedCheckpoint:
    """Read a checkpoint that one of the known log keys signed under its own origin.

    Raises `MalformedNote`, `MalformedCheckpoint`, or `UntrustedNote` when no key whose name is the origin signed it.
    """
    parsed = parse(note)
    checkpoint = parse_body(parsed.text)
    own = [key for key in known if key.name == checkpoint.origin]
    if not own:
        raise UntrustedNote(reason=f"no key is known for the log {checkpoint.origin}")
    return SignedCheckpoint(checkpoint, parsed, verified_by(parsed, own)[0])


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> SignedCheckpoint:
    """Sign a checkpoint with the log's key and confirm the signature before handing it on.

    The caller must have made sure that it is consistent with every one signed before. Raises `MalformedCheckpoint`
    when the key's name is not the origin or extension lines are present.
    """
    if signer.verifier.name != checkpoint.origin:
        raise MalformedCheckpoint(reason="the key's name is not the origin")
    if checkpoint.extensions:
        raise MalformedCheckpoint(reason="our log signs no extension lines")
    return parse_signed(sign(checkpoint.body(), [signer]).serialize(), [signer.verifier])


def parse_decimal(text: str) -> int:
    """Read a size or an index: ASCII digits, no leading zero, below 2^63. Raises `MalformedCheckpoint`."""
    if _DECIMAL.fullmatch(text) is None or int(text) > MAX_SIZE:
        raise MalformedCheckpoint(reason="a number is not a plain decimal")
    return int(text)
