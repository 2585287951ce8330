"""Whole messages, sound and broken."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escala_mail_sync.mime import ParseError, parse_email
from escala_mail_sync.mime.parser import MAX_BODY
from tests.pure.letters import letter, multipart, part

SAMPLES = Path(__file__).parents[1] / "data" / "mail"


class TestBodies:
    def test_plain(self):
        parsed = parse_email(letter("Hola\nAdiós\n"))
        assert parsed.text == "Hola\nAdiós\n"
        assert parsed.html == ""

    def test_html_only(self):
        parsed = parse_email(letter("<p>Hola</p>", "Content-Type: text/html"))
        assert (parsed.text, parsed.html) == ("", "<p>Hola</p>")

    def test_alternative(self):
        parsed = parse_email(multipart("alternative", part("Hola"), part("<p>Hola</p>", "text/html")))
        assert (parsed.text, parsed.html, parsed.attachments) == ("Hola", "<p>Hola</p>", ())

    def test_amp_is_no_attachment(self):
        parsed = parse_email(
            multipart("alternative", part("Hola"), part("<html amp4email>", "text/x-amp-html"))
        )
        assert (parsed.text, parsed.html, parsed.attachments) == ("Hola", "", ())

    @pytest.mark.parametrize(
        "disposition", ["attachment; filename=ana.vcf", "inline; filename=ana.vcf", "attachment"]
    )
    def test_file_among_the_forms_is_an_attachment(self, disposition):
        file = part("BEGIN:VCARD", "text/vcard", f"Content-Disposition: {disposition}")
        parsed = parse_email(multipart("alternative", part("Hola"), file, part("<p>Hola</p>", "text/html")))
        assert (parsed.text, parsed.html) == ("Hola", "<p>Hola</p>")
        assert [attachment.mimetype for attachment in parsed.attachments] == ["text/vcard"]

    @pytest.mark.parametrize(("kind", "shown"), [("plain", "text"), ("html", "html")])
    def test_long_body_shows_its_beginning_and_is_a_file(self, kind, shown):
        words = "\r\n".join(f"línea {number}" for number in range(200_000))
        parsed = parse_email(letter(words, f"Content-Type: text/{kind}; charset=utf-8"))
        assert words.replace("\r\n", "\n").startswith(getattr(parsed, shown)[:-1])
        assert MAX_BODY * 0.8 < len(getattr(parsed, shown)) <= MAX_BODY
        assert [file.content.decode() for file in parsed.attachments] == [words]

    def test_many_long_bodies_have_room_for_one(self):
        texts = ["uno " * (MAX_BODY // 8), "dos " * (MAX_BODY // 8), "tres " * (MAX_BODY // 8)]
        parsed = parse_email(multipart("mixed", *map(part, texts)))
        assert MAX_BODY * 0.9 < len(parsed.text) < MAX_BODY * 1.1
        assert [file.content.decode() for file in parsed.attachments] == texts[2:]

    def test_letter_and_footer_are_joined(self):
        inner = part("--c\n" + part("Hola") + "\n--c\n" + part("<p>Hola</p>", "text/html") + "\n--c--")
        inner = inner.replace("text/plain", 'multipart/alternative; boundary="c"', 1)
        parsed = parse_email(multipart("mixed", inner, part("La lista <x>")))
        assert parsed.text == "Hola\n\nLa lista <x>"
        assert parsed.html.startswith("<p>Hola</p>\n<div")
        assert "La lista &lt;x&gt;" in parsed.html

    def test_footer_is_not_all_of_the_text(self):
        parsed = parse_email(multipart("mixed", part("<p>Hola</p>", "text/html"), part("footer")))
        assert parsed.text == "Hola\n\nfooter"

    def test_signed(self):
        parsed = parse_email(multipart("signed", part("Hola"), part("sig", "application/pgp-signature")))
        assert parsed.text == "Hola"
        assert [each.filename for each in parsed.attachments] == ["attachment.asc"]

    def test_bounce_is_read_by_its_first_part(self):
        parsed = parse_email(
            multipart("report", part("Sorry"), part("Status: 5.1.1", "message/delivery-status"), part("Hola"))
        )
        assert parsed.text == "Sorry"
        assert len(parsed.attachments) == 2
        assert parsed.headers.automatic == "bounce"

    @pytest.mark.parametrize(
        ("content", "charset"),
        [
            ("año".encode("latin-1"), "iso-8859-1"),
            ("año €".encode("cp1252"), "iso-8859-1"),
            ("año".encode("latin-1"), "utf-8"),
            ("año".encode(), "us-ascii"),
            ("año".encode(), "klingon"),
            ("año".encode("cp1252"), "klingon"),
            ("año".encode("utf-16"), "utf-16"),
            ("訪問".encode("cp932"), "shift_jis"),
        ],
    )
    def test_charsets(self, content, charset):
        raw = f"From: a@x.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + content
        assert parse_email(raw).text in ("año", "año €", "訪問")

    def test_nul_and_controls_are_dropped(self):
        assert parse_email(letter("a\0b\x07c\td")).text == "abc\td"

    def test_quoted_printable(self):
        raw = letter("a=C3=B1o=\n s=zz", "Content-Transfer-Encoding: quoted-printable")
        assert parse_email(raw).text == "año s=zz"

    @pytest.mark.parametrize(
        "content", ["aG9sYQ==", "aG9sYQ", "aG9s\nYQ==\n\nThis list is run by...", "aG*9sYQ=="]
    )
    def test_broken_base64(self, content):
        raw = letter(content, "Content-Transfer-Encoding: base64")
        assert parse_email(raw).text.startswith("hola" if "*" not in content else "aG*9")

    def test_words_labelled_base64(self):
        raw = letter("Dear Laura,\nno base64.\n", "Content-Transfer-Encoding: base64")
        assert parse_email(raw).text == "Dear Laura,\nno base64.\n"


class TestStructure:
    def test_boundary_not_named(self):
        raw = letter(
            "--b\n\nHola\n--b\n" + part("x", "image/png") + "\n--b--", "Content-Type: multipart/mixed"
        )
        parsed = parse_email(raw)
        assert (parsed.text, len(parsed.attachments)) == ("Hola", 1)

    def test_closing_delimiter_missing(self):
        raw = letter("--b\n\nHola\n--b\n" + part("bye"), "Content-Type: multipart/mixed; boundary=b")
        assert parse_email(raw).text == "Hola\n\nbye"

    def test_multipart_without_parts(self):
        assert parse_email(letter("Hola", "Content-Type: multipart/mixed; boundary=b")).text == "Hola"

    def test_boundary_that_begins_like_another(self):
        parsed = parse_email(multipart("mixed", part("one\n--bb\n--b x"), part("two"), boundary="b"))
        assert parsed.text == "one\n--bb\n--b x\n\ntwo"

    def test_fifty_levels_are_read_and_more_are_not(self):
        assert parse_email(nested(50)).text == "Hola"
        with pytest.raises(ParseError, match="nested") as raised:
            parse_email(nested(51))
        assert raised.value.code == "nested_too_deep"

    def test_thousands_of_levels(self):
        with pytest.raises(ParseError) as raised:
            parse_email(nested(5000))
        assert raised.value.code == "nested_too_deep"

    def test_too_many_parts(self):
        assert len(parse_email(multipart("mixed", *[part("x", "image/png")] * 499)).attachments) == 499
        with pytest.raises(ParseError) as raised:
            parse_email(multipart("mixed", *[part("x", "image/png")] * 500))
        assert raised.value.code == "too_many_parts"

    @pytest.mark.parametrize(
        ("raw", "code"),
        [
            (b"", "empty"),
            (b" \r\n\r\n", "empty"),
            (b"Subject: x\r\n\r\nHola", "no_sender"),
            (b"From: nobody\r\n\r\nHola", "no_sender"),
            (b"\x89PNG\r\n\x1a\n\0\0", "unreadable"),
        ],
    )
    def test_what_cannot_be_read(self, raw, code):
        with pytest.raises(ParseError) as raised:
            parse_email(raw)
        assert raised.value.code == code
        assert str(raised.value).endswith(".")


def nested(levels: int) -> bytes:
    lines = ["From: a@x.example"]
    for level in range(levels):
        lines += [f"Content-Type: multipart/mixed; boundary=b{level}x", "", f"--b{level}x"]
    return "\n".join([*lines, "", "Hola"]).encode()


class TestContentKey:
    raw = letter("Hola\n", "To: laura@y.example", "Message-ID: <1@x>", "Date: Fri, 1 Mar 2024 11:30:00 +0100")

    def key(self, raw: bytes) -> str:
        return parse_email(raw).content_key

    @pytest.mark.parametrize(
        "change",
        [
            lambda raw: b"Received: by y.example\r\nDelivered-To: laura@y.example\r\n" + raw,
            lambda raw: b"Bcc: boss@y.example\r\n" + raw,
            lambda raw: raw.replace(b"\r\n", b"\n"),
            lambda raw: raw.replace(b"\r\n", b"\r"),
            lambda raw: raw + b"\r\n \r\n",
            lambda raw: raw.replace(b"To: ", b"To:\r\n "),
        ],
    )
    def test_copies_have_the_same(self, change):
        assert self.key(change(self.raw)) == self.key(self.raw)

    @pytest.mark.parametrize(
        ("old", "new"),
        [(b"Hola\r\n", b"Hole\r\n"), (b"ana@", b"eva@"), (b"laura@", b"l@"), (b"<1@x>", b"<2@x>")],
    )
    def test_other_messages_have_another(self, old, new):
        assert self.key(self.raw.replace(old, new)) != self.key(self.raw)

    def test_line_ends_at_the_edge_of_a_chunk(self):
        body = b"a\r\n" * 700_000  # beyond two chunks, which end at every offset of the three bytes
        unix = body.replace(b"\r\n", b"\n")
        assert self.key(b"From: a@x.example\r\n\r\n" + body) == self.key(b"From: a@x.example\n\n" + unix)


class TestSnippet:
    @pytest.mark.parametrize(
        ("content", "snippet"),
        [
            ("Hola,\n\n  que   tal", "Hola, que tal"),
            ("Vale\n\nEl lunes, Ana escribió:\n> Hola\n>> Antes\n", "Vale"),
            ("Vale\n-- \nAna, jefa", "Vale"),
            ("> Hola", "> Hola"),
            ("x" * 300, "x" * 199 + "…"),
            ("", ""),
        ],
    )
    def test_plain(self, content, snippet):
        assert parse_email(letter(content)).snippet == snippet

    @pytest.mark.parametrize(
        ("content", "snippet"),
        [
            (
                "<title>x</title><style>p{}</style><p>Hola<br>que <b>tal</b></p><script>1</script>",
                "Hola que tal",
            ),
            ("<div>Vale</div><div>Ana wrote:</div><blockquote>Hola <p>antes</p></blockquote>", "Vale"),
            ("<!-- x --><p>Ho<!-- y -->la &amp; a&ntilde;o", "Hola & año"),
            ("", ""),
            ("<" * 1000, "<" * 3),
            ('<?xml version="1.0" encoding="utf-16"?><html><p>Hola</p></html>', "Hola"),
        ],
    )
    def test_html(self, content, snippet):
        found = parse_email(letter(content, "Content-Type: text/html")).snippet
        assert found == snippet or (snippet == "<<<" and len(found) <= 200)


PIECES = """
From: a@x.example
Content-Type: multipart/mixed; boundary=b
Content-Type: multipart/alternative
Content-Type: text/html; charset=utf-16
Content-Type: message/rfc822
Content-Type: text/calendar
Content-Transfer-Encoding: base64
Content-Transfer-Encoding: x-uuencode
Content-Transfer-Encoding: quoted-printable
Content-Disposition: attachment; filename*0*=x''%C3; filename*=y''z; filename*9=
--b
--b--
begin 644 a
METHOD:REPLY
aG9sY
=C3=
<p>x
é
"""
pieces = st.sampled_from([*PIECES.strip().splitlines(keepends=True), "\n", "\r", "\0", "--"])


@settings(max_examples=200)
@given(st.lists(pieces, max_size=25))
def test_only_parse_errors(chosen):
    check("".join(["From: a@x.example\n", *chosen]).encode())


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_only_parse_errors_on_any_bytes(raw):
    check(raw)
    check(b"From: a@x.example\n" + raw)


def check(raw: bytes) -> None:
    try:
        parsed = parse_email(raw)
    except ParseError as error:
        # a cause would be a fault of the parser
        assert error.__cause__ is None  # noqa: PT017
        return
    for text in (parsed.text, parsed.html, parsed.snippet, *(each.filename for each in parsed.attachments)):
        assert "\0" not in text
        text.encode()


def samples():
    with (SAMPLES / "index.csv").open(encoding="utf-8", newline="") as index:
        return sorted({(row["file"], row["outcome"]) for row in csv.DictReader(index)})


@pytest.mark.parametrize(("file", "outcome"), samples())
def test_samples(file, outcome):
    raw = (SAMPLES / file).read_bytes()
    if not outcome.startswith("quarantined:"):
        parse_email(raw)
        return
    with pytest.raises(ParseError) as raised:
        parse_email(raw)
    assert raised.value.code == outcome.partition(":")[2]
