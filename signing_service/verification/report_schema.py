"""The JSON Schema (draft 2020-12) of the report, out of the dataclasses of `report`; `python -m` writes it.

The written file is what others rely on; a test keeps it equal to the code. Members that are
not listed may appear later.
"""

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from signing_service.verification import report
from signing_service.verification.findings import ERROR, INFO, WARNING

FILE = Path(__file__).parents[1] / "static" / "schemas" / "verification-report-1.json"
INDICATIONS = [report.TOTAL_PASSED, report.INDETERMINATE, report.TOTAL_FAILED]
CLOSED: Mapping[tuple[str, str], list[str]] = {
    ("DocumentVerdict", "indication"): INDICATIONS,
    ("DocumentVerdict", "readable"): ["strict", "lenient", "no"],
    ("DocumentVerdict", "level"): list(report.LEVELS),
    ("Signature", "indication"): INDICATIONS,
    ("Signature", "kind"): [report.SIGNATURE, report.DOCUMENT_TIMESTAMP],
    ("Signature", "integrity"): [report.INTACT, report.BROKEN, report.UNDECIDABLE],
    ("Signature", "changes"): list(report.CHANGE_CLASSES),
    ("Signature", "level"): list(report.LEVELS),
    ("TimeStamp", "indication"): INDICATIONS,
    ("TimeStamp", "integrity"): [report.INTACT, report.BROKEN, report.UNDECIDABLE],
    ("Step", "result"): ["passed", "failed", "indeterminate", "noted", "skipped"],
    ("Finding", "severity"): [INFO, WARNING, ERROR],
}


def schema() -> dict[str, Any]:
    """The schema as a JSON value."""
    found: dict[str, Any] = {}
    _define(report.Report, found)
    found["Report"]["properties"]["schema"] = {"const": report.SCHEMA}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Verification report, version 1",
        "$ref": "#/$defs/Report",
        "$defs": dict(sorted(found.items())),
    }


def text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=1) + "\n"


def _define(kind: type, found: dict[str, Any]) -> None:
    if kind.__name__ in found:
        return
    found[kind.__name__] = {}
    hints, properties, required = typing.get_type_hints(kind), {}, []
    for one in fields(kind):
        closed = CLOSED.get((kind.__name__, one.name))
        properties[one.name] = {"enum": closed} if closed else _of(hints[one.name], found)
        if one.default is MISSING and one.default_factory is MISSING:
            required.append(one.name)
    found[kind.__name__] = {"type": "object", "properties": properties, "required": required}


def _of(hint: Any, found: dict[str, Any]) -> dict[str, Any]:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_of(choice, found) for choice in inner]}
    if origin is tuple:
        return {"type": "array", "items": _of(inner[0], found)}
    if origin is not None:
        return {"type": "object", "additionalProperties": _of(inner[1], found)}
    if is_dataclass(hint) and isinstance(hint, type):
        _define(hint, found)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if hint is datetime:
        return {"type": "string", "format": "date-time"}
    names = {str: "string", bool: "boolean", int: "integer", type(None): "null"}
    return {"type": names[hint]} if hint in names else {}


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
