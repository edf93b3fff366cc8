from __future__ import annotations

import contextlib
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Alignment, Font

from extraction.readers.pandoc_tables import a1
from extraction.readers.spreadsheet import read_rows
from extraction.readers.spreadsheet_format import shown
from schemas.errors import DocumentError

DAY = dt.datetime.fromisoformat("2020-05-01")


def workbook(fill):
    book = openpyxl.Workbook()
    fill(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def tables(elements):
    return [element for element in elements.elements if element.kind == "table"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    text = "\n".join(delimiter.join(row) for row in (["a", "b", "c"], ["1,5", "x y", ""], ["2", "z", "3"]))
    text = text.replace("1,5", '"1,5"')
    assert read_rows(text) == [["a", "b", "c"], ["1,5", "x y", ""], ["2", "z", "3"]]


def test_a_csv_file_is_a_table_with_cells_in_a1(read, rows):
    found = read("sales.csv", "# Sales in millions\n\nYear;Amount\n2020;1,5\n2021;2,5\n".encode("cp1252"))
    (table,) = tables(found)
    assert rows(table) == [["Year", "Amount"], ["2020", "1,5"], ["2021", "2,5"]]
    assert (table.grid.header_rows, table.head) == (1, "# Sales in millions")
    assert (table.grid.cells[0].place.sheet, table.grid.cells[0].place.cell) == ("sales", "A3")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_of_a_csv_file_is_found(read, rows, encoding):
    (table,) = tables(read("a.csv", "Stadt,Größe\nKöln,1\n".encode(encoding)))
    assert rows(table)[0] == ["Stadt", "Größe"]


def test_a_sheet_has_several_tables_with_heads_and_merged_cells(read, rows):
    def fill(book):
        sheet = book.active
        sheet.title = "Data"
        sheet["A1"] = "Table 1: Sales by region"
        sheet["A2"] = "In millions of dollars"
        for row in (["Region", "2021", None], ["", "Q1", "Q2"], ["North", 1.5, 2], ["South", 3, 4]):
            sheet.append(row)
        sheet.merge_cells("B3:C3")
        sheet["A9"], sheet["B9"], sheet["A10"], sheet["B10"] = "Name", "Age", "Ann", 31
        sheet["F9"], sheet["G9"], sheet["F10"], sheet["G10"] = "Key", "Value", "k", 7

    found = read("a.xlsx", workbook(fill))
    first, second, third = tables(found)
    assert rows(first) == [["Region", "2021", ""], ["", "Q1", "Q2"], ["North", "1.5", "2"], ["South", "3", "4"]]
    assert (first.label, first.caption, first.head) == ("table 1", "Sales by region", "In millions of dollars")
    assert (first.grid.header_rows, first.places[0].cell) == (2, "A3:C6")
    assert [c.place.cell for c in first.grid.cells if c.col_span == 2] == ["B3:C3"]
    assert (rows(second), rows(third)) == ([["Name", "Age"], ["Ann", "31"]], [["Key", "Value"], ["k", "7"]])


def test_a_blank_spacer_column_does_not_cut_a_table(read, rows):
    def fill(book):
        for row in (
            ["No.", None, "Item", None, "Value"],
            [1, None, "voltage", None, 130],
            [2, None, "phases", None, 3],
        ):
            book.active.append(row)

    (table,) = tables(read("a.xlsx", workbook(fill)))
    assert rows(table)[1] == ["1", "", "voltage", "", "130"]


def test_formulas_are_kept_beside_stored_values_and_missing_values_are_said(read):
    def fill(book):
        sheet = book.active
        sheet.append(["a", "b"])
        sheet.append([1, "=A2*2"])

    found = read("a.xlsx", workbook(fill))
    (table,) = tables(found)
    assert [cell.formula for cell in table.grid.cells] == [None, None, None, "A2*2"]
    assert found.document.warnings == ("no stored value: 1 formulas in sheet Sheet",)


def test_hidden_sheets_are_left_out_and_said(read):
    def fill(book):
        book.active.append(["x", "y"])
        book.active.append([1, 2])
        book.create_sheet("Secret").append(["z"])
        book["Secret"].sheet_state = "hidden"

    found = read("a.xlsx", workbook(fill))
    assert found.document.warnings == ("hidden sheet: Secret",)


def test_bold_and_indent_of_cells_are_kept(read):
    def fill(book):
        sheet = book.active
        sheet.append(["a", "b"])
        sheet.append(["part", 1])
        sheet["A2"].alignment = Alignment(indent=2)
        sheet["A1"].font = Font(bold=True)

    (table,) = tables(read("a.xlsx", workbook(fill)))
    assert (table.grid.cells[0].bold, table.grid.cells[2].indent) == (True, 2.0)


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.125, "0.0%", "12.5%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-1234, "#,##0;(#,##0)", "(1,234)"),
        (-5, "$#,##0", "-$5"),
        (12.5, '"$"#,##0.00', "$12.50"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (2024, "General", "2024"),
        (12.0, '0.0" km"', "12.0 km"),
        (DAY, "yyyy-mm-dd", "2020-05-01"),
        (DAY, "mmm yyyy", "2020-05"),
        (True, "General", "TRUE"),
        (2.5, "0", "3"),
        (1.5, "0.0##", "1.5"),
    ],
)
def test_a_value_is_shown_as_the_sheet_shows_it(value, number_format, text):
    assert shown(value, number_format) == text


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_a1_references_agree_with_openpyxl(row, col):
    from openpyxl.utils import get_column_letter

    assert a1(row, col) == f"{get_column_letter(col + 1)}{row + 1}"


@given(st.lists(st.lists(st.text("ab1 .,;\n\"'", max_size=5), min_size=2, max_size=2), min_size=2, max_size=6))
def test_any_csv_text_is_read_or_named(rows_in):
    text = "\n".join(",".join(row) for row in rows_in)
    with contextlib.suppress(DocumentError):
        assert all(isinstance(cell, str) for row in read_rows(text) for cell in row)


def test_a_zip_that_is_no_workbook_is_broken(read, tmp_path):
    import zipfile

    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(DocumentError) as caught:
        read("a.xlsx", path.read_bytes())
    assert caught.value.check == "broken_xlsx"
