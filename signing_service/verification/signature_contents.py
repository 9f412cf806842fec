"""The contents of a signature dictionary opened: the CMS inside, or for the oldest kind one made of its parts.

It replaces the library's own class, which refuses what foreign producers write. Nothing is judged here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from asn1crypto import algos, cms, core, parser, x509
from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import FieldMDPSpec

from signing_service.verification.cms_check import digest_name
from signing_service.verification.forgiving import forgiving
from signing_service.verification.pdf_access import entry, items, name_in, resolved
from signing_service.verification.plain_cms import plain_cms, signed_data_in
from signing_service.verification.plain_der import if_plain, one

RAW_RSA = "/adbe.x509.rsa_sha1"  # Contents is a PKCS #1 value, Cert holds the certificates (ISO 32000-1, 12.8.3.2)

CIPHER_BLOCK = 16


class NoSignature(Exception):
    """The contents hold no signature that can be read."""


@dataclass
class OpenedSignature:
    """One opened signature; `signer_cert` starts as what the CMS names and is replaced by what the value proves."""

    contents: bytes
    signed_data: cms.SignedData
    certificate: x509.Certificate | None = field(default=None)

    @property
    def signer_info(self) -> cms.SignerInfo:
        return self.signed_data["signer_infos"][0]

    @property
    def md_algorithm(self) -> str:
        with if_plain:
            return plain_cms(self.signed_data).digest
        return digest_name(self.signer_info)

    @property
    def signer_cert(self) -> x509.Certificate:
        """Raises LookupError when there is none."""
        if self.certificate is None:
            raise LookupError("no certificate of the signer")
        return self.certificate

    @property
    def is_timestamp(self) -> bool:
        return bool(self.signed_data["encap_content_info"]["content_type"].native == "tst_info")


def open_contents(value: generic.DictionaryObject, subfilter: str) -> OpenedSignature:
    """The signature in a signature dictionary; raises NoSignature."""
    contents = contents_of(value)
    signed_data = _raw_rsa(value, contents) if subfilter == RAW_RSA else None
    if signed_data is None:
        signed_data = load_signed_data(contents)
    return OpenedSignature(contents, signed_data)


def contents_of(value: generic.DictionaryObject) -> bytes:
    """The bytes of Contents, never decrypted; raises NoSignature."""
    try:
        held = value.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
    except KeyError as cause:
        raise NoSignature("no contents") from cause
    if isinstance(held, generic.IndirectObject):
        held = resolved(held)
    if not isinstance(held, (generic.TextStringObject, generic.ByteStringObject)):
        raise NoSignature("contents are no string")
    return bytes(held.original_bytes)


def load_signed_data(contents: bytes) -> cms.SignedData:
    """SignedData out of a ContentInfo, or bare; what follows its end is left out. Raises NoSignature."""
    if contents[:1] in (b"", b"\x00") and not contents.strip(b"\x00"):
        raise NoSignature("contents are empty")
    with if_plain:
        return signed_data_in(contents)
    for read in (_from_content_info, _bare):
        with forgiving:
            signed_data = read(contents)
            if len(signed_data["signer_infos"]):
                _read_through(signed_data)
                return signed_data
    raise NoSignature("contents are no CMS signature")


def _read_through(signed_data: cms.SignedData) -> None:
    """Parse what a verdict needs; raises what asn1crypto, which parses late, would raise in the middle."""
    signer = signed_data["signer_infos"][0]
    _ = signed_data["encap_content_info"]["content_type"].native, signed_data["encap_content_info"]["content"]
    _ = signer["sid"].chosen, signer["signature"].native
    for name in ("digest_algorithm", "signature_algorithm"):
        _ = signer[name]["algorithm"].native
    for name in ("signed_attrs", "unsigned_attrs"):
        for attribute in signer[name]:
            _ = attribute["type"].native, len(attribute["values"])


def _from_content_info(contents: bytes) -> cms.SignedData:
    message = cms.ContentInfo.load(contents)
    if message["content_type"].native != "signed_data":
        raise NoSignature("contents are no signed data")
    return message["content"]


def _bare(contents: bytes) -> cms.SignedData:
    return cms.SignedData.load(contents)


def padding_is_clean(contents: bytes, value: generic.PdfObject | None = None) -> bool:
    """Whether nothing but zeros follows the signature inside its reserved space.

    Some producers encrypt the reserved zeros, and then put the signature over their beginning: `value` is the
    dictionary that holds the contents, in its file.
    """
    try:
        end = _end_of_value(contents)
    except ValueError:
        return False
    if contents.endswith(bytes(max(0, len(contents) - end))):
        return True
    if not isinstance(value, generic.DictionaryObject):
        return False
    with forgiving:
        decrypted = value.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.TRANSPARENT)
        if isinstance(decrypted, (generic.TextStringObject, generic.ByteStringObject)):
            plain = bytes(decrypted.original_bytes)
            return plain != contents and not plain[-(-end // CIPHER_BLOCK) * CIPHER_BLOCK :].strip(b"\x00")
    return False


def _end_of_value(contents: bytes) -> int:
    """Where the first value ends; raises ValueError."""
    with if_plain:
        return one(contents, 0, len(contents)).end
    _, _, _, header, inner, trailer = parser.parse(contents, strict=False)
    return len(header) + len(inner) + len(trailer)


def _raw_rsa(value: generic.DictionaryObject, contents: bytes) -> cms.SignedData | None:
    """The oldest kind put into the form of a CMS without attributes, so that everything else can stay one way."""
    with forgiving:
        signature = core.OctetString.load(contents).native
        certificates = list(_certificates(value))
        leaf = certificates[0]
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    cms.IssuerAndSerialNumber({"issuer": leaf.issuer, "serial_number": leaf.serial_number}),
                ),
                "digest_algorithm": algos.DigestAlgorithm({"algorithm": _digest_within(leaf, signature)}),
                "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}),
                "signature": signature,
            }
        )
        return cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": cms.DigestAlgorithms([signer["digest_algorithm"]]),
                "encap_content_info": {"content_type": "data"},
                "certificates": [cms.CertificateChoices("certificate", item) for item in certificates],
                "signer_infos": [signer],
            }
        )
    return None


def _digest_within(certificate: x509.Certificate, signature: bytes) -> str:
    """The digest algorithm that the value itself names: some producers use SHA-256 under the old name."""
    with forgiving:
        key = certificate.public_key["public_key"].parsed
        size = (key["modulus"].native.bit_length() + 7) // 8
        number = pow(int.from_bytes(signature, "big"), key["public_exponent"].native, key["modulus"].native)
        info = number.to_bytes(size, "big").partition(b"\x00\x01")[2].lstrip(b"\xff")[1:]
        return str(algos.DigestInfo.load(info)["digest_algorithm"]["algorithm"].native)
    return "sha1"


def _certificates(value: generic.DictionaryObject) -> Iterator[x509.Certificate]:
    held = value.raw_get("/Cert", decrypt=generic.EncryptedObjAccess.RAW)
    held = resolved(held) if isinstance(held, generic.IndirectObject) else held
    for item in items(held) if isinstance(held, generic.ArrayObject) else (held,):
        if isinstance(item, (generic.TextStringObject, generic.ByteStringObject)):
            yield x509.Certificate.load(item.original_bytes)


def permission_of(value: generic.DictionaryObject, field_node: generic.DictionaryObject | None) -> int | None:
    """The /P that a certification signature sets (ISO 32000-2 table 257; absent: 2), or its field's lock."""
    with forgiving:
        transform = _transform(value, "/DocMDP")
        if transform is not None:
            stated = entry(entry(transform, "/TransformParams"), "/P")
            return int(str(stated)) if stated is not None else 2
    with forgiving:
        stated = entry(entry(field_node, "/Lock"), "/P")
        return int(str(stated)) if stated is not None else None
    return None


def lock_of(value: generic.DictionaryObject) -> FieldMDPSpec | None:
    """The fields that the signature locks, if any."""
    with forgiving:
        transform = _transform(value, "/FieldMDP")
        if transform is not None:
            return FieldMDPSpec.from_pdf_object(entry(transform, "/TransformParams"))
    return None


def _transform(value: generic.DictionaryObject, method: str) -> generic.PdfObject | None:
    for reference in items(entry(value, "/Reference")):
        if name_in(reference, "/TransformMethod") == method:
            return reference
    return None
