"""Why a PDF sealed on another platform is not kept: a branch of the service's tree, one class per reason."""

from __future__ import annotations

from signing_service.errors import N_, ServiceError


class SealedFileRefused(ServiceError):
    """A PDF sealed elsewhere is not kept as evidence."""

    code = "external_seal.refused"
    message = N_("The file was not kept.")


class SealedFileUnreadable(SealedFileRefused):
    """It is no PDF that can be read within the limits."""

    code = "external_seal.unreadable"
    message = N_("The file is no PDF that can be read. Nothing was stored.")


class SealedFileEncrypted(SealedFileRefused):
    """It is encrypted: nobody could see later what was kept."""

    code = "external_seal.encrypted"
    message = N_("The file is encrypted. Nothing was stored.")


class SealedFileActive(SealedFileRefused):
    """It carries scripts or actions."""

    code = "external_seal.active_content"
    message = N_("The file carries scripts or actions. Nothing was stored.")


class SealedFileForm(SealedFileRefused):
    """It has form fields besides signatures, whose values could cover its text."""

    code = "external_seal.form_fields"
    message = N_("The file has form fields that are no signatures. Nothing was stored.")


class SealedFileLayered(SealedFileRefused):
    """It has optional content: one file that can look in several ways."""

    code = "external_seal.optional_content"
    message = N_("The file has layers that can be switched on and off. Nothing was stored.")


class SealedFileUnsealed(SealedFileRefused):
    """There is no seal and no signature in it."""

    code = "external_seal.unsealed"
    message = N_("The file carries no seal and no signature. Nothing was stored.")


class SealedFileOther(SealedFileRefused):
    """Its SHA-256 is not the one that was stated for it."""

    code = "external_seal.other_file"
    message = N_(
        "The SHA-256 of this file begins with {found}, not with {stated}. It is another file; nothing was stored."
    )
