"""Rows of a file of contacts, as somebody exports it from elsewhere: any number, the same ones every time."""

import random
import unicodedata

from setup.letters import FAMILY_NAMES, GIVEN_NAMES, TRADES

# What stock Odoo can import too, and the columns of the suite's own.
FIELDS = [
    "name", "email", "phone", "function", "street", "zip", "city", "country_id", "website", "ref", "comment",
]  # fmt: skip
ALTERNATIVE_FIELDS = ["alternative_emails", "alternative_phones"]
WITH_ALTERNATIVES = 0.05  # of the rows
COUNTRIES = {
    "Spain": ("+34 6{:08d}", ("Vigo", "León", "Málaga", "Cádiz", "Logroño", "Almería")),
    "United Kingdom": ("+44 7400 {:06d}", ("Leeds", "Bristol", "Dundee", "Cardiff")),
    "Germany": ("+49 1512 {:07d}", ("Bremen", "Lübeck", "Köln")),
}
FUNCTIONS = ("Compras", "Gerencia", "Facilities manager", "Buyer", "Owner", "Jefe de obra", "Einkauf")
STREETS = ("Calle Mayor", "Avenida de la Paz", "High Street", "Station Road", "Hauptstraße", "Rúa Nova")


def contact_rows(start: int, count: int, *, changed: bool = False) -> list[list[str]]:
    """Return the rows with these numbers, in the order of FIELDS and ALTERNATIVE_FIELDS.

    :param changed: the same people, each of whom has moved and has another position
    """
    return [_row(number, changed) for number in range(start, start + count)]


def mail_user(given: str, family: str) -> str:
    """Return what stands before the @ of somebody's e-mail address."""
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode().lower()
    return "".join(character for character in plain if character.isalpha() or character == ".")


def _row(number: int, changed: bool) -> list[str]:
    chance = random.Random(number)
    given, family = chance.choice(GIVEN_NAMES), chance.choice(FAMILY_NAMES)
    country = chance.choices(list(COUNTRIES), (6, 2, 1))[0]
    phone, cities = COUNTRIES[country]
    domain = f"{chance.choice(TRADES)}{number}.example"
    moved = chance.randint(1, 150) + (200 if changed else 0)
    has_alternatives = chance.random() < WITH_ALTERNATIVES
    return [
        f"{given} {family}",
        f"{mail_user(given, family)}@{domain}",
        phone.format(number),
        FUNCTIONS[(number + changed) % len(FUNCTIONS)],
        f"{chance.choice(STREETS)} {moved}",
        f"{chance.randint(10_000, 52_999)}",
        chance.choice(cities),
        country,
        f"https://www.{domain}",
        f"K-{number:07d}",
        f"Feria de {chance.choice(cities)}, {chance.randint(2015, 2025)}" if chance.random() < 0.4 else "",
        f"{given[0].lower()}@{domain}, info@{domain}" if has_alternatives else "",
        f"+34 9{number:08d}" if has_alternatives else "",
    ]
