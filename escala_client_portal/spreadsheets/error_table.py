"""A table of texts as a file: what people typed stays text, whatever spreadsheet programs take it for."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

COLUMNS = ("account_name", "contact_name", "email", "reason")
# What spreadsheet programs take for the beginning of a formula (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

Table = Sequence[Sequence[str]]


def to_csv(rows: Table) -> bytes:
    """Return the rows as CSV (RFC 4180) in UTF-8, marked as such for spreadsheet programs."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([_as_text(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Table) -> bytes:
    """Return the rows as an Office Open XML workbook, the first one as headers; every cell is a text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, None if number else bold)
        sheet.autofit(300)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
