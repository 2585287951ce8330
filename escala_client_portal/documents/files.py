"""Names that are safe to keep and to serve, and which files are taken and which are shown.

Clients upload what they like. A name never leads anywhere (OWASP File Upload Cheat Sheet, "Filename Sanitization"),
programs are refused, and a browser shows only what cannot run in it.
"""

import re
import unicodedata

MAX_NAME_BYTES = 150  # file systems take 255; a browser adds to a name that is there already
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{digit}" for name in ("com", "lpt") for digit in range(1, 10)),
}

# Run by a double click on one of the usual systems.
REFUSED_EXTENSIONS = frozenset(
    [
        "apk",
        "app",
        "appimage",
        "bat",
        "bin",
        "cmd",
        "com",
        "cpl",
        "deb",
        "desktop",
        "dll",
        "dmg",
        "elf",
        "exe",
        "gadget",
        "hta",
        "inf",
        "ins",
        "iso",
        "jar",
        "js",
        "jse",
        "jsp",
        "ksh",
        "lnk",
        "msc",
        "msi",
        "msix",
        "msp",
        "mst",
        "php",
        "phtml",
        "pif",
        "pkg",
        "ps1",
        "ps1xml",
        "ps2",
        "psc1",
        "py",
        "pyc",
        "pyw",
        "rb",
        "reg",
        "rpm",
        "run",
        "scf",
        "scr",
        "sct",
        "sh",
        "shb",
        "so",
        "sys",
        "url",
        "vb",
        "vbe",
        "vbs",
        "vhd",
        "vhdx",
        "ws",
        "wsc",
        "wsf",
        "wsh",
        "xll",
    ]
)
# Run by the browser of whoever opens it.
PAGE_EXTENSIONS = frozenset(["htm", "html", "mht", "mhtml", "svg", "swf", "xhtml", "xml"])
# How programs begin, whatever they are called: Windows, Linux, macOS (three), Java, a script.
REFUSED_BEGINNINGS = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
)

SHOWN_TYPES = {
    "application/pdf": "pdf",
    "image/gif": "image",
    "image/jpeg": "image",
    "image/png": "image",
    "image/webp": "image",
    "text/plain": "text",
}


def safe_name(name: str) -> str:
    """Return a file's name without folders, invisible characters and what a file system gives a meaning to.

    >>> safe_name("../../etc/pass\\u202ewd.pdf")
    'passwd.pdf'
    """
    name = unicodedata.normalize("NFC", name or "")
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(" " if char.isspace() else char for char in name if not _is_invisible(char))
    name = re.sub(r'[<>:"|?*]+', "_", name)
    name = re.sub(r" +", " ", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    if stem.split(".")[0].casefold() in RESERVED:
        stem = f"_{stem}"
    room = MAX_NAME_BYTES - len(f"{dot}{extension}".encode())
    if room < 1:
        return _shorten(name, MAX_NAME_BYTES)
    return f"{_shorten(stem, room)}{dot}{extension}" or "document"


def is_program(name: str, beginning: bytes) -> bool:
    """Tell whether a file of this (safe) name that begins like this is a program, and is refused."""
    return _extension(name) in REFUSED_EXTENSIONS or beginning.startswith(REFUSED_BEGINNINGS)


def runs_in_browser(name: str) -> bool:
    """Tell whether a file of this (safe) name is a page, or a picture, that a browser runs what is in."""
    return _extension(name) in PAGE_EXTENSIONS


def _extension(name: str) -> str:
    _stem, dot, extension = name.rpartition(".")
    return extension.casefold() if dot else ""


def _is_invisible(char: str) -> bool:
    """Control and format characters (such as those that turn the direction), halves of pairs, unassigned."""
    return unicodedata.category(char).startswith("C") and not char.isspace()


def _shorten(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip(" .")
