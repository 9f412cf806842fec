"""The child of `exhibits`: reads one question from standard input, limits itself, answers with JSON.

It writes nothing but the answer to standard output and exits with 0 only if that is complete. One part that fails
leaves the others.
"""

import base64
import json
import logging
import sys
from typing import Any

from signing_service import isolation
from signing_service.verification.exhibits import Exhibits
from signing_service.verification.forgiving import forgiving
from signing_service.verification.looks import Look, Mark
from signing_service.verification.materials import Material, materials
from signing_service.verification.plain_data import to_plain
from signing_service.verification.visible import compare, drawn, marks


def main() -> int:
    """Answer the question on standard input."""
    logging.disable(logging.CRITICAL)
    question = json.loads(sys.stdin.buffer.read())
    isolation.limit(question["limits"])
    pdf = base64.b64decode(question["pdf"])
    answer = (
        _pages(pdf, question) if question["task"] == "pages" else _exhibits(pdf, question["steps"], question["whole"])
    )
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))
    sys.stdout.flush()
    return 0


def _pages(pdf: bytes, question: dict[str, Any]) -> dict[str, str]:
    pictures = drawn(pdf, question["pages"], question["dpi"])
    return {str(page): base64.b64encode(png).decode("ascii") for page, png in pictures.items()}


def _exhibits(pdf: bytes, steps: list[list[int]], whole: bool) -> Any:
    carried: tuple[Material, ...] = ()
    hidden: tuple[Mark, ...] = ()
    looks: list[Look] = []
    if whole:
        with forgiving:
            carried = materials(pdf)
        with forgiving:
            hidden = marks(pdf)
    for before, before_end, after, after_end in steps:
        with forgiving:
            looks.append(compare(pdf[:before_end], pdf[:after_end], (before, after)))
    return to_plain(Exhibits(carried, tuple(looks), hidden))


if __name__ == "__main__":
    sys.exit(main())
