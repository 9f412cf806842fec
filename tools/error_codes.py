"""Print docs/error_codes.md: every class of the error trees with its code, its HTTP status and its message.

    python -m tools.error_codes > docs/error_codes.md

The classes are the source; the page is never edited by hand. A test compares the two.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

import agreements.clause_errors
import agreements.course_errors
import agreements.errors
import agreements.rendering.errors
import keys.errors
import keys.holder_errors
import keys.own_certificate_errors
import keys.passkey_errors
import keys.rehearsal_errors
import signing_service.audit.errors
import signing_service.errors
import signing_service.pades.errors
import signing_service.sealed_file_errors
from signing_service.http_errors import STATUS

#: Section of the page → the module its classes are defined in.
TREES: Mapping[str, ModuleType] = {
    "Agreements": agreements.errors,
    "Clauses of an agreement": agreements.clause_errors,
    "The course of an agreement": agreements.course_errors,
    "Rendering": agreements.rendering.errors,
    "Keys, certificates and time stamps": keys.errors,
    "Passkeys": keys.passkey_errors,
    "Keys held elsewhere": keys.holder_errors,
    "Own certificates of signatories": keys.own_certificate_errors,
    "Keys of rehearsals": keys.rehearsal_errors,
    "The service": signing_service.errors,
    "Sealed files of other platforms": signing_service.sealed_file_errors,
    "Signatures in PDFs": signing_service.pades.errors,
    "The audit log": signing_service.audit.errors,
}

HEAD = """\
# Error codes

Every refusal has a stable code. The JSON interface sends it as `code` in a problem document (RFC 9457), the error page
shows it, and the operator's log names it. The message is a template: the names in braces are filled in when the error
is raised, and the text is translated for the reader. The status is what `signing_service/http_errors.py` gives the
class when it reaches a browser; many classes never do. A class without a line of its own there takes the status of its
nearest base.

Three codes have no class: `request.csrf` (400, a form without a valid token), `http.<status>` (a refusal by the web
framework, such as `http.404` or `http.413`) and `service.unexpected` (500, a defect; the cause is in the operator's
log and nowhere else).

This page is printed by `python -m tools.error_codes` and is not edited by hand.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One class of a tree."""

    code: str
    name: str
    status: int
    message: str
    meaning: str


def rows(module: ModuleType) -> Iterator[Row]:
    """The classes that `module` defines, in their order in the file."""
    for found in vars(module).values():
        if not (inspect.isclass(found) and issubclass(found, Exception) and found.__module__ == module.__name__):
            continue
        status = next(STATUS[base] for base in found.__mro__ if base in STATUS)
        meaning = (inspect.getdoc(found) or "").split("\n\n", 1)[0].replace("\n", " ")
        yield Row(vars(found)["code"], found.__name__, status, vars(found)["message"], meaning)


def page() -> str:
    """The whole page as Markdown."""
    parts = [HEAD]
    for title, module in TREES.items():
        parts.append(f"\n## {title}\n\nDefined in `{module.__name__.replace('.', '/')}.py`.\n\n")
        parts.append("| Code | Status | Message | Class |\n|---|---|---|---|\n")
        for row in rows(module):
            cells = (f"`{row.code}`", str(row.status), row.message, f"`{row.name}`: {row.meaning}")
            parts.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join(parts)


if __name__ == "__main__":
    print(page(), end="")
