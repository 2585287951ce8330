"""One side of the lookup benchmark in a process of its own.

    python -m benchmarks.support.contact_finder (stock | escala) DATABASE CONFIG

Its commands: `find WAY SET COUNT` looks up a set of a hundred addresses in a database of COUNT contacts and
answers with the seconds that it took and how many were found; `search NUMBER` types the text with that number
into the search box and answers with what came of it; `plan WAY SET COUNT` and `plan-search NUMBER` answer with
Postgres's plan of the slowest query for it.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.support.many_contacts import alternative_email, primary_email
from benchmarks.support.plans import explain_slowest
from benchmarks.support.worker import serve, timed
from setup import odoo_env

USER = 2  # the administrator
PRIMARIES, ALTERNATIVES, UNKNOWN = 70, 20, 10  # of a set
SEARCHES = {
    "part of an e-mail": ("box", primary_email(123_456).partition("@")[0][3:]),
    "part of an alternative e-mail": ("box", alternative_email(76_543)[2:16]),
    "part of a phone": ("box", "600 12 34 5"),
    "a name of one in 483": ("box", "Bjørn Ibá"),
    "a name of one in 23": ("box", "Íñigo"),
    "a many2one field": ("name_search", primary_email(123_456).partition("@")[0][3:]),
    "the plain list": ("list", ""),
}
# Of which so many are found that to read the table is right.
COMMON = {"a name of one in 483", "a name of one in 23", "the plain list"}
COLUMNS = {"display_name": {}, "email": {}, "phone": {}, "function": {}}
PAGE, COUNT_LIMIT, DROPDOWN = 80, 10_001, 8  # of the web client


def lookup_set(number: int, count: int) -> list[str]:
    """Return a hundred addresses: primary and alternative ones, and some that nobody has."""
    chance = random.Random(number)
    emails = [primary_email(chance.randint(1, count)) for _ in range(PRIMARIES)]
    emails += [alternative_email(chance.randint(1, count)) for _ in range(ALTERNATIVES)]
    emails += [f"nadie{chance.randint(1, count)}@{number}.example" for _ in range(UNKNOWN)]
    chance.shuffle(emails)
    return emails


def find(contacts, way: str, emails: list[str]) -> int:
    """Look the addresses up and return how many were found."""
    if way == "core":
        return len([found for found in contacts._find_or_create_from_emails(emails, no_create=True) if found])
    return len(contacts._find_by_addresses(emails).emails)


def search(kind: str, contacts, number: int) -> int:
    """Ask what the web client asks, and return how many contacts that finds, up to a limit."""
    way, text = list(SEARCHES.values())[number]
    if way == "name_search":
        return len(contacts.name_search(text, limit=DROPDOWN))
    domain = _box_domain(kind, text) if text else []
    return contacts.web_search_read(domain, COLUMNS, limit=PAGE, count_limit=COUNT_LIMIT)["length"]


def _box_domain(kind: str, text: str) -> list:
    """Return the domain of the search view's first field (base.view_res_partner_filter, and the suite's)."""
    if kind == "escala":
        return [("display_name", "ilike", text)]
    names = ("complete_name", "ref", "email", "vat", "company_registry")
    return ["|"] * (len(names) - 1) + [(name, "ilike", text) for name in names]


def main(kind: str, database: str, config: str) -> None:
    """Load Odoo, then do as the standard input says until it ends."""
    odoo_env.load(Path(config))

    def run(work: Callable) -> tuple[float, float, int]:
        found = []
        with odoo_env.environment(database, USER) as env:
            spent = timed(lambda: found.append(work(env["res.partner"])))
        return *spent, found[0]

    def find_set(way: str, number: str, count: str) -> Callable:
        emails = lookup_set(int(number), int(count))
        return lambda contacts: find(contacts, way, emails)

    def type_text(number: str) -> Callable:
        return lambda contacts: search(kind, contacts, int(number))

    serve(
        {
            "find": lambda *words: run(find_set(*words)),
            "search": lambda number: run(type_text(number)),
            "plan": lambda *words: _explain(database, find_set(*words)),
            "plan-search": lambda number: _explain(database, type_text(number)),
        }
    )


def _explain(database: str, work: Callable) -> list[str]:
    with odoo_env.environment(database, USER) as env:
        return explain_slowest(env, lambda: work(env["res.partner"]))


if __name__ == "__main__":
    main(*sys.argv[1:])
