"""The files of a message: their names, and that they are what was sent."""

import base64

import pytest

from escala_mail_sync.mime import parse_email
from tests.pure.letters import letter, multipart, part

PNG = base64.b64decode("iVBORw0KGgo=")


class TestAttachments:
    def attach(self, content_type: str, *fields: str, content: str = "eA=="):
        encoding = "Content-Transfer-Encoding: base64"
        parsed = parse_email(multipart("mixed", part("Hola"), part(content, content_type, encoding, *fields)))
        assert parsed.text.rstrip() == "Hola"
        (attachment,) = parsed.attachments
        return attachment

    @pytest.mark.parametrize(
        ("disposition", "filename"),
        [
            ("attachment; filename=a.pdf", "a.pdf"),
            ('attachment; filename="a b.pdf"', "a b.pdf"),
            ("attachment; filename*=UTF-8''a%C3%B1o.pdf", "año.pdf"),
            ("attachment; filename*0*=iso-8859-1''a%F1o; filename*1=\".pdf\"", "año.pdf"),
            ("attachment; filename*0=a; filename*1=b.pdf", "ab.pdf"),
            ('attachment; filename="=?utf-8?q?a=C3=B1o?= =?utf-8?q?=2Epdf?="', "año.pdf"),
            ('attachment; filename="../../etc/passwd"', "_.._etc_passwd"),
            ("attachment; filename=C:\\x\\a.pdf", "C__x_a.pdf"),
            ("attachment; filename*=UTF-8''a%00%0A%E2%80%AEb.pdf", "a _b.pdf"),
            ("attachment", "attachment.pdf"),
            ('attachment; filename=".."', "attachment.pdf"),
            ('attachment; filename="año.pdf"', "año.pdf"),
        ],
    )
    def test_filenames(self, disposition, filename):
        assert self.attach("application/pdf", f"Content-Disposition: {disposition}").filename == filename

    def test_name_in_content_type(self):
        attachment = self.attach('application/pdf; name="a.pdf"')
        assert (attachment.filename, attachment.mimetype, attachment.content) == (
            "a.pdf",
            "application/pdf",
            b"x",
        )

    def test_long_name_keeps_its_extension(self):
        name = self.attach(
            "application/pdf", f"Content-Disposition: attachment; filename={'a' * 400}.pdf"
        ).filename
        assert len(name) == 150
        assert name.endswith(".pdf")

    def test_text_file_stays_a_file(self):
        attachment = self.attach("text/plain", "Content-Disposition: attachment; filename=notes.txt")
        assert attachment.filename == "notes.txt"

    def test_inline_image(self):
        parsed = parse_email(
            multipart(
                "related",
                part('<img src="cid:logo">', "text/html"),
                part("iVBORw0KGgo=", "image/png", "Content-ID: <logo>", "Content-Transfer-Encoding: base64"),
            )
        )
        (image,) = parsed.attachments
        assert (image.content_id, image.inline, image.content, image.filename) == (
            "logo",
            True,
            PNG,
            "attachment.png",
        )

    def test_related_that_begins_with_the_picture(self):
        parsed = parse_email(multipart("related", part("x", "image/png"), part("<p>Hola", "text/html")))
        assert (parsed.html, len(parsed.attachments)) == ("<p>Hola", 1)

    def test_enclosed_message_is_kept_byte_for_byte(self):
        enclosed = "Subject: =?utf-8?q?Inspecci=C3=B3n?= 1/2\nX:  odd \n\nHola"
        parsed = parse_email(multipart("mixed", part("Mira"), part(enclosed, "message/rfc822")))
        (attachment,) = parsed.attachments
        assert attachment.filename == "Inspección 1_2.eml"
        assert attachment.content == enclosed.replace("\n", "\r\n").encode()
        assert parsed.headers.subject == "Hola"

    def test_digest_holds_messages(self):
        parsed = parse_email(multipart("digest", "\nSubject: one\n\nHola", "\nSubject: two\n\nHola"))
        assert [each.filename for each in parsed.attachments] == ["one.eml", "two.eml"]

    @pytest.mark.parametrize("content", ["BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR", "BEGIN:VCALENDAR"])
    def test_calendar_reply(self, content):
        content_type = "text/calendar" if "METHOD" in content else "text/calendar; method=REPLY"
        parsed = parse_email(multipart("alternative", part("Acepta"), part(content, content_type)))
        assert parsed.headers.automatic == "calendar_reply"
        assert [each.filename for each in parsed.attachments] == ["attachment.ics"]

    def test_uuencode(self):
        raw = letter("begin 644 a.txt\n$:&]L80``\n`\nend\n", "Content-Transfer-Encoding: x-uuencode")
        assert parse_email(raw).text == "hola"


def test_ten_megabytes():
    content = bytes(range(256)) * 40_000
    encoded = base64.encodebytes(content).decode()
    raw = multipart("mixed", part("Hola"), part(encoded, "image/png", "Content-Transfer-Encoding: base64"))
    assert parse_email(raw).attachments[0].content == content
