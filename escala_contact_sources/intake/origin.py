"""Which pages a request comes from."""

from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def get_origin(url: str) -> str:
    """Return the origin of a page as browsers write it in the header Origin (RFC 6454, section 6.2).

    >>> get_origin("https://www.Viñedo.example:443/landing.html")
    'https://www.xn--viedo-pta.example'

    :raises ValueError: it is no address of a page
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(url)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    is_default = parts.port in (None, DEFAULT_PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{parts.port}"


def find_origins(urls: Iterable[str]) -> list[str]:
    """Return the origins of those that are addresses of pages.

    >>> find_origins(["https://www.example.com/", "crm.example.com"])
    ['https://www.example.com']
    """
    origins = []
    for url in urls:
        with suppress(ValueError):
            origins.append(get_origin(url))
    return origins
