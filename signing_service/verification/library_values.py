"""Signature values that the library cannot check are checked by our own reading, so that both say the same.

The library judges trust. Before that it verifies the value once more, knows fewer algorithms than signers use, and
would call an intact signature broken for it. `use` lets it take our answer where its own is no.
"""

from typing import Any

from asn1crypto import cms, core, x509
from pyhanko.sign.validation import errors, generic_cms

from signing_service.verification.cms_check import attribute_forms, digest_name, message_digest
from signing_service.verification.forgiving import forgiving
from signing_service.verification.signature_values import Signed, value_holds

_library = generic_cms.validate_sig_integrity


def _verified(
    signer_info: cms.SignerInfo,
    cert: x509.Certificate,
    expected_content_type: str,
    actual_digest: bytes,
    sig_validator: Any = None,
) -> tuple[bool, bool]:
    """The library's answer; where it is no, or an error of its own, ours. As the function it stands for."""
    attributes = signer_info["signed_attrs"]
    failure: Exception | None = None
    intact = valid = False
    try:
        intact, valid = _library(signer_info, cert, expected_content_type, actual_digest, sig_validator)
    except (errors.SignatureValidationError, MemoryError):
        raise
    except Exception as cause:  # an algorithm that the library does not know
        failure = cause
    if valid or attributes is core.VOID:
        if failure is not None:
            raise failure
        return intact, valid
    name = digest_name(signer_info)
    with forgiving:
        value, algorithm = signer_info["signature"].native, signer_info["signature_algorithm"]
        if any(
            value_holds(cert.public_key, algorithm, name, Signed((form,)), value)
            for form in attribute_forms(attributes)
        ):
            return message_digest(attributes) == actual_digest, True
    if failure is not None:
        raise failure
    return intact, valid


def use() -> None:
    """Let the library take our answer, in the whole process."""
    generic_cms.validate_sig_integrity = _verified
