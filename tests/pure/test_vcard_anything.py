"""Whatever is written as a vCard: it is read or refused in words."""

import contextlib
from pathlib import Path

import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from escala_mail_sync.mime.vcard import VCardError, parse_vcards
from tests.pure.vcards import SAMPLES, card

NAMES = st.sampled_from(
    [
        "FN",
        "N",
        "TEL",
        "EMAIL",
        "ADR",
        "ORG",
        "PHOTO",
        "URL",
        "KIND",
        "X-ABLabel",
        "X-ABADR",
        "VERSION",
        "AGENT",
        "NOTE",
    ]
)


PARAMETERS = st.sampled_from(
    ["TYPE", "PREF", "CHARSET", "ENCODING", "CC", "QUOTED-PRINTABLE", "BASE64", "HOME"]
)


VALUES = st.sampled_from(
    [
        *("", "1", "é", "group", "utf-16", "B", "QUOTED-PRINTABLE", "=E9", "a@x.example", "tel:"),
        *('"', '"a,b"', "=", ";;", "\\", "\\;", "\r\n ", "=\r\n", "data:image/png;base64,AAAA"),
    ]
)


LINES = st.builds(
    lambda name, parameters, values: name + "".join(map("".join, parameters)) + ":" + "".join(values),
    NAMES,
    st.lists(st.tuples(st.just(";"), PARAMETERS, st.sampled_from(["", "="]), VALUES), max_size=3),
    st.lists(VALUES, max_size=4),
)


class TestAnything:
    """What arrives was written by anybody: whatever it is, it is read or refused in words."""

    samples = st.sampled_from(sorted(SAMPLES.glob("*.vcf"))).map(Path.read_bytes)

    @given(st.binary(max_size=300))
    def test_any_bytes(self, content):
        self.check(content)
        self.check(b"BEGIN:VCARD\n" + content + b"\nEND:VCARD\n")

    @settings(max_examples=300)
    @given(samples, st.data())
    def test_damaged_cards(self, content, data):
        start, end = sorted(data.draw(st.integers(0, len(content))) for _ in range(2))
        self.check(content[:start] + data.draw(st.binary(max_size=20)) + content[end:])

    @settings(max_examples=300)
    @given(st.lists(LINES, max_size=8))
    def test_lines_of_usual_pieces(self, lines):
        self.check(card(*lines, version="2.1"))

    @given(samples, st.sampled_from(["utf-8", "utf-16", "shift_jis", "zlib", "idna", "\0", "x" * 100]))
    def test_any_charset(self, content, charset):
        self.check(content, charset)

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_one_card_never_harms_its_neighbour(self, name, value):
        content = card(f"FN:{name}", value.replace("BEGIN", "").replace("END", "")) + card("FN:Ana Vidal")
        assert parse_vcards(content).cards[-1].name == "Ana Vidal"

    def check(self, content, charset=""):
        cards, reasons = (), ()
        with contextlib.suppress(VCardError):
            cards, reasons = parse_vcards(content, charset)
        assert not [reason for reason in reasons if "cannot be read" in reason]
        for each in cards:
            assert each.name or each.emails or each.phones
            for value in (each.name, each.company, each.street, each.street2, each.city, each.website):
                assert "\n" not in value
                assert "\0" not in value
                value.encode()


class TestOfAnotherWriter:
    """What vobject writes, which Odoo exports contacts with, is read as it was meant."""

    words = st.text(
        st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\x85"), max_size=80
    ).map(lambda text: " ".join(text.split()))

    @given(words.filter(bool), words, words, words, st.lists(words, max_size=3))
    def test_text_comes_back(self, name, company, job, street, notes):
        written = vobject.vCard()
        written.add("fn").value = name
        written.add("n").value = vobject.vcard.Name(family=name)
        written.add("org").value = [company]
        written.add("title").value = job
        written.add("adr").value = vobject.vcard.Address(street=street, city="Gandia", country=company)
        written.add("note").value = "\n".join(notes)
        (found,) = parse_vcards(written.serialize().encode()).cards
        assert (found.name, found.company, found.job) == (name, company, job)
        assert (found.street, found.city, found.country) == (street, "Gandia", company)
        assert found.note == "\n".join(notes).strip()
