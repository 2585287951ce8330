"""Pictures in the HTML of an e-mail that are files of this Odoo."""

import pytest

from escala_mail_sync.mime.own_images import find_own_images, leave_out_fetched, replace_own_images

ORIGIN = "https://odoo.example"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('<img src="/web/image/5">', {5: set()}),
        ('<p>Hola <img src="/web/image/5-0a1b/foto.png?access_token=ab&amp;x=1"></p>', {5: {"ab"}}),
        (f'<img src="{ORIGIN}/web/image/5/foto.png#x">', {5: set()}),
        ('<img src="https://other.example/web/image/5">', {}),
        ('<img src="/web/image/res.partner/5/avatar_128">', {}),
        ('<p>Hola (src="/web/image/5")</p>', {}),
        ("""<img alt="(src='/web/image/5'">""", {}),
        ("""<a href="http://x/?(src='/web/image/5')">x</a>""", {}),
        ('<img src="/web/image/0"><img src="/web/image/2147483648"><img>', {}),
        ('<img src="/web/image/' + "1" * 5000 + '">', {}),
        ("", {}),
    ],
)
def test_files_of_odoo_that_are_pictures_in_the_text(body, found):
    assert find_own_images(body, ORIGIN) == found


def test_their_addresses_are_replaced_and_nothing_else_is():
    body = f'A &lt;b&gt; "c"<p>ñ<img src="{ORIGIN}/web/image/5?x=1" alt="x"><br><img src="/web/image/6"></p>'
    replaced = body.replace(f"{ORIGIN}/web/image/5?x=1", "cid:a@b")
    assert replace_own_images(body, {5: "cid:a@b"}, ORIGIN) == replaced
    assert replace_own_images(body, {}, ORIGIN) == body


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("<p>Hola<br/>src='x' url(y)</p>", "<p>Hola<br>src='x' url(y)</p>"),
        ('<img src="/web/image/5"><img src="/web/image/6" alt="x">', '<img src="/web/image/5"><img alt="x">'),
        ('<img src="/web/image/' + "1" * 5000 + '">', "<img>"),
        ('<td background="http://x/" style="top: url(http://x)">a</td>', '<td style="top: none">a</td>'),
        (
            '<p style="background: url(/web/image/5), url( http://x">a</p>',
            '<p style="background: url(/web/image/5), none">a</p>',
        ),
        ("<style>p { background: url('http://x') }</style>", "<style>p { background: none }</style>"),
        ("<style>p { top: 1px\\9; color: red }</style>", "<style>p { top: 1px\\9; color: red }</style>"),
        ("<style>@import 'http://x';</style>", "<style></style>"),
        ("<p style=\"background: -webkit-image-set('http://x' 1x)\">a</p>", '<p style="">a</p>'),
        ('<p style="background: u\\72l(http://x)">a</p>', '<p style="">a</p>'),
        ('<p style="background: \\000075 rl(http://x)">a</p>', '<p style="">a</p>'),
        ('<p style="background: \\u\\rl(http://x); top: \\fffffff">a</p>', '<p style="">a</p>'),
    ],
)
def test_what_is_no_file_of_the_email_is_not_fetched(given, left):
    assert leave_out_fetched(given, {5}) == (left, given.replace("<br/>", "<br>") != left)


def test_what_is_left_out_tears_no_tag_open():
    """What is written between quotes here, and in words there, must not become an attribute of either."""
    body = """<img alt=" src='"><p>' "src="/web/image/6" onerror="alert(1)" x="</p>"""
    assert leave_out_fetched(body, {5}) == (body, False)


@pytest.mark.parametrize(
    "before", ["<div>" * 5000, "a" * 11_000_000, "</body></html>", "<frameset></frameset>", "\x00"]
)
def test_nothing_is_fetched_where_no_parser_goes(before):
    assert "src" not in leave_out_fetched(before + '<img src="http://x/">', ())[0]


def test_a_long_text_is_whole():
    assert leave_out_fetched("a" * 11_000_000 + "<p>Fin</p>", ())[0].endswith("<p>Fin</p>")
