"""A database with a great many contacts, written by Postgres itself; what each one's addresses are is known here.

Contact number n has the same name and primary addresses in stock Odoo as with the suite, where it has two
alternative e-mail addresses and two alternative phone numbers besides.
"""

import contextlib
import itertools

import psycopg2

from benchmarks.support.bulk import without_indexes
from benchmarks.support.contact_rows import mail_user
from setup.letters import FAMILY_NAMES, GIVEN_NAMES
from setup.postgres import Server
from setup.progress import step

NAMES = [f"{given} {family}" for given, family in itertools.product(GIVEN_NAMES, FAMILY_NAMES)]
USERS = [mail_user(given, family) for given, family in itertools.product(GIVEN_NAMES, FAMILY_NAMES)]
COMPANIES, PROVIDERS = 20_000, 40
INSERT_CONTACTS = """
    INSERT INTO res_partner (
        id, commercial_partner_id, name, complete_name, email, email_normalized, phone, phone_sanitized,
        function, street, zip, city, ref, type, lang, active, is_company, partner_share, employee, color,
        create_uid, create_date, write_uid, write_date{counts}
    )
    SELECT first.id + n, first.id + n, name, name, email, email, '+34 6' || digits, '+346' || digits,
           'Compras', 'Calle Mayor ' || n %% 200, (10000 + n %% 42000)::text, 'Vigo', 'K-' || n, 'contact', 'en_US',
           TRUE, FALSE, TRUE, FALSE, 0, 1, now(), 1, now(){two_each}
      FROM (SELECT max(id) AS id FROM res_partner) AS first,
           generate_series(1, %(count)s) AS n,
           LATERAL (
               SELECT (%(names)s)[n %% %(variety)s + 1] AS name,
                      (%(users)s)[n %% %(variety)s + 1] || n || '@empresa' || n %% %(companies)s || '.example' AS email,
                      lpad(n::text, 8, '0') AS digits
           ) AS contact
"""
INSERT_EMAILS = """
    INSERT INTO res_partner_email (
        partner_id, label, sequence, email, email_normalized, create_uid, create_date, write_uid, write_date
    )
    SELECT contact.id, 'work', 10, alternative.email, alternative.email, 1, now(), 1, now()
      FROM res_partner contact,
           LATERAL (SELECT substr(ref, 3)::integer AS n) AS number,
           LATERAL (
               VALUES ('privado' || n || '@correo' || n %% %(providers)s || '.example'),
                      ('pedidos' || n || '@tienda' || n %% %(companies)s || '.example')
           ) AS alternative (email)
     WHERE ref LIKE 'K-%%'
"""
INSERT_PHONES = """
    INSERT INTO res_partner_phone (
        partner_id, label, sequence, phone, phone_sanitized, create_uid, create_date, write_uid, write_date
    )
    SELECT contact.id, 'work', 10, alternative.phone, alternative.phone, 1, now(), 1, now()
      FROM res_partner contact,
           LATERAL (SELECT lpad(substr(ref, 3), 8, '0') AS digits) AS number,
           LATERAL (VALUES ('+349' || digits), ('+4474' || digits)) AS alternative (phone)
     WHERE ref LIKE 'K-%%'
"""


def primary_email(number: int) -> str:
    """Return the primary e-mail address of a contact."""
    return f"{USERS[number % len(USERS)]}{number}@empresa{number % COMPANIES}.example"


def alternative_email(number: int) -> str:
    """Return an alternative e-mail address of a contact."""
    return f"privado{number}@correo{number % PROVIDERS}.example"


def fill(server: Server, name: str, count: int, *, with_alternatives: bool) -> None:
    """Write the contacts; the indexes are made when they are all there, which is faster."""
    values = {
        "count": count,
        "names": NAMES,
        "users": USERS,
        "variety": len(NAMES),
        "companies": COMPANIES,
        "providers": PROVIDERS,
    }
    tables = {"res_partner": INSERT_CONTACTS.format(counts="", two_each="")}
    if with_alternatives:
        counts = ", alternative_email_count, alternative_phone_count"
        tables = {
            "res_partner": INSERT_CONTACTS.format(counts=counts, two_each=", 2, 2"),
            "res_partner_email": INSERT_EMAILS,
            "res_partner_phone": INSERT_PHONES,
        }
    connection = psycopg2.connect(
        host=server.host, port=server.port, user=server.user, password=server.password, dbname=name
    )
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        for table, statement in tables.items():
            with step(f"writing {table} for {count:,} contacts"), without_indexes(cursor, table):
                cursor.execute(statement, values)
        cursor.execute("SELECT setval('res_partner_id_seq', max(id)) FROM res_partner")
        with step("collecting statistics"):
            cursor.execute("VACUUM ANALYZE")
