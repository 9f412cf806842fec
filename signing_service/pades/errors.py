"""What can go wrong while a PDF is signed, each by its own name and stable code.

Messages are English templates with named places; they hold no private data and may be shown to people.
"""

from typing import ClassVar


def N_(message: str) -> str:
    """Mark `message` for translation and return it unchanged."""
    return message


class PadesError(Exception):
    """A signature could not be prepared, completed or kept for the long term; nothing was changed."""

    code: ClassVar[str] = "signature.failed"
    message: ClassVar[str] = N_("The signature could not be made.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message.format(**params))


class UnreadableDocument(PadesError):
    """The bytes are not a PDF that can be read strictly."""

    code = "signature.unreadable_document"
    message = N_("The document is not a readable PDF: {reason}")


class TrailingBytes(PadesError):
    """Something follows the last end-of-file mark, or the file does not end with one."""

    code = "signature.trailing_bytes"
    message = N_("The document does not end with its end-of-file mark.")


class UnknownField(PadesError):
    """Signatures are only put into fields made when the document was frozen; this name is none of them."""

    code = "signature.unknown_field"
    message = N_("The document has no signature field named {field}.")


class FieldAlreadySigned(PadesError):
    """The field holds a signature already."""

    code = "signature.field_already_signed"
    message = N_("The signature field {field} is signed already.")


class NotFirstSignature(PadesError):
    """A certification signature must be the first signature of a file (ISO 32000-2, 12.8.2.2)."""

    code = "signature.not_first"
    message = N_("The document is signed already; a certification signature has to come first.")


class UnusableCertificate(PadesError):
    """The certificate cannot be read or may not make signatures at this time."""

    code = "signature.unusable_certificate"
    message = N_("The certificate cannot be used for this signature: {reason}")


class RehearsalCertificate(PadesError):
    """A certificate of a rehearsal was to sign a document that is not marked as a rehearsal."""

    code = "signature.rehearsal_certificate"
    message = N_("A certificate of a rehearsal signs only a copy that is marked as a rehearsal. Nothing was signed.")


class RehearsalDocument(PadesError):
    """A real certificate was to sign a document that is marked as a rehearsal."""

    code = "signature.rehearsal_document"
    message = N_(
        "This document is a copy for a rehearsal; only a certificate of rehearsals signs it. Nothing was signed."
    )


class UnsupportedKey(PadesError):
    """The key is of a kind this service does not sign with."""

    code = "signature.unsupported_key"
    message = N_("Keys of the kind {kind} are not accepted for a signature here.")


class ReserveTooSmall(PadesError):
    """The signature, its certificates and its time stamp need more bytes than were set aside."""

    code = "signature.reserve_too_small"
    message = N_("The signature needs {needed} bytes; {reserved} are set aside for it.")


class PreparedChanged(PadesError):
    """The prepared signature is not what `prepare` made: its parts do not fit each other."""

    code = "signature.prepared_changed"
    message = N_("The prepared signature was changed after it was made: {reason}")


class BaseChanged(PadesError):
    """The prepared document does not begin with the revision it was made for."""

    code = "signature.base_changed"
    message = N_("The document has changed since the signature was prepared.")


class WrongValue(PadesError):
    """The signature value was not made by the certificate's key over these signed attributes."""

    code = "signature.wrong_value"
    message = N_("The signature value does not fit the certificate and the document.")


class WrongTimestamp(PadesError):
    """The time stamp token does not cover what it was asked for, or is not correctly signed."""

    code = "signature.wrong_timestamp"
    message = N_("The time stamp does not fit: {reason}")


class RevisionInvalid(PadesError):
    """The new revision failed its own check before it was given out."""

    code = "signature.revision_invalid"
    message = N_("The signed document did not pass its own check: {reason}")


class AlreadyClosed(PadesError):
    """The last revision is a document time stamp: the file was closed before."""

    code = "signature.already_closed"
    message = N_("The document is closed already: a document time stamp covers all of it.")


class NothingToClose(PadesError):
    """There is no signature to keep for the long term."""

    code = "signature.nothing_to_close"
    message = N_("The document holds no signature.")


class MissingEvidence(PadesError):
    """A certificate path or its revocation state cannot be shown from the material given."""

    code = "signature.missing_evidence"
    message = N_("The validity of {subject} cannot be shown from the material at hand: {reason}")


class CertificateRevoked(PadesError):
    """A certificate had been revoked before its signature is known to have existed."""

    code = "signature.certificate_revoked"
    message = N_("The certificate of {subject} was revoked before the signature was made.")


class UnknownGlyph(PadesError):
    """No font at hand can draw a character of the stamp; it is never left blank."""

    code = "signature.unknown_glyph"
    message = N_("The stamp needs the character {character}, which no font at hand can draw.")


class StampDoesNotFit(PadesError):
    """The texts of the stamp do not fit its box at a readable size."""

    code = "signature.stamp_does_not_fit"
    message = N_("The stamp does not fit the box of {width} by {height} points.")


class FontsNotFound(PadesError):
    """The folder given does not hold the PDF fonts."""

    code = "signature.fonts_not_found"
    message = N_("The fonts for the stamp are missing; fetch them with tools/fetch_fonts.py.")


class DrawingRefused(PadesError):
    """What should be drawn in the stamp is not strokes of points within the bounds of the pad."""

    code = "signature.drawing_refused"
    message = N_("The drawing was not accepted: {reason}.")
