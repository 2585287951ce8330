"""Which country somebody means."""

import pytest

from escala_mail_sync.mime.countries import country_code


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("España", "ES"),
        ("ESPANA ", "ES"),
        ("es", "ES"),
        ("ESP", "ES"),
        ("Spain", "ES"),
        ("Espanya", "ES"),
        ("Deutschland", "DE"),
        ("Österreich", "AT"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("UK", "GB"),
        ("England", "GB"),
        ("Países Bajos", "NL"),
        ("日本", "JP"),
        ("Россия", "RU"),
        ("Atlantis", ""),
        ("", ""),
        ("...", ""),
        ("001", ""),
    ],
)
def test_country(name, code):
    assert country_code(name) == code
