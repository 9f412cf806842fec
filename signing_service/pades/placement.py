"""Puts a signature without its value into an empty field: one more revision, with a gap for the CMS object.

The signature dictionary is that of ETSI EN 319 142-1, 5.3: ETSI.CAdES.detached, the claimed time in /M, no /Reason
beside a commitment. Fields are filled, never added. Works from a skeleton and the running SHA-256 of the base: the
base itself is not touched again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from signing_service.pades.gap import BEFORE_GAP, before_gap
from signing_service.pades.increment import Increment
from signing_service.pades.running import Running
from signing_service.pades.skeleton import EmptyField, Skeleton
from signing_service.pades.stamps import Stamp
from signing_service.pades.syntax import Name, Ref, Value, text_string, written

_FILL_AND_SIGN = 2  # DocMDP: filling in forms and signing stay permitted (table 257)


@dataclass(frozen=True, slots=True)
class Placed:
    """What to append. Offsets are positions in the whole file: zeros fill start to end, `<` and `>` included."""

    tail: bytes
    start: int
    end: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Certification:
    """The catalogue of the document, into which a certification signature is entered (ISO 32000-2, 12.8.2.2)."""

    root_ref: Ref
    root: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Claims:
    """What the signature dictionary says of itself: /M in UTC and /Name; neither is proof."""

    at: datetime
    signer: str


def place(
    base: Skeleton,
    running: Running,
    field: EmptyField,
    *,
    stamp: Stamp | None,
    certification: Certification | None,
    reserve: int,
    claims: Claims,
) -> Placed:
    """The revision with `reserve` bytes set aside; without a stamp the field keeps the appearance it has.

    `running` is the SHA-256 over exactly the base, and is left as it is. With `certification` the signature permits
    form filling and signing only.
    """
    increment = Increment(base)
    appearance = field.appearance
    if stamp is not None:
        appearance = b" /AP <</N %d 0 R>>" % stamp.put(increment, claims.at, field.code)
    signature = increment.add(_dictionary(certification is not None, reserve, claims))
    increment.replace(field.ref, b"%b%b /V %d 0 R>>" % (field.body, appearance, signature))
    if certification is not None:
        root: dict[str, Value] = {**certification.root, "Perms": {"DocMDP": Ref(signature, 0)}}
        increment.replace(certification.root_ref, written(root))
    claimed = f"{claims.at.isoformat()} {claims.signer}".encode()
    seed = b"%b %b %b" % (running.digest(), field.body, claimed)
    tail, bodies = increment.appended(seed)
    return _measured(base.length, running, tail, bodies[signature], reserve)


def _dictionary(certify: bool, reserve: int, claims: Claims) -> bytes:
    """The signature dictionary, its beginning up to the gap left blank."""
    rules = b""
    if certify:
        parameters: dict[str, Value] = {"Type": Name("TransformParams"), "V": Name("1.2"), "P": _FILL_AND_SIGN}
        rule: dict[str, Value] = {
            "Type": Name("SigRef"),
            "TransformMethod": Name("DocMDP"),
            "TransformParams": parameters,
        }
        rules = b"/Reference " + written([rule])
    return b"".join(
        (
            b" " * BEFORE_GAP,
            b"<",
            b"0" * (2 * reserve),
            b">\n/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached",
            b" /M (D:%bZ) /Name " % claims.at.strftime("%Y%m%d%H%M%S").encode("ascii"),
            written(text_string(claims.signer)),
            rules,
            b">>",
        )
    )


def _measured(length: int, running: Running, tail: bytes, body: int, reserve: int) -> Placed:
    """Fill in the byte range and take the digest."""
    start = body + BEFORE_GAP
    end = start + 2 * reserve + 2
    head = before_gap(start, end, length + len(tail))
    filled = b"".join((tail[: body - length], head, tail[start - length :]))
    state = running.copy()
    state.update(filled[: start - length])
    state.update(filled[end - length :])
    return Placed(filled, start, end, state.digest())
