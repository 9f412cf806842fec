"""Our server with pyHanko's signer inside: `python -m benchmarks.peers.pyhanko_server serve …`.

Everything stays – turns, queue, consent, store, log, HTTP – but the two halves of a signature, which pyHanko makes as
its documentation shows for a key that is elsewhere: the digest is prepared, the attributes are signed outside, the CMS
object is embedded. What our halves verify of their own work is not asked of it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko_certvalidator.registry import SimpleCertificateStore

from benchmarks.peers import asn1crypto_lengths
from benchmarks.peers.pyhanko import metadata
from keys.browser_held import raw_to_der
from keys.custody import CustodyKind
from keys.timestamping.pyhanko_adapter import pyhanko_timestamper
from signing_service.cli.main import main
from signing_service.db import files
from signing_service.operations import bases, signatures, ways
from signing_service.operations.finished import Finished, Opened
from signing_service.operations.operation import Act
from signing_service.operations.signing_facts import Facts
from signing_service.pades.bases import Base
from signing_service.pades.prepared import PreparedTail
from signing_service.pades.running import Running
from signing_service.pades.skeleton import Skeleton
from signing_service.permissions import Actor
from signing_service.services import Services

RESERVED = 16384
_PDFS: OrderedDict[str, bytes] = OrderedDict()
"""The newest revisions by SHA-256: pyHanko needs the file, and is spared reading it from the database."""


def at_hand(act: Act, facts: Facts) -> Any:
    """As ours, and the bytes of the newest revision."""
    found = _ours(act, facts)
    if facts.head_sha256 not in _PDFS:
        _keep(facts.head_sha256, files.get(act.session, facts.head_sha256))
    return found


def prepared(
    skeleton: Skeleton,
    running: Running,
    *,
    field_name: str,
    certificate_der: bytes,
    chain_der: tuple[bytes, ...],
    **_ours: object,
) -> PreparedTail:
    """The first half: pyHanko's digest and signed attributes."""
    pdf = _PDFS[running.hexdigest()]
    signer = _signer(certificate_der, chain_der, b"\0" * 72)
    by = signers.PdfSigner(metadata(field_name), signer=signer)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    digest, _, output = asyncio.run(
        by.async_digest_doc_for_signing(writer, existing_fields_only=True, bytes_reserved=RESERVED)
    )
    output.seek(0)
    attributes = asyncio.run(signer.signed_attrs(digest.document_digest, "sha256", use_pades=True))
    return PreparedTail(
        tail=output.read()[len(pdf) :],
        base_length=len(pdf),
        base_sha256=running.hexdigest(),
        field_name=field_name,
        reserved_start=digest.reserved_region_start,
        reserved_end=digest.reserved_region_end,
        document_digest=digest.document_digest,
        signed_attributes=attributes.untag().dump(),
        certificate_der=certificate_der,
        chain_der=chain_der,
    )


def finish(services: Services, _actor: Actor, opened: Opened, answer: bytes) -> Finished:
    """The second half: the CMS object with its time stamp, embedded."""
    asked = opened.prepared
    signer = _signer(asked.certificate_der, asked.chain_der, raw_to_der(answer))
    made = asyncio.run(
        signer.async_sign_prescribed_attributes(
            "sha256",
            signed_attrs=cms.CMSAttributes.load(asked.signed_attributes),
            timestamper=pyhanko_timestamper(services.timestamps),
        )
    )
    base_pdf = _PDFS.get(asked.base_sha256) or opened.base_pdf()
    output = BytesIO(base_pdf + asked.tail)
    digest = PreparedByteRangeDigest(asked.document_digest, asked.reserved_start, asked.reserved_end)
    PdfTBSDocument.finish_signing(output, digest, made)
    pdf = output.getvalue()
    tail = pdf[asked.base_length :]
    running = opened.base.running.copy()
    running.update(tail)
    bones = replace(  # nothing here continues it but pyHanko, which reads the file
        opened.base.skeleton, length=len(pdf), signed=opened.base.skeleton.signed | {asked.field_name}
    )
    base = Base(bones, running)
    _keep(base.sha256, pdf)
    return Finished(tail, base, "B-T", stamp_missing="")


def _signer(certificate: bytes, chain: tuple[bytes, ...], value: bytes) -> signers.ExternalSigner:
    store = SimpleCertificateStore()
    store.register_multiple(asn1_x509.Certificate.load(der) for der in chain)
    return signers.ExternalSigner(
        signing_cert=asn1_x509.Certificate.load(certificate), cert_registry=store, signature_value=value
    )


def _keep(sha256: str, pdf: bytes) -> None:
    _PDFS[sha256] = pdf
    while len(_PDFS) > 8:
        _PDFS.popitem(last=False)


asn1crypto_lengths.mend()
_ours = bases.at_hand
_way = ways.WAYS[CustodyKind.BROWSER_HELD]
bases.at_hand = at_hand
signatures.compute = prepared  # type: ignore[attr-defined,assignment]  # its imported name; `**_ours` takes the rest
ways.WAYS = {**ways.WAYS, CustodyKind.BROWSER_HELD: replace(_way, finish=finish)}

if __name__ == "__main__":
    main()
