"""What a header says, and that no header whatsoever raises."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escala_mail_sync.mime import HEADER_FIELDS, Address, is_read_by_nobody, parse_headers


def header(**fields: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def test_every_field():
    headers = parse_headers(
        b"Message-ID: <1@x.example>\r\n"
        b"In-Reply-To: <0@x.example>\r\n"
        b"References: <a@x.example>\r\n <0@x.example>\r\n"
        b"From: Ana <ana@x.example>\r\n"
        b"Reply-To: office@x.example\r\n"
        b"To: Laura <laura@y.example>,\r\n\tmarcos@y.example\r\n"
        b"Cc: otto@x.example\r\n"
        b"Bcc: boss@y.example\r\n"
        b"Subject: =?iso-8859-1?q?A=F1o?=\r\n nuevo\r\n"
        b"Date: Fri, 1 Mar 2024 11:30:00 +0100\r\n\r\nbody"
    )
    assert headers.message_id == "<1@x.example>"
    assert headers.in_reply_to == ("<0@x.example>",)
    assert headers.references == ("<a@x.example>", "<0@x.example>")
    assert headers.sender == Address("Ana", "ana@x.example")
    assert headers.reply_to == (Address("", "office@x.example"),)
    assert headers.to == (Address("Laura", "laura@y.example"), Address("", "marcos@y.example"))
    assert headers.cc == (Address("", "otto@x.example"),)
    assert headers.bcc == (Address("", "boss@y.example"),)
    assert headers.subject == "Año nuevo"
    assert headers.date == datetime(2024, 3, 1, 10, 30)
    assert headers.automatic == ""


def test_nothing_at_all():
    headers = parse_headers(b"")
    assert (headers.message_id, headers.sender, headers.date, headers.subject) == ("", None, None, "")


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_any_line_end(end):
    raw = end.join(
        [b"From: a@x.example", b"Subject: one", b" two", b"To: b@x.example", b"", b"To: no@x.example"]
    )
    headers = parse_headers(raw)
    assert headers.subject == "one two"
    assert headers.to == (Address("", "b@x.example"),)


def test_garbage_line_hides_nothing():
    headers = parse_headers(
        b"From nobody Mon Jan 1\r\nX\r\nFrom : a@x.example\r\ngarbage here\r\nSubject: s\r\n\r\n"
    )
    assert headers.sender == Address("", "a@x.example")
    assert headers.subject == "s"


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("=?utf-8?B?w6k=?=", "é"),
        ("=?utf-8?B?w6k?=", "é"),  # padding forgotten
        ("=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),  # a character cut in two
        ("=?utf-8?q?a?= =?iso-8859-1?q?=F1?= b", "añ b"),
        ("=?UTF-8?Q?Really??=", "Really?"),
        ("=?klingon?q?caf=C3=A9?=", "café"),
        ("=?iso-8859-1?q?=80_5?=", "€ 5"),
        ("=?utf-8*es?q?hola?=", "hola"),
        ("=?utf-8?q?a=00b=0D=0AX?=", "a b X"),
        ("=?utf-7?q?+2AA-?=", ""),  # a lone surrogate
        ("=?idna?q?xn--a?= =?zlib?b?eA==?=", "xn--ax"),
        ("=?utf-8?x?no?= ?=", "=?utf-8?x?no?= ?="),
    ],
)
def test_encoded_words(value, subject):
    assert parse_headers(header(Subject=value)).subject == subject


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_raw_eight_bit(charset):
    raw = "From: Inés <i@x.example>\r\nSubject: ¿Año?\r\n\r\n".encode(charset)
    headers = parse_headers(raw)
    assert headers.sender == Address("Inés", "i@x.example")
    assert headers.subject == "¿Año?"


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("Fri, 1 Mar 2024 10:30:00 -0500 (EST)", datetime(2024, 3, 1, 15, 30)),
        ("1 Mar 2024 10:30 GMT", datetime(2024, 3, 1, 10, 30)),
        ("Sat, 31 Dec 2016 23:59:60 +0000", datetime(2016, 12, 31, 23, 59, 59)),
        ("Fri, 1 Mar 2024 10:30:00", datetime(2024, 3, 1, 10, 30)),
        ("yesterday", None),
        ("Fri, 45 Mar 2024 10:30:00 +0000", None),
        ("Thu, 1 Jan 1903 00:00:00 +0000", None),
        ("Thu, 1 Jan 2105 00:00:00 +0000", None),
        ("Fri, 1 Mar 2024 10:30:00 +" + "9" * 99, None),
    ],
)
def test_date(value, date):
    assert parse_headers(header(Date=value)).date == date


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@x>", ("<a@x>",)),
        ("<a@x><b@x> (as of today) <a@x>", ("<a@x>", "<b@x>")),
        ("a@x", ("<a@x>",)),
        ("<a\r\n b@x>", ("<ab@x>",)),
        ("Your letter of Monday", ()),
        ("<>", ()),
    ],
)
def test_message_ids(value, ids):
    assert parse_headers(header(References=value)).references == ids


@pytest.mark.parametrize(
    ("fields", "automatic"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, "auto_submitted"),
        ({"Auto_Submitted": "no"}, ""),
        ({"Auto_Submitted": "No; owner=x"}, ""),
        ({"X_Auto_Response_Suppress": "All"}, ""),
        ({"X_Autoreply": "yes"}, "auto_submitted"),
        ({"X_Autorespond": "Fuera de la oficina"}, "auto_submitted"),
        ({"Precedence": "Bulk"}, "bulk"),
        ({"Precedence": "auto_reply"}, "bulk"),
        ({"List_Post": "<mailto:socios@x.example>"}, "list"),
        ({"List_Help": "<mailto:ayuda@x.example>"}, "list"),
        ({"List_Id": "<news.x.example>", "Precedence": "bulk"}, "list"),
        ({"List_Unsubscribe": "<https://x.example>"}, "list"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"Return_Path": "<>", "Auto_Submitted": "auto-replied"}, "auto_submitted"),
        ({"From": "MAILER-DAEMON@x.example"}, "bounce"),
        (
            {"Content_Type": "multipart/report; report-type=delivery-status", "Auto_Submitted": "yes"},
            "bounce",
        ),
        ({"Content_Type": 'text/calendar; charset=utf-8; method="REPLY"'}, "calendar_reply"),
        ({"Content_Type": "text/calendar; method=REQUEST"}, ""),
        ({"From": "No-Reply@x.example"}, "no_reply"),
        ({"From": "calendar-noreply@x.example"}, "no_reply"),
        ({"From": "no_responder@x.example"}, "no_reply"),
        ({"From": "donotreply+12@x.example"}, "no_reply"),
        ({"From": "noreplyson@x.example"}, ""),
        ({"From": "reply@x.example"}, ""),
    ],
)
def test_automatic(fields, automatic):
    assert parse_headers(header(**{"From": "ana@x.example", **fields})).automatic == automatic


@pytest.mark.parametrize(
    ("email", "nobody"),
    [
        ("no-reply@x.example", True),
        ("mailer-daemon@x.example", True),
        ("unsubscribe@x.example", True),
        ("unsub+1234@x.example", True),
        ("bounces-77@x.example", True),
        ("solar-request@x.example", True),
        ("ana@x.example", False),
        ("ana@no-reply.example", False),
        ("request@x.example", False),
        ("bouncer@x.example", False),
    ],
)
def test_is_read_by_nobody(email, nobody):
    assert is_read_by_nobody(email) is nobody


def test_header_fields_are_all_it_needs():
    block = header(**{name.replace("-", "_"): "<a@x.example>" for name in HEADER_FIELDS})
    assert parse_headers(block) == parse_headers(block + b"Received: by x.example\r\n")


names = st.sampled_from([name.encode() for name in HEADER_FIELDS])
tokens = [
    "<",
    ">",
    '"',
    "(",
    ")",
    "\\",
    "@",
    ",",
    ";",
    ":",
    "=?",
    "?=",
    "?q?",
    "?B?",
    "utf-8",
    "=C3",
    "Ã",
    "\x00",
    "\r",
    "a",
    "*0*=",
    "'",
    "99999999999",
    "Mon,",
    "1",
    "Jan",
]
phrases = st.lists(st.sampled_from([*tokens, " ", "\r\n "]), max_size=25)
junk = st.one_of(st.binary(max_size=60), phrases.map(lambda chosen: "".join(chosen).encode("latin-1")))


@settings(max_examples=150)
@given(st.lists(st.tuples(names, junk), max_size=6))
def test_no_header_raises(fields):
    assert_clean(parse_headers(b"".join(name + b": " + value + b"\r\n" for name, value in fields)))


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_no_bytes_raise(raw):
    assert_clean(parse_headers(raw))


def assert_clean(headers):
    """Everything can be stored in PostgreSQL."""
    addresses = [*headers.to, *headers.cc, *headers.bcc, *headers.reply_to]
    addresses += filter(None, [headers.sender])
    texts = [headers.subject, headers.message_id, *headers.references, *headers.in_reply_to]
    texts += [text for address in addresses for text in (address.name, address.email)]
    for text in texts:
        assert "\0" not in text
        text.encode()
    assert all("@" in address.email for address in addresses)
