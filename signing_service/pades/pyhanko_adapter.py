"""The one place where pyHanko's writers and signers are called; its exceptions leave as `PadesError`s.

pyHanko reads the document strictly, finds the field and writes the new revision with a gap for the signature; the CMS
object that goes into the gap is built by `cms`. No network is ever used from here.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.content import AnnotAppearances
from pyhanko.pdf_utils.form_tools import get_single_field_annot
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing_service.pades.errors import (
    FieldAlreadySigned,
    NotFirstSignature,
    RevisionInvalid,
    UnknownField,
    UnreadableDocument,
)


@dataclass(frozen=True, slots=True)
class OpenField:
    """An empty signature field of an opened document. `width` and `height` in points; zero: invisible."""

    writer: Any
    field: Any
    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A new revision whose signature is still missing: zeros fill `pdf[start:end]`, `<` and `>` included."""

    pdf: bytes
    start: int
    end: int
    digest: bytes


def open_field(base_pdf: bytes, name: str, *, first: bool) -> OpenField:
    """Read the document strictly and find its empty signature field `name`; `first`: no other may be filled."""
    try:
        writer = IncrementalPdfFileWriter(BytesIO(base_pdf), strict=True)
        found = [(value, ref) for _, value, ref in enumerate_sig_fields(writer, with_name=name)]
        filled = first and any(True for _ in enumerate_sig_fields(writer, filled_status=True))
        box = _box(found[0][1]) if len(found) == 1 else (0.0, 0.0)
    except Exception as error:  # a damaged file can make the parser fail in any way
        raise UnreadableDocument(reason=type(error).__name__) from error
    if writer.security_handler is not None:
        raise UnreadableDocument(reason="encrypted")
    if len(found) != 1:
        raise UnknownField(field=name)
    value, reference = found[0]
    if value is not None:
        raise FieldAlreadySigned(field=name)
    if filled:
        raise NotFirstSignature()
    return OpenField(writer, reference, name, *box)


def _box(field_reference: Any) -> tuple[float, float]:
    x0, y0, x1, y1 = (float(number) for number in get_single_field_annot(field_reference.get_object())["/Rect"])
    return abs(x1 - x0), abs(y1 - y0)


def place(
    opened: OpenField, *, stamp_pdf: bytes | None, certify: bool, reserve: int, at: datetime, name: str
) -> Placed:
    """Write the revision with `reserve` bytes set aside for the CMS object.

    `stamp_pdf`: a one-page PDF of the field's size, drawn as its appearance. `certify`: certification signature that
    permits form filling and signing only (DocMDP P=2). `at` and `name` are claims, written as /M and /Name.
    """
    placeholder = SignatureObject(timestamp=at, subfilter=SigSeedSubFilter.PADES, name=name, bytes_reserved=2 * reserve)
    rules = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.FILL_FORMS) if certify else None
    output = BytesIO()
    try:
        steps = PdfCMSEmbedder().write_cms(opened.name, opened.writer, existing_fields_only=True)
        field = next(steps).get_object()
        if stamp_pdf is not None:
            _set_appearance(opened.writer, field, stamp_pdf)
        steps.send(SigObjSetup(sig_placeholder=placeholder, mdp_setup=rules))
        digest, _ = steps.send(SigIOSetup("sha256", output=output))
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise RevisionInvalid(reason=type(error).__name__) from error
    return Placed(output.getvalue(), digest.reserved_region_start, digest.reserved_region_end, digest.document_digest)


def _set_appearance(writer: Any, field: Any, stamp_pdf: bytes) -> None:
    widget = get_single_field_annot(field)
    stamp = writer.import_page_as_xobject(PdfFileReader(BytesIO(stamp_pdf)))
    appearances: Any = AnnotAppearances(normal=stamp)
    widget["/AP"] = appearances.as_pdf_object()
    writer.update_container(widget)
