"""Organisations as a table (CSV): reading one with every mistake by row and column, and writing one.

A column has the name of a field of the form (`legal_name.en`, `address.city.zh-Hans`), numbers have a column per kind
(`uscc`, `vat`), people count from 1 (`representatives.1.name`). Nothing is stored here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agreements.drafts import flat, parse_form
from agreements.errors import N_, InvalidFields, TableUnreadable
from agreements.identifiers import SCHEMES
from agreements.languages import ENGLISH, LANGUAGES
from agreements.organisations import ENTRY, checked
from agreements.problems import FieldProblem
from agreements.variables import Variable

MAX_BYTES = 1024 * 1024
MAX_ROWS = 1000
SEVERAL = ";"  # between two numbers of one kind in one cell
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet compute a cell (CWE-1236)
_PERSON = re.compile(r"representatives\.([1-8])\.(.+)")


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One mistake. `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    column: str
    problem: FieldProblem


@dataclass(frozen=True, slots=True)
class TableRow:
    """One organisation of a table: the line it stands on and its checked values."""

    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was read. `encoding` is what the bytes were taken for, "UTF-8" or "GB18030"."""

    encoding: str
    rows: tuple[TableRow, ...]
    problems: tuple[CellProblem, ...] = field(default=())


def columns() -> tuple[str, ...]:
    """Every column there is, in the order of the form; people up to the second."""
    return tuple(_columns())


def _columns() -> Iterator[str]:
    for one in ENTRY.variables:
        if one.name == "identifiers":
            yield from SCHEMES
        elif one.type == "list" and one.item is not None:
            for number in (1, 2):
                yield from (f"{one.name}.{number}.{name}" for name in _leaf_names(one.item.fields))
        else:
            yield from _leaf_names((one,))


def _leaf_names(parts: Sequence[Variable]) -> Iterator[str]:
    for part in parts:
        if part.composite:
            yield from (f"{part.name}.{name}" for name in _leaf_names(part.fields))
        elif part.localized:
            yield from (f"{part.name}.{lang}" for lang in LANGUAGES)
        else:
            yield part.name


def decoded(data: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 (with or without mark) or else GB18030. Raises TableUnreadable."""
    if len(data) > MAX_BYTES:
        raise TableUnreadable(reason=N_("it is larger than 1 MB"))
    for encoding, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, name
    raise TableUnreadable(reason=N_("it is text in neither UTF-8 nor GB18030; save it as “CSV UTF-8”"))


def read_table(data: bytes, today: date) -> Table:
    """The organisations of a table, and every mistake. Raises TableUnreadable when it is no such table at all."""
    text, encoding = decoded(data)
    header, lines = _lines(text)
    if len(lines) > MAX_ROWS:
        raise TableUnreadable(reason=N_("it has more than 1000 organisations; divide it"))
    rows: list[TableRow] = []
    problems: list[CellProblem] = []
    for row, cells in lines:
        typed = {column: _plain(cell) for column, cell in zip(header, cells, strict=False) if cell.strip()}
        places = _places(typed)
        try:
            values = checked(parse_form(ENTRY, {path: value for path, (_column, value) in places.items()}), today)
            rows.append(TableRow(row, values))
        except InvalidFields as refused:
            rows.append(TableRow(row, {}))
            problems += [CellProblem(row, _column_of(one.path, places), one) for one in refused.problems]
    return Table(encoding, tuple(rows), (*problems, *_twice(rows)))


def _lines(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the lines below it with their line numbers in a spreadsheet."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # a spreadsheet writes what its country writes
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise TableUnreadable(reason=N_("its quotation marks do not close, or a cell is far too long")) from error
    header = [cell.strip() for cell in found[0]] if found else []
    known = set(columns()) | {
        f"{_person(n)}{c[18:]}" for n in range(3, 9) for c in columns() if c.startswith(_person(1))
    }
    strange = [name for name in header if name and name not in known]
    if not any(name in known for name in header):
        raise TableUnreadable(reason=N_("its first row does not name the columns; begin with the empty table"))
    if strange:
        raise TableUnreadable(reason=N_("there is no column “{column}”"), column=strange[0][:60])
    if len(set(header) - {""}) != len([name for name in header if name]):
        raise TableUnreadable(reason=N_("a column is there twice"))
    return header, [(row, cells) for row, cells in enumerate(found[1:], start=2) if any(map(str.strip, cells))]


def _person(number: int) -> str:
    return f"representatives.{number}."


def _plain(cell: str) -> str:
    """The cell without the apostrophe that `written` puts before what a spreadsheet would compute."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:2] in (*FORMULA, "'") else text


def _places(typed: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Path of the form → (column, value): numbers become rows, people close up as they do in a form."""
    places: dict[str, tuple[str, str]] = {}
    people = sorted({match[1] for column in typed if (match := _PERSON.fullmatch(column))})
    number = 0
    for column, cell in typed.items():
        match = _PERSON.fullmatch(column)
        if match is not None:
            places[f"representatives.{people.index(match[1])}.{match[2]}"] = (column, cell)
        elif column in SCHEMES:
            for value in filter(None, map(str.strip, cell.split(SEVERAL))):
                places[f"identifiers.{number}.scheme"] = (column, column)
                places[f"identifiers.{number}.value"] = (column, value)
                number += 1
        elif column:
            places[column] = (column, cell)
    return places


def _column_of(path: str, places: Mapping[str, tuple[str, str]]) -> str:
    """The column of a problem; what is missing has the name that its column would have."""
    if path in places:
        return places[path][0]
    below = next((column for other, (column, _) in places.items() if other.startswith(f"{path}.")), "")
    if below:
        return below
    match = re.fullmatch(r"representatives\.(\d+)\.(.+)", path)
    if match is None:
        return f"{path}.{ENGLISH}" if f"{path}.{ENGLISH}" in columns() else path
    sibling = next((c for p, (c, _) in places.items() if p.startswith(f"representatives.{match[1]}.")), "")
    column = f"representatives.{sibling.split('.')[1]}.{match[2]}" if sibling else path
    return f"{column}.{ENGLISH}" if column.endswith(".title") else column


def _twice(rows: Iterable[TableRow]) -> Iterator[CellProblem]:
    """Numbers that stand in the table already, further up."""
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        for one in row.values.get("identifiers", ()):
            first = seen.setdefault((one["scheme"], one["value"]), row.row)
            if first != row.row and one["scheme"] != "vat":
                message = N_("This number stands in row {row} already.")
                problem = FieldProblem("identifiers", "table.twice", message, {"row": first}, SCHEMES[one["scheme"]])
                yield CellProblem(row.row, one["scheme"], problem)


def written(entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The entries as a table that `read_table` reads back, UTF-8 with a mark so that spreadsheets read it too.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    lines = [_cells(entry) for entry in entries]
    extra = sorted({column for line in lines for column in line} - set(columns()))
    header = [*columns(), *extra]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[_escaped(line.get(column, "")) for column in header] for line in lines])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cells(entry: Mapping[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for one in entry.get("identifiers", ()):
        cells[one["scheme"]] = (
            f"{cells[one['scheme']]} {SEVERAL} {one['value']}" if one["scheme"] in cells else one["value"]
        )
    for path, value in flat({name: value for name, value in entry.items() if name != "identifiers"}).items():
        match = re.fullmatch(r"representatives\.(\d+)\.(.+)", path)
        cells[f"representatives.{int(match[1]) + 1}.{match[2]}" if match else path] = value
    return cells


def _escaped(cell: str) -> str:
    return f"'{cell}" if cell.startswith((*FORMULA, "'")) else cell
