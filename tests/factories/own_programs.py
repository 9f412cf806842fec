"""A signatory with a certificate of an authority that is not ours, and the programs they sign with: openssl, pyHanko.

The authority is made by openssl, once per run and kind of key; nothing of the service is used to make or to sign.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from signing_service.operations import custodies, own_certificates, seats, signatures
from tests.factories.case import Case, Seat

KINDS = {
    "p256": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
    "p384": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"),
    "rsa2048": ("-newkey", "rsa:2048"),
    "rsa3072": ("-newkey", "rsa:3072"),
    "rsa1024": ("-newkey", "rsa:1024"),
}


@dataclass(frozen=True)
class OwnProgram:
    """A folder with `key.pem`, `cert.pem` and `chain.pem`, as a person has them on their own machine."""

    folder: Path

    @property
    def certificate(self) -> bytes:
        """The certificate and the root above it, as one PEM file."""
        return (self.folder / "cert.pem").read_bytes() + (self.folder / "root.pem").read_bytes()

    def value(self, attributes: bytes) -> bytes:
        """`openssl dgst -sign` over the downloaded attributes."""
        return openssl("dgst", "-sha256", "-sign", "key.pem", folder=self.folder, given=attributes)

    def cms(self, covered: bytes, *more: str, cades: bool = True) -> bytes:
        """`openssl cms -sign` over the downloaded bytes, detached, DER."""
        how = ("-cades",) if cades else ()
        arguments = ("-sign", "-binary", *how, "-md", "sha256", "-signer", "cert.pem", "-inkey", "key.pem")
        chain = ("-certfile", "root.pem", "-outform", "DER")
        return openssl("cms", *arguments, *chain, *more, folder=self.folder, given=covered)

    def pades_cms(self, covered: bytes) -> bytes:
        """pyHanko signs the downloaded bytes, detached, DER: as openssl, but without a time that the signer claims,
        which PAdES does not want."""
        signing = self._signer().async_sign(sha256(covered).digest(), "sha256", use_pades=True)
        with ThreadPoolExecutor(1) as outside:
            return bytes(outside.submit(asyncio.run, signing).result().dump())

    def pdf(self, document: bytes, field_name: str, **facts: Any) -> bytes:
        """pyHanko signs the downloaded document in the given field, as PAdES."""
        signer = self._signer()
        meta = signers.PdfSignatureMetadata(
            field_name=field_name, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256", **facts
        )
        writer = IncrementalPdfFileWriter(BytesIO(document))
        with ThreadPoolExecutor(1) as outside:  # a program of its own: a browser test has a loop of its own running
            signing = signers.PdfSigner(meta, signer).sign_pdf
            made = outside.submit(signing, writer, existing_fields_only=True, bytes_reserved=16384)
            return bytes(made.result().getvalue())

    def _signer(self) -> signers.SimpleSigner:
        signer = signers.SimpleSigner.load(
            str(self.folder / "key.pem"),
            str(self.folder / "cert.pem"),
            ca_chain_files=(str(self.folder / "root.pem"),),
            prefer_pss=False,
        )
        assert isinstance(signer, signers.SimpleSigner)
        return signer


def openssl(*arguments: str, folder: Path, given: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *arguments], cwd=folder, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


AUTHORITY = """
[ca]
default_ca = foreign
[foreign]
database = index.txt
serial = serial
new_certs_dir = .
policy = any
unique_subject = no
default_crl_days = 3650
default_md = sha256
[any]
commonName = supplied
organizationName = optional
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[person]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
FROM, UNTIL = "20250101000000Z", "20350101000000Z"


@cache
def authority() -> Path:
    """A folder with a foreign authority."""
    folder = Path(tempfile.mkdtemp())
    (folder / "ca.conf").write_text(AUTHORITY)
    (folder / "index.txt").write_text("")
    (folder / "serial").write_text("1001")
    _request(folder, "p256", "Foreign Root", "Elsewhere", "root")
    _issue(folder, "root", "-selfsign", extensions="root")
    return folder


@cache
def own_program(
    kind: str = "p256", name: str = "Lin Yuqing", *, digest: str = "sha256", until: str = UNTIL
) -> OwnProgram:
    """A person of the foreign authority, with a key of that kind."""
    folder, root = Path(tempfile.mkdtemp()), authority()
    _request(folder, kind, name, "Partner Ltd", "person")
    shutil.copy(folder / "person.req", root / "person.req")
    _issue(root, "person", "-cert", "root.pem", "-md", digest, extensions="person", until=until)
    for made, kept in (
        (folder / "person.key", "key.pem"),
        (root / "person.pem", "cert.pem"),
        (root / "root.pem", "root.pem"),
    ):
        shutil.copy(made, folder / kept)
    return OwnProgram(folder)


def authority_root() -> bytes:
    """The foreign authority's certificate, DER."""
    return openssl("x509", "-in", "root.pem", "-outform", "DER", folder=authority())


def authority_list() -> bytes:
    """The foreign authority's revocation list as of now, DER."""
    call = ("ca", "-config", "ca.conf", "-cert", "root.pem", "-keyfile", "root.key", "-gencrl")
    return openssl("crl", "-outform", "DER", folder=authority(), given=openssl(*call, folder=authority()))


def revoked(program: OwnProgram) -> bytes:
    """The foreign authority revokes that certificate; its list."""
    call = ("ca", "-config", "ca.conf", "-cert", "root.pem", "-keyfile", "root.key")
    openssl(*call, "-revoke", str(program.folder / "cert.pem"), folder=authority())
    return openssl(*call, "-gencrl", folder=authority())


def revocation_list(program: OwnProgram) -> bytes:
    """The authority's list, DER, after it revoked that certificate."""
    return openssl("crl", "-outform", "DER", folder=authority(), given=revoked(program))


def _request(folder: Path, kind: str, name: str, organisation: str, file: str) -> None:
    subject = ("-subj", f"/CN={name}/O={organisation}")
    openssl(
        "req", "-new", *KINDS[kind], "-noenc", *subject, "-keyout", f"{file}.key", "-out", f"{file}.req", folder=folder
    )


def _issue(folder: Path, file: str, *how: str, extensions: str, until: str = UNTIL) -> None:
    call = ("ca", "-batch", "-notext", "-config", "ca.conf", "-keyfile", "root.key", "-extensions", extensions)
    openssl(
        *call, *how, "-startdate", FROM, "-enddate", until, "-in", f"{file}.req", "-out", f"{file}.pem", folder=folder
    )


def own_way(case: Case, seat: Seat) -> None:
    """The host lets this signatory sign with their own certificate."""
    custodies.choose(case.services, case.staff["host"], seat.actor.signatory_id or "", "own_certificate")


def be_ready(seat: Seat, program: OwnProgram, **changes: Any) -> None:
    """Read, accept the sentence, confirm the name in the certificate."""
    seats.join(seat.services, seat.actor)
    seat.read()
    looked = own_certificates.look(seat.services, seat.actor, program.certificate)
    board = seat.board()
    request = {
        "upload": program.certificate,
        "confirmed_sha256": looked.certificate.sha256,
        "consent_text_id": board.consent.text_id,
        "consent_language": board.consent.language,
        "consent_sha256": board.consent.sha256,
        "document_sha256": board.board.agreement.document_sha256,
    }
    own_certificates.ready(seat.services, seat.actor, own_certificates.OwnReady(**{**request, **changes}))


def round_open(case: Case, program: OwnProgram) -> Seat:
    """From open doors to the open round, the first signatory with their own certificate."""
    first, *others = case.seats
    own_way(case, first)
    be_ready(first, program)
    for seat in others:
        seat.be_ready()
    case.command("go_live")
    case.command("open_round")
    return first


def taken(seat: Seat, attempt: signatures.Ready, part: str) -> bytes:
    """What the signatory downloads."""
    return own_certificates.to_sign(seat.services, seat.actor, attempt.attempt_id, part)


def prepared(seat: Seat, command_key: str = "own-key-1") -> signatures.Ready:
    """Ask to sign."""
    found = seat.prepare(command_key)
    assert isinstance(found, signatures.Ready), found
    return found
