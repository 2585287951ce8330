"""One side of the benchmark of bulk changes in a process of its own.

    python -m benchmarks.support.account_changer (stock | escala) DATABASE CONFIG

Its commands: `fill COUNT` makes so many accounts with a contact each, `let_in COUNT` lets in those that were made last
and answers with the seconds, the processor's seconds, the queries and the bytes of memory that it took;
`users` answers with how many of all contacts may log in.
"""

import sys
from pathlib import Path

from benchmarks.support.worker import forget_peak, read_memory, serve, timed
from setup import odoo_env

STARTING_USER = 2  # the administrator
ADDRESS = "@clientes.example"
CONTEXT = {"tracking_disable": True}


def main(kind: str, database: str, config: str) -> None:
    """Load Odoo, then do as the standard input says until it ends."""
    odoo_env.load(Path(config))

    def fill(count: str) -> None:
        with odoo_env.environment(database) as env:
            _fill(env(context=CONTEXT), kind, int(count))
            env.cr.commit()
            env.cr.execute("ANALYZE")
            env.cr.commit()

    serve(
        {
            "fill": fill,
            "let_in": lambda count: _measure(kind, database, int(count)),
            "users": lambda: _count_users(database),
        }
    )


def _fill(env, kind: str, count: int) -> None:
    partners = env["res.partner"]
    start = partners.search_count([("email", "like", ADDRESS)])
    numbers = range(start, start + count)
    contacts = partners.create(
        [{"name": f"Person {number}", "email": f"person{number}{ADDRESS}"} for number in numbers]
    )
    if kind == "stock":
        return
    accounts = partners.create([{"name": f"Account {number}", "is_company": True} for number in numbers])
    env["escala.account.contact"].create(
        [
            {"account_id": account.id, "contact_id": contact.id}
            for account, contact in zip(accounts, contacts, strict=True)
        ]
    )


def _measure(kind: str, database: str, count: int) -> tuple[float, float, int, int]:
    with odoo_env.environment(database, STARTING_USER) as env:
        let_in, domain = {
            "stock": (_grant_access, [("email", "like", ADDRESS)]),
            "escala": (_change_accounts, [("name", "=like", "Account %")]),
        }[kind]
        partners = env["res.partner"].search(domain, order="id desc", limit=count)
        forget_peak()
        before, queries = read_memory()["now"], env.cr.sql_log_count
        seconds, work = timed(lambda: let_in(partners))
        return seconds, work, env.cr.sql_log_count - queries, read_memory()["peak"] - before


def _grant_access(contacts) -> None:
    """Do as somebody does who goes through the rows of *Grant portal access* (portal/wizard/portal_wizard.py)."""
    wizard = contacts.env["portal.wizard"].create({"partner_ids": contacts.ids})
    for user in wizard.user_ids:
        user.action_grant_access()
    contacts.env.cr.commit()


def _change_accounts(accounts) -> None:
    changes = accounts.env["escala.account.change"]
    changes._start(accounts, {"login": "on", "notify": "off", "email_sync": "off"})
    accounts.env.cr.commit()
    changes.sudo()._cron_run()


def _count_users(database: str) -> int:
    with odoo_env.environment(database) as env:
        return env["res.users"].search_count([("login", "like", ADDRESS), ("share", "=", True)])


if __name__ == "__main__":
    main(*sys.argv[1:])
