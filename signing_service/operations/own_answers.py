"""What a signatory brings back from their own program: told apart, checked, time-stamped. No transaction is open.

Three forms: the value over the signed attributes; a CMS object over the bytes around the gap; the whole PDF, either the
prepared one with its gap filled or the document with one revision appended.
"""

from __future__ import annotations

import base64
import binascii
import re

from cryptography import x509

from keys import own_certificates, signer_keys
from keys.errors import TimestampError, WrongValue
from keys.own_certificate_errors import OldBytesChanged, OwnSignatureUnreadable, OwnValueWrong
from signing_service.operations.finished import Finished, Opened, continued, stamped
from signing_service.pades import bases, own_increment, own_signature, revision
from signing_service.pades.own_signature import Read
from signing_service.permissions import Actor
from signing_service.services import Services

RESERVE = 16 * 1024
"""Bytes for the CMS object: some programs put whole chains and revocation answers into it."""

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_PEM = re.compile(rb"-----BEGIN (?:CMS|PKCS7)-----([A-Za-z0-9+/=\s]+)-----END (?:CMS|PKCS7)-----\s*")
_VALUE_MOST = 1024 + 8


def finish(services: Services, _actor: Actor, opened: Opened, answer: bytes) -> Finished:
    """The finished revision. Raises what `own_certificates` and `own_certificate_errors` name, or a `PadesError`."""
    now, prepared = services.clock(), opened.prepared
    own_certificates.accept_again(prepared.certificate_der, prepared.chain_der, services.authorities, now)
    if answer.startswith(b"%PDF-"):
        return _from_pdf(services, opened, answer)
    packed = _PEM.fullmatch(answer)
    if packed is not None:
        answer = _from_base64(packed[1])
    if _SIGNED_DATA in answer[:32]:
        whole = opened.whole()
        found = own_signature.read(answer, prepared.certificate_der, own_signature.covered_bytes(whole))
        found, missing = _stamped(services, found, prepared.reserved)
        tail = own_signature.filled(whole, found)[prepared.base_length :]
        return continued(opened, tail, found.level, missing)
    return _from_value(services, opened, answer)


def _from_value(services: Services, opened: Opened, value: bytes) -> Finished:
    prepared = opened.prepared
    if not 8 <= len(value) <= _VALUE_MOST:
        raise OwnSignatureUnreadable
    key = signer_keys.require(x509.load_der_x509_certificate(prepared.certificate_der).public_key())
    try:
        signer_keys.verify(key, value, prepared.signed_attributes)
    except WrongValue as error:
        raise OwnValueWrong from error
    return stamped(services, opened, value)


def _from_pdf(services: Services, opened: Opened, pdf: bytes) -> Finished:
    prepared = opened.whole()
    start, end = prepared.reserved_start, prepared.reserved_end
    same_frame = (
        len(pdf) == len(prepared.pdf) and pdf[:start] == prepared.pdf[:start] and pdf[end:] == prepared.pdf[end:]
    )
    if not same_frame:
        base = prepared.pdf[: prepared.base_length]
        if not pdf.startswith(base):
            raise OldBytesChanged
        place = own_increment.check(base, pdf, prepared.field_name)
        start, end = place.start, place.end
    covered = pdf[:start] + pdf[end:]
    found = own_signature.read(own_signature.contents(pdf[start:end]), prepared.certificate_der, covered)
    found, missing = _stamped(services, found, (end - start - 2) // 2)
    signed = revision.filled(pdf, start, end, found.der)
    tail = signed[prepared.base_length :]
    if same_frame:
        return continued(opened, tail, found.level, missing)
    return Finished(tail, bases.read(signed), found.level, missing)


def _stamped(services: Services, found: Read, room: int) -> tuple[Read, str]:
    """With a time stamp if one can be added; the code of why none could be had now, else nothing."""
    if not services.settings.timestamp_each_signature:
        return found, ""
    try:
        return own_signature.with_stamp(found, services.timestamps, room), ""
    except TimestampError as error:
        return found, error.code


def _from_base64(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise OwnSignatureUnreadable from error
