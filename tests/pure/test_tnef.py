"""winmail.dat: what Outlook packs comes out, and nothing is lost when it cannot."""

import base64
import contextlib
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escala_mail_sync.mime import parse_email
from escala_mail_sync.mime.rtf import _DICTIONARY as DICTIONARY
from escala_mail_sync.mime.rtf import decompress_rtf, rtf_to_html, rtf_to_text
from escala_mail_sync.mime.tnef import TnefError, unpack_tnef
from tests.pure import tnef_writer as writer

PNG = base64.b64decode("iVBORw0KGgo=") + bytes(3)
RTF = rb"{\rtf1\ansi\ansicpg1252\fromtext \deff0{\fonttbl{\f0\fswiss Arial;}}\uc1\pard\f0 Se\'f1or \u8364?5:\par hola}"
HTML_IN_RTF = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}"
    rb"{\*\htmltag19 <html>}{\*\htmltag50 <body>}\htmlrtf \lang3082 \htmlrtf0 {\*\htmltag64 <p>}"
    rb"\htmlrtf {\htmlrtf0 Jos\'e9 {\*\htmltag84 &lt;}\htmlrtf <\htmlrtf0 5{\*\mhtmltag84 <img src=x>}"
    rb'{\*\htmltag84 <img src="cid:plan@x.example">}\htmlrtf\par}\htmlrtf0 {\*\htmltag72 </p>}}'
)


def rtf_property(rtf: bytes) -> bytes:
    return writer.variable(
        writer.BINARY, writer.RTF_COMPRESSED, writer.compressed(rtf, dictionary=DICTIONARY)
    )


def letter(
    content: bytes, text: str = "", mimetype: str = "application/ms-tnef", name: str = "winmail.dat"
) -> bytes:
    body = f"--b\n\n{text}\n" if text else ""
    encoded = base64.encodebytes(content).decode()
    return (
        f"From: ana@x.example\nContent-Type: multipart/mixed; boundary=b\n\n{body}"
        f'--b\nContent-Type: {mimetype}; name="{name}"\nContent-Transfer-Encoding: base64\n\n{encoded}\n--b--\n'
    ).encode()


class TestFiles:
    def test_files_come_out_to_the_byte(self):
        parsed = parse_email(
            letter(
                writer.tnef(
                    writer.file(
                        b"uno\0\0",
                        "OFERTA~1.PDF",
                        writer.text(writer.LONG_FILENAME, "Oferta añadida.pdf"),
                        writer.text(writer.MIME_TAG, "application/pdf"),
                    ),
                    writer.file(b"dos", "año.txt"),
                ),
                "Hola",
            )
        )
        assert [(each.filename, each.mimetype, each.content) for each in parsed.attachments] == [
            ("Oferta añadida.pdf", "application/pdf", b"uno\0\0"),
            ("año.txt", "text/plain", b"dos"),
        ]
        assert parsed.text == "Hola"

    @pytest.mark.parametrize(
        ("mimetype", "name"),
        [
            ("application/vnd.ms-tnef", "x"),
            ("application/octet-stream", "WINMAIL.DAT"),
            ("application/ms-tnef", ""),
        ],
    )
    def test_what_is_taken_for_tnef(self, mimetype, name):
        raw = letter(writer.tnef(writer.file(b"x", "x.txt")), "Hola", mimetype, name)
        assert [each.filename for each in parse_email(raw).attachments] == ["x.txt"]

    def test_names_in_the_code_page_of_the_sender(self):
        content = writer.tnef(writer.file(b"x", "plik łódź.txt", charset="cp1250"), codepage=1250)
        assert unpack_tnef(content).attachments[0].filename == "plik łódź.txt"

    def test_properties_of_all_kinds_are_passed_over(self):
        content = writer.tnef(
            writer.file(
                b"",
                "",
                struct.pack("<HHHH", writer.SHORT, 0x1234, 1, 0),
                struct.pack("<HHHH", writer.BOOLEAN, 0x7FFE, 1, 0),
                struct.pack("<HHQ", writer.TIME, 0x3007, 1),
                struct.pack("<HHI3H2x", writer.SHORT | 0x1000, 0x1235, 3, 1, 2, 3),
                struct.pack("<HH", 1, 0x1236),
                writer.named(writer.LONG, bytes(4)),
                writer.named(
                    writer.UNICODE,
                    struct.pack("<II", 1, 6) + writer.padded("ab\0".encode("utf-16-le")),
                    "Keywords",
                ),
                writer.variable(writer.STRING8, 0x1237, b"one\0", b"three\0"),
                writer.variable(writer.BINARY, writer.DATA_OBJECT, b"data\0\0\0"),
                writer.text(writer.LONG_FILENAME, "last.bin"),
            )
        )
        (attachment,) = unpack_tnef(content).attachments
        assert (attachment.filename, attachment.content) == ("last.bin", b"data\0\0\0")

    def test_a_name_that_is_no_path(self):
        content = writer.tnef(writer.file(b"x", "..\\..\\etc/passwd\0"))
        assert "/" not in unpack_tnef(content).attachments[0].filename

    def test_enclosed_message(self):
        inner = writer.tnef(
            writer.message(writer.text(writer.BODY_TEXT, "Reenviado")), writer.file(b"plano", "plano.dwg")
        )
        content = writer.tnef(
            writer.file(
                b"",
                "",
                writer.text(writer.DISPLAY_NAME, "RV: Obra"),
                writer.variable(writer.OBJECT, writer.DATA_OBJECT, writer.IID_MESSAGE + inner),
            )
        )
        assert [(each.filename, each.content) for each in unpack_tnef(content).attachments] == [
            ("RV_ Obra.txt", b"Reenviado"),
            ("plano.dwg", b"plano"),
        ]

    def test_embedded_object(self):
        content = writer.tnef(
            writer.file(
                b"", "hoja", writer.variable(writer.OBJECT, writer.DATA_OBJECT, bytes(16) + b"\xd0\xcf")
            )
        )
        assert unpack_tnef(content).attachments[0].content == b"\xd0\xcf"


class TestBodies:
    def test_text_of_a_message_without_its_own(self):
        raw = letter(writer.tnef(writer.message(writer.text(writer.BODY_TEXT, "Señor\r\nhola"))))
        parsed = parse_email(raw)
        assert (parsed.text, parsed.html, parsed.attachments) == ("Señor\nhola", "", ())

    def test_own_text_stays(self):
        raw = letter(writer.tnef(writer.message(writer.text(writer.BODY_TEXT, "otro"))), "Hola")
        assert parse_email(raw).text == "Hola"

    def test_old_body(self):
        content = writer.tnef(writer.attribute(writer.LEVEL_MESSAGE, writer.BODY, "Señor\0".encode("cp1252")))
        assert unpack_tnef(content).text == "Señor"

    def test_html_with_an_inline_image(self):
        parsed = parse_email(
            letter(
                writer.tnef(
                    writer.message(
                        writer.long(writer.INTERNET_CODEPAGE, 65001),
                        writer.variable(
                            writer.BINARY, writer.BODY_HTML, "<p>año<img src='cid:plan@x'></p>".encode()
                        ),
                    ),
                    writer.file(PNG, "plan.png", writer.text(writer.CONTENT_ID, "<plan@x>")),
                )
            )
        )
        assert parsed.html == "<p>año<img src='cid:plan@x'></p>"
        (image,) = parsed.attachments
        assert (image.content_id, image.inline, image.mimetype) == ("plan@x", True, "image/png")

    def test_html_inside_rich_text(self):
        content = unpack_tnef(writer.tnef(writer.message(rtf_property(HTML_IN_RTF))))
        assert content.html == '<html><body><p>José &lt;5<img src="cid:plan@x.example"></p>'

    def test_rich_text_alone(self):
        content = unpack_tnef(writer.tnef(writer.message(rtf_property(RTF))))
        assert (content.text, content.html) == ("Señor €5:\nhola", "")

    def test_plain_rendering_of_html_inside_rich_text(self):
        assert rtf_to_text(HTML_IN_RTF) == "José <5"

    @pytest.mark.parametrize(
        ("rtf", "text"),
        [
            (rb"{\rtf1\ansi{\fonttbl{\f0\fcharset238 A;}{\f1\fcharset128 B;}}\f0\'b3\f1\'95\'5c x}", "ł表 x"),
            (rb"{\rtf1\ansicpg1251 \'cf\'f0}", "Пр"),
            (rb"{\rtf1\uc2\u8364\'80\'80\u-10179 ab\u-8704 cd!}", "€😀!"),
            (
                rb"{\rtf1{\*\generator x}{\info{\title y}}{\pict\bin3 }}}}a\{b\}\\\~c\tab d\line e}after",
                "a{b}\\\xa0c\td\ne",
            ),
            (rb"{\rtf1 {\b a}{\i b}}", "ab"),
            (b"", ""),
            (b"}}}{{{\\", ""),
        ],
    )
    def test_rich_text(self, rtf, text):
        assert rtf_to_text(rtf) == text


class TestKept:
    """Whatever cannot be unpacked stays as it came."""

    sound = writer.tnef(
        writer.message(writer.text(writer.BODY_TEXT, "Hola")), writer.file(b"uno" * 9, "a.txt")
    )

    @pytest.mark.parametrize("content", [b"", b"hola", sound[:-20], sound[:60], writer.tnef()], ids=range(5))
    def test_unreadable(self, content):
        (attachment,) = parse_email(letter(content, "Hola")).attachments
        assert (attachment.filename, attachment.content) == ("winmail.dat", content)

    def test_too_many_files(self):
        content = writer.tnef(writer.file(b"x", "x") * 501)
        assert len(parse_email(letter(content)).attachments) == 1

    def test_too_many_files_together(self):
        content = writer.tnef(writer.file(b"x", "x") * 300)
        one = letter(content)
        part = one[one.index(b"--b\nContent-Type") : one.index(b"\n--b--")]
        parsed = parse_email(one.replace(b"\n--b--", b"\n" + part + b"\n--b--"))
        assert [each.filename for each in parsed.attachments] == ["x"] * 300 + ["winmail.dat"]

    def test_nested_too_deep(self):
        content = writer.tnef(writer.file(b"x", "x"))
        for _level in range(6):
            content = writer.tnef(
                writer.file(
                    b"", "", writer.variable(writer.OBJECT, writer.DATA_OBJECT, writer.IID_MESSAGE + content)
                )
            )
        with pytest.raises(TnefError, match="nested"):
            unpack_tnef(content)

    def test_identity_is_that_of_the_bytes(self):
        def key(name):
            return parse_email(letter(writer.tnef(writer.file(b"x", name)))).content_key

        assert key("a") == key("a") != key("b")


class TestAnything:
    sound = writer.tnef(
        writer.message(
            writer.text(writer.BODY_TEXT, "Hola"),
            rtf_property(RTF),
            writer.long(writer.INTERNET_CODEPAGE, 1252),
        ),
        writer.file(b"uno", "a.txt", writer.text(writer.CONTENT_ID, "x")),
        writer.file(
            b"", "", writer.variable(writer.OBJECT, writer.DATA_OBJECT, writer.IID_MESSAGE + writer.tnef())
        ),
    )

    @given(st.binary(max_size=300))
    def test_any_bytes(self, content):
        self.check(content)
        self.check(self.sound[:6] + content)
        rtf_to_text(content)
        rtf_to_html(content)

    @settings(max_examples=500)
    @given(st.data())
    def test_damage(self, data):
        start, end = sorted(data.draw(st.integers(0, len(self.sound))) for _ in range(2))
        self.check(self.sound[:start] + data.draw(st.binary(max_size=12)) + self.sound[end:])

    @given(st.binary(max_size=2000))
    def test_compressing_comes_back(self, rtf):
        assert decompress_rtf(writer.compressed(rtf, dictionary=DICTIONARY)) == rtf

    @given(st.binary(max_size=200))
    def test_any_compressed_text(self, content):
        decompress_rtf(struct.pack("<II4sI", 0, 2**31, b"LZFu", 0) + content)

    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
    def test_any_text_as_rich_text(self, text):
        units = struct.unpack(f"<{len(text.encode('utf-16-le')) // 2}h", text.encode("utf-16-le"))
        rtf = "{\\rtf1\\uc1 " + "".join(f"\\u{unit}?" for unit in units) + "}"
        assert rtf_to_text(rtf.encode()) == text.strip()

    @pytest.mark.parametrize(
        "content",
        [
            writer.tnef(writer.attribute(1, writer.MSG_PROPS, struct.pack("<I", 2**32 - 1))),
            writer.tnef(
                writer.attribute(1, writer.MSG_PROPS, struct.pack("<IHHI", 1, 0x1002, 0x1234, 2**32 - 1))
            ),
            writer.tnef(
                writer.attribute(1, writer.MSG_PROPS, struct.pack("<IHHI", 1, 0x101E, 0x1234, 2**32 - 1))
            ),
            writer.tnef(writer.attribute(1, 0x1234, b"") * 200_000),
            writer.tnef(writer.attribute(1, writer.MSG_PROPS, struct.pack("<I", 2**31) + bytes(4) * 400_000)),
            writer.tnef(
                writer.message(
                    writer.variable(
                        writer.BINARY,
                        writer.RTF_COMPRESSED,
                        struct.pack("<II4sI", 0, 2**31, b"LZFu", 0) + b"\xff" + b"\0\x0f" * 8 * 99_999,
                    )
                )
            ),
            writer.tnef(
                writer.message(
                    rtf_property(b"{\\rtf1{\\fonttbl" + b"\\f1\\fcharset1 a" * 500 + b"}x}"),
                )
            ),
        ],
        ids=["properties", "values", "texts", "attributes", "nothings", "rich text", "fonts"],
    )
    def test_bombs_go_off_nowhere(self, content):
        started = time.process_time()
        self.check(content)
        assert time.process_time() - started < 3

    @pytest.mark.parametrize(
        "piece", [b"{", b"}", b"\\u-1", b"\\'e9", b"{\\f1\\fcharset1 ", b"\\", b"\\bin9"]
    )
    def test_hostile_rich_text_takes_no_time(self, piece):
        started = time.process_time()
        rtf_to_text(b"{\\rtf1" + piece * 200_000)
        assert time.process_time() - started < 3

    def check(self, content):
        with contextlib.suppress(TnefError):
            unpack_tnef(content)
