"""A folder of certificates that the operator trusts, one subfolder per purpose: roots for `signing` and `timestamping`,
and in `lists` those who may sign trusted lists, which are no roots.

A certificate is a file `<sha256>.pem` whose first lines are the note, why and since when it is trusted; one without a
note is refused. The folder is the whole record: what is not in it is not trusted.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from keys.clock import in_utc
from keys.errors import AnchorUnreadable
from keys.trust.anchors import TrustAnchors, certificates_in

PURPOSES = ("signing", "timestamping", "lists")


@dataclass(frozen=True, slots=True)
class TrustedRoot:
    """One root: for what, whose (subject), SHA-256 (hex), and the operator's note."""

    purpose: str
    subject: str
    sha256: str
    note: str


@dataclass(frozen=True, slots=True)
class TrustFolder:
    """The folder; it may not exist yet."""

    path: Path

    def add(self, purpose: str, content: bytes, note: str, now: datetime) -> TrustedRoot:
        """Trust the one certificate of `content` (PEM or DER) for a purpose; raises `AnchorUnreadable`."""
        words = " ".join(note.split())
        if purpose not in PURPOSES or not words:
            raise AnchorUnreadable(name="The root", reason="a purpose and a note on why it is trusted must be given")
        found = certificates_in(content)
        if len(found) != 1:
            raise AnchorUnreadable(
                name="The file", reason="it must hold exactly one certificate, so that the note is its"
            )
        certificate = x509.load_der_x509_certificate(found[0])
        digest = sha256(found[0]).hexdigest()
        file = self.path / purpose / f"{digest}.pem"
        file.parent.mkdir(parents=True, exist_ok=True)
        pem = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
        file.write_text(f"# {words}\n# added {in_utc(now).isoformat()}\n{pem}", encoding="utf-8")
        return TrustedRoot(purpose, certificate.subject.rfc4514_string(), digest, words)

    def remove(self, digest: str) -> int:
        """Trust a root (by the beginning of its SHA-256, at least 8 digits) no longer; how many files that were."""
        gone = [file for file in self._files() if len(digest) >= 8 and file.stem.startswith(digest.lower())]
        for file in gone:
            file.unlink()
        return len(gone)

    def roots(self) -> tuple[TrustedRoot, ...]:
        """Everything trusted, by purpose; raises `AnchorUnreadable` for a file that is not as this folder writes it."""
        return tuple(self._read(file) for file in self._files())

    def anchors(self) -> TrustAnchors:
        """The roots as anchors per purpose."""
        self.roots()
        return TrustAnchors(self._trusted_for("signing"), self._trusted_for("timestamping"))

    def list_signers(self) -> tuple[bytes, ...]:
        """Who may sign a list of lists (DER)."""
        self.roots()
        return self._trusted_for("lists")

    def _trusted_for(self, purpose: str) -> tuple[bytes, ...]:
        return tuple(der for file in self._files() if file.parent.name == purpose for der in certificates_in(file))

    def _files(self) -> list[Path]:
        return sorted(file for purpose in PURPOSES for file in (self.path / purpose).glob("*.pem"))

    def _read(self, file: Path) -> TrustedRoot:
        found, text = certificates_in(file), file.read_text(encoding="utf-8")
        if len(found) != 1 or sha256(found[0]).hexdigest() != file.stem or not text.startswith("# "):
            raise AnchorUnreadable(name=file.name, reason="it is not the certificate and note that it is named after")
        subject = x509.load_der_x509_certificate(found[0]).subject.rfc4514_string()
        return TrustedRoot(file.parent.name, subject, file.stem, text.splitlines()[0][2:])
