"""A last page for a signed PDF: the signature, and who signed what, when and from where."""

import io
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

MARGIN = 20 * mm
LINE = 6 * mm
SIZE = 10


class UnsignablePdf(Exception):
    """A PDF that no page can be added to: encrypted, or broken."""


def append_signature_page(pdf: bytes, title: str, lines: list, signature: bytes, font: str) -> bytes:
    """Return a copy of the PDF with one more page.

    :param pdf: the document that was signed; it is not changed
    :param title: the heading of the page
    :param lines: texts, one below the other, wrapped where they are too long
    :param signature: an image that Pillow reads, such as a PNG
    :param font: path of a TrueType font; those of PDF itself have Western European letters only (ISO 32000-1, annex D)
    :raises UnsignablePdf: the document is encrypted or cannot be read
    """
    try:
        reader = PdfReader(io.BytesIO(pdf))
        if reader.is_encrypted:
            raise UnsignablePdf("encrypted")
        writer = PdfWriter(clone_from=reader)
        writer.add_page(PdfReader(io.BytesIO(_signature_page(title, lines, signature, font))).pages[0])
        signed = io.BytesIO()
        writer.write(signed)
    except UnsignablePdf:
        raise
    except Exception as error:  # pypdf raises whatever the broken file leads it to
        raise UnsignablePdf(str(error)) from error
    return signed.getvalue()


def _signature_page(title, lines, signature, font):
    face = Path(font).stem  # what was registered first under a name keeps it
    pdfmetrics.registerFont(TTFont(face, font))
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=A4)
    width, height = A4
    y = height - MARGIN
    canvas.setFont(face, 16)
    canvas.drawString(MARGIN, y, title)
    image = ImageReader(io.BytesIO(signature))
    y -= 60 * mm
    canvas.drawImage(image, MARGIN, y, 90 * mm, 45 * mm, mask="auto", preserveAspectRatio=True, anchor="sw")
    canvas.line(MARGIN, y - 2 * mm, MARGIN + 90 * mm, y - 2 * mm)
    canvas.setFont(face, SIZE)
    y -= 2 * LINE
    for line in lines:
        for part in simpleSplit(line, face, SIZE, width - 2 * MARGIN):
            canvas.drawString(MARGIN, y, part)
            y -= LINE
    canvas.save()
    return page.getvalue()
