"""One agreement's slice of the log, shown complete without the rest: its entries, each with a proof of its own.

`seq` counts the entries and `prev` chains them, so that none can be left out between the first and the last; a proof
under a signed checkpoint ties each to the log. Pure but for `read_slice`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from signing_service.audit import events, tlog_proof
from signing_service.audit.actions import Action
from signing_service.audit.disclosures import digest_of
from signing_service.audit.entries import hash_of
from signing_service.audit.errors import AuditError
from signing_service.audit.note import VerifierKey
from signing_service.audit.problems import Problem, ProblemKind
from signing_service.audit.proofs import tlog_proof as read_proof
from signing_service.audit.replay import Place, Replay


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """An entry's exact bytes, the text of its `.tlog-proof`, and the disclosures that the receiver may see."""

    encoded: bytes
    proof: str
    disclosures: tuple[str, ...] = ()


def read_slice(session: Session, agreement: str, *, with_disclosures: bool) -> list[ProvedEntry]:
    """Return the agreement's entries that a published checkpoint covers, each with its proof, in order."""
    proved = []
    for event in events.of_agreement(session, agreement):
        proof = read_proof(session, event.index)
        if proof is None:
            break
        texts = events.disclosures_of(session, event.index) if with_disclosures else ()
        proved.append(ProvedEntry(event.encoded, proof.serialize(), texts))
    return proved


def verify_slice(
    proved: Iterable[ProvedEntry], agreement: str, known: Sequence[VerifierKey], *, concluded: bool
) -> list[Problem]:
    """Return everything that is wrong with a slice that claims to be all of `agreement`; empty means it holds.

    With `concluded`, the conclusion of the agreement must be in it: then nothing before it can be missing. What was
    recorded later (downloads, for example) can only be known from the log itself.
    """
    replay = Replay(disclosures_complete=False)
    types: list[str] = []
    for number, each in enumerate(proved):
        index = _proved_index(each, known)
        place = Place(index if index is not None else number)
        beside = {digest_of(text): text for text in each.disclosures}
        entry = replay.check(place.index, each.encoded, hash_of(each.encoded), beside, place)
        if entry is not None:
            place = Place(place.index, entry.agreement, entry.seq, entry.type)
            types.append(entry.type)
            if entry.agreement != agreement:
                replay.problems.append(place.problem(ProblemKind.OTHER_AGREEMENT))
        if index is None:
            replay.problems.append(place.problem(ProblemKind.PROOF_WRONG))
        elif index < replay.next_index:
            replay.problems.append(place.problem(ProblemKind.ENTRY_OUT_OF_ORDER))
        else:
            replay.next_index = index + 1
    if concluded and Action.AGREEMENT_COMPLETED.value not in types:
        replay.problems.append(Problem(ProblemKind.NOT_CLOSED, agreement))
    return replay.problems


def _proved_index(each: ProvedEntry, known: Sequence[VerifierKey]) -> int | None:
    """Return the index that the proof proves for this entry, or None when it proves nothing."""
    try:
        proof = tlog_proof.parse(each.proof)
        tlog_proof.verify(proof, each.encoded, known)
    except AuditError:
        return None
    return proof.index
