"""The country that somebody means: names in the languages of Europe and some others, and codes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel import Locale
from babel.core import get_global

# In this order: a name that means two countries means the one of the first language.
_LANGUAGES = (
    *("en", "es", "de", "fr", "pt", "it", "ca", "eu", "gl", "nl", "pl", "ro", "cs", "sk", "hu", "sv"),
    *("da", "nb", "fi", "et", "lv", "lt", "sl", "hr", "bg", "el", "tr", "ru", "uk", "ar", "ja", "ko", "zh"),
)
# What people write and CLDR does not.
_COLLOQUIAL = {
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "united states of america": "US",
    "the netherlands": "NL",
    "holland": "NL",
    "holanda": "NL",
    "czech republic": "CZ",
    "república checa": "CZ",
}


def country_code(name: str) -> str:
    """The ISO 3166-1 code of a country, ``''`` for what is none.

    >>> country_code("España"), country_code("U.S.A."), country_code("ES"), country_code("Deutschland")
    ('ES', 'US', 'ES', 'DE')
    """
    return _codes().get(fold(name), "")


def fold(name: str) -> str:
    """A name of a place without accents, case, blanks and punctuation, to compare it with another."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if character.isalnum())


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Codes by folded name, two-letter and three-letter code (CLDR has the latter as aliases)."""
    names = [Locale.parse(language).territories for language in _LANGUAGES]
    countries = {code for code in names[0] if len(code) == 2 and code.isalpha()}
    codes = {code.lower(): code for code in countries}
    for alias, replacements in get_global("territory_aliases").items():
        if alias.isalpha() and replacements[0] in countries:
            codes.setdefault(alias.lower(), replacements[0])
    for name, code in _COLLOQUIAL.items():
        codes.setdefault(fold(name), code)
    for territories in names:
        for code in sorted(countries & territories.keys()):
            if folded := fold(territories[code]):
                codes.setdefault(folded, code)
    return codes
