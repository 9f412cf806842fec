"""The child of `isolated`: reads one question from standard input, limits itself, examines or compares, writes one
answer.

It writes nothing but the answer to standard output and exits with 0 only if that is complete.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from agreements.package_check import check_zip
from agreements.package_files import Mistakes, package_of
from agreements.rendering import FontFolder
from agreements.template_changes import compare
from agreements.templates import Template, read
from signing_service import isolation
from signing_service.packages import plain_data


def main() -> int:
    """Answer the question on standard input."""
    logging.disable(logging.CRITICAL)
    question = json.loads(sys.stdin.buffer.read())
    isolation.limit(question["limits"])
    answer = ANSWERS[question["what"]](question)
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    return 0


def _examined(question: Mapping[str, Any]) -> dict[str, Any]:
    data, fonts = base64.b64decode(question["zip"]), FontFolder(Path(question["fonts"]))
    found = check_zip(data, question["name"], fonts, date.fromisoformat(question["today"]))
    files = found.template.package.files if found.template is not None and found.right else {}
    return {
        "texts": {path: data.decode("utf-8") for path, data in files.items()},
        "rendered": found.rendered,
        "problems": [plain_data.problem_to_plain(one) for one in found.problems],
    }


def _compared(question: Mapping[str, Any]) -> dict[str, Any]:
    return plain_data.changes_to_plain(compare(_template(question["old"]), _template(question["new"])))


def _template(texts: Mapping[str, str]) -> Template:
    mistakes = Mistakes()
    return read(package_of("", {path: text.encode("utf-8") for path, text in texts.items()}, mistakes), mistakes)


ANSWERS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"examine": _examined, "compare": _compared}

if __name__ == "__main__":
    sys.exit(main())
