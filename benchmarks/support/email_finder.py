"""One side of the benchmark of finding e-mails, in a process of its own.

    python -m benchmarks.support.email_finder (stock | escala) DATABASE CONFIG

Its commands: `fill COUNT` writes the e-mails; `look NAME` does one of the looks and answers with the seconds that it
took, the number of queries and what was found; `plan NAME` answers with the plan of the slowest query for it.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.support import many_emails
from benchmarks.support.many_emails import COMMON, RARE
from benchmarks.support.plans import explain_slowest, recorded_queries
from benchmarks.support.worker import serve, timed
from setup import odoo_env

PAGE = 30


def _search(typed: str, folder: str = "all") -> Callable:
    return lambda emails: emails.search_threads([("text", "ilike", typed)] if typed else [], folder)[
        "threads"
    ]


def _ten_pages(emails) -> list:
    before = None
    for _page in range(10):
        page = emails.search_threads([], "inbox", before=before)
        before = page["before"]
    return page["threads"]


def _of_contact(emails) -> list:
    contact = emails.env["res.partner"].search([("email", "=like", "%@empresa77.example")], limit=1)
    return emails.search_threads([("partner_ids", "child_of", contact.ids)])["threads"]


def _conversation(emails) -> list:
    return emails.search([], limit=1).read_conversation()["emails"]


ESCALA = {
    "the left side": lambda emails: emails.env["escala.mailbox"].get_workspace()["mailboxes"],
    "inbox, first page": _search("", "inbox"),
    "inbox, ten pages": _ten_pages,
    "all e-mails, first page": _search(""),
    "sent, first page": _search("", "sent"),
    "a rare word": _search(RARE),
    "a common word": _search(COMMON),
    "a rare and a common word": _search(f"{COMMON} {RARE}"),
    "two common words, the beginnings": _search("presup asun"),
    "from: a name": _search("from:lucía"),
    "files of a year": _search("has:attachment before:2026-01-01"),
    "a word in the inbox": _search(COMMON, "inbox"),
    "of a contact": _of_contact,
    "one conversation": _conversation,
}

# How many looks are one.
PAGES = {"inbox, ten pages": 10}


def _messages(word: str) -> Callable:
    def search(messages) -> list:
        domain = [("body", "ilike", word)] if word else []
        return messages.search(
            [("model", "=", "res.partner"), *domain], limit=PAGE, order="date desc, id desc"
        ).ids

    return search


STOCK = {
    "all e-mails, first page": _messages(""),
    "a rare word": _messages(RARE),
    "a common word": _messages(COMMON),
}


def main(kind: str, database: str, config: str) -> None:
    """Load Odoo, then do as the standard input says until it ends."""
    odoo_env.load(Path(config))
    looks, model = (STOCK, "mail.message") if kind == "stock" else (ESCALA, "escala.email")

    def fill(count: str) -> None:
        with odoo_env.environment(database) as env:
            many_emails.fill(env, kind, int(count))
            env.cr.commit()
            env.cr._cnx.autocommit = True
            env.cr.execute("VACUUM ANALYZE")

    def prepare(env, user: str, name: str) -> Callable:
        user = env["res.users"].search([("login", "=", user)])
        emails = env(user=user.id)[model].with_context(allowed_company_ids=user.company_ids.ids)
        return lambda: looks[name](emails)

    def look(user: str, *words: str) -> tuple[float, int, int]:
        with odoo_env.environment(database) as env, recorded_queries() as queries:
            work = prepare(env, user, " ".join(words))
            queries.clear()
            found = []
            seconds, _work = timed(lambda: found.append(work()))
            return seconds, len(queries), len(found[0])

    def plan(user: str, *words: str) -> list[str]:
        with odoo_env.environment(database) as env:
            return explain_slowest(env, prepare(env, user, " ".join(words)))

    serve({"fill": fill, "look": look, "plan": plan})


if __name__ == "__main__":
    main(*sys.argv[1:])
