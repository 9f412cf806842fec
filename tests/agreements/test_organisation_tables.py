"""Organisations as a table: every mistake by row and column, two encodings, nothing a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

import pytest

from agreements.errors import TableUnreadable
from agreements.organisation_tables import FORMULA, Table, columns, read_table, written
from agreements.organisations import checked
from tests.agreements.cases import TODAY
from tests.agreements.entries import ESIMERKKI

HEADER = "legal_name.zh-Hans,legal_name.en,address.street.en,address.city.en,address.country,uscc,vat"
GOOD = "样例公司,Sample Company,1 Road,Chengdu,CN,91510000MA6X03006L,"


def read(*lines: str, encoding: str = "utf-8") -> Table:
    return read_table("\r\n".join((HEADER, *lines)).encode(encoding), TODAY)


def problems(table: Table) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.problem.code) for one in table.problems]


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("gbk", "GB18030")]
)
def test_encodings(encoding: str, name: str) -> None:
    table = read(GOOD, encoding=encoding)
    assert (table.encoding, table.problems) == (name, ())
    assert table.rows[0].values["legal_name"] == {"zh-Hans": "样例公司", "en": "Sample Company"}
    assert table.rows[0].values["identifiers"] == [{"scheme": "uscc", "value": "91510000MA6X03006L"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(delimiter: str) -> None:
    data = f"{HEADER}\n{GOOD}\n".replace(",", delimiter).encode()
    assert read_table(data, TODAY).rows == read(GOOD).rows


def test_every_mistake_has_its_row_and_column() -> None:
    table = read(
        GOOD,
        "",
        "样例,Other,1 Road,Chengdu,CHN,91510000MA6X03006X,",
        ",,1 Road,Chengdu,CN,,FI99901749",
        "重复,Again,1 Road,Chengdu,CN,91510000MA6X03006L,",
    )
    assert problems(table) == [
        (4, "uscc", "field.identifier"),
        (4, "address.country", "field.not_a_country"),
        (5, "legal_name.en", "field.required"),
        (5, "vat", "field.identifier"),
        (6, "uscc", "table.twice"),
    ]
    assert "row 2" in table.problems[-1].problem.text


def test_people_count_from_one_and_keep_their_column() -> None:
    header = (
        "legal_name.en,address.street.en,address.city.en,address.country,representatives.2.name,representatives.2.email"
    )
    table = read_table(f"{header}\nX,1 Road,Chengdu,CN,Aino,not an address\n".encode(), TODAY)
    assert problems(table) == [
        (2, "representatives.2.title.en", "field.required"),
        (2, "representatives.2.authority", "field.required"),
        (2, "representatives.2.email", "field.not_an_email"),
    ]


def test_what_was_written_is_read_back() -> None:
    people = [{**ESIMERKKI["representatives"][0], "name": f"Person {n}", "email": f"p{n}@x.example"} for n in range(5)]
    crowded = {**ESIMERKKI, "identifiers": [], "representatives": people, "note": "two\nlines; a “quote”, a comma"}
    two_numbers = [{"scheme": "vat", "value": value} for value in ("FI99901748", "DE136695976")]
    plain = {**ESIMERKKI, "identifiers": two_numbers, "representatives": []}
    entries = [checked(one, TODAY) for one in (ESIMERKKI, crowded, plain)]
    table = read_table(written(entries), TODAY)
    assert table.problems == ()
    assert [row.values for row in table.rows] == [
        {name: value for name, value in one.items() if value} for one in entries
    ]


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", '=HYPERLINK("http://x","y")', "\t=1"])
def test_no_cell_is_a_formula(evil: str) -> None:
    """A name is free text; what a spreadsheet would compute is handed out as text, and comes back as it was."""
    entry = {**ESIMERKKI, "legal_name": {"en": evil.strip()}}
    data = written([entry])
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    assert read_table(data, TODAY).rows[0].values["legal_name"] == {"en": evil.strip()}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "its first row does not name the columns"),
        (b"a,b,c\n1,2,3\n", "its first row does not name the columns"),
        (b"legal_name.en,colour\nX,red\n", "there is no column “colour”"),
        (b"legal_name.en,legal_name.en\nX,Y\n", "a column is there twice"),
        (b'legal_name.en\n"never closed\n', "its quotation marks do not close"),
        (b"legal_name.en\n" + b"x" * 200_000, "a cell is far too long"),
        ("legal_name.en\nX\n".encode("utf-16"), "UTF-8 nor GB18030"),
        (b"\xff\xfe\xff", "UTF-8 nor GB18030"),
        (b"legal_name.en\n\x00\n", "UTF-8 nor GB18030"),
        (b"legal_name.en\n" + b"x\n" * 524_289, "it is larger than 1 MB"),
        (b"legal_name.en\n" + b"x\n" * 1001, "more than 1000 organisations"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(data: bytes, reason: str) -> None:
    with pytest.raises(TableUnreadable) as refused:
        read_table(data, TODAY)
    assert reason in str(refused.value)


def test_the_empty_table_names_every_column() -> None:
    header = written(()).decode("utf-8-sig").strip().split(",")
    assert tuple(header) == columns()
    assert read_table(written(()), TODAY).rows == ()
