"""What can go wrong while an agreement becomes a PDF."""

from __future__ import annotations

import unicodedata

from agreements.errors import N_, AgreementError


class RenderingError(AgreementError):
    """Root of the errors of rendering."""

    code = "rendering.failed"
    message = N_("The agreement cannot be set as a PDF.")


class FontsMissing(RenderingError):
    """A type face file is absent or unreadable."""

    code = "rendering.fonts_missing"
    message = N_("The type face {file} is missing from {folder}. Run `make setup` to fetch it.")


class UnknownGlyph(RenderingError):
    """A character that none of the faces can draw; drawing it would leave a blank in a binding text."""

    code = "rendering.unknown_glyph"
    message = N_("The type faces cannot draw the character “{character}” ({codepoint}, {name}) in {place}.")

    @classmethod
    def of(cls, character: str, place: str) -> UnknownGlyph:
        """Build the error from the character and where it stands."""
        name = unicodedata.name(character, "unnamed")
        shown = character if character.isprintable() else "\ufffd"
        return cls(character=shown, codepoint=f"U+{ord(character):04X}", name=name, place=place)


class NoSuchPage(RenderingError):
    """A page was asked for that the PDF does not have."""

    code = "rendering.no_such_page"
    message = N_("The document has {pages} pages; page {page} does not exist.")


class UnreadablePdf(RenderingError):
    """The bytes given are not a PDF that can be shown."""

    code = "rendering.unreadable_pdf"
    message = N_("The file cannot be opened as a PDF.")
