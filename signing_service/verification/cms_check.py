"""A CMS signature checked by its bytes alone: digest, signed attributes, value. Our own reading of RFC 5652.

It takes what signers really write: BER of indefinite length, attributes out of order, no signed attributes, digests
of any age, a certificate that lies elsewhere in the file. Nothing is said about trust.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from asn1crypto import algos, cms, core, parser, tsp, x509

from keys.encoded import each, encoded
from signing_service.verification.forgiving import forgiving
from signing_service.verification.plain_certificates import der_of, parsed
from signing_service.verification.plain_cms import meets_the_format, plain_cms, plain_token
from signing_service.verification.plain_der import NotPlain, if_plain
from signing_service.verification.plain_values import value_fits
from signing_service.verification.signature_values import NotSupported, Signed, digest_of, value_holds

SEQUENCE_TAG, SET_TAG = 16, 17
NAMES = {"1.3.36.3.2.1": "ripemd160"}  # digests that the ASN.1 library does not name


@dataclass(frozen=True, slots=True)
class CmsCheck:
    """`digest_matches` and `value_valid` are None when undecidable; `problem` says why in technical words."""

    digest_matches: bool | None
    value_valid: bool | None
    certificate: x509.Certificate | None
    digest_algorithm: str = ""
    digest: bytes = b""
    problem: str = ""
    sub_indication: str | None = None


def check_cms(signed_data: cms.SignedData, parts: Iterable[bytes], known: Sequence[x509.Certificate] = ()) -> CmsCheck:
    """Check the first signer over the document's signed bytes `parts`; never raises for what stands in the CMS."""
    with if_plain:
        return _check_plain(signed_data, parts)
    try:
        return _check(signed_data, parts, known)
    except NotSupported as cause:
        return CmsCheck(None, None, None, problem=str(cause))
    except MemoryError:
        raise
    except Exception as cause:  # hostile or unknown ASN.1 raises anything at all
        return CmsCheck(None, None, None, problem=f"{type(cause).__name__}: {cause}")


def _check_plain(signed_data: cms.SignedData, parts: Iterable[bytes]) -> CmsCheck:
    """The answer for a plain CMS over which everything holds; raises NotPlain for any other."""
    signed = plain_cms(signed_data)
    if signed.content is None:
        algorithm = signed.digest
        digest = digest_of(parts, algorithm)
        fits = meets_the_format(signed, digest)
    else:
        token = plain_token(signed)
        algorithm, digest = token.digest, digest_of(parts, token.digest)
        fits = digest == token.imprint and meets_the_format(signed, None)
    if not fits or not value_fits(signed):
        raise NotPlain("something does not hold")
    return CmsCheck(True, True, parsed(signed.signer), algorithm, digest)


def _check(signed_data: cms.SignedData, parts: Iterable[bytes], known: Sequence[x509.Certificate]) -> CmsCheck:
    signer = signed_data["signer_infos"][0]
    name = digest_name(signer)
    algorithm, digest, bound, message = _bound(signed_data, parts, name)
    attributes = signer["signed_attrs"]
    if attributes is not core.VOID and len(attributes):
        stated = message_digest(attributes)
        matches: bool | None = bound and stated == digest_of(message, name)
        forms = [Signed((form,)) for form in attribute_forms(attributes)]
    else:
        matches, forms = (None if bound else False), [Signed(message)]
    found: x509.Certificate | None = None
    problem = ""
    for certificate in _candidates(signer, signed_data, known):
        found = found or certificate
        try:
            holds = any(
                value_holds(
                    certificate.public_key, signer["signature_algorithm"], name, form, signer["signature"].native
                )
                for form in forms
            )
        except NotSupported as cause:
            problem = str(cause)
            continue
        if holds:
            return CmsCheck(True if matches is None else matches, True, certificate, algorithm, digest)
        problem = ""
    if found is None:
        return CmsCheck(matches, None, None, algorithm, digest, "no certificate", "NO_SIGNING_CERTIFICATE_FOUND")
    if problem:
        return CmsCheck(matches, None, found, algorithm, digest, problem)
    return CmsCheck(False if matches is None else matches, False, found, algorithm, digest)


def _bound(signed_data: cms.SignedData, parts: Iterable[bytes], name: str) -> tuple[str, bytes, bool, Iterable[bytes]]:
    """Algorithm and digest of the document, whether encapsulated content is of it, and the message that was signed."""
    held = signed_data["encap_content_info"]["content"]
    kind = signed_data["encap_content_info"]["content_type"].native
    if held is core.VOID or held.contents is None:
        return name, digest_of(parts, name), True, parts
    inner = bytes(held)
    if kind == "tst_info":
        imprint = tsp.TSTInfo.load(inner)["message_imprint"]
        algorithm = str(imprint["hash_algorithm"]["algorithm"].native)
        digest = digest_of(parts, algorithm)
        return algorithm, digest, digest == imprint["hashed_message"].native, (inner,)
    for algorithm in dict.fromkeys(("sha1", name)):  # adbe.pkcs7.sha1 holds the SHA-1 of the document
        digest = digest_of(parts, algorithm)
        if inner == digest:
            return algorithm, digest, True, (inner,)
    if not inner:
        return name, digest_of(parts, name), True, parts
    return "sha1" if len(inner) == 20 else name, digest_of(parts, name), inner == b"".join(parts), (inner,)


def digest_name(signer: cms.SignerInfo) -> str:
    """The digest algorithm of a signer; what is named like a signature algorithm is read as its digest."""
    name = str(signer["digest_algorithm"]["algorithm"].native)
    name = NAMES.get(name, name)
    name = algos.SignedDigestAlgorithmId.map(name)  # a digest's own name stays as it is
    if (name, signer["digest_algorithm"]["parameters"].native) == ("shake256_len", 512):  # RFC 8419 clause 3.1
        name = "shake256"
    for suffix in ("_rsa", "_ecdsa", "_dsa"):
        name = name.removesuffix(suffix)
    if name in ("rsassa_pkcs1v15", "rsa"):
        with forgiving:
            name = str(signer["signature_algorithm"].hash_algo)
    return name


def message_digest(attributes: cms.CMSAttributes) -> bytes:
    """The digest that signed attributes state; empty when there is none."""
    for attribute in attributes:
        if attribute["type"].native == "message_digest":
            return bytes(attribute["values"][0].native)
    return b""


def attribute_forms(attributes: cms.CMSAttributes) -> Iterable[bytes]:
    """The signed attributes as a SET OF, first as they stand, then in order (RFC 5652 clause 5.4); never mended."""
    written = bytes(parser.emit(0, 1, SET_TAG, attributes.contents))
    yield written
    ordered = bytes(parser.emit(0, 1, SET_TAG, b"".join(sorted(each(attributes.contents)))))
    if ordered != written:
        yield ordered


def certificates_of(signed_data: cms.SignedData) -> tuple[x509.Certificate, ...]:
    """The certificates that a CMS carries, unreadable ones left out."""
    found: list[x509.Certificate] = []
    with forgiving:
        for choice in signed_data["certificates"]:
            if choice.name == "certificate":
                with forgiving:
                    certificate = choice.chosen.untag()
                    _ = certificate.serial_number
                    found.append(certificate)
    return tuple(found)


def named_signer(signed_data: cms.SignedData) -> x509.Certificate | None:
    """The certificate in the CMS that its first signer names, if it is there."""
    sid = signed_data["signer_infos"][0]["sid"]
    return next((item for item in certificates_of(signed_data) if _is_named(sid, item)), None)


def _candidates(
    signer: cms.SignerInfo, signed_data: cms.SignedData, known: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """Certificates that the signer may mean: by the identifier; failing that, the only one, or none."""
    own = certificates_of(signed_data)
    named = [item for item in (*own, *known) if _is_named(signer["sid"], item)]
    if named:
        return named[:4]
    return [item for item in own if not item.ca] if len(own) <= 8 else []


def _is_named(sid: cms.SignerIdentifier, certificate: x509.Certificate) -> bool:
    with forgiving:
        if sid.name == "issuer_and_serial_number":
            chosen = sid.chosen
            if chosen["serial_number"].native != certificate.serial_number:
                return False
            issuer = encoded(chosen["issuer"])
            return issuer == encoded(certificate.issuer) or bool(chosen["issuer"] == certificate.issuer)
        return bool(sid.chosen.native == certificate.key_identifier)
    return False


def as_prescribed(signed_data: cms.SignedData, *, detached: bool) -> cms.SignedData:
    """The same CMS in the form that a PDF's shall have (ISO 32000-2, 12.8.3.3): one signer, and nothing encapsulated.

    Some write more signers, of which the first is taken, some put in the document, or no bytes, once more, and some
    name a signature algorithm where the digest's belongs.
    """
    with if_plain:
        if not detached or plain_cms(signed_data).content is None:
            return signed_data
    held = signed_data["encap_content_info"]
    surplus = detached and held["content"] is not core.VOID and held["content_type"].native == "data"
    misnamed = _digest_beside_its_place(signed_data["signer_infos"][0])
    if len(signed_data["signer_infos"]) == 1 and not surplus and not misnamed:
        return signed_data
    copied: cms.SignedData = cms.SignedData.load(parser.emit(0, 1, SEQUENCE_TAG, signed_data.contents))
    copied["signer_infos"] = cms.SignerInfos([signed_data["signer_infos"][0]])
    if misnamed:
        copied["signer_infos"][0]["digest_algorithm"] = algos.DigestAlgorithm({"algorithm": misnamed})
    if surplus:
        copied["encap_content_info"] = type(copied["encap_content_info"])({"content_type": "data"})
    return copied


def _digest_beside_its_place(signer: cms.SignerInfo) -> str:
    """The digest of a signer who names a signature algorithm in its place; empty for all others."""
    stated = str(signer["digest_algorithm"]["algorithm"].native)
    return digest_name(signer) if algos.SignedDigestAlgorithmId.map(stated) != stated else ""


def with_certificate(signed_data: cms.SignedData, certificate: x509.Certificate | None) -> cms.SignedData:
    """The same CMS with the signer's certificate in it; certificates are not signed, so nothing else changes."""
    with if_plain:
        if certificate is None or der_of(certificate) in plain_cms(signed_data).certificates:
            return signed_data
    if certificate is None or any(encoded(item) == encoded(certificate) for item in certificates_of(signed_data)):
        return signed_data
    copied: cms.SignedData = cms.SignedData.load(parser.emit(0, 1, SEQUENCE_TAG, signed_data.contents))
    held = copied["certificates"]
    choices = list(held) if held is not core.VOID and held.native is not None else []
    copied["certificates"] = cms.CertificateSet([*choices, cms.CertificateChoices("certificate", certificate)])
    return copied
