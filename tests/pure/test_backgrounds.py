"""Colours behind the text of newsletters."""

import time

import pytest

from escala_mail_sync.mime.backgrounds import keep_backgrounds


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<td bgcolor="#003366">a</td>', '<td style="background-color: #003366" bgcolor="#003366">a</td>'),
        ("<TD BGCOLOR=navy>", '<TD style="background-color: navy" BGCOLOR=navy>'),
        ("<td bgcolor='003366'>", "<td style=\"background-color: #003366\" bgcolor='003366'>"),
        (
            '<td style="color: #fff;" bgcolor="red">',
            '<td style="color: #fff; background-color: red" bgcolor="red">',
        ),
        (
            '<td style="background: #036; color: #fff" bgcolor="red">',
            '<td style="background: #036; color: #fff; background-color: #036" bgcolor="red">',
        ),
        (
            '<table background="https://x.example/a.png" bgcolor="red">',
            '<table style="background-color: red; background-image: url(https://x.example/a.png)" '
            'background="https://x.example/a.png" bgcolor="red">',
        ),
        ('<body bgcolor="#000"><p>a', '<body bgcolor="#000"><div style="background-color: #000"><p>a'),
    ],
)
def test_a_background_colour_is_kept_in_a_style(html, expected):
    assert keep_backgrounds(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<p>Hola</p>",
        '<td style="color: red">',
        '<td style="background: url(x.png) red">',
        '<td bgcolor="&quot;><script>">',
        '<td background="javascript:a">',
        "a < b > c",
    ],
)
def test_the_rest_stays_as_it_is(html):
    assert keep_backgrounds(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<td bgcolor=" * 50_000 + "<td " + "style='" * 50_000,
        f"<td bgcolor={' ' * 200_000}!>",
        f"<td background={' ' * 200_000}!>",
    ],
    ids=["unclosed", "bgcolor", "background"],
)
def test_what_never_ends_is_read_in_no_time(html):
    begin = time.process_time()
    keep_backgrounds(html)
    assert time.process_time() - begin < 2
