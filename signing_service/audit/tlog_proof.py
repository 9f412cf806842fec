"""`.tlog-proof` files (C2SP tlog-proof): one entry's place in a signed tree, as text that is checked offline.

Pure: writes, reads and verifies the text. The entry itself is not in it; whoever verifies must bring the entry's bytes,
and must have the log's key from somewhere else than the file.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from signing_service.audit import merkle
from signing_service.audit.checkpoint import SignedCheckpoint, parse_decimal, parse_signed
from signing_service.audit.errors import MalformedCheckpoint, MalformedNote, MalformedProof, ProofRefused
from signing_service.audit.merkle import HASH_SIZE
from signing_service.audit.note import MAX_NOTE_BYTES, VerifierKey, decode_base64

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_STEPS: Final = 63


@dataclass(frozen=True, slots=True)
class TlogProof:
    """An inclusion proof with the checkpoint it leads to; nothing in it is verified yet.

    `steps` run from the sibling of the leaf to the child of the root. `extra` is opaque and never to be trusted.
    """

    index: int
    steps: tuple[bytes, ...]
    checkpoint_note: str
    extra: bytes | None = None

    def serialize(self) -> str:
        """Return the text of the file."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [b64encode(step).decode() for step in self.steps]
        return "\n".join(lines) + "\n\n" + self.checkpoint_note


def parse(text: str) -> TlogProof:
    """Read the text of a proof. Raises `MalformedProof`; the checkpoint inside is left for `verify`."""
    if len(text) > MAX_NOTE_BYTES:
        raise MalformedProof(reason="it is too long")
    head, separator, note = text.partition("\n\n")
    lines = head.split("\n")
    if not separator or not note or lines.pop(0) != HEADER:
        raise MalformedProof(reason=f"it does not begin with {HEADER}, or has no checkpoint")
    try:
        extra = decode_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else None
        if not lines or not lines[0].startswith("index "):
            raise MalformedProof(reason="it has no index")
        index = parse_decimal(lines.pop(0)[6:])
        steps = tuple(decode_base64(line) for line in lines)
    except (MalformedNote, MalformedCheckpoint) as error:
        raise MalformedProof(reason=str(error.params["reason"])) from error
    if len(steps) > MAX_STEPS or any(len(step) != HASH_SIZE for step in steps):
        raise MalformedProof(reason="its steps are not hashes")
    return TlogProof(index, steps, note, extra)


def verify(proof: TlogProof, entry: bytes, known: Iterable[VerifierKey]) -> SignedCheckpoint:
    """Confirm that a log with a known key signed a tree that holds `entry` at the proof's index.

    Returns the confirmed checkpoint. Raises what `checkpoint.parse_signed` raises, or `ProofRefused`.
    """
    signed = parse_signed(proof.checkpoint_note, known)
    leaf = merkle.leaf_hash(entry)
    if not merkle.is_included(proof.index, signed.size, leaf, proof.steps, signed.root):
        raise ProofRefused(reason=f"the tree of {signed.size} entries does not hold this entry at {proof.index}")
    return signed
