"""HTML to plain text, and the first words of a message for a list or a preview."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_MAX_HTML_CHARS = 1_000_000
_MAX_SNIPPET_SOURCE = 20_000
_HIDDEN = {"head", "script", "style", "template", "title", "noscript"}
_BLOCKS = {
    *(
        "address",
        "article",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
    ),
    *(
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ),
}
_TAG = re.compile(r"<[^<>]*>")
_QUOTED = re.compile(r"\s*>")


def html_to_text(html: str) -> str:
    """The words of an HTML body, a line for each block, quotations behind ``>``. Never raises."""
    source = html[:_MAX_HTML_CHARS].encode("utf-8", "replace")
    try:
        root = etree.fromstring(source, etree.HTMLParser(encoding="utf-8", recover=True))
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return _TAG.sub(" ", html)
    lines = "".join(_words(root)).split("\n")
    return "\n".join(line for line in (_one_line(line) for line in lines) if line)


def _words(root: etree._Element) -> Iterator[str]:
    hidden = quoted = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event in ("comment", "pi"):
            yield (element.tail or "") if not hidden else ""
            continue
        step = 1 if event == "start" else -1
        hidden += step * (tag in _HIDDEN)
        quoted += step * (tag == "blockquote")
        if tag in _BLOCKS:
            yield "\n> " if quoted else "\n"
        text = element.text if event == "start" else element.tail
        if text and not hidden:
            # newlines of the source are blanks in HTML
            yield text.replace("\n", " ")


def _one_line(line: str) -> str:
    line = " ".join(line.split())
    return "" if line == ">" else line


def make_snippet(text: str, html: str, limit: int = 200) -> str:
    """The first words a person wrote: no quotation, no signature, unless nothing else is there.

    :param text: plain body; ``html`` is used when it is empty
    :param limit: most characters
    """
    source = text if text.strip() else html_to_text(html)
    source = source.lstrip()[:_MAX_SNIPPET_SOURCE]
    words = " ".join(" ".join(_own_lines(source.split("\n"))).split()) or " ".join(source.split())
    if len(words) <= limit:
        return words
    return words[: limit - 1].rstrip() + "…"


def _own_lines(lines: list[str]) -> Iterator[str]:
    """Neither quoted lines, nor the line that introduces them, nor what follows ``-- `` (RFC 3676 §4.3)."""
    for index, line in enumerate(lines):
        if line.rstrip("\r") in ("-- ", "--"):
            return
        if _QUOTED.match(line):
            continue
        if line.rstrip().endswith(":") and _QUOTED.match(_next_line(lines, index)):
            continue
        yield line


def _next_line(lines: list[str], index: int) -> str:
    """The next line with something on it; a look at three is enough."""
    return next((line for line in lines[index + 1 : index + 4] if line.strip()), "")
