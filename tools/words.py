"""Bring the translations up to date with the texts in code and templates.

.venv/bin/python -m tools.words          update every messages.po
.venv/bin/python -m tools.words --check  say what is missing; exit 1 when something is
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "signing_service" / "translations"
FOLDERS = ("agreements", "keys", "signing_service")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def template() -> Catalog:
    """Every text that people may see, from the code as it is now."""
    catalogue = Catalog(project="signing-service", charset="utf-8")
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    for _file, _line, text, _comments, _context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_wanted
    ):
        catalogue.add(text)
    return catalogue


def _wanted(path: str) -> bool:
    inside = Path(path).resolve().relative_to(ROOT)
    return inside == Path() or inside.parts[0] in FOLDERS


def catalogues() -> dict[Path, Catalog]:
    """The translations there are."""
    found = {}
    for file in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")):
        found[file] = read_po(BytesIO(file.read_bytes()), locale=file.parent.parent.name)
    return found


def problems(catalogue: Catalog, wanted: Catalog) -> list[str]:
    """What is missing, doubtful, or speaks of other facts than the English text."""
    found = []
    for message in wanted:
        if not message.id:
            continue
        translated = catalogue.get(message.id)
        if translated is None or not _whole(translated):
            found.append(f"not translated: {message.id!r}")
        elif translated.fuzzy:
            found.append(f"doubtful: {message.id!r}")
        elif any(_facts(text) != _facts(_last(message.id)) for text in _texts(translated.string) if text):
            found.append(f"other placeholders: {message.id!r}")
    return found


def _whole(message: Message) -> bool:
    return bool(message.string) and all(_texts(message.string))


def _texts(string: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())


def _last(identity: str | list[str] | tuple[str, ...]) -> str:
    return _texts(identity)[-1]


def _facts(text: str) -> set[str]:
    return {first or second for first, second in _PLACEHOLDER.findall(text)} - {"num"}


def main(check: bool) -> int:
    """Update or check; the number of problems decides the exit."""
    wanted = template()
    count = 0
    for file, catalogue in catalogues().items():
        if not check:
            catalogue.update(wanted, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            written = BytesIO()
            write_po(written, catalogue, width=110, no_location=True, sort_output=True, omit_header=False)
            file.write_bytes(written.getvalue())
        for problem in problems(catalogue, wanted):
            print(f"{file.parent.parent.name}: {problem}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
