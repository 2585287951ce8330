"""Backgrounds in the HTML of e-mails, said in a way that survives sanitising."""

from __future__ import annotations

import re

# "bgcolor" is what newsletters are coloured with (HTML 4.01, section 14.3.1).
_TAG = re.compile(r"<(?P<name>body|table|tbody|tr|td|th|div)\b(?P<attributes>[^<>]*)>", re.IGNORECASE)
# A blank has one place to be in, here and below: with two, thousands of blanks take time that grows with their square.
_BGCOLOR = re.compile(r"""\sbgcolor\s*=\s*(?:["']\s*)?(?P<color>#?[a-z0-9]+)["']?""", re.IGNORECASE)
# "background" is the picture that they lie on; whatever could end a style is in none that is taken.
_PICTURE = re.compile(
    r"""\sbackground\s*=\s*(?:["']\s*)?(?P<url>https?://[^\s"'<>()\\;]+)["']?""", re.IGNORECASE
)
_STYLE = re.compile(r"""\sstyle\s*=\s*(?P<quote>["'])(?P<style>.*?)(?P=quote)""", re.IGNORECASE | re.DOTALL)
_BACKGROUND = re.compile(
    r"background(?:-color)?\s*:\s*(?P<color>#[0-9a-f]{3,8}|[a-z]+|rgba?\([\d\s.,%]+\))\s*(?:;|$)", re.I
)
_HEX = re.compile(r"(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def keep_backgrounds(html: str) -> str:
    """Return HTML whose background colours and pictures are in styles of their own.

    Odoo's sanitising (tools/mail.py, html_sanitize) takes away `bgcolor`, `background`, the short `background` of
    styles, and the body itself; what was white on a colour would be white on white.
    """
    return _TAG.sub(_rewrite, html)


def _rewrite(tag: re.Match[str]) -> str:
    name, attributes = tag["name"], tag["attributes"]
    background = _get_background(attributes)
    if not background:
        return tag[0]
    if name.lower() == "body":
        return f'{tag[0]}<div style="{background}">'
    style = _STYLE.search(attributes)
    if not style:
        return f'<{name} style="{background}"{attributes}>'
    kept = f"{style['style'].rstrip('; ')}; {background}".lstrip("; ")
    start, end = style.span("style")
    return f"<{name}{attributes[:start]}{kept}{attributes[end:]}>"


def _get_background(attributes: str) -> str:
    """Return the declarations for what is behind an element, or nothing."""
    color, picture = _find_color(attributes), _PICTURE.search(_STYLE.sub("", attributes))
    declarations = [f"background-color: {color}"] if color else []
    if picture:
        declarations.append(f"background-image: url({picture['url']})")
    return "; ".join(declarations)


def _find_color(attributes: str) -> str:
    """Return the colour behind an element, or nothing: that of its style goes before its attribute."""
    style = _STYLE.search(attributes)
    if style and (found := _BACKGROUND.search(style["style"])):
        return found["color"]
    if found := _BGCOLOR.search(_STYLE.sub("", attributes)):
        color = found["color"]
        return f"#{color}" if _HEX.fullmatch(color) else color
    return ""
