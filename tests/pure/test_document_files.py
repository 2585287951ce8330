"""Names that clients give files, what is taken for a program, and the page of a signature."""

import base64
import io
from pathlib import Path

import pytest
import reportlab
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from escala_client_portal.documents.files import MAX_NAME_BYTES, is_program, runs_in_browser, safe_name
from escala_client_portal.documents.signature_page import UnsignablePdf, append_signature_page

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)

FONT = str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Factura nº 3.pdf", "Factura nº 3.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\Ana\Factura.pdf", "Factura.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: b.pdf", "a Set-Cookie_ b.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("..", "document"),
        ("a.exe. ", "a.exe"),
        ("", "document"),
        (None, "document"),
        (".htaccess", "htaccess"),
        ("CON.pdf", "_CON.pdf"),
        ('<b>"x"</b>.pdf', "b_.pdf"),
        ("cafe\u0301.pdf", "café.pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_extension():
    name = safe_name("ñ" * 300 + ".pdf")
    assert name.endswith("ñ.pdf")
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert len(safe_name("a." + "b" * 300).encode()) <= MAX_NAME_BYTES


@pytest.mark.parametrize(
    ("name", "beginning", "refused"),
    [
        ("setup.EXE", b"", True),
        ("photo.jpg", b"MZ\x90\x00", True),
        ("photo.jpg", b"\x7fELF\x02", True),
        ("run", b"#!/bin/sh", True),
        ("a.pdf.js", b"var a", True),
        ("letter.docx", b"PK\x03\x04", False),
        ("contract.pdf", b"%PDF-1.7", False),
        ("page.html", b"<html>", False),
    ],
)
def test_programs_are_known_by_name_and_by_beginning(name, beginning, refused):
    assert is_program(name, beginning) == refused


@pytest.mark.parametrize("name", ["a.svg", "a.html", "page.HTM", "invoice.xml"])
def test_pages_run_in_a_browser(name):
    assert runs_in_browser(name)
    assert not is_program(name, b"")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "html", "photo.jpeg", "data.zip"])
def test_documents_are_neither_programs_nor_pages(name):
    assert not runs_in_browser(name)
    assert not is_program(name, b"")


def _pdf():
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 720, "Contract")
    canvas.save()
    return page.getvalue()


def test_the_signature_is_on_one_more_page():
    signed = append_signature_page(_pdf(), "Signature", ["Signed by: Ana", "x" * 300], PIXEL, FONT)
    pages = PdfReader(io.BytesIO(signed)).pages
    assert [len(pages), "Contract" in pages[0].extract_text(), "Ana" in pages[1].extract_text()] == [
        2,
        True,
        True,
    ]


def test_what_cannot_be_signed_says_so():
    writer = PdfWriter(clone_from=io.BytesIO(_pdf()))
    writer.encrypt("secret")
    encrypted = io.BytesIO()
    writer.write(encrypted)
    for pdf in (encrypted.getvalue(), b"%PDF-1.7 broken", b""):
        with pytest.raises(UnsignablePdf):
            append_signature_page(pdf, "Signature", [], PIXEL, FONT)
