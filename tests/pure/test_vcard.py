"""vCard files, sound and broken: what address books write, and what they should not."""

import base64
import time

import pytest

from escala_mail_sync.mime.vcard import (
    MAX_CARDS,
    MAX_PHOTO_BYTES,
    Problem,
    VCardError,
    is_vcard,
    parse_vcards,
    read_cards,
)
from tests.pure.vcards import SAMPLES, card, read, sample

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class TestVersions:
    def test_21_of_an_old_phone(self):
        (found,) = sample("21-phone.vcf")
        assert found.name == "Martín Ochando"
        assert (found.company, found.job) == ("Grúas Ochando", "Gerente")
        assert found.emails == (
            ("martin@gruasochando.example", "work"),
            ("martin.ochando@correo.example", "home"),
        )
        assert found.phones == (("+34 600 555 102", "work"), ("+34 960 555 101", "work"))
        assert (found.street, found.street2) == ("Polígono El Álamo 12", "Nave 3")
        assert (found.zip, found.city, found.state) == ("46340", "Requena", "Valencia")
        assert (found.country, found.country_code) == ("España", "")
        assert found.website == "www.gruasochando.example"
        assert found.note == "Grúa de 40 t\nAvisar el día antes"
        assert found.photo.startswith(PNG_SIGNATURE)

    def test_21_without_a_charset_or_a_full_name(self):
        (found,) = sample("21-latin1-unnamed.vcf")
        assert (found.name, found.street, found.city) == ("Jörg Müller", "Schöne Straße 5", "Köln")

    def test_21_in_shift_jis_whose_characters_hold_backslashes(self):
        (found,) = sample("21-shift-jis.vcf")
        assert found.name == "表 能子"

    def test_21_of_outlook_leaves_the_agent_out(self):
        (found,) = sample("21-outlook.vcf")
        assert found.name == "Ms. Joan Fairweather"
        assert found.company == "Fairweather; Daughters Ltd"
        assert found.emails == (("joan@fairweather.example", "work"),)

    def test_30_of_apple_with_groups(self):
        (found,) = sample("30-apple.vcf")
        assert (found.name, found.company) == ("Irene Vidal", "Vidal Arquitectos, S.L.")
        assert found.emails == (
            ("irene@vidalarquitectos.example", "other"),
            ("irene.vidal@correo.example", "home"),
        )
        assert [phone.value for phone in found.phones] == ["+34 600 555 106", "960 555 108"]
        assert (found.street, found.street2, found.country_code) == ("Gran Vía 7", "Bajo izquierda", "ES")
        assert found.note == "Prefiere el correo, no el teléfono; siempre.\nCliente de Ana."
        assert found.photo.startswith(PNG_SIGNATURE)

    def test_30_of_a_company(self):
        (found,) = sample("30-company.vcf")
        assert found.is_company
        assert found.name == "Toldos Levante"

    def test_40_with_uris_and_preferences(self):
        person, company = sample("40-several.vcf")
        assert person.name == "Renate Hölzl"
        assert person.emails == (("renate@hoelzl.example", "work"), ("renate@mail.example", "home"))
        assert person.phones == (("+49-151-5550-110", "work"), ("+49 89 5550111", "home"))
        assert (person.city, person.country_code) == ("Wien", "AT")
        assert person.photo.startswith(PNG_SIGNATURE)
        assert (company.is_company, company.name) == (True, "Hölzl Wechselrichter")

    def test_bad_cards_lose_none_of_the_others(self):
        found = parse_vcards((SAMPLES / "40-several.vcf").read_bytes())
        assert len(found.cards) == 2
        assert found.reasons == (
            "Card 2: it is cut off, its END is missing.",
            "Card 3: it is a group, not a contact.",
            "Card 4: it has no name, no e-mail address and no phone number.",
        )


class TestLines:
    @pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
    def test_line_ends(self, line_end):
        content = card("FN:Ana Gómez Cal", "NOTE:una", " lín", "\tea").replace(b"\r\n", line_end.encode())
        (found,) = parse_vcards(content).cards
        assert (found.name, found.note) == ("Ana Gómez Cal", "unalínea")

    def test_folded_inside_a_character(self):
        content = card("FN:Ana Gómez").replace("ó".encode(), b"\r\n ".join([b"\xc3", b"\xb3"]))
        assert parse_vcards(content).cards[0].name == "Ana Gómez"

    def test_a_folded_21_line_keeps_its_blank(self):
        assert read("FN:Ana", "NOTE:dos", " palabras", version="2.1").note == "dos palabras"

    def test_quoted_printable_with_soft_breaks(self):
        line = "FN;ENCODING=QUOTED-PRINTABLE;CHARSET=ISO-8859-1:Jos=E9=\r\n P=\r\n=E9rez"
        assert read(line, "EMAIL:jose@x.example", version="2.1").name == "José Pérez"

    def test_base64_without_indentation(self):
        found = read("FN:Ana", "PHOTO;BASE64:aG9s", "YQ==", "EMAIL:ana@x.example", version="2.1")
        assert (found.photo, found.emails) == (b"hola", (("ana@x.example", "work"),))

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
    def test_byte_order_marks(self, encoding):
        content = card("FN:Ana Gómez").decode().encode(encoding)
        assert parse_vcards(content).cards[0].name == "Ana Gómez"

    def test_charset_of_the_message(self):
        content = card("FN:Łukasz").decode().encode("iso-8859-2")
        assert parse_vcards(content, "iso-8859-2").cards[0].name == "Łukasz"

    def test_40_is_utf8_whatever_the_message_says(self):
        assert parse_vcards(card("FN:José", version="4.0"), "iso-8859-1").cards[0].name == "José"

    def test_lower_case_and_blanks(self):
        content = b"begin:vcard \nversion:3.0\nfn:Ana\nemail;type=home:ana@x.example\nend:vcard"
        (found,) = parse_vcards(content).cards
        assert found.emails == (("ana@x.example", "home"),)

    def test_lines_that_are_none_are_skipped(self):
        found = read("FN:Ana", "nonsense", ":", ";=:x", 'TEL;X="open:1', "EMAIL:ana@x.example")
        assert (found.name, found.emails) == ("Ana", (("ana@x.example", "work"),))


class TestValues:
    def test_name_in_its_usual_order(self):
        assert read("N:Pérez;José;Luis;Sr.;Jr.").name == "Sr. José Luis Pérez Jr."

    def test_named_by_its_company(self):
        found = read("ORG:Toldos Levante;Ventas", "EMAIL:hola@x.example")
        assert (found.name, found.is_company) == ("Toldos Levante", True)

    def test_person_called_like_the_company_is_a_person(self):
        assert not read("N:Ibarra;Iker;;;", "FN:Iker Ibarra", "ORG:Iker Ibarra").is_company

    def test_fax_is_no_phone(self):
        found = read("FN:Ana", "TEL;TYPE=fax:+34 1", "TEL;TYPE=fax,voice:+34 2", "TEL;PAGER:+34 3")
        assert [phone.value for phone in found.phones] == ["+34 2"]

    @pytest.mark.parametrize("parameter", ["PREF=", "CHARSET=", "ENCODING=", "TYPE=", "CC=", 'TYPE=""', "="])
    def test_parameter_without_a_value(self, parameter):
        found = read("FN:Ana", f"EMAIL;{parameter}:ana@x.example", f"ADR;{parameter}:;;Calle 1;;;;")
        assert (found.emails, found.street) == ((("ana@x.example", "work"),), "Calle 1")

    def test_several_types_in_quotes(self):
        found = read("FN:Ana", 'TEL;TYPE="cell,home":+34 1', "TEL;TYPE=cell;TYPE=home:+34 2", version="4.0")
        assert [phone.label for phone in found.phones] == ["home", "home"]

    def test_each_address_once(self):
        found = read("FN:Ana", "EMAIL:Ana@X.example", "EMAIL;TYPE=home:ana <ana@x.example>", "EMAIL:x@")
        assert found.emails == (("ana@x.example", "work"),)

    def test_address_of_work_before_home(self):
        found = read("FN:Ana", "ADR;TYPE=home:;;Casa 1;;;;", "ADR;TYPE=work:;;Obra 2;;;;")
        assert (found.street, found.is_home) == ("Obra 2", False)

    def test_box_when_there_is_no_street(self):
        found = read("FN:Ana", "ADR:Apdo. 7;;;Gandia;;46700;")
        assert (found.street, found.street2) == ("Apdo. 7", "")

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:a@x.example", "not a url", "x"])
    def test_odd_websites_are_left_out(self, url):
        assert read("FN:Ana", f"URL:{url}").website == ""

    def test_photo_elsewhere_is_not_fetched(self):
        assert read("FN:Ana", "PHOTO;VALUE=uri:https://x.example/ana.png").photo == b""

    def test_photo_of_a_person_is_not_the_logo(self):
        assert read("FN:Ana", "LOGO;ENCODING=b:aG9sYQ==").photo == b""
        assert read("KIND:org", "FN:Toldos", "LOGO;ENCODING=b:aG9sYQ==").photo == b"hola"

    def test_no_nul_and_no_surrogate(self):
        found = read("FN:A\0na", "NOTE:a\0b", "TEL:\0")
        assert (found.name, found.note, found.phones) == ("Ana", "ab", ())


class TestLimits:
    def test_more_cards_than_are_read(self):
        found = parse_vcards(card("FN:Ana") * (MAX_CARDS + 1))
        assert len(found.cards) == MAX_CARDS
        assert found.reasons == ("It has more than 500 cards; the others were not read.",)

    def test_a_large_photo_is_left_out(self):
        photo = "A" * (MAX_PHOTO_BYTES // 3 * 4 + 8)
        found = parse_vcards(card("FN:Ana", f"PHOTO;ENCODING=b:{photo}"))
        assert found.cards[0].photo == b""
        assert found.reasons == ("Card 1: its photo is larger than 2 MB and was left out.",)

    def test_long_values_are_cut(self):
        found = read(
            f"FN:{'A' * 5000}", f"NOTE:{'n' * 50_000}", *(f"EMAIL:a{n}@x.example" for n in range(99))
        )
        assert (len(found.name), len(found.note), len(found.emails)) == (300, 10_000, 30)

    @pytest.mark.parametrize("content", [b"", b"hola", b"BEGIN:VCALENDAR\nEND:VCALENDAR"])
    def test_a_file_without_cards(self, content):
        with pytest.raises(VCardError, match="no vCard"):
            parse_vcards(content)

    @pytest.mark.parametrize(
        "line",
        [
            "A;b" + "=" * 200_000,
            'A;b="' + '"' * 200_001,
            "A" + ";" * 200_000,
            "NOTE:" + "\\a" * 200_000,
            "N:" + ";" * 200_000,
            "FN:=?utf-8?q?" * 20_000,
            "EMAIL:" + "<(" * 100_000,
            "URL:" + "a." * 100_000 + "!",
            "PHOTO:data:" + ";base64" * 50_000,
            "\n".join(["EMAIL:a@x.example"] * 20_000),
            "\n".join(["PHOTO;ENCODING=b:AAAA"] + ["AAAA"] * 50_000),
        ],
        ids=lambda line: line[:12],
    )
    def test_hostile_lines_take_no_time(self, line):
        started = time.process_time()
        parse_vcards(card("FN:Ana", line))
        assert time.process_time() - started < 2

    def test_what_comes_after_a_thousand_properties_is_not_read(self):
        assert read("FN:Ana", *["X-X:"] * 1000, "EMAIL:ana@x.example").emails == ()


class TestOneByOne:
    BROKEN = b"BEGIN:VCARD\r\nFN:Cut"

    def test_what_is_wrong_with_each_card(self):
        large = base64.b64encode(b"x" * (MAX_PHOTO_BYTES + 1)).decode()
        content = b"".join(
            [
                card("FN:Ana"),
                card("NOTE:nobody"),
                card("FN:Team", "KIND:group"),
                card("FN:Eva", f"PHOTO;ENCODING=b:{large}"),
                self.BROKEN,
            ]
        )
        assert [(each.card and each.card.name, each.problem) for each in read_cards(content)] == [
            ("Ana", None),
            (None, Problem.EMPTY),
            (None, Problem.GROUP),
            ("Eva", Problem.LARGE_PHOTO),
            (None, Problem.CUT_OFF),
        ]

    @pytest.mark.parametrize("name", [path.name for path in sorted(SAMPLES.glob("*.vcf"))])
    def test_the_source_of_a_card_gives_the_card_again(self, name):
        readings = list(read_cards((SAMPLES / name).read_bytes() + self.BROKEN))
        assert len(readings) > 1
        for reading in readings:
            (again,) = read_cards(reading.source)
            assert (again.card, again.problem) == (reading.card, reading.problem)

    def test_more_cards_than_a_message_may_have(self):
        assert len(list(read_cards(card("FN:A") * (MAX_CARDS + 5)))) == MAX_CARDS + 5


class TestRepeats:
    WHOLE = ("FN:Ana", "EMAIL:a@x.example", "EMAIL:b@x.example", "TEL:600555106", "TITLE:Jefa")

    @pytest.mark.parametrize(
        "lines", [WHOLE, ("FN:Ana", "EMAIL:b@x.example"), ("TEL:600555106", "TITLE:Jefa"), WHOLE[::-1]]
    )
    def test_a_card_that_says_nothing_more(self, lines):
        assert read(*lines).repeats(read(*self.WHOLE))

    @pytest.mark.parametrize(
        "lines",
        [
            ("FN:Ana Ruiz", "EMAIL:a@x.example"),
            ("FN:Ana", "EMAIL:c@x.example"),
            ("FN:Ana", "EMAIL:a@x.example", "NOTE:new"),
            ("FN:Ana", "EMAIL:a@x.example", "ORG:Ana"),
            ("FN:Ana", "EMAIL:a@x.example", "PHOTO;ENCODING=b:AAAA"),
        ],
    )
    def test_a_card_that_says_more(self, lines):
        assert not read(*lines).repeats(read(*self.WHOLE))

    def test_a_person_is_no_company(self):
        company, person = read("FN:Ana", "KIND:org", "TEL:1"), read("FN:Ana", "TEL:1")
        assert not person.repeats(company)
        assert not company.repeats(person)


@pytest.mark.parametrize(
    ("filename", "mimetype", "expected"),
    [
        ("a.vcf", "application/octet-stream", True),
        ("A.VCF", "text/plain", True),
        ("card", "text/x-vcard", True),
        ("card", "text/directory", True),
        ("card.txt", "text/plain", False),
    ],
)
def test_what_is_taken_for_a_vcard(filename, mimetype, expected):
    assert is_vcard(filename, mimetype) is expected
