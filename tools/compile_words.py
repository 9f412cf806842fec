"""Compile the translations (.po → .mo), which gettext reads; run by `make` whenever one has changed."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TRANSLATIONS = Path(__file__).resolve().parent.parent / "signing_service" / "translations"


def main() -> None:
    """Write every messages.mo beside its messages.po, whole or not at all."""
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        with source.open("rb") as words:
            catalogue = read_po(words, locale=source.parent.parent.name)
        draft = source.with_suffix(".mo.new")
        with draft.open("wb") as compiled:
            write_mo(compiled, catalogue)
        draft.replace(source.with_suffix(".mo"))


if __name__ == "__main__":
    main()
