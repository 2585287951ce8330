"""The database behind the benchmark of registrations, in a process of its own.

    python -m benchmarks.support.registrar (stock | escala) DATABASE CONFIG

Its commands: `prepare COUNT` makes a source and so many contacts that are deleted again, and answers with the source's
path; `waiting` answers how many submissions are not registered yet; `result` with what became of all of them.
"""

import sys
from pathlib import Path

from benchmarks.support.worker import serve
from setup import odoo_env

REGISTER = "escala_contact_sources.ir_cron_register"


def deleted_email(number: int) -> str:
    """Return the address of a contact that is in the bin."""
    return f"deleted{number}@clientes.example"


def main(kind: str, database: str, config: str) -> None:
    """Load Odoo, then do as the standard input says until it ends."""
    odoo_env.load(Path(config))

    def prepare(count: str) -> str | None:
        with odoo_env.environment(database) as env:
            path = _prepare(env(context={"tracking_disable": True}), kind, int(count))
            env.cr.commit()
            return path

    serve(
        {
            "prepare": prepare,
            "waiting": lambda: _ask(database, _count_waiting),
            "result": lambda: _ask(database, _read_result),
        }
    )


def _ask(database: str, question):
    with odoo_env.environment(database) as env:
        return question(env)


def _prepare(env, kind: str, count: int) -> str | None:
    crons = env["ir.cron"].search([])
    if kind == "escala":
        crons -= env.ref(REGISTER)
    crons.active = False  # in a new database all are due at once, and would be measured, too
    if kind == "stock":
        return None
    contacts = env["res.partner"].create(
        [{"name": f"Deleted {number}", "email": deleted_email(number)} for number in range(count)]
    )
    contacts._move_to_bin()
    source = env["contact.source"].create({"name": "Landing page", "rate_limit": 0})
    return f"/escala/register/{source.token}"


def _count_waiting(env) -> int:
    return env["contact.source.submission"].search_count([("state", "=", "queued")])


def _read_result(env) -> dict:
    """Return how each submission with its state and address, and how many contacts there are by address."""
    env.cr.execute("SELECT id, state, payload->'email'->>0 FROM contact_source_submission")
    submissions = env.cr.fetchall()
    env.cr.execute(
        "SELECT email_normalized, count(*) FROM res_partner"
        " WHERE email_normalized LIKE '%%@clientes.example' AND deletion_date IS NULL AND active GROUP BY 1"
    )
    return {"submissions": submissions, "contacts": dict(env.cr.fetchall())}


if __name__ == "__main__":
    main(*sys.argv[1:])
