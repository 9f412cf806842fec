"""What the caller brings to a verification: anchors, certificates, revocation answers; and how the report keeps it.

With the file and this, the same evidence can be judged again under another policy or at another time (`replay`).
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace

from keys.trust.anchors import TrustAnchors
from signing_service.verification.evidence import Evidence, from_caller
from signing_service.verification.report import Report
from signing_service.verification.report_evidence import EvidenceUsed

MANY = 50
"""Larger sets of anchors, such as the trusted lists of Europe, are not kept whole in every report."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """Everything from outside the file, DER."""

    anchors: TrustAnchors
    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def items(self) -> frozenset[bytes]:
        """All of it, without an order."""
        return frozenset(
            (*self.anchors.signing, *self.anchors.timestamping, *self.certificates, *self.crls, *self.ocsps)
        )

    def evidence(self) -> Evidence:
        """As it is used beside what the file embeds."""
        return from_caller(self.certificates, self.crls, self.ocsps)

    def noted_in(self, report: Report) -> Report:
        """The report with this kept in it, beside what it kept of the file."""
        sets = (self.anchors.signing, self.anchors.timestamping)
        found = _anchors_in(report)
        signing, timestamping = (_kept(anchors, found) for anchors in sets)
        kept = EvidenceUsed(
            signing=signing,
            timestamping=timestamping,
            certificates=_encoded(self.certificates),
            crls=_encoded(self.crls),
            ocsps=_encoded(self.ocsps),
            complete=all(len(anchors) <= MANY for anchors in sets),
            file=report.evidence.file if report.evidence is not None else None,
        )
        return replace(report, evidence=kept)


def supplied_in(report: Report) -> Supplied:
    """What a report kept; raises ValueError when it kept nothing or cannot be read."""
    kept = report.evidence
    if kept is None:
        raise ValueError("this report does not say what it was judged with")
    anchors = TrustAnchors(_decoded(kept.signing), _decoded(kept.timestamping))
    return Supplied(anchors, _decoded(kept.certificates), _decoded(kept.crls), _decoded(kept.ocsps))


def _anchors_in(report: Report) -> set[str]:
    """The ends of all chains of a report, base64."""
    chains = [entry.certificates for entry in report.signatures]
    chains += [stamp.certificates for entry in report.signatures for stamp in entry.timestamps]
    return {chain[-1].der for chain in chains if chain}


def _kept(anchors: tuple[bytes, ...], found: set[str]) -> tuple[str, ...]:
    encoded = _encoded(anchors)
    return encoded if len(encoded) <= MANY else tuple(item for item in encoded if item in found)


def _encoded(items: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(item).decode("ascii") for item in items)


def _decoded(items: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(item, validate=True) for item in items)
