"""HTML that would hold a mailbox up: told apart in no time, and shown as text."""

import time

import pytest

from escala_mail_sync.mime import parse_email
from escala_mail_sync.mime.unclosed_tags import is_slow_to_clean

SLOW = {
    "brackets": "<" * 1_000_000,
    "tags": "<td" * 300_000,
    "comments": "<!--" * 250_000,
    "office": "<o:" * 300_000,
    "encoding": "<a" + " encoding=" * 90_000,
}


@pytest.mark.parametrize("html", SLOW.values(), ids=SLOW)
def test_unclosed_tags_are_slow(html):
    begin = time.process_time()
    assert is_slow_to_clean(html)
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    "html",
    [
        "",
        "a < b",
        '<?xml version="1.0" encoding="utf-8"?><p>Hola</p>',
        "<table><tr><td bgcolor='red'>a</td></tr></table>" * 20_000,
        f"<style><!-- {'p { color: red } ' * 60_000} --></style>",
        f'<img src="data:image/png;base64,{"A" * 900_000}">',
    ],
)
def test_that_of_programs_is_not(html):
    assert not is_slow_to_clean(html)


def test_its_words_are_shown_and_the_whole_is_a_file():
    html = "<p>Buenos días</p>" + "<" * 100_000
    raw = b"From: ana@llamazares.example\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html.encode()
    parsed = parse_email(raw)
    assert "Buenos días" in parsed.html
    assert not is_slow_to_clean(parsed.html)
    (file,) = parsed.attachments
    assert (file.filename, file.mimetype) == ("attachment.html", "text/html")
    assert file.content.decode() == html
