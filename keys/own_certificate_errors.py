"""Why a signatory's own certificate, or what they made with it, is refused: each by its own name and stable code."""

from keys.errors import N_, KeysError


class OwnCertificateRefused(KeysError):
    """The certificate of a signatory cannot be used here."""

    code = "own_certificate.refused"
    message = N_("This certificate cannot be used here: {reason}.")


class OwnCertificateUnreadable(OwnCertificateRefused):
    """Neither PEM nor DER of a certificate, or far too long, or with a private key in it."""

    code = "own_certificate.unreadable"
    message = N_("The file holds no certificate that can be read: {reason}.")


class OwnCertificateNotValidNow(OwnCertificateRefused):
    """Expired, or not valid yet."""

    code = "own_certificate.not_valid_now"
    message = N_("The certificate is valid from {not_before} to {not_after}; now it is not.")


class OwnCertificateRevoked(OwnCertificateRefused):
    """A revocation list of its issuer names it."""

    code = "own_certificate.revoked"
    message = N_("The certificate was revoked by its issuer on {at}.")


class OwnCertificateTooWeak(OwnCertificateRefused):
    """Its key or the digest under its own signature is too weak."""

    code = "own_certificate.too_weak"
    message = N_("The certificate is too weak: {algorithm} ({reason}).")


class OwnCertificateUnknownIssuer(OwnCertificateRefused):
    """This installation accepts certificates of listed authorities only, and this issuer is none of them."""

    code = "own_certificate.unknown_issuer"
    message = N_("This service accepts certificates of listed authorities only; “{issuer}” is not one of them.")


class OwnCertificateNotConfirmed(OwnCertificateRefused):
    """What was confirmed on the screen is another certificate than the one that was sent."""

    code = "own_certificate.not_confirmed"
    message = N_("The name in this very certificate was not confirmed. Look at it again and confirm it.")


class OwnCertificateTaken(OwnCertificateRefused):
    """It is bound to another seat: one certificate names one person."""

    code = "own_certificate.taken"
    message = N_("This certificate belongs to another signatory of this agreement.")


class OwnSignatureRefused(KeysError):
    """What the signatory's program made is not the signature that was asked for."""

    code = "own_signature.refused"
    message = N_("The file is not the signature that was asked for: {reason}. Nothing was stored.")


class OwnSignatureUnreadable(OwnSignatureRefused):
    """Neither a PDF, nor a CMS object in DER, nor a signature value."""

    code = "own_signature.unreadable"
    message = N_("The file is neither the signed PDF, nor a CMS signature, nor a signature value. Nothing was stored.")


class OtherSigner(OwnSignatureRefused):
    """It was made with another certificate than the one bound to the seat."""

    code = "own_signature.other_signer"
    message = N_("It was signed with another certificate than the one you confirmed. Nothing was stored.")


class OwnValueWrong(OwnSignatureRefused):
    """The value does not verify under the certificate's key over what was to be signed."""

    code = "own_signature.wrong_value"
    message = N_(
        "The signature does not verify: it was made with another key or over something else. Nothing was stored."
    )


class OtherDigest(OwnSignatureRefused):
    """It is a signature over other bytes: another file, an older revision, a replay."""

    code = "own_signature.other_digest"
    message = N_("It is a signature over another file or an older revision of it. Download again and sign that.")


class NoCertificateReference(OwnSignatureRefused):
    """The signed attribute signing-certificate-v2 (RFC 5035) is missing or names another certificate."""

    code = "own_signature.no_certificate_reference"
    message = N_(
        "The signature does not name its certificate (signing-certificate-v2). Set your program to CAdES or PAdES."
    )


class WeakDigest(OwnSignatureRefused):
    """SHA-1 or another digest that is not accepted."""

    code = "own_signature.weak_digest"
    message = N_("The signature uses {algorithm}, which is not accepted. Set your program to SHA-256.")


class OldBytesChanged(OwnSignatureRefused):
    """The uploaded PDF does not begin with the document that was downloaded."""

    code = "own_signature.old_bytes_changed"
    message = N_(
        "The file does not begin with the document you downloaded, byte for byte. Your program must append only."
    )


class MoreThanASignature(OwnSignatureRefused):
    """The uploaded PDF changes or adds something besides the one signature."""

    code = "own_signature.more_than_a_signature"
    message = N_("Besides the signature the file changes something else: {what}. Nothing was stored.")
