"""Pictures in the HTML of an e-mail that lie in this Odoo, and what else a browser would fetch. Knows nothing of Odoo.

The HTML is parsed: what looks like a picture in words, in a name or in another attribute is none.
"""

import re
import sys
from collections.abc import Collection, Mapping
from html import escape
from urllib.parse import parse_qs

from lxml import etree, html

# The id of an ir.attachment, as the editor writes it: with a checksum and a name, perhaps.
_PATH = re.compile(r"/web/image/([0-9]{1,10})(?:[-/].*)?", re.DOTALL)
# As the importer writes it.
_PART = re.compile(r"\s*/web/image/([0-9]{1,10})\s*")
_FETCHING = ("src", "srcset", "background", "poster")
_STYLE_URL = re.compile(r"url\(\s*([^)]*)\)?", re.IGNORECASE)
# The other ways to name what is fetched (CSS Images 4, CSS Values 5)
_STYLE_FETCHING = re.compile(
    r"@import|(?<![\w-])(?:-webkit-)?(?:image-set|cross-fade|image|src)\s*\(", re.IGNORECASE
)
# A sign by its number, or as it is (CSS Syntax 3, section 4.3.7)
_STYLE_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_LARGEST_ID = 2**31 - 1  # of PostgreSQL's integer


def find_own_images(body: str, origin: str) -> dict[int, set[str]]:
    """Return the ids of the files of this Odoo that are pictures in the text, with the access tokens given there.

    :param origin: "https://odoo.example", with which an address may begin
    """
    found: dict[int, set[str]] = {}
    for image in _parse(body).iter("img"):
        url = _without_origin(image, origin)
        if id_ := _get_id(url):
            found.setdefault(id_, set()).update(parse_qs(url.partition("?")[2]).get("access_token", ()))
    return found


def replace_own_images(body: str, urls: Mapping[int, str], origin: str = "") -> str:
    """Return the text with other addresses, by id, for pictures in it that are files of this Odoo."""
    root = _parse(body)
    for image in root.iter("img"):
        id_ = _get_id(_without_origin(image, origin))
        if id_ in urls:
            image.set("src", urls[id_])
    return _serialise(root) if urls else body


def leave_out_fetched(body: str, parts: Collection[int]) -> tuple[str, bool]:
    """Return HTML without what a browser would fetch, and whether there was any of that.

    Always what was parsed, never what was given: what the parser drops, nobody has looked at.

    :param parts: ids of the e-mail's own files, which stay
    """
    root = _parse(body)
    before = _serialise(root)
    for element in root.iter(etree.Element):
        for name in _FETCHING:
            if name in element.attrib and not _is_part(element.attrib[name], parts):
                del element.attrib[name]
        if "style" in element.attrib:
            element.set("style", _leave_out_of_style(element.attrib["style"], parts))
        if element.tag == "style" and element.text:
            element.text = _leave_out_of_style(element.text, parts)
    after = _serialise(root)
    return after, after != before


def _leave_out_of_style(style: str, parts: Collection[int]) -> str:
    plain = _STYLE_ESCAPE.sub(_unescape, _STYLE_URL.sub("", style))
    if _STYLE_FETCHING.search(plain) or _STYLE_URL.search(plain):
        return ""  # a style without some of it is none
    return _STYLE_URL.sub(lambda match: match[0] if _is_part(match[1], parts) else "none", style)


def _unescape(match: re.Match) -> str:
    return chr(min(int(match[1], 16), sys.maxunicode)) if match[1] else match[2]


def _is_part(url: str, parts: Collection[int]) -> bool:
    match = _PART.fullmatch(url)
    return bool(match) and int(match[1]) in parts


def _without_origin(image: html.HtmlElement, origin: str) -> str:
    return (image.get("src") or "").strip().removeprefix(origin)


def _get_id(url: str) -> int | None:
    match = _PATH.fullmatch(url.partition("?")[0].partition("#")[0])
    id_ = int(match[1]) if match else 0
    return id_ if 0 < id_ <= _LARGEST_ID else None


def _parse(body: str) -> html.HtmlElement:
    # huge: long texts are read to their end
    parser = html.HTMLParser(huge_tree=True)
    return html.document_fromstring(f"<html><body>{body}</body></html>", parser=parser).find("body")


def _serialise(root: html.HtmlElement) -> str:
    children = (html.tostring(child, encoding="unicode") for child in root)
    return "".join((escape(root.text or "", quote=False), *children))
