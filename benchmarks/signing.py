"""One signature of the service beside other signers on the same bytes, in the same run; every output is judged.

Three sizes in memory; the same with the durable store and the log; the N-th signature beside the first. The work is
what the service does for a press and its value, the key holder's signature included: nothing is left out for the
bench. `PEERS=all` adds the signers of other languages.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks import at_one_instant
from benchmarks.judging import require, require_valid
from benchmarks.many_at_once import checked, verified
from benchmarks.peers import asn1crypto_lengths, programs, pyhanko
from benchmarks.peers.documents import FIELD, sealed
from benchmarks.table import Row, row
from keys.issuing.subjects import SubjectFacts
from keys.keyring import Keyring
from signing_service.operations import people, signatures
from signing_service.operations.bases import warm
from signing_service.pades import bases
from signing_service.pades.bases import Base
from signing_service.pades.complete import complete_tail
from signing_service.pades.prepare import prepare_next
from signing_service.permissions import ANONYMOUS, Actor
from signing_service.services import Services, build
from tests.factories import case as cases
from tests.factories.crowds import Crowds
from tests.factories.installation import settings_in
from tests.factories.rooms import Guest

ROUNDS, REPEATED, A_WHILE_MS = 15, 20, 20.0
PEOPLE = 64
SIZES = {"26 KB": 26_000, "475 KB": 475_000, "10 MB": 10_000_000}
ECDSA = ec.ECDSA(hashes.SHA256())

Timed = Callable[[], float]


@dataclass(frozen=True)
class Holder:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: bytes
    issuer: bytes


def rows() -> Iterator[Row]:
    """All rows, the most important first."""
    with tempfile.TemporaryDirectory() as folder:
        services = build(settings_in(Path(folder) / "made"))
        holder = _holder(services.keyring, services)
        services.db.close()
        for name, size in SIZES.items():
            yield from _in_memory(name, sealed(services.keyring, size, PEOPLE), holder, services, Path(folder))
        yield from _durable(Path(folder), holder)
        yield from at_one_instant.rows(Path(folder) / "instant", Path(folder) / "made" / "keys")


def _holder(keyring: Keyring, services: Services) -> Holder:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = SubjectFacts("Bench", "Bench", "bench@example.org", "bench-1", "CN")
    request = cases.certification_request(key, "Bench")
    issued = keyring.issuing.issue(request, subject, invitation_id="bench", now=services.clock())
    return Holder(key, issued.der, keyring.issuing_der)


def _in_memory(name: str, pdf: bytes, holder: Holder, services: Services, folder: Path) -> list[Row]:
    """Server work for one signature of level B-B, with no stamp on any side."""
    base = bases.read(pdf)
    by = pyhanko.signer(holder.key, holder.certificate, holder.issuer)
    outputs: dict[str, bytes] = {}

    def ours() -> None:
        outputs["ours"] = _signed(base, FIELD, holder, services)[0]

    def limit() -> None:
        digest = hashlib.sha256(pdf).digest()
        holder.key.sign(digest, ECDSA)
        outputs["limit"] = bytes(bytearray(pdf))

    def plain() -> None:
        outputs["pyHanko"] = pyhanko.plain(pdf, FIELD, by)

    def in_place() -> None:
        outputs["in place"] = pyhanko.in_place(pdf, FIELD, by)

    with _programs(pdf, holder, folder) as others:
        timed: dict[str, Timed] = {
            "ours": _timed(ours),
            "limit": _timed(limit),
            "pyHanko": _timed(plain),
            "in place": _timed(in_place),
        }
        timed |= {one.name: lambda one=one: one.ask("go") for one in others}  # type: ignore[misc]  # the loop's own one
        medians = _interleaved(timed)
        require_valid(pdf + outputs["ours"], 2)
        require_valid(outputs["pyHanko"], 2)
        require_valid(outputs["in place"], 2)
        for one in others:
            one.ask(f"write {folder / 'judged.pdf'}")
            require_valid((folder / "judged.pdf").read_bytes(), 2)
    case = f"one signature B-B, {name}"
    ours_took = medians["ours"]
    found = [
        row(case, ours_took, "plain pyHanko sign_pdf", medians["pyHanko"], 100 if len(pdf) < 1_000_000 else 1),
        row(case, ours_took, "pyHanko, bytes reserved, in place", medians["in place"], 1),
        row(case, ours_took, "limit: hash + sign + copy", medians["limit"], 0.33),
    ]
    return found + [row(case, ours_took, o.name, medians[o.name], 5 if "PDFBox" in o.name else 1) for o in others]


def _signed(base: Base, field: str, holder: Holder, services: Services) -> tuple[bytes, Base]:
    prepared = prepare_next(
        base.skeleton,
        base.running,
        field_name=field,
        certificate_der=holder.certificate,
        chain_der=(holder.issuer,),
        stamp=None,
        token=0,
        at=services.clock(),
    )
    value = holder.key.sign(prepared.signed_attributes, ECDSA)
    tail = complete_tail(prepared, base.running, value, None)
    return tail, base.grown(tail, field)


@contextmanager
def _programs(pdf: bytes, holder: Holder, folder: Path) -> Iterator[list[programs.Program]]:
    if not programs.wanted():
        yield []
        return
    p12, file = folder / "holder.p12", folder / "base.pdf"
    chain = [x509.load_der_x509_certificate(holder.issuer)]
    password = serialization.BestAvailableEncryption(programs.PASSWORD.encode())
    certificate = x509.load_der_x509_certificate(holder.certificate)
    p12.write_bytes(
        serialization.pkcs12.serialize_key_and_certificates(b"bench", holder.key, certificate, chain, password)
    )
    file.write_bytes(pdf)
    others = [programs.pdfbox(p12), programs.libpdf(p12)]
    try:
        for one in others:
            one.ask(f"load {file}")
            for _ in range(40):  # until the just-in-time compilers have seen it often enough
                one.ask("go")
        yield others
    finally:
        for one in others:
            one.close()


def _durable(folder: Path, holder: Holder) -> list[Row]:
    """Press and value of 64 signatories through the operations on SQLite (FULL), beside pyHanko and fdatasync."""
    asn1crypto_lengths.mend()
    crowds = Crowds(folder / "durable", folder / "made" / "keys", PEOPLE)
    room = crowds.open(1)
    services = crowds.services
    shown = room.signatories[0].shown
    by = pyhanko.signer(holder.key, holder.certificate, holder.issuer)
    ours: list[float] = []
    plain: list[float] = []
    stamped: list[float] = []
    file = folder / "theirs.pdf"
    for guest in room.guests:
        actor = people.seat_actor(services, ANONYMOUS, guest.token)
        assert actor is not None
        warm(services, actor)  # as becoming ready does, before anybody waits
        begun = time.perf_counter()
        _press(services, actor, guest, hashlib.sha256(shown).hexdigest())
        ours.append(_since(begun))
        begun = time.perf_counter()
        _write(file, pyhanko.plain(shown, "Signatory_person_1", by))
        plain.append(_since(begun))
        begun = time.perf_counter()
        _write(file, pyhanko.stamped(shown, "Signatory_person_1", by, services.timestamps))
        stamped.append(_since(begun))
    require_valid(file.read_bytes(), 2)
    pdf = room.signed_pdf()
    require(checked(pdf) == PEOPLE + 1 and verified(crowds, pdf) == PEOPLE + 1, "our own verification")
    require_valid(pdf, PEOPLE + 1)
    services.db.close()
    case = f"press and value, B-T, stamp, log, durable, {len(shown) // 1000} KB"
    first, last = median(ours[1:9]), median(ours[-8:])
    return [
        row(case, median(ours[1:]), "plain pyHanko B-B + fdatasync", median(plain), 20),
        row(case, median(ours[1:]), "pyHanko B-T, the same stamps + fdatasync", median(stamped), 20),
        row("the 57th to 64th of them", last, "the 2nd to 9th", first, 0.67),
    ]


def _write(file: Path, pdf: bytes) -> None:
    with file.open("wb") as out:
        out.write(pdf)
        out.flush()
        os.fdatasync(out.fileno())


def _press(services: Services, actor: Actor, guest: Guest, document_sha256: str) -> None:
    found = signatures.prepare(services, actor, document_sha256, "bench-command")
    assert isinstance(found, signatures.Ready)
    assert guest.key is not None
    value = cases.raw_signature(guest.key, found.signed_attributes)
    signatures.complete(services, actor, found.attempt_id, value)


def _interleaved(timed: dict[str, Timed]) -> dict[str, float]:
    """Medians in milliseconds. In each round a case is repeated for a while, because what is asked for is the work of a
    warm process, and a short one would otherwise be measured in caches that a long one before it has filled."""
    for act in timed.values():
        act()
    taken: dict[str, list[float]] = {name: [] for name in timed}
    for _ in range(ROUNDS):
        for name, act in timed.items():
            begun = time.perf_counter()
            for _ in range(REPEATED):
                taken[name].append(act())
                if _since(begun) > A_WHILE_MS:
                    break
    return {name: median(times) for name, times in taken.items()}


def _timed(act: Callable[[], None]) -> Timed:
    def timed() -> float:
        begun = time.perf_counter()
        act()
        return _since(begun)

    return timed


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
