"""What clients may attach to a message: how many files, how large, and under which names. Knows nothing of Odoo."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_FILES = 10
MAX_MEGABYTES = 20
MAX_NAME = 120  # characters
# What runs on a double click, or in the browser of whoever opens it.
REFUSED = frozenset(
    [
        "apk",
        "app",
        "bat",
        "cmd",
        "com",
        "cpl",
        "dll",
        "exe",
        "hta",
        "htm",
        "html",
        "iso",
        "jar",
        "js",
        "jse",
        "lnk",
        "mht",
        "mhtml",
        "msi",
        "ps1",
        "pif",
        "reg",
        "scr",
        "sh",
        "svg",
        "swf",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "wsh",
        "xhtml",
        "xml",
    ]
)


def clean_name(name: str) -> str:
    """Return a file name without folders, control characters and what turns the direction of writing."""
    name = PurePosixPath((name or "").replace("\\", "/")).name
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = re.sub(r'[<>:"|?*]+', "_", name).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    if len(name) > MAX_NAME:
        name = f"{stem[: MAX_NAME - len(suffix) - 1]}{dot}{suffix}" if len(suffix) < 12 else name[:MAX_NAME]
    return name or "file"


def is_refused_type(name: str) -> bool:
    """Tell whether a file of this name is not taken."""
    _stem, dot, suffix = clean_name(name).rpartition(".")
    return bool(dot) and suffix.lower() in REFUSED


def is_too_large(size: int) -> bool:
    """Tell whether so many bytes are too many for one file."""
    return size > MAX_MEGABYTES * 1024 * 1024
