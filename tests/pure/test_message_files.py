"""What clients may attach, and under which names it is kept."""

import pytest

from escala_client_portal.email_document import POLICY, make_document
from escala_client_portal.message_files import MAX_NAME, clean_name, is_refused_type, is_too_large


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\plan.pdf", "plan.pdf"),
        ("plan\x00\n.pdf", "plan.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a<b>:"c|?*.txt', "a_b_c_.txt"),
        ("Factura año 2026 ñ.pdf", "Factura año 2026 ñ.pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_names_are_made_safe(name, cleaned):
    assert clean_name(name) == cleaned


def test_long_names_keep_their_type():
    name = clean_name("x" * 500 + ".pdf")
    assert len(name) == MAX_NAME
    assert name.endswith(".pdf")


@pytest.mark.parametrize("name", ["a.exe", "a.EXE", "a.pdf.js", "a.svg", "a.html ", "a.exe.", "page.HTM"])
def test_what_would_run_is_refused(name):
    assert is_refused_type(name)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "exe", "photo.jpeg", "data.zip"])
def test_documents_are_taken(name):
    assert not is_refused_type(name)


def test_size():
    assert not is_too_large(20 * 1024 * 1024)
    assert is_too_large(20 * 1024 * 1024 + 1)


def test_pictures_of_the_email_become_part_of_the_page_and_others_are_left_out():
    html = make_document(
        '<img src="/web/image/5"><img src="/web/image/6?x=1">', {5: "data:image/png;base64,AA"}, "T"
    )
    assert 'src="data:image/png;base64,AA"' in html
    assert "/web/image" not in html


def test_the_page_may_neither_run_nor_fetch():
    assert "default-src 'none'" in POLICY
    assert "allow-scripts" not in POLICY
