"""What forms send, in whatever shape and under whatever names, is sorted and nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escala_contact_sources.intake import PayloadError, flatten, get_origin, map_fields

TEXTS = st.text(min_size=1, max_size=20).map(str.strip).filter(lambda text: text and "\0" not in text)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("E-Mail", "email"),
        ("correo_electrónico", "email"),
        ("Teléfono", "phone"),
        ("your-name", "name"),
        ("Código Postal", "zip"),
        ("favourite colour", "message"),
    ],
)
def test_usual_names_are_understood(name, target):
    assert map_fields({name: ["x"]}, {}).targets == {name: target}


def test_what_the_source_says_goes_before_the_name():
    intake = map_fields(
        {"email": ["a@x.example"], "Campo 7": ["b@x.example"]}, {"campo_7": "email", "email": "ignore"}
    )
    assert intake.emails == ["b@x.example"]


def test_a_name_in_parts_becomes_one():
    intake = map_fields({"apellidos": ["Ruiz Mora"], "First name": ["Eva"]}, {})
    assert intake.contact == {"name": "Eva Ruiz Mora"}


def test_several_addresses_and_nested_values():
    payload = flatten(
        {"emails": ["a@x.example", "b@x.example"], "phone": 600123456, "datos": {"talla": "M"}}.items()
    )
    intake = map_fields(payload, {})
    assert intake.emails == ["a@x.example", "b@x.example"]
    assert intake.phones == ["600123456"]
    assert intake.message == "datos.talla: M"


@given(st.dictionaries(TEXTS, TEXTS, max_size=8))
def test_no_value_is_lost(form):
    intake = map_fields(flatten(form.items()), {})
    kept = " ".join(
        [*intake.contact.values(), *intake.emails, *intake.phones, intake.subject, intake.message]
    )
    # of fields that a contact has once the first one counts; a tick says no more than that it is there
    assert all(
        form[name].encode(errors="ignore").decode().strip() in kept
        for name, target in intake.targets.items()
        if target == "message" and name in form
    )


@pytest.mark.parametrize(("said", "consent"), [("yes", True), ("on", True), ("no", False), ("0", False)])
def test_consent_is_what_was_said(said, consent):
    assert map_fields({"consent": [said]}, {}).consent is consent


@pytest.mark.parametrize(
    "fields",
    [
        {f"field{number}": "x" for number in range(101)},
        {"message": "x" * 10_001},
        {"a": {"b": {"c": {"d": {"e": "x"}}}}},
    ],
)
def test_too_much_is_refused(fields):
    with pytest.raises(PayloadError):
        flatten(fields.items())


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://www.example.com", "https://www.example.com"),
        (" https://WWW.Example.com/landing.html?x=1#top ", "https://www.example.com"),
        ("https://example.com:443/", "https://example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://viñedo.example/", "https://xn--viedo-pta.example"),
    ],
)
def test_the_origin_of_a_page_is_as_browsers_write_it(url, origin):
    assert get_origin(url) == origin


@pytest.mark.parametrize(
    "url", ["www.example.com", "ftp://x.example", "https://", "https://x:port", "https://.x", "https://[::1"]
)
def test_what_is_no_page_has_no_origin(url):
    with pytest.raises(ValueError):  # noqa: PT011 - in the words of whatever parses it
        get_origin(url)
