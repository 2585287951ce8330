"""The HTML of an e-mail as a page of its own, for a frame in the portal. Knows nothing of Odoo."""

import re

# Nothing is run, fetched or sent; the style sheets and pictures are those in the page itself
# (W3C, Content Security Policy Level 3). The same origin only serves to measure the page from outside.
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
OWN_IMAGE = re.compile(r"/web/image/([0-9]{1,10})[^\"'\s)]*")
STYLE = """
    :root { color-scheme: light; }
    html { overflow-x: auto; background: #fff; }
    body { display: flow-root; margin: 0; padding: 1px; color: #212529; overflow-wrap: break-word;
        font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
    img { max-width: 100%; }
    img:not([height]) { height: auto; }
    pre { white-space: pre-wrap; }
    blockquote { margin: 0 0 0 .5rem; padding-inline-start: .75rem; border-inline-start: 2px solid #ced4da; }
"""


def make_document(html: str, images: dict[int, str], title: str) -> str:
    """Return a page around the sanitised HTML of an e-mail.

    :param images: `data:` URLs of the e-mail's own pictures by the ids of their files; others are left out
    :param title: for screen readers, as HTML
    """
    body = OWN_IMAGE.sub(lambda match: images.get(int(match[1]), "data:,"), html)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title><base target="_blank">'
        f'<style>{STYLE}</style></head><body dir="auto">{body}</body></html>'
    )
