"""Tables as files: what people typed is never a formula."""

import csv
import io

import openpyxl
import pytest

from escala_client_portal.spreadsheets.error_table import to_csv, to_xlsx

FORMULAS = ["=1+1", "+34 600", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_marks_what_would_be_a_formula_as_text(text):
    assert read_csv(to_csv([[text]])) == [["'" + text]]


def test_csv_keeps_other_texts_as_they_are():
    rows = [["Client", "Why"], ['Señor "X", Ltd', "a=b\nsecond line"]]
    assert read_csv(to_csv(rows)) == rows


def test_csv_tells_spreadsheet_programs_its_encoding():
    assert to_csv([["ñ"]]).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", ["=1+1", "http://attacker.example", "@x", "007"])
def test_every_cell_of_a_workbook_is_a_text(text):
    cell = openpyxl.load_workbook(io.BytesIO(to_xlsx([["Why"], [text]]))).active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
