"""Signed files as this service makes them: our composer's form, our PAdES writer, our keys, one certificate for each
signatory, and at the close the store with lists and OCSP answers and the document time stamp."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.peers.documents import sealed
from keys.issuing.ocsp import Status
from keys.issuing.profiles import SIGNATORY
from keys.issuing.subjects import SubjectFacts
from keys.keyring import Keyring
from keys.keyring_contents import KeyringFacts
from signing_service.pades import bases, pyhanko_adapter
from signing_service.pades.complete import complete_tail
from signing_service.pades.document import Document
from signing_service.pades.evidence import collect
from signing_service.pades.long_term import close
from signing_service.pades.material import Material
from signing_service.pades.prepare import prepare_next
from signing_service.pades.signatures import signatures

SIZE = 26_000
ECDSA = ec.ECDSA(hashes.SHA256())


@dataclass
class Maker:
    """One installation's keys, and files signed under them. `at` is the moment of signing (aware, UTC)."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    _certificates: list[tuple[ec.EllipticCurvePrivateKey, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        facts = KeyringFacts("Bench", "FI", "seal@example.org", "https://sign.example.org", demo=True)
        folder = Path(tempfile.mkdtemp()) / "keys"
        self.keyring = Keyring.create(folder, bytes(32), facts, self.at - timedelta(days=1), clock=lambda: self.at)
        self.responder = self.keyring.issuers.current.responder(self.at - timedelta(hours=1))

    def lists(self) -> tuple[bytes, ...]:
        """The revocation lists of now."""
        return self.keyring.crls((), self.at - timedelta(seconds=5))

    def levels(self, count: int) -> dict[str, bytes]:
        """The same signatures at every level."""
        plain = self.signed(count)
        return {"B-T": plain, "B-LT": self.stored(plain), "B-LTA": self.closed(plain)}

    def signed(self, count: int) -> bytes:
        """Certified, and signed by `count` people, each B-T."""
        pdf = sealed(self.keyring, SIZE, count)
        parts, base = [pdf], bases.read(pdf)
        for place, (key, certificate) in enumerate(self._people(count), 1):
            name = f"Signatory_{place}"
            prepared = prepare_next(
                base.skeleton,
                base.running,
                field_name=name,
                certificate_der=certificate,
                chain_der=(self.keyring.issuing_der,),
                stamp=None,
                at=self.at,
            )
            value = key.sign(prepared.signed_attributes, ECDSA)
            tail = complete_tail(prepared, base.running, value, self.keyring.timestamp_source)
            parts.append(tail)
            base = base.grown(tail, name)
        return b"".join(parts)

    def stored(self, pdf: bytes) -> bytes:
        """With the store alone, so B-LT: what lies between the two revisions of a close."""
        given = Material((self.keyring.issuing_der,), self.lists(), tuple(self.answers(pdf)))
        kept = collect(signatures(Document(pdf)), given, (self.keyring.root_der,), self.at)
        return pyhanko_adapter.with_security_store(pdf, kept)

    def closed(self, pdf: bytes) -> bytes:
        """Closed as the service does it: B-LTA."""
        return close(
            pdf,
            crls_der=self.lists(),
            certificates_der=[self.keyring.issuing_der],
            trust_roots_der=[self.keyring.root_der],
            timestamper=self.keyring.timestamp_source,
            now=self.at,
            ocsps_der=self.answers(pdf),
        )

    def answers(self, pdf: bytes) -> Sequence[bytes]:
        """One answer for each signatory and for the seal."""
        ours = [certificate for _, certificate in self._certificates]
        ours = [one for one in (*ours, self.keyring.seal.certificate_der) if one.hex().encode() in pdf.lower()]
        return [self._answer(one) for one in ours]

    def _answer(self, certificate: bytes) -> bytes:
        serial = x509.load_der_x509_certificate(certificate).serial_number
        return self.responder.answer(Status(serial), "sha256", self.at - timedelta(seconds=5)).der

    def _people(self, count: int) -> list[tuple[ec.EllipticCurvePrivateKey, bytes]]:
        while len(self._certificates) < count:
            number = len(self._certificates) + 1
            key = ec.generate_private_key(ec.SECP256R1())
            facts = SubjectFacts(
                f"Signatory {number}", f"Partner {number}", f"s{number}@example.org", f"S-{number}", "DE"
            )
            issued = self.keyring.issuing.issue_for_key(
                key.public_key(), facts, SIGNATORY, invitation_id=f"inv_{number}", now=self.at - timedelta(hours=1)
            )
            self._certificates.append((key, issued.der))
        return self._certificates[:count]
