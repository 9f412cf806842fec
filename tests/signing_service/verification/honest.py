"""Honest signed documents of many kinds, one row each: how many signatures, the gravest change, whether it passes.

The files before signing come from reportlab and qpdf, the signatures from pyHanko and from openssl.
"""

import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.fields import SigSeedSubFilter

from signing_service.verification.report import CHANGE_CLASSES
from tests.signing_service.verification import mutations as by
from tests.signing_service.verification.documents import (
    Signing,
    add_store,
    base_pdf,
    long_term,
    sign,
    sign_encapsulated,
    sign_raw,
    sign_with,
    stamp,
)
from tests.signing_service.verification.pki import NOW
from tests.signing_service.verification.worlds import archived, basic, certified, pki, stamped, with_store


@dataclass(frozen=True)
class Honest:
    """One row; `gravest` is the gravest change that may be said of any of its signatures."""

    name: str
    make: Callable[[], bytes]
    signatures: int = 1
    gravest: str = "none"
    passes: bool = True

    @property
    def allowed(self) -> set[str]:
        return set(CHANGE_CLASSES[: CHANGE_CLASSES.index(self.gravest) + 1])


def rewritten(pdf: bytes, *options: str) -> bytes:
    """The file as qpdf writes it."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(pdf)
        subprocess.run(["qpdf", "--static-id", *options, str(source), str(target)], check=True)
        return target.read_bytes()


def signed(base: bytes, *, subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES) -> bytes:
    return sign(base, pki(), Signing(pki().signatory()), subfilter=subfilter)


def several(count: int) -> bytes:
    """Signatures in fields that were prepared for all of them."""
    names = [f"Sig{place + 1}" for place in range(count)]
    pdf = base_pdf(empty_fields=names)
    for field in names:
        pdf = sign(pdf, pki(), Signing(pki().signatory(), field, stamped=False))
    return pdf


def one_after_another(count: int) -> bytes:
    """Signatures whose fields are made as they are needed."""
    pdf = base_pdf()
    for place in range(count):
        pdf = sign(pdf, pki(), Signing(pki().signatory(), f"New{place + 1}", stamped=False))
    return pdf


def renewed() -> bytes:
    """A long-term file whose store was written again and stamped again years later."""
    pdf = add_store(archived(), pki(), pki().crls(at=NOW + timedelta(minutes=2)))
    return stamp(pdf, pki(), NOW + timedelta(minutes=3))


@cache
def openssl_signatory() -> x509.Certificate:
    return pki().signatory("Openssl")


def by_openssl(*options: str, base: bytes | None = None) -> bytes:
    """A signature whose CMS is made by openssl, not by a Python program."""
    certificate = openssl_signatory()
    with tempfile.TemporaryDirectory() as folder:
        key, cert, chain, data, out = (Path(folder, item) for item in ("key", "cert", "chain", "data", "out"))
        plain = serialization.NoEncryption()
        key.write_bytes(
            pki().key("Openssl").private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        )
        cert.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        chain.write_bytes(pki().issuing.public_bytes(serialization.Encoding.PEM))

        def make(parts: bytes) -> bytes:
            data.write_bytes(parts)
            command = ["openssl", "cms", "-sign", "-binary", "-md", "sha256", "-outform", "DER", *options]
            command += ["-signer", str(cert), "-inkey", str(key), "-certfile", str(chain)]
            subprocess.run([*command, "-in", str(data), "-out", str(out)], check=True, capture_output=True)
            return out.read_bytes()

        return sign_with(base or base_pdf(), make)


def encrypted() -> bytes:
    """Readable by everybody: the password for reading is empty."""
    locked = rewritten(base_pdf(), "--encrypt", "", "owner", "128", "--use-aes=y", "--")
    return sign(locked, pki(), Signing(pki().signatory()), password="")


def rewritten_object() -> bytes:
    """A page that was written again with the same contents: nothing a reader sees is different."""
    return by.rewrite_identically(stamped())


def capitals() -> bytes:
    """The contents in capital letters, as many producers write them."""
    pdf = basic()
    start, end = by.last_signature_place(pdf)
    return pdf[:start] + pdf[start:end].upper() + pdf[end:]


def line_at_the_end() -> bytes:
    """One more line end after the last marker."""
    return signed(base_pdf()) + b"\n"


def of_another_kind() -> bytes:
    """The signatory's certificate has an extension of its authority's own making, as many of Adobe's have."""
    own = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.840.113583.1.1.9.2"), b"\x05\x00")
    return sign(base_pdf(), pki(), Signing(pki().signatory(more=own)))


HONEST: tuple[Honest, ...] = (
    Honest("B-B", basic),
    Honest("a certificate with an extension of its own", of_another_kind),
    Honest("B-T", stamped),
    Honest("B-LT", with_store, gravest="maintenance"),
    Honest("B-LTA", archived, 2, "maintenance"),
    Honest("B-LTA, store rewritten and stamped again", renewed, 3, "maintenance"),
    Honest("store without a stamp", lambda: add_store(basic(), pki(), pki().crls()), gravest="maintenance"),
    Honest("stamp without a store", lambda: stamp(stamped(), pki(), NOW + timedelta(minutes=1)), 2, "maintenance"),
    Honest("certified, level 1", lambda: certified(1), gravest="maintenance"),
    Honest("certified, level 2", lambda: certified(2), gravest="maintenance"),
    Honest("certified, level 3, with a comment", lambda: by.add_annotation(certified(3)), gravest="annotation"),
    Honest("certified, then a form filled", lambda: by.fill_field(certified(2), "Text1", "yes"), gravest="form_fill"),
    Honest("agreement of three, B-LTA", lambda: long_term(pki(), 3), 5, "signing"),
    Honest("agreement of four, not certified", lambda: long_term(pki(), 4, certified=False), 5, "signing"),
    Honest("two signatures, prepared fields", lambda: several(2), 2, "signing"),
    Honest("eight signatures, prepared fields", lambda: several(8), 8, "signing"),
    Honest("four signatures, new fields", lambda: one_after_another(4), 4, "signing"),
    Honest("PDF 1.4", lambda: signed(rewritten(base_pdf(), "--force-version=1.4"))),
    Honest("PDF 1.5, object streams", lambda: signed(rewritten(base_pdf(), "--object-streams=generate"))),
    Honest("PDF 1.6, linearised", lambda: signed(rewritten(base_pdf(), "--linearize", "--force-version=1.6"))),
    Honest("PDF 2.0", lambda: signed(rewritten(base_pdf(), "--force-version=2.0"))),
    Honest(
        "PDF 2.0, object streams, B-LTA",
        lambda: _kept(rewritten(base_pdf(), "--object-streams=generate")),
        2,
        "maintenance",
    ),
    Honest(
        "linearised, object streams", lambda: signed(rewritten(base_pdf(), "--linearize", "--object-streams=generate"))
    ),
    Honest("encrypted, empty password", encrypted),
    Honest("adbe.pkcs7.detached", lambda: signed(base_pdf(), subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)),
    Honest("adbe.pkcs7.sha1", lambda: sign_encapsulated(base_pdf(), pki(), pki().signatory()), passes=False),
    Honest("adbe.x509.rsa_sha1", lambda: sign_raw(base_pdf(), pki()), passes=False),
    Honest("openssl, DER, CAdES", lambda: by_openssl("-cades")),
    Honest("openssl, DER, S/MIME capabilities", lambda: by_openssl()),
    Honest("openssl, BER of indefinite length", lambda: by_openssl("-stream", "-indef"), passes=False),
    Honest("openssl, no signed attributes", lambda: by_openssl("-noattr"), passes=False),
    Honest(
        "openssl, no certificates inside",
        lambda: add_store(by_openssl("-nocerts"), pki(), pki().crls(), [openssl_signatory()]),
        gravest="maintenance",
        passes=False,
    ),
    Honest("page written again unchanged", rewritten_object, gravest="maintenance"),
    Honest("contents in capitals", capitals),
    Honest("an empty line at the end", line_at_the_end),
)


def _kept(base: bytes) -> bytes:
    return stamp(add_store(signed(base), pki(), pki().crls()), pki(), NOW + timedelta(minutes=1))
