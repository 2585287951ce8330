"""What the tests of vCard files share."""

from pathlib import Path

from escala_mail_sync.mime.vcard import VCard, parse_vcards

SAMPLES = Path(__file__).parents[1] / "data" / "vcard"


def sample(name: str) -> tuple[VCard, ...]:
    return parse_vcards((SAMPLES / name).read_bytes()).cards


def card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


def read(*lines: str, version: str = "3.0") -> VCard:
    (found,) = parse_vcards(card(*lines, version=version)).cards
    return found
