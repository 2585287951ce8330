"""Documents of the vineyard to test with."""

import base64
import io

from reportlab.pdfgen.canvas import Canvas

# The smallest PNG there is: one transparent pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def make_pdf(text="Contract"):
    """Return a PDF of one page."""
    page = io.BytesIO()
    canvas = Canvas(page)
    canvas.drawString(72, 720, text)
    canvas.save()
    return page.getvalue()


class DocumentMixin:
    """To be mixed into a ClientPortalCase or PortalCase."""

    @classmethod
    def document(cls, name="Contract.pdf", content=None, account=None, **values):
        """Create a document as the firm does."""
        content = make_pdf() if content is None else content
        return cls.env["escala.document"].create(
            {
                "name": name,
                "content": base64.b64encode(content),
                "account_id": (account or cls.vineyard).id,
                **values,
            }
        )

    @classmethod
    def folder(cls, name, account=None, **values):
        return cls.env["escala.document.folder"].create(
            {"name": name, "account_id": (account or cls.vineyard).id, **values}
        )

    def actions(self, document):
        """Return the actions in a document's log, the first first."""
        return document.event_ids.sorted("id").mapped("action")
