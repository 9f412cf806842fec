"""PDFs as platforms in China seal them: an SM2 value by openssl inside a structure of GB/T 38540, or a CMS object."""

from __future__ import annotations

import tempfile
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from keys.timestamping.der import identifier, integer, octets, sequence, tagged
from tests.factories.own_programs import openssl

SM2_SM3 = "1.2.156.10197.1.501"
GM_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
N, D, A = generic.NameObject, generic.DictionaryObject, generic.ArrayObject


@cache
def sm2_value() -> bytes:
    """A real SM2 value."""
    folder = Path(tempfile.mkdtemp())
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "key.pem", folder=folder)
    (folder / "text").write_bytes("合作协议".encode())
    arguments = ("pkeyutl", "-sign", "-inkey", "key.pem", "-in", "text", "-rawin", "-digest", "sm3")
    return openssl(*arguments, "-pkeyopt", "distid:1234567812345678", folder=folder)


def ses_signature() -> bytes:
    """SES_Signature of GB/T 38540: what is signed, certificate, algorithm, value."""
    to_sign = sequence(integer(4), octets("中欧新经济产业创新中心".encode()))
    return sequence(to_sign, octets(b"certificate"), identifier(SM2_SM3), tagged(0x03, b"\0" + sm2_value()))


def sm2_cms() -> bytes:
    """The head of a SignedData of GM/T 0010 with an SM2 value."""
    body = sequence(integer(1), sequence(identifier(SM2_SM3)), octets(sm2_value()))
    return sequence(identifier(GM_SIGNED_DATA), tagged(0xA0, body))


def sealed(contents: bytes | None = None, *, encrypted: bool = False, **catalogue: Any) -> bytes:
    """One page with one signature field; `contents` None: GB/T 38540, empty: no seal."""
    writer = PdfFileWriter(stream_xrefs=False)
    stream = writer.add_object(generic.StreamObject(stream_data=b"0 0 100 100 re S"))
    page = writer.insert_page(PageObject(contents=stream, media_box=(0, 0, 595, 842)))
    value = ses_signature() if contents is None else contents
    seal = D({N("/Type"): N("/Sig"), N("/Filter"): N("/GM.Seal"), N("/SubFilter"): N("/GBT.38540")})
    seal[N("/ByteRange")] = A(generic.NumberObject(n) for n in (0, 10, 20, 30))
    seal[N("/Contents")] = generic.ByteStringObject(value)
    field = D({N("/FT"): N("/Sig"), N("/Subtype"): N("/Widget"), N("/T"): generic.TextStringObject("Seal")})
    field[N("/Rect")] = A(generic.NumberObject(n) for n in (50, 50, 150, 150))
    field[N("/V")] = writer.add_object(seal)
    reference = writer.add_object(field)
    writer.root["/AcroForm"] = D({N("/Fields"): A([reference]), N("/SigFlags"): generic.NumberObject(3)})
    page.get_object()["/Annots"] = A([reference])
    for name, entry in catalogue.items():
        writer.root[f"/{name}"] = entry
    if encrypted:
        writer.encrypt("owner", "")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def script() -> D:
    return D({N("/S"): N("/JavaScript"), N("/JS"): generic.TextStringObject("app.alert(1)")})


def layers() -> D:
    return D({N("/OCGs"): A(), N("/D"): D()})


def text_field() -> D:
    """A form whose one field is a text field."""
    kind = D({N("/FT"): N("/Tx"), N("/Subtype"): N("/Widget"), N("/T"): generic.TextStringObject("Amount")})
    return D({N("/Fields"): A([kind])})
